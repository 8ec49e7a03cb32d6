"""The state of each conversation, as the reducer has it, and who is told when it changes."""

from collections.abc import Callable, Sequence

from agent_app.engine.desk import Desk, Work
from agent_app.engine.inbox import Inbox
from agent_app.engine.membership import Membership
from agent_app.engine.transcript import Transcript, event_of
from agent_app.engine.writing import Links
from agent_app.protocol import conversation as reducer
from agent_app.protocol.conversation import Entry
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.events import Role
from agent_app.protocol.keys import ConversationId, DeviceId, MessageHash
from agent_app.store.conversations import Conversation
from agent_app.store.events import Standing, StoredEvent


class Conversations:
    """Keeps the reducer's entries of conversations that were asked for, so that a message costs no replay.

    `inbox` and `transcript` show them in the window.
    """

    def __init__(self, desk: Desk, membership: Membership) -> None:
        self._desk = desk
        self._membership = membership
        self._entries: dict[bytes, dict[MessageHash, Entry]] = {}
        self.changes = 0  # grows with each change of any conversation's state
        self.transcript = Transcript(desk, membership)
        self.inbox = Inbox(desk, membership, self.state, self._caught_up)
        self.checkers_of: Callable[[DeviceId], tuple[DeviceId, ...] | None] = lambda patient: None
        self.reduced: Callable[[Work, DeviceId], None] = lambda work, patient: None

    def state(self, conversation: Conversation) -> reducer.Conversation:
        if not conversation.summary:
            return self._reduce(conversation)
        return decode(conversation.summary, reducer.Conversation)

    def is_answered(self, conversation: Conversation) -> bool:
        """Whether the clinic has invited this patient, or somebody there has taken up what they wrote (13.3)."""
        if self.state(conversation).level > 0:
            return True
        return self._desk.store.conversations.acted(conversation.id, conversation.patient, _ANSWERS)

    def is_over(self, conversation: Conversation) -> bool:
        state = self.state(conversation)
        return state.is_blocked or state.status in ("closed", "ended")

    def added(self, work: Work, conversation: ConversationId, hash_: MessageHash) -> None:
        """An event was stored: reduces anew, and tells the window what changed."""
        event = self._desk.store.events.by_hash(hash_)
        if event is not None and conversation in self._entries:
            self._remember(self._entries[conversation], event)
        self.refresh(work, conversation)
        self.transcript.added(work, [hash_])

    def forget(self, conversation: ConversationId) -> None:
        """Events changed their standing, or more than one was added: the next refresh reads all of them."""
        self._entries.pop(conversation, None)

    def refresh(self, work: Work, conversation: ConversationId) -> None:
        stored = self._desk.store.conversations.get(conversation)
        if stored is None:
            return
        state = self._reduce(stored)
        self._desk.store.conversations.update(conversation, state.status, encode(state))
        self.changes += 1
        self.reduced(work, stored.patient)
        work.if_undone(lambda: self.forget(conversation), about=conversation)
        work.afterwards(lambda: self.inbox.tell(conversation), about=conversation)

    def _reduce(self, stored: Conversation) -> reducer.Conversation:
        checkers = self.checkers_of(stored.patient)
        return reducer.reduce(stored.patient, self._all_entries(stored.id).values(), checkers)

    def _all_entries(self, conversation: ConversationId) -> dict[MessageHash, Entry]:
        if conversation not in self._entries:
            entries: dict[MessageHash, Entry] = {}
            for event in self._desk.store.events.held(conversation):
                self._remember(entries, event)
            self._entries[conversation] = entries
        return self._entries[conversation]

    def _remember(self, entries: dict[MessageHash, Entry], event: StoredEvent) -> None:
        """Whatever is held, also what does not count: what is here is not missing."""
        stored = self._desk.store.conversations.of_stream(event.stream)
        if stored is None:
            return
        role = self._role(stored, event)
        links = decode(event.heads, Links)
        stream: reducer.Stream = "shared" if event.stream == stored.shared else "team"
        entries[event.hash] = Entry(
            event.hash, event.message, stream, event.author, role or "auditor", event.sequence, event.previous,
            event.clock, links.heads, event_of(event), "void" if role is None else _STANDINGS[event.standing],
        )  # fmt: skip

    def _role(self, conversation: Conversation | None, event: StoredEvent) -> Role | None:
        if conversation is not None and event.author == conversation.patient:
            return "patient"
        return self._membership.roster.role_at(event.author, event.log_size)

    def _caught_up(self, stored: Sequence[Conversation]) -> list[Conversation]:
        """These, each with a summary."""
        if all(one.summary for one in stored):
            return list(stored)
        with self._desk.store.transaction():
            return [one if one.summary else self._summed_up(one) for one in stored]

    def _summed_up(self, stale: Conversation) -> Conversation:
        state = self._reduce(stale)
        self._desk.store.conversations.update(stale.id, state.status, encode(state))
        self.changes += 1
        self.forget(stale.id)
        return self._desk.store.conversations.get(stale.id) or stale


# What a person at the clinic does, and no desk by itself. To close or to block is no answer.
_ANSWERS = frozenset(
    (
        "text",
        "file",
        "note",
        "claim",
        "release",
        "assign",
        "transfer",
        "handover",
        "joined",
        "reopen",
        "checked",
        "tag",
        "guardian",
        "hold",
        "retract",
        "earlier",
        "copied",
    )
)
_STANDINGS: dict[Standing, reducer.Standing] = {
    Standing.ADMITTED: "admitted",
    Standing.QUARANTINED: "quarantined",
    Standing.VOID: "void",
    Standing.FORKED: "admitted",  # both sides of a fork count
}
