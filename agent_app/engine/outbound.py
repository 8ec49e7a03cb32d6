"""From the outbox to the relay: sessions, sealing, posting, and the relay's word that it is on its disk.

Each step is committed before the next, so that a crash between any two repeats a step and never a message: the
envelope's bytes and id stay the same until the relay has answered for them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from agent_app.engine import notices
from agent_app.engine.desk import Desk, Work
from agent_app.engine.events import ConnectionChanged, Notice, NoticeRaised, SendingChanged
from agent_app.engine.membership import Membership
from agent_app.engine.pace import Pace
from agent_app.engine.peers import Peers
from agent_app.engine.writing import Destinations, Writing
from agent_app.protocol import content, envelope, primitives
from agent_app.protocol.content import Message
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.envelope import Composed, Envelope, Recipient
from agent_app.protocol.errors import InvalidReceiptError, ProtocolError
from agent_app.protocol.events import SignedContent
from agent_app.protocol.keys import DeliveryHash, DeviceId, MailboxId
from agent_app.protocol.labels import Label
from agent_app.protocol.receipt import delivery_hash
from agent_app.protocol.session import PeerSessions
from agent_app.relay.backoff import Backoff
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import LogForked, LogStale, RelayBusy, RelayError, RelayNonsense, RelayRefused
from agent_app.relay.wire import EnvelopeAnswer
from agent_app.store.deliveries import Outgoing, Step
from agent_app.store.outbox import QueuedEnvelope

AT_ONCE = 16
DORMANT = "dormant"  # no session yet and no prekeys: waits until the device is heard from
SENDS_A_GENERATION = 64
_MAY_PASS = (notices.UNPROVEN, notices.STALE)
_MOMENTS = 3  # looks in vain before a person is told that the clinic log is not known to be the newest


class Outbound:
    """One sender, in the order of the outbox. `moved` is told each message (by hash) that has come further, and
    `taken` each that the relay has for the first time, in the commit that says so."""

    def __init__(
        self, desk: Desk, relay: RelayClient, membership: Membership, peers: Peers, writing: Writing, pace: Pace
    ) -> None:
        self._desk = desk
        self._relay = relay
        self._membership = membership
        self._peers = peers
        self._writing = writing
        self._backoff = Backoff(desk.random)
        self._doubt = Backoff(desk.random, pace.admission, 20 * pace.admission)  # as soon as a newcomer looks
        self._wanted = asyncio.Event()
        self._sent = 0
        self._told: list[Notice | None] = []  # what stood in the way when it was last told, if it ever was
        self.moved: Callable[[bytes], None] = lambda message: None
        self.taken: Callable[[Work, bytes], None] = lambda work, message: None
        self.before_sealing: Callable[[bytes], Awaitable[None]] = _nothing
        self.generation_due: Callable[[], Awaitable[None]] = _nothing_due
        writing.queued = self.wake

    def wake(self) -> None:
        self._wanted.set()

    def look_again(self) -> None:
        """A colleague was heard from. Where this desk waits for the word of one who may vouch now, it may be there: the
        pauses between looks grow, and a message would wait one of them out."""
        if self._membership.obstacle() in _MAY_PASS:
            self._doubt.reset()
            self.wake()

    def try_now(self) -> None:
        """The relay is there again: whoever reads that must not wait out a pause from when it was not."""
        with self._desk.store.transaction():
            self._desk.store.outbox.retry_now()
        self._backoff.reset()
        self.wake()

    async def run(self) -> None:
        """Until cancelled. Whatever is stored as queued will be sent, now or after a restart."""
        while True:
            self._wanted.clear()
            wait = await self._step()
            if wait is not None:
                await _until(self._wanted, wait)

    async def _step(self) -> float | None:
        """Sends what is due. Answers how long to wait for more, None when there is more at once."""
        obstacle = self._membership.obstacle()
        if obstacle in _MAY_PASS:
            return await self._look_again()
        self._doubt.reset()
        self._say(obstacle)
        if obstacle is not None:
            return 5.0
        due = self._desk.store.outbox.due(self._desk.clock(), AT_ONCE)
        if not due:
            when = self._desk.store.outbox.next_try()
            return 60.0 if when is None else max(0.05, (when - self._desk.clock()) / 1000)
        try:
            if not await self._send_or_learn(due):
                return max(0.05, self._backoff.wait())
        except RelayError as error:
            return self._postpone(due[0], error)
        self._backoff.reset()
        return None

    async def _look_again(self) -> float | None:
        """What is new in the log may be fetched in this moment, and somebody may have vouched since the last look: once
        a second person may, that one's word comes a moment after the admission. No alarm yet. Answers as `_step`."""
        with suppress(RelayError):  # who reads the mailbox tells that the relay is away
            await self._membership.refresh(self._relay)
        obstacle = self._membership.obstacle()
        if obstacle not in _MAY_PASS:
            return None
        if self._doubt.failures >= _MOMENTS:
            self._say(obstacle)
        return max(0.05, self._doubt.wait())

    async def _send_or_learn(self, due: Sequence[QueuedEnvelope]) -> bool:
        """False when the relay calls our log another than its own, and shows nothing new: it could keep us running."""
        known = self._membership.size
        try:
            await self._send(due)
        except (LogStale, LogForked):
            await self._membership.refresh(self._relay)
            return self._membership.size > known
        return True

    def _say(self, obstacle: Notice | None) -> None:
        """At the start and at each change, not at every try."""
        if self._told == [obstacle]:
            return
        self._desk.emit(SendingChanged(obstacle))
        if obstacle is not None:
            self._desk.emit(NoticeRaised(obstacle))
        self._told = [obstacle]

    def _postpone(self, row: QueuedEnvelope, error: RelayError) -> float:
        wait = error.after if isinstance(error, RelayBusy) else self._backoff.wait()
        self._desk.emit(ConnectionChanged(online=False, detail=notices.means(error)))
        with self._desk.store.transaction():
            self._desk.store.outbox.retry_at(row.envelope, self._desk.clock() + int(wait * 1000))
        return max(0.05, wait)

    # Sealing

    async def _send(self, due: Sequence[QueuedEnvelope]) -> None:
        sealed = []
        for row in due:
            envelope_ = self._sealed(row) or await self._seal(row)
            if envelope_ is not None:
                sealed.append(envelope_)
        if sealed:
            await self._post(sealed)

    def _sealed(self, row: QueuedEnvelope) -> Envelope | None:
        """The envelope of a row that was sealed before, unless somebody in it was revoked since."""
        copies = self._desk.store.deliveries.in_envelope(row.envelope)
        if not copies or row.wire is None:
            return None
        gone = {copy.device for copy in copies if not self._may_receive(DeviceId(copy.device))}
        if not gone:
            return decode(row.wire, Envelope)
        self._replace(row, tuple(DeviceId(copy.device) for copy in copies if copy.device not in gone))
        return None

    def _replace(self, row: QueuedEnvelope, devices: tuple[DeviceId, ...]) -> None:
        """A new envelope without those that were revoked. The content stays: what was signed is never signed again
        with other words, and whoever has it already recognises it by its hash."""
        with self._desk.work() as work:
            self._desk.store.outbox.fail(row.envelope, "replaced")
            self._writing.queue(work, row.message, devices)

    def _may_receive(self, device: DeviceId) -> bool:
        member = self._membership.roster.member(device)
        if member is not None:
            return member.active and member.role != "auditor"
        return self._peers.certificate(device) is not None

    async def _seal(self, row: QueuedEnvelope) -> Envelope | None:
        row = self._desk.store.outbox.get(row.envelope) or row
        if row.wire is None or row.state != "queued" or self._desk.store.deliveries.in_envelope(row.envelope):
            return None
        destinations = decode(row.wire, Destinations)
        if not await self._ready(row):
            return None
        devices = [d for one in destinations.devices if self._may_receive(d := DeviceId(one))]
        dormant = await self._peers.prepare(self._relay, devices, anew=destinations.anew)
        message = self._stored(row.message)
        reachable = [d for d in devices if d not in dormant and self._may_receive(d)]  # it may have been revoked now
        if message is None or not reachable:
            self._give_up(row, tuple(dormant), message)
            return None
        return self._commit(row, message, reachable, tuple(dormant))

    async def _ready(self, row: QueuedEnvelope) -> bool:
        """Uploads what the message points to. False when that cannot succeed: then the message has failed."""
        try:
            await self.before_sealing(row.message)
        except ProtocolError as error:
            self._fail(row, error.code, error)
            return False
        except RelayRefused as refusal:
            if not _is_for_good(refusal):
                raise
            self._fail(row, refusal.problem, refusal)
            return False
        return True

    def _stored(self, hash_: bytes) -> Message | None:
        """The message as it was signed; None once it was retracted."""
        event = self._desk.store.events.by_hash(hash_)
        if event is None or event.content is None or event.signature is None:
            return None
        signed = SignedContent(event.content, event.signature)
        return Message(content.read(signed), signed, content.message_hash(signed))

    def _give_up(self, row: QueuedEnvelope, dormant: tuple[DeviceId, ...], message: Message | None) -> None:
        with self._desk.store.transaction():
            self._desk.store.outbox.fail(row.envelope, DORMANT if dormant and message else "nobody")
        self.moved(row.message)

    def _commit(
        self, row: QueuedEnvelope, message: Message, devices: list[DeviceId], dormant: tuple[DeviceId, ...]
    ) -> Envelope | None:
        """Seals to all that can be reached, and stores ratchets, envelope and copies together."""
        store, now = self._desk.store, self._desk.clock()
        try:
            with self._desk.work() as work:
                states = [self._peers.offering(self._sessions(device)) for device in devices]
                recipients = [Recipient(state) for state in states]
                composed = envelope.compose(self._desk.local, message, recipients, self._desk.random)
                for state in composed.sessions:
                    self._peers.save(state)
                store.outbox.seal(row.envelope, composed.envelope.id, encode(composed.envelope))
                store.deliveries.sent(self._copies(message, composed, now))
                for device in dormant:  # each by itself, so that one can be woken without the others
                    self._writing.queue(work, message.hash, (device,))
        except ProtocolError as error:
            self._fail(row, error.code, error)
            return None
        return composed.envelope

    def _fail(self, row: QueuedEnvelope, reason: str, error: ProtocolError | RelayRefused) -> None:
        """It will not succeed by being tried again, and must not hold back what is behind it."""
        with self._desk.store.transaction():
            self._desk.store.outbox.fail(row.envelope, reason)
        self._desk.emit(NoticeRaised(notices.of_error(error, "A message could not be sealed.")))
        self.moved(row.message)

    def _sessions(self, device: DeviceId) -> PeerSessions:
        certificate = self._peers.certificate(device)
        if certificate is None:
            raise RuntimeError("a recipient without a certificate")
        return self._peers.sessions(certificate)

    def _copies(self, message: Message, composed: Composed, now: int) -> list[Outgoing]:
        sealed, own = composed.envelope, self._desk.local.mailbox
        body = envelope.body_hash(sealed.body)
        copies = []
        for state, addressed in zip(composed.sessions, sealed.slots, strict=True):
            delivery = delivery_hash(own, addressed.mailbox, sealed.id, sealed.body, addressed.slot)
            slot = primitives.labelled_hash(Label.SLOT, addressed.slot)
            device = state.peer.device
            copies.append(
                Outgoing(delivery, message.hash, sealed.id, addressed.mailbox, device, body, slot, changed=now)
            )
        return copies

    # Posting

    async def _post(self, sealed: list[Envelope]) -> None:
        await self.count_sends(len(sealed))
        try:
            answers = await self._relay.post_envelopes(sealed)
        except RelayRefused as refusal:
            if not _is_for_good(refusal):
                raise  # no fault of the messages: they wait
            if len(sealed) > 1:  # one of them is at fault: find out which
                for one in sealed:
                    await self._post([one])
                return
            self._refused(sealed[0], refusal)
            return
        self._desk.emit(ConnectionChanged(online=True))
        for envelope_, answer in zip(sealed, answers, strict=True):
            self._accepted(envelope_, answer)

    async def count_sends(self, count: int) -> None:
        """Section 7: the generation is raised, and on the relay, before what it counts is sent."""
        self._sent += count
        if self._sent >= SENDS_A_GENERATION:
            await self.generation_due()
            self._sent = 0

    def _refused(self, envelope_: Envelope, refusal: RelayRefused) -> None:
        row = self._desk.store.outbox.get(envelope_.id)
        with self._desk.store.transaction():
            self._desk.store.outbox.fail(envelope_.id, refusal.problem)
        self._desk.emit(NoticeRaised(notices.of_error(refusal, "The relay refused a message.")))
        if row is not None:
            self.moved(row.message)

    def _accepted(self, envelope_: Envelope, answer: EnvelopeAnswer) -> None:
        """Verifies the relay's signature for each copy before anybody is told that it was accepted."""
        store, now = self._desk.store, self._desk.clock()
        copies = store.deliveries.in_envelope(envelope_.id)
        if len(answer.accepted) != len(copies):
            raise RelayNonsense("the relay's receipts do not fit what was sent")
        reasons = {refused.mailbox: refused.reason for refused in answer.refused}
        try:
            for copy, receipt in zip(copies, answer.accepted, strict=True):
                if receipt is not None:
                    receipt.verify(self._membership.roster.relay.key, DeliveryHash(copy.delivery))
        except InvalidReceiptError as error:
            raise RelayNonsense("the relay's receipt is not signed by it") from error
        with self._desk.work() as work:
            if copies and not any(row.state == "accepted" for row in store.outbox.of_message(copies[0].message)):
                self.taken(work, copies[0].message)
            store.outbox.accept(envelope_.id)
            for copy, receipt in zip(copies, answer.accepted, strict=True):
                if receipt is not None:
                    store.deliveries.accepted(copy.delivery, encode(receipt), now)
                else:
                    store.deliveries.refused(copy.delivery, reasons.get(MailboxId(copy.mailbox), ""), now)
        if copies:
            self.moved(copies[0].message)

    # Again

    def wake_dormant(self, device: DeviceId) -> None:
        """The device was heard from: what waited for it is sent."""
        waiting = [row for row in self._desk.store.outbox.failed(DORMANT) if row.wire is not None]
        mine = [row for row in waiting if device in decode(row.wire or b"", Destinations).devices]
        if mine:
            with self._desk.store.transaction():
                for row in mine:
                    self._desk.store.outbox.requeue(row.envelope)
            self.wake()

    def retry(self, message: bytes) -> None:
        """A person asks to try a failed message again."""
        store = self._desk.store
        with self._desk.work() as work:
            rows = [r for r in store.outbox.of_message(message) if r.state == "failed" and r.reason != "replaced"]
            for row in rows:
                store.outbox.requeue(row.envelope)
            last = {copy.device: copy for copy in store.deliveries.outgoing_of(message)}
            lost = tuple(DeviceId(d) for d, copy in last.items() if copy.step in (Step.REFUSED, Step.REJECTED))
            self._writing.queue(work, message, lost, anew=True)
            work.afterwards(self.wake)
        self.moved(message)


def _is_for_good(refusal: RelayRefused) -> bool:
    """Whether what was asked for is at fault, and not the moment."""
    waits = isinstance(refusal, LogStale | LogForked) or refusal.status in (401, 403)
    return not waits and refusal.problem != "log-ahead"


async def _nothing(_: bytes) -> None:
    return


async def _nothing_due() -> None:
    return


async def _until(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
