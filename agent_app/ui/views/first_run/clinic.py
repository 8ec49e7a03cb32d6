"""The forms of a founding: the clinic and its administrator's passphrase, the first workstation, the self-check."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from agent_app.engine.commands import acts
from agent_app.engine.events import EnrolmentRequested, Sentence, news
from agent_app.ui import words
from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.theme import Theme
from agent_app.ui.views.administration.hours import are_hours, hours_refusal, zone_field
from agent_app.ui.views.basics import Glyph, PlainLabel, announce, button, restyle, row
from agent_app.ui.views.error_line import OF_RELAY, ErrorLine
from agent_app.ui.views.screens import Screen, passphrase_field


class ClinicScreen(Screen):
    """Signals: `wanted` with an act; `left`. A founding that was cut off is finished here with its passphrase."""

    wanted = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, suggest: Callable[[], str]) -> None:
        super().__init__(theme, "shield", "clinicScreen", 560)
        self._suggest = suggest
        self._name, self._relay = QLineEdit(), QLineEdit()
        self._name.setObjectName("newClinicName")
        self._name.setMaxLength(200)
        self._relay.setObjectName("clinicRelay")
        self._relay.setPlaceholderText("https://relay.example")
        self._relay.editingFinished.connect(self._on_relay_entered)
        self._zone = zone_field("clinicZone", self.tr("Time zone"))
        self._hours = QLineEdit("8:00-17:00")
        self._hours.setObjectName("clinicHoursField")
        self._hours.setPlaceholderText(self.tr("Not told to patients"))
        self._state = PlainLabel("", "caption", "clinicRelayState", wrap=True)
        self._suggested = PlainLabel("", "words", "clinicPassphrase", wrap=True)
        self._written = QCheckBox(self.tr("I have written it down and locked it away"))
        self._written.setObjectName("clinicWritten")
        self._written.setAccessibleName(self._written.text())
        self._error = ErrorLine("clinicError")
        self._error.watch(self._name, self._zone, self._relay, self._hours, self._written)
        self._faults: dict[str, QWidget] = {
            "": self._relay,
            **dict.fromkeys(OF_RELAY, self._relay),
            "limit.exceeded": self._name,
            "hours.unreadable": self._hours,
            "time-zone.unknown": self._zone,
        }
        self._found = button(self.tr("Found the clinic"), "clinicFound", "primary", self._on_found)
        told = self.tr("The administrator’s key is made on this computer, and sealed by the passphrase below.")
        self.card.addWidget(PlainLabel(self.tr("New clinic"), "heading", "clinicTitle"))
        self.card.addWidget(PlainLabel(told, "secondary", wrap=True))
        for label, field in (
            (self.tr("Clinic’s name, as patients know it"), self._name),
            (self.tr("Time zone"), self._zone),
            (self.tr("Open Monday to Friday (other days later, under Administration)"), self._hours),
            (self.tr("Relay’s address"), self._relay),
        ):
            self.card.addWidget(field_label(label, field))
            self.card.addWidget(field)
        for part in (
            self._state,
            PlainLabel(self.tr("Administrator’s passphrase"), "caption-strong"),
            self._suggested,
            self._written,
            self._error,
        ):
            self.card.addWidget(part)
        foot = row(button(self.tr("Back"), "clinicBack", "quiet", self.left.emit), spacing=10)
        foot.addStretch()
        foot.addWidget(self._found)
        self.card.addLayout(foot)

    def start(self) -> None:
        self._suggested.setText(self._suggest())
        self._written.setChecked(False)
        self._error.clear()
        self._found.setEnabled(True)
        self._name.setFocus()

    def forget(self) -> None:
        self._suggested.setText("")

    def show_relay(self, checked: news.RelayChecked) -> None:
        if checked.origin == self._relay.text().strip():
            self._state.setText(words.one_line(checked.problem) or self.tr("The relay answers."))

    def show_failure(self, failed: news.ActFailed) -> None:
        self._found.setEnabled(True)
        self._error.refuse(f"{failed.happened} {failed.means}", self._faults.get(failed.code, self._found))

    def _on_relay_entered(self) -> None:
        if origin := self._relay.text().strip():
            self._state.setText(self.tr("Asking the relay…"))
            self.wanted.emit(acts.CheckRelay(origin))

    def _on_found(self) -> None:
        name, relay = self._name.text().strip(), self._relay.text().strip()
        if not name or not relay:
            why = self.tr("Something is missing.") + " " + self.tr("Fill in name and relay.")
            self._error.refuse(why, self._relay if name else self._name)
        elif not are_hours(open_hours := self._hours.text().strip()):
            self._error.refuse(hours_refusal(open_hours), self._hours)
        elif not self._written.isChecked():
            why = self.tr("Write the passphrase down first.")
            self._error.refuse(f"{why} " + self.tr("Nobody can tell the passphrase to you again."), self._written)
        else:
            self._found.setEnabled(False)
            self._error.clear()
            hours = (f"mon-fri {open_hours}",) if open_hours else ()
            passphrase = self._suggested.text()
            self.wanted.emit(acts.FoundClinic(name, self._zone.currentText(), relay, passphrase, hours))


class FinishScreen(Screen):
    """The administrator's passphrase, for what was begun or put off. Signal: `wanted` with an act."""

    wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "lock", "finishScreen", 460)
        self._field = passphrase_field("finishPassphrase")
        self._error = ErrorLine("finishError")
        self._error.watch(self._field)
        self._field.returnPressed.connect(self._on_open)
        told = self.tr("The founding of this clinic is not finished. Type the administrator’s passphrase to go on.")
        self.card.addWidget(PlainLabel(self.tr("Finish the founding"), "heading", "finishTitle"))
        self.card.addWidget(PlainLabel(told, "secondary", wrap=True))
        for part in (field_label(self.tr("Administrator’s passphrase"), self._field), self._field, self._error):
            self.card.addWidget(part)
        self.card.addWidget(button(self.tr("Go on"), "finishOpen", "primary", self._on_open))

    def show_failure(self, failed: news.ActFailed) -> None:
        self._error.refuse(f"{failed.happened} {failed.means}", self._field)

    def _on_open(self) -> None:
        passphrase = self._field.text()
        self._field.setText("")
        if not passphrase:
            self._error.refuse(self.tr("Type the administrator’s passphrase."), self._field)
        else:
            self._error.clear()
            self.wanted.emit(acts.UnlockAdministration(passphrase))


