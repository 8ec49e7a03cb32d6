"""Changes to MessagePack that leave it MessagePack: a flipped byte seldom gets past the first length.

Binary fields that hold arrays themselves are opened too, since that is where Sealdesk carries what is signed.
"""

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import msgspec

_INTEGERS = (0, 1, 2, 2**31, 2**32 - 1, 2**32, 2**53 - 1, 2**53, 2**63 - 1, 2**64 - 1, -1)
_ANYTHING: tuple[Any, ...] = (None, True, 0, -1, 1.5, b"", bytes(32), "", "SD1", [], {}, [[]])
_TEXTS = ("", "\0", "\x1b[31m", "é" * 100, "\u202e", "0" * 33, "x" * 201)


class Nested(list[Any]):
    """An array that travels inside a binary field."""


def opened(data: bytes) -> Any | None:
    """The array in `data`, binary fields that hold arrays opened; None when it is none."""
    if not data or not (0x90 <= data[0] <= 0x9F or data[0] in (0xDC, 0xDD)):
        return None
    try:
        return _open(msgspec.msgpack.decode(data))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def closed(tree: Any) -> bytes:
    return msgspec.msgpack.encode(_close(tree))


def parts(tree: Any) -> Iterator[Any]:
    """The tree and everything below it, with nested arrays closed."""
    yield _close(list(tree) if isinstance(tree, Nested) else tree)
    if isinstance(tree, list):
        for item in tree:
            yield from parts(item)


def mutated(data: bytes, rng: random.Random) -> bytes | None:
    """`data` with one to four changes to its structure; None when it has none."""
    tree = opened(data)
    if tree is None:
        return None
    root = [tree]
    try:
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            _change(root, rng)
        return closed(root[0])
    except (UnicodeEncodeError, OverflowError, RecursionError):
        return None


def _open(value: Any) -> Any:
    if isinstance(value, list):
        return [_open(item) for item in value]
    if isinstance(value, bytes):
        inner = opened(value)
        return value if inner is None else Nested(inner)
    return value


def _close(value: Any) -> Any:
    if isinstance(value, Nested):
        return closed(list(value))
    return [_close(item) for item in value] if isinstance(value, list) else value


def _places(tree: list[Any]) -> Iterator[tuple[list[Any], int]]:
    for index, item in enumerate(tree):
        yield tree, index
        if isinstance(item, list):
            yield from _places(item)


def _change(root: list[Any], rng: random.Random) -> None:
    places = list(_places(root))
    holder, index = rng.choice(places)
    value = holder[index]
    if rng.random() < 0.15:
        donor, place = rng.choice(places)
        holder[index] = deepcopy(donor[place]) if rng.random() < 0.7 else deepcopy(rng.choice(_ANYTHING))
    elif holder is not root and rng.random() < 0.15:
        _resize(holder, index, rng)
    else:
        kind = next((kind for kind in _CHANGES if isinstance(value, kind)), None)
        holder[index] = _CHANGES[kind](value, rng) if kind else rng.choice(_ANYTHING)


def _resize(holder: list[Any], index: int, rng: random.Random) -> None:
    if rng.random() < 0.5:
        del holder[index]
    else:
        holder[index:index] = [deepcopy(holder[index]) for _ in range(rng.choice((1, 1, 2, 60)))]


def _of_integer(value: int, rng: random.Random) -> int:
    near = min(max(value + rng.choice((-1, 1)), -(2**63)), 2**64 - 1)
    return rng.choice((*_INTEGERS, near, near, near))


def _of_bytes(value: bytes, rng: random.Random) -> bytes:
    changed = bytearray(value)
    match rng.randrange(6):
        case 0 | 1 if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        case 2:
            del changed[rng.randrange(len(changed) + 1) :]
        case 3:
            changed += rng.randbytes(rng.choice((1, 16, 32, 300)))
        case 4:
            changed[:] = bytes([rng.choice((0, 1, 0x7F, 0xFF))]) * len(changed)
        case _:
            changed[:] = rng.randbytes(len(changed))
    return bytes(changed)


def _of_text(value: str, rng: random.Random) -> str:
    at = rng.randrange(len(value) + 1)
    return rng.choice((*_TEXTS, value[:at], value[:at] + chr(rng.choice((0, 10, 48, 90, 0x100, 0x1F600))) + value[at:]))


def _of_array(value: list[Any], rng: random.Random) -> list[Any]:
    changed = list(value)
    if rng.random() < 0.5:
        rng.shuffle(changed)
    elif rng.random() < 0.5:
        changed *= rng.choice((0, 2, 3, 20))
    return Nested(changed) if isinstance(value, Nested) else changed


_CHANGES: dict[type, Callable[[Any, random.Random], Any]] = {
    bool: lambda value, rng: not value,
    int: _of_integer,
    bytes: _of_bytes,
    str: _of_text,
    list: _of_array,
}
