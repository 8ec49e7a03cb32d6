"""Canned replies while somebody writes: a list above the composer that opens with a slash and never takes the keys."""

import re
from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QDate, QEvent, QLocale, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QPainter, QTextCursor
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from agent_app.engine.events import ReplyRow
from agent_app.ui import words
from agent_app.ui.language import Language
from agent_app.ui.models.replies import TEXT, ReplyModel
from agent_app.ui.placeholders import fill
from agent_app.ui.theme import Theme, Type
from agent_app.ui.views.basics import PlainLabel, button, column, row
from agent_app.ui.views.editor import Editor

_SLASH = re.compile(r"(?:^|\s)(/\S*)$")
_ROW, _MOST_ROWS = 44, 5
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ReplyPicker(QFrame):
    """Lives on Qt's thread, with the keys of the editor while it is shown.

    Signals: `opened` before it is shown, for others to set what is `known` and `guessed`; `edit_wanted`.
    """

    opened = Signal()
    edit_wanted = Signal()

    def __init__(self, theme: Theme, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("replyPicker")
        self.known: Mapping[str, str] = {}  # what placeholders are filled with
        self.guessed: Language | None = None  # what the patient writes, as far as it shows
        self._editor, self._theme = editor, theme
        self._model = ReplyModel(self)
        self._loaded = False
        self._dismissed = False  # until the slash is gone
        self._conversation = b""
        self._chosen: dict[bytes, Language] = {}  # by conversation, while the desk is open
        self._list = self._make_list()
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
        self.hide()
        editor.installEventFilter(self)
        editor.typed.connect(self._on_typed)
        editor.cursorPositionChanged.connect(self._on_moved)
        editor.focused.connect(self._on_focused)

    def turn_to(self, conversation: bytes) -> None:
        self._conversation = conversation
        self.hide()

    def load(self, rows: tuple[ReplyRow, ...]) -> None:
        self._loaded = True
        self._model.load(rows)
        self._show_rows()

    def begin(self) -> None:
        """Opens it as a typed slash does."""
        self._editor.setFocus()
        if self._slash() is None:
            cursor = self._editor.textCursor()
            before = self._before(cursor)
            cursor.insertText("/" if not before or before[-1].isspace() else " /")
        self._dismissed = False
        self._on_typed()

    def switch_language(self) -> None:
        other = Language.ENGLISH if self._model.language is Language.SPANISH else Language.SPANISH
        self._chosen[self._conversation] = other
        self._speak(other)

    # While somebody types

    def _before(self, cursor: QTextCursor) -> str:
        left = QTextCursor(cursor)
        left.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
        return left.selectedText()

    def _slash(self) -> str | None:
        """The slash before the cursor, with what follows it; None where there is none."""
        cursor = self._editor.textCursor()
        found = None if cursor.hasSelection() else _SLASH.search(self._before(cursor))
        return found[1] if found else None

    def _on_typed(self) -> None:
        slash = self._slash()
        if slash is not None and not self._dismissed:
            self._open(slash[1:])
        self._on_moved()

    def _on_focused(self, there: bool) -> None:
        if not there:
            self.hide()

    def _on_moved(self) -> None:
        if self._slash() is None:
            self._dismissed = False
            self.hide()

    def _open(self, typed: str) -> None:
        if not self.isVisible():
            self.opened.emit()
            self._speak(self._language())
        self._model.narrow(typed)
        self.show()
        self._show_rows()

    def _language(self) -> Language:
        known = self._chosen.get(self._conversation) or self.guessed
        return known or Language(self.locale().name()[:2] if self.locale().name()[:2] == "es" else "en")

    def _speak(self, language: Language) -> None:
        at = self._list.currentIndex().row()
        self._model.speak(language)
        spanish = language is Language.SPANISH
        self._heading.setText(self.tr("Canned replies · Español") if spanish else self.tr("Canned replies · English"))
        other = self.tr("English") if spanish else self.tr("Español")
        self._switch.setText(self.tr("{language} (Alt+L)").format(language=other))
        self._switch.setAccessibleName(self._switch.text())
        self._show_rows(at)

    def _show_rows(self, current: int = 0) -> None:
        count = self._model.rowCount()
        self._list.setVisible(bool(count))
        self._list.setFixedHeight(self._theme.px(_ROW) * min(count, _MOST_ROWS))
        self._none.setVisible(not count)
        self._none.setText(self._why_none())
        self._list.setCurrentIndex(self._model.index(min(max(current, 0), count - 1)))
        self._say_current()

    def _why_none(self) -> str:
        if not self._loaded:
            return self.tr("One moment…")
        if self._model.is_empty:
            return self.tr("There are no canned replies yet. Ctrl+Shift+R adds some.")
        return self.tr("No reply has these words. Esc closes this list and keeps what you typed.")

    def _say_current(self) -> None:
        """For screen readers: the focus stays where somebody writes."""
        index = self._list.currentIndex()
        if self.isVisible() and index.isValid():
            said = str(index.data(Qt.ItemDataRole.AccessibleTextRole))
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._list, said))

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Before the editor: it would send on Enter, and leave on Tab."""
        return self.isVisible() and event.type() == QEvent.Type.KeyPress and self._take_key(cast("QKeyEvent", event))

    def _take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the list. Enter and Tab never go on from here: with a list open nothing is sent."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.AltModifier and key == Qt.Key.Key_L:
            self.switch_language()
        elif modifiers:
            return False
        elif key in (*_ENTER, Qt.Key.Key_Tab):
            if not event.isAutoRepeat():
                self._insert()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape:
            self._dismissed = True
            self.hide()
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        count = self._model.rowCount()
        if count:
            self._list.setCurrentIndex(self._model.index((self._list.currentIndex().row() + by) % count))
            self._say_current()

    def _insert(self) -> None:
        index, slash = self._list.currentIndex(), self._slash()
        if not index.isValid() or slash is None:
            return
        cursor = self._editor.textCursor()
        for _ in slash:
            cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor)
        start = cursor.selectionStart()
        cursor.insertText(fill(cast("str", index.data(TEXT)), {**self.known, "today": self._today()}))
        self.hide()
        self._editor.select_unfilled(start)
        self._editor.setFocus()

    def _today(self) -> str:
        return QLocale(self._model.language.value).toString(QDate.currentDate(), "d MMMM")

    def _on_edit(self) -> None:
        self.hide()
        self.edit_wanted.emit()

    def _make_list(self) -> QListView:
        made = QListView()
        made.setObjectName("replyList")
        made.setAccessibleName(self.tr("Canned replies"))
        made.setModel(self._model)
        made.setItemDelegate(_ReplyDelegate(self._theme, made))
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setUniformItemSizes(True)
        made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.clicked.connect(lambda _index: self._insert())
        return made


class _ReplyDelegate(QStyledItemDelegate):
    """The title, and how the text begins."""

    def __init__(self, theme: Theme, parent: QListView) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, self._theme.px(_ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        current = index == cast("QListView", self.parent()).currentIndex()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent-soft"))
            painter.drawRoundedRect(option.rect.adjusted(0, 1, 0, -1), 8, 8)
        inside = option.rect.adjusted(10, 4, -10, -4)
        halves = (inside.adjusted(0, 0, 0, -inside.height() // 2), inside.adjusted(0, inside.height() // 2, 0, 0))
        for half, kind, colour, said in (
            (halves[0], Type.BODY_STRONG, "on-accent-soft" if current else "text", index.data()),
            (halves[1], Type.CAPTION, "on-accent-soft" if current else "secondary", index.data(TEXT)),
        ):
            painter.setFont(self._theme.font(kind))
            painter.setPen(self._theme.colour(colour))
            line = painter.fontMetrics().elidedText(
                words.one_line(str(said)), Qt.TextElideMode.ElideRight, half.width()
            )
            painter.drawText(half, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, line)
        painter.restore()
