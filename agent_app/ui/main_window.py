"""The window: one screen for each phase of the device, and the lock that empties it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from agent_app.engine import commands, events
from agent_app.engine.events import Phase
from agent_app.ui.admissions import Admissions
from agent_app.ui.clipboard import SecretClipboard
from agent_app.ui.dialogs.settings import SettingsDialog
from agent_app.ui.language import in_words
from agent_app.ui.lock_watch import LockWatch
from agent_app.ui.preferences import Preferences
from agent_app.ui.theme import Theme
from agent_app.ui.views.agent_choice import AgentChoice
from agent_app.ui.views.banner import Banners
from agent_app.ui.views.basics import PlainLabel, column, framed
from agent_app.ui.views.desk import DeskView
from agent_app.ui.views.first_run.first_run import FirstRun
from agent_app.ui.views.join_screen import JoinScreen
from agent_app.ui.views.screens import ApprovalScreen, RevokedScreen, Screen, UnlockScreen


class MainWindow(QMainWindow):
    """Owns the screens. Lives on Qt's thread.

    `submit` hands a command to the engine and returns at once; `receive` takes the engine's events, and only they
    change what is shown, with one exception: a lock empties the window at once, whether or not the engine answers.
    """

    def __init__(
        self,
        submit: Callable[[commands.Command], None],
        theme: Theme,
        suggest_passphrase: Callable[[], str],
        preferences: Preferences,
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("Sealdesk")
        self.resize(QSize(theme.px(1240), theme.px(800)))
        self.setMinimumSize(QSize(860, 560))
        theme.setParent(self)
        self._submit, self._theme, self._preferences = submit, theme, preferences
        self.desk: DeskView | None = None
        self._profile = ""  # whose, among the agents of this workstation
        self._connection: events.ConnectionChanged | None = None
        self._phase = events.PhaseChanged(Phase.LOCKED)
        self._locking = False  # locked here, and the engine has yet to say so
        self._obstacle: events.Notice | None = None
        self._page_alarm: events.Notice | None = None
        self._kit_alarm: events.Notice | None = None
        QShortcut(QKeySequence("Ctrl+Shift+K"), self).activated.connect(self._on_new_clinic)
        QShortcut(QKeySequence("Ctrl+,"), self).activated.connect(self._on_settings)
        self._clipboard = SecretClipboard(self)
        self._watch = LockWatch(self)
        self._start = PlainLabel("")
        self._join = JoinScreen(theme, suggest_passphrase)
        self._first_run = FirstRun(theme, self._clipboard, submit, suggest_passphrase)
        self._approval = ApprovalScreen(theme, self._clipboard)
        self._unlock = UnlockScreen(theme)
        self._revoked = RevokedScreen(theme)
        self._agents = AgentChoice()
        self._agents.hide()
        self._screens = QStackedWidget()
        for screen in (self._start, self._join, self._first_run, self._approval, self._unlock, self._revoked):
            self._screens.addWidget(screen)
        self._notices = Banners(theme, "notices", margins=(20, 10, 20, 2))
        self._admissions = Admissions(self._notices, self._watch, submit, self)
        centre = column(self._notices, spacing=8)
        centre.addWidget(self._screens, 1)
        centre.addWidget(self._agents)
        self.setCentralWidget(framed("house", centre))
        for each in self.findChildren(Screen):
            each.offer_settings(self._on_settings)
        self._watch.lock_wanted.connect(self.lock)
        self._watch.presence_changed.connect(self._on_presence_changed)
        self._join.join_wanted.connect(submit)
        self._join.new_clinic_wanted.connect(self._on_new_clinic)
        self._join.recovery_wanted.connect(self._on_recovery)
        self._first_run.join_wanted.connect(self._on_own_join)
        self._first_run.settings_wanted.connect(self._on_settings)
        self._first_run.standing_changed.connect(self._on_administration_changed)
        self._first_run.left.connect(lambda: self._enter(self._phase))
        self._unlock.unlock_wanted.connect(lambda passphrase: self._on_unlock_wanted(commands.Unlock(passphrase)))
        self._agents.agent_wanted.connect(lambda profile: submit(commands.SwitchAgent(profile)))
        self._unlock.pin_wanted.connect(lambda pin: self._on_unlock_wanted(commands.UnlockByPin(pin)))

    def receive(self, event: events.Event) -> None:
        """Takes one event of the engine's."""
        event = in_words(event)
        match event:
            case events.PhaseChanged():
                self._on_phase_changed(event)
            case events.EnrolmentRequested():
                self._approval.show_request(event)
            case events.AgentsListed() | events.MessagesWait():
                self._on_workstation(event)
            case events.UnlockFailed() | events.PinOffered():
                self._unlock.receive(event)
            case events.NoticeRaised(notice, command) if self.desk is None or not self.desk.awaits(command):
                self._show_notice(notice)
            case events.SendingChanged() | events.PageAlarmChanged():
                self._on_alarm_changed(event)
            case events.ConnectionChanged():
                self._connection = event
            case _:
                pass
        self._admissions.receive(event)
        self._first_run.receive(event)
        if self.desk is not None:
            self.desk.receive(event)

    def lock(self) -> None:
        """Empties the window now, and has the engine drop its keys."""
        if self.desk is not None:
            self.desk.keep_draft()
            self._submit(commands.Lock())
            self._locking = True
            self._enter(events.PhaseChanged(Phase.LOCKED, self._phase.clinic, self._phase.agent))

    def _on_settings(self) -> None:
        SettingsDialog(self._preferences, self._theme, self).open()

    def _on_presence_changed(self, here: bool) -> None:
        if self.desk is not None:
            self.desk.presence.follow(here)

    def _on_workstation(self, event: events.AgentsListed | events.MessagesWait) -> None:
        if isinstance(event, events.AgentsListed):
            self._on_agents_listed(event)
            return
        self._agents.show_waiting(event)
        if event.profile == self._profile:
            self._unlock.show_waiting(event)

    def _on_agents_listed(self, event: events.AgentsListed) -> None:
        """Where another agent's profile is looked at now, the name of the one before is not hers."""
        self._agents.show_agents(event)
        if event.current != self._profile:
            self._profile = event.current
            name = next((agent.name for agent in event.agents if agent.profile == event.current), "")
            self._phase = replace(self._phase, agent=name)
            self._join.start()
            self._unlock.start()

    def _on_new_clinic(self) -> None:
        self._agents.hide()
        self._first_run.begin()
        self._screens.setCurrentWidget(self._first_run)

    def _on_kit_made(self) -> None:
        self._first_run.show_kit()
        self._screens.setCurrentWidget(self._first_run)

    def _on_recovery(self) -> None:
        self._agents.hide()
        self._first_run.begin_recovery()
        self._screens.setCurrentWidget(self._first_run)

    def _on_own_join(self, address: str) -> None:
        self._join.prefill(address)
        self._screens.setCurrentWidget(self._join)

    def _on_administration_changed(self, event: events.news.AdministrationChanged) -> None:
        """The red bar stands until somebody has typed words back from the paper."""
        before, self._kit_alarm = self._kit_alarm, self._kit_notice() if event.kit_pending else None
        if before != self._kit_alarm:
            kept = [notice for notice in self._notices.notices if notice != before]
            self._notices.replace(kept if self._kit_alarm is None else [*kept, self._kit_alarm])

    def _kit_notice(self) -> events.Notice:
        return events.Notice(
            events.Severity.ALARM,
            self.tr("The recovery kit is not printed."),
            self.tr("If the administrator’s key is lost, nobody can admit or revoke a device."),
            self.tr("Press Ctrl+Shift+K and type the administrator’s passphrase."),
        )

    def _on_unlock_wanted(self, command: commands.Command) -> None:
        self._locking = False
        self._submit(command)

    def _show_notice(self, notice: events.Notice) -> None:
        if self._screens.currentWidget() is self._join:
            self._join.show_notice(notice)
        else:
            self._unlock.show_notice(notice)
            self._notices.show_notice(notice)

    def _on_alarm_changed(self, event: events.SendingChanged | events.PageAlarmChanged) -> None:
        """Here alarms end, and nowhere else: once what raised them is over. Those of the other origin stay."""
        before = (self._obstacle, self._page_alarm)
        if isinstance(event, events.SendingChanged):
            self._obstacle = event.obstacle
        else:
            self._page_alarm = event.alarm
        others = [
            notice
            for notice in self._notices.notices
            if notice.severity is not events.Severity.ALARM and notice not in before
        ]
        self._notices.replace(
            [*others, *(alarm for alarm in (self._obstacle, self._page_alarm, self._kit_alarm) if alarm is not None)]
        )

    def _on_phase_changed(self, event: events.PhaseChanged) -> None:
        """A locked engine no longer knows its names; and what it said before it heard of a lock opens nothing."""
        if self._locking and event.phase is Phase.UNLOCKED:
            return
        self._locking = False
        clinic, agent = event.clinic or self._phase.clinic, event.agent or self._phase.agent
        self._enter(replace(event, clinic=clinic, agent=agent))

    def _enter(self, event: events.PhaseChanged) -> None:
        self._phase = event
        if event.phase is Phase.UNLOCKED:
            self._open_desk(event)
            return
        self._close_desk()
        if event.phase is not Phase.NEW:
            self._join.forget()
        screens: dict[Phase, QWidget] = {
            Phase.NEW: self._join,
            Phase.AWAITING_APPROVAL: self._approval,
            Phase.LOCKED: self._unlock,
            Phase.REVOKED: self._revoked,
        }
        self._unlock.show_phase(event)
        if event.phase in (Phase.LOCKED, Phase.REVOKED):
            self._first_run.end()
        self._first_run.enter(event.phase)
        led = self._first_run.active and event.phase is not Phase.NEW
        self._agents.setVisible(self._agents.isEnabled() and not led)
        self._screens.setCurrentWidget(self._first_run if led else screens[event.phase])
        if event.phase is Phase.LOCKED:
            self._unlock.focus()

    def _open_desk(self, event: events.PhaseChanged) -> None:
        if self.desk is None:
            self.desk = DeskView(self._theme, self._submit, self._clipboard, event, self._screens)
            self.desk.lock_wanted.connect(self.lock)
            self.desk.settings_wanted.connect(self._on_settings)
            self.desk.kit_wanted.connect(self._on_new_clinic)
            self.desk.kit_made.connect(self._on_kit_made)
            self.desk.recovery_wanted.connect(self._on_recovery)
            self.desk.notice_raised.connect(self._notices.show_notice)
            self._screens.addWidget(self.desk)
            if self._connection is not None:
                self.desk.receive(self._connection)
            self.desk.receive(events.PageAlarmChanged(self._page_alarm))
            self._admissions.begin()
        self.desk.show_role(event.role)
        self._watch.start(event.idle_lock_seconds)
        self._agents.hide()
        self._first_run.enter(event.phase)
        self._screens.setCurrentWidget(self._first_run if self._first_run.active else self.desk)

    def _close_desk(self) -> None:
        """Whatever showed a patient is destroyed, not merely emptied: no field is left that could be forgotten."""
        self._watch.stop()
        self._clipboard.clear()
        self._admissions.end()
        self._notices.keep_alarms()
        if self.desk is not None:
            desk, self.desk = self.desk, None
            self._screens.removeWidget(desk)
            desk.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self.desk is not None:
            self.desk.window_activated()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.desk is not None:
            self.desk.keep_draft()
        self._close_desk()
        super().closeEvent(event)
