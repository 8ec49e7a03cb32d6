"""The clinic log in a person's words: one sentence an entry. The window and the command line say the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agent_app.engine import notices
from agent_app.engine.administration import opening
from agent_app.engine.sentence import Sentence, counted
from agent_app.protocol.keys import Certificate, DeviceId
from agent_app.transparency import statement
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.roster import Member
from agent_app.transparency.statement import (
    Action,
    Administrators,
    Admission,
    Charter,
    Hours,
    Policy,
    PolicyChange,
    RelayChange,
    Revocation,
    RoleChange,
    Team,
)

NameOf = Callable[[DeviceId], str]
ROLES = {
    "agent": Sentence("agent"),
    "supervisor": Sentence("supervisor"),
    "administrator": Sentence("administrator"),
    "auditor": Sentence("auditor"),
}
_REVOKED = {
    "stolen": "{name} was revoked: stolen or lost.",
    "left": "{name} was revoked: the person has left.",
    "replaced": "{name} was revoked: it was replaced by another device.",
}


@dataclass(frozen=True, slots=True)
class PlainEntry:
    """`time` in milliseconds, by the clock of whoever signed."""

    index: int
    time: int
    who: str
    text: str


def entries(log: ClinicLog, name_of: NameOf) -> tuple[PlainEntry, ...]:
    """All of them, the oldest first. Administrators have no names in the log: they are numbered as they appear."""
    known: list[bytes] = []
    reader = _Reader(name_of)
    found = []
    for index, raw in enumerate(log.statements):
        entry = statement.parse(raw)
        if isinstance(entry.action, Charter | Administrators):
            known.extend(one.key for one in entry.action.administrators if one.key not in known)
        signed = [known.index(key) + 1 for key in sorted(entry.signers()) if key in known]
        who = Sentence("Administrator {number}", number=", ".join(map(str, sorted(signed))))
        found.append(PlainEntry(index, entry.payload.time, who, reader.said(entry.action)))
    return tuple(found)


def admitted_at(log: ClinicLog, member: Member) -> int:
    """When, by the clock of whoever signed it."""
    return statement.parse(log.statements[member.admitted - 1]).payload.time


class _Reader:
    """What an entry changes depends on what stood before it."""

    def __init__(self, name_of: NameOf) -> None:
        self._name_of = name_of
        self._administrators: Administrators | None = None
        self._policy: Policy | None = None

    def said(self, action: Action) -> Sentence:
        match action:
            case Charter():
                self._administrators = Administrators(action.administrators, action.threshold)
                self._policy = action.policy
                return Sentence(
                    "The clinic {name} was founded, with the relay {relay}.",
                    name=action.name,
                    relay=action.relay.origin,
                )
            case Administrators():
                return self._administrators_said(action)
            case RelayChange():
                return Sentence("The clinic moved to the relay {relay}.", relay=action.origin)
            case PolicyChange():
                before, self._policy = self._policy, action.policy
                return _policy_said(before, action.policy)
            case Hours():
                told = opening.said(action)
                return Sentence("The opening hours were set, by {zone}: {hours}.", zone=action.time_zone, hours=told)
            case _:
                return self._device_said(action)

    def _device_said(self, action: Admission | Revocation | RoleChange | Team) -> Sentence:
        match action:
            case Admission():
                name = self._name_of(Certificate.parse(action.certificate).device)
                return Sentence("{name} was admitted as {role}.", name=name, role=ROLES[action.role])
            case Revocation():
                return Sentence(_REVOKED[action.reason], name=self._name_of(action.device))
            case RoleChange():
                name = self._name_of(action.device)
                return Sentence("{name} is {role} from now on.", name=name, role=ROLES[action.role])
            case Team():
                if not action.devices:
                    return Sentence("A team was dissolved.")
                return Sentence("A team was set to: {names}.", names=", ".join(map(self._name_of, action.devices)))

    def _administrators_said(self, action: Administrators) -> Sentence:
        before, self._administrators = self._administrators, action
        old = {one.key for one in before.administrators} if before else set[bytes]()
        new = {one.key for one in action.administrators}
        if new - old and old - new:
            return Sentence("An administrator’s key was replaced. The old one counts for nothing any more.")
        if new - old:
            return Sentence("An administrator was added. {agreed}", agreed=_agreed(action))
        if old - new:
            return Sentence("An administrator was removed. {agreed}", agreed=_agreed(action))
        return _agreed(action)


def _agreed(action: Administrators) -> Sentence:
    return counted(
        "From now on one administrator alone may make great changes.",
        "From now on {count} administrators must agree on great changes.",
        action.threshold,
    )


def _policy_said(before: Policy | None, after: Policy) -> Sentence:
    changed = tuple(_changes(before, after)) if before is not None else ()
    if not changed:
        return Sentence("The policy was stated anew, unchanged. That ends alarms about this log.")
    return Sentence("The policy was changed: {changes}.", changes=notices.listed(changed))


def _changes(before: Policy, after: Policy) -> Iterator[Sentence]:
    if before.idle_lock_seconds != after.idle_lock_seconds:
        yield Sentence("desks lock after {seconds} s", seconds=after.idle_lock_seconds)
    if before.retention_days != after.retention_days:
        yield (
            counted("messages are deleted after 1 day", "messages are deleted after {count} days", after.retention_days)
            if after.retention_days
            else Sentence("messages are kept without limit")
        )
    if before.read_receipts != after.read_receipts:
        yield (
            Sentence("patients see that they were read")
            if after.read_receipts
            else Sentence("patients do not see that they were read")
        )
    if before.history_to_new_devices != after.history_to_new_devices:
        yield (
            Sentence("new devices are sent what was said before")
            if after.history_to_new_devices
            else Sentence("new devices see only what is said from then on")
        )
    if (before.warn_hours, before.stop_hours) != (after.warn_hours, after.stop_hours):
        yield Sentence(
            "an unconfirmed log warns after {warn} h and stops desks after {stop} h",
            warn=after.warn_hours,
            stop=after.stop_hours,
        )
