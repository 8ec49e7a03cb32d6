"""One relay process for most tests of a session; tests that hurt theirs start their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from relay_server import clock, expiry
from tests.relay_server.bench import Bench
from tests.relay_server.relays import Practice, RelayProcess, relay_process

GENEROUS = ("--limits", "sends=100000", "--limits", "sends_burst=100000", "--limits", "address_calls=1000000")
GENEROUS += ("--limits", "mailbox_calls=1000000", "--limits", "intake_address_hour=1000000")


@pytest.fixture(scope="session")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    with relay_process(tmp_path_factory.mktemp("relay"), *GENEROUS) as process:
        yield process
        # Whatever hostile thing a test did: the relay never failed at a request, and never lost a transaction.
        assert '"level": "error"' not in process.log


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def practice(relay: RelayProcess) -> Practice:
    return relay.practice()


@pytest.fixture
def relay_data(relay: RelayProcess) -> Path:
    return relay.data


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench(tmp_path)
    monkeypatch.setattr(clock, "now", lambda: bench.now)
    monkeypatch.setattr(expiry.time, "monotonic", lambda: bench.passed)
    return bench
