"""Reading what is committed, away from the event loop and from the writer."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from relay_server.problems import Unavailable
from relay_server.storage import Connection, Storage, StorageFault

T = TypeVar("T")
_THREADS: Final = 2


class Reading:
    """Two threads with a connection each: one slow page must not hold up everybody else's."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._local = threading.local()
        self._connections: list[Connection] = []
        self._threads = ThreadPoolExecutor(_THREADS, "reader", self._connect)

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Raises Unavailable when the database cannot be read."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._call, work)
        except StorageFault:
            raise Unavailable("The relay cannot read just now.") from None

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        for connection in self._connections:
            connection.close()

    def _connect(self) -> None:
        self._local.connection = self._storage.reader()
        self._connections.append(self._local.connection)

    def _call(self, work: Callable[[Connection], T]) -> T:
        connection: Connection = self._local.connection
        return work(connection)
