"""A birth date as people of the clinic write it, shown back in words before it is used."""

import re
from collections.abc import Iterator
from datetime import date

from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QLineEdit

from agent_app.ui import words
from agent_app.ui.folding import folded
from agent_app.ui.views.basics import PlainLabel, announce

_OLDEST = 1890
_SPOKEN = (QLocale.Language.English, QLocale.Language.Spanish)
_ISO = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})\W+(?:de )?([a-z]+)\W+(?:de )?(\d{4})", re.ASCII)
_MONTH_FIRST = re.compile(r"([a-z]+)\W+(\d{1,2})\W+(\d{4})", re.ASCII)


def readings(text: str, today: date) -> tuple[date, ...]:
    """The days that `text` can mean, on which somebody who lives today can have been born. In the locale's order first.

    A year has four digits, always: of two, nobody knows the century.
    """
    found = dict.fromkeys(day for day in _days(folded(" ".join(text.split()))) if day and _is_possible(day, today))
    return tuple(found)


def in_words(day: date) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), words.tr("d MMMM yyyy"))


def _days(text: str) -> Iterator[date | None]:
    if read := _ISO.fullmatch(text):
        year, month, day = map(int, read.groups())
        yield _day(year, month, day)
    elif read := _NUMBERS.fullmatch(text):
        first, second, year = map(int, read.groups())
        both = (_day(year, second, first), _day(year, first, second))
        yield from both if _day_comes_first() else reversed(both)
    elif read := _DAY_FIRST.fullmatch(text):
        yield _day(int(read[3]), _month(read[2]), int(read[1]))
    elif read := _MONTH_FIRST.fullmatch(text):
        yield _day(int(read[3]), _month(read[1]), int(read[2]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(name: str) -> int:
    """Of a name, or the beginning of one that is no other's; 0 for none."""
    if len(name) < 3:
        return 0
    spoken = [(QLocale(language), month) for language in _SPOKEN for month in range(1, 13)]
    named = {month for locale, month in spoken if folded(locale.standaloneMonthName(month)).startswith(name)}
    return named.pop() if len(named) == 1 else 0


def _is_possible(day: date, today: date) -> bool:
    return day.year >= _OLDEST and day <= today


def _day_comes_first() -> bool:
    order = QLocale().dateFormat(QLocale.FormatType.ShortFormat)
    return order.find("d") < order.find("M")


class BirthDateField(QLineEdit):
    """`told` stands below it and says which day was understood. Where two could be meant, `refusal` asks once."""

    def __init__(self, name: str, known: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setMaxLength(60)
        example = "27/3/1984" if _day_comes_first() else "3/27/1984"
        told = self.tr("For example {numbers} or {words}")
        self.setPlaceholderText(told.format(numbers=example, words=in_words(date(1984, 3, 27))))
        self.told = PlainLabel("", "caption", f"{name}Told", wrap=True)
        self._asked = ""
        self.textChanged.connect(self._say)
        self.editingFinished.connect(self._announce)
        self.setText(known)
        self._say()

    @property
    def day(self) -> date | None:
        """The day that is meant, as `told` says it."""
        return next(iter(readings(self.text(), words.today())), None)

    @property
    def written(self) -> str:
        """As the protocol writes it; empty where there is none."""
        return self.day.isoformat() if self.day is not None else ""

    def refusal(self) -> str:
        """Why it cannot be used yet, and what to do; empty where it can."""
        meant = readings(self.text(), words.today())
        if not meant:
            return self.tr("Write the birth date with day, month and the year in four digits: {words}.").format(
                words=in_words(date(1984, 3, 27))
            )
        if len(meant) > 1 and self._asked != self.text():
            self._asked = self.text()
            return self.tr("It could be {one} or {other}. Press again for {one}, or write the month as a word.").format(
                one=in_words(meant[0]), other=in_words(meant[1])
            )
        return ""

    def _say(self) -> None:
        day = self.day
        self.told.setText(in_words(day) if day is not None else "")
        self.told.setVisible(day is not None)

    def _announce(self) -> None:
        if self.told.text():
            announce(self.told, self.told.text(), urgent=False)
