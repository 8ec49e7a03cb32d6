"""A client that costs little, so that what is measured is the relay. HTTP/1.1 on asyncio protocols, loopback only.

httpx does some 500 calls a second on a core; this does about 20,000.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any


def request(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """One request, ready to be sent."""
    lines = [f"{method} {path} HTTP/1.1", "Host: relay", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Caller(asyncio.Protocol):
    """One connection. Calls may overlap: they are answered in order."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._answers: deque[asyncio.Future[bytes]] = deque()
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    async def call(self, data: bytes) -> bytes:
        """The answer's body. Raises ConnectionError for any status but 2xx."""
        answer = asyncio.get_running_loop().create_future()
        self._answers.append(answer)
        self._transport.write(data)
        return await answer

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._buffer[:end])
            whole = end + 4 + _content_length(head)
            if len(self._buffer) < whole:
                return
            self._settle(head, bytes(self._buffer[end + 4 : whole]))
            del self._buffer[:whole]

    def connection_lost(self, exc: Exception | None) -> None:
        while self._answers:
            self._settle(b"", b"The relay closed the connection.")

    def _settle(self, head: bytes, body: bytes) -> None:
        answer = self._answers.popleft()
        if answer.done():
            return
        if head[9:10] == b"2":
            answer.set_result(body)
        else:
            answer.set_exception(ConnectionError(body[:300].decode("utf-8", "replace")))


def _content_length(head: bytes) -> int:
    at = head.lower().find(b"\r\ncontent-length:")
    if at < 0:
        return 0
    end = head.find(b"\r\n", at + 2)
    return int(head[at + 17 : end if end > 0 else None])


class Stream(asyncio.Protocol):
    """One streamed GET; `took` is given each frame's bytes as it comes, heartbeats left out."""

    def __init__(self, data: bytes, took: Callable[[bytes], None]) -> None:
        self._request = data
        self._took = took
        self._raw = bytearray()
        self._frames = bytearray()
        self._in_head = True
        self._transport: Any = None
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._raw += data
        if self._in_head:
            end = self._raw.find(b"\r\n\r\n")
            if end < 0:
                return
            del self._raw[: end + 4]
            self._in_head = False
        self._unchunk()
        self._cut()

    def _unchunk(self) -> None:
        at = 0
        while (line := self._raw.find(b"\r\n", at)) >= 0:
            size = int(self._raw[at:line], 16)
            if len(self._raw) < line + 2 + size + 2:
                break
            self._frames += self._raw[line + 2 : line + 2 + size]
            at = line + 2 + size + 2
        del self._raw[:at]

    def _cut(self) -> None:
        at, frames = 0, self._frames
        while len(frames) - at >= 4:
            size = int.from_bytes(frames[at : at + 4], "big")
            if len(frames) - at < 4 + size:
                break
            if size:
                self._took(bytes(frames[at + 4 : at + 4 + size]))
            at += 4 + size
        del frames[:at]
