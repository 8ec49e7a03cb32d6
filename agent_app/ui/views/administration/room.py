"""The administrator's room: devices, staff, policy, opening hours, relay and page, the clinic log, recovery."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from agent_app.engine import commands, events
from agent_app.engine.commands import acts
from agent_app.engine.events import news
from agent_app.ui import words
from agent_app.ui.dialogs.administration import ActDialog, SheetsDialog
from agent_app.ui.dialogs.breach_scope import BreachScopeDialog
from agent_app.ui.dialogs.sheet import Sheet
from agent_app.ui.views.administration.devices import DevicesSection
from agent_app.ui.views.administration.hours import HoursSection
from agent_app.ui.views.administration.log import LogSection
from agent_app.ui.views.administration.policy import PolicySection
from agent_app.ui.views.administration.section import Section
from agent_app.ui.views.administration.staff import StaffSection
from agent_app.ui.views.administration.standing import RecoverySection, RelaySection
from agent_app.ui.views.basics import PlainLabel, button, column, row


class AdministrationRoom(QWidget):
    """Lives on Qt's thread, from unlock to lock. It asks anew when it is shown; the key is locked when it is left.

    Signals: `left`; `kit_wanted`, `kit_made` and `recovery_wanted`, whose screens are the first run's.
    """

    left = Signal()
    kit_wanted = Signal()
    kit_made = Signal()
    recovery_wanted = Signal()

    def __init__(self, submit: Callable[[commands.Command], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("administration")
        self.setAccessibleName(self.tr("Administration"))
        self._submit = submit
        self._dialog: Sheet | None = None
        self._standing = news.AdministrationChanged(news.Stage.NONE)
        recovery = RecoverySection(submit, self._show)
        recovery.kit_wanted.connect(self.kit_wanted)
        recovery.recovery_wanted.connect(self.recovery_wanted)
        self._devices = DevicesSection(submit, self._show)
        self._sections: list[Section] = [
            self._devices,
            StaffSection(submit, self._show),
            PolicySection(submit, self._show),
            HoursSection(submit, self._show),
            RelaySection(submit, self._show),
            LogSection(submit, self._show),
            recovery,
        ]
        self._tabs: list[QPushButton] = []
        self._place = QStackedWidget()
        self._key = PlainLabel("", "secondary", "administrationKey", wrap=True)
        self._told = PlainLabel("", "strong", "administrationTold", wrap=True)
        self._lock = button(self.tr("Lock the key"), "administrationLock", "quiet", self._on_lock)
        self._arrange()

    def begin(self) -> None:
        """Locks the key, which tells how it stands, and asks for the clinic."""
        self._told.setText("")
        self._told.hide()
        self._submit(acts.LockAdministration())
        self._submit(commands.LoadClinic())
        self._tabs[self._place.currentIndex()].setFocus()

    def receive(self, event: events.Event) -> None:
        match event:
            case news.AdministrationChanged():
                self._standing = event
                self._show_key()
            case news.ClinicLoaded():
                for section in self._sections:
                    section.show_clinic(event)
            case news.RequestsWaiting():
                self._devices.show_waiting(event)
                self._tabs[0].setText(words.counted(self._devices.title, len(event.requests)))
            case news.LogVouched():
                self._submit(commands.LoadClinic())
            case news.BreachScopeReported():
                self._show(BreachScopeDialog(event, self))
            case _:
                self._tell(event)
        if isinstance(self._dialog, SheetsDialog) and isinstance(event, news.KitMade):
            self._dialog.accept()
            self.kit_made.emit()
        elif isinstance(self._dialog, SheetsDialog | ActDialog):
            self._dialog.receive(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._on_left()
        elif event.key() == Qt.Key.Key_F5:
            self._submit(commands.LoadClinic())
        else:
            super().keyPressEvent(event)

    # Inside

    def _show_key(self) -> None:
        standing = self._standing
        here = standing.stage is news.Stage.FOUNDED
        if not here:
            told = self.tr("The administrator’s key is not on this workstation: changes are made where it is.")
        elif standing.unlocked:
            told = self.tr("The administrator’s key is open until you leave this room.")
        else:
            told = self.tr("The administrator’s key is locked. Each change asks for its passphrase.")
        self._key.setText(told)
        self._lock.setVisible(here and standing.unlocked)
        for section in self._sections:
            section.show_key(standing)

    def _tell(self, event: events.Event) -> None:
        """What followed from the last act."""
        match event:
            case news.LogGrew():
                self._told.setText("")
            case news.DeviceApproved(name, role, _):
                told = self.tr("{name} is admitted as {role}.")
                self._told.setText(told.format(name=words.one_line(name), role=words.role(role)))
            case news.SecondNeeded():
                told = self.tr(
                    "From now on two people must vouch for who is a member: desks send nothing until that desk has "
                    "been opened once. Have it unlocked now."
                )
                self._told.setText(f"{self._told.text()} {told}".strip())
        self._told.setVisible(bool(self._told.text()))

    def _show(self, dialog: Sheet) -> None:
        if self._dialog is not None:
            self._dialog.close()
        self._dialog = dialog
        dialog.finished.connect(lambda: self._forget(dialog))
        dialog.open()

    def _forget(self, dialog: Sheet) -> None:
        if self._dialog is dialog:
            self._dialog = None

    def _on_lock(self) -> None:
        self._tabs[self._place.currentIndex()].setFocus()  # the button goes
        self._submit(acts.LockAdministration())

    def _on_left(self) -> None:
        self._submit(acts.LockAdministration())
        self.left.emit()

    def _choose(self, place: int) -> None:
        self._tabs[place].setChecked(True)
        self._place.setCurrentIndex(place)

    def _arrange(self) -> None:
        line = row(PlainLabel(self.tr("Administration"), "heading", "administrationTitle"), spacing=10)
        line.addStretch()
        line.addWidget(button(self.tr("Back to the conversations"), "administrationBack", "", self._on_left))
        tabs = row(spacing=2)
        for place, section in enumerate(self._sections):
            self._place.addWidget(section)
            tab = button(section.title, f"{section.objectName()}Tab", "tab", partial(self._choose, place))
            tab.setCheckable(True)
            tab.setAutoExclusive(True)
            tab.setToolTip(f"Alt+{place + 1}")
            QShortcut(QKeySequence(f"Alt+{place + 1}"), self, partial(self._choose, place))
            self._tabs.append(tab)
            tabs.addWidget(tab)
        tabs.addStretch()
        key = row(self._key, self._lock, spacing=10)
        key.setStretch(0, 1)
        layout = column(spacing=12, margins=(24, 16, 24, 16))
        layout.addLayout(line)
        layout.addLayout(key)
        layout.addWidget(self._told)
        layout.addLayout(tabs)
        layout.addWidget(self._place, 1)
        self._told.hide()
        self._lock.hide()
        self._choose(0)
        self.setLayout(layout)
