"""`python -m tests.load.desk_session FOLDER PROFILE`: a desk's own process, from nothing to an inbox and through a day.

It is what `sealdesk-desk` runs, with the real engine, keyring and files; the relay is out of reach. Prints one object
of JSON: milliseconds, and megabytes where a name says so.
"""

import json
import statistics
import sys
import time

_BEGUN = time.perf_counter()

from agent_app.launch import loaded  # noqa: E402 - what follows is part of what is measured

loaded()

from collections.abc import Callable, Iterator  # noqa: E402
from pathlib import Path  # noqa: E402

from PySide6.QtCore import QAbstractItemModel, QEventLoop, QTimer  # noqa: E402
from PySide6.QtWidgets import QAbstractItemView, QApplication  # noqa: E402

from agent_app.engine import commands, events  # noqa: E402
from agent_app.engine.events import Phase  # noqa: E402
from agent_app.engine.profile import Profile  # noqa: E402
from agent_app.main import Desk, build_desk  # noqa: E402
from agent_app.ui.models.conversations import ROW  # noqa: E402
from agent_app.ui.views.desk import DeskView  # noqa: E402

QUERIES = ("a", "app", "appoint", "nun", "thurs appoint", "swollen ankle", "maria", "zzz")


class Session:
    """Drives the window of one desk and waits, in Qt's own loop, for what its engine says."""

    def __init__(self, application: QApplication, desk: Desk, passphrase: str) -> None:
        self._application, self._built, self._passphrase = application, desk, passphrase
        self._awaited: Callable[[events.Event], bool] = lambda _: False
        self._loop = QEventLoop()  # the application's own would close its windows when it ends
        self.figures: dict[str, float] = {}
        desk.engine_thread.event_raised.connect(self._on_event)

    @property
    def desk(self) -> DeskView:
        assert self._built.window.desk is not None
        return self._built.window.desk

    def until(self, awaited: Callable[[events.Event], bool]) -> None:
        """Until the event is there, and what it changed is on the screen."""
        self._awaited = awaited
        self._loop.exec()
        self._application.processEvents()

    def timed(self, act: Callable[[], object], awaited: Callable[[events.Event], bool] | None = None) -> float:
        start = time.perf_counter()
        act()
        if awaited is not None:
            self.until(awaited)
        else:
            self._application.processEvents()
        return (time.perf_counter() - start) * 1000

    def begin(self) -> None:
        self._built.start()
        self.until(lambda event: isinstance(event, events.PhaseChanged) and event.phase is Phase.LOCKED)
        self.figures["first window"] = (time.perf_counter() - _BEGUN) * 1000
        self.figures["first window cpu"] = before = time.process_time() * 1000
        unlock = commands.Unlock(self._passphrase)
        self.figures["unlock to inbox"] = self.timed(
            lambda: self._built.engine_thread.submit(unlock),
            lambda event: isinstance(event, events.ConversationsLoaded),
        )
        self.figures["unlock to inbox cpu"] = time.process_time() * 1000 - before

    def work(self) -> None:
        shown = self.desk.conversations
        rows = [shown.index(place).data(ROW) for place in range(0, shown.rowCount(), max(shown.rowCount() // 30, 1))]
        self.figures["switch"] = statistics.median(self._switch(row.conversation) for row in rows)
        self.figures["append"] = statistics.median(self._append(rows[-1].conversation) for _ in range(20))
        typed = {query: statistics.median(self._searches(query)) for query in QUERIES}
        self.figures |= {"search": statistics.median(typed.values()), "search slowest": max(typed.values())}
        self.figures["scroll list"] = statistics.median(self._scroll(self.desk.list.view))
        self.figures["scroll transcript"] = statistics.median(self._scroll(self.desk.pane.transcript))
        self.figures["memory MB"] = _resident()

    def _switch(self, conversation: bytes) -> float:
        return self.timed(
            lambda: self.desk.open(conversation),
            lambda event: isinstance(event, events.TranscriptLoaded) and event.conversation == conversation,
        )

    def _append(self, conversation: bytes) -> float:
        note = commands.SendNote(conversation, "She called again; I will ring back.")
        return self.timed(
            lambda: self._built.engine_thread.submit(note), lambda event: isinstance(event, events.MessageAdded)
        )

    def _searches(self, query: str) -> Iterator[float]:
        for _ in range(10):
            yield self.timed(  # as the field asks, without its pause between keys
                lambda: self.desk.list.search.model.ask(query), lambda event: isinstance(event, events.SearchFound)
            )

    def _scroll(self, view: QAbstractItemView) -> Iterator[float]:
        model, bar = view.model(), view.verticalScrollBar()
        assert isinstance(model, QAbstractItemModel)
        bar.setValue(0)
        for _ in range(100):
            yield self.timed(lambda: (bar.setValue(bar.value() + 40), view.viewport().repaint()))

    def _on_event(self, event: events.Event) -> None:
        """After the window's own slot, which was connected before."""
        if self._awaited(event):
            QTimer.singleShot(0, self._loop.quit)


def _resident() -> float:
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * 4096 / 2**20


def main(folder: str, profile: str, passphrase: str) -> None:
    application = QApplication([])
    desk = build_desk(Profile(Path(folder), profile))
    session = Session(application, desk, passphrase)
    session.begin()
    session.work()
    desk.stop()
    sys.stdout.write(json.dumps(session.figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
