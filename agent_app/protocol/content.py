"""Signed content: what a message says, by whom, to whom and after what: docs/protocol.md, section 9."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from . import limits, primitives
from .encoding import B16, B32, MAX_UINT, Bytes0Or32, Bytes32, Record, Uint, absent_or_32, decode, encode
from .errors import ExhaustedStreamError, ForgedError, MalformedError, NotPermittedError
from .events import Event, Open, SignedContent
from .keys import (
    SUITE,
    Certificate,
    ClinicId,
    ConversationId,
    DeviceId,
    LocalDevice,
    MessageHash,
    MessageId,
    StreamId,
    check_suite,
)
from .labels import Label


class Head(Record, frozen=True):
    """The latest message of another author that this message's author had seen."""

    device: Annotated[DeviceId, B32]
    sequence: Uint
    message_hash: Annotated[MessageHash, B32]


class LogHead(Record, frozen=True):
    """The size and root of the clinic log as the author knew it."""

    size: Uint
    root: Bytes32


class Content(Record, frozen=True):
    """Everything that an author signs. `previous` is empty exactly when `sequence` is 1. Times in milliseconds."""

    suite: str
    stream: Annotated[StreamId, B32]
    message: Annotated[MessageId, B16]
    author: Annotated[DeviceId, B32]
    recipients: tuple[Annotated[DeviceId, B32], ...]
    sequence: Uint
    previous: Bytes0Or32
    heads: tuple[Head, ...]
    clock: Uint
    time: Uint
    log: LogHead
    event: Event

    def __post_init__(self) -> None:
        absent_or_32(self.previous)
        limits.RECIPIENTS.check(len(self.recipients))
        if self.clock > MAX_UINT:
            raise ExhaustedStreamError("clock", MAX_UINT, self.clock)
        if self.sequence < 1 or self.clock < 1 or (self.sequence == 1) != (self.previous == b""):
            raise ValueError("sequence, clock and previous do not fit together")


@dataclass(frozen=True, slots=True)
class Message:
    """A content whose signature holds, with the bytes that were signed and the hash that names it."""

    content: Content
    signed: SignedContent
    hash: MessageHash


def message_hash(signed: SignedContent) -> MessageHash:
    return MessageHash(primitives.labelled_hash(Label.MESSAGE, signed.content, signed.signature))


def sign(author: LocalDevice, content: Content) -> Message:
    """Signs as `author`; raises ForgedError when the content names another author."""
    if content.author != author.device:
        raise ForgedError("author")
    encoded = encode(content)
    signed = SignedContent(encoded, primitives.sign(author.keys.signing, Label.CONTENT, encoded))
    return Message(content, signed, message_hash(signed))


def read(signed: SignedContent) -> Content:
    """The content, not yet believed: it names the author whose certificate `verify` then needs.

    Raises an EncodingError, LimitError or UnknownSuiteError.
    """
    content = decode(signed.content, Content)
    check_suite(content.suite)
    return content


def verify(signed: SignedContent, author: Certificate) -> Message:
    """Raises ForgedError unless the content names and is signed by `author`; also what `read` raises."""
    content = read(signed)
    if content.author != author.device:
        raise ForgedError("author")
    if not primitives.verify(author.core.signing, signed.signature, Label.CONTENT, signed.content):
        raise ForgedError("signature")
    return Message(content, signed, message_hash(signed))


def require_recipient(content: Content, recipient: DeviceId) -> None:
    """Raises ForgedError when `recipient` is not named: somebody passed on what was not meant for it."""
    if recipient not in content.recipients:
        raise ForgedError("recipients")


def require_place(content: Content, author: Certificate, shared: StreamId | None) -> None:
    """Raises NotPermittedError for a patient's content that is not in `shared`, the stream of that patient's own
    conversation (None where there is none). Stored elsewhere it would raise clocks and heads that are not theirs."""
    if author.core.kind == "patient" and content.stream != shared:
        raise NotPermittedError("a patient outside the shared stream of an own conversation")


def require_clock(content: Content, author: Certificate, now: int) -> None:
    """Raises ForgedError for a clock further ahead than a day, a patient's than half a day, of `now` in milliseconds.

    Whoever writes next must count on from it: without a bound, one author could count to the end of all numbers, and
    nobody could write in that stream again.
    """
    ahead = limits.CLOCK_AHEAD_OF_PATIENT if author.core.kind == "patient" else limits.CLOCK_AHEAD
    if content.clock > now + ahead:
        raise ForgedError("clock")


