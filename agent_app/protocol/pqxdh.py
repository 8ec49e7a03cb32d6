"""The handshake: X25519 and ML-KEM-768 together, as Signal's PQXDH: docs/protocol.md, section 5.

https://signal.org/docs/specifications/pqxdh/ (revision 3)
"""

from dataclasses import dataclass, field
from typing import Annotated

import msgspec

from . import primitives
from .encoding import Bytes32, Record, Uint32, encode
from .errors import InvalidHandshakeError
from .keys import Certificate, LocalDevice, Transcript
from .labels import Label
from .prekeys import Prekey, PrekeyPair, VerifiedBundle
from .primitives import Encapsulate, Random, dh

KemCiphertext = Annotated[
    bytes, msgspec.Meta(min_length=primitives.KEM_CIPHERTEXT, max_length=primitives.KEM_CIPHERTEXT)
]


class Handshake(Record, frozen=True):
    """What the initiator sends in the clear, so that the responder can compute the same secret."""

    ephemeral: Bytes32
    signed_id: Uint32
    one_time_id: Uint32 | None
    kem_id: Uint32
    kem_ciphertext: KemCiphertext


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both sides hold afterwards. `header_key` is the initiator's, `next_header_key` the responder's."""

    transcript: Transcript
    root_key: bytes = field(repr=False)
    header_key: bytes = field(repr=False)
    next_header_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ResponderPrekeys:
    """The responder's own pairs that a handshake names."""

    signed: PrekeyPair
    kem: PrekeyPair
    one_time: PrekeyPair | None

    def __post_init__(self) -> None:
        kinds = (self.signed.prekey.kind == "signed", self.kem.prekey.is_kem)
        if not all(kinds) or (self.one_time is not None and self.one_time.prekey.kind != "one-time"):
            raise InvalidHandshakeError("a prekey of another kind than its place asks for")


def initiate(
    local: LocalDevice,
    bundle: VerifiedBundle,
    random: Random,
    encapsulate: Encapsulate = primitives.kem_encapsulate,
) -> tuple[Agreement, Handshake]:
    """The initiator's side. Draws the ephemeral secret (32), then what `encapsulate` draws."""
    secret = random(32)
    ciphertext, shared = encapsulate(bundle.kem.public)
    identity, signed, one_time = bundle.certificate.core.identity, bundle.signed, bundle.one_time
    products = [
        dh(local.keys.identity, signed.public),
        dh(secret, identity),
        dh(secret, signed.public),
        *([dh(secret, one_time.public)] if one_time else []),
    ]
    one_time_id = one_time.id if one_time else None
    handshake = Handshake(primitives.dh_public(secret), signed.id, one_time_id, bundle.kem.id, ciphertext)
    transcript = _transcript(local.certificate, bundle.certificate, handshake, signed, one_time, bundle.kem)
    return _agree(transcript, products, shared), handshake


def respond(local: LocalDevice, initiator: Certificate, handshake: Handshake, prekeys: ResponderPrekeys) -> Agreement:
    """The responder's side. Raises InvalidKeyError for an ephemeral key that is refused."""
    identity, ephemeral = initiator.core.identity, handshake.ephemeral
    one_time = prekeys.one_time
    products = [
        dh(prekeys.signed.secret, identity),
        dh(local.keys.identity, ephemeral),
        dh(prekeys.signed.secret, ephemeral),
        *([dh(one_time.secret, ephemeral)] if one_time else []),
    ]
    shared = primitives.kem_decapsulate(prekeys.kem.secret, handshake.kem_ciphertext)
    signed, kem = prekeys.signed.prekey, prekeys.kem.prekey
    public = one_time.prekey if one_time else None
    return _agree(_transcript(initiator, local.certificate, handshake, signed, public, kem), products, shared)


def _transcript(
    initiator: Certificate,
    responder: Certificate,
    handshake: Handshake,
    signed: Prekey,
    one_time: Prekey | None,
    kem: Prekey,
) -> Transcript:
    # Everything public is in here, the KEM's key and ciphertext included: without them a KEM that lets one
    # ciphertext fit two keys would let an attacker join two sessions.
    parts = (encode(signed), encode(one_time) if one_time else b"", encode(kem), handshake.kem_ciphertext)
    fields = (initiator.encoded, responder.encoded, handshake.ephemeral, *parts)
    return Transcript(primitives.labelled_hash(Label.TRANSCRIPT, *fields))


def _agree(transcript: Transcript, products: list[bytes], shared: bytes) -> Agreement:
    ikm = b"\xff" * 32 + b"".join(products) + shared
    secret = primitives.kdf(ikm, bytes(64), Label.PQXDH, transcript, length=96)
    return Agreement(transcript, secret[:32], secret[32:64], secret[64:])
