"""Search as somebody types, over every conversation that this device holds: docs/decisions/040-search-index.md."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from agent_app.engine import commands
from agent_app.engine.conversations import Conversations
from agent_app.engine.desk import Desk
from agent_app.engine.events import Hit, SearchFound
from agent_app.protocol.content import Content
from agent_app.protocol.encoding import decode
from agent_app.protocol.keys import ConversationId
from agent_app.store.events import StoredEvent
from agent_app.store.folding import mark, words
from agent_app.store.search import said

HITS = 40  # in one answer
_ROUNDS = 10  # through as many again, for an answer that has any
_BEFORE, _LONGEST = 30, 110  # characters of an excerpt before its first mark, and in all
_NEWEST = 2**62


class Searching:
    """Lives on the engine's thread. That somebody searches is audited, what they look for is not."""

    def __init__(self, desk: Desk, conversations: Conversations) -> None:
        self._desk = desk
        self._conversations = conversations
        self._under_way = False
        self.methods: dict[type, Callable[[Any], Awaitable[None]]] = {commands.Search: self._search}

    async def _search(self, command: commands.Search) -> None:
        asked = words(command.text)
        if not asked:
            self._under_way = False
            self._desk.emit(SearchFound(command.number, (), (), command.before, more=False))
            return
        if not self._under_way:
            self._under_way = True
            with self._desk.work() as work:
                work.record("search")
        events, reached = self._find(asked, command.before or _NEWEST)
        hits = tuple(self._hit(event, asked) for event in events)
        named = () if command.before else self._conversations.inbox.called(asked)
        self._desk.emit(SearchFound(command.number, named, hits, command.before, more=bool(reached), reached=reached))

    def _find(self, asked: list[str], before: int) -> tuple[list[StoredEvent], int]:
        """The next that may be read, and the position to go on from; 0 where there is no more.

        A blocked device's messages must not make it look as if nothing were found, nor keep this thread for long.
        """
        events: list[StoredEvent] = []
        for _ in range(_ROUNDS):
            found = self._desk.store.search.find(asked, before, HITS + 1)
            events = self._readable(self._desk.store.events.at_positions(found[:HITS]))
            if len(found) <= HITS:
                return events, 0
            before = found[HITS - 1]
            if events:
                break
        return events, before

    def _readable(self, events: Iterable[StoredEvent]) -> list[StoredEvent]:
        """Without what a blocked device wrote after it was blocked: it may be a thief who writes there."""
        blocked: dict[ConversationId, tuple[bytes, int] | None] = {}
        readable = []
        for event in events:
            if event.conversation is None:
                continue
            if event.conversation not in blocked:
                blocked[event.conversation] = self._blocked(event.conversation)
            block = blocked[event.conversation]
            if block is None or event.author != block[0] or event.position < block[1]:
                readable.append(event)
        return readable

    def _blocked(self, conversation: ConversationId) -> tuple[bytes, int] | None:
        """The patient's device and where its block stands; None where it is not blocked."""
        rooms = self._desk.store.conversations
        stored = rooms.get(conversation)
        if stored is None or not self._conversations.state(stored).is_blocked:
            return None
        return stored.patient, rooms.blocked_at(conversation)

    def _hit(self, event: StoredEvent, asked: list[str]) -> Hit:
        """Less than a row of the transcript: its receipts alone would cost more than the search."""
        excerpt, marks = _excerpt(said(decode(event.content or b"", Content).event), asked)
        return Hit(
            conversation=event.conversation or b"",
            position=event.position,
            note=event.kind == "note",
            author=self._conversations.transcript.author(event),
            mine=event.author == self._desk.local.device,
            by_patient=self._conversations.transcript.by_patient(event),
            time=event.time,
            title=self._conversations.inbox.title(event.conversation or b""),
            excerpt=excerpt,
            marks=marks,
        )


def _excerpt(text: str, asked: list[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The part around the first word that was found, and where the found words stand in it: (start, end)."""
    marks = mark(text, asked)
    first = marks[0][0] if marks else 0
    start = max(first - _BEFORE, 0)
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    end = min(start + _LONGEST, len(text))
    lead = "…" if start else ""
    shift = len(lead) - start
    inside = tuple((a + shift, b + shift) for a, b in marks if b <= end)
    return f"{lead}{text[start:end]}{'…' if end < len(text) else ''}", inside
