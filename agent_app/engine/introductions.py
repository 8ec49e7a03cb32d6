"""Names: the log holds commitments only, so each device tells its own to whomever it writes to (section 14.3)."""

from collections.abc import Callable

from agent_app.engine.desk import Desk, Work
from agent_app.engine.events import DeviceNamed
from agent_app.engine.membership import Membership
from agent_app.engine.writing import Writing
from agent_app.protocol.content import Message
from agent_app.protocol.events import Event, Name
from agent_app.protocol.keys import MessageHash
from agent_app.store.conversations import Conversation
from agent_app.store.settings import Name as StoredName
from agent_app.transparency.roster import Roster


class Introductions:
    """Tells this device's name once to each colleague and once in each conversation, and believes confirmed ones.

    `learned` is called after a commit in which a name became known.
    """

    def __init__(self, desk: Desk, membership: Membership, writing: Writing) -> None:
        self._desk = desk
        self._membership = membership
        self._writing = writing
        self.learned: Callable[[], None] = lambda: None
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

    def confirmed(self, message: Message, now: int) -> StoredName | None:
        """What a `name` event tells of its author, where it opens the log's commitment."""
        event, author = message.content.event, message.content.author
        if not isinstance(event, Name) or event.device != author:
            return None
        told = StoredName(author, event.name, event.salt, now)
        return told if self._membership.confirms(told) else None

    def learn(self, work: Work, told: StoredName) -> None:
        """Says so where it was news: whoever approved the device knew its name before."""
        known = self._membership.name_of(told.device)
        self._desk.store.settings.learn_name(told)
        if known != told.name:
            work.tell(DeviceNamed(told.name, told.device))
            work.afterwards(self.learned, about="names")

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
