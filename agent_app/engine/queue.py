"""Tells waiting patients where they stand. Usually one desk speaks; when two do, it does no harm."""

import asyncio
from collections.abc import Sequence
from statistics import median

from agent_app.engine.activity import Activity
from agent_app.engine.conversations import Conversations
from agent_app.engine.desk import Desk
from agent_app.engine.signals import Signals
from agent_app.protocol import signal
from agent_app.protocol.keys import ConversationId, DeviceId
from agent_app.store.conversations import Place

REPEAT = 90_000  # milliseconds
_AGAIN = 2_000  # milliseconds until what was lost, or had no session to go in yet, is told again
MEASURED = 20  # conversations that a waiting time is taken from
_TICK = 1.0  # seconds
_NONE = signal.Queue(None, None)


class Queue:
    """Lives on the engine's thread. What it says follows from the queue that this desk sees, and measured times."""

    def __init__(self, desk: Desk, conversations: Conversations, activity: Activity, signals: Signals) -> None:
        self._desk = desk
        self._conversations = conversations
        self._activity = activity
        self._signals = signals
        self._told: dict[DeviceId, tuple[signal.Queue, int]] = {}
        self._waits: dict[ConversationId, int] = {}
        self._places: Sequence[Place] = ()
        self._read = -1  # the change up to which they were read
        activity.untold = self._on_untold

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            if self._speaks():
                self._tell(self._places_now())
            else:
                self._told.clear()
            await asyncio.sleep(_TICK)

    def _on_untold(self, patient: DeviceId) -> None:
        """It has just come, or what was told it was lost."""
        if patient in self._told:
            self._told[patient] = (self._told[patient][0], self._desk.clock() - REPEAT + _AGAIN)

    def _places_now(self) -> Sequence[Place]:
        """Read anew only when something changed: with thousands of conversations a look at all of them takes long."""
        if self._read != self._conversations.changes:
            self._read, self._places = self._conversations.changes, self._desk.store.conversations.places()
        return self._places

    def _speaks(self) -> bool:
        """Of the desks that are there, the one with the least id."""
        own = self._desk.local.device
        return self._activity.state == "available" and all(own < other for other in self._activity.available())

    def _tell(self, listed: Sequence[Place]) -> None:
        waiting = sorted((c for c in listed if c.status == "waiting"), key=lambda c: (c.opened, c.id))
        usual = self._usual_wait([c for c in listed if c.status != "waiting"]) if waiting else None
        now = self._desk.clock()
        for ahead, one in enumerate(waiting[:9_999]):
            self._say(one, signal.Queue(ahead, _minutes(usual, now - one.opened)), now)
        patients = {one.patient for one in waiting}
        for one in listed:
            if one.patient in self._told and one.patient not in patients:
                self._say(one, _NONE, now)
                del self._told[one.patient]

    def _say(self, one: Place, hint: signal.Queue, now: int) -> None:
        said, when = self._told.get(one.patient, (_NONE, 0))
        moved = said.ahead != hint.ahead  # a minute that passes is no news
        if moved or now - when >= REPEAT:
            self._signals.say(hint, [one.patient])
            self._told[one.patient] = (hint, now)

    def _usual_wait(self, listed: Sequence[Place]) -> float | None:
        """Milliseconds until somebody first took a conversation, of the latest; None before anybody has."""
        latest = sorted(listed, key=lambda c: c.opened, reverse=True)[:MEASURED]
        known = [wait for one in latest if (wait := self._wait(one)) is not None]
        return median(known) if known else None

    def _wait(self, one: Place) -> int | None:
        if one.id not in self._waits:
            claimed = self._desk.store.conversations.first_claim(one.id, one.opened)
            if claimed is None:
                return None
            self._waits[one.id] = claimed - one.opened
        return self._waits[one.id]


def _minutes(usual: float | None, waited: int) -> int | None:
    return None if usual is None else min(1_440, max(1, round((usual - waited) / 60_000)))
