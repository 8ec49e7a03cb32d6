"""How the desk looks and speaks at this workstation."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from PySide6.QtWidgets import QComboBox, QWidget

from agent_app.ui.dialogs.sheet import Sheet, field_label
from agent_app.ui.language import Language
from agent_app.ui.preferences import Preferences
from agent_app.ui.theme import Look, TextSize, Theme
from agent_app.ui.views.basics import PlainLabel, button

_Choice = TypeVar("_Choice", bound=StrEnum)


class SettingsDialog(Sheet):
    """Each choice is kept as it is made. Colours change at once; words and sizes with the next start."""

    def __init__(self, preferences: Preferences, theme: Theme, parent: QWidget) -> None:
        super().__init__(self.tr("This workstation"), "settingsDialog", parent)
        self._preferences, self._theme = preferences, theme
        looks = {
            Look.SYSTEM: self.tr("As the system"),
            Look.LIGHT: self.tr("Light"),
            Look.DARK: self.tr("Dark"),
            Look.CONTRAST_LIGHT: self.tr("High contrast, light"),
            Look.CONTRAST_DARK: self.tr("High contrast, dark"),
        }
        # Each language by its own name: whoever needs it may not read the others.
        languages = {
            Language.SYSTEM: self.tr("As the system"),
            Language.ENGLISH: "English",
            Language.SPANISH: "Español",
        }
        sizes = {
            TextSize.NORMAL: self.tr("Normal"),
            TextSize.LARGE: self.tr("Large"),
            TextSize.LARGEST: self.tr("Largest"),
        }
        self._add(self.tr("Language"), "settingsLanguage", languages, preferences.language, self._speak)
        self._add(self.tr("Appearance"), "settingsLook", looks, preferences.look, self._look)
        self._add(self.tr("Text size"), "settingsTextSize", sizes, preferences.text_size, self._size)
        self._restart = PlainLabel("", "strong", "settingsRestart", wrap=True)
        self._restart.hide()
        self.body.addWidget(self._restart)
        told = self.tr("These settings hold for everybody at this workstation.")
        self.body.addWidget(PlainLabel(told, "secondary", wrap=True))
        self.add_buttons(button(self.tr("Close"), "settingsClose", "primary", self.accept))

    def _add(
        self, label: str, name: str, choices: dict[_Choice, str], now: _Choice, chosen: Callable[[_Choice], None]
    ) -> None:
        box = QComboBox()
        box.setObjectName(name)
        for choice, words in choices.items():
            box.addItem(words, choice)
        box.setCurrentIndex(list(choices).index(now))
        box.activated.connect(lambda place: chosen(list(choices)[place]))
        self.body.addWidget(field_label(label, box))
        self.body.addWidget(box)

    def _speak(self, language: Language) -> None:
        self._preferences.language = language
        self._later()

    def _look(self, look: Look) -> None:
        self._preferences.look = look
        self._theme.choose(look)

    def _size(self, size: TextSize) -> None:
        self._preferences.text_size = size
        self._later()

    def _later(self) -> None:
        self._restart.setText(self.tr("This changes when Sealdesk starts again."))
        self._restart.show()
