"""An altered patients' page, as the window shows it: it stays beside whatever else is wrong, and over a lock."""

from pytestqt.qtbot import QtBot

from agent_app.engine import notices
from agent_app.engine.events import Notice, PageAlarmChanged, Phase, PhaseChanged, SendingChanged
from agent_app.transparency.page_manifest import Difference
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.banner import Banners
from tests.ui.conftest import UNLOCKED
from tests.ui.driving import find

ALTERED = notices.of_page(notices.PAGE_ALTERED, [Difference("shell.js", "content", bytes(32))])


def shown(window: MainWindow) -> list[Notice]:
    banners = window.findChild(Banners, "notices")
    assert banners is not None
    return banners.notices


def status(window: MainWindow) -> bool:
    assert window.desk is not None  # a locked desk's widgets may not be destroyed yet, so not by name from the window
    return find(window.desk, "pageStatus").isVisible()


def test_it_stands_above_and_in_the_status_line_until_it_is_over(window: MainWindow, qtbot: QtBot) -> None:
    window.receive(UNLOCKED)
    assert not status(window)
    window.receive(PageAlarmChanged(ALTERED))
    window.receive(SendingChanged(notices.FORKED))
    window.receive(SendingChanged(None))
    assert shown(window) == [ALTERED]
    assert status(window)
    window.receive(PhaseChanged(Phase.LOCKED))
    window.receive(UNLOCKED)
    assert shown(window) == [ALTERED]
    assert status(window)
    window.receive(PageAlarmChanged(None))
    assert shown(window) == []
    assert not status(window)


def test_the_end_of_it_ends_no_other_alarm(window: MainWindow, qtbot: QtBot) -> None:
    window.receive(UNLOCKED)
    window.receive(PageAlarmChanged(ALTERED))
    window.receive(SendingChanged(notices.FORKED))
    window.receive(PageAlarmChanged(None))
    assert shown(window) == [notices.FORKED]
