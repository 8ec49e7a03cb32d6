"""From the relay's stream to the store: verify, decrypt, judge, keep, acknowledge.

What an envelope brings is committed together: ratchet state, message, what follows from it, the receipt, and the
stream's position. So a crash repeats an envelope or has it behind it, and a repetition is answered with the receipt
that was stored.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from agent_app.engine import notices
from agent_app.engine.desk import Desk
from agent_app.engine.effects import Effects
from agent_app.engine.events import ConnectionChanged, Notice, NoticeRaised, Severity
from agent_app.engine.membership import Membership
from agent_app.engine.pace import Pace
from agent_app.engine.peers import Peers
from agent_app.engine.receipts import Receipts
from agent_app.engine.sentence import Sentence
from agent_app.protocol import envelope, events
from agent_app.protocol.envelope import Opened
from agent_app.protocol.errors import (
    ForgedError,
    ForkedLogError,
    NotPermittedError,
    ProtocolError,
    StaleLogError,
    UndecryptableError,
    UnknownSessionError,
)
from agent_app.protocol.keys import Certificate, DeviceId, MailboxId
from agent_app.protocol.receipt import reason_for
from agent_app.protocol.session import Received
from agent_app.protocol.slot import InitSlot, Slot, read_slot
from agent_app.relay import wire
from agent_app.relay.backoff import Backoff
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import RelayError, RelayRefused
from agent_app.store.errors import StoreUnavailable

_FOREIGN_HEAD = Notice(
    Severity.WARNING,
    "A patient's page names another clinic log than this desk's.",
    "Somebody may be showing that patient false members. Their message was not accepted.",
    "Tell your administrator, and speak with the patient by telephone.",
)


@dataclass(frozen=True, slots=True)
class _Arrived:
    """An envelope whose sender's certificate is known and verified."""

    frame: wire.EnvelopeFrame
    slot: Slot
    sender: Certificate


