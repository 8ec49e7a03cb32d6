"""One relay process for the clinics of a file's tests; tests that hurt theirs start their own."""

from collections.abc import Iterator

import pytest

from tests.engine.world import relay_in
from tests.relay_server.relays import RelayProcess


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    process = relay_in(tmp_path_factory.mktemp("relay") / "own")
    yield process
    process.close()
    # Whatever a test did there: the relay never failed at a request.
    assert '"level": "error"' not in process.log
