"""Sessions with one peer device: docs/protocol.md, section 7.

`PeerSessions` is a value. `encrypt`, `decrypt`, `initiate` and `renew` return the next one, which the caller stores
before it sends or acknowledges anything; what raises leaves the old one as good as before.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Annotated, NamedTuple

import msgspec

from . import limits, primitives
from .double_ratchet import Context, DoubleRatchet, RatchetMessage
from .encoding import B16, B32, Record, Uint, decode, encode
from .errors import (
    ExpiredPrekeyError,
    ForgedError,
    InvalidHandshakeError,
    MalformedError,
    ReplayedHandshakeError,
    UndecryptableError,
    UnknownSessionError,
)
from .invitation import Presentation
from .keys import Certificate, DeviceId, LocalDevice, MessageId, SessionId, StreamId, Transcript
from .labels import Label
from .pqxdh import Handshake, ResponderPrekeys, initiate, respond
from .prekeys import Offer, Prekey, PrekeyPair, VerifiedBundle
from .primitives import Encapsulate, Random
from .slot import InitSlot, NextSlot, Proof, Slot, SlotPlaintext

PrekeyById = Callable[[int], PrekeyPair | None]  # None once the secret is destroyed
IsAccepted = Callable[[Transcript], bool]  # whether a handshake with this transcript was accepted before


class BodyKey(NamedTuple):
    """What a slot carries for one body."""

    message_key: bytes
    body_hash: bytes
    stream: StreamId
    message: MessageId


class Session(Record, frozen=True):
    """One session. `handshake` is what its init slots carry; `begun_here` says who initiated it."""

    id: Annotated[SessionId, B16]
    transcript: Annotated[Transcript, B32]
    begun_here: bool
    handshake: Handshake
    created: Uint
    sent: Uint
    received: Uint
    ratchet: DoubleRatchet

    @property
    def context(self) -> Context:
        return Context(self.transcript, self.id)

    @property
    def is_unanswered(self) -> bool:
        """Whether this device has yet to hear from the peer in it (so it began it): then it sends init slots."""
        return self.received == 0

    def is_due(self, now: int) -> bool:
        """Whether it is time for a new handshake: fresh post-quantum secrets heal what may have leaked."""
        used = self.sent + self.received
        return used >= limits.SENDS_BEFORE_RENEWAL or now - self.created >= limits.RENEWAL_AGE


@dataclass(frozen=True, slots=True)
class AcceptedHandshake:
    """To be stored with the new sessions, in one transaction: `transcript` is kept until every prekey in `prekeys`
    is destroyed, and the secrets in `used_up` are deleted now."""

    transcript: Transcript
    prekeys: tuple[int, ...]
    used_up: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """A decrypted slot and what to store for it. `accepted` is None unless the slot began a session."""

    sessions: "PeerSessions"
    session: SessionId
    transcript: Transcript
    plaintext: SlotPlaintext
    accepted: AcceptedHandshake | None


class _Stored(Record, frozen=True, tag="sessions-1"):
    peer: Annotated[DeviceId, B32]
    sessions: tuple[Session, ...]
    sending: Annotated[SessionId, B16] | None
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class PeerSessions:
    """All sessions with one peer, oldest first; `sending` names the one that sends, the others only receive.

    `offer` is what this device adds to its slots while the sending session is due.
    """

    peer: Certificate
    sessions: tuple[Session, ...] = field(default=(), repr=False)
    sending: SessionId | None = None
    offer: Offer | None = field(default=None, repr=False)

    # At rest

    def to_bytes(self) -> bytes:
        """Holds secrets: for the encrypted store only."""
        return encode(_Stored(self.peer.device, self.sessions, self.sending, self.offer))

    @classmethod
    def from_bytes(cls, data: bytes, peer: Certificate) -> "PeerSessions":
        """Raises an EncodingError for anything that `to_bytes` did not write for this peer."""
        stored = decode(data, _Stored)
        state = cls(peer, stored.sessions, stored.sending, stored.offer)
        if stored.peer != peer.device or (stored.sending is not None and state.sending_session is None):
            raise MalformedError("sessions of another device")
        return state

    # What is there

    def session(self, session: SessionId | None) -> Session | None:
        return next((known for known in self.sessions if known.id == session), None)

    @property
    def sending_session(self) -> Session | None:
        return self.session(self.sending)

    def forget(self, now: int) -> "PeerSessions":
        """Drops skipped message keys past their 30 days, in every session."""
        return replace(
            self, sessions=tuple(msgspec.structs.replace(s, ratchet=s.ratchet.forget(now)) for s in self.sessions)
        )

    # Beginning

    def initiate(
        self,
        local: LocalDevice,
        bundle: VerifiedBundle,
        random: Random,
        now: int,
        encapsulate: Encapsulate = primitives.kem_encapsulate,
    ) -> "PeerSessions":
        """Begins a session from the peer's bundle; it sends from now on."""
        if bundle.certificate != self.peer:
            raise InvalidHandshakeError("a bundle of another device")
        agreement, handshake = initiate(local, bundle, random, encapsulate)
        session = SessionId(random(16))
        ratchet = DoubleRatchet.begin(agreement, bundle.signed.public, random)
        return self._with(Session(session, agreement.transcript, True, handshake, now, 0, 0, ratchet), sends=True)

    def needs_offer(self, local: LocalDevice, now: int) -> bool:
        """Whether to make fresh `signed` and `kem-once` prekeys, store them, and call `with_offer`."""
        sending = self.sending_session
        if sending is None or local.device < self.peer.device or not sending.is_due(now):
            return False
        return self.offer is None or any(
            now >= decode(prekey, Prekey).expires for prekey in (self.offer.signed, self.offer.kem)
        )

    def with_offer(self, signed: PrekeyPair, kem: PrekeyPair) -> "PeerSessions":
        return replace(self, offer=Offer.of(signed, kem))

    def renew(
        self,
        local: LocalDevice,
        received: Received,
        random: Random,
        now: int,
        encapsulate: Encapsulate = primitives.kem_encapsulate,
    ) -> "PeerSessions":
        """Takes up the offer in a received slot, if there is one and it is this device's turn; else returns itself.

        The peer repeats its offer until it hears of the new session: an offer that came in a session older than one
        that this device has begun since is that echo. Raises what Offer.verify raises; the message itself stands.
        """
        offer = received.plaintext.offer
        ids = [session.id for session in self.sessions]
        if offer is None or local.device > self.peer.device:
            return self
        if any(session.begun_here for session in self.sessions[ids.index(received.session) + 1 :]):
            return self
        return self.initiate(local, offer.verify(self.peer, now), random, now, encapsulate)

    # Sending

    def encrypt(
        self, local: LocalDevice, body: BodyKey, random: Random, invitation: Presentation | None = None
    ) -> tuple["PeerSessions", Slot]:
        """The slot that carries `body` to this peer. Needs a sending session; `invitation` needs one just begun."""
        session = self.sending_session
        if session is None:
            raise UnknownSessionError("begin a session first")
        proof = None
        if session.is_unanswered:
            signature = primitives.sign(local.keys.signing, Label.HANDSHAKE, session.transcript)
            proof = Proof(signature, invitation.prove(session.transcript) if invitation else None)
        elif invitation is not None:
            raise InvalidHandshakeError("an invitation is shown in a new handshake")
        plaintext = SlotPlaintext(*body, proof, self.offer)
        ratchet, message = session.ratchet.encrypt(session.context, plaintext.to_bytes(), random)
        sent = msgspec.structs.replace(session, ratchet=ratchet, sent=session.sent + 1)
        return self._replaced(sent), _slot(local, session, message)

    def encrypt_signal(self, body: BodyKey, random: Random) -> tuple["PeerSessions", NextSlot]:
        """The slot of a signal: it begins no session, renews none, and is not counted as a message.

        Raises UnknownSessionError where there is no session in which the peer was heard.
        """
        session = self.sending_session
        if session is None or session.is_unanswered:
            raise UnknownSessionError("a signal begins no session")
        plaintext = SlotPlaintext(*body, None, None)
        ratchet, message = session.ratchet.encrypt(session.context, plaintext.to_bytes(), random)
        sent = msgspec.structs.replace(session, ratchet=ratchet)
        return self._replaced(sent), NextSlot(session.id, message.header, message.ciphertext)

    # Receiving

    def decrypt(
        self, local: LocalDevice, slot: Slot, prekeys: PrekeyById, is_accepted: IsAccepted, random: Random, now: int
    ) -> Received:
        """Decrypts a slot of this peer's.

        Raises UnknownSessionError, UndecryptableError, ForgedError (an init slot with another certificate),
        InvalidHandshakeError, ReplayedHandshakeError, ExpiredPrekeyError (a prekey that is destroyed),
        InvalidKeyError, or an EncodingError.
        """
        session = self.session(slot.session)
        accepted = None
        if isinstance(slot, InitSlot):
            if slot.certificate != self.peer.encoded:
                raise ForgedError("certificate")
            if session is None:
                session, accepted = self._respond(local, slot, prekeys, is_accepted, now)
            elif session.begun_here or session.handshake != slot.handshake:
                raise UndecryptableError
        if session is None:
            raise UnknownSessionError(slot.session.hex())
        ratchet, padded = session.ratchet.decrypt(session.context, slot.message, random, now)
        plaintext = SlotPlaintext.from_bytes(padded)
        self._check_proof(plaintext, session, isinstance(slot, InitSlot))
        received = session.received if plaintext.is_signal else session.received + 1
        session = msgspec.structs.replace(session, ratchet=ratchet, received=received)
        sessions = self._replaced(session) if accepted is None else self._with(session, self._outranks(session))
        return Received(sessions, session.id, session.transcript, plaintext, accepted)

    def _respond(
        self, local: LocalDevice, slot: InitSlot, prekeys: PrekeyById, is_accepted: IsAccepted, now: int
    ) -> tuple[Session, AcceptedHandshake]:
        handshake = slot.handshake
        pairs = ResponderPrekeys(
            _held(prekeys, handshake.signed_id, now),
            _held(prekeys, handshake.kem_id, now),
            None if handshake.one_time_id is None else _held(prekeys, handshake.one_time_id, now),
        )
        agreement = respond(local, self.peer, handshake, pairs)
        if is_accepted(agreement.transcript):
            raise ReplayedHandshakeError
        ratchet = DoubleRatchet.answer(agreement, pairs.signed.secret)
        session = Session(slot.session, agreement.transcript, False, handshake, now, 0, 0, ratchet)
        used = [pair.prekey for pair in (pairs.signed, pairs.kem, pairs.one_time) if pair is not None]
        once = tuple(prekey.id for prekey in used if prekey.is_once)
        return session, AcceptedHandshake(agreement.transcript, tuple(prekey.id for prekey in used), once)

    def _check_proof(self, plaintext: SlotPlaintext, session: Session, is_init: bool) -> None:
        """Without the signature, whoever stole a prekey's secret could begin a session in anybody's name."""
        if (plaintext.proof is not None) != is_init:
            raise MalformedError("a proof belongs in init slots, and only there")
        if plaintext.proof is not None and not primitives.verify(
            self.peer.core.signing, plaintext.proof.handshake, Label.HANDSHAKE, session.transcript
        ):
            raise InvalidHandshakeError("signature")

    def _outranks(self, session: Session) -> bool:
        """Whether the peer's new session sends: always, unless the two handshakes crossed and ours is the lower."""
        sending = self.sending_session
        if sending is None or not sending.is_unanswered or self._takes_up_offer(session):
            return True
        return session.transcript < sending.transcript

    def _takes_up_offer(self, session: Session) -> bool:
        """Then the peer has heard us, in a session that it never answered: a renewal, and no crossing."""
        return self.offer is not None and session.handshake.kem_id == decode(self.offer.kem, Prekey).id

    # Next states

    def _replaced(self, session: Session) -> "PeerSessions":
        return replace(self, sessions=tuple(session if s.id == session.id else s for s in self.sessions))

    def _with(self, session: Session, sends: bool) -> "PeerSessions":
        if self.session(session.id) is not None:
            raise InvalidHandshakeError("a session id twice")
        sending = session.id if sends else self.sending
        others = [s for s in (*self.sessions, session) if s.id != sending]
        kept = {s.id for s in others[-limits.OTHER_SESSIONS.value :]} | {sending}
        sessions = tuple(s for s in (*self.sessions, session) if s.id in kept)
        return replace(self, sessions=sessions, sending=sending, offer=None if sends else self.offer)


def _held(prekeys: PrekeyById, id_: int, now: int) -> PrekeyPair:
    """An expired secret counts as destroyed, though whoever tidies the store may not have come by yet."""
    pair = prekeys(id_)
    if pair is None or now >= pair.prekey.expires:
        raise ExpiredPrekeyError(f"prekey {id_} is destroyed")
    return pair


def _slot(local: LocalDevice, session: Session, message: RatchetMessage) -> Slot:
    if not session.is_unanswered:
        return NextSlot(session.id, message.header, message.ciphertext)
    h = session.handshake
    names = (h.ephemeral, h.signed_id, h.one_time_id, h.kem_id, h.kem_ciphertext)
    return InitSlot(session.id, local.certificate.encoded, *names, message.header, message.ciphertext)
