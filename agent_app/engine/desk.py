"""An unlocked device, and the one way to change what it keeps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from agent_app.engine.audit import Audit
from agent_app.engine.events import Event
from agent_app.protocol.keys import LocalDevice
from agent_app.store.rooms import Store
from agent_app.transparency.audit import Entry, Kind


class Work:
    """One commit: what is written in it, what the audit log says of it, and what is told once it is on the disk."""

    def __init__(self, audit: Audit, now: int) -> None:
        self.now = now
        self._audit = audit
        self._leaves: list[bytes] = []
        self._events: list[Event] = []
        self._afterwards: dict[object, Callable[[], object]] = {}
        self._undo: dict[object, Callable[[], object]] = {}

    def record(self, kind: Kind, conversation: bytes = b"", *arguments: str) -> None:
        """An entry of section 15. It is committed together with what it tells of, or neither is."""
        entry = Entry(self.now, kind, conversation, arguments)
        self._leaves.append(self._audit.store(entry, len(self._leaves)))

    def tell(self, event: Event) -> None:
        """For the window, after the commit: it never shows what a crash could take back."""
        self._events.append(event)

    def afterwards(self, do: Callable[[], object], about: object = None) -> None:
        """Once after the commit, however often it was asked for `about` the same thing."""
        self._afterwards[do if about is None else about] = do

    def if_undone(self, do: Callable[[], object], about: object) -> None:
        """Once for each `about` if nothing of it comes to the disk: what is kept in memory must not say otherwise."""
        self._undo[about] = do

    def undone(self) -> None:
        for do in self._undo.values():
            do()

    def committed(self, emit: Callable[[Event], None]) -> None:
        self._audit.take_in(self._leaves)
        for event in self._events:
            emit(event)
        for do in self._afterwards.values():
            do()


class Desk:
    """Owns the keys and the store while the device is unlocked. Lives on the engine's thread."""

    def __init__(
        self,
        local: LocalDevice,
        store: Store,
        audit: Audit,
        emit: Callable[[Event], None],
        clock: Callable[[], int],
        random: Callable[[int], bytes],
        say: Callable[[str], str] = str,
    ) -> None:
        self.local = local
        self.store = store
        self.audit = audit
        self.emit = emit
        self.clock = clock
        self.random = random
        self.say = say

    @contextmanager
    def work(self) -> Iterator[Work]:
        """All or nothing. Never held across an `await`."""
        now = self.clock()
        self.audit.keep_epoch_young(now)
        work = Work(self.audit, now)
        try:
            with self.store.transaction():
                yield work
        except BaseException:
            work.undone()
            raise
        work.committed(self.emit)
