"""The list of conversations as the window shows it: one row each."""

import asyncio
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from agent_app.engine import mentions, notices, wording
from agent_app.engine.desk import Desk
from agent_app.engine.events import (
    ConversationChanged,
    ConversationRow,
    ConversationsAdded,
    ConversationsLoaded,
    NoticeRaised,
    PreviewsLoaded,
    Status,
)
from agent_app.engine.membership import Membership
from agent_app.engine.sentence import Sentence
from agent_app.engine.transcript import event_of
from agent_app.engine.wording import PATIENT
from agent_app.protocol.content import Content
from agent_app.protocol.conversation import Conversation as State
from agent_app.protocol.encoding import decode
from agent_app.protocol.events import Note
from agent_app.protocol.keys import ConversationId, DeviceId
from agent_app.protocol.safety_number import safety_number
from agent_app.store.conversations import Conversation
from agent_app.store.folding import words

PREVIEW = 80  # characters
_AT_ONCE = 60  # rows whose preview is loaded with the list: more than any window shows
_STEP, _PAUSE = 100, 0.01  # previews at a time, and seconds for everybody else between them
_SLICE = 10  # conversations that are reduced anew at a time: some 20 ms


class _AtHand(NamedTuple):
    """What rows need of others than themselves."""

    name_of: Callable[[DeviceId], str]
    reasons: dict[str, str]


