"""The clinic's figures as charts, each beside a table that says the same. No content, and no patient's name."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHeaderView,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from agent_app.engine import commands, events
from agent_app.engine.events import DayFigures, FiguresLoaded, Spans
from agent_app.ui import words
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import PlainLabel, button, column, row
from agent_app.ui.views.charts import Bar, BarChart, count_steps, span_steps
from agent_app.ui.views.error_line import ErrorLine
from agent_app.ui.views.period import Period
from agent_app.ui.views.request import Request

_BY_WEEK = 45  # days from which on the chart shows weeks; the table still has the days


def lasting(milliseconds: float) -> str:
    """A figure's span: to the second below a minute, else as roughly as elsewhere."""
    if 0 < milliseconds < 60_000:
        return words.tr("{count} s").format(count=max(round(milliseconds / 1000), 1))
    return words.span(int(milliseconds))


class Dashboard(QWidget):
    """Lives on Qt's thread; asks for figures when it is shown or asked anew. Signal: `left`."""

    left = Signal()

    def __init__(self, theme: Theme, submit: Callable[[commands.Command], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dashboard")
        self.setAccessibleName(self.tr("Figures"))
        self._theme, self._submit = theme, submit
        self._period = Period("figures", 1)
        self._period.chosen.connect(self._ask)
        self._error = ErrorLine("figuresError")
        self._loading = Request(submit, self._error, lambda: None, lambda _code: None)
        self._exporting = Request(submit, self._error, lambda: None, lambda _code: None)
        self._told = PlainLabel("", "secondary", "figuresTold", wrap=True)
        self._now = PlainLabel("", "strong", "figuresNow", wrap=True)
        self._make_sections()
        inside = QWidget()
        inside.setObjectName("dashboardInside")
        sections = (self._hours, self._days, self._agents, self._hidden)
        layout = column(self._now, self._told, *sections, spacing=16, margins=(24, 8, 24, 24))
        layout.addStretch()
        inside.setLayout(layout)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("dashboardScroll")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(inside)
        whole = column(spacing=0)
        whole.addLayout(self._head())
        whole.addWidget(self._scroll, 1)
        self.setLayout(whole)

    def begin(self) -> None:
        """Asks for the figures of the chosen period."""
        self._ask()
        self._period.focus()

    def awaits(self, command: object) -> bool:
        """Whether it says here what becomes of it. Whoever has gone elsewhere is told there."""
        return self.isVisible() and any(one.awaits(command) for one in (self._loading, self._exporting))

    def receive(self, event: events.Event) -> None:
        for request in (self._loading, self._exporting):
            request.receive(event)
        if isinstance(event, FiguresLoaded) and (event.first, event.last) == self._period.days:
            self._loading.end()
            self._show(event)
        elif isinstance(event, events.FiguresExported):
            self._exporting.end()
            self._told.setText(self.tr("Written to {path}").format(path=words.one_line(str(event.path))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_F5:
            self._ask()
        else:
            super().keyPressEvent(event)

    # Showing

    def _show(self, figures: FiguresLoaded) -> None:
        now = figures.now
        standing = (
            self.tr("%n waiting", "", now.waiting),
            self.tr("%n claimed", "", now.claimed),
            self.tr("%n of them unverified", "", now.unverified),
            self.tr("%n closed", "", now.closed),
        )
        self._now.setText(self.tr("Now: {standing}").format(standing="  ·  ".join(standing)))
        self._told.setText(self._summary(figures))
        self._hours.show_spans([(f"{one.hour:02}:00", one.waits) for one in figures.hours])
        self._days.show_days(figures.days)
        self._agents.show_spans([(words.one_line(one.name), one.replies) for one in figures.agents])
        self._agents.setVisible(figures.may_see_agents)
        self._hidden.setVisible(not figures.may_see_agents)

    def _summary(self, figures: FiguresLoaded) -> str:
        if not sum(day.new for day in figures.days):
            return self.tr("No conversation began in these days. Choose a longer period.")
        waits = self.tr("Waiting time until somebody took it: {spans}").format(spans=self._said(figures.waits))
        replies = self.tr("First reply: {spans}").format(spans=self._said(figures.replies))
        when = self.tr("From what this workstation holds, at {time}.").format(time=words.clock_time(figures.time))
        return f"{waits}\n{replies}\n{when}"

    def _said(self, one: Spans) -> str:
        if not one.count:
            return self.tr("none yet")
        if one.count == 1:  # a half and nine tenths of one conversation are that conversation
            return self.tr("{span} (1 conversation)").format(span=lasting(one.median))
        spans = self.tr("half within {median}, nine of ten within {ninetieth} (%n conversations)", "", one.count)
        return spans.format(median=lasting(one.median), ninetieth=lasting(one.ninetieth))

    # Asking

    def _ask(self) -> None:
        self._export.setEnabled(self._period.fits)
        if self._period.fits:
            self._loading.ask(commands.LoadFigures(*self._period.days), self._again)
        else:
            self._told.setText(self._period.why_not)

    def _on_export(self) -> None:
        first, last = self._period.days
        chooser = QFileDialog(
            self,
            self.tr("Export the figures"),
            self.tr("figures-{first}-{last}").format(first=first, last=last) + ".csv",
        )
        chooser.setObjectName("exportFiguresDialog")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda chosen: self._on_chosen(commands.ExportFigures(first, last, Path(chosen))))
        chooser.open()

    def _on_chosen(self, export: commands.ExportFigures) -> None:
        self._exporting.ask(export, self._export)

    # Making

    def _head(self) -> QVBoxLayout:
        back = button(self.tr("Back to the conversations"), "figuresBack", "", self.left.emit)
        self._again = button(self.tr("Refresh"), "figuresRefresh", "", self._ask)
        self._export = button(self.tr("Export as CSV…"), "figuresExport", "", self._on_export)
        line = row(PlainLabel(self.tr("Figures"), "heading", "figuresTitle"), spacing=10)
        line.addStretch()
        line.addWidget(back)
        chosen = row(self._period, spacing=8)
        chosen.addStretch()
        chosen.addWidget(self._again)
        chosen.addWidget(self._export)
        made = column(spacing=12, margins=(24, 16, 24, 8))
        made.addLayout(line)
        made.addLayout(chosen)
        made.addWidget(self._error)
        return made

    def _make_sections(self) -> None:
        spans = (self.tr("Conversations"), self.tr("Half within"), self.tr("Nine of ten within"))
        key = self.tr("Bar: half within. Line: nine of ten within.")
        self._hours = Section(
            self._theme, "hours", self.tr("Waiting time by hour of day"), key, (self.tr("Hour"), *spans), lasting
        )
        counts = (self.tr("New"), self.tr("Claimed"), self.tr("Closed"), self.tr("Unverified"))
        key = self.tr("Bar: new conversations, the unverified ones hatched. Line: closed.")
        self._days = Section(
            self._theme, "days", self.tr("Conversations by day"), key, (self.tr("Day"), *counts), _whole
        )
        key = self.tr("Bar: half within. Line: nine of ten within.")
        self._agents = Section(
            self._theme, "agents", self.tr("First reply by agent"), key, (self.tr("Agent"), *spans), lasting
        )
        told = self.tr("Figures of single agents are shown to supervisors and administrators.")
        self._hidden = PlainLabel(told, "caption", "agentsHidden", wrap=True)
        self._agents.hide()


class Section(QFrame):
    """A heading, what bar and line mean, and the chart beside its table."""

    def __init__(
        self, theme: Theme, name: str, heading: str, key: str, columns: Sequence[str], unit: Callable[[float], str]
    ) -> None:
        super().__init__()
        self.setObjectName(f"{name}Section")
        self.chart = BarChart(theme, f"{name}Chart", heading, unit)
        self.table = QTableWidget(0, len(columns))
        self.table.setObjectName(f"{name}Table")
        self.table.setAccessibleName(heading)
        self.table.setHorizontalHeaderLabels(list(columns))
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)  # Tab leads out of it
        self.table.setShowGrid(False)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setMaximumSectionSize(160)
        self.table.setMinimumWidth(400)
        beside = row(spacing=16)
        beside.addWidget(self.chart, 3)
        beside.addWidget(self.table, 2)
        layout = column(PlainLabel(heading, "title"), PlainLabel(key, "caption", wrap=True), spacing=6)
        layout.addLayout(beside)
        self.setLayout(layout)

    def show_spans(self, lines: Sequence[tuple[str, Spans]]) -> None:
        cells = [
            (label, str(one.count), *((lasting(one.median), lasting(one.ninetieth)) if one.count else ("–", "–")))
            for label, one in lines
        ]
        bars = [
            Bar(label, self._spoken(cell), one.median, mark=one.ninetieth if one.count else None)
            for (label, one), cell in zip(lines, cells, strict=True)
        ]
        self.chart.show_bars(bars, span_steps(max((one.ninetieth for _, one in lines), default=0)))
        self._fill([cell for (_, one), cell in zip(lines, cells, strict=True) if one.count])

    def show_days(self, days: Sequence[DayFigures]) -> None:
        by_week = len(days) > _BY_WEEK
        bars = [self._bar(together) for together in (_weeks(days) if by_week else days)]
        self.chart.show_bars(bars, count_steps(max((max(bar.height, bar.mark or 0) for bar in bars), default=0)))
        self._fill([self._day(day) for day in reversed(days)])

    def _bar(self, day: DayFigures) -> Bar:
        cells = self._day(day)
        return Bar(_day_label(day.day), self._spoken(cells), day.new, day.unverified, day.closed or None)

    def _day(self, day: DayFigures) -> tuple[str, ...]:
        return (_day_label(day.day, "d MMM yyyy"), *map(_whole, (day.new, day.claimed, day.closed, day.unverified)))

    def _spoken(self, cells: Iterable[str]) -> str:
        first, *others = cells
        heads = [self.table.horizontalHeaderItem(place) for place in range(1, self.table.columnCount())]
        said = [f"{head.text()} {cell}" for head, cell in zip(heads, others, strict=True) if head is not None]
        return f"{first}: {', '.join(said)}"

    def _fill(self, lines: Sequence[Sequence[str]]) -> None:
        self.table.setRowCount(len(lines))
        for place, line in enumerate(lines):
            for column_, text in enumerate(line):
                item = QTableWidgetItem(text)
                if column_:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(place, column_, item)


def _whole(count: float) -> str:
    return QLocale().toString(int(count))


def _day_label(day: date, pattern: str = "d MMM") -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)


def _weeks(days: Sequence[DayFigures]) -> list[DayFigures]:
    """Seven days each from the first on, under the first one's date."""
    weeks = [days[start : start + 7] for start in range(0, len(days), 7)]
    return [
        DayFigures(
            week[0].day,
            sum(day.new for day in week),
            sum(day.claimed for day in week),
            sum(day.closed for day in week),
            sum(day.unverified for day in week),
        )
        for week in weeks
    ]
