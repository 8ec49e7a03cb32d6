"""Entries of audit logs as a table: all of a period, or the exceptions alone."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from agent_app.engine.events import AuditRow
from agent_app.ui import words

Index = QModelIndex | QPersistentModelIndex


class AuditModel(QAbstractTableModel):
    """Lives on Qt's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[AuditRow, ...] = ()
        self._rows: tuple[AuditRow, ...] = ()
        self._only_exceptions = True
        self._heads = (
            self.tr("When"),
            self.tr("Desk"),
            self.tr("What"),
            self.tr("Conversation"),
            self.tr("Why it stands out"),
        )

    @property
    def exceptions(self) -> int:
        return sum(bool(row.exception) for row in self._all)

    def load(self, rows: tuple[AuditRow, ...]) -> None:
        self._all = rows
        self._choose()

    def show_only_exceptions(self, only: bool) -> None:
        self._only_exceptions = only
        self._choose()

    def _choose(self) -> None:
        self.beginResetModel()
        self._rows = tuple(row for row in self._all if row.exception or not self._only_exceptions)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        across = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._heads[section] if across and 0 <= section < len(self._heads) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self._rows[index.row()]
        told = (words.full_time(row.time), words.one_line(row.desk), row.text, row.conversation, row.exception)
        return told[index.column()]
