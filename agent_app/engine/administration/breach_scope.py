"""What a device could have read: for whoever must judge whether its loss is a breach."""

from collections.abc import Iterator
from datetime import UTC, datetime

from agent_app.engine.administration.last_contact import LastContact
from agent_app.engine.administration.plain_log import ROLES, admitted_at
from agent_app.engine.desk import Desk
from agent_app.engine.membership import Membership
from agent_app.engine.sentence import Sentence, counted
from agent_app.transparency import statement
from agent_app.transparency.roster import Member
from agent_app.transparency.statement import Charter, PolicyChange

_REASONS = {
    "stolen": Sentence("stolen or lost"),
    "left": Sentence("the person has left"),
    "replaced": Sentence("replaced by another device"),
}


class BreachScope:
    """Counted from what this desk holds, and said so. It names no patient and quotes nothing."""

    def __init__(self, desk: Desk, membership: Membership, contact: LastContact) -> None:
        self._desk = desk
        self._membership = membership
        self._contact = contact

    def lines(self, member: Member) -> Iterator[Sentence]:
        name, number = self._membership.name_of(member.id), member.id.hex()
        yield Sentence("Device: {name}, number {number}", name=name, number=number)
        yield Sentence("Clinic: {name}", name=self._membership.roster.name)
        yield Sentence("Made at {time} at this desk.", time=_moment(self._desk.clock()))
        yield Sentence("Admitted at {time} as {role}.", time=_moment(self._admitted(member)), role=_first_role(member))
        yield self._ended(member)
        yield from self._readable(member)
        yield from self._keys(member)

    def _admitted(self, member: Member) -> int:
        return admitted_at(self._membership.log, member)

    def _ended(self, member: Member) -> Sentence:
        if member.revoked is None:
            return Sentence("It has not been revoked: what follows grows with every message.")
        reason, time = _REASONS[member.revoked.reason], _moment(member.revoked.time)
        return Sentence(
            "Revoked at {time}: {reason}. Desks that have heard of it encrypt nothing to it.", time=time, reason=reason
        )

    def _readable(self, member: Member) -> Iterator[Sentence]:
        if all(role == "auditor" for _, role in member.roles):
            yield Sentence("It could read no conversation: an auditor’s device is sent none.")
            return
        since = 0 if self._had_history(member) else self._admitted(member)
        until = member.revoked.time if member.revoked is not None else self._desk.clock()
        said = self._desk.store.conversations.said_between(since, until)
        if since:
            yield Sentence(
                "It could read what was said from {time} on; nothing older was sent to it.", time=_moment(since)
            )
        else:
            yield Sentence("It could read all that was said before too: the policy let new devices have it.")
        yield Sentence(
            "Of that this desk still holds {messages}, in {conversations}, of {patients}.",
            messages=counted("1 message or note", "{count} messages and notes", said.messages),
            conversations=counted("1 conversation", "{count} conversations", said.conversations),
            patients=counted("1 patient’s device", "{count} patients’ devices", said.patients),
        )
        if said.messages:
            yield Sentence(
                "The first of {first}, the last of {last}.", first=_moment(said.first), last=_moment(said.last)
            )
        yield Sentence("What was deleted or never reached this desk is not counted; the device may still have it.")

    def _had_history(self, member: Member) -> bool:
        """Whether any policy that held from its admission on allowed it."""
        end = member.revoked.size if member.revoked is not None else self._membership.size
        allowed = False
        for index, raw in enumerate(self._membership.log.statements[:end]):
            action = statement.parse(raw).action
            if isinstance(action, Charter | PolicyChange):
                held = action.policy.history_to_new_devices
                allowed = held if index < member.admitted else allowed or held
        return allowed

    def _keys(self, member: Member) -> Iterator[Sentence]:
        heard, gone = self._contact.time(member.id), self._contact.gone(member.id)
        if member.id == self._desk.local.device:
            yield Sentence("Its keys are in memory now: it is the device that made this report.")
        elif gone:
            yield Sentence(
                "Its last word to this desk, at {time}: it locks, and its keys leave its memory. Nothing was heard "
                "from it since. For at most ten minutes more a copy of its keys may have stood there, sealed by a PIN. "
                "What it keeps on its disk is sealed by its passphrase and the system’s keyring.",
                time=_moment(gone),
            )
        elif heard:
            yield Sentence(
                "Whether its keys were out of memory is not known: it was last heard from about {time}, and did not "
                "say to this desk that it locks.",
                time=_moment(heard),
            )
        else:
            yield Sentence("Whether its keys were out of memory is not known: this desk never heard from it.")


def _first_role(member: Member) -> Sentence:
    return ROLES[member.roles[0][1]]


def _moment(time: int) -> str:
    """The same on every desk: a report is read elsewhere."""
    return datetime.fromtimestamp(time / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
