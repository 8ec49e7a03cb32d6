"""What an agent was writing, so that a lock in the middle of a sentence costs nobody the sentence."""

from dataclasses import dataclass, field

from agent_app.protocol.keys import ConversationId
from agent_app.store.database import Database
from agent_app.store.sealing import Sealing


@dataclass(frozen=True, slots=True)
class Draft:
    """`note` is whether it is for the team alone: it must never come back as a reply to the patient."""

    text: str = field(repr=False)
    note: bool


class Drafts:
    """One a conversation at most. Reading is free; writing wants an open transaction."""

    def __init__(self, database: Database, sealing: Sealing) -> None:
        self._database = database
        self._sealing = sealing

    def keep(self, conversation: ConversationId, draft: Draft) -> None:
        wrapped_key, sealed = self._sealing.seal(draft.text.encode(), _context(conversation, draft.note))
        row = {"conversation": conversation, "note": draft.note, "wrapped_key": wrapped_key, "sealed": sealed}
        self.drop(conversation)
        self._database.insert("drafts", row)

    def put_before(self, conversation: ConversationId, text: str) -> None:
        """What was for the patient, and was written elsewhere, before what is being written, which stays a note."""
        kept = self.of(conversation)
        self.keep(conversation, Draft(f"{text}\n{kept.text}", kept.note) if kept else Draft(text, note=False))

    def of(self, conversation: ConversationId) -> Draft | None:
        """Raises StoreDamaged where the text is not the one that was kept, or for others than it was."""
        row = self._database.row("SELECT note, wrapped_key, sealed FROM drafts WHERE conversation = ?", conversation)
        if row is None:
            return None
        note, wrapped_key, sealed = bool(row[0]), row[1], row[2]
        return Draft(self._sealing.open(wrapped_key, sealed, _context(conversation, note)).decode(), note)

    def rewrap(self, anew: Sealing) -> None:
        """Every draft's key under another epoch key. `anew` holds it."""
        for conversation, note, wrapped in self._database.rows("SELECT conversation, note, wrapped_key FROM drafts"):
            context = _context(conversation, bool(note))
            again = anew.wrap(self._sealing.unwrap(wrapped, context), context)
            self._database.write("UPDATE drafts SET wrapped_key = ? WHERE conversation = ?", again, conversation)

    def drop(self, conversation: ConversationId) -> None:
        self._database.write("DELETE FROM drafts WHERE conversation = ?", conversation)


def _context(conversation: ConversationId, note: bool) -> bytes:
    return b"draft" + (b"note" if note else b"reply") + conversation
