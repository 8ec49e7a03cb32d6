"""In which language the desk speaks: the system's, or the one chosen at this workstation."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from typing import Any

from PySide6.QtCore import QCoreApplication, QDate, QLibraryInfo, QLocale, QTranslator

from agent_app.engine.events import Sentence
from agent_app.ui import resources

_NEVER = frozenset((str, int, bytes, bool, float, type(None)))  # types of what is no sentence and holds none


class Language(StrEnum):
    SYSTEM = ""
    ENGLISH = "en"
    SPANISH = "es"

    @property
    def locale(self) -> QLocale:
        """The system's own where it speaks this language, for its dates and digits; else the language's usual one."""
        system = QLocale.system()
        if self is Language.SYSTEM:
            spoken = system.uiLanguages() or [system.name()]
            known = next((one for one in Language if one and spoken[0].startswith(one.value)), Language.ENGLISH)
            return known.locale
        return system if system.name().startswith(self.value) else QLocale(self.value)


class Interpreter:
    """The translators of one application, for as long as it is kept. Lives on Qt's thread.

    Windows that are already built keep the words they were built with.
    """

    def __init__(self, application: QCoreApplication, language: Language) -> None:
        self._application = application
        self.locale = language.locale
        self.name = self.locale.name().split("_")[0].replace("C", Language.ENGLISH.value)
        QLocale.setDefault(self.locale)
        self._translators = [self._load(resources.path("translations", f"sealdesk_{self.name}.qm").as_posix())]
        if self.name != Language.ENGLISH.value:
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            self._translators.append(self._load(f"{folder}/qtbase_{self.name}.qm"))

    def _load(self, path: str) -> QTranslator:
        translator = QTranslator()
        if not translator.load(path):
            raise FileNotFoundError(f"{path} is missing or damaged: install Sealdesk again.")
        self._application.installTranslator(translator)
        return translator

    def dismiss(self) -> None:
        for translator in self._translators:
            self._application.removeTranslator(translator)
        QLocale.setDefault(QLocale.system())


def in_words(value: Any) -> Any:
    """An event with each of the engine's sentences in the window's language. What people wrote is no Sentence."""
    if type(value) in _NEVER:  # nearly everything, in a list of thousands of rows
        return value
    if isinstance(value, Sentence):
        return _translated(value)
    if isinstance(value, tuple):
        return tuple([in_words(part) for part in value])
    changed = {}
    for name in _parts(value.__class__):
        old = getattr(value, name)
        if type(old) not in _NEVER and (said := in_words(old)) is not old and said != old:
            changed[name] = said
    return replace(value, **changed) if changed else value


@cache
def _parts(kind: type[object]) -> tuple[str, ...]:
    """Names of what in an event may be said; none of anything else."""
    return (
        tuple(each.name for each in fields(kind) if each.init and not _is_mute(each.type)) if is_dataclass(kind) else ()
    )


def _is_mute(kind: object) -> bool:
    return isinstance(kind, type) and kind is not str and (kind in _NEVER or issubclass(kind, Enum))


def _translated(sentence: Sentence) -> str:
    pattern = _of_engine(sentence.pattern)
    if sentence.values:
        return pattern.format(**{name: _said(value) for name, value in sentence.values.items()})
    return pattern


def _said(value: object) -> object:
    if isinstance(value, date):
        return QLocale().toString(QDate(value.year, value.month, value.day), "d MMM yyyy")
    return in_words(value)


def _of_engine(pattern: str) -> str:
    found = QCoreApplication.translate("engine", pattern)
    return pattern if found == pattern else found
