"""Prekeys and the bundle of them with which a stranger begins: docs/protocol.md, section 4."""

from dataclasses import dataclass
from typing import Literal

from . import primitives
from .encoding import Bytes64, Record, Uint, Uint32, decode, encode
from .errors import ExpiredPrekeyError, InvalidKeyError, InvalidPrekeyError
from .keys import Certificate, LocalDevice
from .labels import Label
from .primitives import Random

PrekeyKind = Literal["signed", "one-time", "kem-last", "kem-once"]


class Prekey(Record, frozen=True):
    """A signed public prekey as it travels."""

    kind: PrekeyKind
    id: Uint32
    public: bytes
    expires: Uint
    signature: Bytes64

    @property
    def is_kem(self) -> bool:
        return self.kind in ("kem-last", "kem-once")

    @property
    def is_once(self) -> bool:
        """Whether its secret is deleted in the transaction that accepts the message which used it."""
        return self.kind in ("one-time", "kem-once")

    def verify(self, owner: Certificate, now: int) -> None:
        """Raises InvalidKeyError, InvalidPrekeyError or ExpiredPrekeyError unless `owner` signed it and it is valid."""
        check = primitives.kem_check if self.is_kem else primitives.check_point
        check(self.public)
        fields = (owner.device, self.kind, self.id, self.public, self.expires)
        if not primitives.verify(owner.core.signing, self.signature, Label.PREKEY, *fields):
            raise InvalidPrekeyError(f"signature of the {self.kind} prekey")
        if now >= self.expires:
            raise ExpiredPrekeyError(f"{self.kind} prekey")


class PrekeyPair(Record, frozen=True):
    """A prekey with its secret, as the owner's store keeps it: 32 bytes for X25519, a 64-byte seed for ML-KEM."""

    prekey: Prekey
    secret: bytes

    def __repr__(self) -> str:
        return f"PrekeyPair({self.prekey.kind!r}, {self.prekey.id})"

    @classmethod
    def make(cls, owner: LocalDevice, kind: PrekeyKind, id_: int, expires: int, random: Random) -> "PrekeyPair":
        """A new pair. `id_` must never have been used by this device, for any kind."""
        is_kem = kind in ("kem-last", "kem-once")
        secret = random(primitives.KEM_SEED if is_kem else primitives.KEY)
        public = primitives.kem_public(secret) if is_kem else primitives.dh_public(secret)
        signature = primitives.sign(owner.keys.signing, Label.PREKEY, owner.device, kind, id_, public, expires)
        return cls(Prekey(kind, id_, public, expires, signature), secret)


class Bundle(Record, frozen=True):
    """What the relay hands out for one device: encodings, none of them believed yet."""

    certificate: bytes
    signed: bytes
    kem: bytes
    one_time: bytes | None

    def verify(self, expected: Certificate, now: int) -> "VerifiedBundle":
        """Checks everything against the certificate that the clinic log (or the conversation) names.

        Raises InvalidPrekeyError for another certificate, a bad signature or a kind in the wrong place,
        ExpiredPrekeyError, InvalidKeyError, or an EncodingError.
        """
        if self.certificate != expected.encoded:
            raise InvalidPrekeyError("another certificate than the one expected")
        one_time = None if self.one_time is None else _read(self.one_time, ("one-time",), expected, now)
        return VerifiedBundle(
            expected,
            _read(self.signed, ("signed",), expected, now),
            _read(self.kem, ("kem-once", "kem-last"), expected, now),
            one_time,
        )


@dataclass(frozen=True, slots=True)
class VerifiedBundle:
    """A bundle with which a handshake may begin."""

    certificate: Certificate
    signed: Prekey
    kem: Prekey
    one_time: Prekey | None


class Offer(Record, frozen=True):
    """Fresh prekeys that travel inside an existing session, for its renewal (section 7)."""

    signed: bytes
    kem: bytes

    @classmethod
    def of(cls, signed: PrekeyPair, kem: PrekeyPair) -> "Offer":
        """From a `signed` and a `kem-once` pair."""
        return cls(encode(signed.prekey), encode(kem.prekey))

    def verify(self, owner: Certificate, now: int) -> VerifiedBundle:
        """As Bundle.verify; only a `kem-once` prekey is accepted, and there is no one-time prekey."""
        signed = _read(self.signed, ("signed",), owner, now)
        return VerifiedBundle(owner, signed, _read(self.kem, ("kem-once",), owner, now), None)


def _read(encoded: bytes, kinds: tuple[PrekeyKind, ...], owner: Certificate, now: int) -> Prekey:
    prekey = decode(encoded, Prekey)
    if prekey.kind not in kinds:
        raise InvalidPrekeyError(f"a {prekey.kind} prekey in the place of {kinds[0]}")
    prekey.verify(owner, now)
    return prekey


def check_secret(pair: PrekeyPair) -> None:
    """Raises InvalidKeyError unless the secret belongs to the public key: a damaged store must not go unnoticed."""
    derive = primitives.kem_public if pair.prekey.is_kem else primitives.dh_public
    if derive(pair.secret) != pair.prekey.public:
        raise InvalidKeyError(f"secret of prekey {pair.prekey.id}")
