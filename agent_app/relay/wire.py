"""The bytes of section 16, as the device sees them: bounded and typed before anybody reads them."""

import base64
from collections.abc import Iterator
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from agent_app.relay.errors import RelayNonsense

Bytes16 = Annotated[bytes, Meta(min_length=16, max_length=16)]
Bytes32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
Bytes64 = Annotated[bytes, Meta(min_length=64, max_length=64)]
Link = Annotated[bytes, Meta(max_length=32)]
Body = Annotated[bytes, Meta(max_length=32_808)]
Slot = Annotated[bytes, Meta(max_length=4_096)]
Small = Annotated[bytes, Meta(max_length=8_192)]
Uint = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Text = Annotated[str, Meta(max_length=1_024)]

FRAME_LIMIT = 64 * 1024  # a body, a slot and their headers, with room
STATEMENTS_A_PAGE = 1_024


class _Array(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """Section 2: structures are arrays, and an element too many is an error."""


class RelayIdentity(_Array, frozen=True):
    """16.1"""

    origin: Text
    key: Bytes32
    suite: Literal["SD1"]


class Challenge(_Array, frozen=True):
    """16.2"""

    challenge: Bytes32


class Token(_Array, frozen=True):
    """16.3. `expires` in milliseconds since 1970 UTC."""

    token: Text
    expires: Uint


class SignedRegistration(_Array, frozen=True):
    """16.4, 16.5"""

    registration: Small
    signature: Bytes64


class Prekeys(_Array, frozen=True):
    """16.6, what a device publishes. `reset` first drops what was there."""

    certificate: bytes
    signed: bytes
    kem_last: bytes
    one_time: tuple[bytes, ...]
    kem_once: tuple[bytes, ...]
    reset: bool


class PrekeysLeft(_Array, frozen=True):
    """16.6"""

    one_time: Uint
    kem_once: Uint


class TakenBundle(_Array, frozen=True):
    """16.6. `bundle` is None for a mailbox that has published nothing, or may not be asked for."""

    mailbox: Bytes32
    bundle: Small | None


class Delivery(_Array, frozen=True):
    """8.1: one mailbox and its slot."""

    mailbox: Bytes32
    slot: Slot


class Envelope(_Array, frozen=True):
    """8.1"""

    id: Bytes16
    body: Body
    deliveries: Annotated[tuple[Delivery, ...], Meta(min_length=1, max_length=50)]


class AcceptedReceipt(_Array, frozen=True):
    """13.2"""

    root: Bytes32
    count: Uint
    time: Uint
    signature: Bytes64
    index: Uint
    path: Annotated[tuple[Bytes32, ...], Meta(max_length=64)]


class RefusedDelivery(_Array, frozen=True):
    """16.7"""

    mailbox: Bytes32
    reason: Text


class EnvelopeAnswer(_Array, frozen=True):
    """16.7. `accepted` in slot order, None where the delivery was refused."""

    id: Bytes16
    accepted: Annotated[tuple[AcceptedReceipt | None, ...], Meta(max_length=50)]
    refused: Annotated[tuple[RefusedDelivery, ...], Meta(max_length=50)]


class SignedGeneration(_Array, frozen=True):
    """16.8"""

    generation: Uint
    signature: Bytes64


class SignedReceipt(_Array, frozen=True):
    """13.3, 16.10"""

    payload: Annotated[bytes, Meta(max_length=512)]
    signature: Bytes64


class DeletedDelivery(_Array, frozen=True):
    """16.10. `deleted` is False when the relay held no such delivery for the caller (any more)."""

    delivery: Bytes32
    deleted: bool


class Waiting(_Array, frozen=True):
    """16.12"""

    envelopes: Uint


class LogPage(_Array, frozen=True):
    """16.15. `size` is the whole log's; `note` its signed checkpoint with cosignatures."""

    size: Uint
    statements: Annotated[tuple[Small, ...], Meta(max_length=STATEMENTS_A_PAGE)]
    note: Annotated[str, Meta(max_length=16_384)]


class EnvelopeFrame(_Array, frozen=True, tag="envelope"):
    position: Uint
    sender: Bytes32
    id: Bytes16
    accepted: Uint
    body: Body
    slot: Slot


class ReceiptFrame(_Array, frozen=True, tag="receipt"):
    position: Uint
    payload: Annotated[bytes, Meta(max_length=512)]
    signature: Bytes64


class HeadFrame(_Array, frozen=True, tag="head"):
    size: Uint
    root: Bytes32


class LeaseFrame(_Array, frozen=True, tag="lease"):
    """Another reader took this mailbox over."""


class EndFrame(_Array, frozen=True, tag="end"):
    reason: Literal["stopping", "revoked", "expired"]


Frame = EnvelopeFrame | ReceiptFrame | HeadFrame | LeaseFrame | EndFrame

T = TypeVar("T")


def encode(value: object) -> bytes:
    return msgspec.msgpack.encode(value)


def decode(kind: type[T], data: bytes) -> T:
    """`data` as `kind`. Raises RelayNonsense when it is anything else, or not in the shortest form."""
    try:
        value = msgspec.msgpack.decode(data, type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise RelayNonsense("The relay's answer cannot be read. Tell your administrator.") from error
    if msgspec.msgpack.encode(value) != data:
        raise RelayNonsense("The relay's answer is not in its one form. Tell your administrator.")
    return value


class FrameReader:
    """Cuts a byte stream into frames (16.9). Heartbeats come out as None."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame | None]:
        self._buffer += data
        while len(self._buffer) >= 4:
            length = int.from_bytes(self._buffer[:4])
            if length > FRAME_LIMIT:
                raise RelayNonsense("The relay sent a frame that is too long. Tell your administrator.")
            if len(self._buffer) < 4 + length:
                return
            frame = bytes(self._buffer[4 : 4 + length])
            del self._buffer[: 4 + length]
            yield decode(Frame, frame) if length else None  # type: ignore[arg-type]


def b64url(data: bytes) -> str:
    """Binary in headers: base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
