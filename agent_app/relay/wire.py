"""The bytes of section 16, as the device sees them: bounded and typed before anybody reads them."""

import base64
from collections.abc import Iterator
from typing import Annotated, Literal, TypeVar

from msgspec import Meta

from agent_app.protocol import encoding
from agent_app.protocol.encoding import Bytes16, Bytes32, Bytes64, Record, Uint
from agent_app.protocol.errors import EncodingError, LimitError
from agent_app.protocol.receipt import Accepted
from agent_app.relay.errors import RelayNonsense

Body = Annotated[bytes, Meta(max_length=32_808)]
Slot = Annotated[bytes, Meta(max_length=4_096)]
Small = Annotated[bytes, Meta(max_length=8_192)]
Text = Annotated[str, Meta(max_length=1_024)]

FRAME_LIMIT = 64 * 1024  # a body, a slot and their headers, with room
STATEMENTS_A_PAGE = 1_024


class RelayIdentity(Record, frozen=True):
    """16.1"""

    origin: Text
    key: Bytes32
    suite: Literal["SD1"]


class Challenge(Record, frozen=True):
    """16.2"""

    challenge: Bytes32


class Token(Record, frozen=True):
    """16.3. `expires` in milliseconds since 1970 UTC."""

    token: Annotated[str, Meta(max_length=1_024, pattern="^[!-~]+$")]  # it goes into a header
    expires: Uint

    def __repr__(self) -> str:
        return f"Token(expires={self.expires})"


class Prekeys(Record, frozen=True):
    """16.6, what a device publishes. `reset` first drops what was there."""

    certificate: bytes
    signed: bytes
    kem_last: bytes
    one_time: tuple[bytes, ...]
    kem_once: tuple[bytes, ...]
    reset: bool


class PrekeysLeft(Record, frozen=True):
    """16.6"""

    one_time: Uint
    kem_once: Uint


class TakenBundle(Record, frozen=True):
    """16.6. `bundle` is None for a mailbox that has published nothing, or may not be asked for."""

    mailbox: Bytes32
    bundle: Small | None


class RefusedDelivery(Record, frozen=True):
    """16.7"""

    mailbox: Bytes32
    reason: Text


class EnvelopeAnswer(Record, frozen=True):
    """16.7. `accepted` in slot order, None where the delivery was refused."""

    id: Bytes16
    accepted: Annotated[tuple[Accepted | None, ...], Meta(max_length=50)]
    refused: Annotated[tuple[RefusedDelivery, ...], Meta(max_length=50)]


class SignedGeneration(Record, frozen=True):
    """16.8"""

    generation: Uint
    signature: Bytes64


class DeletedDelivery(Record, frozen=True):
    """16.10. `deleted` is False when the relay held no such delivery for the caller (any more)."""

    delivery: Bytes32
    deleted: bool


class Waiting(Record, frozen=True):
    """16.12"""

    envelopes: Uint


class LogPage(Record, frozen=True):
    """16.15. `size` is the whole log's; `note` its signed checkpoint with cosignatures."""

    size: Uint
    statements: Annotated[tuple[Small, ...], Meta(max_length=STATEMENTS_A_PAGE)]
    note: Annotated[str, Meta(max_length=16_384)]


CosignedNotes = Annotated[tuple[Annotated[str, Meta(max_length=16_384)], ...], Meta(max_length=64)]  # 16.17


class Enrolment(Record, frozen=True):
    """16.20. `sealed` opens with the words of whoever left it, `since`."""

    ticket: Bytes16
    since: Uint
    sealed: Annotated[bytes, Meta(max_length=1_024)]


Enrolments = Annotated[tuple[Enrolment, ...], Meta(max_length=64)]


class EnvelopeFrame(Record, frozen=True, tag="envelope"):
    position: Uint
    sender: Bytes32
    id: Bytes16
    accepted: Uint
    body: Body
    slot: Slot


class ReceiptFrame(Record, frozen=True, tag="receipt"):
    position: Uint
    payload: Annotated[bytes, Meta(max_length=512)]
    signature: Bytes64


class HeadFrame(Record, frozen=True, tag="head"):
    size: Uint
    root: Bytes32


class LeaseFrame(Record, frozen=True, tag="lease"):
    """Another reader took this mailbox over."""


class EndFrame(Record, frozen=True, tag="end"):
    reason: Literal["stopping", "revoked", "expired"]


Frame = EnvelopeFrame | ReceiptFrame | HeadFrame | LeaseFrame | EndFrame

T = TypeVar("T")


def encode(value: object) -> bytes:
    return encoding.encode(value)


def decode(kind: type[T], data: bytes) -> T:
    """`data` as `kind`. Raises RelayNonsense when it is anything else, or not in its one form."""
    try:
        return encoding.decode(data, kind)
    except (EncodingError, LimitError) as error:
        raise RelayNonsense("the relay sent something that cannot be read") from error


class FrameReader:
    """Cuts a byte stream into frames (16.9). Heartbeats come out as None."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame | None]:
        self._buffer += data
        while len(self._buffer) >= 4:
            length = int.from_bytes(self._buffer[:4])
            if length > FRAME_LIMIT:
                raise RelayNonsense("the relay sent a frame that is too long")
            if len(self._buffer) < 4 + length:
                return
            frame = bytes(self._buffer[4 : 4 + length])
            del self._buffer[: 4 + length]
            yield decode(Frame, frame) if length else None  # type: ignore[arg-type]


def b64url(data: bytes) -> str:
    """Binary in headers: base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
