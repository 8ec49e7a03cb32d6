"""A window with a recorder in the engine's place: it keeps what was asked, and tests say what has happened."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from agent_app.engine.commands import Command
from agent_app.engine.events import (
    CommandDone,
    ConversationRow,
    ConversationsLoaded,
    MessageRow,
    Notice,
    NoticeRaised,
    Phase,
    PhaseChanged,
    TranscriptLoaded,
)
from agent_app.ui.main_window import MainWindow
from agent_app.ui.preferences import Preferences
from agent_app.ui.theme import Theme
from agent_app.ui.views.desk import DeskView

ADMINISTRATOR = {"SEALDESK_ADMIN_PASSPHRASE": "harvest velvet cobalt lantern drizzle"}
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


def done(window: MainWindow, engine: Recorder) -> None:
    """The engine says of what was asked last that it is done."""
    window.receive(CommandDone(engine.asked[-1]))


def refused(window: MainWindow, engine: Recorder, notice: Notice) -> None:
    """The engine refuses what was asked last."""
    window.receive(NoticeRaised(notice, engine.asked[-1]))


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


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[str]:
    if not Path(os.environ.get("HOME", "")).name.startswith("sealdesk."):
        pytest.fail("This test writes into a keyring. Run it as: packaging/with-keyring .venv/bin/pytest")
    command = [sys.executable, "-m", "relay_server.main", "--port", "0", "--data", str(tmp_path / "relay")]
    log = (tmp_path / "relay.log").open("wb")
    with log, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        yield next(word.strip(".,") for word in said.split() if word.startswith("http://"))
        process.terminate()


@pytest.fixture
def clinic(relay: str, tmp_path: Path) -> str:
    """A founded clinic's address."""
    administrator(tmp_path, "init", "Riverside", "--relay", relay, "--sheets", str(tmp_path / "sheets"))
    said = administrator(tmp_path, "address")
    return next(word for word in said.split() if word.startswith("sealdesk-clinic:"))


def administrator(folder: Path, *arguments: str) -> str:
    program = str(Path(sys.executable).with_name("sealdesk-admin"))
    command = [program, *arguments, "--data", str(folder / "administrator"), "--profile", folder.name.lower()]
    environment = {**os.environ, **ADMINISTRATOR}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
