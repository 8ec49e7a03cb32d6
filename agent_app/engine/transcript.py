"""A conversation's messages as the window shows them: one row each, a window of rows at a time."""

from collections.abc import Iterable

from agent_app.engine import mentions, wording
from agent_app.engine.delivery import Deliveries
from agent_app.engine.desk import Desk, Work
from agent_app.engine.events import Delivery, FileRow, MessageAdded, MessageChanged, MessageRow, TranscriptLoaded
from agent_app.engine.membership import Membership
from agent_app.engine.sentence import Sentence, counted
from agent_app.engine.wording import PATIENT
from agent_app.protocol.content import read
from agent_app.protocol.events import Assign, Event, File, HandOver, Note, SignedContent, Text, Transfer
from agent_app.protocol.keys import ConversationId, MessageHash
from agent_app.store.events import Prominence, Standing, StoredEvent

_FIRST = 200  # rows


class Transcript:
    """Owns nothing: each row is read from the store."""

    def __init__(self, desk: Desk, membership: Membership) -> None:
        self._desk = desk
        self._membership = membership
        self._deliveries = Deliveries(desk, membership)

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

    def added(self, work: Work, hashes: Iterable[MessageHash]) -> None:
        """The window, of events that are stored, and of those beside them whose gap they close."""
        for event in filter(None, map(self._desk.store.events.by_hash, hashes)):
            if event.prominence > Prominence.HIDDEN:
                work.tell(MessageAdded(self.row(event)))
            for other in self._desk.store.events.beside(event):
                work.tell(MessageChanged(self.row(other)))

    def moved(self, hash_: bytes) -> None:
        """An own message has come further, or was read."""
        event = self._desk.store.events.by_hash(MessageHash(hash_))
        if event is not None and event.conversation is not None and event.prominence > Prominence.HIDDEN:
            self._desk.emit(MessageChanged(self.row(event)))

    def row(self, event: StoredEvent) -> MessageRow:
        said = event_of(event)
        mine = event.author == self._desk.local.device
        copies = self._deliveries.copies(event) if mine else []
        text = self._text(event, said)
        return MessageRow(
            conversation=event.conversation or b"",
            message=event.message,
            position=event.position,
            kind=_kind(event, said),
            author=self.author(event),
            mine=mine,
            time=event.time,
            delivery=self._deliveries.how_far(event, copies) if mine else Delivery.RECEIVED,
            text=text,
            file=FileRow(said.name, said.media_type, said.size) if isinstance(said, File) else None,
            receipts=self._deliveries.receipts(event, copies),
            by_patient=self.by_patient(event),
            doubt=self._doubt(event),
            mentions=self._mentions(text) if isinstance(said, Note) and type(text) is str else (),
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
            named = self._membership.team_name(said.team) or Sentence("a team that there is no more")
        text = wording.spoken(said) or wording.happened(said, self.author(event), named)
        if event.standing is Standing.QUARANTINED:
            return Sentence("[From a device that was revoked, and arrived after: not counted] {text}", text=text)
        return text


def event_of(event: StoredEvent) -> Event:
    """What it says. Of a retracted message only the kind is left: enough for its place in the order."""
    if event.content is None or event.signature is None:
        return Note("") if event.kind in ("note", "history") else Text("")
    return read(SignedContent(event.content, event.signature)).event


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
