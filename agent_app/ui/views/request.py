"""What a form asks the engine for, from the press of its button to the answer."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from agent_app.engine.commands import Command
from agent_app.engine.events import CommandDone, Event, NoticeRaised
from agent_app.ui import words
from agent_app.ui.views.error_line import ErrorLine


class Request:
    """One command at a time. Its refusal is said in `error`, at the field which `fault` names for the refusal's code,
    or at what was pressed: there is nothing to correct then, only to try again.

    `done` is called when the engine says that it is done; until then nothing that was typed may go.
    """

    def __init__(
        self,
        submit: Callable[[Command], None],
        error: ErrorLine,
        done: Callable[[], object],
        fault: Callable[[str], QWidget | None],
    ) -> None:
        self._submit, self._error, self._done, self._fault = submit, error, done, fault
        self._pressed: QWidget | None = None
        self._went_to: QWidget | None = None  # where the focus went when what had it was made to wait
        self.command: Command | None = None

    def ask(self, command: Command, pressed: QWidget) -> None:
        """`pressed` waits for the answer."""
        self.end()  # of two, only the last is waited for
        self._error.clear()
        self.command, self._pressed = command, pressed
        had_focus = pressed.hasFocus()
        pressed.setEnabled(False)
        self._went_to = pressed.window().focusWidget() if had_focus else None
        self._submit(command)

    def awaits(self, command: object) -> bool:
        return command is not None and command is self.command

    def receive(self, event: Event) -> None:
        match event:
            case CommandDone(command) if self.awaits(command):
                self.end()
                self._done()
            case NoticeRaised(notice, command) if self.awaits(command) and self._pressed is not None:
                self.end()
                self._error.refuse(words.notice(notice), self._fault(notice.code) or self._pressed)
            case _:
                pass

    def end(self) -> None:
        """Answered, by whatever event."""
        self.command = None
        if self._pressed is not None:
            self._pressed.setEnabled(True)
            if self._went_to is not None and self._went_to is self._pressed.window().focusWidget():
                self._pressed.setFocus()  # nobody has gone elsewhere meanwhile
            self._went_to = None
