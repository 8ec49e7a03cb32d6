"""The messages of a bundle and their receipts: docs/protocol.md sections 9, 13 and 15.1."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agent_app.protocol import content, receipt
from agent_app.protocol.content import Content, Message, Opening
from agent_app.protocol.errors import InvalidBundleError, InvalidReceiptError
from agent_app.protocol.events import Name, Open, Retract, Role, StreamKind, is_permitted
from agent_app.protocol.keys import Certificate, ConversationId, DeviceId, MailboxId, MessageHash, StreamId
from agent_app.transparency import enrolment
from agent_app.transparency.bundle import Delivery, Sent
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.report import Check, DeliveryEvidence, Faults, MessageEvidence
from agent_app.transparency.roster import SENIOR

Series = dict[int, Message]
"""An author's messages in one stream, by sequence."""


@dataclass(frozen=True, slots=True)
class Testimony:
    """What the messages amount to."""

    messages: tuple[MessageEvidence, ...]
    retracted: int
    earlier: tuple[str, ...]
    names: Mapping[DeviceId, str]


@dataclass(frozen=True, slots=True)
class _Place:
    """The stream that a message belongs to; `patient` where it is a conversation's."""

    kind: StreamKind
    conversation: ConversationId | None = None
    patient: Certificate | None = None


def hear(messages: Sequence[Sent], log: ClinicLog, faults: Faults) -> Testimony:
    """Checks every message by itself, then what they say about one another."""
    hearing = _Hearing(log, faults)
    readable = [(sent, read) for sent in messages if (read := hearing.read(sent)) is not None]
    for sent, read in readable:
        hearing.opening(sent, read)
    for sent, read in readable:
        hearing.message(sent, read)
    hearing.sequences()
    return Testimony(tuple(hearing.heard), hearing.retracted, tuple(hearing.earlier), hearing.names)


