"""A desk after years of work: from nothing to its inbox, and what somebody then waits for. Run by tests.load.desk."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import apsw

from agent_app.engine.commands import LoadFigures
from agent_app.engine.pace import Pace
from agent_app.engine.shift import Shift
from agent_app.engine.unlocking import Surroundings, opened
from agent_app.store.database import SCHEMAS, Database
from agent_app.store.folding import words
from agent_app.store.rooms import Store
from agent_app.store.search import Search
from agent_app.store.settings import Settings
from tests.load.desk_clinic import CHEAPEST, NOW, PASSPHRASE, Clinic, build
from tests.load.desk_session import QUERIES
from tests.load.installed import environment

CONVERSATIONS = int(os.environ.get("CONVERSATIONS", "5000"))
EACH = 20  # messages that somebody wrote, in each
_STARTS = 3
_BARE = "from PySide6.QtWidgets import *; a = QApplication([]); w = QMainWindow(); w.show(); a.processEvents()"


def measure() -> dict[str, float]:
    """Medians, in milliseconds and processor milliseconds (`cpu`); the figures of a session by their own names."""
    with tempfile.TemporaryDirectory() as folder:
        clinic = build(Path(folder), CONVERSATIONS, CONVERSATIONS * EACH)
        try:
            _reduce(clinic)
            installed = environment(Path(folder) / "bytecode")
            sessions = [_session(clinic, installed) for _ in range(_STARTS + 1)][1:]  # the first compiled
            figures = {name: statistics.median(each[name] for each in sessions) for name in sessions[0]}
            figures["bare"], figures["bare cpu"] = _bare(installed)
            figures["passphrase cpu"] = _cpu(lambda: clinic.vault.open(PASSPHRASE, NOW + 10**10).wipe())
            return figures | _searches(clinic) | _counted(clinic)
        finally:
            clinic.vault.remove()


def _reduce(clinic: Clinic) -> None:
    """States and summaries, as the engine keeps them."""
    surroundings = Surroundings(clinic.profile, lambda _: None, lambda: NOW, os.urandom, None, CHEAPEST)
    store = clinic.open()

    async def load() -> None:
        inbox = Shift(opened(surroundings, clinic.secrets, store), Pace(), "")._conversations.inbox
        inbox.load()
        await inbox.catch_up()

    asyncio.run(load())
    store.close()


def _counted(clinic: Clinic) -> dict[str, float]:
    """The dashboard's figures of a week and of a year, and the longest that anything else waited for them."""
    surroundings = Surroundings(clinic.profile, lambda _: None, lambda: NOW, os.urandom, None, CHEAPEST)
    store = clinic.open()
    last = datetime.fromtimestamp(NOW / 1000).date()  # noqa: DTZ006 - this workstation's day
    spent = {}

    async def count() -> None:
        shift = Shift(opened(surroundings, clinic.secrets, store), Pace(), "")
        watch = asyncio.create_task(_longest_turn(turns := [0.0]))
        for name, days in (("figures week", 6), ("figures year", 364)):
            start = time.perf_counter()
            await shift._actions.do(LoadFigures(last - timedelta(days=days), last))
            spent[name] = (time.perf_counter() - start) * 1000
        watch.cancel()
        spent["figures stall"] = turns[0]

    asyncio.run(count())
    store.close()
    return spent


async def _longest_turn(turns: list[float]) -> None:
    while True:
        start = time.perf_counter()
        await asyncio.sleep(0)
        turns[0] = max(turns[0], (time.perf_counter() - start) * 1000)


def _session(clinic: Clinic, installed: dict[str, str]) -> dict[str, float]:
    """In a process of its own, its display the caller's."""
    profile = clinic.profile
    command = [sys.executable, "-m", "tests.load.desk_session", str(profile.data), profile.name, PASSPHRASE]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=installed, timeout=600).stdout
    figures: dict[str, float] = json.loads(said)
    return figures


def _bare(installed: dict[str, str]) -> tuple[float, float]:
    """An empty window of Qt's, interpreter included: what every such program pays."""
    wall, used = [], []
    for _ in range(_STARTS):
        start, before = time.perf_counter(), _children()
        subprocess.run([sys.executable, "-c", _BARE], check=True, env=installed, timeout=60)
        wall.append((time.perf_counter() - start) * 1000)
        used.append((_children() - before) * 1000)
    return statistics.median(wall), statistics.median(used)


def _children() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


def _cpu(do: Callable[[], object]) -> float:
    start = time.process_time()
    do()
    return (time.process_time() - start) * 1000


def _searches(clinic: Clinic) -> dict[str, float]:
    """The same questions to the encrypted file and to a plain one that holds the same rows, by turns."""
    store = clinic.open()
    plain = _plain(store, clinic.profile.folder / "plain.db")
    ratios, encrypted = [], []
    for query in QUERIES:
        asked = words(query)
        for _ in range(20):
            hidden = _cpu(lambda asked=asked: store.search.find(asked, 2**62, 41))  # type: ignore[misc]
            open_ = _cpu(lambda asked=asked: plain.find(asked, 2**62, 41))  # type: ignore[misc]
            encrypted.append(hidden)
            ratios.append(hidden / open_)
    slices = list(_slices(store))
    whole = _cpu(lambda: _in_one(store))
    store.close()
    return {
        "settle cpu": sum(slices),
        "slice cpu": max(slices),
        "slice of whole": max(slices) / whole,
        "index cpu": statistics.median(encrypted),
        "encrypted of plain": statistics.median(ratios),
    }


def _slices(store: Store) -> Iterator[float]:
    """Writing the index anew as a desk does after a deletion, each slice with its commit."""
    with store.transaction():
        store.settings.set_number("search-unsettled", 1)  # as the removal of a word does
    while not store.search.is_settled:
        yield _cpu(store.shed_slice)


def _in_one(store: Store) -> None:
    with store.transaction():
        store.database.insert("search", {"rowid": 0, "words": "gone"})  # a single part would be left as it is
        store.database.insert("search", {"search": "optimize"})
        store.database.insert("search", {"search": "delete", "rowid": 0, "words": "gone"})


def _plain(store: Store, path: Path) -> Search:
    """What a desk without encryption would search: the same rows, and the index's own tables as they are."""
    connection = apsw.Connection(str(path))
    for script in SCHEMAS:
        connection.execute(script)
    connection.execute("BEGIN")
    for table in ("conversations", "events", "search_data", "search_idx", "search_config"):
        rows = store.database.rows(f"SELECT * FROM {table}")  # noqa: S608 - a name that stands above
        places = ", ".join("?" * len(rows[0]))
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608
    connection.execute("COMMIT")
    connection.close()
    database = Database(apsw.Connection(str(path)))
    return Search(database, Settings(database))
