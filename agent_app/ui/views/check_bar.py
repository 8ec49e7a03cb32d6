"""The patient-check bar: who this is, how surely we know, and the agent's own judgement."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from agent_app.engine.events import ConversationRow
from agent_app.ui import words
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import PlainLabel, button, column, paint_level, restyle, row


class LevelMark(QWidget):
    """The level as a mark; the words stand beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self.level = theme, 0
        self.setFixedSize(20, 20)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_level(painter, self.rect().toRectF().adjusted(3, 3, -3, -3), self.level, self._theme)
        painter.end()


class CheckBar(QFrame):
    """Shown until an agent has checked the patient. Signals: `judged` with whether it matches; `number_wanted`."""

    judged = Signal(bool)
    number_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("checkBar")
        self._mark = LevelMark(theme)
        self._level = PlainLabel("", "strong", "checkLevel")
        self._told = PlainLabel("", "body", "checkTold", wrap=True)
        self._identifiers = PlainLabel("", "strong", "checkIdentifiers", wrap=True)
        self._matches = button(self.tr("Matches"), "matchesButton", "primary", lambda: self.judged.emit(True))
        self._differs = button(self.tr("Does not match"), "differsButton", "danger", lambda: self.judged.emit(False))
        number = button(self.tr("Safety number…"), "safetyNumberButton", "quiet", self.number_wanted.emit)
        said = row(self._mark, spacing=12)
        said.addLayout(column(self._level, self._told, self._identifiers, spacing=2), 1)
        self._buttons = row(spacing=12)
        self._buttons.addStretch()
        for each in (number, self._differs, self._matches):
            each.setAutoDefault(False)
            self._buttons.addWidget(each)
        self._lines = row(spacing=12, margins=(14, 10, 12, 10))
        self._lines.addLayout(said, 1)
        self._lines.addLayout(self._buttons)
        self.setLayout(self._lines)
        self._least = theme.px(320)  # of the words, beside the buttons

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = event.size().width() - self._buttons.minimumSize().width() >= self._least
        self._lines.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def show_for(self, conversation: ConversationRow) -> None:
        self.setVisible(conversation.level < 3)
        self._mark.level = min(max(conversation.level, 0), 3)
        self._mark.update()
        self._level.setText(self._level_words(conversation.level))
        self._told.setText(self._advice(conversation))
        said = "   ·   ".join(f"{self._kind(kind)} {words.one_line(value)}" for kind, value in conversation.identifiers)
        self._identifiers.setText(said)
        self._identifiers.setVisible(bool(said))
        self.setAccessibleName(f"{self._level.text()}. {self._told.text()} {said}")
        if self.property("level") != str(conversation.level):
            restyle(self, level=str(conversation.level))

    def _level_words(self, level: int) -> str:
        if level >= 2:
            return self.tr("Came by link and code")
        return self.tr("Came by link, code not given") if level == 1 else self.tr("Not checked: this could be anybody")

    def _advice(self, conversation: ConversationRow) -> str:
        if conversation.level >= 2:
            return self.tr("Make sure: compare these with your records, or the safety number by phone.")
        if conversation.identifiers:
            return self.tr("Name and files stay hidden until you have compared these with your records.")
        return self.tr("Name and files stay hidden. Ask for birth date and phone, and compare them with your records.")

    def _kind(self, kind: str) -> str:
        return {"birth-date": self.tr("Born"), "phone": self.tr("Phone")}.get(kind, words.one_line(kind))
