"""The conversation list, and what of it is shown."""

from enum import StrEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)

from agent_app.engine.events import ConversationRow, Status
from agent_app.ui import words

Index = QModelIndex | QPersistentModelIndex

ROW = Qt.ItemDataRole.UserRole + 1
TIME = Qt.ItemDataRole.UserRole + 2


class ConversationModel(QAbstractListModel):
    """Every conversation this device knows, one row each; it changes only as the engine's events say.

    Lives on Qt's thread. `counts_changed` is raised whenever a tab's count may differ.
    """

    counts_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ConversationRow] = []
        self._places: dict[bytes, int] = {}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return words.one_line(row.title)
            case Qt.ItemDataRole.AccessibleTextRole:
                return words.spoken_conversation(row)
            case _ if role == ROW:
                return row
            case _ if role == TIME:
                return row.time
        return None

    def load(self, rows: tuple[ConversationRow, ...]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self._places = {row.conversation: place for place, row in enumerate(self._rows)}
        self.endResetModel()
        self.counts_changed.emit()

    def change(self, row: ConversationRow) -> None:
        """Replaces the conversation's row, or adds it."""
        place = self._places.get(row.conversation)
        if place is None:
            place = len(self._rows)
            self.beginInsertRows(QModelIndex(), place, place)
            self._rows.append(row)
            self._places[row.conversation] = place
            self.endInsertRows()
        else:
            self._rows[place] = row
            self.dataChanged.emit(self.index(place), self.index(place))
        self.counts_changed.emit()

    def find(self, conversation: bytes) -> ConversationRow | None:
        place = self._places.get(conversation)
        return None if place is None else self._rows[place]

    def place(self, conversation: bytes) -> QModelIndex:
        """The conversation's index; invalid where it is not known."""
        place = self._places.get(conversation)
        return QModelIndex() if place is None else self.index(place)

    def count(self, tab: "Tab") -> int:
        return sum(shows(tab, row) for row in self._rows)


class Tab(StrEnum):
    """The part of the list that somebody looks at."""

    OPEN = "open"
    WAITING = "waiting"
    MINE = "mine"
    CLOSED = "closed"


def shows(tab: Tab, row: ConversationRow) -> bool:
    closed = row.status in (Status.CLOSED, Status.ENDED)
    match tab:
        case Tab.OPEN:
            return not closed
        case Tab.WAITING:
            return row.status is Status.WAITING
        case Tab.MINE:
            return row.mine and not closed
        case Tab.CLOSED:
            return closed


class ConversationFilter(QSortFilterProxyModel):
    """One tab of the list, newest first, narrowed by words somebody typed. Lives on Qt's thread."""

    def __init__(self, model: ConversationModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._tab = Tab.OPEN
        self._words: list[str] = []
        self.setSourceModel(model)
        self.setSortRole(TIME)
        self.sort(0, Qt.SortOrder.DescendingOrder)

    def choose(self, tab: Tab) -> None:
        self.beginFilterChange()
        self._tab = tab
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def search(self, text: str) -> None:
        self.beginFilterChange()
        self._words = text.casefold().split()
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        row = self._model.data(self._model.index(source_row), ROW)
        if not isinstance(row, ConversationRow) or not shows(self._tab, row):
            return False
        said = f"{row.title} {row.holder} {row.preview}".casefold()
        return all(word in said for word in self._words)
