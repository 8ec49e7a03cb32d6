"""What a patient said on an earlier phone, for the one that they have now (section 9.3)."""

from collections.abc import Awaitable, Callable
from typing import Any

from agent_app.engine import commands
from agent_app.engine.conversations import Conversations
from agent_app.engine.desk import Desk
from agent_app.engine.events import EarlierLoaded, Notice, Severity
from agent_app.engine.history import Past
from agent_app.engine.introductions import Introductions
from agent_app.engine.speech import Refused, Speech
from agent_app.protocol.conversation import Conversation as State
from agent_app.protocol.events import SignedContent
from agent_app.store.conversations import Conversation

_CHECKED = 3  # the level that an agent's own check gives
_NOT_SENT = "The earlier messages were not sent."
_UNCHECKED = Notice(
    Severity.WARNING,
    _NOT_SENT,
    "Nobody has checked yet that this device is the patient's. The code of an invitation is not enough for this.",
    "Call the patient on a number you know, compare the safety number, and try again.",
)
_SOMEBODY_ELSE = Notice(
    Severity.WARNING,
    _NOT_SENT,
    "The two conversations do not have the same name and date of birth.",
    "Choose another conversation, or invite the patient again under the same details.",
)
_NO_BEGINNING = Notice(
    Severity.WARNING,
    _NOT_SENT,
    "The beginning of that conversation is no longer on this workstation, and without it nobody can prove whose it is.",
    "Ask a colleague whose workstation has it, or tell the patient that it is gone.",
)


class EarlierMessages:
    """Offers and sends by one rule: only to a device that an agent has checked, only what the same patient said."""

    def __init__(
        self, desk: Desk, conversations: Conversations, speech: Speech, past: Past, introductions: Introductions
    ) -> None:
        self._desk = desk
        self._conversations = conversations
        self._speech = speech
        self._past = past
        self._introductions = introductions
        self.methods: dict[type, Callable[[Any], Awaitable[None]]] = {
            commands.ListEarlier: self._list,
            commands.SendHistory: self._send,
        }

    async def _list(self, command: commands.ListEarlier) -> None:
        to = self._speech.stored(command.conversation)
        self._require_checked(to)
        offered = [one for one in self._desk.store.conversations.list() if self._is_offered(to, one)]
        self._desk.emit(EarlierLoaded(to.id, tuple(map(self._conversations.inbox.summary, offered))))

    async def _send(self, command: commands.SendHistory) -> None:
        to, earlier = self._speech.stored(command.conversation), self._speech.stored(command.earlier)
        self._require_checked(to)
        opening = self._opening(to, earlier)
        with self._desk.work() as work:
            self._past.hand_on(work, self._introductions, opening, earlier, to)
            work.record("history", to.id, earlier.id.hex(), to.patient.hex())

    def _require_checked(self, to: Conversation) -> None:
        self._speech.require_reachable(to)
        if self._conversations.state(to).level != _CHECKED:
            raise Refused(_UNCHECKED)

    def _is_offered(self, to: Conversation, earlier: Conversation) -> bool:
        try:
            self._opening(to, earlier)
        except Refused:
            return False
        return True

    def _opening(self, to: Conversation, earlier: Conversation) -> SignedContent:
        """What proves whose `earlier` is. Raises Refused where it is not that of the patient in `to`."""
        if to.id == earlier.id or not are_same(self._conversations.state(to), self._conversations.state(earlier)):
            raise Refused(_SOMEBODY_ELSE)
        opening = self._past.opening(earlier)
        if opening is None:
            raise Refused(_NO_BEGINNING)
        return opening


def are_same(one: State, other: State) -> bool:
    """Whether two conversations were labelled as the same patient's. A name's case and spaces are typed by people."""
    same_name = one.name.casefold().split() == other.name.casefold().split() != []
    return same_name and bool(one.identifiers) and set(one.identifiers) == set(other.identifiers)
