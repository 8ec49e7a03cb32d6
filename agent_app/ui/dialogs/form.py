"""A dialog that asks the engine for something, and stays until that is done."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from agent_app.engine.commands import Command
from agent_app.engine.events import Event
from agent_app.ui.dialogs.sheet import Sheet
from agent_app.ui.views.error_line import ErrorLine
from agent_app.ui.views.request import Request


class Form(Sheet):
    """What is refused is said in `error`, above the buttons unless it has another place; nothing typed is lost.

    `faults` names the field that a refusal is about, by the refusal's code; under "" the one for those without any.
    """

    def __init__(
        self, title: str, name: str, submit: Callable[[Command], None], parent: QWidget, width: int = 460
    ) -> None:
        super().__init__(title, name, parent, width)
        self._submit = submit
        self.faults: dict[str, QWidget] = {}
        self.error = ErrorLine(f"{name.removesuffix('Dialog')}Error")
        self.request = Request(submit, self.error, lambda: self.done_with(), lambda code: self.at_fault(code))

    def add_buttons(self, *buttons: QWidget) -> None:
        if self.error.parentWidget() is None:  # it stands beside no field of its own
            self.body.addWidget(self.error)
        super().add_buttons(*buttons)

    def ask(self, command: Command, pressed: QWidget) -> None:
        self.request.ask(command, pressed)

    def awaits(self, command: object) -> bool:
        return self.request.awaits(command)

    def receive(self, event: Event) -> None:
        self.request.receive(event)

    def at_fault(self, code: str) -> QWidget | None:
        """The field that a refusal of the engine's is about; None where only trying again can help."""
        return self.faults.get(code)

    def done_with(self) -> None:
        """What was asked for is done."""
        self.accept()
