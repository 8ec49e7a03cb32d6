"""The search over everything: one field, and what was found in place of the inbox while there is something in it."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from agent_app.ui.models.conversations import ConversationModel
from agent_app.ui.models.search import SearchModel
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import column, framed
from agent_app.ui.views.empty_list import EmptyList
from agent_app.ui.views.search_results import SearchResults

_PAUSE = 80  # milliseconds between keys after which the question is asked
_LONGEST = 200  # characters


class SearchBox(QFrame):
    """Lives on Qt's thread. `found` is shown by whoever lays this out. Signal: `begun`, with whether a search is on."""

    begun = Signal(bool)

    def __init__(self, theme: Theme, conversations: ConversationModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchBox")
        self.model = SearchModel(conversations, self)
        self.results = SearchResults(theme, self.model)
        self._nothing = EmptyList("search")
        self._field = self._make_field()
        layout = column(self._nothing, spacing=0)
        layout.addWidget(self.results, 1)
        self.found = framed("searchFound", layout)
        self.found.hide()
        self.setLayout(column(self._field, margins=(16, 0, 16, 0)))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._ask)
        self.model.answered.connect(self._on_answered)
        self.results.installEventFilter(self)

    def focus(self) -> None:
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down leads from the field into the results, Enter opens the first, Escape ends the search from either."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        first = self.model.first()
        if event.key() == Qt.Key.Key_Escape and self._field.text():
            self._field.clear()
            self._field.setFocus()
        elif watched is self._field and event.key() == Qt.Key.Key_Down and first.isValid():
            self.results.setFocus(Qt.FocusReason.TabFocusReason)
            self.results.setCurrentIndex(first)
        elif watched is self._field and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and first.isValid():
            self.results.choose(first)
        else:
            return False
        return True

    def _make_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("conversationSearch")
        field.setPlaceholderText(self.tr("Search everything (Ctrl+F)"))
        field.setAccessibleName(self.tr("Search conversations and messages"))
        field.setClearButtonEnabled(True)
        field.setMaxLength(_LONGEST)
        field.textChanged.connect(self._on_typed)
        field.installEventFilter(self)
        return field

    def _on_typed(self, text: str) -> None:
        on = bool(text.strip())
        if on:
            self._pause.start()
        else:
            self._ask()
        if on == self.found.isHidden():
            self._show(searching=on)

    def _show(self, *, searching: bool) -> None:
        self._nothing.hide()
        self.results.setVisible(searching)
        self.found.setVisible(searching)
        self.begun.emit(searching)

    def _ask(self) -> None:
        self._pause.stop()
        self.model.ask(self._field.text())

    def _on_answered(self) -> None:
        nothing = not self.model.rowCount()
        self.results.setHidden(nothing)
        self._nothing.setVisible(nothing)
        if nothing:
            self._nothing.say(
                self.tr("Nothing has these words."),
                self.tr("Words are found by how they begin. Try fewer letters, or one word."),
            )
