"""The ends of streams: each author's latest message, and what an own message builds on."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent_app.protocol.keys import DeviceId, MessageHash
from agent_app.store.database import Database, columns


@dataclass(frozen=True, slots=True)
class Head:
    """The latest message of one author in a stream."""

    author: DeviceId
    sequence: int
    hash: MessageHash
    clock: int


@dataclass(frozen=True, slots=True)
class StreamState:
    """What the next own message in a stream builds on: sequence is `sequence + 1`, clock `clock + 1`."""

    sequence: int
    previous: bytes
    clock: int
    unlisted: tuple[Head, ...]


class Streams:
    def __init__(self, database: Database) -> None:
        self._database = database

    def state(self, stream: bytes, own: bytes) -> StreamState:
        """What this device, `own`, builds its next message on."""
        rows = self._database.rows(
            "SELECT author, sequence, hash, clock, listed FROM heads WHERE stream = ? ORDER BY author", stream
        )
        mine = next((row for row in rows if row[0] == own), None)
        return StreamState(
            sequence=mine[1] if mine else 0,
            previous=mine[2] if mine else b"",
            clock=max((row[3] for row in rows), default=0),
            unlisted=tuple(Head(*row[:4]) for row in rows if row[0] != own and row[1] > row[4]),
        )

    def mark_listed(self, stream: bytes, heads: Iterable[Head]) -> None:
        """In the transaction that stores the own message which lists them."""
        for head in heads:
            self._database.write(
                "UPDATE heads SET listed = max(listed, ?) WHERE stream = ? AND author = ?",
                head.sequence,
                stream,
                head.author,
            )

    def latest(self, stream: bytes, author: bytes) -> int:
        """The sequence of the author's latest message held; 0 before the first."""
        found = self._database.scalar("SELECT sequence FROM heads WHERE stream = ? AND author = ?", stream, author)
        return int(found or 0)

    def raise_head(self, stream: bytes, head: Head) -> None:
        self._database.insert(
            "heads",
            {"stream": stream, **columns(head)},
            "ON CONFLICT DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash, clock = excluded.clock "
            "WHERE excluded.sequence > heads.sequence",
        )