def conversation_id(patient: DeviceId, clinic: ClinicId, nonce: bytes) -> ConversationId:
    """The conversation that the patient's device began with this 16-byte nonce."""
    return ConversationId(primitives.labelled_hash(Label.CONVERSATION, patient, clinic, nonce))


def shared_stream(conversation: ConversationId) -> StreamId:
    return StreamId(primitives.labelled_hash(Label.STREAM, conversation, "shared"))


def team_stream(conversation: ConversationId) -> StreamId:
    return StreamId(primitives.labelled_hash(Label.STREAM, conversation, "team"))


def direct_stream(members: Sequence[DeviceId]) -> StreamId:
    """The stream of exactly these devices, in whatever order they are given."""
    return StreamId(primitives.labelled_hash(Label.STREAM_DIRECT, *sorted(set(members))))


@dataclass(frozen=True, slots=True)
class Opening:
    """A conversation as its patient's first message defines it."""

    conversation: ConversationId
    patient: Certificate
    message: Message


def verify_opening(signed: SignedContent, clinic: ClinicId) -> Opening:
    """Checks a patient's first message by what it carries: certificate, signature, stream and conversation id agree.

    Raises ForgedError, InvalidCertificateError, or what `read` raises; MalformedError for another event.
    """
    event = read(signed).event
    if not isinstance(event, Open):
        raise MalformedError("expected an open event")
    patient = Certificate.parse(event.certificate)
    message = verify(signed, patient)
    conversation = conversation_id(patient.device, clinic, event.nonce)
    is_first = message.content.sequence == 1 and message.content.stream == shared_stream(conversation)
    if patient.core.kind != "patient" or patient.clinic != clinic or not is_first:
        raise ForgedError("opening")
    return Opening(conversation, patient, message)


def verify_earlier(
    messages: Sequence[SignedContent],
    clinic: ClinicId,
    here: ConversationId,
    member: Callable[[DeviceId, int], Certificate | None],
) -> tuple[Opening, tuple[Message, ...]]:
    """What an `earlier` event in the conversation `here` brings: the other conversation's opening and messages.

    `member` gives the certificate of a device of the clinic under a log of that size. One message that does not hold
    spoils all of them. Raises ForgedError, or what `verify_opening` raises.
    """
    opening = verify_opening(messages[0], clinic)
    if opening.conversation == here:
        raise ForgedError("earlier than itself")
    stream = shared_stream(opening.conversation)

    def verified(signed: SignedContent) -> Message:
        said = read(signed)
        author = opening.patient if said.author == opening.patient.device else member(said.author, said.log.size)
        if author is None or said.stream != stream:
            raise ForgedError("earlier")
        return verify(signed, author)

    return opening, (opening.message, *map(verified, messages[1:]))


class Position(Record, frozen=True):
    """Where an author stands in a stream: what its next message continues. Starts as `Position()`."""

    sequence: Uint = 0
    previous: Bytes0Or32 = b""
    clock: Uint = 0
    unlisted: tuple[Head, ...] = ()

    def seen(self, message: Message) -> "Position":
        """After another author's message was seen: the next own message lists it."""
        content = message.content
        head = Head(content.author, content.sequence, message.hash)
        known = next((h for h in self.unlisted if h.device == head.device), None)
        clock = max(self.clock, content.clock)
        if known is not None and known.sequence >= head.sequence:
            return Position(self.sequence, self.previous, clock, self.unlisted)
        others = (h for h in self.unlisted if h.device != head.device)
        return Position(self.sequence, self.previous, clock, (*others, head))

    def sent(self, message: Message) -> "Position":
        """After the own message that `next_content` made was signed."""
        return Position(message.content.sequence, message.hash, message.content.clock)

    def next_content(
        self,
        stream: StreamId,
        message: MessageId,
        author: DeviceId,
        recipients: Sequence[DeviceId],
        time: int,
        log: LogHead,
        event: Event,
    ) -> Content:
        """The author's next content in this stream."""
        return Content(
            SUITE, stream, message, author, tuple(recipients), self.sequence + 1, self.previous,
            self.unlisted, self.clock + 1, time, log, event,
        )  # fmt: skip