class OwnApprovalScreen(Screen):
    """The first workstation is this one: its words, and Approve. Signal: `wanted` with an act."""

    wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "shield", "ownApprovalScreen", 460)
        self._request = ""
        self._words = PlainLabel("", "words", "ownWords", wrap=True)
        self._error = ErrorLine("ownError")
        self._approve = button(self.tr("Approve"), "ownApprove", "primary", self._on_approve)
        told = self.tr("These six words stand for this workstation’s keys. Every other one shows its own, to compare.")
        self.card.addWidget(PlainLabel(self.tr("Approve this workstation"), "heading", "ownTitle"))
        for part in (PlainLabel(told, "secondary", wrap=True), self._words, self._error, self._approve):
            self.card.addWidget(part)
        self._approve.setEnabled(False)  # until there is a request to approve

    def show_request(self, asked: EnrolmentRequested) -> None:
        self._request = asked.request
        self._approve.setEnabled(True)
        self._words.setText("\n".join(f"{place}  {word}" for place, word in enumerate(asked.words, 1)))

    def show_failure(self, failed: news.ActFailed) -> None:
        self._approve.setEnabled(True)
        self._error.refuse(f"{failed.happened} {failed.means}", self._approve)

    def _on_approve(self) -> None:
        self._error.clear()
        self._approve.setEnabled(False)
        self.wanted.emit(acts.ApproveDevice(self._request, "administrator"))


class SelfCheckScreen(Screen):
    """Green only when every step is proven. Signals: `wanted` with an act; `finished`."""

    wanted = Signal(object)
    finished = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "shield", "selfCheckScreen", 520)
        self._steps = {
            "relay": self.tr("A demo patient proves the clinic’s log and comes in"),
            "patient": self.tr("Its sealed message is accepted, signed by the relay"),
            "received": self.tr("This desk decrypts it"),
            "answered": self.tr("The patient decrypts this desk’s answer"),
            "receipts": self.tr("The receipts for both are signed and hold"),
            "ended": self.tr("The conversation is ended"),
        }
        self._lines = {
            step: PlainLabel(said, "body", f"selfCheck-{step}", wrap=True) for step, said in self._steps.items()
        }
        self._done = {step: Glyph(theme, "check", "accent", 18) for step in self._steps}
        self._result = PlainLabel("", "strong", "selfCheckResult", wrap=True)
        self._error = ErrorLine("selfCheckError")
        self._run = button(self.tr("Run the self-check"), "selfCheckRun", "primary", self._on_run)
        self._leave = button(self.tr("Go on"), "selfCheckDone", "", self.finished.emit)
        self.card.addWidget(PlainLabel(self.tr("Does a message get through?"), "heading", "selfCheckTitle"))
        for step in self._steps:
            self.card.addLayout(self._line(step))
        self.card.addSpacing(4)
        for part in (self._result, self._error):
            self.card.addWidget(part)
        self.card.addSpacing(4)
        foot = row(self._run, spacing=10)
        foot.addStretch()
        foot.addWidget(self._leave)
        self.card.addLayout(foot)
        self.show_progress(news.SelfCheckProgressed((), ok=False))
        self._run.setEnabled(True)

    def _line(self, step: str) -> QHBoxLayout:
        """A step keeps the place of its tick from the beginning: the words must not move when it is proven."""
        policy = self._done[step].sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._done[step].setSizePolicy(policy)
        line = row(self._done[step], self._lines[step])
        line.setStretch(1, 1)
        return line

    def show_progress(self, told: news.SelfCheckProgressed) -> None:
        for step, tick in self._done.items():
            tick.setVisible(step in told.done)
            done = self.tr("Done: {step}").format(step=self._steps[step])
            self._lines[step].setAccessibleName(done if step in told.done else self._steps[step])
        said = self.tr(
            "A message and its answer went over your relay; this desk opened the one, the demo patient the other, and "
            "the receipts hold. The patients’ page and other workstations were not tried."
        )
        self._result.setText(said if told.ok else "")
        self._result.setVisible(told.ok)
        restyle(self._run, kind="" if told.ok else "primary")
        restyle(self._leave, kind="primary" if told.ok else "")
        self._run.setEnabled(bool(told.ok or told.failure))
        if told.failure:
            self._error.refuse(told.failure, self._run)
        else:
            self._error.clear()
        if told.ok:
            announce(self._result, self._result.text(), urgent=False)

    def show_failure(self, failed: news.ActFailed) -> None:
        self.show_progress(
            news.SelfCheckProgressed((), ok=False, failure=Sentence(f"{failed.happened} {failed.means}"))
        )

    def _on_run(self) -> None:
        self._run.setEnabled(False)
        self.wanted.emit(acts.RunSelfCheck())
