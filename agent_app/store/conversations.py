"""Conversations: who has one, how it stands, and what is asked of all its events at once."""

from collections.abc import Collection
from dataclasses import dataclass, field

from agent_app.protocol.keys import ConversationId, DeviceId, StreamId
from agent_app.store.database import Database, columns
from agent_app.store.sealing import Sealing


@dataclass(frozen=True, slots=True)
class Said:
    """How much was said, by how many patients' devices, and when first and last."""

    messages: int
    conversations: int
    patients: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """`status` and `summary` are the engine's reduced state, kept so that a list needs no replay. `waiting_since`: when
    the patient began to wait for an answer (ms), 0 when nobody owes them one."""

    id: ConversationId
    patient: DeviceId
    shared: StreamId
    team: StreamId
    opened: int
    status: str
    summary: bytes = field(repr=False)
    read_position: int = 0
    last_position: int = 0
    last_time: int = 0
    waiting_since: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation, as far as the queue is concerned."""

    id: ConversationId
    patient: DeviceId
    opened: int
    status: str


_CONVERSATION = """
    SELECT id, patient, shared, team, opened, status, summary, read_position, last_position, last_time,
        waiting_since,
        (SELECT count(*) FROM events WHERE events.conversation = conversations.id AND position > read_position
            AND prominence = 2 AND standing = 'admitted' AND retracted IS NULL)
    FROM conversations
"""
# The clinic answers in the shared stream, whose clock orders answers and questions. A closed conversation waits anew
# from what arrived after it was closed. A time is the author's word, and no later than when it arrived.
_WAITING = """
    UPDATE conversations SET waiting_since = coalesce((
        SELECT min(min(arrived, time)) FROM events
        WHERE conversation = conversations.id AND stream = conversations.shared AND author = conversations.patient
            AND kind IN ('open', 'text', 'file') AND standing IN ('admitted', 'forked')
            AND clock > coalesce((
                SELECT clock FROM events AS answer WHERE answer.conversation = conversations.id
                    AND answer.stream = conversations.shared AND answer.author != conversations.patient
                    AND answer.kind IN ('text', 'file') AND answer.standing IN ('admitted', 'forked')
                ORDER BY clock DESC LIMIT 1
            ), 0)
            AND (conversations.status != 'closed' OR position > coalesce((
                SELECT position FROM events AS closing WHERE closing.conversation = conversations.id
                    AND closing.prominence > 0 AND closing.kind = 'close' ORDER BY position DESC LIMIT 1
            ), 0))
            AND conversations.status != 'ended'
    ), 0) WHERE id = ?
"""
_LAST_SAID = """
    SELECT wrapped_key, sealed, hash FROM events WHERE conversation = ? AND prominence > 0 AND retracted IS NULL
        AND kind IN ('text', 'file', 'note') ORDER BY position DESC LIMIT 1
"""
_BLOCKED_AT = """
    SELECT min(position) FROM events WHERE conversation = ?1 AND kind = 'block' AND standing IN ('admitted', 'forked')
        AND position > coalesce((SELECT max(position) FROM events
            WHERE conversation = ?1 AND kind = 'checked' AND standing IN ('admitted', 'forked')), 0)
"""


class Conversations:
    def __init__(self, database: Database, sealing: Sealing) -> None:
        self._database = database
        self._sealing = sealing

    def open(self, conversation: Conversation) -> None:
        """A new conversation; StoreConflict when it exists."""
        row = columns(conversation)
        del row["unread"]
        self._database.insert("conversations", row)

    def update(self, id: bytes, status: str, summary: bytes) -> None:
        self._database.write("UPDATE conversations SET status = ?, summary = ? WHERE id = ?", status, summary, id)
        self._database.write(_WAITING, id)

    def get(self, id: bytes) -> Conversation | None:
        return self._one("WHERE id = ?", id)

    def of_stream(self, stream: bytes) -> Conversation | None:
        return self._one("WHERE shared = ?1 OR team = ?1", stream)

    def of_patient(self, patient: bytes) -> tuple[Conversation, ...]:
        rows = self._database.rows(f"{_CONVERSATION} WHERE patient = ? ORDER BY last_position DESC", patient)
        return tuple(Conversation(*row) for row in rows)

    def list(self, limit: int = -1) -> tuple[Conversation, ...]:
        """The conversation with the newest shown event first."""
        rows = self._database.rows(f"{_CONVERSATION} ORDER BY last_position DESC, id LIMIT ?", limit)
        return tuple(Conversation(*row) for row in rows)

    def places(self) -> tuple[Place, ...]:
        """Every conversation, without what costs more to know."""
        rows = self._database.rows("SELECT id, patient, opened, status FROM conversations")
        return tuple(Place(*row) for row in rows)

    def mark_read(self, id: bytes, position: int) -> None:
        """Everything up to `position`. Never moves back."""
        self._database.write(
            "UPDATE conversations SET read_position = ? WHERE id = ? AND read_position < ?", position, id, position
        )

    def first_unread(self, conversation: bytes) -> int:
        """The position of the first message that counts as unread; 0 where all is read."""
        found = self._database.scalar(
            "SELECT min(position) FROM events WHERE conversation = ?1 AND prominence = 2 AND standing = 'admitted' "
            "AND retracted IS NULL AND position > (SELECT read_position FROM conversations WHERE id = ?1)",
            conversation,
        )
        return int(found or 0)

    def last_said(self, conversation: bytes) -> bytes | None:
        """The content of the newest text, file or note that is shown; None before the first."""
        row = self._database.row(_LAST_SAID, conversation)
        return self._sealing.open(row[0], row[1], row[2])[64:] if row else None

    def first_claim(self, conversation: bytes, since: int) -> int | None:
        """When the first claim arrived that came no earlier than `since`."""
        found = self._database.scalar(
            "SELECT min(arrived) FROM events WHERE conversation = ? AND kind = 'claim' AND arrived >= ?",
            conversation,
            since,
        )
        return None if found is None else int(found)

    def said_between(self, since: int, until: int) -> Said:
        """How much was said in conversations from `since` on and before `until`, of what is not deleted."""
        row = self._database.row(
            "SELECT count(*), count(DISTINCT conversation), count(DISTINCT conversations.patient), "
            "coalesce(min(time), 0), coalesce(max(time), 0) FROM events JOIN conversations ON conversation = id "
            "WHERE kind IN ('text', 'file', 'note') AND retracted IS NULL AND time >= ? AND time < ?",
            since,
            until,
        )
        return Said(*row) if row else Said(0, 0, 0, 0, 0)

    def blocked_at(self, conversation: bytes) -> int:
        """The position of the first block after which nobody judged the patient's device otherwise; 0 without one."""
        return int(self._database.scalar(_BLOCKED_AT, conversation) or 0)

    def acted(self, conversation: bytes, patient: bytes, kinds: Collection[str]) -> bool:
        """Whether somebody else than the patient has done one of these here, and it counts."""
        rows = self._database.rows(
            "SELECT DISTINCT kind FROM events WHERE conversation = ? AND author != ? "
            "AND standing IN ('admitted', 'forked')",
            conversation,
            patient,
        )
        return not {kind for (kind,) in rows}.isdisjoint(kinds)

    def _one(self, where: str, value: bytes) -> Conversation | None:
        row = self._database.row(f"{_CONVERSATION} {where}", value)
        return Conversation(*row) if row else None
