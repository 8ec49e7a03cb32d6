"""A clinic's log as the relay replays it: docs/protocol.md, sections 14 to 14.2.

The relay accepts a statement only when every reader of the log will: one that readers refuse would stop the clinic for
good, since the log is append-only. Where the specification leaves room, the relay is the stricter one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from relay_server import wire
from relay_server.hashes import EMPTY_ROOT, Frontier, H
from relay_server.problems import StatementInvalid, StatementRefused
from relay_server.signing import is_ml_kem_key, is_x25519_key, verify
from relay_server.wire import Administrator, DeviceId, Fingerprint, MailboxId, Role

COSIGNING_ROLES: frozenset[Role] = frozenset({"supervisor", "administrator"})


@dataclass(frozen=True, slots=True)
class Device:
    """An admitted device; revoked ones stay, because a mailbox is admitted once for ever."""

    id: DeviceId
    mailbox: MailboxId
    signing: bytes
    cosigning: bytes
    certificate: bytes
    role: Role
    active: bool = True


@dataclass(slots=True)
class ClinicLog:
    """What the statements so far amount to. `roots[n]` is the tree's root at size n."""

    fingerprint: Fingerprint
    frontier: Frontier = field(default_factory=Frontier)
    roots: list[bytes] = field(default_factory=lambda: [EMPTY_ROOT])
    administrators: list[Administrator] = field(default_factory=list)
    threshold: int = 0
    devices: dict[DeviceId, Device] = field(default_factory=dict)
    mailboxes: dict[MailboxId, DeviceId] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return self.frontier.size

    @property
    def root(self) -> bytes:
        return self.roots[-1]

    def device_of(self, mailbox: MailboxId) -> Device | None:
        device = self.mailboxes.get(mailbox)
        return None if device is None else self.devices[device]

    def cosigners(self) -> set[bytes]:
        """Whose word about freshness counts now (14.4)."""
        devices = (d.cosigning for d in self.devices.values() if d.active and d.role in COSIGNING_ROLES and d.cosigning)
        return {*devices, *(a.cosigning for a in self.administrators)}

    def extended(self, statement: bytes) -> tuple["ClinicLog", wire.Action]:
        """The log after `statement`, and what that does. Raises a Problem; this log stays as it is."""
        payload = self._checked(statement)
        log = ClinicLog(
            self.fingerprint,
            self.frontier.copy(),
            self.roots.copy(),
            self.administrators,
            self.threshold,
            self.devices.copy(),
            self.mailboxes.copy(),
        )
        log._append(statement, payload.action)
        return log, payload.action

    @classmethod
    def founded(cls, charter: bytes) -> "ClinicLog":
        """A clinic's log of size 1. Raises a Problem."""
        log, _ = cls(fingerprint_of(charter)).extended(charter)
        return log

    @classmethod
    def replayed(cls, fingerprint: Fingerprint, statements: Iterable[bytes]) -> "ClinicLog":
        """From the relay's own disk: the signatures were checked when each statement was accepted."""
        log = cls(fingerprint)
        for statement in statements:
            payload = wire.STATEMENT.decode(statement).payload
            log._append(statement, wire.STATEMENT_PAYLOAD.decode(payload).action)
        return log

    # --- Checks

    def _checked(self, data: bytes) -> wire.StatementPayload:
        if len(data) > wire.MAX_STATEMENT or self.size >= wire.MAX_STATEMENTS:
            raise StatementRefused("A statement has at most 8 KiB, and a log at most 10,000 statements.")
        try:
            statement = wire.STATEMENT.decode(data)
            payload = wire.STATEMENT_PAYLOAD.decode(statement.payload)
        except wire.Malformed as error:
            raise StatementInvalid(str(error)) from None
        if payload.clinic != (self.fingerprint if self.size else b""):
            raise StatementInvalid("The statement is of another clinic.")
        if isinstance(payload.action, wire.Charter) != (self.size == 0):
            # Before its charter a clinic has no administrators, and nobody's signatures would do.
            raise StatementRefused("A log begins with its charter, and has one.")
        if payload.index != self.size or payload.root_before != self.root:
            raise StatementRefused("The statement does not follow the log's last one.")
        self._check_signatures(statement, payload.action)
        return payload

    def _check_signatures(self, statement: wire.Statement, action: wire.Action) -> None:
        for one in statement.signatures:
            if not verify(one.key, one.signature, "statement", statement.payload):
                raise StatementInvalid("A signature under the statement does not verify.")
        signers = {one.key for one in statement.signatures}
        if isinstance(action, wire.Charter):
            entitled, needed = action.administrators, len(action.administrators)
        elif isinstance(action, wire.ChangeAdministrators | wire.ChangeRelay | wire.ChangePolicy):
            entitled, needed = self.administrators, self.threshold
        else:
            entitled, needed = self.administrators, 1
        if len(signers & {a.key for a in entitled}) < needed:
            raise StatementRefused(f"This needs the signatures of {needed} of the clinic's administrators.")

    # --- Effects

    def _append(self, statement: bytes, action: wire.Action) -> None:
        self._apply(action)
        self.frontier.append(statement)
        self.roots.append(self.frontier.root)

    def _apply(self, action: wire.Action) -> None:
        match action:
            case wire.Charter():
                self._found(action)
            case wire.ChangeAdministrators():
                self._set_administrators(action.administrators, action.threshold)
            case wire.ChangeRelay():
                _check_text(action.origin)
            case wire.ChangePolicy():
                _check_policy(action.policy)
            case wire.SetHours():
                _check_hours(action)
            case _:
                self._apply_to_devices(action)

    def _apply_to_devices(
        self, action: wire.AdmitDevice | wire.RevokeDevice | wire.ChangeRole | wire.ChangeTeam
    ) -> None:
        match action:
            case wire.AdmitDevice():
                self._admit(action)
            case wire.RevokeDevice():
                self._change(replace(self._active(action.device), active=False))
            case wire.ChangeRole():
                self._change(replace(self._active(action.device), role=action.role))
            case wire.ChangeTeam():
                if len(set(action.devices)) != len(action.devices):
                    raise StatementRefused("A team names a device once.")
                for device in action.devices:
                    self._active(device)

    def _found(self, charter: wire.Charter) -> None:
        for text in (charter.name, charter.time_zone, charter.relay.origin):
            _check_text(text)
        _check_policy(charter.policy)
        recipient = charter.audit_recipient
        if not is_x25519_key(recipient.x25519) or not is_ml_kem_key(recipient.ml_kem):
            raise StatementInvalid("The charter's audit recipient has no valid key.")
        self._set_administrators(charter.administrators, charter.threshold)

    def _set_administrators(self, administrators: list[Administrator], threshold: int) -> None:
        if threshold > len(administrators):
            raise StatementRefused("The threshold is at most the number of administrators.")
        for column in ("key", "cosigning", "person"):
            # k of n means k people: one person with two keys would be two of them.
            if len({getattr(a, column) for a in administrators}) != len(administrators):
                raise StatementRefused("Administrators differ in key, cosigning key and person.")
        if {a.cosigning for a in administrators} & {d.cosigning for d in self.devices.values()}:
            raise StatementRefused("An administrator's cosigning key is already a device's.")
        self.administrators, self.threshold = administrators, threshold

    def _admit(self, action: wire.AdmitDevice) -> None:
        core = certificate_core(action.certificate, self.fingerprint, "agent")
        device, mailbox = device_id(action.certificate), MailboxId(core.mailbox)
        if device in self.devices or mailbox in self.mailboxes:
            raise StatementRefused("A device and a mailbox are admitted once, for ever.")
        taken = {d.cosigning for d in self.devices.values()} | {a.cosigning for a in self.administrators}
        if core.cosigning and core.cosigning in taken:
            raise StatementRefused("The device's cosigning key is already another's.")
        self.mailboxes[mailbox] = device
        self._change(Device(device, mailbox, core.signing, core.cosigning, action.certificate, action.role))

    def _change(self, device: Device) -> None:
        self.devices[device.id] = device

    def _active(self, device: bytes) -> Device:
        found = self.devices.get(DeviceId(device))
        if found is None or not found.active:
            raise StatementRefused("The device is unknown or already revoked.")
        return found


