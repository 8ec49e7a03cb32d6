"""What the routes need of HTTP: bounded bodies, headers, and answers that say the same in the same way."""

import asyncio
import base64
import binascii
from collections import Counter
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import parse_qs

from starlette.types import Message, Receive, Scope, Send

from relay_server import wire
from relay_server.problems import MalformedRequest, Problem, RangeInvalid, TooLarge, Unavailable, refusal

MAX_SMALL: Final = 64 * 1024
MAX_LARGE: Final = 256 * 1024
BODY_TIMEOUT: Final = 60.0
"""Seconds in which a body must have arrived: a client that trickles holds a connection and nothing else."""

Header = tuple[bytes, bytes]
_MSGPACK: Final[Header] = (b"content-type", b"application/msgpack")
_ALWAYS: Final[tuple[Header, ...]] = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
FRAMES: Final[tuple[Header, ...]] = ((b"content-type", b"application/octet-stream"), *_ALWAYS)
_ALLOWED_HEADERS: Final = (
    b"authorization, content-type, range, sealdesk-blob-delete, sealdesk-blob-read, sealdesk-log-head"
)
_EXPOSED_HEADERS: Final = b"content-range, retry-after"


class Gone(Exception):
    """The client closed the connection."""


def header(scope: Scope, name: bytes) -> bytes | None:
    for key, value in scope["headers"]:
        if key == name:
            found: bytes = value
            return found
    return None


def client(scope: Scope, proxies: frozenset[str]) -> str:
    """The caller's address: the last one that no trusted proxy vouches for."""
    peer = scope["client"]
    address: str = peer[0] if peer else ""
    # A proxy may add to the header it was sent, or add another header behind it: only the last of all is its own word.
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    forwarded = ",".join(lines).split(",")
    while address in proxies and forwarded and (nearer := forwarded.pop().strip()):
        address = nearer
    return address


def secret(scope: Scope, name: bytes, length: int) -> bytes:
    """Binary in a header. Raises MalformedRequest."""
    value = header(scope, name) or b""
    try:
        decoded = base64.urlsafe_b64decode(value + b"=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        decoded = b""
    if len(decoded) != length or base64.urlsafe_b64encode(decoded).rstrip(b"=") != value:
        raise MalformedRequest(f"This needs the header {name.decode().title()}: {length} bytes in base64url.")
    return decoded


def number(scope: Scope, name: str, most: int, default: int) -> int:
    """A number in the query. Raises MalformedRequest."""
    values = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True).get(name)
    if values is None:
        return default
    value = values[0]
    if len(values) != 1 or not (value.isascii() and value.isdigit()) or len(value) > 16 or int(value) > most:
        raise MalformedRequest(f"{name} is a number of at most {most}.")
    return int(value)


def byte_range(value: str | None, size: int) -> tuple[int, int]:
    """Start and end of `bytes=a-b`, `bytes=a-` or `bytes=-n`; all of it without one. Raises RangeInvalid."""
    if value is None:
        return 0, size
    unit, _, span = value.partition("=")
    first, dash, last = span.partition("-")
    numbers = all(part == "" or (part.isascii() and part.isdigit() and len(part) <= 15) for part in (first, last))
    if unit != "bytes" or not dash or not numbers or not (first or last):
        raise RangeInvalid("The range is not one range of bytes.")
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
    if start >= end:
        raise RangeInvalid("The range lies outside the blob.")
    return start, end


def decoded(shape: wire.Shape[wire.T], data: bytes) -> wire.T:
    try:
        return shape.decode(data)
    except wire.Malformed as error:
        raise refusal(error) from None


def content_length(scope: Scope) -> int | None:
    """Raises MalformedRequest."""
    value = header(scope, b"content-length")
    if value is None:
        return None
    if not value.isdigit() or len(value) > 15:
        raise MalformedRequest("Content-Length is not a length.")
    return int(value)


async def chunks(receive: Receive) -> AsyncIterator[bytes]:
    """A request's body as it comes. Raises Gone; MalformedRequest for one that stalls."""
    while True:
        try:
            async with asyncio.timeout(BODY_TIMEOUT):
                message = await receive()
        except TimeoutError:
            raise MalformedRequest("The body did not arrive in time.") from None
        if message["type"] != "http.request":
            raise Gone
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return


