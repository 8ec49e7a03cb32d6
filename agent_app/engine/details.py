"""What the patient pane shows of a conversation, and a readable copy of it."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from agent_app.engine import commands
from agent_app.engine.conversations import Conversations
from agent_app.engine.copies import write_copy
from agent_app.engine.desk import Desk
from agent_app.engine.earlier import are_same
from agent_app.engine.events import (
    ConversationCopied,
    ConversationExported,
    ConversationRow,
    CustodyLoaded,
    DetailsLoaded,
    Happening,
    MessageRow,
    Notice,
    PatientDevice,
    Severity,
)
from agent_app.engine.membership import Membership
from agent_app.engine.reviewing import entries
from agent_app.engine.sentence import Sentence
from agent_app.engine.speech import Refused, Speech
from agent_app.protocol.conversation import Conversation as State
from agent_app.protocol.keys import MessageId
from agent_app.store.conversations import Conversation
from agent_app.store.events import StoredEvent
from agent_app.transparency.roster import SENIOR

_KNOWN = 2  # the level from which on names are shown
_CHECKS = ("verdict", "checked", "block")
_GONE = Notice(Severity.WARNING, "This message is not here.", "It may have been deleted.", "Choose another one.")
_STEPS = {
    "queued": "It waits to be sent to {who}.",
    "accepted": "It is on the relay's disk for {who}.",
    "refused": "It was refused by the relay for {who}.",
    "delivered": "It was received by {who}.",
    "rejected": "It was rejected by {who}.",
    "read": "It was read by {who}.",
}


class Details:
    """`methods` names, for each command, who does it. Reads; what it writes is a copy, and the audit log's entry."""

    def __init__(self, desk: Desk, membership: Membership, conversations: Conversations, speech: Speech) -> None:
        self._desk = desk
        self._membership = membership
        self._conversations = conversations
        self._speech = speech
        self.methods: dict[type, Callable[[Any], Awaitable[None]]] = {
            commands.LoadDetails: self._load,
            commands.LoadCustody: self._load_custody,
            commands.ExportConversation: self._export,
            commands.CopyConversation: self._hand_out,
        }

    async def _load(self, command: commands.LoadDetails) -> None:
        stored = self._speech.stored(command.conversation)
        told = self._desk.store.events.shown_of_kinds(stored.id, (*_CHECKS, "file"))
        rows = [(event.kind, self._conversations.transcript.row(event)) for event in told]
        is_senior = self._membership.own_role() in SENIOR
        listed = [(one, self._conversations.state(one)) for one in self._desk.store.conversations.list()]
        states = [state for _, state in listed]
        self._desk.emit(
            DetailsLoaded(
                conversation=stored.id,
                checks=tuple(Happening(row.time, row.text) for kind, row in rows if kind in _CHECKS and row.text),
                files=tuple(row for _, row in rows if row.file is not None),
                device=stored.patient[:4].hex(),
                opened=stored.opened,
                retention_days=self._membership.roster.policy.retention_days,
                may_lift_hold=is_senior,
                may_retract_all=is_senior,
                known_tags=tuple(sorted({tag for state in states for tag in state.tags})),
                known_outcomes=tuple(sorted({state.outcome for state in states if state.outcome})),
                others=tuple(_others(stored, self._conversations.state(stored), listed)),
            )
        )

    def _shown(self, stored: Conversation) -> tuple[StoredEvent, ...]:
        return self._desk.store.events.newer(stored.id, 0, 100_000).events

    # Custody

    async def _load_custody(self, command: commands.LoadCustody) -> None:
        """This desk's receipts and its own audit log. What colleagues viewed stands in theirs, for the auditor."""
        event = self._desk.store.events.by_message_id(MessageId(command.message))
        if event is None or event.conversation is None:
            raise Refused(_GONE)
        steps = [*self._receipts(event), *await self._audited(event)]
        self._desk.emit(CustodyLoaded(command.message, tuple(sorted(steps, key=lambda step: step.time))))

    def _receipts(self, event: StoredEvent) -> Iterator[Happening]:
        yield Happening(event.time, Sentence("{who} wrote it.", who=self._conversations.transcript.author(event)))
        if event.author != self._desk.local.device:
            yield Happening(event.arrived, Sentence("It arrived at this desk."))
        for step, who, time in self._conversations.transcript.row(event).receipts:
            yield Happening(time, Sentence(_STEPS[step], who=who))

    async def _audited(self, event: StoredEvent) -> list[Happening]:
        told = []
        async for _, entry in entries(self._desk):
            if entry.conversation != event.conversation:
                continue
            names_it = event.hash.hex() in entry.arguments
            if entry.kind == "retract" and names_it:
                by_policy = Sentence("It was deleted at this desk by the clinic's retention.")
                by_hand = Sentence("It was deleted at this desk.")
                told.append(Happening(entry.time, by_policy if "retention" in entry.arguments else by_hand))
            elif entry.kind == "export" and (names_it or entry.arguments[:1] == ("conversation",)):
                told.append(Happening(entry.time, Sentence("It was exported at this desk.")))
            elif entry.kind == "print":
                told.append(Happening(entry.time, Sentence("It was printed at this desk.")))
            elif entry.kind == "view" and entry.time >= event.arrived and (names_it or not entry.arguments):
                told.append(Happening(entry.time, Sentence("It was viewed at this desk.")))
        return told

    # A copy

    async def _export(self, command: commands.ExportConversation) -> None:
        """Recorded before it is written: what was begun leaves a trace whatever comes between."""
        stored = self._speech.stored(command.conversation)
        text = self._copy(stored)
        with self._desk.work() as work:
            work.record("export", stored.id, "conversation")
        await write_copy(self._desk, command.path, text.encode())
        self._desk.emit(ConversationExported(stored.id, command.path))

    async def _hand_out(self, command: commands.CopyConversation) -> None:
        stored = self._speech.stored(command.conversation)
        text = self._copy(stored)
        with self._desk.work() as work:
            work.record(command.way, stored.id, "conversation")
            work.tell(ConversationCopied(stored.id, text))

    def _copy(self, stored: Conversation) -> str:
        rows = [self._conversations.transcript.row(event) for event in self._shown(stored)]
        return "\n".join(self._lines(self._conversations.inbox.summary(stored), rows)) + "\n"

    def _lines(self, row: ConversationRow, messages: list[MessageRow]) -> Iterator[str]:
        say, told = self._desk.say, self._desk.store.settings.name_of(self._desk.local.device)
        yield say(Sentence("{clinic}: conversation with {title}", clinic=self._membership.roster.name, title=row.title))
        yield say(Sentence("Safety number: {number}", number=row.safety_number))
        who, when = told.name if told else Sentence("this desk"), _when(self._desk.clock())
        yield say(Sentence("Copied {when} by {who}. Times are UTC.", when=when, who=who))
        yield say(Sentence("This copy holds what the team wrote among itself. It is not for the patient."))
        yield ""
        for message in messages:
            yield from self._message(message, row.title)

    def _message(self, message: MessageRow, title: str) -> Iterator[str]:
        say, when = self._desk.say, self._desk.say(_when(message.time))
        if message.kind == "event":
            yield f"{when}  -- {say(message.text)}"
            return
        who = say(title if message.by_patient else message.author)
        note = f" ({say(Sentence('internal note'))})" if message.kind == "note" else ""
        words = f"[{say(Sentence('deleted'))}]" if message.kind == "deleted" else say(message.text)
        file = f"[{say(Sentence('file: {name}', name=message.file.name))}] " if message.file is not None else ""
        # A line break in a message must not look like a line of this copy.
        yield f"{when}  {who}{note}: " + (file + words).replace("\n", "\n    ")


def _others(here: Conversation, state: State, listed: Iterable[tuple[Conversation, State]]) -> Iterator[PatientDevice]:
    """By what the team wrote down of both: until this one is checked, nothing is told of who else it may be."""
    if state.level < _KNOWN:
        return
    for stored, other in listed:
        if stored.patient != here.patient and are_same(state, other):
            yield PatientDevice(stored.id, stored.patient[:4].hex(), stored.opened, other.level, other.is_blocked)


def _when(time: int) -> str:
    try:
        return datetime.fromtimestamp(time / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return Sentence("at no known time")  # an author may claim any
