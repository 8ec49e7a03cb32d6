"""The one crossing between Qt's thread and asyncio's: commands go in, frozen events come out."""

import asyncio
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Protocol

from PySide6.QtCore import QObject, QThread, Signal

from agent_app.engine.commands import Command, Stop
from agent_app.engine.events import Event, Notice, NoticeRaised, Severity

_log = logging.getLogger(__name__)

FAULT = Notice(
    Severity.ALARM,
    "Sealdesk has stopped working in the background.",
    "Nothing is sent or received until it is started again. What was stored is safe.",
    "Close Sealdesk and open it again. If this comes back, tell your administrator.",
)


class RunnableEngine(Protocol):
    """What the bridge needs of an engine: `submit` may be called from any thread, `run` returns after Stop."""

    def submit(self, command: Command) -> None: ...

    async def run(self) -> None: ...


class EngineThread(QThread):
    """Owns the engine and the thread its asyncio loop runs on.

    The object lives on Qt's thread; `run` alone is executed on the engine's.
    `event_raised` carries frozen events and is delivered on Qt's thread, in the order of the engine's emits.
    """

    event_raised = Signal(object)

    def __init__(
        self, make_engine: Callable[[Callable[[Event], None]], RunnableEngine], parent: QObject | None = None
    ) -> None:
        """`make_engine` is handed the function with which the engine raises events."""
        super().__init__(parent)
        self._engine = make_engine(self.event_raised.emit)
        self._ended = False
        self._ending = threading.Lock()  # a closed loop refuses commands; held only while one is handed over

    def submit(self, command: Command) -> None:
        """Asks the engine and returns at once. After the engine has ended there is nobody to ask."""
        with self._ending:
            if not self._ended:
                self._engine.submit(command)

    def stop(self) -> None:
        """Ends the engine after what is under way is stored, and waits for its thread."""
        self.submit(Stop())
        self.wait()

    async def _live(self) -> None:
        try:
            await self._engine.run()
        finally:
            with self._ending:
                self._ended = True

    def run(self) -> None:
        try:
            asyncio.run(self._live())
        except Exception as error:  # noqa: BLE001 - the thread's last line: whatever it is, the person is told
            _log.error("The engine ended by a fault: %s", where_it_happened(error))
            self.event_raised.emit(NoticeRaised(FAULT))


def where_it_happened(error: BaseException) -> str:
    """Types and places of a fault, causes and members included; never its message, which may quote a patient."""
    return " < ".join(
        f"{type(part).__name__} at {frames[-1].name}:{frames[-1].lineno}" if frames else type(part).__name__
        for part in _parts(error)
        for frames in [traceback.extract_tb(part.__traceback__)]
    )


def _parts(error: BaseException) -> Iterator[BaseException]:
    yield error
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _parts(member)
    elif error.__cause__ is not None:
        yield from _parts(error.__cause__)
