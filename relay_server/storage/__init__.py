"""Where the relay keeps things: the little that it asks of a database, so that another one can stand behind it.

Modules hold their own SQL, in the subset that SQLite and PostgreSQL share, with `?` for arguments. One thread writes,
in transactions that it groups; another reads what is committed.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol


class StorageFault(Exception):
    """The database could not do it: nothing of the transaction is kept. The text names a condition, never a value."""


class StorageExhausted(StorageFault):
    """The disk or a quota is full."""


class AlreadyThere(Exception):
    """A row with this key exists. The transaction can only be rolled back."""


class Connection(Protocol):
    """Used by one thread at a time. Every method may raise StorageFault."""

    def rows(self, sql: str, *arguments: Any) -> list[tuple[Any, ...]]: ...

    def one(self, sql: str, *arguments: Any) -> tuple[Any, ...] | None: ...

    def run(self, sql: str, *arguments: Any) -> int:
        """How many rows it changed."""

    def run_many(self, sql: str, arguments: Iterable[tuple[Any, ...]]) -> None: ...

    def insert(self, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Many rows, quickly; `into` is `table (column, ...)`. Raises AlreadyThere."""

    def select(self, sql: str, keys: Sequence[int], *arguments: Any) -> list[tuple[Any, ...]]:
        """Rows of many keys, quickly; `{keys}` in the text stands for them, behind the arguments."""

    def delete(self, table: str, columns: Sequence[str], keys: Sequence[tuple[int, ...]]) -> None:
        """Many rows, quickly, each by the values of these columns."""

    def begin(self) -> None: ...

    def commit(self) -> None:
        """Returns when it is on disk."""

    def rollback(self) -> None: ...

    def relieve(self) -> None:
        """After a fault: what may help the next transaction to succeed."""

    def close(self) -> None: ...


class Storage(Protocol):
    def writer(self) -> Connection: ...

    def reader(self) -> Connection: ...
