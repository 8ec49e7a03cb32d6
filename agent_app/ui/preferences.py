"""What is chosen by hand at this workstation, for everybody who uses it: nothing about a person or a patient."""

from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSettings

from agent_app.ui.language import Language
from agent_app.ui.theme import Look, TextSize

_Choice = TypeVar("_Choice", bound=StrEnum)


class Preferences:
    """Kept in a small file beside the profiles. Lives on Qt's thread. What the file should not say counts as unsaid."""

    def __init__(self, path: Path) -> None:
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def language(self) -> Language:
        return self._read("language", Language.SYSTEM)

    @language.setter
    def language(self, chosen: Language) -> None:
        self._write("language", chosen)

    @property
    def look(self) -> Look:
        return self._read("look", Look.SYSTEM)

    @look.setter
    def look(self, chosen: Look) -> None:
        self._write("look", chosen)

    @property
    def text_size(self) -> TextSize:
        return self._read("text-size", TextSize.NORMAL)

    @text_size.setter
    def text_size(self, chosen: TextSize) -> None:
        self._write("text-size", chosen)

    def _read(self, name: str, usual: _Choice) -> _Choice:
        said = self._settings.value(name, usual.value)
        known = {one.value: one for one in type(usual)}
        return known.get(said, usual) if isinstance(said, str) else usual

    def _write(self, name: str, chosen: StrEnum) -> None:
        self._settings.setValue(name, chosen.value)
        self._settings.sync()
