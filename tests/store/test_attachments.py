"""Files: secrets in the database, sealed bytes beside it."""

from pathlib import Path

import pytest

from agent_app.protocol.keys import BlobId
from agent_app.store.errors import StoreConflict, StoreDamaged, StoreUnavailable
from agent_app.store.rooms import SEALED_FOLDER, Store
from tests.store import samples
from tests.store.samples import attachment, conversation_in, event


@pytest.fixture
def attached(store: Store) -> Store:
    with store.transaction():
        store.attachments.add(attachment(1))
    return store


def test_secrets_come_back_and_are_wrapped_at_rest(attached: Store) -> None:
    assert attached.attachments.get(attachment(1).blob) == attachment(1)
    (wrapped,) = attached.database.rows("SELECT wrapped FROM attachments")[0]
    assert attachment(1).key not in wrapped
    with attached.transaction(), pytest.raises(StoreConflict):
        attached.attachments.add(attachment(1))


def test_secrets_do_not_open_under_another_epoch_key(attached: Store, tmp_path: Path) -> None:
    attached.close()
    other = Store.open(tmp_path, samples.DATABASE_KEY, bytes(32))
    with pytest.raises(StoreDamaged):
        other.attachments.get(attachment(1).blob)
    other.close()


def test_an_own_file_is_uploaded_before_it_is_told(attached: Store) -> None:
    conversation_in(attached)
    assert [held.blob for held in attached.attachments.to_upload()] == [attachment(1).blob]
    with attached.transaction():
        attached.attachments.mark_uploaded(attachment(1).blob)
        attached.events.add(event(1))
        attached.attachments.tell(attachment(1).blob, event(1).hash)
    assert attached.attachments.to_upload() == ()
    held = attached.attachments.of_message(event(1).hash)
    assert held is not None
    assert (held.blob, held.message, held.uploaded) == (attachment(1).blob, event(1).hash, True)


def test_sealed_bytes_are_kept_whole_under_a_name_that_says_nothing(attached: Store, tmp_path: Path) -> None:
    blob = attachment(1).blob
    assert attached.attachments.kept(blob) is None
    attached.attachments.keep(blob, b"sealed")
    attached.attachments.keep(blob, b"sealed again")
    assert attached.attachments.kept(blob) == b"sealed again"
    assert [file.name for file in (tmp_path / SEALED_FOLDER).iterdir()] == [blob.hex()]


def test_sweeping_removes_what_the_database_does_not_know(attached: Store, tmp_path: Path) -> None:
    known, destroyed = attachment(1).blob, attachment(2).blob
    with attached.transaction():
        attached.attachments.add(attachment(2))
    for blob in (known, destroyed):
        attached.attachments.keep(blob, b"sealed")
    (tmp_path / SEALED_FOLDER / f"{known.hex()}.part").write_bytes(b"half, of a crash")
    with attached.transaction():
        attached.attachments.destroy(destroyed)
    assert attached.attachments.sweep() == 2
    assert attached.attachments.kept(known) == b"sealed"
    assert attached.attachments.kept(destroyed) is None
    assert attached.attachments.get(destroyed) is None


def test_sweeping_where_nothing_was_kept_is_nothing(store: Store) -> None:
    assert store.attachments.sweep() == 0


def test_a_folder_that_cannot_be_written_is_said(attached: Store, tmp_path: Path) -> None:
    (tmp_path / SEALED_FOLDER).write_bytes(b"a file stands where the folder should be")
    with pytest.raises(StoreUnavailable, match="disk"):
        attached.attachments.keep(BlobId(attachment(1).blob), b"sealed")
