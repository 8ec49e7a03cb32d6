"""What the relay reads from callers whom it does not know."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from relay_server import asgi, clinics, mailboxes, wire
from relay_server.problems import Problem
from relay_server.wire import Malformed, Shape
from tests.fuzz.registry import require, target

SHAPES = {name: shape for name, shape in vars(wire).items() if isinstance(shape, Shape)}
SENDER = bytes(32)

TOPICS = (
    "certificate", "prekey", "prekey-bundle", "registration", "receipt", "roster", "audit", "page-config", "session",
)  # fmt: skip


def _requests() -> list[bytes]:
    key, proof = bytes(32), bytes(64)
    requests: tuple[Any, ...] = (
        [[bytes(16), b"body", [[key, b"slot"], [bytes([1]) * 32, b"slot"]]]],
        [[b"payload", proof]],
        [key],
        [key, key, "full", proof],
        ["invitation", key, key],
        ["intake", key],
        [bytes(16)],
        [1, proof],
        [1, 2, 3],
        [0, b"statement"],
        [b"certificate", b"signed", b"kem", [b"one"], [b"once"], False],
        [[wire.encode(["delivered", "", key, key, key, 1, b"", 1]), proof]],
    )
    return [wire.encode(request) for request in requests]


@target(topics=TOPICS, seeds=_requests)
def relay_request(data: bytes) -> None:
    for name, shape in SHAPES.items():
        with suppress(Malformed):
            require(wire.encode(shape.decode(data)) == data, f"another encoding of {name}")
    for read in (mailboxes.hashed, mailboxes.receipts):
        with suppress(Problem):
            read(SENDER, data)


def _headers() -> list[bytes]:
    values = (b"A" * 22, b"A" * 43, b"12." + b"A" * 43, b"bytes=0-9", b"bytes=-5", b"1048576", b"after=3&wait=25")
    return [bytes([number]) + value for number in range(6) for value in values]


@target(Problem, seeds=_headers)
def relay_header(data: bytes) -> None:
    """The first byte chooses the reader."""
    value = data[1:]
    scope: Any = {
        "headers": [(b"name", value), (b"content-length", value), (b"x-forwarded-for", value)],
        "client": None,
    }
    text = value.decode("latin-1")
    readers: tuple[Callable[[], object], ...] = (
        lambda: asgi.secret(scope, b"name", 16),
        lambda: asgi.content_length(scope),
        lambda: clinics._head(value),
        lambda: _is_range(asgi.byte_range(text, 1000)),
        lambda: asgi.number({"query_string": value}, "after", 2**53 - 1, 0),
        lambda: asgi.client(scope, frozenset({""})),
    )
    readers[(data[0] if data else 0) % len(readers)]()


def _is_range(span: tuple[int, int]) -> None:
    require(0 <= span[0] < span[1] <= 1000, "outside the blob")
