"""Which messages hold which words: docs/decisions/040-search-index.md.

The index stands in the encrypted file. It holds words and the positions of messages, and no text: that stays sealed
under the message's own key. What is removed is overwritten in the transaction of what it follows. Between its pages the
index keeps separators, which may begin as a removed word did: `settle` writes them anew.
"""

from collections.abc import Sequence

from agent_app.protocol.content import Content
from agent_app.protocol.encoding import decode
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.events import Event, File, Note, Text, Transfer
from agent_app.store.database import Database
from agent_app.store.folding import words
from agent_app.store.settings import Settings

KINDS = ("text", "file", "note", "transfer")
MOST_WORDS = 8  # of a query
_FROM = "search-from"  # what stands at this position or after it is in the index
_UNSETTLED = "search-unsettled"

_FOUND = """
    SELECT event.position FROM search JOIN events AS event ON event.position = search.rowid
    WHERE search MATCH ? AND search.rowid < ? AND event.conversation IS NOT NULL AND event.prominence > 0
        AND event.standing IN ('admitted', 'forked') AND event.retracted IS NULL
    ORDER BY search.rowid DESC LIMIT ?
"""


def said(event: Event) -> str:
    """What of an event is searched."""
    match event:
        case Text() | Note():
            return event.text
        case File():
            return f"{event.name} {event.caption}"
        case Transfer():
            return event.note
    return ""


class Search:
    """Reading is free; writing wants an open transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    def find(self, query: Sequence[str], before: int, limit: int) -> list[int]:
        """Positions of the messages that have, for each of these folded words, one that begins so; newest first."""
        if not query:
            return []
        match = " AND ".join(f'"{word}" *' for word in query[:MOST_WORDS])  # letters and digits: nothing to escape
        return [position for (position,) in self._database.rows(_FOUND, match, before, limit)]

    @property
    def begun(self) -> int:
        """The first position from which on everything is in the index."""
        return self._settings.number(_FROM, 1)

    def begin_at(self, position: int) -> None:
        self._settings.set_number(_FROM, position)

    def take_in(self, position: int, kind: str, content: bytes) -> None:
        if folded := _words(kind, content):
            self._database.insert("search", {"rowid": position, "words": folded})

    def remove(self, position: int, kind: str, content: bytes) -> None:
        """`content` is what was taken in: without it the index could not tell what to overwrite."""
        folded = _words(kind, content)
        if folded and position >= self.begun:
            self._database.insert("search", {"search": "delete", "rowid": position, "words": folded})
            self._settings.set_number(_UNSETTLED, 1)

    @property
    def is_settled(self) -> bool:
        return not self._settings.number(_UNSETTLED)

    def settle(self) -> None:
        """Writes all of the index anew. Measured: 0.2 s for 100,000 messages, and only after something was deleted."""
        self._database.insert("search", {"rowid": 0, "words": "settled"})  # a single part would be left as it is
        self._database.insert("search", {"search": "optimize"})
        self._database.insert("search", {"search": "delete", "rowid": 0, "words": "settled"})
        self._settings.set_number(_UNSETTLED, 0)


def _words(kind: str, content: bytes) -> str:
    """Folded words, parted by spaces; none of what has none or cannot be read."""
    if kind not in KINDS:
        return ""
    try:
        return " ".join(words(said(decode(content, Content).event)))
    except ProtocolError:
        return ""
