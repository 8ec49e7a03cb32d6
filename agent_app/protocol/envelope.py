"""Bodies and envelopes: one sealed body, and a slot with its key for each recipient: docs/protocol.md, section 8."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec

from . import limits, primitives
from .content import Message, require_clock, require_recipient, verify
from .encoding import B16, B32, Record, decode, encode, frame, pad, unpad
from .errors import ForgedError, LimitError, MalformedError
from .events import SignedContent
from .invitation import Presentation
from .keys import EnvelopeId, LocalDevice, MailboxId, MessageId, StreamId
from .labels import Label
from .primitives import Random, seal, unseal
from .session import BodyKey, IsAccepted, PeerSessions, PrekeyById, Received
from .slot import Slot, SlotPlaintext, read_slot

SMALLEST_BUCKET, LARGEST_BUCKET = 256, 32_768


class AddressedSlot(Record, frozen=True):
    mailbox: Annotated[MailboxId, B32]
    slot: bytes


class Envelope(Record, frozen=True):
    """What the relay takes."""

    id: Annotated[EnvelopeId, B16]
    body: bytes
    slots: Annotated[tuple[AddressedSlot, ...], msgspec.Meta(min_length=1, max_length=limits.RECIPIENTS.value)]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One peer device to send to: its sessions (with one that sends), and what an invited patient presents to it."""

    sessions: PeerSessions
    invitation: Presentation | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """An envelope and the recipients' next sessions, in order. Store both before sending."""

    envelope: Envelope
    sessions: tuple[PeerSessions, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A verified message and what to store with it, in one transaction."""

    message: Message
    received: Received


def compose(local: LocalDevice, message: Message, recipients: Sequence[Recipient], random: Random) -> Composed:
    """Seals a message to its recipients, or to some of them when it is sent again.

    Raises ForgedError when a recipient is not named in the content, LimitError, or what PeerSessions.encrypt raises.
    """
    limits.RECIPIENTS.check(len(recipients))
    content = message.content
    for recipient in recipients:
        require_recipient(content, recipient.sessions.peer.device)
    key = random(32)
    body = seal_body(message.signed, key, content.stream, local.mailbox, content.message, random)
    carried = BodyKey(key, body_hash(body), content.stream, content.message)
    slots, sessions = [], []
    for recipient in recipients:
        state, slot = recipient.sessions.encrypt(local, carried, random, recipient.invitation)
        slots.append(AddressedSlot(state.peer.mailbox, encode(slot)))
        sessions.append(state)
    return Composed(Envelope(EnvelopeId(random(16)), body, tuple(slots)), tuple(sessions))


def open_envelope(
    local: LocalDevice,
    sessions: PeerSessions,
    slot: Slot | bytes,
    body: bytes,
    prekeys: PrekeyById,
    is_accepted: IsAccepted,
    random: Random,
    now: int,
) -> Opened:
    """Decrypts and verifies a message from the peer whose sessions these are.

    Raises what `read_slot`, PeerSessions.decrypt and `open_received` raise. Nothing is changed then.
    """
    slot = read_slot(slot) if isinstance(slot, bytes) else slot
    return open_received(local, sessions.decrypt(local, slot, prekeys, is_accepted, random, now), body, now)


def open_received(local: LocalDevice, received: Received, body: bytes, now: int) -> Opened:
    """The message of a decrypted slot.

    Raises ForgedError when the body, the content's author, signature, stream, message id, recipients or clock are not
    what they have to be.
    """
    plaintext, peer = received.plaintext, received.sessions.peer
    require_body(plaintext, body)
    signed = open_body(body, plaintext.message_key, plaintext.stream, peer.mailbox, plaintext.message)
    message = verify(signed, peer)
    if (message.content.stream, message.content.message) != (plaintext.stream, plaintext.message):
        raise ForgedError("stream or message id")
    require_recipient(message.content, local.device)
    require_clock(message.content, peer, now)
    return Opened(message, received)


def require_body(plaintext: SlotPlaintext, body: bytes) -> None:
    """Every recipient knows the message key; without this hash any of them could replace the body for another."""
    if not primitives.equal(body_hash(body), plaintext.body_hash):
        raise ForgedError("body hash")


def seal_body(
    signed: SignedContent, key: bytes, stream: StreamId, sender: MailboxId, message: MessageId, random: Random
) -> bytes:
    """Draws the nonce (24). Raises LimitError when the content is too large for the largest bucket."""
    encoded = encode(signed)
    padded = pad(encoded, bucket(len(encoded)))
    return seal(key, random(24), frame(Label.BODY, stream, sender, message), padded)


def open_body(body: bytes, key: bytes, stream: StreamId, sender: MailboxId, message: MessageId) -> SignedContent:
    """Raises LimitError, UndecryptableError or an EncodingError."""
    limits.BODY.check(len(body))
    padded = unseal(key, frame(Label.BODY, stream, sender, message), body)
    encoded = unpad(padded)
    if len(padded) != bucket(len(encoded)):
        raise MalformedError("padding of a body")
    return decode(encoded, SignedContent)


def body_hash(body: bytes) -> bytes:
    return primitives.labelled_hash(Label.BODY, body)


def bucket(size: int) -> int:
    """The padded length of `size` bytes: the next power of two above, from 256 to 32,768."""
    length = max(SMALLEST_BUCKET, 1 << size.bit_length())
    if length > LARGEST_BUCKET:
        raise LimitError(limits.BODY.name, LARGEST_BUCKET - 1, size)
    return length
