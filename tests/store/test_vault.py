"""Secrets in a real Secret Service: what opens them, what does not, and that a change is whole at every moment."""

import base64
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from nacl.pwhash import argon2id

from agent_app.protocol.encoding import decode, encode
from agent_app.store.errors import (
    KeyringUnavailable,
    UnlockDelayed,
    VaultDamaged,
    VaultError,
    VaultExists,
    VaultMissing,
    WeakPassphrase,
    WrongPassphrase,
)
from agent_app.store.key_material import AdminSecrets, DeviceSecrets
from agent_app.store.vault import (
    LONGEST_ITEM,
    MIB,
    USER,
    WINDOWS_LIMIT,
    Cost,
    Vault,
    open_item,
    seal_item,
)
from tests.store.secrets_of import ANOTHER, CHEAPEST, PASSPHRASE, admin_secrets, device_secrets

CHANGER = Path(__file__).parent / "changer.py"


@dataclass
class Kept:
    """A vault with secrets in it, in the real keyring."""

    vault: Vault[DeviceSecrets]
    secrets: DeviceSecrets
    profile: str
    folder: Path
    keyring: KeyringBackend

    def items(self) -> list[str]:
        found = (self.keyring.get_password(self.service(slot), USER) for slot in (1, 2))
        return [item for item in found if item]

    def service(self, slot: int) -> str:
        return f"sealdesk device {self.profile} {slot}"


@pytest.fixture
def kept(secret_service: KeyringBackend, tmp_path: Path) -> Iterator[Kept]:
    profile = uuid.uuid4().hex
    vault = Vault(DeviceSecrets, profile, tmp_path, cost=CHEAPEST)
    secrets = device_secrets()
    vault.create(secrets, PASSPHRASE)
    yield Kept(vault, secrets, profile, tmp_path, secret_service)
    vault.remove()


# Opening


def test_the_passphrase_opens_what_was_stored(kept: Kept) -> None:
    opened = kept.vault.open(PASSPHRASE, now=1)
    assert opened.device == kept.secrets.device
    assert opened.database_key == kept.secrets.database_key
    assert opened.epoch_key == kept.secrets.epoch_key


def test_another_program_start_opens_it_too(kept: Kept) -> None:
    again = Vault(DeviceSecrets, kept.profile, kept.folder)
    assert again.open(PASSPHRASE, now=1).device == kept.secrets.device


def test_an_administrator_has_an_item_of_their_own(kept: Kept) -> None:
    vault = Vault(AdminSecrets, kept.profile, kept.folder / "admin", cost=CHEAPEST)
    assert not vault.exists()
    secrets = admin_secrets()
    vault.create(secrets, ANOTHER)
    opened = vault.open(ANOTHER, now=1)
    assert (opened.admin, opened.cosigning, opened.person) == (secrets.admin, secrets.cosigning, secrets.person)
    vault.remove()
    assert kept.vault.exists()


def test_a_wrong_passphrase_is_one_error_and_changes_nothing(kept: Kept) -> None:
    before = kept.items()
    with pytest.raises(WrongPassphrase) as caught:
        kept.vault.open(ANOTHER, now=1)
    assert PASSPHRASE not in str(caught.value)
    assert ANOTHER not in str(caught.value)
    assert kept.items() == before


def test_an_item_moved_to_another_purpose_does_not_open() -> None:
    item = seal_item(admin_secrets(), PASSPHRASE, CHEAPEST)
    with pytest.raises(WrongPassphrase):
        open_item(item, PASSPHRASE, DeviceSecrets)


def test_letters_composed_differently_are_the_same_passphrase() -> None:
    secrets = admin_secrets()
    item = seal_item(secrets, "Gr\u00fc\u00dfe vom M\u00fcggelsee", CHEAPEST)
    assert open_item(item, "Gru\u0308\u00dfe vom Mu\u0308ggelsee", AdminSecrets).admin == secrets.admin


def test_nothing_stored_is_said(secret_service: KeyringBackend, tmp_path: Path) -> None:
    vault = Vault(DeviceSecrets, "nobody", tmp_path, secret_service)
    assert not vault.exists()
    with pytest.raises(VaultMissing):
        vault.open(PASSPHRASE, now=1)


def test_creating_does_not_bury_keys(kept: Kept) -> None:
    before = kept.items()
    with pytest.raises(VaultExists):
        kept.vault.create(device_secrets(), ANOTHER)
    assert kept.items() == before


