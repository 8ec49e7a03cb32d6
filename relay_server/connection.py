"""The HTTP connection of uvicorn, with an end to its patience.

A client that never finishes its request line and headers would hold memory and a descriptor as long as it liked.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD: Final = 64 * 1024
HEAD_TIMEOUT: Final = 30.0


class BoundedConnection(HttpToolsProtocol):
    """Closes a connection whose request head is longer than MAX_HEAD or takes longer than HEAD_TIMEOUT."""

    _reading_head = True
    _moved_on = False
    _head_bytes = 0
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._begin_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._moved_on = False
        super().data_received(data)
        if self._moved_on or not self._reading_head:
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD:
            self.transport.close()
        elif self._patience is None:
            self._begin_waiting()

    def on_headers_complete(self) -> None:
        self._moved_on = True
        self._reading_head = False
        self._head_bytes = 0
        self._end_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._moved_on = True
        self._reading_head = True

    def _begin_waiting(self) -> None:
        self._patience = self.loop.call_later(HEAD_TIMEOUT, self.transport.close)

    def _end_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
