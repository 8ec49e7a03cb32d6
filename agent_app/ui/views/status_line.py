"""The foot of the desk: whether the relay is reached, where and as whom one works, and the lock."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from agent_app.engine.events import ConnectionChanged, Notice
from agent_app.ui import words
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import IconButton, PlainLabel, row


class Dot(QWidget):
    """Filled while online, a ring while not."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self.online = theme, False
        self.setFixedSize(12, 12)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.colour("success" if self.online else "warning")
        painter.setPen(colour)
        if self.online:
            painter.setBrush(colour)
        painter.drawEllipse(self.rect().toRectF().adjusted(2, 2, -2, -2))
        painter.end()


class StatusLine(QFrame):
    """Signal: `lock_wanted`."""

    lock_wanted = Signal()

    def __init__(self, theme: Theme, clinic: str, agent: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self._dot = Dot(theme)
        self._connection = PlainLabel("", "caption", "connectionStatus")
        self._hours = PlainLabel("", "caption", "clinicHours")
        self._hours.hide()
        self._page = PlainLabel(self.tr("Patients' page: alarm"), "error", "pageStatus")
        self._page.hide()
        who = " · ".join(words.one_line(part) for part in (agent, clinic) if part)
        lock = IconButton(theme, "lock", self.tr("Lock (Ctrl+L)"), "lockButton")
        lock.clicked.connect(self.lock_wanted)
        layout = row(self._dot, self._connection, spacing=8, margins=(16, 3, 8, 3))
        layout.addWidget(self._hours)
        layout.addWidget(self._page)
        layout.addStretch()
        layout.addWidget(PlainLabel(who, "caption", "statusWho"))
        layout.addWidget(lock)
        self.setLayout(layout)

    def add(self, widget: QWidget) -> None:
        """Before the lock."""
        layout = self.layout()
        if isinstance(layout, QHBoxLayout):
            layout.insertWidget(layout.count() - 1, widget)

    def show_connection(self, event: ConnectionChanged) -> None:
        self._dot.online = event.online
        self._dot.update()
        state = self.tr("Online") if event.online else self.tr("Offline: messages wait here and are sent later")
        detail = words.one_line(event.detail)
        self._connection.setText(f"{state} · {detail}" if detail else state)

    def show_hours(self, clinic_open: bool | None) -> None:
        """What patients are told of the clinic's hours now."""
        self._hours.setVisible(clinic_open is not None)
        self._hours.setText(
            self.tr("Open to patients") if clinic_open else self.tr("Closed: patients read when you open")
        )

    def show_page(self, alarm: Notice | None) -> None:
        """Whether the page that is served to patients is in doubt; the banner above says how."""
        self._page.setVisible(alarm is not None)
        self._page.setToolTip(words.notice(alarm) if alarm else "")
