"""The audit logs in the window: for whom, what stands out, and the signature."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QTableView
from pytestqt.qtbot import QtBot

from agent_app.engine import commands
from agent_app.engine.events import AuditRow, Happening, ReviewLoaded, ReviewSigned
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.desk import DeskView
from tests.ui import samples
from tests.ui.conftest import UNLOCKED, Recorder
from tests.ui.driving import find, press, text_of

VIEWED = AuditRow(samples.NOON, "<b>Ben</b>", "A conversation was viewed.", "c07d12aa", "Viewed without a claim.")
UNLOCKED_THERE = AuditRow(samples.NOON - 1, "Ana Ruiz", "The desk was unlocked.", "", "")


def loaded(engine: Recorder, **changes: object) -> ReviewLoaded:
    asked = engine.of(commands.LoadReview)[-1]
    assert isinstance(asked, commands.LoadReview)
    before = Happening(samples.NOON, "2026-11-09 to 2026-11-15: 3 exceptions.")
    made = ReviewLoaded(asked.first, asked.last, ("Ana Ruiz", "Ben"), (VIEWED, UNLOCKED_THERE), 0, "d1", (before,))
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def opened(window: MainWindow, desk: DeskView, qtbot: QtBot) -> DeskView:
    window.receive(replace(UNLOCKED, role="supervisor"))
    press(qtbot, window, "auditButton")
    return desk


def table(window: MainWindow) -> list[list[object]]:
    found = find(window, "reviewTable")
    assert isinstance(found, QTableView)
    model = found.model()
    return [
        [model.index(line, place).data() for place in range(1, model.columnCount())] for line in range(model.rowCount())
    ]


@pytest.mark.parametrize("role", ["agent", ""])
def test_agents_are_not_offered_it(
    role: str, qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    window.receive(replace(UNLOCKED, role=role))
    assert not find(window, "auditButton").isVisible()
    qtbot.keyClick(window, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert engine.of(commands.LoadReview) == []


def test_what_stands_out_comes_first_and_the_rest_on_request(
    opened: DeskView, window: MainWindow, engine: Recorder
) -> None:
    window.receive(loaded(engine))
    assert text_of(window, "reviewTold") == "Needs an explanation: 1."
    assert table(window) == [["<b>Ben</b>", VIEWED.text, "c07d12aa", VIEWED.exception]]
    only = find(window, "reviewOnly")
    assert isinstance(only, QCheckBox)
    only.click()
    assert len(table(window)) == 2
    assert "3 exceptions" in text_of(window, "reviewEarlier")
    assert text_of(window, "reviewDesks") == "Audit logs of: Ana Ruiz, Ben"


def test_it_is_signed_once_and_says_what_is_true(
    opened: DeskView, qtbot: QtBot, window: MainWindow, engine: Recorder
) -> None:
    assert not find(window, "reviewSign").isEnabled()
    window.receive(loaded(engine))
    press(qtbot, window, "reviewSign")
    press(qtbot, window, "reviewSign")
    assert engine.of(commands.SignReview) == [commands.SignReview("d1")]
    answer = loaded(engine)
    window.receive(ReviewSigned(answer.first, answer.last, 1, witnessed=False))
    assert "as soon as it is reached" in text_of(window, "reviewTold")
    window.receive(ReviewSigned(answer.first, answer.last, 1, witnessed=True))
    assert "the relay has witnessed it" in text_of(window, "reviewTold")


def test_half_of_it_is_not_signed(opened: DeskView, window: MainWindow, engine: Recorder) -> None:
    window.receive(loaded(engine, left_out=7))
    assert not find(window, "reviewSign").isEnabled()
    assert "The oldest 7 entries are not shown" in text_of(window, "reviewTold")


def test_other_desks_logs_come_from_their_bundles(
    opened: DeskView, qtbot: QtBot, window: MainWindow, engine: Recorder
) -> None:
    press(qtbot, window, "reviewAdd")
    chooser = window.findChild(QFileDialog, "reviewBundlesDialog")
    assert chooser is not None
    chooser.filesSelected.emit(["/there/ben.bundle", "/there/carla.bundle"])
    chooser.close()
    asked = engine.of(commands.LoadReview)[-1]
    assert isinstance(asked, commands.LoadReview)
    assert [path.name for path in asked.bundles] == ["ben.bundle", "carla.bundle"]


def test_keys_lead_back(opened: DeskView, qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(opened.review, Qt.Key.Key_Escape)
    assert opened.list.isVisible()
