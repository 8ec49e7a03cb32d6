"""Some days to look at: the last ones, or from one day to another."""

from datetime import date

from PySide6.QtCore import QDate, QLocale, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QWidget

from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.views.basics import row

LONGEST = 366  # days, as the engine has it


class Period(QWidget):
    """Signal: `chosen`, once for whatever somebody changed. `name` begins the names of its fields."""

    chosen = Signal()

    def __init__(self, name: str, begin: int) -> None:
        super().__init__()
        self._last_days = QComboBox()
        self._last_days.setObjectName(f"{name}Period")
        self._last_days.view().setObjectName(f"{name}PeriodList")
        self._last_days.view().setAccessibleName(self.tr("Period"))
        for label, days in (
            (self.tr("Today"), 1),
            (self.tr("Last 7 days"), 7),
            (self.tr("Last 30 days"), 30),
            (self.tr("Last 90 days"), 90),
            (self.tr("Last 12 months"), 365),
            (self.tr("Other days"), 0),
        ):
            self._last_days.addItem(label, days)
        self._last_days.setCurrentIndex(begin)
        self._last_days.activated.connect(lambda _place: self._on_last_days())
        today = QDate.currentDate()
        self._first = self._day(f"{name}First", today.addDays(1 - self._last_days.currentData()))
        self._last = self._day(f"{name}Last", today)
        layout = row(spacing=8)
        for label, field in (
            (self.tr("Period"), self._last_days),
            (self.tr("From"), self._first),
            (self.tr("To"), self._last),
        ):
            layout.addWidget(field_label(label, field))
            layout.addWidget(field)
        self.setLayout(layout)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last, both included."""
        first, last = self._first.date(), self._last.date()
        return date(first.year(), first.month(), first.day()), date(last.year(), last.month(), last.day())

    @property
    def fits(self) -> bool:
        first, last = self.days
        return 0 <= (last - first).days < LONGEST

    @property
    def why_not(self) -> str:
        return self.tr("A period begins before it ends, and is a year at most. Choose other days.")

    def focus(self) -> None:
        self._last_days.setFocus()

    def _on_last_days(self) -> None:
        days = self._last_days.currentData()
        if days:
            today = QDate.currentDate()
            for field, value in ((self._first, today.addDays(1 - days)), (self._last, today)):
                field.blockSignals(True)  # one question, not two
                field.setDate(value)
                field.blockSignals(False)
            self.chosen.emit()

    def _on_day(self) -> None:
        self._last_days.setCurrentIndex(self._last_days.count() - 1)
        self.chosen.emit()

    def _day(self, name: str, day: QDate) -> QDateEdit:
        made = QDateEdit(day)
        made.setObjectName(name)
        made.setCalendarPopup(True)
        made.setDisplayFormat(QLocale().dateFormat(QLocale.FormatType.ShortFormat))
        made.dateChanged.connect(lambda _day: self._on_day())
        return made
