"""A patient's device as a program: the whole protocol, over the real relay, and no window.

It does what the page does, with the desk's own protocol package: binds its mailbox, proves the clinic's log, shakes
hands with every device, opens a conversation, writes, reads, and signs receipts. Its state lives in memory.
"""

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import httpx

from agent_app.protocol import attachment, content, envelope, events, primitives, signal
from agent_app.protocol.content import Message, Position
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.envelope import Recipient
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.events import Event, File, Identifier, Identifiers
from agent_app.protocol.invitation import InvitationKeys, Link, Presentation, read_registration
from agent_app.protocol.keys import (
    Certificate,
    ClinicId,
    ConversationId,
    DeliveryHash,
    DeviceId,
    DeviceKeys,
    EnvelopeId,
    LocalDevice,
    MailboxId,
    MessageHash,
    MessageId,
    Transcript,
)
from agent_app.protocol.labels import Label
from agent_app.protocol.merkle import EMPTY_ROOT
from agent_app.protocol.prekeys import Bundle, PrekeyKind, PrekeyPair
from agent_app.protocol.receipt import Receipt, ReceiptChain, ReceiptPayload, delivery_hash, reason_for
from agent_app.protocol.session import BodyKey, PeerSessions
from agent_app.protocol.slot import NO_STREAM, NextSlot, read_slot
from agent_app.relay import wire
from agent_app.relay.client import RelayClient, Scope
from agent_app.relay.errors import LogStale, RelayError
from agent_app.transparency import statement
from agent_app.transparency.log import ClinicLog

DAY = 86_400_000
PREKEYS = 20
PATIENCE = 60.0  # seconds, for what takes one of them; a busy machine is no slow program


def now() -> int:
    return time.time_ns() // 1_000_000


class Owner:
    def __init__(self, local: LocalDevice) -> None:
        self._seed = local.keys.mailbox
        self.id: bytes = local.mailbox

    def prove(self, origin: str, challenge: bytes, scope: Scope) -> bytes:
        return primitives.sign(self._seed, Label.RELAY_AUTH, origin, challenge, scope)


