"""Joining a clinic: its address, a name, and a passphrase that opens this workstation."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QSizePolicy, QWidget

from agent_app.engine.commands import Join
from agent_app.engine.events import Notice
from agent_app.ui import words
from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import PlainLabel, button, column, framed, row
from agent_app.ui.views.error_line import OF_ADDRESS, ErrorLine
from agent_app.ui.views.screens import Screen, passphrase_field

NAME_LIMIT = 200  # bytes of UTF-8, docs/protocol.md section 18


class JoinScreen(Screen):
    """Signals: `join_wanted` with the Join command; `new_clinic_wanted`; `recovery_wanted`.

    `suggest` draws a passphrase anew.
    """

    join_wanted = Signal(object)
    new_clinic_wanted = Signal()
    recovery_wanted = Signal()

    def __init__(self, theme: Theme, suggest: Callable[[], str]) -> None:
        super().__init__(theme, "shield", "joinScreen", 540)
        self._suggest = suggest
        self._address = self._line("joinAddress", self.tr("sealdesk-clinic:… as your administrator gave it"))
        self._name = self._line("joinName", self.tr("Your name, as colleagues and patients read it"))
        self._suggested = PlainLabel("", "words", "joinSuggested", wrap=True)
        self._written = self._box("joinWritten", self.tr("I have written it down where only I can read it"))
        self._own = self._box("joinOwn", self.tr("Choose a passphrase of my own"))
        self._passphrase, self._repeat = passphrase_field("joinPassphrase"), passphrase_field("joinRepeat")
        self._error = ErrorLine("joinError")
        self._error.watch(self._address, self._name, self._passphrase, self._repeat, self._written)
        self._faults: dict[str, QWidget] = {
            "": self._address,
            **dict.fromkeys(OF_ADDRESS, self._address),
            "limit.exceeded": self._name,
            "vault.weak-passphrase": self._passphrase,
            "vault.long-passphrase": self._passphrase,
        }
        self._button = button(self.tr("Join"), "joinButton", "primary", self._on_join)
        self._offer = self._make_offer()
        self._choice = self._make_choice()
        self._lay_out()
        for field in (self._address, self._name, self._passphrase, self._repeat):
            field.returnPressed.connect(self._on_join)
        self._own.toggled.connect(self._on_own_toggled)
        self.start()

    def start(self) -> None:
        """Empties the screen and draws a passphrase."""
        self._passphrase.setText("")
        self._repeat.setText("")
        self._written.setChecked(False)
        self._suggested.setText(self._suggest())
        self._on_own_toggled(self._own.isChecked())
        self._error.clear()
        self._set_ready(True)

    def prefill(self, address: str) -> None:
        self._address.setText(address)
        self._name.setFocus()

    def forget(self) -> None:
        """The passphrase has done its work and must not stay on a screen that nobody sees."""
        self._passphrase.setText("")
        self._repeat.setText("")
        self._suggested.setText("")

    def show_notice(self, notice: Notice) -> None:
        self._set_ready(True)
        fault = self._faults.get(notice.code, self._button)
        self._error.refuse(words.notice(notice), fault if fault.isVisibleTo(self) else self._button)

    def _on_join(self) -> None:
        address, name = self._address.text().strip(), self._name.text().strip()
        own = self._own.isChecked()
        passphrase = self._passphrase.text() if own else self._suggested.text()
        if not address:
            self._error.refuse(self.tr("Paste the clinic’s address. Your administrator has it."), self._address)
        elif not name or len(name.encode()) > NAME_LIMIT:
            too_long, missing = self.tr("This name is too long. Shorten it."), self.tr("Write your name.")
            self._error.refuse(too_long if name else missing, self._name)
        elif own and passphrase != self._repeat.text():
            self._error.refuse(self.tr("The two passphrases differ. Type both again."), self._repeat)
        elif own and not passphrase:
            self._error.refuse(self.tr("Type a passphrase, or take the suggested one."), self._passphrase)
        elif not own and not self._written.isChecked():
            why = self.tr("Write the passphrase down first: nobody can tell it to you again.")
            self._error.refuse(why, self._written)
        else:
            self._error.clear()
            self._set_ready(False)
            self.join_wanted.emit(Join(address, name, passphrase))

    def _set_ready(self, ready: bool) -> None:
        self._button.setEnabled(ready)
        self._button.setText(self.tr("Join") if ready else self.tr("Making this workstation’s keys…"))

    def _on_own_toggled(self, own: bool) -> None:
        self._offer.setVisible(not own)
        self._choice.setVisible(own)
        self._error.clear()

    def _line(self, name: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        field.setPlaceholderText(hint)
        field.setMaxLength(4096)
        return field

    def _box(self, name: str, text: str) -> QCheckBox:
        made = QCheckBox(text)
        made.setObjectName(name)
        made.setAccessibleName(text)
        made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)  # beside the words is no target
        return made

    def _make_offer(self) -> QFrame:
        another = button(self.tr("Another"), "joinAnother", "quiet", lambda: self._suggested.setText(self._suggest()))
        line = row(self._suggested, another)
        line.setStretch(0, 1)
        layout = column(spacing=8, margins=(16, 12, 12, 12))
        layout.addLayout(line)
        layout.addWidget(self._written)
        return framed("panel", layout)

    def _make_choice(self) -> QWidget:
        made = QWidget()
        made.setLayout(
            column(
                self._passphrase,
                field_label(self.tr("Once more"), self._repeat),
                self._repeat,
                spacing=8,
            )
        )
        self._passphrase.setAccessibleName(self.tr("Passphrase"))
        return made

    def _lay_out(self) -> None:
        told = self.tr("This workstation makes its own keys. They never leave it; the passphrase seals them.")
        self.card.addWidget(PlainLabel(self.tr("Join a clinic"), "heading", "joinTitle"))
        self.card.addWidget(PlainLabel(told, "secondary", wrap=True))
        self.card.addSpacing(6)
        for part in (
            field_label(self.tr("Clinic address"), self._address),
            self._address,
            field_label(self.tr("Your name"), self._name),
            self._name,
            PlainLabel(self.tr("Passphrase"), "caption-strong"),
            self._offer,
            self._choice,
            self._own,
            self._error,
            self._button,
            button(self.tr("Found a new clinic…"), "newClinic", "quiet", self.new_clinic_wanted.emit),
            button(self.tr("Recover a lost administrator’s key…"), "recoverKey", "quiet", self.recovery_wanted.emit),
        ):
            self.card.addWidget(part)
