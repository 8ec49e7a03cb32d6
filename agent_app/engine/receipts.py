"""Receipts: those that this device signs, and those that it is given (docs/protocol.md, section 13)."""

import asyncio
from collections.abc import Awaitable, Callable

from agent_app.engine import notices
from agent_app.engine.desk import Desk, Work
from agent_app.engine.events import Notice, NoticeRaised, Severity
from agent_app.engine.peers import Peers
from agent_app.engine.visitors import Fate, Visitors
from agent_app.engine.writing import Writing
from agent_app.protocol import primitives
from agent_app.protocol.encoding import decode
from agent_app.protocol.errors import InvalidReceiptError, ProtocolError
from agent_app.protocol.keys import DeliveryHash, DeviceId, MailboxId, MessageHash
from agent_app.protocol.labels import Label
from agent_app.protocol.receipt import Reason, Receipt, ReceiptChain, ReceiptPayload, delivery_hash, receipt_hash
from agent_app.relay.backoff import Backoff
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import LogStale, RelayError
from agent_app.relay.wire import EnvelopeFrame, ReceiptFrame
from agent_app.store.deliveries import Incoming, Outgoing, Step

TRIES = 4  # the first and three more (section 7)
HELD_MOST = 1_000  # for visitors; more, and a stranger could fill this device's mailbox by writing what nobody answers
_LOST = Notice(
    Severity.WARNING,
    "A message could not be delivered.",
    "The other device could not open it, though it was sent again three times.",
    "Look for the message marked red and choose Retry, or call.",
)


