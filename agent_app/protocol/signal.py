"""Signals: what is true only for the moment, told in the sessions that are there: docs/protocol.md, section 22.

A signal is no message. It is not signed, not chained, not stored and not answered; what proves its sender is the
ratchet, and what is lost of it is not missed.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from . import limits
from .encoding import B32, Record, Uint, decode, encode, frame, pad, unpad
from .envelope import SMALLEST_BUCKET, AddressedSlot, Composed, Envelope, body_hash, require_body
from .errors import MalformedError, NotPermittedError
from .events import Role
from .keys import SUITE, EnvelopeId, LocalDevice, MailboxId, MessageId, StreamId, check_suite
from .labels import Label
from .primitives import SEAL_OVERHEAD, Random, seal, unseal
from .session import BodyKey, PeerSessions, Received
from .slot import NO_STREAM

Shared = Annotated[StreamId, B32]  # of the conversation that is meant
State = Literal["available", "away", "offline"]


class Typing(Record, frozen=True, tag="typing"):
    """Somebody writes to the other side of a conversation, or has stopped."""

    stream: Shared
    on: bool


class Viewing(Record, frozen=True, tag="viewing"):
    """Which conversation stands open on a desk."""

    stream: Shared | None


class Replying(Record, frozen=True, tag="replying"):
    """A colleague is writing to the patient: whoever else would write asks first."""

    stream: Shared
    on: bool


class Presence(Record, frozen=True, tag="presence"):
    state: State


class Queue(Record, frozen=True, tag="queue"):
    """How many wait before this patient, and for about how long they will; nil where that is not known, or over."""

    ahead: Annotated[int, msgspec.Meta(ge=0, le=9_999)] | None
    minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] | None

    def __post_init__(self) -> None:
        if self.ahead is None and self.minutes is not None:
            raise ValueError("a time without a place in the queue")


Hint = Typing | Viewing | Replying | Presence | Queue

HOLDS: dict[type, int] = {Typing: 15_000, Viewing: 60_000, Replying: 60_000, Presence: 120_000, Queue: 180_000}
"""Milliseconds for which a hint is believed when no other of its kind follows."""


class Signal(Record, frozen=True):
    """A hint and when it was given, in milliseconds."""

    suite: str
    time: Uint
    hint: Hint

    def is_current(self, now: int) -> bool:
        """Whether it was given so lately, by its sender's clock, that it may say something about now."""
        return abs(now - self.time) <= limits.SIGNAL_AGE

    def ends(self, now: int) -> int:
        """Until when to believe it. A clock that runs ahead makes nothing hold for longer."""
        return min(self.time, now) + HOLDS[type(self.hint)]


def is_permitted(hint: Hint, author: Role, reader: Role) -> bool:
    """Whether a device with the role `author` may tell this to one with the role `reader`: section 22.2."""
    if "auditor" in (author, reader):
        return False
    match hint:
        case Typing():
            return (author == "patient") != (reader == "patient")
        case Queue():
            return author != "patient" and reader == "patient"
    return "patient" not in (author, reader)  # what concerns the team never leaves it


def compose(local: LocalDevice, hint: Hint, recipients: Sequence[PeerSessions], random: Random, now: int) -> Composed:
    """Seals a hint to devices in whose sessions this device was answered. Store the sessions before sending.

    Raises UnknownSessionError where there is no such session, NotPermittedError for the team's hint to a patient.
    """
    limits.RECIPIENTS.check(len(recipients))
    author: Role = "patient" if local.certificate.core.kind == "patient" else "agent"
    for recipient in recipients:
        if not is_permitted(hint, author, "patient" if recipient.peer.core.kind == "patient" else "agent"):
            raise NotPermittedError("not for this device")
    message, key = MessageId(random(16)), random(32)
    body = seal_signal(Signal(SUITE, now, hint), key, local.mailbox, message, random)
    carried = BodyKey(key, body_hash(body), NO_STREAM, message)
    slots, sessions = [], []
    for recipient in recipients:
        state, slot = recipient.encrypt_signal(carried, random)
        slots.append(AddressedSlot(state.peer.mailbox, encode(slot)))
        sessions.append(state)
    return Composed(Envelope(EnvelopeId(random(16)), body, tuple(slots)), tuple(sessions))


def open_received(received: Received, body: bytes) -> Signal:
    """The signal of a decrypted slot. Raises ForgedError and what `open_signal` raises."""
    plaintext = received.plaintext
    require_body(plaintext, body)
    return open_signal(body, plaintext.message_key, received.sessions.peer.mailbox, plaintext.message)


def seal_signal(signal: Signal, key: bytes, sender: MailboxId, message: MessageId, random: Random) -> bytes:
    """All signals are of one length. Draws the nonce (24)."""
    return seal(key, random(24), frame(Label.SIGNAL, sender, message), pad(encode(signal), SMALLEST_BUCKET))


def open_signal(body: bytes, key: bytes, sender: MailboxId, message: MessageId) -> Signal:
    """Raises UndecryptableError, UnknownSuiteError or an EncodingError."""
    if len(body) != SMALLEST_BUCKET + SEAL_OVERHEAD:
        raise MalformedError("length of a signal")
    signal = decode(unpad(unseal(key, frame(Label.SIGNAL, sender, message), body)), Signal)
    check_suite(signal.suite)
    return signal
