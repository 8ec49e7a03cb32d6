"""SQLite, so that a relay is one program and one folder.

Measured on the machines it is meant for: with WAL and synchronous=FULL one flush a commit is what a message costs, so
commits are grouped by the caller; 8 KiB pages and a checkpoint every 4,000 of them keep the rest of the disk quiet.
`secure_delete` overwrites what was deleted, for 3 to 8 percent.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeVar

import apsw

from relay_server.storage import AlreadyThere, StorageExhausted, StorageFault

SCHEMA: Final = 2
_READ_ONLY: Final = apsw.SQLITE_OPEN_READONLY
_READ_WRITE: Final = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
_T = TypeVar("_T")
_Row = TypeVar("_Row")
_ROWS_AT_ONCE: Final = (128, 32, 8, 2, 1)


@cache
def _insertion(into: str, rows: int, columns: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {into} VALUES {', '.join([row] * rows)}"  # noqa: S608 -- `into` is the relay's own text


@cache
def _deletion(table: str, columns: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"DELETE FROM {table} WHERE ({', '.join(columns)}) IN (VALUES {', '.join([row] * rows)})"  # noqa: S608 -- as above


def _chunks(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    """Each statement gives the interpreter's lock away and has to win it back from the event loop: one statement for
    many rows is several times as fast as one a row. The few sizes keep SQLite's statement cache useful."""
    at = 0
    while at < len(rows):
        count = next(size for size in _ROWS_AT_ONCE if size <= len(rows) - at)
        yield rows[at : at + count]
        at += count


class SqliteConnection:
    def __init__(self, path: Path, flags: int) -> None:
        self._connection = _guarded(lambda: apsw.Connection(str(path), flags=flags))
        self._connection.set_busy_timeout(5_000)

    def rows(self, sql: str, *arguments: Any) -> list[tuple[Any, ...]]:
        try:
            return list(self._connection.execute(sql, arguments))
        except apsw.Error as error:
            raise _fault(error) from error

    def one(self, sql: str, *arguments: Any) -> tuple[Any, ...] | None:
        try:
            return next(iter(self._connection.execute(sql, arguments)), None)
        except apsw.Error as error:
            raise _fault(error) from error

    def run(self, sql: str, *arguments: Any) -> int:
        try:
            self._connection.execute(sql, arguments)
            return self._connection.changes()
        except apsw.Error as error:
            raise _fault(error) from error

    def run_many(self, sql: str, arguments: Iterable[tuple[Any, ...]]) -> None:
        try:
            self._connection.executemany(sql, arguments)
        except apsw.Error as error:
            raise _fault(error) from error

    def insert(self, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
        try:
            for some in _chunks(rows):
                self._connection.execute(_insertion(into, len(some), len(some[0])), tuple(chain.from_iterable(some)))
        except apsw.ConstraintError:
            raise AlreadyThere from None
        except apsw.Error as error:
            raise _fault(error) from error

    def select(self, sql: str, keys: Sequence[int], *arguments: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for some in _chunks(keys):
            found += self.rows(sql.format(keys=", ".join("?" * len(some))), *arguments, *some)
        return found

    def delete(self, table: str, columns: Sequence[str], keys: Sequence[tuple[int, ...]]) -> None:
        for some in _chunks(keys):
            self.run(_deletion(table, tuple(columns), len(some)), *chain.from_iterable(some))

    def begin(self) -> None:
        self.run("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.run("COMMIT")

    def rollback(self) -> None:
        # SQLite has rolled back by itself after some faults; asking again would be one more.
        if self._connection.in_transaction:
            self.run("ROLLBACK")

    def relieve(self) -> None:
        # The journal cannot grow on a full disk; folded into the database it begins again at its start.
        self.run("PRAGMA wal_checkpoint(RESTART)")

    def close(self) -> None:
        self._connection.close()


class SqliteStorage:
    """One file and its -wal and -shm. Raises StorageFault where it cannot be opened, or is of a newer relay."""

    def __init__(self, path: Path) -> None:
        self._path = path
        connection = SqliteConnection(path, _READ_WRITE)
        try:
            connection.run("PRAGMA page_size = 8192")
            connection.run("PRAGMA journal_mode = WAL")
            self._upgrade(connection)
        finally:
            connection.close()

    def writer(self) -> SqliteConnection:
        connection = SqliteConnection(self._path, _READ_WRITE)
        for pragma in ("synchronous = FULL", "wal_autocheckpoint = 4000", "secure_delete = ON", "cache_size = -32768"):
            connection.run(f"PRAGMA {pragma}")
        return connection

    def reader(self) -> SqliteConnection:
        connection = SqliteConnection(self._path, _READ_ONLY)
        connection.run("PRAGMA cache_size = -8192")
        return connection

    def _upgrade(self, connection: SqliteConnection) -> None:
        row = connection.one("PRAGMA user_version")
        version = row[0] if row else 0
        if version > SCHEMA:
            raise StorageFault(f"The database was written by a newer relay (schema {version}). Install that relay.")
        for number in range(version + 1, SCHEMA + 1):
            script = files("relay_server").joinpath("schema", f"{number:04}.sql").read_text("utf-8")
            connection.run(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT")


def _guarded(open_: Callable[[], _T]) -> _T:
    try:
        return open_()
    except apsw.Error as error:
        raise _fault(error) from error


def _fault(error: apsw.Error) -> StorageFault:
    # The class says enough; SQLite's own text may quote what was being written.
    name = type(error).__name__
    if isinstance(error, apsw.FullError):
        return StorageExhausted(f"The disk is full ({name}).")
    return StorageFault(f"The database failed ({name}).")