@dataclass
class _Hearing:
    log: ClinicLog
    faults: Faults
    places: dict[StreamId, _Place] = field(default_factory=dict)
    heard: list[MessageEvidence] = field(default_factory=list)
    series: dict[tuple[StreamId, DeviceId], Series] = field(default_factory=lambda: defaultdict(dict))
    chains: dict[tuple[MailboxId, MailboxId], dict[int, receipt.Receipt]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    deliveries: set[bytes] = field(default_factory=set)
    names: dict[DeviceId, str] = field(default_factory=dict)
    earlier: list[str] = field(default_factory=list)
    retracted: int = 0

    def read(self, sent: Sent) -> Content | None:
        with self.faults.during(Check.MESSAGES, "a message"):
            return content.read(sent.signed)
        return None

    def opening(self, sent: Sent, read: Content) -> None:
        if isinstance(read.event, Open):
            with self.faults.during(Check.MESSAGES, _where(read)):
                self._place(content.verify_opening(sent.signed, self.log.clinic))

    def _place(self, opening: Opening) -> None:
        shared = _Place("shared", opening.conversation, opening.patient)
        self.places[content.shared_stream(opening.conversation)] = shared
        self.places[content.team_stream(opening.conversation)] = replace(shared, kind="team")

    def message(self, sent: Sent, read: Content) -> None:
        with self.faults.during(Check.MESSAGES, _where(read)):
            place = self.places.get(read.stream, _Place("direct"))
            author, role = self._author(read, place)
            message = content.verify(sent.signed, author)
            if not self.log.confirms(read.log):
                raise InvalidBundleError("it names a head that the clinic log never had")
            permitted = is_permitted(read.event, place.kind, read.author, role)
            if place.kind == "direct" and not self._is_direct(read, permitted=permitted):
                raise InvalidBundleError("its conversation's opening is not in the bundle")
            self._admit(message)
            delivered = tuple(self._deliveries(sent, read, place, author))
            self.heard.append(MessageEvidence(message, place.kind, place.conversation, role, not permitted, delivered))
            if permitted and isinstance(read.event, Name):
                self._name(read.event)

    def _is_direct(self, read: Content, *, permitted: bool) -> bool:
        """Whether a message in a stream that nothing here opens is between the clinic's devices indeed."""
        if content.direct_stream([read.author, *read.recipients]) == read.stream:
            return True
        # Members may have been revoked since the stream began; then its id no longer follows from the recipients.
        return permitted and all(self.log.roster.member(device) for device in read.recipients)

    def _author(self, read: Content, place: _Place) -> tuple[Certificate, Role]:
        if place.patient is not None and place.kind == "shared" and read.author == place.patient.device:
            return place.patient, "patient"
        member = self.log.roster.member(read.author)
        role = None if member is None else member.role_at(read.log.size)
        if member is None or role is None:
            raise InvalidBundleError("its author was no device of the clinic under the head that it names")
        return member.certificate, role

    def _admit(self, message: Message) -> None:
        known = self.series[message.content.stream, message.content.author]
        other = known.get(message.content.sequence)
        if other is not None:
            same = other.hash == message.hash
            raise InvalidBundleError("it is here twice" if same else "its author signed another in its place")
        known[message.content.sequence] = message

    def _name(self, event: Name) -> None:
        member = self.log.roster.member(event.device)
        if member is not None and enrolment.name_commitment(event.name, event.salt) == member.name_commitment:
            self.names[event.device] = event.name

    # Sequence

    def sequences(self) -> None:
        """Everything between an author's first message here and the last one that anybody names."""
        named, retractions = self._named(), self._retractions()
        for (stream, author), series in self.series.items():
            claims = named.pop((stream, author), {})
            retracted = {hash for hash, by in retractions[stream] if by in (None, author)}
            self._follow(series, claims, retracted, f"device {author.hex()[:8]}")
            if min(series) > 1:
                self.earlier.append(f"messages 1 to {min(series) - 1} of {_whose(stream, author)}")
        self.earlier += [f"all messages of {_whose(stream, author)}" for stream, author in named]

    def _follow(
        self, series: Series, claims: dict[int, set[MessageHash]], retracted: set[MessageHash], whose: str
    ) -> None:
        first = last = min(series)
        for sequence in sorted({*series, *claims}):
            hashes, here = claims.get(sequence, set()), series.get(sequence)
            if sequence > last + 1:  # a range, however long: a liar may name number 2^53
                self._missing(last + 1, sequence - 1, whose)
            if here is not None and not hashes <= {here.hash}:
                where = _where(here.content)
                self.faults.add(Check.SEQUENCE, where, "Another message names a different one in its place.")
            elif here is None and sequence > first and not hashes <= retracted:
                self._missing(sequence, sequence, whose)
            elif here is None and sequence > first:
                self.retracted += 1
            last = max(last, sequence)

    def _missing(self, first: int, last: int, whose: str) -> None:
        numbers = f"message {first}" if first == last else f"messages {first} to {last}"
        self.faults.add(Check.SEQUENCE, f"{numbers} of {whose}", "Sent, and not in the bundle.")

    def _named(self) -> dict[tuple[StreamId, DeviceId], dict[int, set[MessageHash]]]:
        """For each stream and author: which hash which sequence has, by what other messages say."""
        named: dict[tuple[StreamId, DeviceId], dict[int, set[MessageHash]]] = defaultdict(lambda: defaultdict(set))
        for evidence in self.heard:
            said = evidence.message.content
            if said.sequence > 1:
                named[said.stream, said.author][said.sequence - 1].add(MessageHash(said.previous))
            for head in said.heads:
                named[said.stream, head.device][head.sequence].add(head.message_hash)
        return named

    def _retractions(self) -> dict[StreamId, list[tuple[MessageHash, DeviceId | None]]]:
        """For each stream: which hash has been retracted, and whose it may be; None: anybody's."""
        retractions: dict[StreamId, list[tuple[MessageHash, DeviceId | None]]] = defaultdict(list)
        for evidence in self.heard:
            said = evidence.message.content
            if isinstance(said.event, Retract) and not evidence.void:
                whose = None if evidence.role in SENIOR else said.author
                retractions[said.stream].append((said.event.message_hash, whose))
        return retractions

    # Receipts

    def _deliveries(self, sent: Sent, read: Content, place: _Place, author: Certificate) -> Iterator[DeliveryEvidence]:
        recipients = {certificate.mailbox: certificate.device for certificate in self._recipients(read, place)}
        for delivery in sent.deliveries:
            with self.faults.during(Check.DELIVERIES, f"{_where(read)}, envelope {delivery.envelope.hex()[:8]}"):
                if delivery.sender != author.mailbox or delivery.recipient not in recipients:
                    raise InvalidReceiptError("it is not between the author and a recipient")
                if delivery.hash in self.deliveries:
                    raise InvalidReceiptError("it is in the bundle twice")
                self.deliveries.add(delivery.hash)
                yield self._delivery(delivery, recipients[delivery.recipient])

    def _recipients(self, read: Content, place: _Place) -> Iterator[Certificate]:
        for device in read.recipients:
            member = self.log.roster.member(device)
            if member is not None:
                yield member.certificate
            elif place.patient is not None and device == place.patient.device:
                yield place.patient

    def _delivery(self, delivery: Delivery, recipient: DeviceId) -> DeliveryEvidence:
        accepted = None
        if delivery.accepted is not None:
            self._by_some_relay(delivery.accepted, delivery)
            accepted = delivery.accepted.time
        if delivery.delivered is None:
            return DeliveryEvidence(recipient, accepted, None, None)
        payload = delivery.delivered.verify(delivery.recipient, delivery.sender)
        if payload.delivery != delivery.hash:
            raise InvalidReceiptError("it is the receipt of another delivery")
        self._chain(delivery.delivered, payload)
        return DeliveryEvidence(recipient, accepted, payload.time, payload.reason or None)

    def _by_some_relay(self, accepted: receipt.Accepted, delivery: Delivery) -> None:
        *others, newest = (relay.key for _, relay in self.log.roster.relays)
        for key in others:
            try:
                accepted.verify(key, delivery.hash)
            except InvalidReceiptError:
                continue
            return
        accepted.verify(newest, delivery.hash)

    def _chain(self, signed: receipt.Receipt, payload: receipt.ReceiptPayload) -> None:
        """Receipts of one pair are numbered and chained: two with one number, or a broken link, contradict."""
        chain = self.chains[payload.recipient, payload.sender]
        if payload.sequence in chain:
            raise InvalidReceiptError("the recipient signed two receipts with one number")
        before, after = chain.get(payload.sequence - 1), chain.get(payload.sequence + 1)
        if before is not None and receipt.receipt_hash(before) != payload.previous:
            raise InvalidReceiptError("it does not follow the receipt before it")
        if after is not None:
            following = after.verify(payload.recipient, payload.sender)
            if following.previous != receipt.receipt_hash(signed):
                raise InvalidReceiptError("the receipt after it does not follow it")
        chain[payload.sequence] = signed


def _whose(stream: StreamId, author: DeviceId) -> str:
    return f"device {author.hex()[:8]} in stream {stream.hex()[:8]}"


def _where(read: Content) -> str:
    return f"message {read.message.hex()[:8]}"
