"""Identifiers, a device's keys, and the certificate that names them: docs/protocol.md, section 3."""

from dataclasses import dataclass, field
from typing import Annotated, Literal, NewType

from . import primitives
from .encoding import B32, Bytes0Or32, Bytes32, Bytes64, Record, Uint, absent_or_32, decode, encode
from .errors import InvalidCertificateError, UnknownSuiteError
from .labels import Label
from .primitives import Random

# Ids are bytes on the wire and different types here: a device is never named by a key, nor a mailbox by a device.
ClinicId = NewType("ClinicId", bytes)  # 32, the clinic's fingerprint
DeviceId = NewType("DeviceId", bytes)  # 32, hash of the certificate's core
MailboxId = NewType("MailboxId", bytes)  # 32, the mailbox's public key
SessionId = NewType("SessionId", bytes)  # 16
MessageId = NewType("MessageId", bytes)  # 16
EnvelopeId = NewType("EnvelopeId", bytes)  # 16
InvitationId = NewType("InvitationId", bytes)  # 16
StreamId = NewType("StreamId", bytes)  # 32
ConversationId = NewType("ConversationId", bytes)  # 32
MessageHash = NewType("MessageHash", bytes)  # 32
DeliveryHash = NewType("DeliveryHash", bytes)  # 32
BlobId = NewType("BlobId", bytes)  # 32, hash of the blob
Transcript = NewType("Transcript", bytes)  # 32, hash of a handshake

DeviceKind = Literal["agent", "patient"]
SUITE = "SD1"


def check_suite(suite: str) -> None:
    """Raises UnknownSuiteError for anything but SD1: there is no negotiation, hence no downgrade."""
    if suite != SUITE:
        raise UnknownSuiteError(suite[:16])


class Core(Record, frozen=True):
    """What a certificate says: the public keys of one device of one clinic."""

    suite: str
    clinic: Annotated[ClinicId, B32]
    kind: DeviceKind
    signing: Bytes32
    identity: Bytes32
    mailbox: Annotated[MailboxId, B32]
    cosigning: Bytes0Or32
    created: Uint

    def __post_init__(self) -> None:
        absent_or_32(self.cosigning)


class SignedCore(Record, frozen=True):
    """The certificate's own encoding: the core's bytes and the signature over them."""

    core: bytes
    signature: Bytes64


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate whose signature holds. Whether it counts is for the clinic log to say.

    `encoded` is what the transcript hashes and what travels; two certificates are the same when it is.
    """

    encoded: bytes
    core: Core
    device: DeviceId

    @classmethod
    def parse(cls, encoded: bytes) -> "Certificate":
        """Raises an EncodingError, UnknownSuiteError, InvalidKeyError or InvalidCertificateError."""
        signed = decode(encoded, SignedCore)
        core = decode(signed.core, Core)
        check_suite(core.suite)
        primitives.check_point(core.identity)
        if core.kind == "patient" and core.cosigning:
            raise InvalidCertificateError("a patient's device cosigns nothing")
        if not primitives.verify(core.signing, signed.signature, Label.CERTIFICATE, signed.core):
            raise InvalidCertificateError("signature")
        return cls(encoded, core, device_id(signed.core))

    @property
    def mailbox(self) -> MailboxId:
        return self.core.mailbox

    @property
    def clinic(self) -> ClinicId:
        return self.core.clinic


def device_id(core: bytes) -> DeviceId:
    """The id of the device whose certificate has this core (its bytes, as received)."""
    return DeviceId(primitives.labelled_hash(Label.DEVICE_ID, core))


class DeviceKeys(Record, frozen=True):
    """A device's four secrets, 32 bytes each, made separately. `cosigning` is empty where there is none."""

    signing: Bytes32
    identity: Bytes32
    mailbox: Bytes32
    cosigning: Bytes0Or32

    def __post_init__(self) -> None:
        absent_or_32(self.cosigning)

    def __repr__(self) -> str:
        return "DeviceKeys(...)"  # a trace must not hold secrets

    @classmethod
    def generate(cls, random: Random, *, cosigning: bool = False) -> "DeviceKeys":
        return cls(random(32), random(32), random(32), random(32) if cosigning else b"")

    def certify(self, clinic: ClinicId, kind: DeviceKind, created: int) -> Certificate:
        """Signs this device's certificate. `created` is in milliseconds."""
        core = encode(
            Core(
                SUITE,
                clinic,
                kind,
                primitives.signing_public(self.signing),
                primitives.dh_public(self.identity),
                MailboxId(primitives.signing_public(self.mailbox)),
                primitives.signing_public(self.cosigning) if self.cosigning else b"",
                created,
            )
        )
        return Certificate.parse(encode(SignedCore(core, primitives.sign(self.signing, Label.CERTIFICATE, core))))


@dataclass(frozen=True, slots=True)
class LocalDevice:
    """This device: its secrets and the certificate made from them."""

    keys: DeviceKeys = field(repr=False)
    certificate: Certificate

    @property
    def device(self) -> DeviceId:
        return self.certificate.device

    @property
    def mailbox(self) -> MailboxId:
        return self.certificate.mailbox
