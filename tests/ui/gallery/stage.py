"""One window, what a scene does with it, and the list of all scenes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from agent_app.engine import commands, events
from agent_app.ui import words
from agent_app.ui.main_window import MainWindow
from agent_app.ui.preferences import Preferences
from agent_app.ui.theme import Look, TextSize, Theme
from agent_app.ui.views.desk import DeskView
from tests.ui.gallery.day import (
    DAY,
    NOW,
    ONLINE,
    PASSPHRASE,
    THERE,
    UNLOCKED,
)


class Stage:
    """One window and what a scene does with it. Lives on Qt's thread."""

    def __init__(self, theme: Theme, folder: Path) -> None:
        self.asked: list[commands.Command] = []
        self.window = MainWindow(self.asked.append, theme, lambda: PASSPHRASE, Preferences(folder / "workstation.ini"))
        self.window.show()
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)

    def tell(self, *raised: events.Event) -> None:
        for event in raised:
            self.window.receive(event)

    @property
    def desk(self) -> DeskView:
        assert self.window.desk is not None
        return self.window.desk

    def open(self, row: events.ConversationRow, *rows: events.MessageRow) -> None:
        """The working day's list, with one conversation open."""
        day = [row if known.conversation == row.conversation else known for known in DAY]
        self.tell(UNLOCKED, ONLINE, THERE, events.ConversationsLoaded(tuple(day)))
        self.desk.open(row.conversation)
        self.tell(events.TranscriptLoaded(row.conversation, rows, at_start=True, at_end=True))

    def dialog(self) -> QWidget:
        """The dialog in front."""
        shown = [each for each in self.window.findChildren(QDialog) if each.isVisible()]
        assert len(shown) == 1, [each.objectName() for each in shown]
        return shown[0]


@dataclass(frozen=True)
class Scene:
    """`arrange` brings it up and returns the widget to look at: the window, or a dialog of it."""

    name: str
    arrange: Callable[[Stage], QWidget]


SCENES: list[Scene] = []


def scene(arrange: Callable[[Stage], QWidget]) -> Callable[[Stage], QWidget]:
    SCENES.append(Scene(arrange.__name__.replace("_", "-"), arrange))
    return arrange


@contextmanager
def staged(
    application: QApplication, arranged: Scene, look: Look, size: TextSize = TextSize.NORMAL
) -> Iterator[QWidget]:
    """A scene that stands still: its clock, its sizes, and no cursor that blinks."""
    with TemporaryDirectory() as folder, patch.object(words, "now", lambda: NOW):
        stage = Stage(Theme(application, look, size), Path(folder))
        flash = application.cursorFlashTime()
        application.setCursorFlashTime(0)
        try:
            shown = arranged.arrange(stage)
            settle()
            yield shown
        finally:
            application.setCursorFlashTime(flash)
            stage.window.close()
            stage.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def settle() -> None:
    """Until layouts that were put off are done."""
    for _ in range(5):
        QCoreApplication.sendPostedEvents(None)
        QCoreApplication.processEvents()