class Inbox:
    """Knows what each conversation is called. Their states are asked of `state_of`; `caught_up` answers the same
    conversations, each with a summary."""

    def __init__(
        self,
        desk: Desk,
        membership: Membership,
        state_of: Callable[[Conversation], State],
        caught_up: Callable[[Sequence[Conversation]], list[Conversation]],
    ) -> None:
        self._desk = desk
        self._membership = membership
        self._state_of = state_of
        self._caught_up = caught_up
        self._unpreviewed: list[ConversationId] = []
        self._behind: list[ConversationId] = []  # whose summary an update of the program has emptied
        self._called: dict[ConversationId, tuple[str, str]] = {}  # title, and all that it is found by
        self._words: dict[ConversationId, list[str]] = {}  # of it, folded when somebody first searches

    def load(self) -> None:
        """Every row, the newest with what was said last; `preview_the_rest` follows with that of the others."""
        stored = self._desk.store.conversations.list()
        at_hand = self._at_hand()
        rest = [one for one in stored[_AT_ONCE:] if one.summary]
        rows = [self.summary(one, at_hand) for one in self._caught_up(stored[:_AT_ONCE])]
        rows += [self._row_of(one, "", at_hand) for one in rest]
        self._unpreviewed = [one.id for one in rest]
        self._behind = [one.id for one in stored[_AT_ONCE:] if not one.summary]
        self._desk.emit(ConversationsLoaded(tuple(rows)))
        if self._behind:
            self._desk.emit(NoticeRaised(notices.CATCHING_UP))

    async def catch_up(self) -> None:
        """An update of the program that knows more of a conversation leaves its summary empty. To reduce one takes some
        milliseconds, so thousands take their turn beside the day's work. A crash or a lock repeats none."""
        at_hand = self._at_hand()
        while self._behind:
            ids, self._behind = self._behind[:_SLICE], self._behind[_SLICE:]
            found = (self._desk.store.conversations.get(id_) for id_ in ids)
            stored = self._caught_up([one for one in found if one is not None])
            self._desk.emit(ConversationsAdded(tuple(self.summary(one, at_hand) for one in stored)))
            await asyncio.sleep(_PAUSE)

    async def preview_the_rest(self) -> None:
        """To open a message takes a tenth of a millisecond: thousands of them would hold up who wants to begin."""
        while self._unpreviewed:
            ids, self._unpreviewed = self._unpreviewed[:_STEP], self._unpreviewed[_STEP:]
            self._desk.emit(PreviewsLoaded(tuple((id_, self._preview(id_)) for id_ in ids)))
            await asyncio.sleep(_PAUSE)

    def _at_hand(self) -> _AtHand:
        return _AtHand(cache(self._membership.name_of), self._desk.store.invitations.reasons())

    def tell(self, conversation: ConversationId) -> None:
        stored = self._desk.store.conversations.get(conversation)
        if stored is not None:
            self._desk.emit(ConversationChanged(self.summary(stored)))

    def summary(self, stored: Conversation, at_hand: _AtHand | None = None) -> ConversationRow:
        return self._row_of(stored, self._preview(stored.id), at_hand)

    def _row_of(self, stored: Conversation, preview: str, at_hand: _AtHand | None = None) -> ConversationRow:
        """`at_hand` saves asking the store for each of many rows."""
        state = self._state_of(stored)
        title = self._title(stored, state)
        reason = (state.reason or self._reason(stored, at_hand)) if state.level >= 2 else ""
        name_of = at_hand.name_of if at_hand else self._membership.name_of
        self._called[stored.id] = title, " ".join((title, reason, *state.tags))
        self._words.pop(stored.id, None)
        return ConversationRow(
            conversation=stored.id,
            title=title,
            level=state.level,
            status=Status(state.status),
            holder=name_of(state.holder) if state.holder else "",
            mine=state.holder == self._desk.local.device,
            unread=stored.unread,
            waiting_since=stored.waiting_since,
            preview=preview,
            time=stored.last_time or stored.opened,
            identifiers=tuple((i.kind, i.value) for i in state.identifiers),
            safety_number=" ".join(safety_number(self._membership.roster.clinic, stored.patient)),
            warning=_warning(state),
            tags=state.tags,
            team=self._membership.team_name(state.team) if state.status == "waiting" else "",
            outcome=state.outcome,
            guardian=state.guardian if state.level >= 2 else "",
            relation=state.relation if state.level >= 2 else "",
            hold=(state.hold_reason or Sentence("On hold")) if state.on_hold else "",
            blocked=state.is_blocked,
            mentioned=bool(stored.unread) and self._names_us(stored.id),
            reason=reason,
        )

    def _names_us(self, conversation: ConversationId) -> bool:
        """In a note that is still to be read."""
        notes = map(event_of, self._desk.store.events.unread(conversation, "note"))
        own = self._membership.name_of(self._desk.local.device)
        return any(isinstance(said, Note) and mentions.names(said.text, own) for said in notes)

    def title(self, conversation: bytes) -> str:
        """As the list has it."""
        return self._called.get(ConversationId(conversation), ("", ""))[0]

    def called(self, beginnings: Sequence[str]) -> tuple[ConversationId, ...]:
        """The conversations whose title, tags and reason have, for each of these folded words, one that begins so."""
        return tuple(
            id_
            for id_ in self._called
            if all(any(word.startswith(one) for word in self._named(id_)) for one in beginnings)
        )

    def _named(self, conversation: ConversationId) -> list[str]:
        if conversation not in self._words:
            self._words[conversation] = words(self._called[conversation][1])
        return self._words[conversation]

    def _title(self, stored: Conversation, state: State) -> str:
        """Names stay hidden until the patient has been checked: minimum necessary, and no name on a stranger."""
        if state.level >= 2:
            return state.name or PATIENT
        mark = stored.id[:2].hex()
        if state.level == 1:
            return Sentence("Invited patient {mark}", mark=mark)
        return Sentence("Visitor {mark}", mark=mark)

    def _reason(self, stored: Conversation, at_hand: _AtHand | None) -> str:
        """Of an invitation that was checked here before checkers told the team."""
        if at_hand is None:
            return self._desk.store.invitations.reason_for(stored.patient)
        return at_hand.reasons.get(stored.patient.hex(), "")

    def _preview(self, conversation: ConversationId) -> str:
        """The newest thing that somebody said. What somebody did stands in the transcript, and in the row's state."""
        content = self._desk.store.conversations.last_said(conversation)
        return "" if content is None else wording.preview(decode(content, Content).event, PREVIEW)


def _warning(state: State) -> str:
    if state.is_blocked:
        return Sentence("This patient's device is blocked. Nothing is sent to it.")
    if state.forks:
        return Sentence("Somebody signed two different messages in one place. Tell your administrator.")
    if state.gaps:
        return Sentence("Messages are missing here. They may still arrive.")
    return ""
