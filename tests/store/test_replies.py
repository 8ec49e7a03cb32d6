"""Canned replies on the disk."""

from pathlib import Path

from agent_app.store.replies import Reply
from agent_app.store.rooms import Store
from tests.store.samples import DATABASE_KEY, EPOCH_KEY, of

THANKS = Reply(of("reply", 1, 16), "Thanks", "Thank you, quetzalcoatlus.", "Gracias, quetzalcoatlus.")


def test_they_come_back_as_they_were_and_cannot_be_read_without_the_key(tmp_path: Path) -> None:
    store = Store.create(tmp_path, DATABASE_KEY, EPOCH_KEY)
    changed = Reply(THANKS.id, "Thank you", THANKS.english, "")
    with store.transaction():
        store.replies.keep(THANKS)
        store.replies.keep(Reply(of("reply", 2, 16), "Other", "", "Otro"))
        store.replies.keep(changed)
        store.replies.drop(of("reply", 2, 16))
    store.close()
    assert not any(b"quetzalcoatlus" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    again = Store.open(tmp_path, DATABASE_KEY, EPOCH_KEY)
    assert again.replies.all() == (changed,)
    again.close()
