"""The crossing between two threads: nothing lost, nothing out of order, nothing waited for."""

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from agent_app.bridge.engine_thread import FAULT, EngineThread, where_it_happened
from agent_app.engine.commands import Claim, Command, Lock, Stop
from agent_app.engine.engine import Engine
from agent_app.engine.events import (
    ConnectionChanged,
    Event,
    FileProgressed,
    NoticeRaised,
    Phase,
    PhaseChanged,
    Sentence,
)
from agent_app.engine.profile import Profile


class Script:
    """An engine that does what a test says, in the place of the real one. Commands arrive on its own thread."""

    def __init__(self, emit: Callable[[Event], None], act: Callable[["Script"], None] = lambda script: None) -> None:
        self.emit, self._act = emit, act
        self.heard: list[Command] = []
        self.threads: set[int] = set()
        self._early: list[Command] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = asyncio.Event()

    def submit(self, command: Command) -> None:
        if self._loop is None:
            self._early.append(command)
        else:
            self._loop.call_soon_threadsafe(self._hear, command)

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        for command in self._early:
            self._hear(command)
        self._act(self)
        await self._stopped.wait()

    def _hear(self, command: Command) -> None:
        self.heard.append(command)
        self.threads.add(threading.get_ident())
        if isinstance(command, Stop):
            self._stopped.set()
        else:
            self.emit(ConnectionChanged(True, Sentence(type(command).__name__)))


def scripted(act: Callable[[Script], None] = lambda script: None) -> tuple[EngineThread, Script, list[Event]]:
    made: list[Script] = []

    def make(emit: Callable[[Event], None]) -> Script:
        made.append(Script(emit, act))
        return made[0]

    thread = EngineThread(make)
    seen: list[Event] = []
    thread.event_raised.connect(seen.append)
    return thread, made[0], seen


def test_twenty_thousand_events_arrive_in_order_and_on_the_thread_of_the_window(qtbot: QtBot) -> None:
    """Some releases of PySide6 lose a reference with each emit and abort after some thousands: see pyproject.toml."""
    count = 20_000

    def shout(script: Script) -> None:
        for number in range(count):
            script.emit(FileProgressed(b"c", b"m", number, count))

    thread, _, seen = scripted(shout)
    threads: set[int] = set()
    thread.event_raised.connect(lambda event: threads.add(threading.get_ident()))
    thread.start()
    qtbot.waitUntil(lambda: len(seen) == count)
    thread.stop()
    assert [event.done for event in seen if isinstance(event, FileProgressed)] == list(range(count))
    assert threads == {threading.get_ident()}


def test_commands_reach_the_engine_on_its_own_thread(qtbot: QtBot) -> None:
    thread, script, seen = scripted()
    thread.start()
    for _ in range(100):
        thread.submit(Claim(b"c"))
    qtbot.waitUntil(lambda: len(seen) == 100)
    thread.stop()
    assert script.heard == [Claim(b"c")] * 100 + [Stop()]
    assert threading.get_ident() not in script.threads


def test_what_is_asked_before_the_start_is_done_after_it(qtbot: QtBot) -> None:
    thread, _, seen = scripted()
    thread.submit(Lock())
    thread.start()
    qtbot.waitUntil(lambda: seen == [ConnectionChanged(True, Sentence("Lock"))])
    thread.stop()


def test_after_the_end_there_is_nobody_to_ask(qtbot: QtBot) -> None:
    thread, script, _ = scripted()
    thread.start()
    thread.stop()
    thread.submit(Lock())
    thread.stop()
    assert thread.isFinished()
    assert script.heard == [Stop()]


def test_a_fault_of_the_engine_is_told_and_logged_without_its_words(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(script: Script) -> None:
        raise ExceptionGroup("Maria Lopez", [ValueError("Maria Lopez, born 1984-03-27")])

    thread, _, seen = scripted(fail)
    with caplog.at_level(logging.DEBUG):
        thread.start()
        qtbot.waitUntil(lambda: seen == [NoticeRaised(FAULT)])
        qtbot.waitUntil(thread.isFinished)
    assert "ExceptionGroup at fail:" in caplog.text
    assert "ValueError" in caplog.text
    assert "Maria" not in caplog.text
    assert not any(record.exc_info for record in caplog.records)


def test_causes_are_named_too() -> None:
    error = RuntimeError("secret")
    error.__cause__ = KeyError("secret")
    assert where_it_happened(error) == "RuntimeError < KeyError"


def test_the_real_engine_says_that_a_new_profile_is_new(qtbot: QtBot, tmp_path: Path) -> None:
    thread = EngineThread(lambda emit: Engine(Profile(tmp_path), emit))
    seen: list[Event] = []
    thread.event_raised.connect(seen.append)
    thread.start()
    qtbot.waitUntil(lambda: PhaseChanged(Phase.NEW) in seen)
    thread.stop()
    assert thread.isFinished()
