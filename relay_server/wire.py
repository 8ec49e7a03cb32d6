"""What crosses the relay's wire, byte for byte: docs/protocol.md, sections 2 to 4, 8.1, 11.3, 13, 14, 15 and 16.

Every structure is a MessagePack array. `Shape.decode` accepts one encoding of each value and nothing else, so what the
relay has hashed or stored is what the client signed. The relay shares this specification with the desk, and no code.
"""

import re
from typing import Annotated, Final, Generic, Literal, NewType, TypeVar

import msgspec
from msgspec import Meta

SUITE: Final = "SD1"

MailboxId = NewType("MailboxId", bytes)
DeviceId = NewType("DeviceId", bytes)
Fingerprint = NewType("Fingerprint", bytes)
EnvelopeId = NewType("EnvelopeId", bytes)

MAX_BODY: Final = 32_808
MAX_SLOT: Final = 4_096
MAX_SLOTS: Final = 50
MAX_ENVELOPES: Final = 64
MAX_RECEIPTS: Final = 256
MAX_DISCARDS: Final = 1_024
MAX_STATEMENT: Final = 8_192
MAX_STATEMENTS: Final = 10_000
MAX_LOG_PAGE: Final = 1_024
MAX_STALE_PAGE: Final = 256
MAX_ONE_TIME: Final = 50
MAX_ENROLMENT: Final = 1_024
MAX_ENDPOINT: Final = 1_024
INVITATION_LIFE: Final = 72 * 3_600_000  # ms

UInt = Annotated[int, Meta(ge=0, le=2**53 - 1)]
UInt32 = Annotated[int, Meta(ge=0, lt=2**32)]
Bytes16 = Annotated[bytes, Meta(min_length=16, max_length=16)]
Bytes32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
Signature = Annotated[bytes, Meta(min_length=64, max_length=64)]
Small = Annotated[bytes, Meta(max_length=2_048)]
Text = Annotated[str, Meta(max_length=200)]
Mailboxes = Annotated[list[Bytes32], Meta(min_length=1, max_length=MAX_SLOTS)]
Role = Literal["agent", "supervisor", "administrator", "auditor"]
Scope = Literal["full", "count"]
PrekeyKind = Literal["signed", "one-time", "kem-last", "kem-once"]
Reason = Literal["", "no-session", "undecryptable", "replayed", "not-permitted", "malformed"]

T = TypeVar("T")


class Malformed(ValueError):
    """Bytes that are not the one encoding of the structure that stands here."""


class Oversized(Malformed):
    """Beyond a limit of size or count. The sentence names it."""


