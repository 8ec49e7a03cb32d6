"""The signed events of conversations and direct streams; content sealed under keys of its own (see sealing)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from agent_app.protocol.keys import ConversationId, DeviceId, MessageHash, MessageId, StreamId
from agent_app.store.database import Database, Row, columns
from agent_app.store.sealing import Sealing
from agent_app.store.search import Search
from agent_app.store.streams import Head, Streams


class Standing(StrEnum):
    """Whether an event counts. Only `ADMITTED` ones change a conversation."""

    ADMITTED = "admitted"
    QUARANTINED = "quarantined"  # by a revoked device, too late (section 10)
    VOID = "void"  # not permitted (9.2): evidence only
    FORKED = "forked"  # its author signed another one with this sequence


class Prominence(IntEnum):
    """Whether a transcript shows an event, and whether it counts as unread."""

    HIDDEN = 0
    SHOWN = 1
    COUNTED = 2


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A signed event with what was decoded from it. `heads` is the engine's own encoding of heads and log head: it
    outlives the content, so that sight (section 10) can still be computed after a retraction."""

    hash: MessageHash
    conversation: ConversationId | None  # None in direct streams
    stream: StreamId
    message: MessageId
    author: DeviceId
    sequence: int
    previous: bytes
    clock: int
    time: int
    kind: str  # the event's tag
    heads: bytes
    log_size: int
    standing: Standing
    prominence: Prominence
    arrived: int
    content: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """`content` and `signature` are None once retracted. `missing` counts the author's messages between this one and
    the one before it that this device does not hold; `forked` says that another one bears the same sequence."""

    position: int
    hash: MessageHash
    conversation: ConversationId | None
    stream: StreamId
    message: MessageId
    author: DeviceId
    sequence: int
    previous: bytes
    clock: int
    time: int
    kind: str
    heads: bytes
    log_size: int
    standing: Standing
    prominence: Prominence
    arrived: int
    retracted: int | None
    missing: int
    forked: bool
    content: bytes | None = field(repr=False)
    signature: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Window:
    """Part of a transcript, oldest first."""

    events: tuple[StoredEvent, ...]
    at_start: bool
    at_end: bool


@dataclass(frozen=True, slots=True)
class Unindexed:
    """An event that the search index does not hold yet."""

    position: int
    kind: str
    content: bytes | None = field(repr=False)


_EVENT = """
    SELECT position, hash, conversation, stream, message, author, sequence, previous, clock, time, kind, heads,
        log_size, standing, prominence, arrived, retracted,
        sequence - 1 - coalesce((SELECT max(sequence) FROM events AS earlier WHERE earlier.stream = event.stream
            AND earlier.author = event.author AND earlier.sequence < event.sequence), 0),
        EXISTS (SELECT 1 FROM events AS twin WHERE twin.stream = event.stream AND twin.author = event.author
            AND twin.sequence = event.sequence AND twin.hash != event.hash),
        wrapped_key, sealed
    FROM events AS event
"""
_MISSING = """
    SELECT ?3 - 1 - before - (SELECT count(DISTINCT sequence) FROM events
        WHERE stream = ?1 AND author = ?2 AND sequence > before AND sequence < ?3)
    FROM (SELECT coalesce(max(sequence), 0) AS before FROM events
        WHERE stream = ?1 AND author = ?2 AND sequence < ?3 AND prominence > 0)
"""


def _undestroyed(kinds: Sequence[str]) -> str:
    places = ", ".join("?" * len(kinds))
    return f"conversation IS NOT NULL AND retracted IS NULL AND arrived < ? AND kind IN ({places})"


