"""A connection to a peer that costs the generator little."""

import asyncio
from collections.abc import Callable
from typing import Any

Cut = Callable[[bytearray], int]


class Wire(asyncio.Protocol):
    """`cut` takes what is whole off the buffer and says how many answers or messages that was."""

    def __init__(self, cut: Cut, took: Callable[[int], None] | None = None) -> None:
        self.cut = cut
        self.took = took
        self._buffer = bytearray()
        self._transport: Any = None
        self._missing = 0
        self._answered: asyncio.Future[None] | None = None

    @classmethod
    async def open(cls, port: int, cut: Cut) -> "Wire":
        loop = asyncio.get_running_loop()
        return (await loop.create_connection(lambda: cls(cut), "127.0.0.1", port))[1]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(ConnectionError(f"The server closed the connection: {bytes(self._buffer)!r}"))

    def write(self, data: bytes) -> None:
        self._transport.write(data)

    async def ask(self, data: bytes, answers: int = 1) -> int:
        self._missing = answers
        self._answered = asyncio.get_running_loop().create_future()
        self.write(data)
        await self._answered
        return answers

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        try:
            count = self.cut(self._buffer)
        except ConnectionError as error:
            self._fail(error)
            return
        if self.took is not None:
            self.took(count)
        self._missing -= count
        if self._missing <= 0 and self._answered is not None and not self._answered.done():
            self._answered.set_result(None)

    def _fail(self, error: Exception) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error)
        self.close()
