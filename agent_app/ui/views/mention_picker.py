"""Colleagues while somebody writes a note: they open with an @, and whoever is named is told."""

import re
from collections.abc import Iterable

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from agent_app.ui import words
from agent_app.ui.folding import folded
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import column
from agent_app.ui.views.editor import Editor
from agent_app.ui.views.inline_picker import InlinePicker

_AT = re.compile(r"(?:^|\s)(@\w*(?: \w*)?)$")  # names have spaces


class ColleagueModel(QAbstractListModel):
    """Those whose name, or a word of it, begins with what was typed."""

    def __init__(self) -> None:
        super().__init__()
        self._names: list[str] = []
        self._shown: list[str] = []

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        spoken = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        return self._shown[index.row()] if index.isValid() and spoken else None

    def load(self, names: Iterable[str]) -> None:
        """A person with two devices is one to talk to."""
        self._names = sorted({words.one_line(name) for name in names}, key=str.casefold)

    def narrow(self, typed: str) -> None:
        wanted = folded(typed)
        self.beginResetModel()
        self._shown = [name for name in self._names if any(part.startswith(wanted) for part in _ends(name))]
        self.endResetModel()


class MentionPicker(InlinePicker):
    """`opened` is for others to `load` who there is. To a patient an @ means nothing."""

    def __init__(self, theme: Theme, editor: Editor) -> None:
        self._colleagues = ColleagueModel()
        self.in_note = False
        super().__init__(theme, editor, self._colleagues, _AT, "mention")
        self._list.setAccessibleName(self.tr("Colleagues"))
        self.setLayout(column(self._list, margins=(4, 2, 4, 6)))

    def load(self, names: Iterable[str]) -> None:
        self._colleagues.load(names)
        typed = self._typed()
        if typed is not None and not self._dismissed:
            self.narrow(typed)
            self.setVisible(self._colleagues.rowCount() > 0)
            self.show_rows()

    def narrow(self, typed: str) -> None:
        self._colleagues.narrow(typed[1:])

    def text(self, index: QModelIndex) -> str:
        return f"@{index.data()} "

    def _typed(self) -> str | None:
        return super()._typed() if self.in_note else None


def _ends(name: str) -> Iterable[str]:
    """The name from each of its words on."""
    parts = folded(name).split()
    return (" ".join(parts[at:]) for at in range(len(parts)))
