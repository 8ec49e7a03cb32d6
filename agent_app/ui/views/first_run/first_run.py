"""The way from New clinic to a workstation that works: which screen comes when."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from agent_app.engine.commands import Command, acts
from agent_app.engine.events import EnrolmentRequested, Event, Phase, news
from agent_app.ui.clipboard import SecretClipboard
from agent_app.ui.theme import Theme
from agent_app.ui.views.first_run.clinic import ClinicScreen, FinishScreen, OwnApprovalScreen, SelfCheckScreen
from agent_app.ui.views.first_run.kit import KitScreen
from agent_app.ui.views.first_run.opening import OpeningScreen
from agent_app.ui.views.first_run.recover import RecoverScreen


class FirstRun(QStackedWidget):
    """Lives on Qt's thread. `active` from the choice of New clinic until the desk is reached, or a lock.

    Its screens are built when somebody first goes this way, and not at each start of every desk.

    Signals: `join_wanted` with the new clinic's address; `left` when the person goes back or is done;
    `standing_changed` with an AdministrationChanged; `settings_wanted`.
    """

    join_wanted = Signal(str)
    left = Signal()
    standing_changed = Signal(object)
    settings_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        clipboard: SecretClipboard,
        submit: Callable[[Command], None],
        suggest: Callable[[], str],
    ) -> None:
        super().__init__()
        self.setObjectName("firstRun")
        self.active = False
        self._phase = Phase.NEW
        self._standing = news.AdministrationChanged(news.Stage.NONE)
        self._request: EnrolmentRequested | None = None
        self._theme, self._clipboard, self._submit, self._suggest = theme, clipboard, submit, suggest

    def _build(self) -> None:
        if self.count():
            return
        theme, submit, suggest = self._theme, self._submit, self._suggest
        self._clinic, self._finish, self._kit = ClinicScreen(theme, suggest), FinishScreen(theme), KitScreen(theme)
        self._approval, self._check = OwnApprovalScreen(theme), SelfCheckScreen(theme)
        self._recover, self._opening = RecoverScreen(theme, suggest), OpeningScreen(theme, self._clipboard, submit)
        for screen in (
            self._clinic,
            self._finish,
            self._kit,
            self._approval,
            self._check,
            self._recover,
            self._opening,
        ):
            self.addWidget(screen)
            screen.offer_settings(self.settings_wanted.emit)
        for screen in (self._clinic, self._finish, self._approval, self._check, self._recover):
            screen.wanted.connect(submit)
        self._clinic.left.connect(self.end)
        self._check.finished.connect(self._open_doors)
        self._opening.finished.connect(self.end)
        self._recover.left.connect(self.end)
        self._recover.finished.connect(self._after_kit)
        self._kit.answered.connect(lambda answers: submit(acts.ConfirmKit(answers)))
        self._kit.skipped.connect(self._after_kit)
        self._show(self._standing)
        if self._request is not None:
            self._show(self._request)

    def begin(self) -> None:
        self._build()
        self.active = True
        self._clinic.start()
        self._go_on()

    def show_kit(self) -> None:
        """New sheets of the kit, which were asked for elsewhere: printed and confirmed as the first ones."""
        self._build()
        self.active = True
        self.setCurrentWidget(self._kit)

    def begin_recovery(self) -> None:
        self._build()
        self.active = True
        self._recover.start(self._standing.address)
        self.setCurrentWidget(self._recover)

    def end(self) -> None:
        """Leaves no secret on a screen that nobody sees."""
        if self.active:
            self.active = False
            self._clinic.forget()
            self._kit.forget()
            self._recover.forget()
            self._opening.forget()
            self._submit(acts.LockAdministration())
            self.left.emit()

    def enter(self, phase: Phase) -> None:
        self._phase = phase
        if not self.active:
            return
        if phase is Phase.AWAITING_APPROVAL:
            self.setCurrentWidget(self._approval)
        elif phase is Phase.UNLOCKED and self.currentWidget() not in (self._kit, self._recover, self._opening):
            self.setCurrentWidget(self._check)

    def receive(self, event: Event) -> None:
        match event:
            case news.AdministrationChanged():
                self._standing = event
                self.standing_changed.emit(event)
            case EnrolmentRequested():
                self._request = event
            case news.KitMade():
                self._build()  # asked for elsewhere too, whose next step is to show it here
        if self.count():
            self._show(event)

    def _show(self, event: Event) -> None:
        match event:
            case news.AdministrationChanged():
                self._opening.show_clinic(event)
                if self.active and self.currentWidget() in (self._clinic, self._finish):
                    self._go_on()
            case news.RelayChecked():
                self._clinic.show_relay(event)
            case news.KitMade() | news.KitRefused() | news.KitConfirmed():
                self._on_kit(event)
            case news.AdministrationRecovered() if self.active and self.currentWidget() is self._recover:
                self._recover.show_recovered(event)
            case EnrolmentRequested():
                self._approval.show_request(event)
            case news.SelfCheckProgressed():
                self._check.show_progress(event)
            case news.ActFailed():
                self._show_failure(event)
            case _:
                pass
        self._opening.receive(event)

    def _go_on(self) -> None:
        if self._standing.stage is news.Stage.NONE:
            self.setCurrentWidget(self._clinic)
        elif not self._standing.unlocked:
            self.setCurrentWidget(self._finish)
        elif self._standing.kit_pending:
            self._clinic.forget()
            self.setCurrentWidget(self._kit)
            self._submit(acts.MakeKit())
        else:
            self._after_kit()

    def _after_kit(self) -> None:
        self._kit.forget()
        if self._phase is Phase.NEW:
            self.join_wanted.emit(self._standing.address)
        else:
            self.end()

    def _on_kit(self, event: news.KitMade | news.KitRefused | news.KitConfirmed) -> None:
        match event:
            case news.KitMade():
                self._kit.show_kit(event)
            case news.KitRefused():
                self._kit.show_wrong(event)
            case news.KitConfirmed():
                self._after_kit()

    def _open_doors(self) -> None:
        self.setCurrentWidget(self._opening)

    def _show_failure(self, failed: news.ActFailed) -> None:
        screen = self.currentWidget()
        if isinstance(screen, ClinicScreen | FinishScreen | OwnApprovalScreen | SelfCheckScreen | RecoverScreen):
            screen.show_failure(failed)