def test_a_weak_passphrase_stores_nothing(secret_service: KeyringBackend, tmp_path: Path) -> None:
    vault = Vault(DeviceSecrets, uuid.uuid4().hex, tmp_path, secret_service, CHEAPEST)
    with pytest.raises(WeakPassphrase):
        vault.create(device_secrets(), "summer2026!")
    assert not vault.exists()


# The item


def test_the_item_fits_every_keyring(kept: Kept) -> None:
    (item,) = kept.items()
    assert item.isascii()
    assert len(item) < LONGEST_ITEM == 1_200
    assert len(item.encode("utf-16")) <= WINDOWS_LIMIT == 2_560


def test_secrets_that_would_not_fit_are_refused_before_they_are_stored() -> None:
    secrets = device_secrets()
    object.__setattr__(secrets.certificate, "encoded", encode([bytes(700), bytes(64)]))
    with pytest.raises(VaultDamaged, match="characters"):
        seal_item(secrets, PASSPHRASE, CHEAPEST)


def test_the_item_is_what_the_specification_says(kept: Kept) -> None:
    (item,) = kept.items()
    suite, opslimit, memlimit, salt, sealed = decode(base64.b64decode(item), list)  # type: ignore[type-var]
    assert (suite, opslimit, memlimit, len(salt)) == ("SD1-vault", 3, 64 * MIB, 16)
    assert len(sealed) == 40 + len(kept.secrets.encode())


FORBIDDEN = {
    "too few rounds": (2, 64 * MIB),
    "too many rounds": (9, 64 * MIB),
    "too little memory": (3, 64 * MIB - 1),
    "all the memory there is": (3, 1024 * MIB + 1),
    "numbers that Argon2 does not have": (2**53 - 1, 2**53 - 1),
}


@pytest.mark.parametrize("case", FORBIDDEN)
def test_parameters_out_of_bounds_never_reach_argon2(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> bytes:
        raise AssertionError("Argon2id was asked")

    monkeypatch.setattr(argon2id, "kdf", never)
    item = base64.b64encode(encode(["SD1-vault", *FORBIDDEN[case], bytes(16), bytes(100)])).decode()
    with pytest.raises(VaultDamaged):
        open_item(item, PASSPHRASE, DeviceSecrets)


NOT_OURS = {
    "empty": "",
    "not base64": "correct horse",
    "not ASCII": "é" * 40,
    "noise": base64.b64encode(bytes(range(200))).decode(),
    "too long": base64.b64encode(encode(["SD1-vault", 3, 64 * MIB, bytes(16), bytes(900)])).decode(),
    "another suite": base64.b64encode(encode(["SD2-vault", 3, 64 * MIB, bytes(16), bytes(100)])).decode(),
    "short salt": base64.b64encode(encode(["SD1-vault", 3, 64 * MIB, bytes(15), bytes(100)])).decode(),
    "trailing byte": base64.b64encode(encode(["SD1-vault", 3, 64 * MIB, bytes(16), bytes(100)]) + b"\0").decode(),
}


@pytest.mark.parametrize("case", NOT_OURS)
def test_an_item_that_we_did_not_write_is_refused(case: str) -> None:
    with pytest.raises(VaultDamaged):
        open_item(NOT_OURS[case], PASSPHRASE, DeviceSecrets)


def test_an_item_cut_short_is_the_wrong_passphrase() -> None:
    """Whoever alters the sealed part learns no more than that."""
    item = base64.b64encode(encode(["SD1-vault", 3, 64 * MIB, bytes(16), bytes(10)])).decode()
    with pytest.raises(WrongPassphrase):
        open_item(item, PASSPHRASE, DeviceSecrets)


def test_a_hostile_item_beside_the_good_one_is_no_way_to_lock_somebody_out(kept: Kept) -> None:
    kept.keyring.set_password(kept.service(2), USER, "A" * 100_000)
    assert kept.vault.open(PASSPHRASE, now=1).device == kept.secrets.device
    assert len(kept.items()) == 1


def test_too_cheap_a_cost_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="64 MiB"):
        Cost(opslimit=3, memlimit=MIB)


# Change of passphrase