class Receipts:
    """Signs, stores, sends and verifies receipts. `moved` is told each message whose delivery came further."""

    def __init__(
        self, desk: Desk, relay: RelayClient, peers: Peers, writing: Writing, visitors: Visitors, jitter: float
    ) -> None:
        self._desk = desk
        self._relay = relay
        self._peers = peers
        self._writing = writing
        self._visitors = visitors
        self._jitter = jitter
        self._wanted = asyncio.Event()
        self._backoff = Backoff(desk.random)
        self.moved: Callable[[bytes], None] = lambda message: None
        self.heard_from: Callable[[DeviceId], None] = lambda device: None
        self.log_grew: Callable[[], Awaitable[None]] = _nothing

    # Given

    def delivery(self, frame: EnvelopeFrame) -> DeliveryHash:
        own = self._desk.local.mailbox
        return delivery_hash(frame.sender, own, frame.id, frame.body, frame.slot)  # type: ignore[arg-type]

    def issue(self, work: Work, frame: EnvelopeFrame, message: MessageHash | None, reason: Reason = "") -> None:
        """Signs what became of an envelope, in the transaction that stores it. It is answered afterwards."""
        rooms, sender = self._desk.store.deliveries, MailboxId(frame.sender)
        delivery = self.delivery(frame)
        chain = rooms.issued_chain(sender)
        chain, receipt = chain.issue(self._desk.local.keys.mailbox, sender, delivery, work.now, reason)
        rooms.advance_issued(sender, chain)
        hashes = _hashes(frame)
        rooms.received(
            Incoming(delivery, sender, frame.id, *hashes, message, receipt.payload, receipt.signature, work.now)  # type: ignore[arg-type]
        )
        self.answer(work, frame)

    def answer(self, work: Work, frame: EnvelopeFrame) -> None:
        """Sends the stored receipt, byte for byte, or holds it back; a duplicate is answered in the same way."""
        outbox, delivery = self._desk.store.outbox, self.delivery(frame)
        match self._visitors.fate(frame.sender):
            case Fate.SEND:
                outbox.queue_receipt(delivery)
            case Fate.HOLD:
                outbox.hold(delivery, frame.sender, frame.position)
                outbox.drop_oldest(HELD_MOST)
            case Fate.DROP:
                outbox.queue_discard(frame.position)
        work.afterwards(self._wanted.set)

    def reconsider(self, work: Work, patient: DeviceId) -> None:
        """Something happened in a conversation of this patient: somebody may have answered, or ended it."""
        certificate = self._peers.certificate(patient)
        if certificate is None or not self._desk.store.outbox.held(certificate.mailbox):
            return
        match self._visitors.fate(certificate.mailbox):
            case Fate.SEND:
                self._desk.store.outbox.release(certificate.mailbox)
            case Fate.DROP:
                self._desk.store.outbox.drop(certificate.mailbox)
        work.afterwards(self._wanted.set)

    def discard(self, position: int) -> None:
        """Junk: deleted at the relay, answered to nobody."""
        self._desk.store.outbox.queue_discard(position)
        self._wanted.set()

    async def run(self) -> None:
        """Until cancelled. What the relay has not confirmed is sent again after a restart."""
        self._wanted.set()
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            if self._is_for_patient():
                await asyncio.sleep(self._jitter * int.from_bytes(self._desk.random(2)) / 2**16)
            try:
                while await self._flush():
                    self._backoff.reset()
            except RelayError as error:
                self._wanted.set()
                if isinstance(error, LogStale):
                    await self.log_grew()
                await asyncio.sleep(max(0.05, self._backoff.wait()))  # also then: it may say so again and again

    async def send_all(self) -> None:
        """Without waiting for a moment that says nothing: the lock that follows says more. Raises RelayError."""
        while await self._flush():
            pass

    def _is_for_patient(self) -> bool:
        for pending in self._desk.store.outbox.receipts():
            incoming = self._desk.store.deliveries.incoming(pending.delivery)
            certificate = self._peers.by_mailbox(incoming.sender) if incoming else None
            if certificate is not None and certificate.core.kind == "patient":
                return True
        return False

    async def _flush(self) -> bool:
        """Sends one batch. False when nothing was there."""
        outbox = self._desk.store.outbox
        receipts, discards = outbox.receipts(), outbox.discards()
        if receipts:
            await self._relay.post_receipts([Receipt(one.payload, one.signature) for one in receipts])
            with self._desk.store.transaction():
                outbox.receipts_sent([one.delivery for one in receipts])
        if discards:
            await self._relay.discard(discards)
            with self._desk.store.transaction():
                outbox.discards_sent(discards)
        return bool(receipts or discards)

    # Got

    def received(self, frame: ReceiptFrame) -> None:
        """Verifies a forwarded receipt and stores it with what follows from it. Junk is discarded."""
        receipt = Receipt(frame.payload, frame.signature)
        moved: MessageHash | None = None
        with self._desk.work() as work:
            try:
                copy, payload = self._verified(receipt)
                if copy is None:
                    self._follow(work, payload.recipient, receipt, payload)
                elif copy.payload is None:
                    self._settle(work, copy, receipt, payload)
                    moved = copy.message
            except ProtocolError as error:
                work.tell(NoticeRaised(notices.of_error(error, "A receipt was not accepted.")))
            self._desk.store.outbox.queue_discard(frame.position)
            self._desk.store.settings.inbox_position = frame.position
            work.afterwards(self._wanted.set)
        if moved is not None:
            self.moved(moved)

    def _verified(self, receipt: Receipt) -> tuple[Outgoing | None, ReceiptPayload]:
        """Signed by the mailbox that the copy went to, for exactly that copy. What somebody could not open and is not
        here was a signal (section 22): of it there is no copy."""
        unproven = decode(receipt.payload, ReceiptPayload)
        copy = self._desk.store.deliveries.outgoing(unproven.delivery)
        if copy is not None:
            self.heard_from(DeviceId(copy.device))
            return copy, receipt.verify(copy.mailbox, self._desk.local.mailbox)
        if unproven.status != "rejected" or self._peers.by_mailbox(unproven.recipient) is None:
            raise InvalidReceiptError("for nothing that was sent from here")
        return None, receipt.verify(unproven.recipient, self._desk.local.mailbox)

    def _settle(self, work: Work, copy: Outgoing, receipt: Receipt, payload: ReceiptPayload) -> None:
        rooms = self._desk.store.deliveries
        step = Step.DELIVERED if payload.status == "delivered" else Step.REJECTED
        rooms.settled(copy.delivery, step, payload.reason, receipt.payload, receipt.signature, work.now)
        self._follow(work, copy.mailbox, receipt, payload)
        if step is Step.REJECTED:
            self._send_again(work, copy)

    def _follow(self, work: Work, mailbox: MailboxId, receipt: Receipt, payload: ReceiptPayload) -> None:
        rooms = self._desk.store.deliveries
        known = rooms.received_chain(mailbox)
        if payload.sequence <= known.sequence and payload.status == "rejected":
            return  # the relay repeats itself
        if (payload.sequence, payload.previous) != (known.sequence + 1, known.previous):
            work.tell(NoticeRaised(_BROKEN_CHAIN))
        rooms.advance_received(mailbox, ReceiptChain(payload.sequence, receipt_hash(receipt)))

    def _send_again(self, work: Work, copy: Outgoing) -> None:
        """Section 7: a new handshake and the same signed content, at most three times."""
        if self._desk.store.deliveries.tries(copy.message, copy.device) < TRIES:
            self._writing.queue(work, copy.message, (DeviceId(copy.device),), anew=True)
        else:
            work.tell(NoticeRaised(_LOST))


_BROKEN_CHAIN = Notice(
    Severity.WARNING,
    "A receipt is missing.",
    "Another device signed a receipt that never arrived here. Somebody may be holding receipts back.",
    "If this happens again, tell your administrator.",
)


async def _nothing() -> None:
    return


def _hashes(frame: EnvelopeFrame) -> tuple[bytes, bytes]:
    return primitives.labelled_hash(Label.BODY, frame.body), primitives.labelled_hash(Label.SLOT, frame.slot)
