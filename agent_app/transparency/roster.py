"""Replay of the clinic log: docs/protocol.md sections 14.2 and 14.3.

A `Roster` is what the statements so far amount to. It never changes: `apply` gives the next one, or raises
and leaves nothing behind. Nobody becomes a member in any other way: the relay can withhold, it cannot add.

Heads count statements: under a head of size `n` the statements 0 to n - 1 hold. So what statement `i` says
is in force from size i + 1 on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from agent_app.protocol import primitives
from agent_app.protocol.errors import ForkedLogError, InvalidKeyError, InvalidStatementError, RefusedStatementError
from agent_app.protocol.keys import Certificate, ClinicId, DeviceId, MailboxId
from agent_app.transparency import opening_hours, statement
from agent_app.transparency.statement import (
    Action,
    Administrator,
    Administrators,
    Admission,
    AuditRecipient,
    Charter,
    Hours,
    Policy,
    PolicyChange,
    Reason,
    Relay,
    RelayChange,
    Revocation,
    Role,
    RoleChange,
    Statement,
    Team,
)

SENIOR: frozenset[Role] = frozenset({"supervisor", "administrator"})
"""Who may vouch for the log's freshness, and retract what others wrote."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """`size` is the first head under which the device is no member any more."""

    size: int
    reason: Reason
    time: int


@dataclass(frozen=True, slots=True)
class Member:
    """An agent's device that the clinic has admitted, with its whole past."""

    certificate: Certificate
    person: bytes
    name_commitment: bytes
    admitted: int
    """The first size under which it is a member."""
    roles: tuple[tuple[int, Role], ...]
    """(first size, role), ascending."""
    revoked: Revoked | None = None

    @property
    def id(self) -> DeviceId:
        return self.certificate.device

    @property
    def role(self) -> Role:
        """The latest one, also of a revoked device."""
        return self.roles[-1][1]

    @property
    def active(self) -> bool:
        return self.revoked is None

    def role_at(self, size: int) -> Role | None:
        """Its role under a head of `size`; None where it was not a member yet, or no longer."""
        if size < self.admitted or (self.revoked is not None and size >= self.revoked.size):
            return None
        return next(role for start, role in reversed(self.roles) if start <= size)


@dataclass(frozen=True, slots=True)
class Roster:
    """The clinic after `size` statements."""

    clinic: ClinicId
    size: int
    name: str
    time_zone: str
    administrators: tuple[Administrator, ...]
    threshold: int
    relays: tuple[tuple[int, Relay], ...]
    """(first size, relay), ascending: old receipts and checkpoints were signed by old keys."""
    audit_recipient: AuditRecipient
    policy: Policy
    members: Mapping[DeviceId, Member] = field(default_factory=dict)
    """By device id, in the order of admission; revoked ones included."""
    teams: Mapping[bytes, tuple[DeviceId, ...]] = field(default_factory=dict)
    mailboxes: Mapping[MailboxId, DeviceId] = field(default_factory=dict)
    """Mailbox to device id, revoked ones included."""
    cosigning: frozenset[bytes] = frozenset()
    """Every cosigning key that a device was ever admitted with."""
    hours: Hours | None = None
    """None until an administrator has told them."""

    @property
    def relay(self) -> Relay:
        return self.relays[-1][1]

    def relay_at(self, size: int) -> Relay:
        """The relay under a head of `size`, which is at least 1."""
        return next(relay for start, relay in reversed(self.relays) if start <= size)

    @property
    def active(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members.values() if member.active)

    def member(self, device: DeviceId) -> Member | None:
        return self.members.get(device)

    def by_mailbox(self, mailbox: MailboxId) -> Member | None:
        device = self.mailboxes.get(mailbox)
        return None if device is None else self.members[device]

    def role_at(self, device: DeviceId, size: int) -> Role | None:
        """The role under which an event is judged that names a head of `size` (section 10)."""
        member = self.members.get(device)
        return None if member is None else member.role_at(size)

    def team(self, team: bytes) -> tuple[Member, ...]:
        """Its active members."""
        members = (self.members[device] for device in self.teams.get(team, ()))
        return tuple(member for member in members if member.active)

    def is_administrator(self, key: bytes) -> bool:
        return any(administrator.key == key for administrator in self.administrators)

    def cosigners(self) -> dict[bytes, bytes]:
        """Cosigning key to person: whose word about freshness counts now (section 14.4)."""
        known = {a.cosigning: a.person for a in self.administrators}
        for member in self.active:
            if member.role in SENIOR and member.certificate.core.cosigning:
                known[member.certificate.core.cosigning] = member.person
        return known

    def apply(self, entry: Statement, root: bytes) -> "Roster":
        """The roster after `entry`; `root` is the tree's own root at `self.size`.

        Raises InvalidStatementError, RefusedStatementError, or ForkedLogError when another past was signed.
        """
        payload = entry.payload
        if payload.clinic != self.clinic:
            raise InvalidStatementError("the statement is of another clinic")
        if payload.index != self.size:
            raise RefusedStatementError(f"the statement has the index {payload.index}, and the next is {self.size}")
        present = sum(self.is_administrator(key) for key in entry.signers())
        if present < self._needed(payload.action):
            raise RefusedStatementError(f"{present} administrators signed, and {self._needed(payload.action)} must")
        if payload.root_before != root:
            raise ForkedLogError(f"at statement {self.size}")
        return replace(self._after(payload.action, payload.time), size=self.size + 1)

    def _needed(self, action: Action) -> int:
        # Who may change the administrators, the relay or the policy could undo every other rule.
        return self.threshold if isinstance(action, Administrators | RelayChange | PolicyChange) else 1

    def _after(self, action: Action, time: int) -> "Roster":
        match action:
            case Charter():
                raise RefusedStatementError("the charter stands at index 0 only")
            case Administrators():
                return self._with_administrators(action)
            case RelayChange():
                return replace(self, relays=(*self.relays, (self.size + 1, Relay(action.key, action.origin))))
            case PolicyChange():
                _check_policy(action.policy)
                return replace(self, policy=action.policy)
            case Admission():
                return self._with_member(action)
            case Revocation():
                revoked = Revoked(self.size + 1, action.reason, time)
                return self._with(replace(self._active(action.device), revoked=revoked))
            case RoleChange():
                member = self._active(action.device)
                return self._with(replace(member, roles=(*member.roles, (self.size + 1, action.role))))
            case Team():
                return self._with_team(action)
            case Hours():
                opening_hours.check(action)
                return replace(self, hours=action)

    def _with_administrators(self, action: Administrators) -> "Roster":
        _check_administrators(action.administrators, action.threshold)
        if any(administrator.cosigning in self.cosigning for administrator in action.administrators):
            raise RefusedStatementError("an administrator's cosigning key is already a device's")
        return replace(self, administrators=action.administrators, threshold=action.threshold)

    def _with_member(self, action: Admission) -> "Roster":
        certificate = Certificate.parse(action.certificate)
        if certificate.core.kind != "agent" or certificate.clinic != self.clinic:
            raise RefusedStatementError("the certificate is not of an agent's device of this clinic")
        if certificate.device in self.members or certificate.mailbox in self.mailboxes:
            raise RefusedStatementError("a device and a mailbox are admitted once, for ever")
        cosigning = {certificate.core.cosigning} - {b""}
        if cosigning & self.cosigning or cosigning & {a.cosigning for a in self.administrators}:
            raise RefusedStatementError("the device's cosigning key is already another's")
        start = self.size + 1
        member = Member(certificate, action.person, action.name_commitment, start, ((start, action.role),))
        mailboxes = {**self.mailboxes, certificate.mailbox: member.id}
        return replace(self._with(member), mailboxes=mailboxes, cosigning=self.cosigning | cosigning)

    def _with_team(self, action: Team) -> "Roster":
        if len(set(action.devices)) != len(action.devices):
            raise RefusedStatementError("a team names a device twice")
        for device in action.devices:
            self._active(device)
        return replace(self, teams={**self.teams, action.team: action.devices})

    def _with(self, member: Member) -> "Roster":
        return replace(self, members={**self.members, member.id: member})

    def _active(self, device: DeviceId) -> Member:
        member = self.members.get(device)
        if member is None or not member.active:
            raise RefusedStatementError("the device is unknown or already revoked")
        return member


