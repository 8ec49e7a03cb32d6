"""Canned replies while somebody writes: they open with a slash."""

import re
from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QDate, QLocale, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent

from agent_app.engine.events import ReplyRow
from agent_app.ui.language import Language
from agent_app.ui.models.replies import TEXT, ReplyModel
from agent_app.ui.placeholders import fill
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import PlainLabel, button, column, row
from agent_app.ui.views.editor import Editor
from agent_app.ui.views.inline_picker import InlinePicker

_SLASH = re.compile(r"(?:^|\s)(/\S*)$")


class ReplyPicker(InlinePicker):
    """`opened` is for others to set what is `known` and `guessed`. Signal: `edit_wanted`."""

    edit_wanted = Signal()

    def __init__(self, theme: Theme, editor: Editor) -> None:
        self._replies = ReplyModel()
        super().__init__(theme, editor, self._replies, _SLASH, "reply")
        self.known: Mapping[str, str] = {}  # what placeholders are filled with
        self.guessed: Language | None = None  # what the patient writes, as far as it shows
        self._loaded = False
        self._conversation = b""
        self._chosen: dict[bytes, Language] = {}  # by conversation, while the desk is open
        self._list.setAccessibleName(self.tr("Canned replies"))
        self._heading = PlainLabel("", "caption-strong", "replyHeading")
        self._none = PlainLabel("", "secondary", "replyNone", wrap=True)
        self._switch = button("", "replyLanguage", "tab", self.switch_language)
        self._edit = button(self.tr("Edit replies…"), "replyEdit", "tab", self._on_edit)
        for each in (self._switch, self._edit):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the editor: Alt+L, Ctrl+Shift+R
        head = row(self._heading, spacing=4)
        head.addStretch()
        head.addWidget(self._switch)
        head.addWidget(self._edit)
        layout = column(spacing=4, margins=(4, 2, 4, 6))
        layout.addLayout(head)
        layout.addWidget(self._list)
        layout.addWidget(self._none)
        self.setLayout(layout)
        self._speak(Language.ENGLISH)

    def turn_to(self, conversation: bytes) -> None:
        self._conversation = conversation
        self.hide()

    def load(self, rows: tuple[ReplyRow, ...]) -> None:
        self._loaded = True
        self._replies.load(rows)
        self.show_rows()

    def switch_language(self) -> None:
        other = Language.ENGLISH if self._replies.language is Language.SPANISH else Language.SPANISH
        self._chosen[self._conversation] = other
        self._speak(other)

    def narrow(self, typed: str) -> None:
        if not self.isVisible():
            self._speak(self._language())
        self._replies.narrow(typed[1:])

    def text(self, index: QModelIndex) -> str:
        today = QLocale(self._replies.language.value).toString(QDate.currentDate(), "d MMMM")
        return fill(cast("str", index.data(TEXT)), {**self.known, "today": today})

    def stays_empty(self) -> bool:
        """So that Enter does not send what was meant to find a reply."""
        return True

    def show_rows(self, current: int = 0) -> None:
        super().show_rows(current)
        self._none.setVisible(not self._replies.rowCount())
        self._none.setText(self._why_none())

    def take_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_L and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self.switch_language()
            return True
        return super().take_key(event)

    def _language(self) -> Language:
        known = self._chosen.get(self._conversation) or self.guessed
        return known or (Language.SPANISH if self.locale().name().startswith("es") else Language.ENGLISH)

    def _speak(self, language: Language) -> None:
        at = self._list.currentIndex().row()
        self._replies.speak(language)
        spanish = language is Language.SPANISH
        self._heading.setText(self.tr("Canned replies · Español") if spanish else self.tr("Canned replies · English"))
        other = self.tr("English") if spanish else self.tr("Español")
        self._switch.setText(self.tr("{language} (Alt+L)").format(language=other))
        self._switch.setAccessibleName(self._switch.text())
        self.show_rows(at)

    def _why_none(self) -> str:
        if not self._loaded:
            return self.tr("One moment…")
        if self._replies.is_empty:
            return self.tr("There are no canned replies yet. Ctrl+Shift+R adds some.")
        return self.tr("No reply has these words. Esc closes this list and keeps what you typed.")

    def _on_edit(self) -> None:
        self.hide()
        self.edit_wanted.emit()
