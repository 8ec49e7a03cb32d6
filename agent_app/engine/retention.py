"""The policy's retention: what has been here for longer is destroyed, unless a hold keeps it (section 10.1)."""

from agent_app.engine.conversations import Conversations
from agent_app.engine.deletion import DELETABLE, Deletion
from agent_app.engine.desk import Desk
from agent_app.engine.membership import Membership
from agent_app.protocol.keys import ConversationId

DAY = 86_400_000  # milliseconds
_SWEPT = "retention-swept"


class Retention:
    """Counts from a message's arrival here: its author's clock is the author's word, and could be any."""

    def __init__(self, desk: Desk, membership: Membership, conversations: Conversations, deletion: Deletion) -> None:
        self._desk = desk
        self._membership = membership
        self._conversations = conversations
        self._deletion = deletion

    def run_when_due(self) -> None:
        now = self._desk.clock()
        last = self._desk.store.settings.number(_SWEPT)
        if not last <= now < last + DAY:  # also after the clock was set back
            self.sweep()

    def sweep(self) -> int:
        """One commit a conversation, so that a desk that was away for long does not stand still. Answers how many."""
        days, now = self._membership.roster.policy.retention_days, self._desk.clock()
        before = now - days * DAY
        due = self._desk.store.events.with_older(before, DELETABLE) if days else ()
        destroyed = sum(self._sweep_one(conversation, before) for conversation in due)
        with self._desk.store.transaction():
            self._desk.store.settings.set_number(_SWEPT, now)
        return destroyed

    def _sweep_one(self, conversation: ConversationId, before: int) -> int:
        stored = self._desk.store.conversations.get(conversation)
        if stored is None or self._conversations.state(stored).on_hold:
            return 0
        with self._desk.work() as work:
            older = self._desk.store.events.older_than(conversation, before, DELETABLE)
            return self._deletion.destroy(work, stored, older, "retention")