class Events:
    def __init__(self, database: Database, sealing: Sealing, search: Search, streams: Streams) -> None:
        self._database = database
        self._sealing = sealing
        self._search = search
        self._streams = streams

    def add(self, event: NewEvent) -> int:
        """Stores an event, raises the stream's head and the conversation's place in the list; answers its position.

        StoreConflict when its hash is held already. What was retracted before it arrived is stored without content.
        """
        retracted = self._database.scalar("SELECT retracted FROM tombstones WHERE hash = ?", event.hash)
        row = columns(event)
        content = row.pop("signature") + row.pop("content")
        if retracted is None:
            row["wrapped_key"], row["sealed"] = self._sealing.seal(content, event.hash)
        self._database.insert("events", row | {"retracted": retracted})
        position = int(self._database.scalar("SELECT last_insert_rowid()"))
        if retracted is None:
            self._search.take_in(position, event.kind, event.content)
        if event.standing in (Standing.ADMITTED, Standing.VOID):
            self._streams.raise_head(event.stream, Head(event.author, event.sequence, event.hash, event.clock))
        if event.conversation is not None and event.prominence > Prominence.HIDDEN:
            self._database.write(
                "UPDATE conversations SET last_position = ?, last_time = ? WHERE id = ?",
                position,
                event.time,
                event.conversation,
            )
        return position

    def adopt(self, stream: bytes, conversation: bytes) -> None:
        """Events of this stream that arrived before its conversation was known now belong to it."""
        self._database.write(
            "UPDATE events SET conversation = ? WHERE stream = ? AND conversation IS NULL", conversation, stream
        )

    def set_standing(self, hash: bytes, standing: Standing) -> None:
        """For example out of quarantine, once the clinic log has told more."""
        self._database.write("UPDATE events SET standing = ? WHERE hash = ?", standing.value, hash)
        event = self.by_hash(hash)
        if event is not None and standing in (Standing.ADMITTED, Standing.VOID):
            self._streams.raise_head(event.stream, Head(event.author, event.sequence, event.hash, event.clock))

    def set_prominence(self, hash: bytes, prominence: Prominence) -> None:
        self._database.write("UPDATE events SET prominence = ? WHERE hash = ?", prominence.value, hash)

    def retract(self, hash: bytes, message: bytes, stream: bytes, now: int) -> bool:
        """Destroys the content for good, now or when it arrives. Answers whether it was held.

        Afterwards, outside the transaction, `Store.shed()` removes what index and write-ahead log still hold.
        """
        held = self.by_hash(hash)
        if held is not None and held.content is not None:
            self._search.remove(held.position, held.kind, held.content)
        tombstone = {"hash": hash, "message": message, "stream": stream, "retracted": now}
        self._database.insert("tombstones", tombstone, "ON CONFLICT DO NOTHING")
        changed = self._database.write(
            "UPDATE events SET retracted = ?, wrapped_key = NULL, sealed = NULL WHERE hash = ? AND retracted IS NULL",
            now,
            hash,
        )
        return changed > 0

    def rewrap(self, anew: Sealing) -> None:
        """Every message key under another epoch key. `anew` holds it."""
        held = self._database.rows("SELECT position, hash, wrapped_key FROM events WHERE wrapped_key IS NOT NULL")
        for position, hash_, wrapped in held:
            again = anew.wrap(self._sealing.unwrap(wrapped, hash_), hash_)
            self._database.write("UPDATE events SET wrapped_key = ? WHERE position = ?", again, position)

    def by_hash(self, hash: bytes) -> StoredEvent | None:
        return self._first("WHERE hash = ?", hash)

    def by_message(self, stream: bytes, message: bytes) -> StoredEvent | None:
        """The first event that bore this message id in this stream."""
        return self._first("WHERE stream = ? AND message = ? ORDER BY position LIMIT 1", stream, message)

    def by_message_id(self, message: bytes) -> StoredEvent | None:
        """As `by_message` for who does not know the stream: the conversations' streams only."""
        return self._first("WHERE message = ? AND conversation IS NOT NULL ORDER BY position LIMIT 1", message)

    def by_sequence(self, stream: bytes, author: bytes, sequence: int) -> tuple[StoredEvent, ...]:
        """More than one is a fork."""
        return self._events(
            "WHERE stream = ? AND author = ? AND sequence = ? ORDER BY position", stream, author, sequence
        )

    def held(self, conversation: bytes) -> tuple[StoredEvent, ...]:
        """All events of both streams, whether they count or not, by (clock, author, sequence, hash): section 10."""
        return self._events("WHERE conversation = ? ORDER BY clock, author, sequence, hash", conversation)

    def in_stream(self, stream: bytes) -> tuple[StoredEvent, ...]:
        """Everything of a stream in order of arrival."""
        return self._events("WHERE stream = ? ORDER BY position", stream)

    def at_positions(self, positions: Sequence[int]) -> tuple[StoredEvent, ...]:
        """Those that are held, the newest first."""
        places = ", ".join("?" * len(positions))
        return self._events(f"WHERE position IN ({places}) ORDER BY position DESC", *positions)

    def quarantined(self) -> tuple[StoredEvent, ...]:
        return self._events("WHERE standing = 'quarantined' ORDER BY position")

    def of_kind(self, kind: str) -> tuple[StoredEvent, ...]:
        """Of every stream, what still has its content."""
        return self._events("WHERE kind = ? AND retracted IS NULL ORDER BY position", kind)

    def unread(self, conversation: bytes, kind: str) -> tuple[StoredEvent, ...]:
        """Those of a kind that nobody has read here, in order of arrival."""
        return self._events(
            "WHERE conversation = ?1 AND kind = ?2 AND prominence = 2 AND standing = 'admitted' AND retracted IS NULL "
            "AND position > (SELECT read_position FROM conversations WHERE id = ?1) ORDER BY position",
            conversation,
            kind,
        )

    def shown_of_kinds(self, conversation: bytes, kinds: Collection[str]) -> tuple[StoredEvent, ...]:
        """In order of arrival; only these are opened, however long the conversation is."""
        places = ", ".join("?" * len(kinds))
        where = f"WHERE conversation = ? AND prominence > 0 AND kind IN ({places}) ORDER BY position"
        return self._events(where, conversation, *kinds)

    def missing_before(self, event: StoredEvent) -> int:
        """How many of the author's messages are not held between this one and the last shown one before it."""
        found = self._database.scalar(_MISSING, event.stream, event.author, event.sequence)
        return int(found)

    def beside(self, event: StoredEvent) -> tuple[StoredEvent, ...]:
        """The shown events whose place this one's arrival may have changed: its twins, and its author's next one."""
        return self._events(
            "WHERE stream = ?1 AND author = ?2 AND prominence > 0 AND hash != ?4 AND sequence >= ?3 AND sequence <= "
            "coalesce((SELECT min(sequence) FROM events WHERE stream = ?1 AND author = ?2 AND prominence > 0 "
            "AND sequence > ?3), ?3) ORDER BY sequence",
            event.stream,
            event.author,
            event.sequence,
            event.hash,
        )

    def with_older(self, before: int, kinds: Sequence[str]) -> tuple[ConversationId, ...]:
        """Conversations with undestroyed events of these kinds that arrived before."""
        rows = self._database.rows(
            f"SELECT DISTINCT conversation FROM events WHERE {_undestroyed(kinds)}",  # noqa: S608 - places for values
            before,
            *kinds,
        )
        return tuple(ConversationId(row[0]) for row in rows)

    def older_than(self, conversation: bytes, before: int, kinds: Sequence[str]) -> tuple[StoredEvent, ...]:
        where = f"WHERE {_undestroyed(kinds)} AND conversation = ? ORDER BY position"
        return self._events(where, before, *kinds, conversation)

    def unindexed(self, count: int) -> tuple[Unindexed, ...]:
        """The newest events that the search index does not hold, oldest first."""
        rows = self._database.rows(
            "SELECT position, kind, wrapped_key, sealed, hash FROM events WHERE position < ? "
            "ORDER BY position DESC LIMIT ?",
            self._search.begun,
            count,
        )
        return tuple(
            Unindexed(row[0], row[1], self._sealing.open(*row[2:])[64:] if row[2] is not None else None)
            for row in reversed(rows)
        )

    def _first(self, where: str, *values: bytes | int) -> StoredEvent | None:
        row = self._database.row(_EVENT + where, *values)
        return self._event(row) if row else None

    def _events(self, where: str, *values: bytes | int | str) -> tuple[StoredEvent, ...]:
        return tuple(self._event(row) for row in self._database.rows(_EVENT + where, *values))

    def _event(self, row: Row) -> StoredEvent:
        event = StoredEvent(*row)
        opened = None if row[-1] is None else self._sealing.open(row[-2], row[-1], event.hash)
        return replace(
            event,
            standing=Standing(event.standing),
            prominence=Prominence(event.prominence),
            forked=bool(event.forked),
            content=None if opened is None else opened[64:],
            signature=None if opened is None else opened[:64],
        )

    # Transcript

    def newest(self, conversation: bytes, count: int) -> Window:
        return self.older(conversation, 2**62, count)

    def older(self, conversation: bytes, position: int, count: int) -> Window:
        """Up to `count` shown events before `position`."""
        events = self._events(
            "WHERE conversation = ? AND prominence > 0 AND position < ? ORDER BY position DESC LIMIT ?",
            conversation,
            position,
            count + 1,
        )
        return Window(
            events[:count][::-1], at_start=len(events) <= count, at_end=not self._any_shown(conversation, position)
        )

    def newer(self, conversation: bytes, position: int, count: int) -> Window:
        """Up to `count` shown events after `position`."""
        events = self._events(
            "WHERE conversation = ? AND prominence > 0 AND position > ? ORDER BY position LIMIT ?",
            conversation,
            position,
            count + 1,
        )
        before = self._database.scalar(
            "SELECT 1 FROM events WHERE conversation = ? AND prominence > 0 AND position <= ? LIMIT 1",
            conversation,
            position,
        )
        return Window(events[:count], at_start=before is None, at_end=len(events) <= count)

    def _any_shown(self, conversation: bytes, position: int) -> bool:
        found = self._database.scalar(
            "SELECT 1 FROM events WHERE conversation = ? AND prominence > 0 AND position >= ? LIMIT 1",
            conversation,
            position,
        )
        return found is not None
