"""From an event to a signed message in the store and in the outbox: one step, on the disk before anybody is told."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from agent_app.engine.desk import Desk, Work
from agent_app.engine.membership import Membership
from agent_app.protocol import content
from agent_app.protocol.content import Content, Head, LogHead, Message
from agent_app.protocol.encoding import Bytes32, Record, decode, encode
from agent_app.protocol.events import PERMISSIONS, Event, File, Note, StreamKind, Text
from agent_app.protocol.keys import ConversationId, DeviceId, MessageHash, MessageId, StreamId
from agent_app.store.conversations import Conversation
from agent_app.store.events import NewEvent, Prominence, Standing


class Links(Record, frozen=True):
    """What an event saw, kept beside its content, which a retraction destroys."""

    heads: tuple[Head, ...]
    log: LogHead


class Destinations(Record, frozen=True):
    """In the place of an envelope that is not sealed yet: the devices to seal it for. `anew` wants new sessions."""

    devices: tuple[Bytes32, ...]
    anew: bool


class Misplaced(Exception):
    """A fault of this program, found before anything was signed: this event does not belong into that stream."""


@dataclass(frozen=True, slots=True)
class Address:
    """A stream and everybody in it but this device."""

    stream: StreamId
    kind: StreamKind
    conversation: ConversationId | None
    recipients: tuple[DeviceId, ...]


def prominence_of(event: Event, *, own: bool) -> Prominence:
    """What somebody else said is shown and counts as unread; what somebody did is shown; bookkeeping is neither."""
    if isinstance(event, Text | File | Note):
        return Prominence.SHOWN if own else Prominence.COUNTED
    return Prominence.SHOWN if event.__struct_config__.tag in _SHOWN else Prominence.HIDDEN


_SHOWN = frozenset(
    (
        "open",
        "verdict",
        "ended",
        "claim",
        "release",
        "assign",
        "transfer",
        "handover",
        "close",
        "conclude",
        "reopen",
        "checked",
        "block",
        "guardian",
        "hold",
        "joined",
        "tag",
        "earlier",
        "copied",
    )
)


def tag_of(event: Event) -> str:
    return str(event.__struct_config__.tag)


def new_event(
    message: Message, conversation: ConversationId | None, standing: Standing, arrived: int, prominence: Prominence
) -> NewEvent:
    """A message as the store keeps it."""
    c = message.content
    return NewEvent(
        hash=message.hash,
        conversation=conversation,
        stream=c.stream,
        message=c.message,
        author=c.author,
        sequence=c.sequence,
        previous=c.previous,
        clock=c.clock,
        time=c.time,
        kind=tag_of(c.event),
        heads=encode(Links(c.heads, c.log)),
        log_size=c.log.size,
        standing=standing,
        prominence=prominence,
        arrived=arrived,
        content=message.signed.content,
        signature=message.signed.signature,
    )


class Writing:
    """Signs this device's messages. `written` is called in each commit, `queued` after one that fed the outbox."""

    def __init__(self, desk: Desk, membership: Membership) -> None:
        self._desk = desk
        self._membership = membership
        self.queued: Callable[[], None] = lambda: None
        self.written: Callable[[Work, ConversationId, MessageHash], None] = lambda work, conversation, message: None

    # Where

    def shared(self, conversation: Conversation) -> Address:
        """The patient and the clinic's devices."""
        recipients = (conversation.patient, *self._colleagues())
        return Address(conversation.shared, "shared", conversation.id, recipients)

    def team(self, conversation: Conversation) -> Address:
        return Address(conversation.team, "team", conversation.id, self._colleagues())

    def direct(self, *others: DeviceId) -> Address:
        """The stream of this device and the others."""
        return Address(content.direct_stream([self._desk.local.device, *others]), "direct", None, others)

    def without(self, address: Address, device: DeviceId) -> Address:
        """The same stream, and nothing sent to that device."""
        return replace(address, recipients=tuple(one for one in address.recipients if one != device))

    def _colleagues(self) -> tuple[DeviceId, ...]:
        return tuple(member.id for member in self._membership.colleagues())

    # What

    def write(self, work: Work, address: Address, event: Event) -> MessageHash:
        """Signs, stores and queues the next message in a stream. Raises LimitError.

        Misplaced for what has no place in such a stream: a note never comes into the patient's, whoever asks.
        """
        if address.kind not in PERMISSIONS[type(event)].streams:
            raise Misplaced(f"{tag_of(event)} in a {address.kind} stream")
        message = self._signed(address, event)
        own = new_event(message, address.conversation, Standing.ADMITTED, work.now, prominence_of(event, own=True))
        self._desk.store.events.add(own)
        self.queue(work, message.hash, address.recipients)
        if address.conversation is not None:
            self.written(work, address.conversation, message.hash)
        return message.hash

    def queue(self, work: Work, message: bytes, devices: tuple[DeviceId, ...], *, anew: bool = False) -> None:
        """Asks the sender to seal a stored message for these devices (again). Without any there is nothing to send."""
        if devices:
            placeholder = encode(Destinations(devices, anew))
            self._desk.store.outbox.queue(self._desk.random(16), message, placeholder, work.now)
            work.afterwards(self.queued)

    def _signed(self, address: Address, event: Event) -> Message:
        streams, local = self._desk.store.streams, self._desk.local
        state = streams.state(address.stream, local.device)
        heads = tuple(Head(DeviceId(h.author), h.sequence, MessageHash(h.hash)) for h in state.unlisted)
        unsigned = Content(
            "SD1",
            address.stream,
            MessageId(self._desk.random(16)),
            local.device,
            address.recipients,
            state.sequence + 1,
            state.previous,
            heads,
            state.clock + 1,
            self._desk.clock(),
            self._membership.head(),
            event,
        )
        streams.mark_listed(address.stream, state.unlisted)
        # Read back as a recipient will: what one of them would refuse is refused here, before it is on the disk.
        decode(encode(unsigned), Content)
        return content.sign(local, unsigned)
