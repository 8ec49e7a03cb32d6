"""The clinic log, one sentence an entry."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from agent_app.engine.commands import Command
from agent_app.ui import words
from agent_app.ui.dialogs.sheet import Sheet, field_label
from agent_app.ui.models.table import Line
from agent_app.ui.views.administration.section import Section
from agent_app.ui.views.basics import PlainLabel, column, row
from agent_app.ui.views.table import Table


class LogSection(Section):
    """The newest entry first."""

    def __init__(self, submit: Callable[[Command], None], show: Callable[[Sheet], None]) -> None:
        super().__init__("clinicLog", "", submit, show)
        self.title = self.tr("Clinic log")
        self.setAccessibleName(self.title)
        heads = self.tr("When"), self.tr("Who"), self.tr("What")
        self.table = Table("clinicLogTable", self.tr("Entries of the clinic log"), heads, (180, 150))
        self._sought = QLineEdit()
        self._sought.setObjectName("clinicLogFilter")
        self._sought.setMaxLength(200)
        self._sought.setPlaceholderText(self.tr("A name, a role, a word"))
        self._sought.textChanged.connect(self.table.lines.narrow)
        self._count = PlainLabel("", "secondary", "clinicLogCount", wrap=True)
        head = row(field_label(self.tr("Filter"), self._sought), self._sought, spacing=8)
        head.setStretch(1, 1)
        layout = column(spacing=10)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._count)
        self.setLayout(layout)

    def draw(self) -> None:
        log = self.clinic.log if self.clinic else ()
        self.table.load(
            Line(len(log) - place, (words.full_time(one.time), one.who, one.text)) for place, one in enumerate(log)
        )
        self._count.setText(
            self.tr(
                "%n entries, each signed and proven from the founding on. Nothing in it can be taken back.",
                "",
                len(log),
            )
        )
