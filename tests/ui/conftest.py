"""A window with a recorder in the engine's place: it keeps what was asked, and tests say what has happened."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from agent_app.engine.commands import Command
from agent_app.engine.events import (
    ConversationRow,
    ConversationsLoaded,
    MessageRow,
    Phase,
    PhaseChanged,
    TranscriptLoaded,
)
from agent_app.ui.main_window import MainWindow
from agent_app.ui.preferences import Preferences
from agent_app.ui.theme import Theme
from agent_app.ui.views.desk import DeskView

PASSPHRASE = "glacier pumpkin sandal ecology rewrite"
UNLOCKED = PhaseChanged(Phase.UNLOCKED, "Riverside Family Clinic", "Ana Ruiz")


class Recorder:
    """Stands at the bridge's seam, where commands go in."""

    def __init__(self) -> None:
        self.asked: list[Command] = []

    def submit(self, command: Command) -> None:
        self.asked.append(command)

    def of(self, kind: type) -> list[Command]:
        return [command for command in self.asked if isinstance(command, kind)]


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp)
    yield made
    made.deleteLater()


@pytest.fixture
def engine() -> Recorder:
    return Recorder()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, engine: Recorder, tmp_path: Path) -> MainWindow:
    made = MainWindow(engine.submit, Theme(qapp), lambda: PASSPHRASE, Preferences(tmp_path / "workstation.ini"))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def desk(window: MainWindow) -> DeskView:
    window.receive(UNLOCKED)
    assert window.desk is not None
    return window.desk


def show(window: MainWindow, row: ConversationRow, *rows: MessageRow) -> None:
    """Has one conversation in the list, opens it, and answers with its whole transcript."""
    window.receive(ConversationsLoaded((row,)))
    assert window.desk is not None
    window.desk.open(row.conversation)
    window.receive(TranscriptLoaded(row.conversation, rows, at_start=True, at_end=True))
