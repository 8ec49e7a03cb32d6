"""Files whose upload this process died over: nothing of them was signed, so they are told and not forgotten."""

from collections.abc import Callable

from agent_app.engine.desk import Desk
from agent_app.engine.events import ConversationRow, Notice, NoticeRaised, Severity
from agent_app.engine.sentence import Sentence
from agent_app.protocol.encoding import Bytes16, Bytes32, Record, decode, encode
from agent_app.protocol.keys import ConversationId
from agent_app.store.conversations import Conversation
from agent_app.store.rooms import Store

_BEGUN = "uploads-begun"


class Upload(Record, frozen=True):
    """A file between the press of a button and its signed message."""

    id: Bytes16
    conversation: Bytes32
    name: str
    caption: str


class CutOff:
    """Keeps what is under way on the disk. Lives on the engine's thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def begin(self, upload: Upload) -> None:
        with self._desk.store.transaction():
            _keep(self._desk.store, (*_kept(self._desk.store), upload))

    def end(self, upload: bytes) -> None:
        """In the commit that stores the message, or in one of its own where there is to be none."""
        _keep(self._desk.store, tuple(one for one in _kept(self._desk.store) if one.id != upload))

    def tell(self, shown: Callable[[Conversation], ConversationRow]) -> None:
        """At the start: each file by its name, and its caption in the conversation's draft."""
        if not _kept(self._desk.store):
            return
        with self._desk.work() as work:
            for upload in _kept(self._desk.store):
                stored = self._desk.store.conversations.get(ConversationId(upload.conversation))
                if stored is not None:
                    if upload.caption:
                        self._desk.store.drafts.put_before(stored.id, upload.caption)
                    work.tell(NoticeRaised(_notice(upload, shown(stored).title)))
            _keep(self._desk.store, ())


def _notice(upload: Upload, patient: str) -> Notice:
    return Notice(
        Severity.WARNING,
        Sentence("{name} was not sent.", name=upload.name),
        Sentence("Sealdesk ended while it was on its way to {patient}.", patient=patient),
        "Open the conversation and attach it again.",
    )


def _kept(store: Store) -> tuple[Upload, ...]:
    kept = store.settings.raw(_BEGUN)
    return decode(kept, tuple[Upload, ...]) if kept else ()


def _keep(store: Store, uploads: tuple[Upload, ...]) -> None:
    store.settings.set_raw(_BEGUN, encode(uploads) if uploads else b"")
