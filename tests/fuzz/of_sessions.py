"""How devices begin and continue a session: certificates, prekeys, slots, the ratchet, and sessions at rest."""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache

import msgspec

from agent_app.protocol import primitives
from agent_app.protocol.double_ratchet import Context, DoubleRatchet, RatchetMessage
from agent_app.protocol.encoding import decode, encode, frame
from agent_app.protocol.errors import MalformedError, ProtocolError
from agent_app.protocol.keys import Certificate, MessageId, SessionId, SignedCore, StreamId, Transcript
from agent_app.protocol.labels import Label
from agent_app.protocol.pqxdh import Agreement, initiate
from agent_app.protocol.prekeys import Bundle, Offer, Prekey
from agent_app.protocol.session import BodyKey, PeerSessions, Received
from agent_app.protocol.slot import SlotPlaintext, read_slot
from tests.fuzz.registry import require, target
from tests.vectors import material
from tests.vectors.material import NOW, Randomness, device

ALICE, BOB = device("alice"), device("bob")
KEY, NONCE = bytes(32), bytes(24)
PREKEYS = material.prekeys(BOB)


@target(ProtocolError, topics=["certificate", "pqxdh"])
def certificate(data: bytes) -> None:
    require(Certificate.parse(data).encoded == data, "another encoding")


@target(ProtocolError, topics=["certificate", "pqxdh"])
def certificate_core(data: bytes) -> None:
    signature = primitives.sign(ALICE.keys.signing, Label.CERTIFICATE, data)
    parsed = Certificate.parse(encode(SignedCore(data, signature)))
    require(encode(parsed.core) == data, "another encoding")


def _resigned(encoded: bytes) -> bytes:
    prekey = decode(encoded, Prekey)
    fields = (ALICE.device, prekey.kind, prekey.id, prekey.public, prekey.expires)
    return encode(msgspec.structs.replace(prekey, signature=primitives.sign(ALICE.keys.signing, Label.PREKEY, *fields)))


@target(ProtocolError, topics=["prekey-bundle", "session"])
def prekey_bundle(data: bytes) -> None:
    """Under its owner's signature: a device of the clinic may be the attacker. Then a handshake begins with it."""
    read = decode(data, Bundle)
    one_time = None if read.one_time is None else _resigned(read.one_time)
    signed = Bundle(ALICE.certificate.encoded, _resigned(read.signed), _resigned(read.kem), one_time)
    initiate(BOB, signed.verify(ALICE.certificate, NOW), Randomness("fuzz"))
    Offer(signed.signed, signed.kem).verify(ALICE.certificate, NOW)


def _receive(sessions: PeerSessions, slot: bytes) -> Received:
    return sessions.decrypt(BOB, read_slot(slot), PREKEYS.held().get, lambda transcript: False, Randomness("fuzz"), NOW)


@cache
def _begun() -> PeerSessions:
    """Alice's, with Bob, who has heard nothing yet."""
    verified = material.bundle(BOB, PREKEYS).verify(BOB.certificate, NOW)
    random = Randomness("fuzzed session")
    return PeerSessions(BOB.certificate).initiate(ALICE, verified, random, NOW, random.encapsulate)


@cache
def _slots() -> tuple[bytes, ...]:
    """Alice's first two: the second finds the session that the first began."""
    body = BodyKey(KEY, bytes(32), StreamId(KEY[:31] + b"\x01"), MessageId(bytes(16)))
    sessions, first = _begun().encrypt(ALICE, body, Randomness("first"))
    _, second = sessions.encrypt(ALICE, body, Randomness("second"))
    return encode(first), encode(second)


@cache
def _bobs() -> tuple[PeerSessions, PeerSessions]:
    """Bob's with Alice, before her first slot and after it."""
    fresh = PeerSessions(ALICE.certificate)
    return fresh, _receive(fresh, _slots()[0]).sessions


@target(ProtocolError, topics=["slot", "session"], seeds=_slots)
def slot(data: bytes) -> None:
    require(encode(read_slot(data)) == data, "another encoding")
    for sessions in _bobs():
        with suppress(ProtocolError):
            _receive(sessions, data)


@target(ProtocolError, topics=["slot-plaintext"])
def slot_plaintext(data: bytes) -> None:
    require(SlotPlaintext.from_bytes(data).to_bytes() == data, "another encoding")


CONTEXT = Context(Transcript(bytes(32)), SessionId(bytes(16)))
AGREEMENT = Agreement(CONTEXT.transcript, KEY, KEY, KEY)


def _headers() -> Iterator[bytes]:
    """What a peer with nonces of zeros sends: each header in the clear, and its ciphertext."""
    ratchet = DoubleRatchet.begin(AGREEMENT, BOB.certificate.core.identity, bytes)
    for number in range(3):
        header = ratchet.public + bytes(4) + number.to_bytes(4, "big")
        ratchet, message = ratchet.encrypt(CONTEXT, b"plaintext", bytes)
        yield header + message.ciphertext


@target(ProtocolError, seeds=_headers)
def ratchet_header(data: bytes) -> None:
    """A peer that we share keys with, and that writes what it likes into a header."""
    ratchet = DoubleRatchet.answer(AGREEMENT, BOB.keys.identity)
    header = primitives.seal(KEY, NONCE, frame(Label.HEADER, CONTEXT.session), data[:40].ljust(40, b"\0"))
    ratchet.decrypt(CONTEXT, RatchetMessage(header, data[40:]), Randomness("fuzz"), NOW)


@target(ProtocolError, seeds=lambda: [sessions.to_bytes() for sessions in (_begun(), *_bobs())])
def sessions_at_rest(data: bytes) -> None:
    for peer in (ALICE, BOB):
        with suppress(MalformedError):
            require(PeerSessions.from_bytes(data, peer.certificate).to_bytes() == data, "another encoding")
