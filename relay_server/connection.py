"""The HTTP connection of uvicorn, with an end to its patience.

A client that never finishes its request line and headers, or never reads its answer, would hold memory and a descriptor
as long as it liked.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD: Final = 64 * 1024
HEAD_TIMEOUT: Final = 30.0
WRITE_TIMEOUT: Final = 120.0
"""Seconds in which a client takes what is written to it, 64 KiB or one answer: beyond, it is dead or attacks."""


class BoundedConnection(HttpToolsProtocol):
    """Closes a connection whose request head, or what surrounds its body, is longer than MAX_HEAD, whose head takes
    longer than HEAD_TIMEOUT, or that takes nothing for WRITE_TIMEOUT.

    Trailers are dropped: a proxy that guards the headers would not have seen them.
    """

    _reading_head = True
    _moved_on = False
    _head_bytes = 0
    _patience: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._begin_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_waiting()
        self._end_stall()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(WRITE_TIMEOUT, self.transport.abort)

    def resume_writing(self) -> None:
        self._end_stall()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        self._moved_on = False
        super().data_received(data)
        if self._moved_on:
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD:
            self.transport.close()
        elif self._reading_head and self._patience is None:
            self._begin_waiting()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._reading_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._moved_on = True
        self._reading_head = False
        self._head_bytes = 0
        self._end_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._moved_on = True
        self._head_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._moved_on = True
        self._head_bytes = 0
        self._reading_head = True

    def _begin_waiting(self) -> None:
        self._patience = self.loop.call_later(HEAD_TIMEOUT, self.transport.close)

    def _end_stall(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _end_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