async def body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """A request's whole body, at most `limit` bytes. Raises TooLarge, MalformedRequest, Gone."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        # The usual case, and the hot one: everything came in one piece.
        whole: bytes = message.get("body", b"")
        if len(whole) > limit:
            raise TooLarge(f"This call takes at most {limit} bytes.")
        return whole
    if (content_length(scope) or 0) > limit:
        raise TooLarge(f"This call takes at most {limit} bytes.")
    return await _rest(message, receive, limit)


async def _rest(first: Message, receive: Receive, limit: int) -> bytes:
    if first["type"] != "http.request":
        raise Gone
    collected = bytearray(first.get("body", b""))
    try:
        async with asyncio.timeout(BODY_TIMEOUT):
            async for chunk in chunks(receive):
                collected += chunk
                if len(collected) > limit:
                    raise TooLarge(f"This call takes at most {limit} bytes.")
    except TimeoutError:
        raise MalformedRequest("The body did not arrive in time.") from None
    return bytes(collected)


class Answer:
    """One answer. Adds the headers that every answer has, and counts it by its class."""

    __slots__ = ("_counts", "_extra", "_send", "started")

    def __init__(self, send: Send, extra: tuple[Header, ...], counts: Counter[str]) -> None:
        self._send = send
        self._extra = extra
        self._counts = counts
        self.started = False

    async def send(self, message: Message) -> None:
        """An ASGI `send`, for Starlette's responses."""
        if message["type"] == "http.response.start":
            headers = [*message["headers"], *self._extra]
            if not any(name == b"cache-control" for name, _ in headers):
                headers.extend(_ALWAYS)
            await self._start(message["status"], headers)
        else:
            await self._send(message)

    async def ok(self, content: bytes, headers: tuple[Header, ...] = (_MSGPACK,)) -> None:
        # By default no more headers than these: each costs uvicorn some microseconds, and no cache keeps what
        # answers a POST.
        await self._start(200, [*headers, (b"content-length", b"%d" % len(content)), *self._extra])
        await self._send({"type": "http.response.body", "body": content})

    async def empty(self, status: int) -> None:
        await self._start(status, [*_ALWAYS, *self._extra])
        await self._send({"type": "http.response.body", "body": b""})

    async def stream(self) -> None:
        # nginx and its like would hold frames back until a buffer is full.
        await self._start(200, [*FRAMES, (b"x-accel-buffering", b"no"), *self._extra])

    async def chunk(self, data: bytes, *, last: bool = False) -> None:
        """Waits while the client's connection is full."""
        await self._send({"type": "http.response.body", "body": data, "more_body": not last})

    async def problem(self, problem: Problem) -> None:
        if self.started:
            return  # the connection is closed short, which the client sees
        content = problem.document()
        headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(content))]
        if problem.after is not None:
            headers.append((b"retry-after", b"%d" % problem.after))
        await self._start(problem.status, [*headers, *_ALWAYS, *self._extra])
        await self._send({"type": "http.response.body", "body": content})

    async def _start(self, status: int, headers: list[Header]) -> None:
        self.started = True
        self._counts[f"{status // 100}xx"] += 1
        await self._send({"type": "http.response.start", "status": status, "headers": headers})


class Cors:
    """Answers for pages that are hosted apart from the relay: only those of configured origins may read them."""

    def __init__(self, origins: frozenset[str]) -> None:
        self._origins = {origin.encode() for origin in origins}

    def headers(self, scope: Scope) -> tuple[Header, ...]:
        if not self._origins:
            return ()
        origin = header(scope, b"origin")
        if origin not in self._origins or origin is None:
            return ((b"vary", b"Origin"),)
        allowed = (
            (b"vary", b"Origin"),
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", _EXPOSED_HEADERS),
        )
        if scope["method"] != "OPTIONS":
            return allowed
        return (
            *allowed,
            (b"access-control-allow-methods", b"GET, POST, PUT, DELETE"),
            (b"access-control-allow-headers", _ALLOWED_HEADERS),
            (b"access-control-max-age", b"7200"),
        )


class Fault(Unavailable):
    """The relay's own mistake. A client may try again; the log says where."""

    status, name = 500, "fault"
    action = "Try again. If it stays, tell the relay's operator; the relay's log says where it failed."
