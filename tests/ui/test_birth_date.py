"""Birth dates as people write them: in the order of their place, with a month's name, and never guessed unseen."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from agent_app.engine.identifying import BirthDateRefused
from agent_app.ui.views.birth_date import BirthDateField, in_words, readings

TODAY = date(2026, 11, 24)
BORN = date(1984, 3, 27)
US, SPAIN, BRITAIN = "en_US", "es_ES", "en_GB"


@pytest.fixture(autouse=True)
def back() -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize("locale", [US, SPAIN, BRITAIN])
@pytest.mark.parametrize(
    "text",
    [
        "1984-03-27",
        "1984/3/27",
        " 27/03/1984 ",
        "27.3.1984",
        "3/27/1984",
        "27 March 1984",
        "March 27, 1984",
        "27 mar 1984",
        "27 de marzo de 1984",
        "27 MARZO 1984",
    ],
)
def test_what_can_be_one_day_only_is_that_day(locale: str, text: str) -> None:
    QLocale.setDefault(QLocale(locale))
    assert readings(text, TODAY) == (BORN,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "27.3.84",
        "1984-02-30",
        "31/4/1984",
        "13/13/1984",
        "27 ma 1984",
        "27 blue 1984",
        "1984",
        "1889-12-31",
        "2026-11-25",
        "1984-03-27 or so",
        "٢٧/٣/١٩٨٤",
    ],
)
def test_what_is_no_birth_date_is_none(text: str) -> None:
    assert readings(text, TODAY) == ()


@pytest.mark.parametrize(("locale", "first"), [(US, date(1984, 3, 4)), (SPAIN, date(1984, 4, 3))])
def test_of_two_days_the_place_says_which_comes_first(locale: str, first: date) -> None:
    QLocale.setDefault(QLocale(locale))
    assert readings("3/4/1984", TODAY)[0] == first
    assert set(readings("3/4/1984", TODAY)) == {date(1984, 3, 4), date(1984, 4, 3)}


@given(st.dates(date(1890, 1, 1), TODAY), st.sampled_from([US, SPAIN]))
def test_what_is_shown_can_be_typed_again(day: date, locale: str) -> None:
    QLocale.setDefault(QLocale(locale))
    assert readings(in_words(day), TODAY) == (day,)
    assert readings(day.isoformat(), TODAY) == (day,)
    assert day in readings(QLocale().toString(day, "d/M/yyyy"), TODAY)


@given(st.text(max_size=60))
def test_nothing_that_is_typed_does_harm(text: str) -> None:
    assert len(readings(text, TODAY)) <= 2


def test_the_day_is_shown_before_it_is_used_and_asked_for_where_two_are_meant(qtbot: QtBot) -> None:
    QLocale.setDefault(QLocale(US))
    field = BirthDateField("birth")
    qtbot.addWidget(field)
    qtbot.keyClicks(field, "27/3/1984")
    assert (field.told.text(), field.refusal(), field.written) == ("27 March 1984", "", "1984-03-27")
    field.setText("3/4/1984")
    assert field.told.text() == "4 March 1984"
    why = field.refusal()
    assert "4 March 1984" in why
    assert "3 April 1984" in why
    assert field.refusal() == "", "asked once"
    assert field.written == "1984-03-04"
    field.setText("4/3/1984")
    assert field.refusal(), "another text is asked for anew"
    field.setText("27.3.84")
    assert "four digits" in field.refusal()
    assert (field.told.text(), field.written) == ("", "")


def test_the_form_that_a_refusal_of_the_engine_shows_is_taken_here_too() -> None:
    shown = BirthDateRefused.action.split("such as ")[1].removesuffix(".")
    assert readings(shown, date(2026, 11, 24)) == (date(1984, 3, 27),)
