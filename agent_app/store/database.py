"""One encrypted SQLite file for each device, and one process that writes it.

Rules that the rest of the package relies on:
- Every page is ChaCha20-Poly1305 under a raw 32-byte key; there is no page in the clear, not even the header.
- A file that is not ours, damaged, newer, or under another key is left as it was found, to the byte; also where its
  pages are checked only after it was opened: until then everything that is written goes beside it.
- A write outside `transaction()` is a programming error and raises; so what belongs together is committed together.
- The file is locked for as long as it is open, against other processes too (`locking_mode=EXCLUSIVE`). This also keeps
  the write-ahead index in memory: there is no `-shm` file.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import apsw

from agent_app.store.disk import disk, private_folder
from agent_app.store.errors import (
    StoreConflict,
    StoreDamaged,
    StoreError,
    StoreExists,
    StoreInUse,
    StoreMissing,
    StoreTooNew,
    StoreUnavailable,
    StoreUnreadable,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = None | int | str | bytes
Row = tuple[Any, ...]

APPLICATION_ID = 0x5344_4B31  # "SDK1": tells our file from any other that the same key might open


def _schemas() -> tuple[str, ...]:
    folder = files("agent_app.store").joinpath("schema")
    scripts = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return tuple(script.read_text("utf-8") for script in scripts)


_LOG_PAGES = 1000  # of the write-ahead log, after which they go into the file: SQLite's own
SCHEMAS = _schemas()  # each brings a store from the schema before it to the next


class Database:
    """A connection to one device's file. Lives on one thread; every call blocks until the disk has answered.

    `transaction()` must not be held across an `await`: another task's writes would join it.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._writing = False
        self.rests = False  # whether the file stays as it was opened, since it is still to be checked
        self._shed_later = False

    @classmethod
    def create(cls, path: Path, key: bytes, schemas: Sequence[str] = SCHEMAS) -> "Database":
        """Makes a new, empty store. Raises StoreExists rather than touch what is there.

        It is made under another name and renamed when it is whole, so that a crash leaves nothing half made.
        """
        private_folder(path.parent)
        if path.exists():
            raise StoreExists(str(path))
        unfinished = path.with_name(f"{path.name}.new")
        with disk():
            for leftover in path.parent.glob(f"{unfinished.name}*"):  # of a crash, its write-ahead log included
                leftover.unlink()
            unfinished.touch(mode=0o600)
            cls._connect(unfinished, key, schemas, new=True).close()
            unfinished.rename(path)
        return cls.open(path, key, schemas)

    @classmethod
    def open(cls, path: Path, key: bytes, schemas: Sequence[str] = SCHEMAS, *, check_later: bool = False) -> "Database":
        """Opens a store, brings an older schema up to date, and checks every page. `key` is 32 bytes.

        With `check_later` the file rests as it is, and whoever opened it calls `check` and then `checked`. After a
        crash, when not all of the store is in the file, it is checked at once all the same.
        """
        if not path.is_file():
            raise StoreMissing(str(path))
        if path.stat().st_size == 0:  # SQLite would take it for a new database
            raise StoreDamaged(f"{path} is empty")
        return cls._connect(path, key, schemas, new=False, rests=check_later and not _has_log(path))

    @staticmethod
    def check(path: Path, key: bytes) -> None:
        """Reads every page of a file that rests. For a thread of its own: 0.6 s for 100,000 messages.

        Raises StoreDamaged.
        """
        with _translated(path):
            where = f"file:{quote(str(path.absolute()))}?immutable=1"
            connection = apsw.Connection(where, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
            try:
                _unlock(connection, key)
                _check(connection, path)
            finally:
                connection.close()

    def checked(self) -> None:
        """The file is sound, and rests no longer."""
        if self.rests:
            self.rests = False
            self._connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
            self._connection.wal_autocheckpoint(_LOG_PAGES)
            if self._shed_later:
                self.shed()

    @classmethod
    def _connect(cls, path: Path, key: bytes, schemas: Sequence[str], *, new: bool, rests: bool = False) -> "Database":
        if len(key) != 32:
            raise ValueError("the database key is 32 bytes")
        with _translated(path):
            connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
            try:
                _configure(connection, key)
                if not new:
                    _inspect(connection, path, len(schemas))
                if not new and not rests:
                    _check(connection, path)
                connection.wal_autocheckpoint(0)
                _upgrade(connection, schemas)
            except BaseException:
                connection.close()
                raise
        database = cls(connection)
        database.rests = True
        if not rests:
            database.checked()
        return database

    @property
    def schema(self) -> int:
        return int(self.scalar("PRAGMA user_version"))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is committed to the disk when the block ends, or none of it when it raises."""
        if self._writing:
            raise RuntimeError("a transaction is open already; join it instead of nesting")
        self._execute("BEGIN IMMEDIATE", ())
        self._writing = True
        try:
            yield
            self._execute("COMMIT", ())
        except BaseException:
            if self._connection.in_transaction:
                self._execute("ROLLBACK", ())
            raise
        finally:
            self._writing = False

    def write(self, sql: str, *values: Value) -> int:
        """Runs one changing statement inside the open transaction; the answer is how many rows it changed."""
        if not self._writing:
            raise RuntimeError("a write outside transaction() could be half of something")
        before = self._connection.total_changes()
        self._execute(sql, values)
        return self._connection.total_changes() - before

    def insert(self, table: str, row: Mapping[str, Any], otherwise: str = "") -> int:
        """Inserts a row given as column names and values; `otherwise` is an ON CONFLICT clause. As `write`."""
        names, places = ", ".join(row), ", ".join("?" * len(row))
        sql = f"INSERT INTO {table} ({names}) VALUES ({places}) {otherwise}"  # noqa: S608 - only names that stand in our code
        return self.write(sql, *row.values())

    def rows(self, sql: str, *values: Value) -> list[Row]:
        return self._execute(sql, values)

    def row(self, sql: str, *values: Value) -> Row | None:
        found = self._execute(sql, values)
        return found[0] if found else None

    def scalar(self, sql: str, *values: Value) -> Any:
        """The first column of the first row; None when there is no row."""
        found = self.row(sql, *values)
        return found[0] if found else None

    def shed(self) -> None:
        """Empties the write-ahead log, so that what was deleted does not linger there; once the file may change."""
        self._shed_later = self.rests
        if not self.rests:
            self._execute("PRAGMA wal_checkpoint(TRUNCATE)", ())

    def close(self) -> None:
        """Closes the file and drops its lock. Safe to call twice."""
        self._connection.close()

    def _execute(self, sql: str, values: Sequence[Value]) -> list[Row]:
        with _translated():
            return list(self._connection.execute(sql, tuple(values)))


def columns(value: "DataclassInstance") -> dict[str, Any]:
    """A value type's fields, which bear the names of its table's columns."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _unlock(connection: apsw.Connection, key: bytes) -> None:
    connection.execute("PRAGMA cipher = 'chacha20'")
    connection.execute(f"PRAGMA key = 'raw:{key.hex()}'")


def _configure(connection: apsw.Connection, key: bytes) -> None:
    # Closing must not write into a file that we are about to refuse.
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    _unlock(connection, key)
    for pragma in (
        "locking_mode = EXCLUSIVE",  # before the first read, or the index goes to a file
        "temp_store = MEMORY",  # spills of a sort would be plaintext on the disk
        "foreign_keys = ON",
        "secure_delete = ON",
        "cell_size_check = ON",
        "synchronous = FULL",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _inspect(connection: apsw.Connection, path: Path, latest: int) -> None:
    version = connection.pragma("user_version")
    if connection.pragma("application_id") != APPLICATION_ID:
        raise StoreUnreadable(str(path))
    if version > latest:
        raise StoreTooNew(f"{path} has schema {version}, this program knows {latest}")


def _check(connection: apsw.Connection, path: Path) -> None:
    if connection.execute("PRAGMA quick_check(1)").get != "ok":
        raise StoreDamaged(str(path))


def _upgrade(connection: apsw.Connection, schemas: Sequence[str]) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    version = connection.pragma("user_version")
    for number, script in enumerate(schemas[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute(script)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


@contextmanager
def _translated(path: Path | None = None) -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        raise _translation(error, str(path or "the store")) from error


def _translation(error: apsw.Error, store: str) -> StoreError:
    match error:
        case apsw.NotADBError():
            return StoreUnreadable(store)
        case apsw.CorruptError() | apsw.FormatError():
            return StoreDamaged(store)
        case apsw.BusyError() | apsw.LockedError():
            return StoreInUse(store)
        case apsw.ConstraintError():
            return StoreConflict(f"{store}: {error}")
        case apsw.FullError() | apsw.IOError() | apsw.ReadOnlyError() | apsw.CantOpenError() | apsw.PermissionsError():
            return StoreUnavailable(f"{store}: {error}")
    raise error
