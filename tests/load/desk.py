"""The window under load: a conversation of 100,000 messages, and a start from nothing.

The rows come from a list in memory, so that the figures are the window's own and not the store's.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from agent_app.engine import commands, events
from agent_app.engine.commands import Command
from agent_app.engine.events import Delivery, MessageRow, Phase, PhaseChanged, TranscriptLoaded
from agent_app.ui.main_window import MainWindow
from agent_app.ui.preferences import Preferences
from agent_app.ui.theme import Theme
from tests.load import desk_years
from tests.load.installed import environment

MESSAGES = 100_000
CONVERSATION = bytes(32)
_STARTS = 5
_WAITS = (
    ("turn to another conversation", "switch"),
    ("write a note until it is shown", "append"),
    ("search until results are shown: middle of the words", "search"),
    ("search: the slowest of the words", "search slowest"),
    ("search in the index alone", "index cpu"),
    ("write the index anew, after something was deleted", "settle cpu"),
    ("of these the longest slice, its commit included", "slice cpu"),
    ("scroll the list by a frame", "scroll list"),
    ("scroll a transcript by a frame", "scroll transcript"),
)


class LongConversation:
    """Answers for an engine that holds one very long conversation."""

    def __init__(self) -> None:
        self._rows = [self._row(position) for position in range(1, MESSAGES + 1)]
        self._answers: list[TranscriptLoaded] = []

    def submit(self, command: Command) -> None:
        match command:
            case commands.OpenConversation():
                self._answer(MESSAGES - 100, MESSAGES)
            case commands.LoadTranscript(_, anchor, older, count):
                place = bisect_left(self._rows, anchor, key=lambda row: row.position)
                self._answer(*((place - count, place) if older else (place + 1, place + 1 + count)))
            case _:
                pass

    def answers(self) -> list[TranscriptLoaded]:
        taken, self._answers = self._answers, []
        return taken

    def added(self) -> MessageRow:
        self._rows.append(self._row(len(self._rows) + 1))
        return self._rows[-1]

    def _answer(self, first: int, last: int) -> None:
        first, last = max(first, 0), min(last, len(self._rows))
        rows = tuple(self._rows[first:last])
        self._answers.append(TranscriptLoaded(CONVERSATION, rows, first == 0, last == len(self._rows)))

    def _row(self, position: int) -> MessageRow:
        mine = position % 3 == 0
        text = f"Message {position}. " + "Could I come on Thursday instead? " * (position % 5)
        return MessageRow(
            CONVERSATION,
            position.to_bytes(16, "big"),
            position,
            "text",
            "Ana Ruiz" if mine else "Patient",
            mine,
            1_700_000_000_000 + position * 120_000,
            Delivery.READ if mine else Delivery.RECEIVED,
            text,
            by_patient=not mine,
        )


class Measured:
    """A window over the long conversation."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._engine = LongConversation()
        self._folder = tempfile.TemporaryDirectory()
        self._window = MainWindow(
            self._engine.submit,
            Theme(application),
            lambda: "",
            Preferences(Path(self._folder.name) / "workstation.ini"),
        )
        self._window.show()
        self._window.receive(PhaseChanged(Phase.UNLOCKED, "Clinic", "Ana Ruiz"))
        row = events.ConversationRow(CONVERSATION, "Maria Lopez", 3, events.Status.WAITING, "", False, 0, "")
        self._window.receive(events.ConversationsLoaded((row,)))
        application.processEvents()
        assert self._window.desk is not None
        self._desk = self._window.desk

    def open(self) -> float:
        return self._timed(lambda: self._desk.open(CONVERSATION))

    def append(self) -> float:
        return self._timed(lambda: self._window.receive(events.MessageAdded(self._engine.added())))

    def page(self) -> float:
        bar = self._desk.pane.transcript.verticalScrollBar()
        return self._timed(lambda: bar.setValue(0))

    def widen(self, by: int) -> float:
        return self._timed(lambda: self._window.resize(self._window.width() + by, self._window.height()))

    def close(self) -> None:
        self._window.close()
        self._window.deleteLater()
        self._application.processEvents()

    def _timed(self, act: Callable[[], object]) -> float:
        """Milliseconds until it is on the screen, the answers to what it asked included."""
        start = time.perf_counter()
        act()
        for answer in self._engine.answers():
            self._window.receive(answer)
        self._application.processEvents()
        return (time.perf_counter() - start) * 1000


def cold_start(bytecode: Path) -> float:
    """Milliseconds from the start of a process to the desk's first painted window, the engine's first word included."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", _START, folder], check=True, env=environment(bytecode), timeout=120)
        return (time.perf_counter() - start) * 1000


_START = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from agent_app.engine.profile import Profile
from agent_app.main import build_desk
application = QApplication([])
desk = build_desk(Profile(Path(sys.argv[1])))
desk.engine_thread.event_raised.connect(lambda event: QTimer.singleShot(0, application.quit))
desk.start()
application.exec()
desk.stop()
"""


def run() -> None:
    """Prints the table, in half a minute."""
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    sys.stdout.write("Desk, a window over rows in memory\n")
    measured = Measured(application)
    row(f"open a conversation of {MESSAGES:,} messages", f"{measured.open():.0f} ms")
    row("show one more message, median of 200", median(measured.append, 200))
    row("scroll one page of 100 back, median of 50", median(measured.page, 50))
    row("lay out anew for another width, median of 10", median(lambda: measured.widen(3), 10))
    measured.close()
    with tempfile.TemporaryDirectory() as bytecode:
        cold_start(Path(bytecode))  # it compiles
        row(f"cold start to the first window, median of {_STARTS}", median(lambda: cold_start(Path(bytecode)), _STARTS))
    years()


def years() -> None:
    conversations = desk_years.CONVERSATIONS
    sys.stdout.write(f"Desk, {conversations:,} conversations and {conversations * desk_years.EACH:,} messages\n")
    figures = desk_years.measure()
    start, cpu = (figures[f"first window{kind}"] + figures[f"unlock to inbox{kind}"] for kind in ("", " cpu"))
    row("cold start to a usable inbox, the passphrase included", f"{start:.0f} ms")
    row("the same, of a processor", f"{cpu:.0f} ms")
    row("of these an empty window of Qt's: time, processor", f"{figures['bare']:.0f}, {figures['bare cpu']:.0f} ms")
    row("of these the cheapest passphrase there may be", f"{figures['passphrase cpu']:.0f} ms")
    row("left for Sealdesk, of a processor", f"{cpu - figures['bare cpu'] - figures['passphrase cpu']:.0f} ms")
    for name, key in _WAITS:
        row(name, f"{figures[key]:.1f} ms")
    row("figures of a week, of a year", f"{figures['figures week']:.0f}, {figures['figures year']:.0f} ms")
    row("the longest that anything waited for them", f"{figures['figures stall']:.0f} ms")
    row("memory at rest", f"{figures['memory MB']:.0f} MB")
    row("the longest slice, of the index written in one", f"{figures['slice of whole']:.2f}")
    row("search in the index alone, encrypted of plain", f"{figures['encrypted of plain']:.2f}")


def row(name: str, figure: str) -> None:
    sys.stdout.write(f"  {name:<52}{figure:>16}\n")
    sys.stdout.flush()


def median(measure: Callable[[], float], times: int) -> str:
    return f"{statistics.median(measure() for _ in range(times)):.1f} ms"