def test_after_a_change_only_the_new_passphrase_opens(kept: Kept) -> None:
    kept.vault.change_passphrase(PASSPHRASE, ANOTHER, now=1)
    assert len(kept.items()) == 1
    with pytest.raises(WrongPassphrase):
        kept.vault.open(PASSPHRASE, now=1)
    assert kept.vault.open(ANOTHER, now=1).device == kept.secrets.device
    kept.vault.change_passphrase(ANOTHER, PASSPHRASE, now=1)
    assert kept.vault.open(PASSPHRASE, now=1).epoch_key == kept.secrets.epoch_key


def test_a_change_wants_the_old_passphrase_and_a_strong_new_one(kept: Kept) -> None:
    before = kept.items()
    with pytest.raises(WrongPassphrase):
        kept.vault.change_passphrase(ANOTHER, PASSPHRASE, now=1)
    with pytest.raises(WeakPassphrase):
        kept.vault.change_passphrase(PASSPHRASE, "1234", now=1)
    assert kept.items() == before


def opens(kept: Kept, passphrase: str) -> bool:
    vault = Vault(DeviceSecrets, kept.profile, kept.folder, cost=CHEAPEST)
    try:
        return vault.open(passphrase, now=1).device == kept.secrets.device
    except WrongPassphrase:
        return False


@pytest.mark.parametrize(
    ("step", "items", "first", "second"),
    [
        ("before-write", 1, PASSPHRASE, ANOTHER),
        ("after-write", 2, PASSPHRASE, ANOTHER),
        ("after-write", 2, ANOTHER, PASSPHRASE),
        ("before-delete", 2, ANOTHER, PASSPHRASE),
        ("after-delete", 1, ANOTHER, PASSPHRASE),
    ],
)
def test_killed_between_any_two_steps_a_change_loses_nothing(
    kept: Kept, step: str, items: int, first: str, second: str
) -> None:
    """`first` opens; and from then on `second` does not, whichever side of the change the device was left on."""
    command = [sys.executable, str(CHANGER), kept.profile, str(kept.folder), PASSPHRASE, ANOTHER, step]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert len(kept.items()) == items
    assert opens(kept, first)
    assert len(kept.items()) == 1
    assert not opens(kept, second)


# Failures


def test_failures_slow_down_and_are_counted_across_restarts(kept: Kept) -> None:
    now = 1_000_000
    waits = []
    for _ in range(6):
        vault = Vault(DeviceSecrets, kept.profile, kept.folder, cost=CHEAPEST)
        with pytest.raises(WrongPassphrase) as caught:
            vault.open(ANOTHER, now)
        waits.append(caught.value.seconds)
        if caught.value.seconds:
            with pytest.raises(UnlockDelayed) as early:
                vault.open(PASSPHRASE, now + caught.value.seconds * 1000 - 1)
            assert early.value.seconds == 1
        now += caught.value.seconds * 1000
    assert waits == [0, 0, 1, 2, 4, 8]
    assert kept.vault.seconds_to_wait(now) == 0
    kept.vault.open(PASSPHRASE, now)
    with pytest.raises(WrongPassphrase) as after:
        kept.vault.open(ANOTHER, now)
    assert after.value.seconds == 0


def test_failures_reach_the_side_file(kept: Kept) -> None:
    device = kept.secrets.device
    mark = kept.vault.failed_unlocks.begin(device.certificate.core.identity)
    with pytest.raises(WrongPassphrase):
        kept.vault.open(ANOTHER, now=77)
    found = kept.vault.failed_unlocks.read(device.keys.identity, mark)
    assert (found.times, found.broken) == ((77,), False)


class Silent:
    """A keyring whose daemon has gone away. No KeyringBackend: the library would find it and offer it to others."""

    def get_password(self, service: str, username: str) -> str | None:
        raise ConnectionResetError(f"no answer for {service}")


def test_a_keyring_that_does_not_answer_is_one_typed_error(tmp_path: Path) -> None:
    vault = Vault(DeviceSecrets, "anybody", tmp_path, Silent())
    with pytest.raises(KeyringUnavailable, match="Unlock it"):
        vault.open(PASSPHRASE, now=1)
    assert issubclass(KeyringUnavailable, VaultError)


def test_the_usual_cost_is_felt_by_who_guesses_and_not_by_who_unlocks() -> None:
    started = time.process_time()  # of its own: other processes may take their share
    item = seal_item(admin_secrets(), PASSPHRASE, Cost())
    assert time.process_time() - started < 30  # a bound against a mistake in the units, not a measurement
    assert decode(base64.b64decode(item), list)[1:3] == [3, 256 * MIB]  # type: ignore[type-var]
