"""Where text is written: plain, growing with what is written, and never copied unmarked."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QRegularExpression, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from agent_app.ui.clipboard import is_note, marked
from agent_app.ui.placeholders import PATTERN

_LINES = 8


class PlainTextField(QPlainTextEdit):
    """Lets in plain text alone, and marks what is copied or dragged out as a secret."""

    holds_note = False  # whether what stands in it is for the team alone

    def createMimeDataFromSelection(self) -> QMimeData:
        return marked(self.textCursor().selection().toPlainText(), note=self.holds_note)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(source.text())


class Editor(PlainTextField):
    """Plain text that grows with what is written.

    Signals: `entered` on Enter alone, `files_given` with paths, `picture_given` with a QImage,
    `typed` after a key by which the text may have changed;
    `note_pasted` before text comes in that is for the team alone.
    """

    entered = Signal()
    files_given = Signal(object)
    picture_given = Signal(object)
    focused = Signal(bool)
    typed = Signal()
    note_pasted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("composer")
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            if not event.isAutoRepeat():  # whoever holds the key down after choosing a reply sends nothing
                self.entered.emit()
        else:
            super().keyPressEvent(event)
            self.typed.emit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        self._fit()
        self.typed.emit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasUrls() or source.hasText() or source.hasImage()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pasted or dropped: text goes in as it is, files and pictures are offered for sending."""
        if self.isReadOnly():  # a drop on the conversation does not ask the editor first
            return
        paths = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
        if paths:
            self.files_given.emit(paths)
        elif source.hasText():
            if is_note(source):
                self.note_pasted.emit()
            self.insertPlainText(source.text())
        elif source.hasImage():
            self.picture_given.emit(QImage(source.imageData()))

    def select_unfilled(self, start: int = 0) -> bool:
        """Selects the first placeholder from there on; False where there is none."""
        found = self.document().find(QRegularExpression(PATTERN), start)
        if not found.isNull():
            self.setTextCursor(found)
        return not found.isNull()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        line = self.fontMetrics().lineSpacing()
        lines = min(max(round(self.document().size().height()), 1), _LINES)
        self.setFixedHeight(lines * line + 10)