class Patient:
    """One conversation of one patient. `transport` lets a test stand between this device and the relay."""

    def __init__(self, origin: str, clinic: ClinicId, transport: httpx.AsyncBaseTransport | None = None) -> None:
        keys = DeviceKeys.generate(os.urandom)
        self.local = LocalDevice(keys, keys.certify(clinic, "patient", now()))
        self.clinic = clinic
        self.log: ClinicLog | None = None
        self.relay = RelayClient(origin, now, Owner(self.local), self.head, transport)
        self.conversation: ConversationId | None = None
        self.sessions: dict[DeviceId, PeerSessions] = {}
        self.prekeys: dict[int, PrekeyPair] = {}
        self.accepted: set[Transcript] = set()
        self.position = Position()
        self.said: dict[MessageId, Message] = {}
        self.heard: list[Message] = []
        self.hints: list[signal.Hint] = []
        self.delivered: dict[MessageId, dict[DeviceId, ReceiptPayload]] = defaultdict(dict)
        self.refused: list[ProtocolError] = []
        self._hashes: set[MessageHash] = set()
        self._sent: dict[DeliveryHash, tuple[Message, DeviceId]] = {}
        self._chains: dict[MailboxId, ReceiptChain] = {}
        self._receipts: dict[DeliveryHash, Receipt] = {}
        self._after = 0
        self._next_prekey = 1
        self._invitation: InvitationKeys | None = None
        self._checkers: tuple[DeviceId, ...] = ()
        self._news = asyncio.Condition()

    # Coming in

    async def come_by(self, link: str) -> None:
        """Redeems an invitation's link: the relay binds this mailbox, and the registration must be a member's."""
        parsed = Link.parse(link.rpartition("#")[2])
        assert parsed.clinic == self.clinic
        self._invitation = parsed.derive()
        await self.refresh()
        signed = await self.relay.bind_by_invitation(self.clinic, self._invitation.token)
        await self._publish()
        issuer = self._log.roster.member(read_registration(signed.registration).issuer)
        assert issuer is not None
        self._checkers = signed.verify(issuer.certificate).checkers

    async def come_in(self) -> None:
        """A visitor without an invitation."""
        await self.refresh()
        await self.relay.bind_by_intake(self.clinic)
        await self._publish()

    async def _publish(self) -> None:
        signed, kem_last = self._prekey("signed", 14), self._prekey("kem-last", 14)
        one_time = tuple(self._prekey("one-time", 30) for _ in range(PREKEYS))
        kem_once = tuple(self._prekey("kem-once", 30) for _ in range(PREKEYS))
        mine = self.local.certificate.encoded
        await self.relay.publish_prekeys(wire.Prekeys(mine, signed, kem_last, one_time, kem_once, True))

    def _prekey(self, kind: PrekeyKind, days: int) -> bytes:
        pair = PrekeyPair.make(self.local, kind, self._next_prekey, now() + days * DAY, os.urandom)
        self.prekeys[self._next_prekey] = pair
        self._next_prekey += 1
        return encode(pair.prekey)

    # The clinic

    @property
    def _log(self) -> ClinicLog:
        assert self.log is not None
        return self.log

    def head(self) -> content.LogHead:
        return self.log.head if self.log is not None else content.LogHead(0, EMPTY_ROOT)

    async def refresh(self) -> None:
        """Fetches and proves the clinic's log."""
        page = await self.relay.log_page(self.clinic, self.log.size if self.log is not None else 0)
        if self.log is None:
            self.log = ClinicLog.replay(page.statements, self.clinic)
        else:
            self.log.extend(self.log.size, page.statements)

    def devices(self) -> tuple[DeviceId, ...]:
        return tuple(member.id for member in self._log.roster.active if member.role != "auditor")

    def _certificate(self, device: DeviceId) -> Certificate:
        member = self._log.roster.member(device)
        assert member is not None
        return member.certificate

    # Writing

    async def open(self, code: str = "", birth_date: str = "") -> ConversationId:
        """The first message: it opens the conversation, and shows the invitation where there is one."""
        nonce = os.urandom(16)
        self.conversation = content.conversation_id(self.local.device, self.clinic, nonce)
        event = events.Open(nonce, self.local.certificate.encoded, 1, bytes(32))
        await self._write(event, self._presentations(code, birth_date))
        return self.conversation

    async def check(self, code: str, birth_date: str, checker: int = 0) -> None:
        """A further try: new handshakes with everybody, and a proof for one checker."""
        shown = {self._checkers[checker]: self._presentation(code, birth_date)}
        await self._write(events.Check(), shown, anew=True)

    async def say(self, text: str) -> MessageId:
        return await self._write(events.Text(text))

    async def send(self, event: Event) -> MessageId:
        return await self._write(event)

    async def send_file(self, name: str, media_type: str, plaintext: bytes) -> MessageId:
        sealed = attachment.seal_file(plaintext, os.urandom)
        hashes = attachment.read_hash(sealed.read_secret), attachment.delete_hash(sealed.delete_secret)
        await self.relay.put_blob(sealed.blob_id, sealed.blob, *hashes)
        return await self._write(sealed.event(name, media_type))

    async def fetch(self, file: File) -> bytes:
        blob = await self.relay.get_blob(file.blob, file.read_secret, attachment.blob_length(file.size))
        return attachment.open_file(blob, file)

    def _presentation(self, code: str, birth_date: str) -> Presentation:
        assert self._invitation is not None
        identifiers: Identifiers = (Identifier("birth-date", birth_date),) if birth_date else ()
        return Presentation(self._invitation, code, identifiers)

    def _presentations(self, code: str, birth_date: str) -> dict[DeviceId, Presentation]:
        """Section 11.4: all of it for the first checker, the bare proof for those who check nothing."""
        if self._invitation is None:
            return {}
        bare = {d: Presentation(self._invitation) for d in self.devices() if d not in self._checkers}
        return bare | {self._checkers[0]: self._presentation(code, birth_date)}

    async def _write(
        self, event: Event, shown: dict[DeviceId, Presentation] | None = None, *, anew: bool = False
    ) -> MessageId:
        assert self.conversation is not None
        stream, message_id = content.shared_stream(self.conversation), MessageId(os.urandom(16))
        recipients = self.devices()
        unsigned = self.position.next_content(
            stream, message_id, self.local.device, recipients, now(), self._log.head, event
        )
        message = content.sign(self.local, unsigned)
        self.position = self.position.sent(message)
        self.said[message_id] = message
        await self.post(message, recipients, shown or {}, anew=anew)
        return message_id

    async def post(
        self, message: Message, devices: Sequence[DeviceId], shown: dict[DeviceId, Presentation], *, anew: bool = False
    ) -> None:
        """Seals and posts; after a stale head to those that are still members."""
        await self._shake_hands([d for d in devices if anew or self.sessions.get(d) is None])
        recipients = [Recipient(self._offering(d), shown.get(d)) for d in devices if d in self.sessions]
        composed = envelope.compose(self.local, message, recipients, os.urandom)
        for state, addressed in zip(composed.sessions, composed.envelope.slots, strict=True):
            self.sessions[state.peer.device] = state
            body, slot = composed.envelope.body, addressed.slot
            delivery = delivery_hash(self.local.mailbox, addressed.mailbox, composed.envelope.id, body, slot)
            self._sent[delivery] = (message, state.peer.device)
        try:
            (answer,) = await self.relay.post_envelopes([composed.envelope])
        except LogStale as stale:
            # What somebody else here was told meanwhile is known already.
            self._log.extend(statement.parse(stale.statements[0]).payload.index, stale.statements)
            members = set(self.devices())
            await self.post(message, [d for d in devices if d in members], {})
            return
        for addressed, receipt in zip(composed.envelope.slots, answer.accepted, strict=True):
            assert receipt is not None
            receipt.verify(
                self._log.roster.relay.key,
                delivery_hash(
                    self.local.mailbox, addressed.mailbox, composed.envelope.id, composed.envelope.body, addressed.slot
                ),
            )

    def _offering(self, device: DeviceId) -> PeerSessions:
        """With fresh prekeys for the peer where the session has grown old (section 7)."""
        state = self.sessions[device]
        if not state.needs_offer(self.local, now()):
            return state
        self._prekey("signed", 14)
        self._prekey("kem-once", 30)
        return state.with_offer(self.prekeys[self._next_prekey - 2], self.prekeys[self._next_prekey - 1])

    async def _shake_hands(self, devices: Sequence[DeviceId]) -> None:
        if not devices:
            return
        by_mailbox = {self._certificate(d).mailbox: self._certificate(d) for d in devices}
        for taken in await self.relay.take_bundles(list(by_mailbox)):
            if taken.bundle is not None:
                peer = by_mailbox[MailboxId(taken.mailbox)]
                bundle = decode(taken.bundle, Bundle).verify(peer, now())
                state = self.sessions.get(peer.device, PeerSessions(peer))
                self.sessions[peer.device] = state.initiate(self.local, bundle, os.urandom, now())

    # Reading

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Patient"]:
        """Reads the mailbox while the block lasts, through restarts of the relay. The caller closes `relay`."""
        task = asyncio.create_task(self._listen())
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def until(self, condition: Callable[["Patient"], object]) -> None:
        """Looks only between two frames: what one of them brings is there, and its receipt at the relay."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: bool(condition(self)))

    def texts(self) -> list[str]:
        return [m.content.event.text for m in self.heard if isinstance(m.content.event, events.Text)]

    def verdicts(self) -> list[events.Verdict]:
        return [m.content.event for m in self.heard if isinstance(m.content.event, events.Verdict)]

    async def _listen(self) -> None:
        while True:
            with suppress(RelayError):
                async for frame in self.relay.stream(self._after):
                    async with self._news:
                        await self._frame(frame)
                        self._news.notify_all()
            await asyncio.sleep(0.05)

    async def _frame(self, frame: wire.Frame | None) -> None:
        match frame:
            case wire.HeadFrame() if self.log is not None and frame.size > self.log.size:
                await self.refresh()
            case wire.EnvelopeFrame():
                await self._envelope(frame)
            case wire.ReceiptFrame():
                self._receipt(frame)
                await self.relay.discard([frame.position])
                self._after = frame.position

    async def _envelope(self, frame: wire.EnvelopeFrame) -> None:
        delivery = delivery_hash(
            MailboxId(frame.sender),
            self.local.mailbox,
            EnvelopeId(frame.id),
            frame.body,
            frame.slot,
        )
        if self._take_signal(frame):
            await self.relay.discard([frame.position])
            self._after = frame.position
            return
        if delivery not in self._receipts:
            self._receipts[delivery] = self._answer(frame, delivery)
        await self.relay.post_receipts([self._receipts[delivery]])
        self._after = frame.position

    def _take_signal(self, frame: wire.EnvelopeFrame) -> bool:
        """Section 22. False for whatever is none, or cannot be opened."""
        with suppress(ProtocolError):
            member = self._log.roster.by_mailbox(MailboxId(frame.sender))
            known = self.sessions.get(member.id) if member else None
            slot = read_slot(frame.slot)
            if known is None or not isinstance(slot, NextSlot):
                return False
            received = known.decrypt(self.local, slot, lambda _: None, lambda _: False, os.urandom, now())
            if received.plaintext.is_signal:
                self.sessions[known.peer.device] = received.sessions
                self.hints.append(signal.open_received(received, frame.body).hint)
                return True
        return False

    async def hint(self, hint: signal.Hint, *devices: DeviceId) -> None:
        """Tells a signal to these desks, whether it is allowed to or not."""
        states = [self.sessions[device] for device in devices]
        message, key = MessageId(os.urandom(16)), os.urandom(32)
        body = signal.seal_signal(signal.Signal("SD1", now(), hint), key, self.local.mailbox, message, os.urandom)
        carried = BodyKey(key, envelope.body_hash(body), NO_STREAM, message)
        slots = []
        for state in states:
            self.sessions[state.peer.device], slot = state.encrypt_signal(carried, os.urandom)
            slots.append(envelope.AddressedSlot(state.peer.mailbox, encode(slot)))
        await self.relay.post_envelopes([envelope.Envelope(EnvelopeId(os.urandom(16)), body, tuple(slots))])

    def _answer(self, frame: wire.EnvelopeFrame, delivery: DeliveryHash) -> Receipt:
        sender = MailboxId(frame.sender)
        chain = self._chains.get(sender, ReceiptChain())
        try:
            self._take(frame, sender)
            self._chains[sender], receipt = chain.issue(self.local.keys.mailbox, sender, delivery, now())
        except ProtocolError as error:
            self.refused.append(error)
            reason = reason_for(error)
            self._chains[sender], receipt = chain.issue(self.local.keys.mailbox, sender, delivery, now(), reason)
        return receipt

    def _take(self, frame: wire.EnvelopeFrame, sender: MailboxId) -> None:
        slot = read_slot(frame.slot)
        member = self._log.roster.by_mailbox(sender)
        assert member is not None
        known = self.sessions.get(member.id, PeerSessions(member.certificate))
        opened = envelope.open_envelope(
            self.local, known, slot, frame.body, self.prekeys.get, self.accepted.__contains__, os.urandom, now()
        )
        self._log.compare(opened.message.content.log)
        assert self._log.roster.role_at(member.id, opened.message.content.log.size) is not None
        if opened.received.accepted is not None:
            self.accepted.add(opened.received.accepted.transcript)
            for used in opened.received.accepted.used_up:
                del self.prekeys[used]
        received = opened.received
        self.sessions[member.id] = received.sessions.renew(self.local, received, os.urandom, now())
        if opened.message.hash not in self._hashes:
            self._hashes.add(opened.message.hash)
            self.position = self.position.seen(opened.message)
            self.heard.append(opened.message)

    def _receipt(self, frame: wire.ReceiptFrame) -> None:
        receipt = Receipt(frame.payload, frame.signature)
        unproven = decode(receipt.payload, ReceiptPayload)
        message, device = self._sent[unproven.delivery]
        payload = receipt.verify(self._certificate(device).mailbox, self.local.mailbox)
        self.delivered[message.content.message][device] = payload
