"""The audit logs, and the weekly word that somebody has looked at what stands out in them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from agent_app.engine import commands, events
from agent_app.engine.events import AuditRow, ReviewLoaded, ReviewSigned
from agent_app.ui import words
from agent_app.ui.models.table import Line
from agent_app.ui.views.basics import PlainLabel, button, column, row
from agent_app.ui.views.error_line import ErrorLine
from agent_app.ui.views.period import Period
from agent_app.ui.views.request import Request
from agent_app.ui.views.table import Table

_REVIEWS = 3  # earlier ones that are shown


class ReviewView(QWidget):
    """Lives on Qt's thread; asks when it is shown or asked anew. It shows who did what, never what was said.

    Signal: `left`.
    """

    left = Signal()

    def __init__(self, submit: Callable[[commands.Command], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review")
        self.setAccessibleName(self.tr("Audit and weekly review"))
        self._submit = submit
        self._bundles: tuple[Path, ...] = ()
        self._loaded: ReviewLoaded | None = None
        self._again = button(self.tr("Refresh"), "reviewRefresh", "", self._ask)
        self._add = button(self.tr("Add other desks’ bundles…"), "reviewAdd", "", self._on_add)
        self._period = Period("review", 1)
        self._period.chosen.connect(self._ask)
        self._error, self._sign_error = ErrorLine("reviewError"), ErrorLine("reviewSignError")
        self._loading = Request(submit, self._error, lambda: None, {"bundle.invalid": self._add}.get)
        self._signing = Request(submit, self._sign_error, lambda: None, {"review.changed": self._again}.get)
        self._told = PlainLabel("", "strong", "reviewTold", wrap=True)
        self._desks = PlainLabel("", "secondary", "reviewDesks", wrap=True)
        self._earlier = PlainLabel("", "caption", "reviewEarlier", wrap=True)
        self._only = QCheckBox(self.tr("Only what stands out"))
        self._only.setObjectName("reviewOnly")
        self._only.setAccessibleName(self._only.text())
        self._only.setChecked(True)
        self._only.toggled.connect(self._fill)
        self.table = self._make_table()
        self._sign = button(self.tr("Sign as reviewed"), "reviewSign", "primary", self._on_sign)
        self._sign.setEnabled(False)
        self._arrange()

    def begin(self) -> None:
        self._ask()
        self._period.focus()

    def awaits(self, command: object) -> bool:
        """Whether it says here what becomes of it. Whoever has gone elsewhere is told there."""
        return self.isVisible() and any(one.awaits(command) for one in (self._loading, self._signing))

    def receive(self, event: events.Event) -> None:
        for request in (self._loading, self._signing):
            request.receive(event)
        match event:
            case ReviewLoaded() if (event.first, event.last) == self._period.days:
                self._loading.end()
                self._show(event)
            case ReviewSigned():
                self._signing.end()
                self._told.setText(self._signed(event))
                self._sign.setEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_F5:
            self._ask()
        else:
            super().keyPressEvent(event)

    # Showing

    def _show(self, loaded: ReviewLoaded) -> None:
        self._loaded = loaded
        self._fill()
        count = sum(bool(row.exception) for row in loaded.rows)
        found = (
            self.tr("Needs an explanation: {count}.").format(count=count) if count else self.tr("Nothing stands out.")
        )
        if loaded.left_out:
            found += " " + self.tr("The oldest %n entries are not shown: choose fewer days.", "", loaded.left_out)
        self._told.setText(found)
        names = ", ".join(map(words.one_line, loaded.desks))
        self._desks.setText(self.tr("Audit logs of: {names}").format(names=names))
        lines = [f"{words.full_time(one.time)}  {one.text}" for one in loaded.reviews[:_REVIEWS]]
        self._earlier.setText("\n".join([self.tr("Reviewed here before:"), *lines] if lines else []))
        self._earlier.setVisible(bool(lines))
        self._sign.setEnabled(not loaded.left_out)

    def _fill(self) -> None:
        """All of the period, or the exceptions alone."""
        if self._loaded is not None:
            chosen = (row for row in self._loaded.rows if row.exception or not self._only.isChecked())
            self.table.load(Line(row, _cells(row)) for row in chosen)

    def _signed(self, event: ReviewSigned) -> str:
        if event.witnessed:
            return self.tr("Signed as reviewed. It stands in this desk’s audit log, and the relay has witnessed it.")
        return self.tr("Signed as reviewed in this desk’s audit log. The relay witnesses it as soon as it is reached.")

    # Asking

    def _ask(self) -> None:
        self._sign.setEnabled(False)
        if self._period.fits:
            self._sign_error.clear()
            pressed = self._add if self._bundles else self._again
            self._loading.ask(commands.LoadReview(*self._period.days, self._bundles), pressed)
        else:
            self._told.setText(self._period.why_not)

    def _on_sign(self) -> None:
        if self._loaded is not None:
            self._signing.ask(commands.SignReview(self._loaded.digest), self._sign)

    def _on_add(self) -> None:
        chooser = QFileDialog(self, self.tr("Bundles that other desks exported"))
        chooser.setObjectName("reviewBundlesDialog")
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.filesSelected.connect(self._on_added)
        chooser.open()

    def _on_added(self, chosen: list[str]) -> None:
        """For this look only: one that is refused must not stand in the way of the next."""
        self._bundles = tuple(map(Path, chosen))
        self._ask()
        self._bundles = ()

    # Making

    def _make_table(self) -> Table:
        spoken = self.tr("Entries of the audit logs")
        heads = (
            self.tr("When"),
            self.tr("Desk"),
            self.tr("What"),
            self.tr("Conversation"),
            self.tr("Why it stands out"),
        )
        return Table("reviewTable", spoken, heads, (170, 130, 280, 100))

    def _arrange(self) -> None:
        line = row(PlainLabel(self.tr("Audit and weekly review"), "heading", "reviewTitle"), spacing=10)
        line.addStretch()
        line.addWidget(button(self.tr("Back to the conversations"), "reviewBack", "", self.left.emit))
        asked = row(self._period, spacing=8)
        asked.addStretch()
        asked.addWidget(self._again)
        asked.addWidget(self._add)
        foot = row(self._only, spacing=10)
        foot.addStretch()
        foot.addWidget(self._sign)
        layout = column(spacing=12, margins=(24, 16, 24, 16))
        for part in (line, asked):
            layout.addLayout(part)
        for label in (self._error, self._told, self._desks):
            layout.addWidget(label)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._sign_error)
        layout.addLayout(foot)
        layout.addWidget(self._earlier)
        self.setLayout(layout)


def _cells(row: AuditRow) -> tuple[str, ...]:
    return words.full_time(row.time), row.desk, row.text, row.conversation, row.exception
