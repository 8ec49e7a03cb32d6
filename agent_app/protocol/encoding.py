"""The one encoding of every value: docs/protocol.md, sections 1 and 2.

`frame` is what is hashed and signed; `encode` and `decode` are strict MessagePack of typed arrays.
"""

from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, overload

import msgspec

from .errors import MalformedError, NotCanonicalError
from .labels import PREFIX, Label

T = TypeVar("T")
Field = bytes | str | int

MAX_UINT = 2**53 - 1  # what both implementations' numbers hold exactly
Uint = Annotated[int, msgspec.Meta(ge=0, le=MAX_UINT)]
Uint32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
B16 = msgspec.Meta(min_length=16, max_length=16)
B32 = msgspec.Meta(min_length=32, max_length=32)
B64 = msgspec.Meta(min_length=64, max_length=64)
Bytes16 = Annotated[bytes, B16]
Bytes32 = Annotated[bytes, B32]
Bytes64 = Annotated[bytes, B64]
Bytes0Or32 = Annotated[bytes, msgspec.Meta(max_length=32)]  # with `absent_or_32` in __post_init__


class Record(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A structure of the specification: an array whose fields stand in the order of their definition."""


def absent_or_32(field: bytes) -> None:
    """Raises ValueError, which a decoder reports as malformed, for a Bytes0Or32 of another length."""
    if len(field) not in (0, 32):
        raise ValueError("expected 0 or 32 bytes")


def lp(field: bytes) -> bytes:
    """The field behind its length."""
    return len(field).to_bytes(4, "big") + field


@cache
def _prefix(label: Label) -> bytes:
    return lp((PREFIX + label).encode())


def _field(value: Field) -> bytes:
    if isinstance(value, bytes):
        return lp(value)
    if isinstance(value, str):
        return lp(value.encode())
    return lp(value.to_bytes(8, "big"))


def frame(label: Label, *fields: Field) -> bytes:
    """`lp(label) || lp(field)...`: no two different lists of fields give the same bytes."""
    return _prefix(label) + b"".join(map(_field, fields))


_encoder = msgspec.msgpack.Encoder()


def encode(value: object) -> bytes:
    """The one encoding of a Record, or of a list, tuple, bytes, text, number, boolean or None.

    Raises MalformedError for text that is not Unicode (a lone surrogate).
    """
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError as error:
        raise MalformedError("text with a lone surrogate") from error


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind, strict=True)


@overload
def decode(data: bytes, kind: type[T]) -> T: ...
@overload
def decode(data: bytes, kind: UnionType) -> Any: ...
def decode(data: bytes, kind: Any) -> Any:
    """Reads `data` as exactly one value of type `kind`.

    Raises MalformedError for a wrong type, count, length, tag or a trailing byte, and NotCanonicalError for a
    second encoding of a value: with two spellings of one message, two devices could hold different hashes of it.
    """
    try:
        value = _decoder(kind).decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(_name(kind)) from error
    if _encoder.encode(value) != data:
        raise NotCanonicalError(_name(kind))
    return value


def _name(kind: Any) -> str:
    return str(getattr(kind, "__name__", kind))


def pad(data: bytes, length: int) -> bytes:
    """`data`, 0x80 and zeros, `length` bytes in all. The caller has checked that at least one byte is free."""
    if len(data) >= length:
        raise MalformedError("no room for the padding")
    return data + b"\x80" + bytes(length - len(data) - 1)


def unpad(padded: bytes) -> bytes:
    """What stood before the padding."""
    data = padded.rstrip(b"\x00")
    if not data.endswith(b"\x80"):
        raise MalformedError("padding")
    return data[:-1]
