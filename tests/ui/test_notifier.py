"""What is told to somebody who looks elsewhere: that something waits, and nothing of it."""

from dataclasses import dataclass, field, replace
from unittest.mock import Mock

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from agent_app.engine.events import (
    AgentsListed,
    ConversationChanged,
    ConversationsAdded,
    ConversationsLoaded,
    MessageAdded,
    MessagesWait,
    Phase,
    PhaseChanged,
    PreferencesChanged,
    Status,
)
from agent_app.main import DESKTOP_FILE
from agent_app.ui.notifier import Notifier, system_tray
from tests.ui.conftest import UNLOCKED
from tests.ui.samples import conversation, message

NAME, TEXT = "Quetzalcoatlus Jones", "my test came back positive"


class Tray(QSystemTrayIcon):
    """The desktop's edge: keeps what would be shown."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []

    def show(self) -> None:
        """There is no tray to stand in."""

    def showMessage(self, title: str, text: str, *_: object) -> None:  # type: ignore[override]
        self.said.append((title, text))


@dataclass
class Desktop:
    window: QMainWindow
    tray: Tray
    notifier: Notifier
    beeps: list[int] = field(default_factory=list)

    def pause(self) -> None:
        """As if the last one were long ago."""
        self.notifier._since.invalidate()


@pytest.fixture(autouse=True)
def program(qapp: QApplication) -> None:
    """As the desk names itself: a taskbar shows a count on the icon of a launcher that it knows."""
    qapp.setApplicationName("Sealdesk")
    qapp.setDesktopFileName(DESKTOP_FILE)


@pytest.fixture
def desktop(qtbot: QtBot) -> Desktop:
    window, tray, beeps = QMainWindow(), Tray(), []
    qtbot.addWidget(window)
    notifier = Notifier(window, QIcon(), tray, lambda: beeps.append(1))
    return Desktop(window, tray, notifier, beeps)


def told(desktop: Desktop) -> str:
    return f"{desktop.window.windowTitle()} {desktop.tray.toolTip()} {desktop.tray.said}"


def test_a_new_message_is_counted_and_said_without_name_or_content(desktop: Desktop) -> None:
    notifier = desktop.notifier
    notifier.receive(UNLOCKED)
    notifier.receive(ConversationsLoaded((conversation(1, title=NAME), conversation(2))))
    notifier.receive(ConversationsAdded((conversation(1, title=NAME, unread=2),)))
    assert desktop.window.windowTitle() == "(2) Sealdesk"
    assert (desktop.tray.said, desktop.beeps) == ([], [])  # what lay there already is no news
    notifier.receive(MessageAdded(message(1, TEXT)))
    notifier.receive(ConversationChanged(conversation(2, title=NAME, preview=TEXT, unread=1)))
    assert desktop.window.windowTitle() == "(3) Sealdesk"
    assert desktop.tray.said == [("Sealdesk", "Something new waits for you.")]
    assert desktop.beeps == [1]
    assert NAME not in told(desktop)
    assert TEXT not in told(desktop)
    notifier.receive(ConversationChanged(conversation(1, title=NAME)))
    notifier.receive(ConversationChanged(conversation(2, title=NAME, status=Status.CLOSED, unread=1)))
    assert desktop.window.windowTitle() == "Sealdesk"


def test_a_colleagues_conversation_calls_only_whom_it_names(desktop: Desktop) -> None:
    theirs = conversation(1, status=Status.HELD, holder="Ben")
    desktop.notifier.receive(ConversationChanged(replace(theirs, unread=1)))
    assert (desktop.beeps, desktop.window.windowTitle()) == ([], "")
    desktop.notifier.receive(ConversationChanged(replace(theirs, unread=2, mentioned=True)))
    assert (desktop.beeps, desktop.window.windowTitle()) == ([1], "(2) Sealdesk")
    desktop.pause()
    desktop.notifier.receive(ConversationChanged(replace(theirs, conversation=b"own", mine=True, unread=1)))
    assert (desktop.beeps, desktop.window.windowTitle()) == ([1, 1], "(3) Sealdesk")


def test_ten_in_a_row_are_said_once(desktop: Desktop) -> None:
    for unread in range(1, 11):
        desktop.notifier.receive(ConversationChanged(conversation(1, unread=unread)))
    assert len(desktop.tray.said) == len(desktop.beeps) == 1
    desktop.pause()
    desktop.notifier.receive(ConversationChanged(conversation(1, unread=11)))
    assert len(desktop.tray.said) == len(desktop.beeps) == 2


def test_while_locked_what_waits_is_counted(desktop: Desktop) -> None:
    desktop.notifier.receive(ConversationsLoaded((conversation(1, unread=2),)))
    desktop.notifier.receive(PhaseChanged(Phase.LOCKED))
    assert desktop.window.windowTitle() == "Sealdesk"
    desktop.notifier.receive(MessagesWait("ana", 4))
    desktop.notifier.receive(MessagesWait("bea", 1))
    assert desktop.window.windowTitle() == "(5) Sealdesk"
    assert len(desktop.tray.said) == 1


def test_what_waits_for_another_agent_is_no_business_of_an_open_desk(desktop: Desktop) -> None:
    desktop.notifier.receive(PhaseChanged(Phase.UNLOCKED))
    desktop.notifier.receive(MessagesWait("bea", 4))
    assert desktop.notifier.count == 0
    assert desktop.tray.said == []
    desktop.notifier.receive(PhaseChanged(Phase.LOCKED))
    assert desktop.window.windowTitle() == "(4) Sealdesk"


def test_each_agent_chooses_the_sound_and_their_peace(desktop: Desktop) -> None:
    notifier = desktop.notifier
    notifier.receive(AgentsListed((), "ana"))
    notifier.receive(PreferencesChanged(sound=False, do_not_disturb=False, pin=False))
    notifier.receive(ConversationChanged(conversation(1, unread=1)))
    assert (len(desktop.tray.said), len(desktop.beeps)) == (1, 0)
    desktop.pause()
    notifier.receive(PreferencesChanged(sound=True, do_not_disturb=True, pin=False))
    notifier.receive(ConversationChanged(conversation(1, unread=2)))
    assert (len(desktop.tray.said), len(desktop.beeps)) == (1, 0)
    assert desktop.window.windowTitle() == "(2) Sealdesk"
    notifier.receive(AgentsListed((), "bruno"))  # who has not said so
    notifier.receive(ConversationChanged(conversation(1, unread=3)))
    assert (len(desktop.tray.said), len(desktop.beeps)) == (2, 1)


def test_who_looks_at_the_window_is_told_by_ear_alone(desktop: Desktop, qtbot: QtBot) -> None:
    with qtbot.waitExposed(desktop.window):
        desktop.window.show()
    desktop.window.activateWindow()
    qtbot.waitUntil(desktop.window.isActiveWindow)
    desktop.notifier.receive(ConversationChanged(conversation(1, unread=1)))
    assert (desktop.tray.said, desktop.beeps) == ([], [1])


def test_the_tray_opens_and_locks(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.tray.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert desktop.window.isVisible()
    menu = desktop.window.findChild(QMenu, "trayMenu")
    assert menu is not None
    with qtbot.waitSignal(desktop.notifier.lock_wanted):
        menu.actions()[1].trigger()


def test_a_desktop_without_a_tray_is_told_by_the_rest(qtbot: QtBot) -> None:
    window, beep = QMainWindow(), Mock()
    qtbot.addWidget(window)
    Notifier(window, QIcon(), None, beep).receive(ConversationChanged(conversation(1, unread=1)))
    beep.assert_called_once_with()
    assert window.windowTitle() == "(1) Sealdesk"
    assert system_tray() is None or QSystemTrayIcon.isSystemTrayAvailable()
