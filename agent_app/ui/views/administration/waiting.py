"""Workstations that ask to join: of each only since when, for its request is sealed under the words on its screen."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from agent_app.engine import commands
from agent_app.engine.events import news
from agent_app.ui import words
from agent_app.ui.views.basics import PlainLabel, button, row

SHOWN = 4


class WaitingList(QFrame):
    """Hidden while nobody waits. Signal: `approve_wanted`."""

    approve_wanted = Signal()

    def __init__(self, submit: Callable[[commands.Command], None]) -> None:
        super().__init__()
        self.setObjectName("waitingList")
        self.setProperty("banner", "information")
        self._submit = submit
        self._allowed = False
        self._requests: tuple[news.WaitingRow, ...] = ()
        self._title = PlainLabel("", "strong", "waitingTitle", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(8)
        layout.addWidget(self._title)
        layout.addLayout(self._rows)
        self.hide()

    def allow(self, allowed: bool) -> None:
        self._allowed = allowed
        for each in self.findChildren(QPushButton):
            each.setEnabled(allowed)

    def show_requests(self, requests: Sequence[news.WaitingRow]) -> None:
        if self._requests == tuple(requests):
            return
        self._requests = tuple(requests)
        self._title.setText(self.tr("%n workstations ask to join", "", len(requests)))
        self.setAccessibleName(self._title.text())
        self._draw()

    def _draw(self) -> None:
        while (old := self._rows.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        for place, one in enumerate(self._requests[:SHOWN]):
            self._rows.addWidget(self._line(place, one))
        if (more := len(self._requests) - SHOWN) > 0:
            self._rows.addWidget(PlainLabel(self.tr("and %n more", "", more), "secondary", "waitingMore"))
        self.setVisible(bool(self._requests))

    def _line(self, place: int, one: news.WaitingRow) -> QWidget:
        since = self.tr("since {time}").format(time=words.full_time(one.since))
        told = self.tr("{since}: have the six words on its screen read out").format(since=since)
        approve = button(self.tr("Approve…"), f"waitingApprove{place}", "primary", self.approve_wanted.emit)
        dismiss = button(self.tr("Dismiss"), f"waitingDismiss{place}", "quiet", partial(self._on_dismiss, one.ticket))
        for each in (approve, dismiss):
            each.setEnabled(self._allowed)
            each.setAccessibleName(f"{each.text()} {since}")
        line = row(PlainLabel(told, "secondary", f"waitingSince{place}", wrap=True), dismiss, approve, spacing=8)
        line.setStretch(0, 1)
        held = QWidget()
        held.setLayout(line)
        return held

    def _on_dismiss(self, ticket: bytes) -> None:
        self._submit(commands.DismissRequest(ticket))
