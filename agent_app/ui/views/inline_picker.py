"""A list above the composer, for what is written there: it opens at a mark, and never takes the keys."""

import re
from typing import cast

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QPainter, QTextCursor
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from agent_app.ui import words
from agent_app.ui.models.replies import TEXT
from agent_app.ui.theme import Theme, Type
from agent_app.ui.views.direction import paint_elided
from agent_app.ui.views.editor import Editor

_MOST_ROWS = 5
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class InlinePicker(QFrame):
    """Lives on Qt's thread, with the keys of the editor while it is shown. Signal: `opened` before it is shown.

    `mark` finds, at the end of what stands before the cursor, what opens it, as its only group. While it is open Enter
    and Tab choose and never go on from here, so that nothing is sent with a list open.
    """

    opened = Signal()

    def __init__(
        self, theme: Theme, editor: Editor, model: QAbstractListModel, mark: re.Pattern[str], name: str
    ) -> None:
        super().__init__()
        self.setObjectName(f"{name}Picker")
        self.setProperty("kind", "picker")
        self._editor, self._theme, self._model, self._mark = editor, theme, model, mark
        model.setParent(self)
        self._dismissed = False  # until the mark is gone
        self._given = ""  # a mark that a button put there, not a hand
        self._list = self._make_list(f"{name}List")
        self.hide()
        editor.installEventFilter(self)
        editor.typed.connect(self._on_typed)
        editor.cursorPositionChanged.connect(self._on_moved)
        editor.focused.connect(self._on_focused)

    # What each picker says for itself

    def narrow(self, typed: str) -> None:
        """Has the model show what fits what was typed, the mark itself included."""
        raise NotImplementedError

    def text(self, index: QModelIndex) -> str:
        """What is inserted for a row."""
        raise NotImplementedError

    def stays_empty(self) -> bool:
        """Whether it is shown when nothing fits."""
        return False

    # While somebody types

    def begin(self, mark: str) -> None:
        """Opens it as the typed mark does."""
        self._editor.setFocus()
        if self._typed() is None:
            cursor = self._editor.textCursor()
            before = self._before(cursor)
            cursor.insertText(mark if not before or before[-1].isspace() else f" {mark}")
            self._given = mark
        self._dismissed = False
        self._on_typed()

    def _before(self, cursor: QTextCursor) -> str:
        left = QTextCursor(cursor)
        left.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
        return left.selectedText()

    def _typed(self) -> str | None:
        """The mark before the cursor, with what follows it; None where there is none."""
        cursor = self._editor.textCursor()
        found = None if cursor.hasSelection() else self._mark.search(self._before(cursor))
        return found[1] if found else None

    def _on_typed(self) -> None:
        typed = self._typed()
        if typed is not None and not self._dismissed:
            if not self.isVisible():
                self.opened.emit()
            self.narrow(typed)
            self.setVisible(self.stays_empty() or self._model.rowCount() > 0)
            self.show_rows()
        self._on_moved()

    def _on_moved(self) -> None:
        if self._typed() is None:
            self._dismissed, self._given = False, ""
            self.hide()

    def _on_focused(self, there: bool) -> None:
        if not there:
            self.hide()

    def show_rows(self, current: int = 0) -> None:
        count = self._model.rowCount()
        self._list.setVisible(bool(count))
        self._list.setFixedHeight(self._list.sizeHintForRow(0) * min(count, _MOST_ROWS))
        self._list.setCurrentIndex(self._model.index(min(max(current, 0), count - 1)))
        self._say_current()

    def _say_current(self) -> None:
        """For screen readers: the focus stays where somebody writes."""
        index = self._list.currentIndex()
        if self.isVisible() and index.isValid():
            said = str(index.data(Qt.ItemDataRole.AccessibleTextRole))
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._list, said))

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Before the editor: it would send on Enter, and leave on Tab."""
        return self.isVisible() and event.type() == QEvent.Type.KeyPress and self.take_key(cast("QKeyEvent", event))

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the list."""
        key = event.key()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in (*_ENTER, Qt.Key.Key_Tab):
            if not event.isAutoRepeat():
                self._insert()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape:
            self._dismissed = True
            if self._typed() == self._given:
                self._editor.textCursor().deletePreviousChar()
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
        index, typed = self._list.currentIndex(), self._typed()
        if not index.isValid() or typed is None:
            return
        cursor = self._editor.textCursor()
        for _ in typed:
            cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor)
        start = cursor.selectionStart()
        cursor.insertText(self.text(index))
        self.hide()
        self._editor.select_unfilled(start)
        self._editor.setFocus()

    def _make_list(self, name: str) -> QListView:
        made = QListView()
        made.setObjectName(name)
        made.setModel(self._model)
        made.setItemDelegate(_Delegate(self._theme, made))
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setUniformItemSizes(True)
        made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.clicked.connect(lambda _index: self._insert())
        return made


class _Delegate(QStyledItemDelegate):
    """One line, or a strong one with a quiet one below."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, self._theme.px(44 if index.data(TEXT) else 30))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        current = index == cast("QListView", self.parent()).currentIndex()
        detail = index.data(TEXT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(option.direction)
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent-soft"))
            painter.drawRoundedRect(option.rect.adjusted(0, 1, 0, -1), 8, 8)
        inside = option.rect.adjusted(10, 4, -10, -4)
        half = inside.height() // 2 if detail else 0
        lines = [(inside.adjusted(0, 0, 0, -half), Type.BODY_STRONG if detail else Type.BODY, "text", index.data())]
        if detail:
            lines.append((inside.adjusted(0, half, 0, 0), Type.CAPTION, "secondary", detail))
        for line, kind, colour, said in lines:
            painter.setFont(self._theme.font(kind))
            painter.setPen(self._theme.colour("on-accent-soft" if current else colour))
            paint_elided(painter, QRectF(line), words.one_line(str(said)))
        painter.restore()