class Record(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """A MessagePack array with a fixed number of typed fields."""


# --- Keys and prekeys (sections 3 and 4)


class CertificateCore(Record, frozen=True):
    suite: Literal["SD1"]
    clinic: Bytes32
    kind: Literal["agent", "patient"]
    signing: Bytes32
    identity: Bytes32
    mailbox: Bytes32
    cosigning: Annotated[bytes, Meta(max_length=32)]
    created: UInt


class Certificate(Record, frozen=True):
    core: Small
    signature: Signature


class Prekey(Record, frozen=True):
    kind: PrekeyKind
    id: UInt32
    public: Annotated[bytes, Meta(min_length=32, max_length=1_184)]
    expires: UInt
    signature: Signature


class PublishPrekeys(Record, frozen=True):
    certificate: Small
    signed: Small
    kem_last: Small
    one_time: Annotated[list[Small], Meta(max_length=MAX_ONE_TIME)]
    kem_once: Annotated[list[Small], Meta(max_length=MAX_ONE_TIME)]
    reset: bool


# --- Envelopes and receipts (sections 8.1 and 13)


class AddressedSlot(Record, frozen=True):
    mailbox: Bytes32
    slot: Annotated[bytes, Meta(min_length=1, max_length=MAX_SLOT)]


class Envelope(Record, frozen=True):
    id: Bytes16
    body: Annotated[bytes, Meta(min_length=1, max_length=MAX_BODY)]
    slots: Annotated[list[AddressedSlot], Meta(min_length=1, max_length=MAX_SLOTS)]


class ReceiptPayload(Record, frozen=True):
    status: Literal["delivered", "rejected"]
    reason: Reason
    recipient: Bytes32
    sender: Bytes32
    delivery: Bytes32
    sequence: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    previous: Annotated[bytes, Meta(max_length=32)]
    time: UInt


class Receipt(Record, frozen=True):
    payload: Annotated[bytes, Meta(max_length=512)]
    signature: Signature


class AcceptedReceipt(Record, frozen=True):
    """The relay's word, good on its own, that one delivery was on disk (13.2)."""

    root: Bytes32
    count: UInt
    time: UInt
    signature: Signature
    index: UInt
    path: list[bytes]


# --- Proving a mailbox, opening one (16.2 to 16.5, 11.3)


class ChallengeRequest(Record, frozen=True):
    mailbox: Bytes32


class TokenRequest(Record, frozen=True):
    mailbox: Bytes32
    challenge: Bytes32
    scope: Scope
    signature: Signature


class RedeemInvitation(Record, frozen=True, tag="invitation"):
    clinic: Bytes32
    token: Bytes32


class Intake(Record, frozen=True, tag="intake"):
    clinic: Bytes32


class Registration(Record, frozen=True):
    suite: Literal["SD1"]
    clinic: Bytes32
    invitation: Bytes16
    token_hash: Bytes32
    issuer: Bytes32
    checkers: Annotated[list[Bytes32], Meta(min_length=1, max_length=3)]
    created: UInt
    expires: UInt


class SignedRegistration(Record, frozen=True):
    registration: Small
    signature: Signature


class LeaveEnrolment(Record, frozen=True):
    ticket: Bytes16
    sealed: Annotated[bytes, Meta(min_length=40, max_length=MAX_ENROLMENT)]


class DismissEnrolment(Record, frozen=True):
    ticket: Bytes16


class CancelInvitation(Record, frozen=True):
    invitation: Bytes16


class PushSubscription(Record, frozen=True):
    endpoint: str


class SignedGeneration(Record, frozen=True):
    generation: UInt
    signature: Signature


# --- The clinic log (section 14)


class Administrator(Record, frozen=True):
    key: Bytes32
    cosigning: Bytes32
    person: Bytes16


Administrators = Annotated[list[Administrator], Meta(min_length=1, max_length=16)]
Threshold = Annotated[int, Meta(ge=1, le=16)]


class RelayName(Record, frozen=True):
    key: Bytes32
    origin: Text


class AuditRecipient(Record, frozen=True):
    x25519: Bytes32
    ml_kem: Annotated[bytes, Meta(min_length=1_184, max_length=1_184)]


class Policy(Record, frozen=True):
    idle_lock_seconds: UInt
    retention_days: UInt
    read_receipts: bool
    history_to_new_devices: bool
    warn_hours: UInt
    stop_hours: UInt


class Charter(Record, frozen=True, tag="charter"):
    name: Text
    time_zone: Text
    administrators: Administrators
    threshold: Threshold
    relay: RelayName
    audit_recipient: AuditRecipient
    policy: Policy


class ChangeAdministrators(Record, frozen=True, tag="administrators"):
    administrators: Administrators
    threshold: Threshold


class ChangeRelay(Record, frozen=True, tag="relay"):
    key: Bytes32
    origin: Text


class ChangePolicy(Record, frozen=True, tag="policy"):
    policy: Policy


class AdmitDevice(Record, frozen=True, tag="device"):
    certificate: Small
    person: Bytes16
    role: Role
    name_commitment: Bytes32


class RevokeDevice(Record, frozen=True, tag="revoke"):
    device: Bytes32
    reason: Literal["stolen", "left", "replaced"]


class ChangeRole(Record, frozen=True, tag="role"):
    device: Bytes32
    role: Role


class ChangeTeam(Record, frozen=True, tag="team"):
    team: Bytes16
    devices: list[Bytes32]


class Span(Record, frozen=True):
    """Minutes of a day."""

    opens: UInt
    closes: UInt


class SetHours(Record, frozen=True, tag="hours"):
    time_zone: str
    week: list[list[Span]]
    closed: list[UInt]


Action = (
    Charter
    | ChangeAdministrators
    | ChangeRelay
    | ChangePolicy
    | AdmitDevice
    | RevokeDevice
    | ChangeRole
    | ChangeTeam
    | SetHours
)


class StatementPayload(Record, frozen=True):
    suite: Literal["SD1"]
    clinic: Annotated[bytes, Meta(max_length=32)]
    index: UInt
    root_before: Bytes32
    time: UInt
    action: Action


class AdminSignature(Record, frozen=True):
    key: Bytes32
    signature: Signature


class Statement(Record, frozen=True):
    payload: Annotated[bytes, Meta(max_length=MAX_STATEMENT)]
    signatures: Annotated[list[AdminSignature], Meta(min_length=1, max_length=16)]


class RegisterClinic(Record, frozen=True):
    charter: Annotated[bytes, Meta(max_length=MAX_STATEMENT)]


class AppendStatement(Record, frozen=True):
    index: UInt
    statement: Annotated[bytes, Meta(max_length=MAX_STATEMENT)]


class PageConfig(Record, frozen=True):
    """The payload of the page's `config.json` (17.1)."""

    suite: Literal["SD1"]
    kind: Literal["page"]
    clinic: Bytes32
    relay_origin: Text
    opening_hours: str
    phone: str
    time: UInt


# --- One encoding of each value (section 2)

_encoder = msgspec.msgpack.Encoder()
encode = _encoder.encode


_LIMIT: Final = re.compile(r"`(array|bytes)` of length <= (\d+)")
_LONGEST_FIXED: Final = 64


def _kind(sentence: str) -> type[Malformed]:
    # Of bytes with a fixed length msgspec says the same as of too many: those are of another form, and not too large.
    found = _LIMIT.search(sentence)
    return Oversized if found and (found[1] == "array" or int(found[2]) > _LONGEST_FIXED) else Malformed


class Shape(Generic[T]):
    """Bytes to one type of structure, or `Malformed`, whose sentence names the field and none of its content."""

    def __init__(self, shape: type[T] | object, what: str) -> None:
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(shape)
        self._what = what

    def decode(self, data: bytes) -> T:
        try:
            value = self._decoder.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _kind(str(error))(f"This is not {self._what}: {error}.") from None
        if _encoder.encode(value) != data:
            raise Malformed(f"This is not the canonical encoding of {self._what}.")
        return value


CERTIFICATE = Shape[Certificate](Certificate, "a certificate")
CERTIFICATE_CORE = Shape[CertificateCore](CertificateCore, "a certificate's core")
PREKEY = Shape[Prekey](Prekey, "a prekey")
PUBLISH_PREKEYS = Shape[PublishPrekeys](PublishPrekeys, "a publication of prekeys")
TAKE_PREKEYS = Shape[list[bytes]](Mailboxes, "a list of 1 to 50 mailboxes")
ENVELOPES = Shape[list[Envelope]](
    Annotated[list[Envelope], Meta(min_length=1, max_length=MAX_ENVELOPES)], "a list of 1 to 64 envelopes"
)
RECEIPTS = Shape[list[Receipt]](
    Annotated[list[Receipt], Meta(min_length=1, max_length=MAX_RECEIPTS)], "a list of 1 to 256 receipts"
)
RECEIPT_PAYLOAD = Shape[ReceiptPayload](ReceiptPayload, "a receipt's payload")
DISCARD = Shape[list[int]](
    Annotated[list[UInt], Meta(min_length=1, max_length=MAX_DISCARDS)], "a list of 1 to 1,024 positions"
)
CHALLENGE_REQUEST = Shape[ChallengeRequest](ChallengeRequest, "a request for a challenge")
TOKEN_REQUEST = Shape[TokenRequest](TokenRequest, "a request for a token")
OPEN_MAILBOX = Shape[RedeemInvitation | Intake](RedeemInvitation | Intake, "an invitation or an intake")
SIGNED_REGISTRATION = Shape[SignedRegistration](SignedRegistration, "a signed registration")
REGISTRATION = Shape[Registration](Registration, "an invitation's registration")
CANCEL_INVITATION = Shape[CancelInvitation](CancelInvitation, "a cancellation")
LEAVE_ENROLMENT = Shape[LeaveEnrolment](LeaveEnrolment, "a workstation's sealed request")
DISMISS_ENROLMENT = Shape[DismissEnrolment](DismissEnrolment, "a ticket")
PUSH_SUBSCRIPTION = Shape[PushSubscription](PushSubscription, "a push subscription")
SIGNED_GENERATION = Shape[SignedGeneration](SignedGeneration, "a signed generation")
STATEMENT = Shape[Statement](Statement, "a statement")
STATEMENT_PAYLOAD = Shape[StatementPayload](StatementPayload, "a statement's payload")
REGISTER_CLINIC = Shape[RegisterClinic](RegisterClinic, "a clinic's charter")
APPEND_STATEMENT = Shape[AppendStatement](AppendStatement, "an index and a statement")
PAGE_CONFIG = Shape[PageConfig](PageConfig, "a page's configuration")


# --- Frames of the stream (16.9)

HEARTBEAT: Final = bytes(4)
EndReason = Literal["stopping", "revoked", "expired"]


def _framed(frame: object) -> bytes:
    data = _encoder.encode(frame)
    return len(data).to_bytes(4, "big") + data


def envelope_frame(position: int, sender: bytes, envelope: bytes, accepted: int, body: bytes, slot: bytes) -> bytes:
    return _framed(("envelope", position, sender, envelope, accepted, body, slot))


def receipt_frame(position: int, payload: bytes, signature: bytes) -> bytes:
    return _framed(("receipt", position, payload, signature))


def head_frame(size: int, root: bytes) -> bytes:
    return _framed(("head", size, root))


def lease_frame() -> bytes:
    return _framed(("lease",))


def end_frame(reason: EndReason) -> bytes:
    return _framed(("end", reason))
