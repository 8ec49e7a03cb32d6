"""Replies that an agent has ready, on this device alone."""

from dataclasses import dataclass, field

from agent_app.store.database import Database, columns


@dataclass(frozen=True, slots=True)
class Reply:
    """`id` is 16 bytes. One of the two texts may be empty."""

    id: bytes
    title: str = field(repr=False)
    english: str = field(repr=False)
    spanish: str = field(repr=False)


class Replies:
    """Reading is free; writing wants an open transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Reply, ...]:
        return tuple(Reply(*row) for row in self._database.rows("SELECT id, title, english, spanish FROM replies"))

    def keep(self, reply: Reply) -> None:
        """Adds it, or puts it in the place of the one with its id."""
        self._database.insert(
            "replies",
            columns(reply),
            "ON CONFLICT DO UPDATE SET title = excluded.title, english = excluded.english, spanish = excluded.spanish",
        )

    def drop(self, reply: bytes) -> None:
        self._database.write("DELETE FROM replies WHERE id = ?", reply)
