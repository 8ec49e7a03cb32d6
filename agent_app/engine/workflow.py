"""Who has a conversation, and what the team knows of it: one method a command.

Every device judges each of these anew by the clinic log (section 9.2). What is refused here is refused so that a person
is told at once, not for safety.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from agent_app.engine import commands, notices
from agent_app.engine.conversations import Conversations
from agent_app.engine.deletion import DELETABLE, Deletion
from agent_app.engine.desk import Desk
from agent_app.engine.events import Colleague, ColleaguesLoaded, HolderLoaded, Notice, Severity, Team
from agent_app.engine.identifying import birth_date, phone
from agent_app.engine.membership import Membership
from agent_app.engine.speech import Refused, Speech
from agent_app.engine.transcript import event_of
from agent_app.protocol import events
from agent_app.protocol.keys import DeviceId, MessageId
from agent_app.store.conversations import Conversation
from agent_app.store.events import StoredEvent
from agent_app.transparency.roster import SENIOR

_SENIOR_ONLY = Notice(
    Severity.WARNING,
    "This was not done.",
    "Only a supervisor or an administrator may do it.",
    "Ask one of them.",
)
_NO_COLLEAGUE = Notice(
    Severity.WARNING,
    "The conversation was not handed over.",
    "That colleague or team can receive no messages: access has ended, or the role is auditor.",
    "Choose somebody else.",
)
_CLOSED = Notice(Severity.WARNING, "This conversation is closed.", "Nobody can take it.", "Reopen it first.")
_NOT_DELETABLE = Notice(
    Severity.WARNING,
    "Nothing was deleted.",
    "The message is gone already, or it is somebody else's.",
    "A supervisor can delete what others wrote.",
)


class Workflow:
    """`methods` names, for each command, who does it."""

    def __init__(
        self, desk: Desk, membership: Membership, conversations: Conversations, speech: Speech, deletion: Deletion
    ) -> None:
        self._desk = desk
        self._membership = membership
        self._conversations = conversations
        self._speech = speech
        self._deletion = deletion
        self.methods: dict[type, Callable[[Any], Awaitable[None]]] = {
            commands.Claim: self._claim,
            commands.Release: self._release,
            commands.Assign: self._assign,
            commands.Transfer: self._transfer,
            commands.LoadHolder: self._load_holder,
            commands.TakeOver: self._take_over,
            commands.HandOver: self._hand_over,
            commands.Close: self._close,
            commands.Reopen: self._reopen,
            commands.Retract: self._retract,
            commands.SetTag: self._tag,
            commands.LabelPatient: self._label,
            commands.SetGuardian: self._set_guardian,
            commands.SetHold: self._set_hold,
            commands.LoadColleagues: self._load_colleagues,
        }

    # Holding

    async def _claim(self, command: commands.Claim) -> None:
        """In vain where this desk knows already who was quicker."""
        state = self._conversations.state(self._speech.stored(command.conversation))
        if state.holder == self._desk.local.device:
            return
        if state.holder is not None:
            raise Refused(notices.taken(self._membership.name_of(state.holder)))
        if state.status != "waiting":
            raise Refused(_CLOSED)
        self._speech.team(command.conversation, events.Claim(), joins=bool(state.team))

    async def _release(self, command: commands.Release) -> None:
        self._speech.team(command.conversation, events.Release())

    async def _assign(self, command: commands.Assign) -> None:
        self._require_senior()
        self._speech.team(command.conversation, events.Assign(self._receiver(command.device)))

    async def _transfer(self, command: commands.Transfer) -> None:
        self._speech.team(command.conversation, events.Transfer(self._receiver(command.device), command.note))

    async def _load_holder(self, command: commands.LoadHolder) -> None:
        stored = self._speech.stored(command.conversation)
        holder = self._conversations.state(stored).holder
        if holder is None or holder == self._desk.local.device:
            self._desk.emit(HolderLoaded(stored.id, b"", "", 0))
        else:
            name = self._membership.name_of(holder)
            self._desk.emit(HolderLoaded(stored.id, holder, name, self._held_since(stored, holder)))

    def _held_since(self, stored: Conversation, holder: DeviceId) -> int:
        taken = self._desk.store.events.shown_of_kinds(stored.id, ("claim", "assign", "transfer"))
        return next((event.time for event in reversed(taken) if _taker(event) == holder), 0)

    async def _take_over(self, command: commands.TakeOver) -> None:
        """The colleague is told when it arrives there, as of any transfer."""
        state, own = self._conversations.state(self._speech.stored(command.conversation)), self._desk.local.device
        if state.holder is None:
            await self._claim(commands.Claim(command.conversation))
        elif state.holder == own:
            return
        elif state.holder != command.holder:
            raise Refused(notices.taken(self._membership.name_of(state.holder)))
        else:
            self._speech.team(command.conversation, events.Transfer(own, ""), joins=True)

    async def _hand_over(self, command: commands.HandOver) -> None:
        if not any(member.role != "auditor" for member in self._membership.roster.team(command.team)):
            raise Refused(_NO_COLLEAGUE)
        self._speech.team(command.conversation, events.HandOver(command.team, command.note))

    async def _close(self, command: commands.Close) -> None:
        stored = self._speech.stored(command.conversation)
        self._speech.team(command.conversation, events.Conclude(command.outcome, self._heard(stored)))

    async def _reopen(self, command: commands.Reopen) -> None:
        self._speech.team(command.conversation, events.Reopen())

    def _heard(self, stored: Conversation) -> int:
        """Up to where this desk has all that the patient said: what is still missing must open it again."""
        gaps = self._conversations.state(stored).gaps
        missing = [gap.first for gap in gaps if gap.stream == "shared" and gap.author == stored.patient]
        latest = self._desk.store.streams.latest(stored.shared, stored.patient)
        return min(missing, default=latest + 1) - 1

    def _receiver(self, device: bytes) -> DeviceId:
        member = self._membership.roster.member(DeviceId(device))
        if member is None or not member.active or member.role == "auditor":
            raise Refused(_NO_COLLEAGUE)
        return member.id

    def _require_senior(self) -> None:
        if self._membership.own_role() not in SENIOR:
            raise Refused(_SENIOR_ONLY)

    # Deleting

    async def _retract(self, command: commands.Retract) -> None:
        event = self._desk.store.events.by_message_id(MessageId(command.message))
        if event is None or event.conversation is None or event.retracted or event.kind not in DELETABLE:
            raise Refused(_NOT_DELETABLE)
        if event.author != self._desk.local.device and self._membership.own_role() not in SENIOR:
            raise Refused(_NOT_DELETABLE)
        stored = self._speech.stored(event.conversation)
        with self._desk.work() as work:
            self._speech.retract(work, stored, event)
            self._deletion.carry_out(work, stored.id)

    # What the team knows

    async def _tag(self, command: commands.SetTag) -> None:
        state = self._conversations.state(self._speech.stored(command.conversation))
        tag = " ".join(command.tag.split())
        if tag and (tag in state.tags) is not command.present:
            self._speech.team(command.conversation, events.Tag(tag, command.present))

    async def _label(self, command: commands.LabelPatient) -> None:
        identifiers = [
            *([birth_date(command.birth_date)] if command.birth_date else []),
            *([phone(command.phone)] if command.phone else []),
        ]
        self._speech.team(command.conversation, events.PatientLabel(command.name, tuple(identifiers)))

    async def _set_guardian(self, command: commands.SetGuardian) -> None:
        name = " ".join(command.name.split())
        relation = " ".join(command.relation.split()) if name else ""
        self._speech.team(command.conversation, events.Guardian(name, relation))

    async def _set_hold(self, command: commands.SetHold) -> None:
        if not command.on:
            self._require_senior()
        self._speech.team(command.conversation, events.Hold(command.on, command.reason.strip()))

    async def _load_colleagues(self, command: commands.LoadColleagues) -> None:
        """Everybody a conversation can be handed to. The log holds no names: a team is called by its members'."""
        membership = self._membership
        people = [Colleague(one.id, membership.name_of(one.id), one.role) for one in membership.colleagues()]
        teams = [Team(team, name) for team in membership.roster.teams if (name := membership.team_name(team))]
        may_assign = membership.own_role() in SENIOR
        self._desk.emit(ColleaguesLoaded(tuple(people), tuple(teams), may_assign))


def _taker(event: StoredEvent) -> DeviceId:
    """Who had the conversation by a claim, or by being given it."""
    said = event_of(event)
    return said.device if isinstance(said, events.Assign | events.Transfer) else event.author