def fingerprint_of(charter: bytes) -> Fingerprint:
    """14.1. Raises StatementInvalid."""
    try:
        return Fingerprint(H("clinic", wire.STATEMENT.decode(charter).payload))
    except wire.Malformed as error:
        raise StatementInvalid(str(error)) from None


def device_id(certificate: bytes) -> DeviceId:
    return DeviceId(H("device-id", wire.CERTIFICATE.decode(certificate).core))


def certificate_core(certificate: bytes, clinic: bytes, kind: str) -> wire.CertificateCore:
    """What a certificate of this clinic and kind says (section 3). Raises StatementInvalid."""
    try:
        outer = wire.CERTIFICATE.decode(certificate)
        core = wire.CERTIFICATE_CORE.decode(outer.core)
    except wire.Malformed as error:
        raise StatementInvalid(str(error)) from None
    if core.clinic != clinic or core.kind != kind:
        raise StatementInvalid("The certificate is of another clinic, or of another kind of device.")
    if len(core.cosigning) not in (0, 32) or (kind == "patient" and core.cosigning):
        raise StatementInvalid("The certificate's cosigning key is not one.")
    if not is_x25519_key(core.identity) or not verify(core.signing, outer.signature, "certificate", outer.core):
        raise StatementInvalid("The certificate's signature or identity key does not hold.")
    return core


def _check_text(text: str) -> None:
    if not text or len(text.encode()) > 200:
        raise StatementInvalid("A name, a time zone and an origin have 1 to 200 bytes.")


def _check_policy(policy: wire.Policy) -> None:
    fits = (
        10 <= policy.idle_lock_seconds <= 900
        and policy.retention_days <= 36_500
        and 1 <= policy.warn_hours < policy.stop_hours <= 336
    )
    if not fits:
        raise StatementRefused("The policy is out of bounds: lock 10 to 900 s, warn before stop, stop within 336 h.")


def _check_hours(hours: wire.SetHours) -> None:
    """14.6."""
    _check_text(hours.time_zone)
    days = [[bound for span in day for bound in (span.opens, span.closes)] for day in hours.week]
    fits = (
        len(days) == 7
        and all(len(bounds) <= 8 and _rises(bounds, 1_440) for bounds in days)
        and len(hours.closed) <= 400
        and _rises(hours.closed, 2_932_896)
    )
    if not fits:
        raise StatementRefused("Hours are seven days of at most four spans in order, and at most 400 closed days.")


def _rises(numbers: list[int], highest: int) -> bool:
    return all(a < b for a, b in pairwise(numbers)) and all(n <= highest for n in numbers[-1:])
