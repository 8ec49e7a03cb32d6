"""A patient that exists for one self-check: a visitor's device with keys of its own, over the real relay.

It does what the patients' page does, and no more than a self-check needs: it proves the clinic's log, shakes hands with
one desk, writes to it, reads what comes back, and signs and verifies receipts. It lives in memory and is forgotten.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from agent_app.engine.administration.notebook import Refused
from agent_app.engine.clinic_address import ClinicAddress
from agent_app.engine.provisioning import fetch_clinic
from agent_app.protocol import content, envelope, events, primitives
from agent_app.protocol.content import LogHead, Message, Position
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.envelope import Recipient
from agent_app.protocol.errors import InvalidReceiptError, ProtocolError
from agent_app.protocol.events import Event
from agent_app.protocol.keys import (
    Certificate,
    ConversationId,
    DeliveryHash,
    DeviceKeys,
    EnvelopeId,
    LocalDevice,
    MailboxId,
    MessageHash,
    MessageId,
    Transcript,
)
from agent_app.protocol.labels import Label
from agent_app.protocol.prekeys import Bundle, PrekeyKind, PrekeyPair
from agent_app.protocol.receipt import Receipt, ReceiptChain, ReceiptPayload, delivery_hash, reason_for
from agent_app.protocol.session import PeerSessions
from agent_app.protocol.slot import read_slot
from agent_app.relay import wire
from agent_app.relay.client import RelayClient, Scope
from agent_app.relay.errors import RelayError
from agent_app.transparency.log import ClinicLog

if TYPE_CHECKING:
    from httpx import AsyncBaseTransport

_LIFE = 86_400_000  # milliseconds of its prekeys
_AGAIN = 0.2  # seconds


class _Owner:
    def __init__(self, local: LocalDevice) -> None:
        self._seed = local.keys.mailbox
        self.id: bytes = local.mailbox

    def prove(self, origin: str, challenge: bytes, scope: Scope) -> bytes:
        return primitives.sign(self._seed, Label.RELAY_AUTH, origin, challenge, scope)


class DemoPatient:
    """One visitor who talks with one desk, `peer`. `heard` holds what was decrypted and verified."""

    def __init__(
        self,
        log: ClinicLog,
        peer: Certificate,
        clock: Callable[[], int],
        random: Callable[[int], bytes],
        network: "AsyncBaseTransport | None" = None,
    ) -> None:
        keys = DeviceKeys.generate(random)
        self.local = LocalDevice(keys, keys.certify(log.clinic, "patient", clock()))
        self.heard: list[Message] = []
        self.delivered: set[MessageId] = set()
        self._log, self._peer, self._clock, self._random = log, peer, clock, random
        self._relay = RelayClient(log.roster.relay.origin, clock, _Owner(self.local), self._head, network)
        self._prekeys: dict[int, PrekeyPair] = {}
        self._accepted: set[Transcript] = set()
        self._position = Position()
        self._session = PeerSessions(peer)
        self._chain = ReceiptChain()
        self._sent: dict[DeliveryHash, MessageId] = {}
        self._hashes: dict[MessageId, MessageHash] = {}
        self._answered: dict[DeliveryHash, Receipt] = {}
        self._conversation = ConversationId(b"")
        self._after = 0

    def _head(self) -> LogHead:
        return self._log.head

    async def come_in(self) -> None:
        """Proves the clinic's log anew, binds a mailbox as a visitor, and publishes prekeys."""
        address = ClinicAddress(self._log.roster.relay.origin, self._log.clinic)
        self._log = (await fetch_clinic(address, self._relay)).log
        await self._relay.bind_by_intake(self._log.clinic)
        kinds: tuple[PrekeyKind, ...] = ("signed", "kem-last", "one-time", "kem-once")
        signed, last, once, kem = (self._prekey(number, kind) for number, kind in enumerate(kinds, 1))
        await self._relay.publish_prekeys(
            wire.Prekeys(self.local.certificate.encoded, signed, last, (once,), (kem,), True)
        )

    def _prekey(self, number: int, kind: PrekeyKind) -> bytes:
        pair = PrekeyPair.make(self.local, kind, number, self._clock() + _LIFE, self._random)
        self._prekeys[number] = pair
        return encode(pair.prekey)

    async def open(self) -> ConversationId:
        await self._shake_hands()
        nonce = self._random(16)
        self._conversation = content.conversation_id(self.local.device, self._log.clinic, nonce)
        await self.write(events.Open(nonce, self.local.certificate.encoded, 1, bytes(32)))
        return self._conversation

    async def _shake_hands(self) -> None:
        (taken,) = await self._relay.take_bundles([self._peer.mailbox])
        if taken.bundle is None:
            raise Refused("This desk has no keys at the relay yet. Wait a minute, then check again.")
        bundle = decode(taken.bundle, Bundle).verify(self._peer, self._clock())
        self._session = self._session.initiate(self.local, bundle, self._random, self._clock())

    async def write(self, event: Event) -> MessageId:
        """Seals, posts, and verifies the relay's signature under its acceptance."""
        stream, id_ = content.shared_stream(self._conversation), MessageId(self._random(16))
        unsigned = self._position.next_content(
            stream, id_, self.local.device, (self._peer.device,), self._clock(), self._log.head, event
        )
        message = content.sign(self.local, unsigned)
        self._position = self._position.sent(message)
        composed = envelope.compose(self.local, message, [Recipient(self._session, None)], self._random)
        self._session = composed.sessions[0]
        sealed, addressed = composed.envelope, composed.envelope.slots[0]
        delivery = delivery_hash(self.local.mailbox, addressed.mailbox, sealed.id, sealed.body, addressed.slot)
        self._sent[delivery] = id_
        self._hashes[id_] = message.hash
        (answer,) = await self._relay.post_envelopes([sealed])
        if len(answer.accepted) != 1 or (accepted := answer.accepted[0]) is None:
            raise Refused("The relay did not accept the self-check's message. Tell your administrator.")
        accepted.verify(self._log.roster.relay.key, delivery)
        return id_

    def hash_of(self, message: MessageId) -> MessageHash:
        return self._hashes[message]

    async def listen(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(RelayError):
                async for frame in self._relay.stream(self._after):
                    await self._take_in(frame)
            await asyncio.sleep(_AGAIN)

    async def close(self) -> None:
        await self._relay.close()

    async def _take_in(self, frame: wire.Frame | None) -> None:
        match frame:
            case wire.EnvelopeFrame():
                await self._relay.post_receipts([self._answer(frame)])
                self._after = frame.position
            case wire.ReceiptFrame():
                self._settle(Receipt(frame.payload, frame.signature))
                await self._relay.discard([frame.position])
                self._after = frame.position

    def _answer(self, frame: wire.EnvelopeFrame) -> Receipt:
        """What could not be opened is rejected with its reason, as any device does."""
        sender = MailboxId(frame.sender)
        delivery = delivery_hash(sender, self.local.mailbox, EnvelopeId(frame.id), frame.body, frame.slot)
        if delivery not in self._answered:
            try:
                self._open(frame)
                issued = self._chain.issue(self.local.keys.mailbox, sender, delivery, self._clock())
            except ProtocolError as error:
                why = reason_for(error)
                issued = self._chain.issue(self.local.keys.mailbox, sender, delivery, self._clock(), why)
            self._chain, self._answered[delivery] = issued
        return self._answered[delivery]

    def _open(self, frame: wire.EnvelopeFrame) -> None:
        slot = read_slot(frame.slot)
        opened = envelope.open_envelope(
            self.local,
            self._session,
            slot,
            frame.body,
            self._prekeys.get,
            self._accepted.__contains__,
            self._random,
            self._clock(),
        )
        self._log.compare(opened.message.content.log)
        received = opened.received
        if received.accepted is not None:
            self._accepted.add(received.accepted.transcript)
        self._session = received.sessions.renew(self.local, received, self._random, self._clock())
        self._position = self._position.seen(opened.message)
        self.heard.append(opened.message)

    def _settle(self, receipt: Receipt) -> None:
        """A receipt counts when this desk signed it over a delivery of ours, and says that it was delivered."""
        with suppress(InvalidReceiptError):
            payload: ReceiptPayload = receipt.verify(self._peer.mailbox, self.local.mailbox)
            if payload.delivery in self._sent and payload.status == "delivered":
                self.delivered.add(self._sent[payload.delivery])
