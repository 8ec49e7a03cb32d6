"""What a person says and does in a conversation: signed, recorded in the audit log and queued, in one commit."""

from collections.abc import Sequence

from agent_app.engine.conversations import Conversations
from agent_app.engine.desk import Desk, Work
from agent_app.engine.events import Notice, Severity
from agent_app.engine.introductions import Introductions
from agent_app.engine.membership import Membership
from agent_app.engine.writing import Writing, tag_of
from agent_app.protocol import events
from agent_app.protocol.events import Event, ReadMark
from agent_app.protocol.keys import ConversationId, MessageHash
from agent_app.store.conversations import Conversation
from agent_app.store.deliveries import Read
from agent_app.store.events import StoredEvent

_UNKNOWN = Notice(
    Severity.WARNING,
    "This conversation is not here.",
    "It may not have arrived yet, or it was removed.",
    "Wait a moment, then choose it in the list again.",
)
_ENDED = Notice(
    Severity.WARNING,
    "Nothing was sent.",
    "The patient ended this conversation and erased their copy.",
    "Invite the patient again if you need to write.",
)
_BLOCKED = Notice(
    Severity.WARNING,
    "Nothing was sent.",
    "This patient's device is blocked: it may be in other hands.",
    "Call the patient, and invite their new device.",
)


class Refused(Exception):
    """Not now, for a reason that a person can do something about."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice.happened)
        self.notice = notice


class Speech:
    """Lives on the engine's thread. What cannot be said raises Refused, before anything is written."""

    def __init__(
        self,
        desk: Desk,
        membership: Membership,
        writing: Writing,
        conversations: Conversations,
        introductions: Introductions,
    ) -> None:
        self._desk = desk
        self._membership = membership
        self._writing = writing
        self._conversations = conversations
        self._introductions = introductions

    def stored(self, conversation: bytes) -> Conversation:
        stored = self._desk.store.conversations.get(ConversationId(conversation))
        if stored is None:
            raise Refused(_UNKNOWN)
        return stored

    def obstacle(self, stored: Conversation) -> Notice | None:
        """Why nothing reaches the patient."""
        state = self._conversations.state(stored)
        if state.status == "ended":
            return _ENDED
        return _BLOCKED if state.is_blocked else None

    def require_reachable(self, stored: Conversation) -> None:
        obstacle = self.obstacle(stored)
        if obstacle is not None:
            raise Refused(obstacle)

    def say(self, conversation: bytes, event: Event) -> None:
        """To the patient and the team."""
        stored = self.stored(conversation)
        self.require_reachable(stored)
        with self._desk.work() as work:
            was_answered = self._conversations.is_answered(stored)
            self._record(work, stored, event, self._introductions.say(work, stored, event))
            self._tell_read_late(work, stored, was_answered)

    def team(self, conversation: bytes, event: Event, *, joins: bool = False) -> None:
        """To the team alone. With `joins` the patient is told that this device's agent answers from now on."""
        stored = self.stored(conversation)
        with self._desk.work() as work:
            self.tell_team(work, stored, event, joins=joins)

    def tell_team(self, work: Work, stored: Conversation, event: Event, *, joins: bool = False) -> None:
        """As `team`, in a commit with something else."""
        was_answered = self._conversations.is_answered(stored)
        self._record(work, stored, event, self._writing.write(work, self._writing.team(stored), event))
        if joins:
            self.join(work, stored)
        self._tell_read_late(work, stored, was_answered)

    def join(self, work: Work, stored: Conversation) -> None:
        """In the commit that gave this device the conversation."""
        if self.obstacle(stored) is None:
            self._introductions.say(work, stored, events.Joined())

    def retract(self, work: Work, stored: Conversation, event: StoredEvent) -> None:
        """In the stream of what is retracted. Who ended the conversation, or is blocked, is sent nothing more."""
        in_team = event.stream == stored.team
        address = self._writing.team(stored) if in_team else self._writing.shared(stored)
        if not in_team and self.obstacle(stored) is not None:
            address = self._writing.without(address, stored.patient)
        self._writing.write(work, address, events.Retract(event.message, event.hash))

    def tell_read(self, work: Work, stored: Conversation, seen: Sequence[StoredEvent]) -> None:
        """How far the patient was read, if the policy allows to say so and it is news."""
        spoken = [e for e in seen if e.author == stored.patient and e.kind in ("text", "file")]
        last = max((event.sequence for event in spoken), default=0)
        if last > self._own_read(stored):
            own = self._desk.local.device
            self._desk.store.deliveries.read(Read(stored.shared, stored.patient, own, last, work.now))
            if self._membership.roster.policy.read_receipts and self.obstacle(stored) is None:
                mark = ReadMark(stored.patient, last)
                self._introductions.say(work, stored, events.Read((mark,)))

    def _own_read(self, stored: Conversation) -> int:
        reads = self._desk.store.deliveries.reads(stored.shared, stored.patient)
        return next((one.sequence for one in reads if one.reader == self._desk.local.device), 0)

    def _tell_read_late(self, work: Work, stored: Conversation, was_answered: bool) -> None:
        """A visitor hears only with the first answer what was read before it (13.4)."""
        after = self.stored(stored.id)
        if not was_answered and self._conversations.is_answered(after):
            newest = self._desk.store.events.newest(stored.id, 200).events
            self.tell_read(work, after, [event for event in newest if event.position <= after.read_position])

    def _record(self, work: Work, stored: Conversation, event: Event, hash_: MessageHash) -> None:
        match event:
            case events.Claim():
                work.record("claim", stored.id)
            case events.Checked():
                work.record("check", stored.id, event.method, "matches" if event.matches else "does not match")
            case events.Text() | events.Note():
                self._desk.store.drafts.drop(stored.id)  # with the message, so that it is never in both or in neither
                work.record("send", stored.id, tag_of(event), hash_.hex())
            case _:
                work.record("send", stored.id, tag_of(event), hash_.hex())
