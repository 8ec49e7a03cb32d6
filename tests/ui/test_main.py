"""The desk as it is built for a person: real engine, real window, joined once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from agent_app.engine.profile import Profile
from agent_app.main import build_desk


def test_a_new_profile_shows_the_join_screen_and_stops_in_order(qtbot: QtBot, tmp_path: Path) -> None:
    desk = build_desk(Profile(tmp_path, "front"))
    qtbot.addWidget(desk.window)
    desk.start()
    screen = desk.window.findChild(QWidget, "joinScreen")
    assert screen is not None
    qtbot.waitUntil(screen.isVisible)
    desk.stop()
    assert desk.engine_thread.isFinished()


def test_a_suggested_passphrase_is_drawn_anew_each_time(qtbot: QtBot, tmp_path: Path) -> None:
    first, second = (build_desk(Profile(tmp_path, name)).window for name in ("one", "two"))
    qtbot.addWidget(first)
    qtbot.addWidget(second)
    drawn = [window.findChild(QWidget, "joinSuggested").property("text") for window in (first, second)]
    assert drawn[0] != drawn[1]
    assert len(drawn[0].split()) == 5


def test_the_help_says_what_it_is_and_takes() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "--profile" in done.stdout
    assert "--data" in done.stdout


def test_a_profile_that_could_be_a_path_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    done = run("--profile", "../x", "--data", str(tmp_path))
    assert done.returncode != 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "agent_app.launch", "--data", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        wait_for_handler(process.pid, number)
        process.send_signal(number)
        assert process.wait(60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def wait_for_handler(process: int, number: signal.Signals) -> None:
    """Until the process catches the signal: before, it would simply die of it."""
    status = Path(f"/proc/{process}/status")
    caught = 0
    while not caught & 1 << (number - 1) or not caught & 1 << (signal.SIGTERM - 1):
        caught = next(int(line.split()[1], 16) for line in status.read_text().splitlines() if line.startswith("SigCgt"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "agent_app.launch", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment(), check=False)


def environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONWARNINGS": "error"}
