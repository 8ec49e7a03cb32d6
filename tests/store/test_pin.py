"""What a PIN opens, until when, and what neither memory nor keyring opens alone. The keyring is the system's own."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_app.store.errors import PinOver, UnlockDelayed, WeakPin, WrongPin
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.pin import LIFE, TRIES, PinWindow, pin_key, reopen
from agent_app.store.vault import USER, Vault
from tests.store.secrets_of import CHEAPEST, PASSPHRASE, device_secrets

PIN = "480213"


class Kept:
    def __init__(self, folder: Path) -> None:
        self.profile = f"pin-{uuid.uuid4().hex[:8]}"
        self.vault = Vault(DeviceSecrets, self.profile, folder, cost=CHEAPEST)
        self.secrets = device_secrets()
        self.key = pin_key(PIN, os.urandom)

    def window(self, ends: int = LIFE) -> PinWindow:
        return PinWindow(self.secrets, self.key, ends, self.profile, self.vault.keyring, os.urandom)

    @property
    def half(self) -> str | None:
        return self.vault.keyring.get_password(f"sealdesk pin {self.profile}", USER)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path)
    yield made
    made.window().close()


def test_the_right_one_opens_until_the_window_ends(kept: Kept) -> None:
    window = kept.window()
    assert window.open(PIN, 0).encode() == kept.secrets.encode()
    assert window.open(PIN, LIFE - 1).encode() == kept.secrets.encode()
    with pytest.raises(PinOver):
        window.open(PIN, LIFE)
    with pytest.raises(PinOver):  # nor by a clock that was set back
        kept.window().open(PIN, -1)


def test_three_wrong_ones_end_it_for_the_right_one_too(kept: Kept) -> None:
    window, left = kept.window(), []
    for _ in range(TRIES):
        with pytest.raises(WrongPin) as refused:
            window.open("480214", 0)
        left.append(refused.value.left)
    assert left == [2, 1, 0]
    with pytest.raises(PinOver):
        window.open(PIN, 0)


def test_the_window_holds_nothing_that_opens_without_the_keyring(kept: Kept) -> None:
    window = kept.window()
    assert kept.half
    held = b"".join(value for value in vars(window).values() if isinstance(value, bytes))
    secrets = kept.secrets.encode()
    assert not any(secrets[at : at + 16] in held for at in range(0, len(secrets) - 16, 16))
    kept.vault.keyring.delete_password(f"sealdesk pin {kept.profile}", USER)
    with pytest.raises(PinOver):
        window.open(PIN, 0)


def test_another_windows_half_opens_nothing(kept: Kept) -> None:
    first = kept.window()
    kept.window()
    with pytest.raises(WrongPin):
        first.open(PIN, 0)


def test_closing_takes_the_half_out_of_the_keyring(kept: Kept) -> None:
    window = kept.window()
    window.close()
    assert kept.half is None
    with pytest.raises(PinOver):
        window.open(PIN, 0)


def test_a_wrong_one_slows_down_and_is_kept_as_a_wrong_passphrase_is(kept: Kept) -> None:
    kept.vault.create(kept.secrets, PASSPHRASE)
    keys = kept.secrets.device
    mark = kept.vault.failed_unlocks.begin(keys.certificate.core.identity)
    window = kept.window()
    for _ in range(TRIES):
        with pytest.raises(WrongPin):
            reopen(kept.vault, window, "9753", 0)
    with pytest.raises(PinOver):
        reopen(kept.vault, window, PIN, 0)
    with pytest.raises(UnlockDelayed):
        kept.vault.open(PASSPHRASE, 0)
    assert kept.vault.failed_unlocks.read(keys.keys.identity, mark).times == (0, 0, 0)
    kept.vault.remove()


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "١٢٣٤", "0000", "2345", "8765"])
def test_what_would_be_tried_first_is_refused(pin: str) -> None:
    with pytest.raises(WeakPin):
        pin_key(pin, os.urandom)