class Inbound:
    """Reads this device's mailbox, one frame after the other."""

    def __init__(
        self,
        desk: Desk,
        relay: RelayClient,
        membership: Membership,
        peers: Peers,
        receipts: Receipts,
        effects: Effects,
        pace: Pace,
    ) -> None:
        self._desk = desk
        self._relay = relay
        self._membership = membership
        self._peers = peers
        self._receipts = receipts
        self._effects = effects
        self._backoff = Backoff(desk.random, pace.reconnect_first, pace.reconnect_most)
        self._stumbled = 0  # the position of the envelope over which this program fell last
        self.connected: Callable[[], None] = lambda: None
        self.heard_from: Callable[[Certificate], None] = lambda certificate: None
        self.signalled: Callable[[Certificate, Received, bytes], None] = lambda sender, received, body: None
        self.written: Callable[[DeviceId], None] = lambda author: None  # a message that people read is here

    async def run(self) -> None:
        """Until cancelled, or until another reader takes the mailbox over."""
        while True:
            try:
                if not await self._read():
                    return
            except RelayError as error:
                self._desk.emit(ConnectionChanged(online=False, detail=notices.means(error)))
                if isinstance(error, RelayRefused):
                    await self._look_why()
            await asyncio.sleep(max(0.05, self._backoff.wait()))

    async def _look_why(self) -> None:
        """A refusal is not believed; the clinic log says whether this device was revoked."""
        with suppress(RelayError):  # the next connection tries again
            await self._membership.refresh(self._relay)

    async def _read(self) -> bool:
        """One connection. False when there is to be no other."""
        async for frame in self._relay.stream(self._desk.store.settings.inbox_position):
            self._backoff.reset()
            match frame:
                case wire.HeadFrame():
                    self._desk.emit(ConnectionChanged(online=True))
                    self.connected()
                    if self._membership.observe(frame.size, frame.root):
                        await self._membership.refresh(self._relay)
                case wire.EnvelopeFrame():
                    await self._envelope(frame)
                case wire.ReceiptFrame():
                    self._receipts.received(frame)
                case wire.LeaseFrame():
                    self._desk.emit(NoticeRaised(notices.TAKEN_OVER))
                    return False
                case wire.EndFrame():
                    await self._ended(frame)
        return True

    async def _ended(self, frame: wire.EndFrame) -> None:
        self._desk.emit(ConnectionChanged(online=False, detail=Sentence("The relay ended the connection.")))
        if frame.reason == "revoked":
            await self._membership.refresh(self._relay)

    # One envelope

    async def _envelope(self, frame: wire.EnvelopeFrame) -> None:
        if frame.position <= self._desk.store.settings.inbox_position or self._is_duplicate(frame):
            return
        sender: Certificate | None = None
        try:
            slot = read_slot(frame.slot)
            sender = await self._sender(frame, slot)
            arrived = _Arrived(frame, slot, sender)
            received = self._received(arrived)
            if received.plaintext.is_signal:
                self._take_signal(arrived, received)
            else:
                await self._take_message(arrived, received)
        except ProtocolError as error:
            self._refuse(frame, error)
            return
        except (RelayError, StoreUnavailable):
            raise  # no fault of the envelope: it waits
        except Exception:
            # A fault of ours is raised once, and told. An envelope that causes it again must not hold back all mail
            # behind it: it is refused, so that its sender learns that it did not arrive.
            if self._stumbled != frame.position:
                self._stumbled = frame.position
                raise
            self._refuse(frame, UndecryptableError())
            return
        self.heard_from(sender)

    async def _take_message(self, arrived: _Arrived, received: Received) -> None:
        opened = self._opened(arrived, received)
        if await self._proved(opened, arrived.sender):
            # The log may have changed what the sender is; nothing was stored yet, so look again.
            again = _Arrived(arrived.frame, arrived.slot, await self._sender(arrived.frame, arrived.slot))
            opened = self._opened(again, self._received(again))
        self._keep(arrived, opened)

    def _take_signal(self, arrived: _Arrived, received: Received) -> None:
        """Of a signal (section 22) only the ratchet is kept. There is nothing to answer, whatever it says."""
        with self._desk.store.transaction():
            self._peers.accept(arrived.sender, received)
            self._receipts.discard(arrived.frame.position)
            self._desk.store.settings.inbox_position = arrived.frame.position
        self.signalled(arrived.sender, received, arrived.frame.body)

    def _is_duplicate(self, frame: wire.EnvelopeFrame) -> bool:
        if self._desk.store.deliveries.incoming(self._receipts.delivery(frame)) is None:
            return False
        with self._desk.work() as work:
            self._receipts.answer(work, frame)
            self._desk.store.settings.inbox_position = frame.position
        return True

    async def _sender(self, frame: wire.EnvelopeFrame, slot: Slot) -> Certificate:
        """Whose session the slot names, or who begins one. The relay's word for the sender is only compared."""
        if isinstance(slot, InitSlot):
            certificate = await self._stranger(slot)
        else:
            device = self._desk.store.sessions.peer_of(slot.session)
            known = self._peers.certificate(device) if device else None
            if known is None:
                raise UnknownSessionError(slot.session.hex())
            certificate = known
        if certificate.mailbox != frame.sender:
            raise ForgedError("another mailbox than the session's")
        return certificate

    async def _stranger(self, slot: InitSlot) -> Certificate:
        """Any patient of this clinic may write; of agents' devices only those that the log has admitted."""
        certificate = Certificate.parse(slot.certificate)
        if certificate.clinic != self._membership.roster.clinic:
            raise NotPermittedError("another clinic's device")
        if certificate.core.kind == "patient":
            return certificate
        if self._membership.certificate(certificate.device) is None:
            await self._membership.refresh(self._relay)
        member = self._membership.roster.member(certificate.device)
        if member is None or not member.active or member.certificate != certificate:
            raise NotPermittedError("no active member")
        return certificate

    def _received(self, arrived: _Arrived) -> Received:
        peers, now = self._peers, self._desk.clock()
        sessions = peers.sessions(arrived.sender)
        local, random = self._desk.local, self._desk.random
        return sessions.decrypt(local, arrived.slot, peers.prekey, peers.is_accepted, random, now)

    def _opened(self, arrived: _Arrived, received: Received) -> Opened:
        return envelope.open_received(self._desk.local, received, arrived.frame.body, self._desk.clock())

    async def _proved(self, opened: Opened, sender: Certificate) -> bool:
        """Section 14.5: a log head that is ahead is fetched and proved before the message counts. True when it was.

        A member who was shown another log is an alarm. A patient's word does not stop a clinic: it is refused.
        """
        head = opened.message.content.log
        try:
            if not self._membership.judge(head.size, head.root):
                return False
            await self._membership.refresh(self._relay)
            if self._membership.judge(head.size, head.root):
                raise StaleLogError("a message names a log that the relay does not show")
        except ForkedLogError as error:
            if sender.core.kind == "agent":
                self._membership.contradicted(error)
            else:
                self._desk.emit(NoticeRaised(_FOREIGN_HEAD))
            raise
        return True

    def _keep(self, arrived: _Arrived, opened: Opened) -> None:
        message = opened.message
        with self._desk.work() as work:
            self._peers.accept(arrived.sender, opened.received)
            renewed = self._peers.renewed(opened.received.sessions, opened.received)
            if renewed != opened.received.sessions:
                self._peers.save(renewed)
            self._effects.store(work, arrived.sender, opened)
            self._receipts.issue(work, arrived.frame, message.hash)
            self._desk.store.settings.inbox_position = arrived.frame.position
        if isinstance(message.content.event, events.Text | events.Note | events.File):
            self.written(message.content.author)

    def _refuse(self, frame: wire.EnvelopeFrame, error: ProtocolError) -> None:
        """A signed refusal to whom this device knows, so that they send again; what strangers send is discarded."""
        known = self._peers.by_mailbox(MailboxId(frame.sender)) is not None
        with self._desk.work() as work:
            if known:
                reason = "not-permitted" if isinstance(error, StaleLogError | ForkedLogError) else reason_for(error)
                self._receipts.issue(work, frame, None, reason)
            else:
                self._receipts.discard(frame.position)
            self._desk.store.settings.inbox_position = frame.position
