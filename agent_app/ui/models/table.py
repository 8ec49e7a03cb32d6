"""Rows of plain text as a table, each with a key; narrowed to those that have some words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from agent_app.ui import words

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Line:
    key: object
    cells: tuple[str, ...]


class TableModel(QAbstractTableModel):
    """Lives on Qt's thread."""

    def __init__(self, heads: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads = tuple(heads)
        self._all: tuple[Line, ...] = ()
        self._shown: tuple[Line, ...] = ()
        self._sought = ""

    def load(self, lines: Iterable[Line]) -> None:
        self._all = tuple(Line(line.key, tuple(map(words.one_line, line.cells))) for line in lines)
        self._choose()

    def narrow(self, sought: str) -> None:
        """To lines that have each of the words, in whatever cell."""
        self._sought = sought
        self._choose()

    def key(self, row: int) -> object:
        """None where there is no such row."""
        return self._shown[row].key if 0 <= row < len(self._shown) else None

    def row(self, key: object) -> int:
        """-1 where it is not shown."""
        return next((place for place, line in enumerate(self._shown) if line.key == key), -1)

    def _choose(self) -> None:
        sought = self._sought.casefold().split()
        self.beginResetModel()
        self._shown = tuple(
            line for line in self._all if all(word in " ".join(line.cells).casefold() for word in sought)
        )
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        across = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._heads[section] if across and 0 <= section < len(self._heads) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return self._shown[index.row()].cells[index.column()]
