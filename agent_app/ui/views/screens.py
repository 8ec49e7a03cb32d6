"""The screens before the desk: unlock, wait for approval, end of access. They hold nothing of any patient."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from agent_app.engine.events import EnrolmentRequested, MessagesWait, Notice, PhaseChanged, PinOffered, UnlockFailed
from agent_app.ui import words
from agent_app.ui.clipboard import SecretClipboard
from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import Glyph, PlainLabel, button, column, row
from agent_app.ui.views.error_line import ErrorLine
from agent_app.ui.views.qr import QrCode


class Screen(QWidget):
    """A card in the middle of an empty window."""

    def __init__(self, theme: Theme, icon: str, name: str, width: int = 420) -> None:
        super().__init__()
        self.setObjectName(name)
        self.card = QVBoxLayout()
        self.card.setContentsMargins(36, 32, 36, 32)
        self.card.setSpacing(10)
        self.card.addWidget(Glyph(theme, icon, "accent", 36), 0, Qt.AlignmentFlag.AlignLeft)
        frame = QFrame()
        frame.setObjectName("card")
        frame.setFixedWidth(theme.px(width))
        frame.setLayout(self.card)
        middle = row(spacing=0)  # an alignment would keep wrapped lines from asking for their height
        middle.addStretch()
        middle.addWidget(frame)
        middle.addStretch()
        layout = QVBoxLayout()
        layout.addStretch(2)
        layout.addLayout(middle)
        layout.addStretch(3)
        self._layout = layout
        self.setLayout(layout)

    def offer_settings(self, pressed: Callable[[], object]) -> None:
        """Those of the workstation, in the corner. Called once all else is there: the keyboard comes to it last."""
        workstation = button(self.tr("This workstation…"), "workstationButton", "quiet", pressed)
        workstation.setAutoDefault(False)
        foot = row(workstation)
        foot.addStretch()
        self._layout.addLayout(foot)


def passphrase_field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    field.setMaxLength(1024)
    return field


class UnlockScreen(Screen):
    """Asks for the passphrase, or for the PIN while it is offered. Signals: `unlock_wanted`, `pin_wanted` with it."""

    unlock_wanted = Signal(str)
    pin_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "lock", "unlockScreen")
        self._title = PlainLabel(self.tr("Sealdesk is locked"), "heading", "unlockTitle", wrap=True)
        self._who = PlainLabel("", "secondary", "unlockWho", wrap=True)
        self._waiting = PlainLabel("", "strong", "unlockWaiting", wrap=True)
        self._field = passphrase_field("unlockPassphrase")
        self._label = field_label(self.tr("Passphrase"), self._field)
        self._hint = PlainLabel("", "secondary", "unlockHint", wrap=True)
        self._other = button("", "unlockOther", "quiet", lambda: self._ask(by_pin=not self._by_pin))
        self._by_pin = False
        self._error = ErrorLine("unlockError")
        self._button = button(self.tr("Unlock"), "unlockButton", "primary", self._on_unlock)
        self._seconds = 0
        self._asked = False
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._on_second)
        self._field.returnPressed.connect(self._on_unlock)
        for part in (self._title, self._who, self._waiting):
            self.card.addWidget(part)
        self.card.addSpacing(6)
        for widget in (self._label, self._field, self._hint, self._error, self._button, self._other):
            self.card.addWidget(widget)
        self._error.watch(self._field)
        self.show_pin(PinOffered(0))

    def show_phase(self, event: PhaseChanged) -> None:
        names = [words.one_line(part) for part in (event.agent, event.clinic) if part]
        self._who.setText(" · ".join(names))
        self._who.setVisible(bool(names))
        if self._seconds == 0:
            self._set_ready(True)

    def show_waiting(self, event: MessagesWait) -> None:
        """What is not known is said to be so."""
        self._waiting.setText(self._waiting_words(event))
        self._waiting.setVisible(event.count != 0 or event.asked > 0)

    def start(self) -> None:
        """For another agent: no failure, no count and no wait of the one before."""
        self._waiting.hide()
        self._timer.stop()
        self._seconds = 0
        self._error.clear()
        self._set_ready(True)

    def receive(self, event: UnlockFailed | PinOffered) -> None:
        if isinstance(event, PinOffered):
            self.show_pin(event)
        else:
            self.show_failure(event)

    def show_pin(self, offered: PinOffered) -> None:
        """Offers the PIN until it is over."""
        told = self.tr("Your PIN opens Sealdesk until {time}, then it takes the passphrase.")
        self._hint.setText(told.format(time=words.clock_time(offered.until)) if offered.until else "")
        self._other.setVisible(bool(offered.until))
        self._ask(by_pin=bool(offered.until))

    def _ask(self, *, by_pin: bool) -> None:
        """Whatever was typed was meant for the other."""
        self._by_pin = by_pin
        pin, passphrase = self.tr("PIN"), self.tr("Passphrase")
        self._label.setText(pin if by_pin else passphrase)
        self._field.setAccessibleName(pin if by_pin else passphrase)
        self._field.setText("")
        self._hint.setVisible(by_pin)
        self._other.setText(self.tr("Use the passphrase") if by_pin else self.tr("Use the PIN"))
        self._other.setAccessibleName(self._other.text())
        self._field.setFocus()

    def show_failure(self, failure: UnlockFailed) -> None:
        self._field.setText("")
        self._seconds = failure.wait_seconds
        self._set_ready(self._seconds == 0)
        self._error.refuse(words.notice(failure.notice), self._field)
        if self._seconds:
            self._timer.start()
            self._say_wait()

    def show_notice(self, notice: Notice) -> None:
        """An answer to an attempt, when one is under way: then it was not the passphrase that was wrong."""
        if self._asked:
            self.show_failure(UnlockFailed(notice, 0))

    def focus(self) -> None:
        self._field.setFocus()

    def _waiting_words(self, event: MessagesWait) -> str:
        if event.count is None:
            return self.tr("What waits is not known: the relay cannot be reached.")
        if not event.asked:
            return self.tr("%n messages wait, sealed, until you unlock.", "", event.count)
        told = self.tr("%n messages waited at {time}; by now it may be more.", "", event.count)
        nothing = self.tr("Nothing waited at {time}; by now something may.")
        return (told if event.count else nothing).format(time=words.clock_time(event.asked))

    def _on_unlock(self) -> None:
        passphrase = self._field.text()
        if passphrase and self._button.isEnabled():
            self._field.setText("")  # not clear(): that could be undone
            self._error.clear()
            self._set_ready(False)
            self._asked = True
            self._button.setText(self.tr("Unlocking…"))
            (self.pin_wanted if self._by_pin else self.unlock_wanted).emit(passphrase)

    def _on_second(self) -> None:
        self._seconds -= 1
        if self._seconds <= 0:
            self._seconds = 0
            self._timer.stop()
            self._set_ready(True)
        else:
            self._say_wait()

    def _say_wait(self) -> None:
        self._button.setText(self.tr("Wait {seconds} s").format(seconds=self._seconds))

    def _set_ready(self, ready: bool) -> None:
        self._asked = False
        self._button.setEnabled(ready)
        self._field.setEnabled(ready)
        self._button.setText(self.tr("Unlock"))
        if ready:
            self._field.setFocus()


class ApprovalScreen(Screen):
    """Shows the request and its words while an administrator has yet to approve this workstation."""

    def __init__(self, theme: Theme, clipboard: SecretClipboard) -> None:
        super().__init__(theme, "shield", "approvalScreen", 640)
        self._clipboard = clipboard
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(28)
        self._grid.setVerticalSpacing(10)
        self._request = QLineEdit()
        self._request.setObjectName("enrolmentRequest")
        self._request.setReadOnly(True)
        self._copy = button(self.tr("Copy request"), "enrolmentCopy", "", self._on_copy)
        self._words = PlainLabel("", "words", "enrolmentWords", wrap=True)
        self._qr = QVBoxLayout()
        told = self.tr(
            "Call your administrator, and read out these six words: their desk finds this workstation by them. "
            "Tell the words to nobody else."
        )
        self.card.addWidget(PlainLabel(self.tr("Waiting for approval"), "heading", "approvalTitle"))
        self.card.addWidget(PlainLabel(told, "secondary", wrap=True))
        self.card.addSpacing(8)
        beside = row(spacing=24)
        beside.addLayout(self._qr)
        said = column(PlainLabel(self.tr("Words to read out"), "caption-strong"), self._words, spacing=6)
        said.addStretch()
        beside.addLayout(said, 1)
        self.card.addLayout(beside)
        self.card.addWidget(field_label(self.tr("Request, for an administrator who does not see it"), self._request))
        self.card.addLayout(row(self._request, self._copy))

    def show_request(self, event: EnrolmentRequested) -> None:
        self._request.setText(event.request)
        self._request.setCursorPosition(0)
        self._words.setText("\n".join(f"{place}  {word}" for place, word in enumerate(event.words, 1)))
        while (old := self._qr.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.deleteLater()
        self._qr.addWidget(QrCode(event.request, 300, "enrolmentQr", self.tr("QR code of the request")))

    def _on_copy(self) -> None:
        self._clipboard.copy(self._request.text())


class RevokedScreen(Screen):
    """The end: this device may no longer read or write."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "block", "revokedScreen")
        told = self.tr("This workstation’s access was ended by an administrator. It can no longer send or receive.")
        self.card.addWidget(PlainLabel(self.tr("Access has ended"), "heading", "revokedTitle"))
        self.card.addWidget(PlainLabel(told, "secondary", wrap=True))
        self.card.addWidget(PlainLabel(self.tr("Ask your administrator if this is a surprise."), "strong", wrap=True))
