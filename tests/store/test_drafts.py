"""What was being written comes back as it was, to whom it was for, and leaves no trace when it is sent."""

from pathlib import Path

import pytest

from agent_app.store.drafts import Draft
from agent_app.store.errors import StoreDamaged
from agent_app.store.rooms import Store
from tests.store import samples
from tests.store.samples import DATABASE_KEY, EPOCH_KEY

HERE = samples.conversation().id


@pytest.fixture
def begun(store: Store) -> Store:
    with store.transaction():
        store.conversations.open(samples.conversation())
    return store


def test_a_draft_is_kept_replaced_and_dropped(begun: Store) -> None:
    assert begun.drafts.of(HERE) is None
    for draft in (Draft("Your results", note=False), Draft("Ask Dr. Weber\nabout é", note=True)):
        with begun.transaction():
            begun.drafts.keep(HERE, draft)
        assert begun.drafts.of(HERE) == draft
    for _ in ("dropped", "dropped again"):
        with begun.transaction():
            begun.drafts.drop(HERE)
        assert begun.drafts.of(HERE) is None


def test_a_draft_says_nothing_of_itself() -> None:
    assert "results" not in repr(Draft("Your results", note=False))


def test_a_draft_outlives_the_process_and_is_noise_on_the_disk(tmp_path: Path) -> None:
    store = Store.create(tmp_path, DATABASE_KEY, EPOCH_KEY)
    with store.transaction():
        store.conversations.open(samples.conversation())
        store.drafts.keep(HERE, Draft("canary-in-a-draft", note=True))
    held = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"canary" not in held
    store.close()
    store = Store.open(tmp_path, DATABASE_KEY, EPOCH_KEY)
    assert store.drafts.of(HERE) == Draft("canary-in-a-draft", note=True)
    store.close()


def test_a_note_cannot_be_turned_into_a_reply_on_the_disk(begun: Store) -> None:
    with begun.transaction():
        begun.drafts.keep(HERE, Draft("not for the patient", note=True))
        begun.database.write("UPDATE drafts SET note = 0")
    with pytest.raises(StoreDamaged):
        begun.drafts.of(HERE)


def test_a_draft_needs_its_conversation_and_a_transaction(store: Store) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        store.drafts.keep(HERE, Draft("x", note=False))
    with pytest.raises(RuntimeError, match="transaction"):
        store.drafts.drop(HERE)
