"""Names: the log holds commitments only, so each device tells its own to whomever it writes to (section 14.3)."""

from agent_app.engine.desk import Desk, Work
from agent_app.engine.membership import Membership
from agent_app.engine.writing import Writing
from agent_app.protocol.content import Message
from agent_app.protocol.events import Event, Name
from agent_app.protocol.keys import MessageHash
from agent_app.store.conversations import Conversation
from agent_app.store.settings import Name as StoredName
from agent_app.transparency.enrolment import name_commitment
from agent_app.transparency.roster import Roster


class Introductions:
    """Tells this device's name once to each colleague and once in each conversation, and believes confirmed ones."""

    def __init__(self, desk: Desk, membership: Membership, writing: Writing) -> None:
        self._desk = desk
        self._membership = membership
        self._writing = writing
        membership.changed.append(self._greet_new)

    def greet_colleagues(self) -> None:
        """Whoever was not told yet, each in a stream of their own."""
        own = self._name()
        if own is None:
            return
        with self._desk.work() as work:
            for member in self._membership.colleagues():
                if self._first_time(member.id):
                    self._writing.write(work, self._writing.direct(member.id), own)

    def say(self, work: Work, conversation: Conversation, event: Event) -> MessageHash:
        """Writes into the shared stream, after this device's name where it is its first word there."""
        address = self._writing.shared(conversation)
        own = self._name()
        if own is not None and self._first_time(conversation.id):
            self._writing.write(work, address, own)
        return self._writing.write(work, address, event)

    def heard(self, work: Work, message: Message) -> bool:
        """A `name` event. True when it opens the log's commitment and was news."""
        event, author = message.content.event, message.content.author
        member = self._membership.roster.member(author)
        if not isinstance(event, Name) or member is None or event.device != author:
            return False
        if name_commitment(event.name, event.salt) != member.name_commitment:
            return False
        known = self._desk.store.settings.name_of(author)
        self._desk.store.settings.learn_name(StoredName(author, event.name, event.salt, work.now))
        return known is None or known.name != event.name

    def _greet_new(self, old: Roster) -> None:
        if len(old.members) != len(self._membership.roster.members):
            self.greet_colleagues()

    def _name(self) -> Name | None:
        own = self._desk.local.device
        told = self._desk.store.settings.name_of(own)
        return Name(own, told.name, told.salt) if told else None

    def _first_time(self, whom: bytes) -> bool:
        key = f"told-{whom.hex()}"
        if self._desk.store.settings.number(key):
            return False
        self._desk.store.settings.set_number(key, 1)
        return True
