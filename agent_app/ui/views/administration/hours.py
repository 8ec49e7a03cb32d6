"""The clinic's opening hours, as its log tells them to patients and desks."""

import re
from collections.abc import Callable

from PySide6.QtCore import QLocale, QTimeZone
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit

from agent_app.engine.commands import Command, acts
from agent_app.ui import words
from agent_app.ui.dialogs.sheet import Sheet, field_label
from agent_app.ui.views.administration.section import Section
from agent_app.ui.views.basics import PlainLabel, button, column, row
from agent_app.ui.views.error_line import ErrorLine

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SPANS = re.compile(r"(?:\d{1,2}:\d\d-\d{1,2}:\d\d(?: |$))*", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def are_hours(text: str) -> bool:
    """Whether it looks like the hours of a day; what they mean, the engine judges."""
    return _SPANS.fullmatch(" ".join(text.split())) is not None


def hours_refusal(text: str) -> str:
    return words.tr("“{hours}” are no hours. Write them as 8:00-12:00 13:00-17:00.").format(hours=words.one_line(text))


def zone_field(name: str, title: str) -> QComboBox:
    """Every time zone that Qt knows; this computer's is chosen."""
    made = QComboBox()
    made.setObjectName(name)
    made.view().setObjectName(f"{name}List")
    made.view().setAccessibleName(title)
    made.addItems([bytes(zone.data()).decode() for zone in QTimeZone.availableTimeZoneIds()])
    made.setCurrentText(bytes(QTimeZone.systemTimeZoneId().data()).decode())
    return made


class HoursSection(Section):
    """What somebody has begun to change is kept until it is told, or the log tells other hours."""

    def __init__(self, submit: Callable[[Command], None], show: Callable[[Sheet], None]) -> None:
        super().__init__("hours", "", submit, show)
        self.title = self.tr("Opening hours")
        self.setAccessibleName(self.title)
        self._shown: object = ()
        self._fields = [QLineEdit() for _ in DAYS]
        for day, field in zip(DAYS, self._fields, strict=True):
            field.setObjectName(f"hours-{day}")
            field.setPlaceholderText(self.tr("closed"))
        self._closed = QLineEdit()
        self._closed.setObjectName("hoursClosed")
        self._closed.setPlaceholderText("2026-12-25 2027-01-01")
        self._zone = zone_field("hoursZone", self.tr("Time zone"))
        self._error = ErrorLine("hoursError")
        self._error.watch(*self._fields, self._closed)
        self._save = button(self.tr("Tell these hours…"), "hoursSave", "primary", self._on_save)
        self._arrange()
        self.draw()

    def draw(self) -> None:
        clinic = self.clinic
        self._save.setEnabled(self.may_act and clinic is not None)
        if clinic is None or self._shown == (clinic.hours, clinic.time_zone):
            return
        self._shown, hours = (clinic.hours, clinic.time_zone), clinic.hours
        for field, spans in zip(self._fields, hours.days if hours else ("",) * len(DAYS), strict=True):
            field.setText(spans)
        self._closed.setText(" ".join(hours.closed) if hours else "")
        self._zone.setCurrentText(hours.time_zone if hours else clinic.time_zone)

    def _on_save(self) -> None:
        if fault := next((field for field in self._fields if not are_hours(field.text())), None):
            self._error.refuse(hours_refusal(fault.text()), fault)
            return
        if wrong := next((day for day in self._closed.text().split() if not _DAY.fullmatch(day)), ""):
            why = self.tr("“{day}” is no day. Write each as 2026-12-25.").format(day=words.one_line(wrong))
            self._error.refuse(why, self._closed)
            return
        self._error.clear()
        days = tuple(f"{day} {field.text()}" for day, field in zip(DAYS, self._fields, strict=True))
        act = acts.TellHours(self._zone.currentText(), days, tuple(self._closed.text().split()))
        told = self.tr(
            "While the clinic is closed, patients read in the chat when it opens. The page’s first screen says what "
            "was signed with the page."
        )
        self.confirm(self.tr("Tell these hours?"), told, act, self.tr("Tell these hours"))

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        names = [QLocale().standaloneDayName(day) for day in range(1, len(DAYS) + 1)]
        lines = [*zip(names, self._fields, strict=True)]
        for place, (label, field) in enumerate(
            [*lines, (self.tr("Closed days"), self._closed), (self.tr("Time zone"), self._zone)]
        ):
            name = label[:1].upper() + label[1:]
            grid.addWidget(field_label(name, field), place, 0)
            grid.addWidget(field, place, 1)
        grid.setColumnStretch(1, 1)
        foot = row(self._save)
        foot.addStretch()
        layout = column(spacing=12)
        told = self.tr("Write each day as 8:00-12:00 13:00-17:00, and leave it empty where the clinic is closed.")
        layout.addWidget(PlainLabel(told, "secondary", wrap=True))
        layout.addLayout(grid)
        layout.addWidget(self._error)
        layout.addLayout(foot)
        layout.addStretch()
        self.setLayout(layout)
