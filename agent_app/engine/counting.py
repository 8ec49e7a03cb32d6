"""How much waits at the relay for the agents of one workstation whose desks are locked (docs/decisions/052)."""

import asyncio
from collections.abc import Awaitable, Callable

from agent_app.engine.events import MessagesWait
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import RelayError, Unauthorised

Over = Callable[[RelayClient], Awaitable[None]]


class Counting:
    """One question now and then for each agent who was unlocked here and is locked now.

    All it holds of her is a token that can ask nothing else, and it says since when an answer is missing: a number
    that nobody asked for lately is no longer true. Call it on the engine's loop.
    """

    def __init__(self, emit: Callable[[MessagesWait], None], clock: Callable[[], int], pause: float) -> None:
        self._emit, self._clock, self._pause = emit, clock, pause
        self._told: dict[str, MessagesWait] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def begin(self, profile: str, relay: RelayClient, held: int, over: Over) -> None:
        """`relay` has forgotten its mailbox, and is closed here. `held` of what waits there was read already. `over` is
        called once the relay takes the token no more: it was too old, or the device is revoked."""
        self._tasks[profile] = asyncio.create_task(self._ask(profile, relay, held, over))
        await asyncio.sleep(0)  # it has begun before anybody can cancel it, for it closes the relay's connections

    async def end(self, profile: str) -> None:
        """She unlocks, and sees for herself."""
        task = self._tasks.pop(profile, None)
        if task is not None:
            await _cancel(task)
            self._tell(MessagesWait(profile, 0))
            del self._told[profile]

    async def close(self) -> None:
        for profile in list(self._tasks):
            await _cancel(self._tasks.pop(profile))

    def tell(self) -> None:
        """All of it once more, to a window that has turned to another agent."""
        for waits in self._told.values():
            self._emit(waits)

    async def _ask(self, profile: str, relay: RelayClient, held: int, over: Over) -> None:
        unanswered = MessagesWait(profile, None)
        try:
            while True:
                try:
                    count = max(0, await relay.count() - held)
                    unanswered = MessagesWait(profile, count, self._clock())
                    self._tell(MessagesWait(profile, count))
                except Unauthorised:  # the token is over, and no key is there for another
                    self._tell(unanswered)
                    await over(relay)
                    return
                except RelayError:
                    self._tell(unanswered)
                await asyncio.sleep(self._pause)
        finally:
            await relay.close()

    def _tell(self, waits: MessagesWait) -> None:
        if self._told.get(waits.profile, MessagesWait(waits.profile, 0)) != waits:
            self._emit(waits)
        self._told[waits.profile] = waits


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