def found(entry: Statement, root: bytes) -> Roster:
    """The roster that a charter begins; `root` is that of the empty tree."""
    payload, charter = entry.payload, entry.payload.action
    if not isinstance(charter, Charter) or payload.index != 0:
        raise RefusedStatementError("a clinic log begins with its charter")
    if payload.clinic or payload.root_before != root:
        raise InvalidStatementError("a charter names no clinic and no past")
    _check_administrators(charter.administrators, charter.threshold)
    if not {administrator.key for administrator in charter.administrators} <= entry.signers():
        raise RefusedStatementError("a charter is signed by all the administrators whom it names")
    _check_policy(charter.policy)
    _check_recipient(charter.audit_recipient)
    return Roster(
        clinic=statement.clinic_id(entry.payload_bytes),
        size=1,
        name=charter.name,
        time_zone=charter.time_zone,
        administrators=charter.administrators,
        threshold=charter.threshold,
        relays=((1, charter.relay),),
        audit_recipient=charter.audit_recipient,
        policy=charter.policy,
    )


def _check_administrators(administrators: tuple[Administrator, ...], threshold: int) -> None:
    count = len(administrators)
    if not 1 <= count <= statement.ADMINISTRATORS.value or not 1 <= threshold <= count:
        raise RefusedStatementError("a clinic has 1 to 16 administrators, and the threshold is 1 to their number")
    # k of n means k people: one person with two keys, or one key listed twice, would be k - 1 of them.
    keys, cosigning, persons = zip(*((a.key, a.cosigning, a.person) for a in administrators), strict=True)
    if any(len(set(column)) != count for column in (keys, cosigning, persons)):
        raise RefusedStatementError("administrators differ in key, cosigning key and person")


def _check_policy(policy: Policy) -> None:
    # No setting may keep a screen open for long, or let a device send for weeks on a log that nobody vouches for.
    fits = (
        10 <= policy.idle_lock_seconds <= 900
        and policy.retention_days <= 36_500
        and 1 <= policy.warn_hours < policy.stop_hours <= 336
    )
    if not fits:
        raise RefusedStatementError("idle lock 10 to 900 s, retention to 36,500 days, warn before stop, stop to 336 h")


def _check_recipient(recipient: AuditRecipient) -> None:
    try:
        primitives.check_point(recipient.x25519)
        primitives.kem_check(recipient.ml_kem)
    except InvalidKeyError as error:
        raise RefusedStatementError("nobody could read what is sealed to the charter's audit recipient") from error
