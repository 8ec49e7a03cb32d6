"""Whether one is available, and which colleagues are."""

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from agent_app.engine.commands import Command, SetPresence
from agent_app.engine.events import PresenceChanged
from agent_app.ui import words
from agent_app.ui.views.basics import button


class PresenceMenu:
    """A button in the status line, and its menu: two states to choose, one's settings, and each colleague's state."""

    def __init__(self, submit: Callable[[Command], None], parent: QWidget, on_settings: Callable[[], None]) -> None:
        self._submit = submit
        self._available = True
        self._left = False  # by nobody's choice: there was no sign of life
        self._menu = QMenu(parent)
        self._menu.setObjectName("presenceItems")
        self._here = self._choice(words.tr("Available"), "presenceAvailable", True)
        self._away = self._choice(words.tr("Away"), "presenceAway", False)
        settings = self._menu.addAction(words.tr("Your settings…"), on_settings)
        settings.setObjectName("presenceSettings")
        self._menu.addSeparator()
        self._colleagues: list[QAction] = []
        self.button: QPushButton = button(words.tr("Available"), "presenceMenu", "quiet")
        self.button.setMenu(self._menu)

    def follow(self, here: bool) -> None:
        """Away while nobody touches anything, and back. Whoever chose to be away stays so."""
        if self._left if here else self._available:
            self._left = not here
            self._submit(SetPresence(here))

    def show_for(self, event: PresenceChanged) -> None:
        state = words.tr("Available") if event.available else words.tr("Away")
        self._available = event.available
        self.button.setText(state)
        self.button.setAccessibleName(words.tr("Your state: {state}").format(state=state))
        self._here.setChecked(event.available)
        self._away.setChecked(not event.available)
        for action in self._colleagues:
            self._menu.removeAction(action)
        names = {"available": words.tr("Available"), "away": words.tr("Away"), "offline": words.tr("Not here")}
        self._colleagues = [
            self._menu.addAction(f"{words.one_line(one.name)} · {names[one.state]}") for one in event.colleagues
        ]
        for action in self._colleagues:
            action.setEnabled(False)

    def _choice(self, label: str, name: str, available: bool) -> QAction:
        made = self._menu.addAction(label, lambda: self._submit(SetPresence(available)))
        made.setObjectName(name)
        made.setCheckable(True)
        return made
