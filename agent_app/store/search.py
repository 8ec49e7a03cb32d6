"""Which messages hold which words: docs/decisions/040-search-index.md.

The index stands in the encrypted file. It holds words and the positions of messages, and no text: that stays sealed
under the message's own key. What is removed is overwritten in the transaction of what it follows. Between its pages the
index keeps separators, which may begin as a removed word did: `settle` writes them anew, a slice at a time.
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
_REMOVED, _ROUND = 1, 2  # something was removed since the index was last written anew; that has begun
SLICE = 16  # pages of 4 KiB: some milliseconds, with their commit

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
            self._settings.set_number(_UNSETTLED, _REMOVED)

    @property
    def is_settled(self) -> bool:
        return not self._settings.number(_UNSETTLED)

    def settle(self) -> bool:
        """Writes one slice of the index anew; True once nothing of what was removed is left between its pages.

        Each slice is a commit of its own, so whoever is killed between two goes on with the next. What is removed
        meanwhile may have been written already, and begins another round.
        """
        stage = self._settings.number(_UNSETTLED)
        if stage == _REMOVED:
            self._begin_round()
        elif stage == _ROUND and not self._merge(SLICE):
            self._settings.set_number(_UNSETTLED, 0)
        return self.is_settled

    def _begin_round(self) -> None:
        """All parts of the index become one. Of a single part FTS5 would make nothing new, so it is given a second."""
        self._database.insert("search", {"search": "usermerge", "rank": 2})  # no part is left out for being alone
        self._database.insert("search", {"rowid": 0, "words": "settled"})
        self._merge(-SLICE)
        self._database.insert("search", {"search": "delete", "rowid": 0, "words": "settled"})
        self._settings.set_number(_UNSETTLED, _ROUND)

    def _merge(self, pages: int) -> bool:
        """Writes about so many pages; a negative number begins with all parts. Whether there was anything to do: FTS5
        says so by more than one change (https://sqlite.org/fts5.html#the_merge_command)."""
        return self._database.insert("search", {"search": "merge", "rank": pages}) > 1


def _words(kind: str, content: bytes) -> str:
    """Folded words, parted by spaces; none of what has none or cannot be read."""
    if kind not in KINDS:
        return ""
    try:
        return " ".join(words(said(decode(content, Content).event)))
    except ProtocolError:
        return ""
