"""What a search found: the conversations that are called so, then the messages that say so, the newest first."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from agent_app.engine.events import ConversationRow, Hit, SearchFound
from agent_app.ui import words
from agent_app.ui.models.conversations import ROW, ConversationModel

Index = QModelIndex | QPersistentModelIndex

MOST_CONVERSATIONS = 50  # shown of those that are called so; whoever types on sees the rest


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


Entry = Heading | ConversationRow | Hit


class SearchModel(QAbstractListModel):
    """Lives on Qt's thread. An answer to a question that was overtaken changes nothing.

    Signals: `asked` with (text, number, before) for the engine; `answered` when what is shown is the latest answer.
    """

    asked = Signal(str, int, object)
    answered = Signal()

    def __init__(self, conversations: ConversationModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._conversations = conversations
        self._entries: list[Entry] = []
        self._text, self._number = "", 0
        self._more = 0  # what to ask for next, 0 for no more
        self._waits_for_more = False

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _shown(entry)
            case Qt.ItemDataRole.AccessibleTextRole:
                return _spoken(entry)
            case _ if role == ROW:
                return entry
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading is passed over by the arrow keys."""
        heading = index.isValid() and isinstance(self._entries[index.row()], Heading)
        return Qt.ItemFlag.ItemNeverHasChildren if heading else super().flags(index)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and bool(self._more) and not self._waits_for_more

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._waits_for_more = True
            self.asked.emit(self._text, self._number, self._more)

    def first(self) -> QModelIndex:
        """The first entry that can be opened; invalid where nothing was found."""
        places = (place for place, entry in enumerate(self._entries) if not isinstance(entry, Heading))
        return self.index(next(places, -1))

    def ask(self, text: str) -> None:
        """An empty text ends the search."""
        self._text, self._number = text, self._number + 1
        if not text.strip():
            self._replace([], 0)
        self.asked.emit(text, self._number, 0)

    def receive(self, found: SearchFound) -> None:
        if found.number != self._number or not self._text.strip():
            return
        more = found.reached if found.more else 0
        if found.before:
            self._append(found, more)
            return
        rows = [row for id_ in found.conversations if (row := self._conversations.find(id_)) is not None]
        rows = sorted(rows, key=lambda row: -row.time)[:MOST_CONVERSATIONS]
        people: list[Entry] = [Heading(self.tr("Conversations")), *rows] if rows else []
        said: list[Entry] = [Heading(self.tr("Messages")), *found.hits] if found.hits else []
        self._replace([*people, *said], more)
        self.answered.emit()

    def _append(self, found: SearchFound, more: int) -> None:
        self._more, self._waits_for_more = more, False
        if found.hits:
            first = len(self._entries)
            self.beginInsertRows(QModelIndex(), first, first + len(found.hits) - 1)
            self._entries += found.hits
            self.endInsertRows()

    def _replace(self, entries: list[Entry], more: int) -> None:
        self.beginResetModel()
        self._entries, self._more, self._waits_for_more = entries, more, False
        self.endResetModel()


def _shown(entry: Entry) -> str:
    match entry:
        case Heading(text):
            return text
        case Hit():
            return words.in_line(entry.excerpt)
    return words.one_line(entry.title)


def _spoken(entry: Entry) -> str:
    match entry:
        case Heading(text):
            return text
        case Hit():
            return words.spoken_hit(entry)
    return words.spoken_conversation(entry)
