"""One window, what a scene does with it, and the list of all scenes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QWidget

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
        self._be_active()

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

    def _be_active(self) -> None:
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)

    def clear(self) -> None:
        """Closes what stands over the window."""
        for each in (*self.window.findChildren(QDialog), *self.window.findChildren(QMenu)):
            if each.isVisible():
                each.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._be_active()

    def end(self) -> None:
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


Ground = Callable[[Stage], None]


@dataclass(frozen=True)
class Scene:
    """`arrange` brings it up and returns the widget to look at: the window, or a dialog of it.

    `ground` is what a dialog stands over. It is there before, and as it was after the dialog is closed.
    """

    name: str
    arrange: Callable[[Stage], QWidget]
    ground: Ground | None = None

    def shown(self, stage: Stage) -> QWidget:
        shown = self.arrange(stage)
        settle()
        return shown


SCENES: list[Scene] = []


def scene(arrange: Callable[[Stage], QWidget]) -> Callable[[Stage], QWidget]:
    SCENES.append(Scene(arrange.__name__.replace("_", "-"), arrange))
    return arrange


def over(ground: Ground) -> Callable[[Callable[[Stage], QWidget]], Callable[[Stage], QWidget]]:
    def add(arrange: Callable[[Stage], QWidget]) -> Callable[[Stage], QWidget]:
        SCENES.append(Scene(arrange.__name__.replace("_", "-"), arrange, ground))
        return arrange

    return add


@contextmanager
def staged(
    application: QApplication, arranged: Scene, look: Look, size: TextSize = TextSize.NORMAL
) -> Iterator[QWidget]:
    """One scene, in a window of its own."""
    with _house(application), TemporaryDirectory() as folder:
        stage = Stage(Theme(application, look, size), Path(folder))
        try:
            if arranged.ground is not None:
                arranged.ground(stage)
            yield arranged.shown(stage)
        finally:
            stage.end()


def walk(application: QApplication, look: Look, size: TextSize = TextSize.NORMAL) -> Iterator[tuple[str, QWidget]]:
    """Every scene by its name, one after the other. What shares a ground shares a window: most time goes into those."""
    for ground in dict.fromkeys(each.ground for each in SCENES):
        here = [each for each in SCENES if each.ground is ground]
        for scenes in [here] if ground is not None else [[each] for each in here]:
            with _house(application), TemporaryDirectory() as folder:
                stage = Stage(Theme(application, look, size), Path(folder))
                try:
                    if ground is not None:
                        ground(stage)
                    for each in scenes:
                        yield each.name, each.shown(stage)
                        stage.clear()
                finally:
                    stage.end()


@contextmanager
def _house(application: QApplication) -> Iterator[None]:
    """What stands still: the clock, and the cursor that would blink."""
    flash = application.cursorFlashTime()
    application.setCursorFlashTime(0)
    with patch.object(words, "now", lambda: NOW):
        try:
            yield
        finally:
            application.setCursorFlashTime(flash)


def settle() -> None:
    """Until layouts that were put off are done."""
    for _ in range(5):
        QCoreApplication.sendPostedEvents(None)
        QCoreApplication.processEvents()


def press(within: QWidget, name: str) -> None:
    found = within.findChild(QAbstractButton, name)
    assert found is not None, name
    found.click()
