"""The figures in the window: asked for by days, shown twice, reached and left by keys."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QComboBox, QDateEdit, QFileDialog, QLabel, QTableWidget
from pytestqt.qtbot import QtBot

from agent_app.engine import commands, events
from agent_app.engine.events import AgentFigures, Counts, DayFigures, FiguresExported, FiguresLoaded, HourFigures, Spans
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.charts import BarChart, count_steps, span_steps
from agent_app.ui.views.desk import DeskView
from tests.ui import samples
from tests.ui.conftest import Recorder
from tests.ui.driving import find, press, text_of

MINUTE = 60_000


def figures(asked: commands.LoadFigures, *, agents: bool = True) -> FiguresLoaded:
    days = tuple(
        DayFigures(asked.first + timedelta(days=number), number + 2, number + 1, number, 1)
        for number in range((asked.last - asked.first).days + 1)
    )
    named = (AgentFigures("Ana <b>Ruiz</b>", Spans(3, 2 * MINUTE, 9 * MINUTE)),) if agents else ()
    hours = tuple(HourFigures(hour, Spans(hour, MINUTE, 4 * MINUTE)) for hour in range(24))
    whole = Spans(12, 40_000, 25 * MINUTE)
    return FiguresLoaded(
        asked.first, asked.last, samples.NOON, Counts(4, 7, 1312, 2), days, whole, whole, hours, named, agents
    )


def opened(qtbot: QtBot, window: MainWindow, engine: Recorder, *, agents: bool = True) -> FiguresLoaded:
    press(qtbot, window, "figuresButton")
    (asked,) = engine.of(commands.LoadFigures)
    assert isinstance(asked, commands.LoadFigures)
    loaded = figures(asked, agents=agents)
    window.receive(loaded)
    return loaded


def cells(window: MainWindow, name: str) -> list[list[str]]:
    table = find(window, name)
    assert isinstance(table, QTableWidget)
    items = [[table.item(line, place) for place in range(table.columnCount())] for line in range(table.rowCount())]
    return [[item.text() for item in line if item is not None] for line in items]


def chart(window: MainWindow, name: str) -> BarChart:
    made = find(window, name)
    assert isinstance(made, BarChart)
    return made


def test_the_last_seven_days_are_asked_for_and_shown(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    loaded = opened(qtbot, window, engine)
    assert (desk.dashboard.isVisible(), desk.list.isVisible()) == (True, False)
    assert (loaded.last - loaded.first).days == 6
    assert loaded.last == date.today()  # noqa: DTZ011 - this workstation's day
    assert "4 waiting  ·  7 claimed  ·  2 of them unverified" in text_of(window, "figuresNow")
    assert "half within 40 s, nine of ten within 25 min (12" in text_of(window, "figuresTold")
    assert cells(window, "daysTable")[0][1:] == ["8", "7", "6", "1"]  # the newest day first
    assert cells(window, "hoursTable")[0] == ["01:00", "1", "1 min", "4 min"]  # hours without anybody are left out
    assert cells(window, "agentsTable") == [["Ana <b>Ruiz</b>", "3", "2 min", "9 min"]]


def test_agents_see_no_figures_of_agents(qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
    opened(qtbot, window, engine, agents=False)
    assert not find(window, "agentsSection").isVisible()
    assert find(window, "agentsHidden").isVisible()


def test_bars_are_walked_by_keys_and_say_what_they_stand_for(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    opened(qtbot, window, engine)
    days = chart(window, "daysChart")
    days.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(days, key)
    assert days.chosen is not None
    assert days.accessibleDescription() == days.chosen.spoken
    assert days.chosen.spoken.endswith(": New 2, Claimed 1, Closed 0, Unverified 1")


def test_a_long_period_is_drawn_by_weeks_and_told_by_days(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    opened(qtbot, window, engine)
    period = find(window, "figuresPeriod")
    assert isinstance(period, QComboBox)
    period.setCurrentIndex(4)
    period.activated.emit(4)
    asked = engine.of(commands.LoadFigures)[-1]
    assert isinstance(asked, commands.LoadFigures)
    assert len(engine.of(commands.LoadFigures)) == 2  # one question, though both days changed
    window.receive(figures(asked))
    assert len(cells(window, "daysTable")) == 365
    days = chart(window, "daysChart")
    qtbot.keyClick(days, Qt.Key.Key_Right)
    assert days.chosen is not None
    assert days.chosen.height == sum(range(2, 9))
    first = find(window, "figuresFirst")
    assert isinstance(first, QDateEdit)
    first.setDate(QDate.currentDate().addDays(1))
    assert len(engine.of(commands.LoadFigures)) == 2  # no such period
    assert "begins before it ends" in text_of(window, "figuresTold")
    assert not find(window, "figuresExport").isEnabled()


def test_an_answer_to_another_question_shows_nothing(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    press(qtbot, window, "figuresButton")
    day = date(2020, 1, 1)
    window.receive(figures(commands.LoadFigures(day, day)))
    assert text_of(window, "figuresNow") == ""


def test_nothing_yet_says_what_to_do(qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
    press(qtbot, window, "figuresButton")
    (asked,) = engine.of(commands.LoadFigures)
    assert isinstance(asked, commands.LoadFigures)
    none = Spans(0, 0, 0)
    window.receive(
        FiguresLoaded(asked.first, asked.last, samples.NOON, Counts(0, 0, 0, 0), (), none, none, (), (), False)
    )
    assert "Choose a longer period" in text_of(window, "figuresTold")


def test_it_is_exported_where_somebody_says(qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
    loaded = opened(qtbot, window, engine)
    press(qtbot, window, "figuresExport")
    chooser = window.findChild(QFileDialog, "exportFiguresDialog")
    assert chooser is not None
    chooser.fileSelected.emit("/tmp/figures.csv")  # noqa: S108 - nothing is written
    chooser.close()
    (asked,) = engine.of(commands.ExportFigures)
    assert isinstance(asked, commands.ExportFigures)
    assert (asked.first, asked.last, asked.path.name) == (loaded.first, loaded.last, "figures.csv")
    window.receive(FiguresExported(asked.path))
    assert "figures.csv" in text_of(window, "figuresTold")


def test_keys_lead_there_and_back(qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert desk.dashboard.isVisible()
    qtbot.keyClick(desk.dashboard, Qt.Key.Key_F5)
    assert len(engine.of(commands.LoadFigures)) == 2
    qtbot.keyClick(desk.dashboard, Qt.Key.Key_Escape)
    assert desk.list.isVisible()


def test_no_label_takes_markup(qtbot: QtBot, window: MainWindow, desk: DeskView) -> None:
    labels = desk.dashboard.findChildren(QLabel)
    assert labels
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


@pytest.mark.parametrize("highest", [0, 1, 5, 7, 48, 1000, 123_456])
def test_lines_of_a_count_reach_above_it(highest: int) -> None:
    steps = count_steps(highest)
    assert steps[0] == 0 <= highest <= steps[-1]
    assert 2 <= len(steps) <= 7


@pytest.mark.parametrize("minutes", [0, 1, 4, 34, 300, 5_000, 90_000])
def test_lines_of_a_span_reach_above_it(minutes: int) -> None:
    steps = span_steps(minutes * MINUTE)
    assert steps[0] == 0 <= minutes * MINUTE <= steps[-1]
    assert 2 <= len(steps) <= 7


def test_who_has_left_the_room_is_told_where_they_are(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    opened(qtbot, window, engine)
    export = commands.ExportFigures(date(2026, 11, 1), date(2026, 11, 2), Path("/nowhere/f.csv"))
    desk.dashboard._on_chosen(export)
    press(qtbot, window, "figuresBack")
    said = events.Notice(events.Severity.WARNING, "The figures were not written.", "The disk is full.", "Make room.")
    window.receive(events.NoticeRaised(said, export))
    assert text_of(window, "bannerHappened") == "The figures were not written."


def test_the_key_that_asked_anew_keeps_the_focus(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    figures = opened(qtbot, window, engine)
    again = find(window, "figuresRefresh")
    again.setFocus()
    qtbot.keyClick(again, Qt.Key.Key_Space)
    assert not again.isEnabled()
    window.receive(figures)
    assert again.hasFocus()
