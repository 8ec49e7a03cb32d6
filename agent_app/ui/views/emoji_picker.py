"""Emoji while somebody writes: they open with a colon and the first letters of a name, in English or Spanish."""

import re

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from agent_app.ui.folding import folded
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import column
from agent_app.ui.views.editor import Editor
from agent_app.ui.views.inline_picker import InlinePicker

_COLON = re.compile(r"(?:^|\s)(:[^\W\d_]*)$")
EMOJI = (  # what a front desk has a use for
    ("🙂", "smile", "sonrisa"),
    ("😀", "happy", "alegre"),
    ("😊", "blush", "contento"),
    ("😉", "wink", "guiño"),
    ("😅", "relieved", "alivio"),
    ("😟", "worried", "preocupado"),
    ("🙏", "thanks", "gracias"),
    ("👍", "ok", "bien"),
    ("👋", "wave", "saludo"),
    ("👏", "clap", "aplauso"),
    ("💐", "flowers", "flores"),
    ("🎉", "party", "fiesta"),
    ("❤️", "heart", "corazón"),
    ("✅", "done", "hecho"),
    ("❗", "important", "importante"),
    ("❓", "question", "pregunta"),
    ("📅", "date", "fecha"),
    ("⏰", "time", "hora"),
    ("⏳", "wait", "espera"),
    ("📞", "call", "llamada"),
    ("✉️", "letter", "carta"),
    ("📎", "attachment", "adjunto"),
    ("📷", "photo", "foto"),
    ("📝", "form", "formulario"),
    ("📍", "place", "lugar"),
    ("🏥", "clinic", "clínica"),
    ("🚗", "car", "coche"),
    ("🅿️", "parking", "aparcamiento"),
    ("♿", "accessible", "accesible"),
    ("☀️", "sun", "sol"),
    ("☕", "coffee", "café"),
    ("🌙", "night", "noche"),
)


class EmojiModel(QAbstractListModel):
    """Those whose name in either language begins with what was typed."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = list(EMOJI)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        emoji, english, spanish = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{emoji}   {english} · {spanish}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{english}, {spanish}"
            case Qt.ItemDataRole.EditRole:
                return emoji
        return None

    def narrow(self, typed: str) -> None:
        self.beginResetModel()
        self._shown = [one for one in EMOJI if any(folded(name).startswith(folded(typed)) for name in one[1:])]
        self.endResetModel()


class EmojiPicker(InlinePicker):
    """A colon alone opens nothing, since people write colons; `begin` shows all."""

    def __init__(self, theme: Theme, editor: Editor) -> None:
        self._emoji = EmojiModel()
        super().__init__(theme, editor, self._emoji, _COLON, "emoji")
        self._all = False
        self._list.setAccessibleName(self.tr("Emoji"))
        self.setLayout(column(self._list, margins=(4, 2, 4, 6)))

    def begin(self, mark: str = ":") -> None:
        self._all = True
        super().begin(mark)

    def hideEvent(self, event: object) -> None:
        self._all = False
        super().hideEvent(event)  # type: ignore[arg-type]

    def narrow(self, typed: str) -> None:
        self._emoji.narrow(typed[1:] if len(typed) > 1 or self._all else "\0")

    def text(self, index: QModelIndex) -> str:
        return str(index.data(Qt.ItemDataRole.EditRole))
