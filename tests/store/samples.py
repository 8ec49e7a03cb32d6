"""Values that fill every column, told apart by a number."""

from agent_app.protocol.keys import (
    BlobId,
    ConversationId,
    DeliveryHash,
    DeviceId,
    EnvelopeId,
    InvitationId,
    MailboxId,
    MessageHash,
    MessageId,
    StreamId,
)
from agent_app.store.attachments import Attachment
from agent_app.store.conversations import Conversation
from agent_app.store.deliveries import Incoming, Outgoing
from agent_app.store.events import NewEvent, Prominence, Standing
from agent_app.store.invitations import Invitation
from agent_app.store.rooms import Store

DATABASE_KEY = bytes(range(32))
EPOCH_KEY = bytes(range(32, 64))


def of(kind: str, number: int = 0, length: int = 32) -> bytes:
    """Bytes that say what they are."""
    return kind.encode()[: length - 4].ljust(length - 4, b".") + number.to_bytes(4, "big")


def device(number: int = 0) -> DeviceId:
    return DeviceId(of("device", number))


def mailbox(number: int = 0) -> MailboxId:
    return MailboxId(of("mailbox", number))


def conversation(number: int = 0) -> Conversation:
    return Conversation(
        ConversationId(of("conversation", number)),
        device(900 + number),
        StreamId(of("shared", number)),
        StreamId(of("team", number)),
        opened=1_000,
        status="waiting",
        summary=b"",
    )


def event(
    sequence: int = 1,
    *,
    author: int = 1,
    place: int | None = 0,
    clock: int | None = None,
    twin: int = 0,
    standing: Standing = Standing.ADMITTED,
    prominence: Prominence = Prominence.COUNTED,
    content: bytes = b"content",
    stream: bytes | None = None,
) -> NewEvent:
    """Message `sequence` of `author` in the shared stream of conversation `place`; a `twin` forks it."""
    number = author * 1_000_000 + sequence * 10 + twin + (place or 0) * 100_000_000
    return NewEvent(
        hash=MessageHash(of("hash", number)),
        conversation=None if place is None else conversation(place).id,
        stream=StreamId(stream if stream is not None else conversation(place or 0).shared),
        message=MessageId(of("message", number, 16)),
        author=device(author),
        sequence=sequence,
        previous=b"" if sequence == 1 else of("hash", number - 10),
        clock=sequence if clock is None else clock,
        time=1_000 + sequence,
        kind="text",
        heads=b"heads",
        log_size=1,
        standing=standing,
        prominence=prominence,
        arrived=2_000 + sequence,
        content=content,
        signature=of("signature", number, 64),
    )


def incoming(number: int = 0, message: bytes | None = None) -> Incoming:
    return Incoming(
        DeliveryHash(of("incoming", number)),
        mailbox(1),
        EnvelopeId(of("envelope", number, 16)),
        of("body", number),
        of("slot", number),
        None if message is None else MessageHash(message),
        payload=of("payload", number, 100),
        signature=of("receipt", number, 64),
        received=number,
    )


def outgoing(number: int, message: bytes, envelope: bytes, to: int = 0) -> Outgoing:
    return Outgoing(
        DeliveryHash(of("outgoing", number)),
        MessageHash(message),
        EnvelopeId(envelope),
        mailbox(to),
        device(to),
        of("body", number),
        of("slot", number),
    )


def envelope(number: int = 0) -> EnvelopeId:
    return EnvelopeId(of("envelope", number, 16))


def invitation(number: int = 0, *, tries: int = 3, expires: int = 10_000) -> Invitation:
    return Invitation(
        InvitationId(of("invite", number, 16)),
        b"registration",
        of("signature", number, 64),
        of("secret", number, 16),
        "4711",
        b"identifiers",
        "Ada",
        "check-up",
        device(1),
        created=number,
        expires=expires,
        tries=tries,
    )


def attachment(number: int = 0, *, own: bool = True, uploaded: bool = False) -> Attachment:
    return Attachment(
        BlobId(of("blob", number)),
        None,
        of("key", number),
        of("read", number, 16),
        of("delete", number, 16),
        size=100,
        own=own,
        uploaded=uploaded,
        created=number,
    )


def conversation_in(store: Store, number: int = 0) -> Conversation:
    """Opens and answers conversation `number`."""
    opened = conversation(number)
    with store.transaction():
        store.conversations.open(opened)
    return opened
