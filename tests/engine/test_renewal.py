"""After a deletion the epoch key changes, in the keyring and in the store or in neither, whatever step is the last."""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent_app.engine import renewal
from agent_app.protocol.keys import BlobId
from agent_app.store.attachments import Attachment
from agent_app.store.drafts import Draft
from agent_app.store.errors import StoreDamaged, VaultUnavailable
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.rooms import DATABASE_FILE, Store
from agent_app.store.vault import Vault
from tests.store import samples
from tests.store.secrets_of import ANOTHER, CHEAPEST, PASSPHRASE, device_secrets

STEPS = ["before-write", "after-write", "in-commit", "after-commit", "before-delete", "after-delete", "never"]
NEW = ("after-commit", "before-delete", "after-delete", "never")


@dataclass
class Kept:
    vault: Vault[DeviceSecrets]
    profile: str
    folder: Path
    old: bytes  # the epoch key
    before: bytes  # the store's file, as a back-up has it

    def renew(self, step: str) -> None:
        renewer = [sys.executable, "-m", "tests.engine.renewer", self.profile, str(self.folder), step]
        ended = subprocess.run(renewer, check=False, capture_output=True, timeout=60)
        assert ended.returncode == (0 if step == "never" else -9), ended.stderr

    def open(self) -> tuple[DeviceSecrets, Store]:
        secrets = self.vault.open(PASSPHRASE, 1, renewal.fits(self.folder))
        return secrets, Store.open(self.folder, secrets.database_key, secrets.epoch_key)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """A store with a message, a draft and a file, of which another message was destroyed."""
    profile, secrets = uuid.uuid4().hex, device_secrets()
    vault = Vault(DeviceSecrets, profile, tmp_path, cost=CHEAPEST)
    vault.create(secrets, PASSPHRASE)
    store = Store.create(tmp_path, secrets.database_key, secrets.epoch_key)
    kept_event, gone = samples.event(1, content=b"kept"), samples.event(2, content=b"gone")
    with store.transaction():
        store.conversations.open(samples.conversation())
        store.events.add(kept_event)
        store.events.add(gone)
        store.drafts.keep(samples.conversation().id, Draft("half a sentence", note=True))
        store.attachments.add(
            Attachment(
                BlobId(bytes(32)),
                kept_event.hash,
                bytes(32),
                bytes(16),
                bytes(16),
                1,
                own=True,
                uploaded=True,
                created=1,
            )
        )
    store.database.shed()
    before = (tmp_path / DATABASE_FILE).read_bytes()
    with store.transaction():
        store.events.retract(gone.hash, gone.message, gone.stream, 5)
        store.renew_epoch_later()
    store.close()
    yield Kept(vault, profile, tmp_path, secrets.epoch_key, before)
    vault.remove()


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_is_wholly_done_or_not_at_all(step: str, kept: Kept) -> None:
    kept.renew(step)
    for _ in range(2):  # what is found is settled, and found again
        secrets, store = kept.open()
        assert (secrets.epoch_key != kept.old) is (step in NEW)
        assert store.epoch_is_due is (step not in NEW)
        contents = [event.content for event in store.events.held(samples.conversation().id)]
        assert contents == [b"kept", None]
        draft = store.drafts.of(samples.conversation().id)
        assert draft == Draft("half a sentence", note=True)
        assert store.attachments.get(bytes(32)) is not None
        store.close()
    kept.renew("never")  # and a step later all is done
    secrets, store = kept.open()
    assert secrets.epoch_key != kept.old
    assert not store.epoch_is_due
    store.close()


def test_a_copy_from_before_opens_with_nothing_that_is_left(kept: Kept) -> None:
    kept.renew("never")
    secrets, store = kept.open()
    store.close()
    (kept.folder / DATABASE_FILE).write_bytes(kept.before)
    for leftover in kept.folder.glob(f"{DATABASE_FILE}-*"):
        leftover.unlink()
    copy = Store.open(kept.folder, secrets.database_key, secrets.epoch_key)
    try:
        with pytest.raises(StoreDamaged):
            copy.events.held(samples.conversation().id)
    finally:
        copy.close()


def test_no_passphrase_is_changed_before_it_is_known_which_keys_count(kept: Kept) -> None:
    kept.renew("before-delete")
    with pytest.raises(VaultUnavailable, match="Unlock Sealdesk once"):
        kept.vault.change_passphrase(PASSPHRASE, ANOTHER, now=1)
    _, store = kept.open()
    store.close()
    kept.vault.change_passphrase(PASSPHRASE, ANOTHER, now=1)
