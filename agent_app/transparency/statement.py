"""Statements of the clinic log: docs/protocol.md sections 14 and 14.2.

A statement is a payload and the administrators' signatures over exactly the payload's bytes. Whether it is
allowed is the roster's question; here it is only taken apart, and its signatures are checked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from agent_app.protocol import primitives
from agent_app.protocol.encoding import (
    B32,
    Bytes0Or32,
    Bytes16,
    Bytes32,
    Bytes64,
    Record,
    Uint,
    absent_or_32,
    decode,
    encode,
)
from agent_app.protocol.errors import InvalidStatementError
from agent_app.protocol.keys import SUITE, ClinicId, DeviceId, check_suite
from agent_app.protocol.labels import Label
from agent_app.protocol.limits import NAME, Limit

STATEMENT = Limit("statement", 8 * 1024, "the largest charter, with 16 administrators")
STATEMENTS = Limit("statements", 10_000, "what a page can prove in a few seconds")
ADMINISTRATORS = Limit("administrators", 16, "one checkpoint note holds all their lines")

Role = Literal["agent", "supervisor", "administrator", "auditor"]
Reason = Literal["stolen", "left", "replaced"]
Device = Annotated[DeviceId, B32]


class Administrator(Record, frozen=True):
    key: Bytes32
    cosigning: Bytes32
    person: Bytes16


class Relay(Record, frozen=True):
    key: Bytes32
    origin: str


class AuditRecipient(Record, frozen=True):
    x25519: Bytes32
    ml_kem: Annotated[bytes, msgspec.Meta(min_length=1184, max_length=1184)]


class Policy(Record, frozen=True):
    idle_lock_seconds: Uint
    retention_days: Uint
    read_receipts: bool
    history_to_new_devices: bool
    warn_hours: Uint
    stop_hours: Uint


class Charter(Record, frozen=True, tag="charter"):
    name: str
    time_zone: str
    administrators: tuple[Administrator, ...]
    threshold: Uint
    relay: Relay
    audit_recipient: AuditRecipient
    policy: Policy


class Administrators(Record, frozen=True, tag="administrators"):
    administrators: tuple[Administrator, ...]
    threshold: Uint


class RelayChange(Record, frozen=True, tag="relay"):
    key: Bytes32
    origin: str


class PolicyChange(Record, frozen=True, tag="policy"):
    policy: Policy


class Admission(Record, frozen=True, tag="device"):
    certificate: bytes
    person: Bytes16
    role: Role
    name_commitment: Bytes32


class Revocation(Record, frozen=True, tag="revoke"):
    device: Device
    reason: Reason


class RoleChange(Record, frozen=True, tag="role"):
    device: Device
    role: Role


class Team(Record, frozen=True, tag="team"):
    team: Bytes16
    devices: tuple[Device, ...]


class Span(Record, frozen=True):
    """Minutes of a day, from 0 to 1440: from `opens` on, and before `closes`."""

    opens: Uint
    closes: Uint


class Hours(Record, frozen=True, tag="hours"):
    """When the clinic is open: the spans of each day, Monday first, and days without any, counted from 1970-01-01."""

    time_zone: str
    week: tuple[tuple[Span, ...], ...]
    closed: tuple[Uint, ...]


Action = Charter | Administrators | RelayChange | PolicyChange | Admission | Revocation | RoleChange | Team | Hours


class Payload(Record, frozen=True):
    """What the administrators sign. `root_before` is the tree's root at size `index`; `time` in milliseconds."""

    suite: str
    clinic: Bytes0Or32
    index: Uint
    root_before: Bytes32
    time: Uint
    action: Action

    def __post_init__(self) -> None:
        absent_or_32(self.clinic)


class Signature(Record, frozen=True):
    key: Bytes32
    signature: Bytes64


class _Statement(Record, frozen=True):
    payload: bytes
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as received. `raw` is the log's leaf; `payload` is what `payload_bytes` says."""

    raw: bytes
    payload_bytes: bytes
    payload: Payload
    signatures: tuple[Signature, ...]

    @property
    def action(self) -> Action:
        return self.payload.action

    def signers(self) -> frozenset[bytes]:
        """The keys that signed, each once. Raises InvalidStatementError when any signature does not verify."""
        for entry in self.signatures:
            if not primitives.verify(entry.key, entry.signature, Label.STATEMENT, self.payload_bytes):
                raise InvalidStatementError("a signature under the statement does not verify")
        return frozenset(entry.key for entry in self.signatures)


def parse(raw: bytes) -> Statement:
    """Takes a statement apart: sizes, types, canonical form, suite. Its signatures are verified by `signers`."""
    STATEMENT.check(len(raw))
    outer = decode(raw, _Statement)
    payload = decode(outer.payload, Payload)
    check_suite(payload.suite)
    ADMINISTRATORS.check(len(outer.signatures))
    _check_texts(payload.action)
    return Statement(raw, outer.payload, payload, outer.signatures)


def _check_texts(action: Action) -> None:
    match action:
        case Charter(name=name, time_zone=zone, relay=relay):
            for text in (name, zone, relay.origin):
                NAME.check_text(text)
        case RelayChange(origin=origin):
            NAME.check_text(origin)
        case Hours(time_zone=zone):
            NAME.check_text(zone)


def prepare(clinic: bytes, index: int, root_before: bytes, time: int, action: Action) -> bytes:
    """The payload to sign; for a charter `clinic` is empty and `index` 0. `time` in milliseconds."""
    return encode(Payload(SUITE, clinic, index, root_before, time, action))


def sign(payload: bytes, admin: bytes) -> Signature:
    """One administrator's signature; `admin` is the 32-byte seed."""
    return Signature(primitives.signing_public(admin), primitives.sign(admin, Label.STATEMENT, payload))


def assemble(payload: bytes, signatures: Iterable[Signature]) -> bytes:
    """The statement's bytes, ready for the log."""
    return encode(_Statement(payload, tuple(signatures)))


def clinic_id(charter_payload: bytes) -> ClinicId:
    """The clinic's fingerprint, 32 bytes (section 14.1)."""
    return ClinicId(primitives.labelled_hash(Label.CLINIC, charter_payload))
