"""What an agent chooses for themselves: a PIN, and how they are told of what comes."""

from collections.abc import Callable

from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QSizePolicy, QWidget

from agent_app.engine.commands import Command, SetNotifications, SetPin
from agent_app.engine.events import Event, PreferencesChanged
from agent_app.ui.dialogs.form import Form
from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.views.basics import PlainLabel, button, column, framed, row
from agent_app.ui.views.screens import passphrase_field

PIN_LIMIT = 12  # digits


def pin_field(name: str) -> QLineEdit:
    """Digits only, and hidden."""
    field = passphrase_field(name)
    field.setMaxLength(PIN_LIMIT)
    field.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]*"), field))
    return field


class OwnSettingsDialog(Form):
    """Lives until it is closed; what it shows as set, the engine has said."""

    def __init__(self, preferences: PreferencesChanged, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Your settings"), "ownSettingsDialog", submit, parent, 500)
        self._sound = self._box("ownSettingsSound", self.tr("Play a sound when a message comes"))
        self._undisturbed = self._box(
            "ownSettingsDoNotDisturb", self.tr("Do not disturb: no sound and no notification")
        )
        self._pin, self._again = pin_field("ownSettingsPin"), pin_field("ownSettingsPinAgain")
        self._state = PlainLabel("", "secondary", "ownSettingsPinState", wrap=True)
        self._set = button(self.tr("Set PIN"), "ownSettingsPinSet", "", self._on_pin)
        self._remove = button(
            self.tr("Remove PIN"), "ownSettingsPinRemove", "", lambda: self.ask(SetPin(""), self._remove)
        )
        self.body.addWidget(self._notifications())
        self.body.addWidget(self._pins())
        self.error.watch(self._pin, self._again)
        self.faults = {"": self._pin, "vault.weak-pin": self._pin}
        self.add_buttons(button(self.tr("Close"), "ownSettingsClose", "primary", self.accept))
        for box in (self._sound, self._undisturbed):
            box.clicked.connect(self._on_notifications)
        for field in (self._pin, self._again):
            field.returnPressed.connect(self._on_pin)
        self._show(preferences)

    def receive(self, event: Event) -> None:
        super().receive(event)
        if isinstance(event, PreferencesChanged):
            self._show(event)

    def done_with(self) -> None:
        """What is set now is told by PreferencesChanged."""

    def _show(self, preferences: PreferencesChanged) -> None:
        self._sound.setChecked(preferences.sound)
        self._undisturbed.setChecked(preferences.do_not_disturb)
        self._remove.setVisible(preferences.pin)
        no, yes = self.tr("No PIN is set."), self.tr("A PIN is set. A new one takes its place.")
        self._state.setText(yes if preferences.pin else no)

    def _on_notifications(self) -> None:
        self._submit(SetNotifications(self._sound.isChecked(), self._undisturbed.isChecked()))

    def _on_pin(self) -> None:
        pin, again = self._pin.text(), self._again.text()
        if not pin:
            self.error.refuse(self.tr("Type a PIN of 4 to 12 digits."), self._pin)
        elif pin != again:
            self.error.refuse(self.tr("The two PINs differ. Type both again."), self._pin)
        else:
            self.ask(SetPin(pin), self._set)
        for field in (self._pin, self._again):
            field.setText("")  # not clear(): that could be undone

    def _box(self, name: str, text: str) -> QCheckBox:
        made = QCheckBox(text)
        made.setObjectName(name)
        made.setAccessibleName(text)
        made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)  # beside the words is no target
        return made

    def _notifications(self) -> QFrame:
        told = self.tr("A notification says that something waits, never from whom or what.")
        layout = column(spacing=8, margins=(16, 12, 16, 14))
        layout.addWidget(PlainLabel(self.tr("Notifications"), "caption-strong"))
        for part in (self._sound, self._undisturbed, PlainLabel(told, "secondary", wrap=True)):
            layout.addWidget(part)
        return framed("panel", layout)

    def _pins(self) -> QFrame:
        told = self.tr(
            "Once you have typed your passphrase, the PIN reopens Sealdesk for ten minutes. Then, or after three wrong "
            "PINs, it takes the passphrase again."
        )
        once, twice = column(spacing=6), column(spacing=6)
        for place, text, field in (
            (once, self.tr("New PIN"), self._pin),
            (twice, self.tr("Once more"), self._again),
        ):
            place.addWidget(field_label(text, field))
            place.addWidget(field)
        fields = row(spacing=10)
        fields.addLayout(once)
        fields.addLayout(twice)
        deeds = row(self._set, self._remove, spacing=10)
        deeds.addStretch()
        layout = column(spacing=8, margins=(16, 12, 16, 14))
        layout.addWidget(PlainLabel(self.tr("PIN"), "caption-strong"))
        for part in (PlainLabel(told, "secondary", wrap=True), self._state):
            layout.addWidget(part)
        layout.addLayout(fields)
        layout.addWidget(self.error)
        layout.addLayout(deeds)
        return framed("panel", layout)
