"""Where a form says what went wrong: beside the field at fault, or above its buttons."""

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from agent_app.ui import words
from agent_app.ui.views.basics import PlainLabel, restyle

# Codes of refusals about a relay's address as somebody typed it, and about a clinic's, in which its relay is named.
_OF_ORIGIN = ("relay.origin", "relay.origin-in-the-open")
OF_RELAY = (*_OF_ORIGIN, "relay.unreachable", "relay.nonsense")
OF_ADDRESS = (*_OF_ORIGIN, "address.refused", "relay.unknown-clinic")


class ErrorLine(PlainLabel):
    """Hidden until something is refused. It is read aloud; the field at fault is marked, described and has the focus.

    What was typed stays there, and the next change of a field that is watched takes the sentence away.
    """

    def __init__(self, name: str) -> None:
        super().__init__("", "error", name, wrap=True)
        self._fault: QWidget | None = None
        self.hide()

    def watch(self, *fields: QWidget) -> None:
        for field in fields:
            match field:
                case QLineEdit():
                    field.textEdited.connect(self.clear)
                case QPlainTextEdit():
                    field.textChanged.connect(self.clear)
                case QComboBox():
                    field.activated.connect(self.clear)
                case QSpinBox():
                    field.valueChanged.connect(self.clear)
                case QAbstractButton():
                    field.toggled.connect(self.clear)

    def refuse(self, why: str, fault: QWidget) -> None:
        """`fault` is the field at fault, or the button to press again where no field is. It must be enabled by now."""
        self.clear()
        self._fault = fault
        said = words.one_line(why)
        if not isinstance(fault, QAbstractButton):
            restyle(fault, invalid="true")
        fault.setAccessibleDescription(said)
        self.setText(said)
        self.show()
        fault.setFocus()

    def clear(self) -> None:
        """The same sentence is said anew where it comes again."""
        self.setText("")
        self.hide()
        if self._fault is not None:
            restyle(self._fault, invalid="false")
            self._fault.setAccessibleDescription("")
            self._fault = None
