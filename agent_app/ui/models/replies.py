"""The canned replies that fit what was typed after the slash."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from agent_app.engine.events import ReplyRow
from agent_app.ui import words
from agent_app.ui.folding import folded
from agent_app.ui.language import Language

TEXT = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex


class ReplyModel(QAbstractListModel):
    """In one of two languages; a reply that has only the other is shown in that. Lives on Qt's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[ReplyRow, ...] = ()
        self._shown: list[ReplyRow] = []
        self._typed = ""
        self.language = Language.ENGLISH

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return words.one_line(row.title)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{words.one_line(row.title)}: {words.one_line(self._text(row))}"
            case _ if role == TEXT:
                return self._text(row)
        return None

    @property
    def is_empty(self) -> bool:
        """Whether there is none at all."""
        return not self._all

    def load(self, rows: tuple[ReplyRow, ...]) -> None:
        self._all = rows
        self._choose()

    def narrow(self, typed: str) -> None:
        self._typed = folded(typed)
        self._choose()

    def speak(self, language: Language) -> None:
        if language != self.language:
            self.language = language
            self._choose()

    def _choose(self) -> None:
        """Those whose title begins so come first, then those where it stands anywhere."""
        ranked = [(rank, row) for row in self._all if (rank := self._rank(row)) is not None]
        self.beginResetModel()
        self._shown = [row for _, row in sorted(ranked, key=lambda pair: pair[0])]
        self.endResetModel()

    def _rank(self, row: ReplyRow) -> int | None:
        title = folded(row.title)
        if title.startswith(self._typed):
            return 0
        if self._typed in title:
            return 1
        return 2 if self._typed in folded(f"{row.english} {row.spanish}") else None

    def _text(self, row: ReplyRow) -> str:
        texts = (row.english, row.spanish)
        return (texts[self.language is Language.SPANISH]) or texts[self.language is not Language.SPANISH]
