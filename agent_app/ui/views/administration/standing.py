"""How relay, log and page stand, and what there is for the day on which the administrator's key is lost."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from agent_app.engine.commands import Command, acts
from agent_app.engine.events import news
from agent_app.ui import words
from agent_app.ui.dialogs.administration import SheetsDialog
from agent_app.ui.dialogs.sheet import Sheet
from agent_app.ui.views.administration.section import Section
from agent_app.ui.views.basics import PlainLabel, button, column, framed, row


class RelaySection(Section):
    """As this desk saw it last: the relay and its key, who vouches for the log, and the patients' page."""

    def __init__(self, submit: Callable[[Command], None], show: Callable[[Sheet], None]) -> None:
        super().__init__("relayState", "", submit, show)
        self.title = self.tr("Relay and page")
        self.setAccessibleName(self.title)
        self._relay = PlainLabel("", "body", "relayTold", wrap=True)
        self._log = PlainLabel("", "body", "logTold", wrap=True)
        self._page = PlainLabel("", "body", "pageTold", wrap=True)
        self._vouch = button(self.tr("Vouch for the log now…"), "relayVouch", "", self._on_vouch)
        layout = column(spacing=12)
        for heading, part in (
            (self.tr("Relay"), self._relay),
            (self.tr("Who vouches for the clinic log"), self._log),
            (self.tr("Patients’ page"), self._page),
        ):
            inside = column(PlainLabel(heading, "title"), part, spacing=6, margins=(16, 12, 16, 12))
            if part is self._log:
                inside.addLayout(_left(self._vouch))
            panel = framed("panel", inside)
            panel.setAccessibleName(heading)
            layout.addWidget(panel)
        layout.addStretch()
        self.setLayout(layout)
        self.draw()

    def draw(self) -> None:
        self._vouch.setEnabled(self.may_act)
        if (clinic := self.clinic) is None:
            return
        told = self.tr("{origin}\nIts key, which the clinic log names: {key}\nClinic’s fingerprint: {fingerprint}")
        self._relay.setText(
            told.format(origin=words.one_line(clinic.relay), key=clinic.relay_key, fingerprint=clinic.fingerprint)
        )
        vouched = (
            self.tr("Enough people vouched for it last on {time}.").format(time=words.full_time(clinic.vouched))
            if clinic.vouched
            else self.tr("Too few people have vouched for it: desks send nothing.")
        )
        self._log.setText("\n".join((vouched, *clinic.alarms)))
        lines = (words.one_line(clinic.page), *self._looked(clinic), clinic.page_alarm)
        self._page.setText("\n".join(line for line in lines if line))

    def _looked(self, clinic: news.ClinicLoaded) -> Iterator[str]:
        """When this desk saw the page, and what it can say by that: nothing of a page that it never saw."""
        seen, missed = (words.full_time(time) if time else "" for time in (clinic.page_seen, clinic.page_missed))
        if not seen and not missed:
            yield self.tr("This desk has not looked at it yet. Whether it is the right one is not known.")
        elif not seen:
            yield self.tr("This desk has never reached it, and has tried since {time}.").format(time=missed)
        else:
            yield self.tr("Last looked at on {time}.").format(time=seen)
            if not clinic.page_alarm:
                yield self.tr("No alarm stands.")
            if missed:
                yield self.tr("Not reached again since {time}.").format(time=missed)

    def _on_vouch(self) -> None:
        told = self.tr("Your word, as of now, that the clinic log which this workstation sees is the right one.")
        self.confirm(self.tr("Vouch for the log?"), told, acts.VouchForLog(), self.tr("Vouch"))


class RecoverySection(Section):
    """The state of the kit, and the two ways on. Signals: `kit_wanted`, `recovery_wanted`."""

    kit_wanted = Signal()
    recovery_wanted = Signal()

    def __init__(self, submit: Callable[[Command], None], show: Callable[[Sheet], None]) -> None:
        super().__init__("recovery", "", submit, show)
        self.title = self.tr("Recovery")
        self.setAccessibleName(self.title)
        self._state = PlainLabel("", "body", "recoveryState", wrap=True)
        self._print = button(self.tr("Print the recovery kit…"), "recoveryPrint", "primary", self.kit_wanted.emit)
        self._anew = button(self.tr("Print it anew…"), "recoveryAnew", "", self._on_anew)
        self._recover = button(self.tr("Recover with both sheets…"), "recoveryBegin", "", self.recovery_wanted.emit)
        told = self.tr(
            "With both sheets a new administrator’s key is made. The old one counts for nothing from then on, and "
            "every desk is told. One sheet alone opens nothing."
        )
        kit = column(PlainLabel(self.tr("Recovery kit"), "title"), self._state, spacing=6, margins=(16, 12, 16, 12))
        kit.addLayout(_left(self._print, self._anew))
        lost = column(
            PlainLabel(self.tr("The administrator’s key is lost"), "title"),
            PlainLabel(told, "secondary", wrap=True),
            spacing=6,
            margins=(16, 12, 16, 12),
        )
        lost.addLayout(_left(self._recover))
        layout = column(spacing=12)
        layout.addWidget(framed("panel", kit))
        layout.addWidget(framed("panel", lost))
        layout.addStretch()
        self.setLayout(layout)
        self.draw()

    def draw(self) -> None:
        pending = self.standing.kit_pending
        self._print.setVisible(self.may_act and pending)
        self._anew.setVisible(self.may_act and not pending)
        if not self.may_act:
            told = self.tr("The kit was made where the administrator’s key is; nothing of it is on this workstation.")
        elif pending:
            told = self.tr("Not printed yet, or nobody has typed words back from the paper.")
        else:
            told = self.tr("Printed and confirmed. It is on the two sheets of paper and nowhere else.")
        self._state.setText(told)

    def _on_anew(self) -> None:
        self.bring_up(SheetsDialog(self.submit, self))


def _left(*buttons: QPushButton) -> QHBoxLayout:
    line = row(*buttons)
    line.addStretch()
    return line
