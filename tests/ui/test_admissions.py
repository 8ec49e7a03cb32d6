"""Who was added is announced until somebody was there to read it, and no longer."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from agent_app.engine import commands, events
from agent_app.engine.events import news
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.desk import DeskView
from tests.ui.conftest import UNLOCKED, Recorder
from tests.ui.driving import find

BEN = events.DeviceAdmitted("Ben", "agent", b"b" * 32)
EVA = events.DeviceAdmitted("Eva", "administrator", b"e" * 32)


def said(window: MainWindow) -> list[str]:
    return [notice.happened.split()[0] for notice in window._notices.notices]


def close(qtbot: QtBot, window: MainWindow) -> None:
    """The one that shows: another may be on its way out."""

    def shown() -> list[QAbstractButton]:
        return [each for each in window.findChildren(QAbstractButton, "bannerDismiss") if each.isVisible()]

    qtbot.waitUntil(lambda: len(shown()) == 1)
    shown()[0].click()


def read(engine: Recorder) -> list[bytes]:
    """Of whom the engine was told that somebody has read it."""
    asked = [command for command in engine.asked if isinstance(command, commands.MarkAdmissionsRead)]
    return [device for command in asked for device in command.devices]


def test_it_passes_once_somebody_was_there_for_a_while(window: MainWindow, desk: DeskView, engine: Recorder) -> None:
    passing = window._admissions.passing
    window.receive(BEN)
    assert not passing.isActive()  # nobody has touched anything since
    QTest.keyClick(window, Qt.Key.Key_Shift)
    assert passing.isActive()
    assert read(engine) == []
    passing.timeout.emit()
    assert not find(window, "notices").isVisible()
    assert read(engine) == [BEN.device]


def test_one_who_may_change_the_clinic_is_closed_by_hand(
    window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
) -> None:
    window.receive(BEN)
    window.receive(EVA)
    window._admissions.passing.timeout.emit()
    assert said(window) == ["Eva"]
    close(qtbot, window)
    assert said(window) == []
    assert read(engine) == [BEN.device, EVA.device]


def test_what_a_lock_takes_away_is_unread_and_not_said_to_nobody(
    window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
) -> None:
    window.receive(EVA)
    close(qtbot, window)
    window.receive(BEN)
    QTest.keyClick(window, Qt.Key.Key_Shift)
    window.lock()
    assert said(window) == []
    assert not window._admissions.passing.isActive()
    window.receive(BEN)  # before the engine heard of the lock
    assert said(window) == []
    window.receive(events.PhaseChanged(events.Phase.LOCKED))
    window.receive(UNLOCKED)
    window.receive(BEN)  # it repeats what is unread
    assert said(window) == ["Ben"]
    assert read(engine) == [EVA.device]


def test_what_had_to_make_room_is_not_read_by_standing(window: MainWindow, desk: DeskView, engine: Recorder) -> None:
    window.receive(BEN)
    for number in range(4):
        window.receive(events.NoticeRaised(events.Notice(events.Severity.WARNING, f"Notice {number}.", "", "")))
    assert "Ben" not in said(window)
    window._admissions.passing.timeout.emit()
    assert read(engine) == []


@pytest.mark.parametrize("event", [EVA, BEN])
def test_the_desk_that_approved_says_it_once(window: MainWindow, desk: DeskView, event: events.DeviceAdmitted) -> None:
    window.receive(event)
    window.receive(news.DeviceApproved(event.name, event.role, event.device))
    assert said(window) == []


def test_another_agent_is_not_told_of_it(window: MainWindow, desk: DeskView) -> None:
    window.receive(BEN)
    window.lock()
    window.receive(events.PhaseChanged(events.Phase.LOCKED))
    window.receive(events.AgentsListed((events.Agent("other", "Other"),), "other"))
    window.receive(UNLOCKED)
    assert said(window) == []
