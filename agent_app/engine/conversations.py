"""Conversations as the window shows them: the reducer's state and the store's events, as rows."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import NamedTuple

from agent_app.engine import mentions, notices, wording
from agent_app.engine.desk import Desk, Work
from agent_app.engine.events import (
    ConversationChanged,
    ConversationRow,
    ConversationsAdded,
    ConversationsLoaded,
    Delivery,
    FileRow,
    MessageAdded,
    MessageChanged,
    MessageRow,
    NoticeRaised,
    PreviewsLoaded,
    Status,
    TranscriptLoaded,
)
from agent_app.engine.membership import Membership
from agent_app.engine.sentence import Sentence, counted
from agent_app.engine.writing import Links
from agent_app.protocol import conversation as reducer
from agent_app.protocol.content import Content, read
from agent_app.protocol.conversation import Entry
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.events import Assign, Event, File, HandOver, Note, Role, SignedContent, Text, Transfer
from agent_app.protocol.keys import ConversationId, DeviceId, MessageHash
from agent_app.protocol.receipt import Accepted, ReceiptPayload
from agent_app.protocol.safety_number import safety_number
from agent_app.store.conversations import Conversation
from agent_app.store.deliveries import Outgoing, Step
from agent_app.store.events import Prominence, Standing, StoredEvent
from agent_app.store.folding import words

PATIENT = Sentence("Patient")
PREVIEW = 80  # characters
_FIRST = 200  # rows
_AT_ONCE = 60  # rows whose preview is loaded with the list: more than any window shows
_STEP, _PAUSE = 100, 0.01  # previews at a time, and seconds for everybody else between them
_SLICE = 10  # conversations that are reduced anew at a time: some 20 ms


class _AtHand(NamedTuple):
    """What rows need of others than themselves."""

    name_of: Callable[[DeviceId], str]
    reasons: dict[str, str]


class Conversations:
    """Keeps the reducer's entries of conversations that were asked for, so that a message costs no replay."""

    def __init__(self, desk: Desk, membership: Membership) -> None:
        self._desk = desk
        self._membership = membership
        self._entries: dict[bytes, dict[MessageHash, Entry]] = {}
        self._unpreviewed: list[ConversationId] = []
        self._behind: list[ConversationId] = []  # whose summary an update of the program has emptied
        self.changes = 0  # grows with each change of any conversation's state
        self._called: dict[ConversationId, tuple[str, str]] = {}  # title, and all that it is found by
        self._words: dict[ConversationId, list[str]] = {}  # of it, folded when somebody first searches
        self.checkers_of: Callable[[DeviceId], tuple[DeviceId, ...] | None] = lambda patient: None
        self.reduced: Callable[[Work, DeviceId], None] = lambda work, patient: None

    # State

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
        self.tell_added(work, [hash_])

    def tell_added(self, work: Work, hashes: Iterable[MessageHash]) -> None:
        """The window, of events that are stored, and of those beside them whose gap they close."""
        for event in filter(None, map(self._desk.store.events.by_hash, hashes)):
            if event.prominence > Prominence.HIDDEN:
                work.tell(MessageAdded(self.row(event)))
            for other in self._desk.store.events.beside(event):
                work.tell(MessageChanged(self.row(other)))

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
        work.afterwards(lambda: self.tell(conversation), about=conversation)

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
            event.clock, links.heads, self._event(event), "void" if role is None else _STANDINGS[event.standing],
        )  # fmt: skip

    def _role(self, conversation: Conversation | None, event: StoredEvent) -> Role | None:
        if conversation is not None and event.author == conversation.patient:
            return "patient"
        return self._membership.roster.role_at(event.author, event.log_size)

    def _event(self, event: StoredEvent) -> Event:
        """What it says. Of a retracted message only the kind is left: enough for its place in the order."""
        if event.content is None or event.signature is None:
            return Note("") if event.kind in ("note", "history") else Text("")
        return read(SignedContent(event.content, event.signature)).event

    # The list

    def load(self) -> None:
        """Every row, the newest with what was said last; `preview_the_rest` follows with that of the others."""
        stored = self._desk.store.conversations.list()
        at_hand = self._at_hand()
        rest = [one for one in stored[_AT_ONCE:] if one.summary]
        rows = [self.summary(one, at_hand) for one in self._caught_up(stored[:_AT_ONCE])]
        rows += [self._row_of(one, "", at_hand) for one in rest]
        self._unpreviewed = [one.id for one in rest]
        self._behind = [one.id for one in stored[_AT_ONCE:] if not one.summary]
        self.changes += 1
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
            self.changes += 1
            self._desk.emit(ConversationsAdded(tuple(self.summary(one, at_hand) for one in stored)))
            await asyncio.sleep(_PAUSE)

    async def preview_the_rest(self) -> None:
        """To open a message takes a tenth of a millisecond: thousands of them would hold up who wants to begin."""
        while self._unpreviewed:
            ids, self._unpreviewed = self._unpreviewed[:_STEP], self._unpreviewed[_STEP:]
            self._desk.emit(PreviewsLoaded(tuple((id_, self._preview(id_)) for id_ in ids)))
            await asyncio.sleep(_PAUSE)

    def _caught_up(self, stored: Sequence[Conversation]) -> list[Conversation]:
        """These, each with a summary."""
        if all(one.summary for one in stored):
            return list(stored)
        with self._desk.store.transaction():
            return [one if one.summary else self._summed_up(one) for one in stored]

    def _summed_up(self, stale: Conversation) -> Conversation:
        state = self._reduce(stale)
        self._desk.store.conversations.update(stale.id, state.status, encode(state))
        self.forget(stale.id)
        return self._desk.store.conversations.get(stale.id) or stale

    def _at_hand(self) -> _AtHand:
        return _AtHand(cache(self._membership.name_of), self._desk.store.invitations.reasons())

    def tell(self, conversation: ConversationId) -> None:
        stored = self._desk.store.conversations.get(conversation)
        if stored is not None:
            self._desk.emit(ConversationChanged(self.summary(stored)))

    def summary(self, stored: Conversation, at_hand: "_AtHand | None" = None) -> ConversationRow:
        return self._row_of(stored, self._preview(stored.id), at_hand)

    def _row_of(self, stored: Conversation, preview: str, at_hand: "_AtHand | None" = None) -> ConversationRow:
        """`at_hand` saves asking the store for each of many rows."""
        state = self.state(stored)
        title = self._title(stored, state)
        reason = self._reason(stored, at_hand) if state.level >= 2 else ""
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
            team=self.team_name(state.team) if state.status == "waiting" else "",
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
        notes = map(self._event, self._desk.store.events.unread(conversation, "note"))
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

    def team_name(self, team: bytes) -> str:
        """The clinic log holds no names: a team is called by its members'. "" where it has none any more."""
        return ", ".join(self._membership.name_of(member.id) for member in self._membership.roster.team(team))

    def _title(self, stored: Conversation, state: reducer.Conversation) -> str:
        """Names stay hidden until the patient has been checked: minimum necessary, and no name on a stranger."""
        if state.level >= 2:
            return state.name or PATIENT
        mark = stored.id[:2].hex()
        if state.level == 1:
            return Sentence("Invited patient {mark}", mark=mark)
        return Sentence("Visitor {mark}", mark=mark)

    def _reason(self, stored: Conversation, at_hand: "_AtHand | None") -> str:
        if at_hand is None:
            return self._desk.store.invitations.reason_for(stored.patient)
        return at_hand.reasons.get(stored.patient.hex(), "")

    def _preview(self, conversation: ConversationId) -> str:
        """The newest thing that somebody said. What somebody did stands in the transcript, and in the row's state."""
        content = self._desk.store.conversations.last_said(conversation)
        return "" if content is None else wording.preview(decode(content, Content).event, PREVIEW)

    # The transcript

    def show(self, conversation: ConversationId, target: int) -> None:
        """Around `target`, else around what is to be read, else the newest."""
        if target or self._desk.store.conversations.first_unread(conversation):
            self.around(conversation, target, _FIRST)
        else:
            self._tell_window(conversation, None, older=True, count=_FIRST)

    def around(self, conversation: ConversationId, target: int, count: int) -> None:
        """`target` 0 stands for the first message that was not read."""
        room, half = self._desk.store.events, min(count, 1_000) // 2
        unread = self._desk.store.conversations.first_unread(conversation)
        target = target or unread
        before, after = room.older(conversation, target, half), room.newer(conversation, target - 1, half)
        rows = tuple(self.row(event) for event in (*before.events, *after.events))
        self._desk.emit(TranscriptLoaded(conversation, rows, before.at_start, after.at_end, target, unread))

    def page(self, conversation: ConversationId, anchor: int, *, older: bool, count: int) -> None:
        self._tell_window(conversation, anchor, older=older, count=min(count, 1_000))

    def _tell_window(self, conversation: ConversationId, anchor: int | None, *, older: bool, count: int) -> None:
        room = self._desk.store.events
        if anchor is None:
            window = room.newest(conversation, count)
        else:
            window = (room.older if older else room.newer)(conversation, anchor, count)
        rows = tuple(self.row(event) for event in window.events)
        self._desk.emit(TranscriptLoaded(conversation, rows, window.at_start, window.at_end))

    def moved(self, hash_: bytes) -> None:
        """An own message has come further, or was read."""
        event = self._desk.store.events.by_hash(MessageHash(hash_))
        if event is not None and event.conversation is not None and event.prominence > Prominence.HIDDEN:
            self._desk.emit(MessageChanged(self.row(event)))

    def row(self, event: StoredEvent) -> MessageRow:
        said = self._event(event)
        mine = event.author == self._desk.local.device
        copies = self._latest_copies(event) if mine else []
        text = self._text(event, said)
        return MessageRow(
            conversation=event.conversation or b"",
            message=event.message,
            position=event.position,
            kind=_kind(event, said),
            author=self.author(event),
            mine=mine,
            time=event.time,
            delivery=self._delivery(event, copies) if mine else Delivery.RECEIVED,
            text=text,
            file=FileRow(said.name, said.media_type, said.size) if isinstance(said, File) else None,
            receipts=self._receipts(event, copies),
            by_patient=self.by_patient(event),
            doubt=self._doubt(event),
            mentions=self._mentions(text) if isinstance(said, Note) else (),
        )

    def _mentions(self, text: str) -> tuple[tuple[int, int], ...]:
        """Of whoever is in the clinic or was: the names of those who left stay on what was written."""
        members = self._membership.roster.members if "@" in text else ()
        return mentions.places(text, map(self._membership.name_of, members))

    def _doubt(self, event: StoredEvent) -> str:
        """What of its place is not as it should be. From an earlier conversation only a part was brought along."""
        stored = self._desk.store.conversations.of_stream(event.stream)
        if stored is None or stored.id != event.conversation:
            return ""
        if event.forked:
            return Sentence("Its author signed two different messages in this place. Tell your administrator.")
        missing, who = self._desk.store.events.missing_before(event), self.author(event)
        if not missing:
            return ""
        return counted(
            "A message of {who} from before this one is not on this desk.",
            "{count} messages of {who} from before this one are not here.",
            missing,
            who=who,
        )

    def author(self, event: StoredEvent) -> str:
        return PATIENT if self.by_patient(event) else self._membership.name_of(event.author)

    def by_patient(self, event: StoredEvent) -> bool:
        return self._membership.roster.member(event.author) is None

    def _text(self, event: StoredEvent, said: Event) -> str:
        if event.retracted is not None:
            return ""
        named = self._membership.name_of(said.device) if isinstance(said, Assign | Transfer) else ""
        if isinstance(said, HandOver):
            named = self.team_name(said.team) or "a team that there is no more"
        text = wording.spoken(said) or wording.happened(said, self.author(event), named)
        if event.standing is Standing.QUARANTINED:
            return f"[From a device that was revoked, and arrived after: not counted] {text}"
        return text

    # Delivery

    def _latest_copies(self, event: StoredEvent) -> list[Outgoing]:
        """The newest copy of each device: an earlier one was rejected and sent again. One that was sealed for a device
        which was revoked before it left counts for nothing."""
        rows = self._desk.store.outbox.of_message(event.hash)
        replaced = {row.envelope for row in rows if row.reason == "replaced"}
        copies = self._desk.store.deliveries.outgoing_of(event.hash)
        left = [copy for copy in copies if copy.step is not Step.QUEUED or copy.envelope not in replaced]
        return list({copy.device: copy for copy in left}.values())

    def _delivery(self, event: StoredEvent, copies: list[Outgoing]) -> Delivery:
        """Of a message to the patient, the patient's copy; of a note, the one that is least far."""
        stored = self._desk.store.conversations.of_stream(event.stream)
        if stored is not None and event.stream == stored.shared:
            if self._was_read(event, stored):
                return Delivery.READ
            copies = [copy for copy in copies if copy.device == stored.patient]
        rows = self._desk.store.outbox.of_message(event.hash)
        if any(row.state == "failed" and row.reason not in _NOT_LOST for row in rows):
            return Delivery.FAILED
        if not copies:
            # With nobody to send it to it is where it shall be; else somebody is still to be reached.
            return Delivery.QUEUED if rows else Delivery.DELIVERED
        return min((_STEPS[copy.step] for copy in copies), key=_ORDER.index)

    def _was_read(self, event: StoredEvent, stored: Conversation) -> bool:
        reads = self._desk.store.deliveries.reads(event.stream, event.author)
        return any(one.reader == stored.patient and one.sequence >= event.sequence for one in reads)

    def _receipts(self, event: StoredEvent, copies: Iterable[Outgoing]) -> tuple[tuple[str, str, int], ...]:
        """What the relay and each recipient signed, at the time that they put into it; else how far it is."""
        receipts = []
        for copy in copies:
            who = self._reader(copy.device)
            if copy.accepted is not None:
                receipts.append(("accepted", who, decode(copy.accepted, Accepted).time))
            if copy.payload is not None:
                receipts.append((copy.step.value, who, decode(copy.payload, ReceiptPayload).time))
            elif copy.accepted is None:
                receipts.append((copy.step.value, who, copy.changed))
        for one in self._desk.store.deliveries.reads(event.stream, event.author):
            if one.sequence >= event.sequence:
                receipts.append(("read", self._reader(one.reader), one.time))
        return tuple(receipts)

    def _reader(self, device: DeviceId) -> str:
        if self._membership.roster.member(device) is None:
            return PATIENT
        name = self._membership.name_of(device)
        # A receipt is no place to be taken for the patient.
        return Sentence("{name} (clinic)", name=name) if name == PATIENT else name


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
_NOT_LOST = ("replaced", "dormant", "nobody")
_ORDER = (Delivery.FAILED, Delivery.QUEUED, Delivery.ACCEPTED, Delivery.DELIVERED, Delivery.READ)
_STEPS = {
    Step.QUEUED: Delivery.QUEUED,
    Step.ACCEPTED: Delivery.ACCEPTED,
    Step.DELIVERED: Delivery.DELIVERED,
    Step.REFUSED: Delivery.FAILED,
    Step.REJECTED: Delivery.FAILED,
}


def _kind(event: StoredEvent, said: Event) -> str:
    if event.retracted is not None:
        return "deleted"
    match said:
        case Text():
            return "text"
        case File():
            return "file"
        case Note():
            return "note"
    return "event"


def _warning(state: reducer.Conversation) -> str:
    if state.is_blocked:
        return Sentence("This patient's device is blocked. Nothing is sent to it.")
    if state.forks:
        return Sentence("Somebody signed two different messages in one place. Tell your administrator.")
    if state.gaps:
        return Sentence("Messages are missing here. They may still arrive.")
    return ""
