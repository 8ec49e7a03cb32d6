"""The file itself: what opens it, what does not, and that whatever does not is left as it was."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_app.store.database import APPLICATION_ID, SCHEMAS, Database
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
from agent_app.store.rooms import Store
from agent_app.store.settings import Settings
from tests.store import samples
from tests.store.samples import DATABASE_KEY

KEPT = Path(__file__).parent / "kept"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed store of some size."""
    store = Store.create(tmp_path, DATABASE_KEY, samples.EPOCH_KEY)
    with store.transaction():
        store.conversations.open(samples.conversation())
        for sequence in range(1, 400):
            store.events.add(samples.event(sequence, content=b"content" * 60))
    store.close()
    return tmp_path / "store.db"


def everything_in(folder: Path) -> dict[str, bytes]:
    """Every byte. SQLite may leave an empty write-ahead log where there was none: that holds nothing."""
    contents = {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
    return {name: content for name, content in contents.items() if content or name != "store.db-wal"}


def refused(path: Path, error: type[StoreError] | tuple[type[StoreError], ...], key: bytes = DATABASE_KEY) -> str:
    """Opening raises `error` and changes nothing; answers the sentence."""
    before = everything_in(path.parent)
    with pytest.raises(error) as caught:
        Database.open(path, key)
    assert everything_in(path.parent) == before
    return str(caught.value)


# Opening


def test_what_was_committed_is_there_again(path: Path) -> None:
    database = Database.open(path, DATABASE_KEY)
    assert database.scalar("SELECT count(*) FROM events") == 399
    assert database.schema == len(SCHEMAS)
    database.close()


def test_another_key_does_not_open_it(path: Path) -> None:
    assert "key" in refused(path, StoreUnreadable, key=bytes(32))


def test_a_key_of_another_length_is_a_programming_error(path: Path) -> None:
    with pytest.raises(ValueError, match="32"):
        Database.open(path, DATABASE_KEY[:31])


@pytest.mark.parametrize("lost", [1, 100, 4096, 40_960, 200_000])
def test_a_truncated_file_is_refused(path: Path, lost: int) -> None:
    os.truncate(path, path.stat().st_size - lost)
    refused(path, StoreDamaged)


def test_a_file_cut_to_its_first_bytes_is_refused(path: Path) -> None:
    os.truncate(path, 100)
    refused(path, StoreUnreadable)


def test_an_empty_file_is_not_taken_for_a_new_store(path: Path) -> None:
    os.truncate(path, 0)
    refused(path, StoreDamaged)


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("intact")
    store = Store.create(folder, DATABASE_KEY, samples.EPOCH_KEY)
    with store.transaction():
        store.conversations.open(samples.conversation())
        for sequence in range(1, 100):
            store.events.add(samples.event(sequence, content=b"content" * 60))
    store.close()
    return (folder / "store.db").read_bytes()


@settings(deadline=None)
@given(data=st.data())
def test_a_changed_bit_anywhere_is_found_at_opening(
    data: st.DataObject, intact: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    changed = bytearray(intact)
    changed[data.draw(st.integers(0, len(intact) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path = tmp_path_factory.mktemp("changed") / "store.db"
    path.write_bytes(changed)
    refused(path, (StoreDamaged, StoreUnreadable))


def test_a_file_that_is_checked_later_rests_until_then(intact: bytes, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(intact)
    database = Database.open(path, DATABASE_KEY, check_later=True)
    with database.transaction():
        for number in range(4000):
            database.write("INSERT INTO settings VALUES (?, zeroblob(2000))", f"much-{number}")
    database.shed()
    assert path.read_bytes() == intact
    Database.check(path, DATABASE_KEY)
    database.checked()
    assert path.read_bytes() != intact
    assert (tmp_path / "store.db-wal").stat().st_size == 0, "what was to be shed meanwhile"
    database.close()
    Database.open(path, DATABASE_KEY).close()


def test_damage_that_is_found_later_leaves_the_file_as_it_was(intact: bytes, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    changed = bytearray(intact)
    changed[-2000] ^= 1
    path.write_bytes(changed)
    database = Database.open(path, DATABASE_KEY, check_later=True)
    with database.transaction():
        database.write("INSERT INTO settings VALUES ('more', x'00')")
    with pytest.raises(StoreDamaged):
        Database.check(path, DATABASE_KEY)
    database.close()
    assert path.read_bytes() == changed
    with pytest.raises(StoreDamaged):  # what was not put into the file is still beside it: it is checked at once
        Database.open(path, DATABASE_KEY, check_later=True)


def test_a_plain_database_is_not_ours(path: Path) -> None:
    path.unlink()
    plain = apsw.Connection(str(path))
    plain.execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)")
    plain.close()
    refused(path, StoreUnreadable)


def test_noise_is_not_ours(path: Path) -> None:
    path.write_bytes(os.urandom(8192))
    refused(path, StoreUnreadable)


def with_pragma(path: Path, pragma: str) -> None:
    connection = apsw.Connection(str(path))
    for setting in ("cipher = 'chacha20'", f"key = 'raw:{DATABASE_KEY.hex()}'", pragma):
        connection.execute(f"PRAGMA {setting}")
    connection.close()


def test_a_database_under_our_key_that_is_not_a_store_is_not_ours(path: Path) -> None:
    with_pragma(path, "application_id = 7")
    refused(path, StoreUnreadable)
    with_pragma(path, f"application_id = {APPLICATION_ID}")
    Database.open(path, DATABASE_KEY).close()


def test_a_newer_schema_is_refused_with_what_to_do(path: Path) -> None:
    with_pragma(path, f"user_version = {len(SCHEMAS) + 1}")
    assert "Update Sealdesk" in refused(path, StoreTooNew)


def test_a_newer_schema_that_a_crash_left_in_the_log_is_not_even_checkpointed(path: Path) -> None:
    """The file is not ours to tidy."""
    script = f"""
import apsw, os, signal
connection = apsw.Connection({str(path)!r})
for setting in ("cipher = 'chacha20'", "key = 'raw:{DATABASE_KEY.hex()}'", "user_version = {len(SCHEMAS) + 1}"):
    connection.execute("PRAGMA " + setting)
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", script], check=False)
    (path.parent / "store.db-shm").unlink()
    assert (path.parent / "store.db-wal").stat().st_size > 0
    refused(path, StoreTooNew)


def test_there_is_no_store_where_there_is_none(tmp_path: Path) -> None:
    refused(tmp_path / "store.db", StoreMissing)


def test_creating_does_not_bury_a_store(path: Path) -> None:
    before = everything_in(path.parent)
    with pytest.raises(StoreExists):
        Database.create(path, bytes(32))
    assert everything_in(path.parent) == before


def test_what_a_crash_left_of_a_new_store_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "store.db.new").write_bytes(os.urandom(5_000))
    (tmp_path / "store.db.new-wal").write_bytes(os.urandom(5_000))
    Database.create(tmp_path / "store.db", DATABASE_KEY).close()
    assert [file.name for file in tmp_path.iterdir()] == ["store.db"]


def test_nobody_else_on_the_machine_may_read_the_file(path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0


# Schemas


@pytest.mark.parametrize("kept", sorted(KEPT.glob("*.db")), ids=lambda kept: kept.stem)
def test_a_kept_file_of_every_schema_opens(kept: Path, tmp_path: Path) -> None:
    """Each was written once, when its schema was the latest, and never again: every later Sealdesk must read it."""
    (tmp_path / "store.db").write_bytes(kept.read_bytes())
    store = Store.open(tmp_path, DATABASE_KEY, samples.EPOCH_KEY)
    assert store.database.schema == len(SCHEMAS)
    held = store.events.newest(samples.conversation().id, 10)
    assert [event.content for event in held.events] == [b"kept 1", b"kept 2", b"kept 3"]
    assert store.settings.relay_origin == "https://relay.example"
    store.close()


@pytest.mark.parametrize("number", range(1, len(SCHEMAS) + 1))
def test_a_schema_that_was_published_never_changes(number: int, tmp_path: Path) -> None:
    """There are files out there that it made. A change is a new script, and a new kept file (tests/store/keep.py)."""

    def structure(database: Database) -> list[tuple[object, ...]]:
        rows = database.rows("SELECT type, name, sql FROM sqlite_schema ORDER BY name")
        database.close()
        return rows

    (tmp_path / "kept.db").write_bytes((KEPT / f"{number:03}.db").read_bytes())
    fresh = Database.create(tmp_path / "fresh.db", DATABASE_KEY, SCHEMAS[:number])
    assert structure(Database.open(tmp_path / "kept.db", DATABASE_KEY, SCHEMAS[:number])) == structure(fresh)


UPGRADE = "ALTER TABLE names ADD COLUMN pronounced TEXT; INSERT INTO settings VALUES ('upgraded', x'01');"


def test_an_older_schema_is_brought_up_to_date(path: Path) -> None:
    database = Database.open(path, DATABASE_KEY, (*SCHEMAS, UPGRADE))
    assert database.schema == len(SCHEMAS) + 1
    assert database.scalar("SELECT count(*) FROM events") == 399
    database.close()
    refused(path, StoreTooNew)


def test_an_upgrade_that_fails_leaves_the_older_schema_whole(path: Path) -> None:
    with pytest.raises(apsw.SQLError):
        Database.open(path, DATABASE_KEY, (*SCHEMAS, UPGRADE + "ALTER TABLE nothing ADD COLUMN at_all;"))
    database = Database.open(path, DATABASE_KEY)
    assert database.schema == len(SCHEMAS)
    assert Settings(database).raw("upgraded") is None
    assert database.scalar("SELECT count(*) FROM events") == 399
    database.close()


def test_every_table_is_strict(path: Path) -> None:
    database = Database.open(path, DATABASE_KEY)
    tables = database.rows(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite%'"
    )
    assert len(tables) > 20
    assert [name for name, strict in tables if not strict] == []
    database.close()


def test_the_settings_that_durability_and_secrecy_rest_on(path: Path) -> None:
    database = Database.open(path, DATABASE_KEY)
    expected = {
        "cipher": "chacha20",
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "temp_store": 2,
        "locking_mode": "exclusive",
    }
    assert {name: database.scalar(f"PRAGMA {name}") for name in expected} == expected
    database.close()


# One writer

HOLDER = """
import sys
from pathlib import Path
from agent_app.store.database import Database
database = Database.open(Path(sys.argv[1]), bytes(range(32)))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_process_is_told_and_the_first_is_not_disturbed(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreInUse, match="another Sealdesk"):
            Database.open(path, DATABASE_KEY)
        holder.send_signal(signal.SIGKILL)
    Database.open(path, DATABASE_KEY).close()  # a killed process holds nothing


def test_the_same_process_cannot_open_it_twice_either(path: Path) -> None:
    first = Database.open(path, DATABASE_KEY)
    for _ in range(2):
        with pytest.raises(StoreInUse):
            Database.open(path, DATABASE_KEY)
    with first.transaction():
        first.write("INSERT INTO settings VALUES ('x', x'00')")
    first.close()


# Transactions


def test_a_write_outside_a_transaction_is_refused(store: Store) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        store.settings.generation = 1
    assert store.settings.generation == 0


def test_what_raises_leaves_nothing_behind(store: Store) -> None:
    def half() -> None:
        with store.transaction():
            store.settings.generation = 1
            store.conversations.open(samples.conversation())
            raise KeyError("half way")

    with pytest.raises(KeyError, match="half way"):
        half()
    assert store.settings.generation == 0
    assert store.conversations.list() == ()


def test_transactions_do_not_nest(store: Store) -> None:
    with store.transaction(), pytest.raises(RuntimeError, match="join"), store.transaction():
        raise AssertionError
    with store.transaction():
        store.settings.generation = 2
    assert store.settings.generation == 2


def test_a_conflict_inside_a_transaction_takes_back_that_write_only(store: Store) -> None:
    with store.transaction():
        store.conversations.open(samples.conversation())
        with pytest.raises(StoreConflict):
            store.conversations.open(samples.conversation())
        store.settings.generation = 3
    assert len(store.conversations.list()) == 1
    assert store.settings.generation == 3


def test_a_full_disk_is_said_and_loses_only_what_was_not_committed(store: Store) -> None:
    samples.conversation_in(store)
    pages = store.database.scalar("PRAGMA page_count")
    store.database.rows(f"PRAGMA max_page_count = {pages + 2}")

    def fill() -> None:
        with store.transaction():
            for sequence in range(1, 1000):
                store.events.add(samples.event(sequence, content=bytes(2_000)))

    with pytest.raises(StoreUnavailable, match="disk"):
        fill()
    assert store.events.newest(samples.conversation().id, 10).events == ()
    store.database.rows("PRAGMA max_page_count = 1000000")
    fill()
    assert len(store.events.held(samples.conversation().id)) == 999


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(StoreUnavailable, match="disk"):
        Store.create(tmp_path / "taken" / "device", DATABASE_KEY, samples.EPOCH_KEY)


def test_nobody_else_on_the_machine_may_look_into_the_folder(tmp_path: Path) -> None:
    Store.create(tmp_path / "device", DATABASE_KEY, samples.EPOCH_KEY).close()
    assert (tmp_path / "device").stat().st_mode & 0o077 == 0
