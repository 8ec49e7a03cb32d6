"""The asyncio core of the desk: commands in, events out. It knows no window and no Qt."""

import asyncio
import os
import time
from collections.abc import Callable

from keyring.backend import KeyringBackend

from agent_app.engine.commands import Command, Stop
from agent_app.engine.events import Event, Phase, PhaseChanged
from agent_app.engine.profile import Profile


def system_clock() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


class Engine:
    """Everything behind the window, on one asyncio loop in one thread.

    `emit` is called on that thread with frozen events. `clock` gives milliseconds since 1970 UTC,
    `random` so many random bytes, `keyring` is the operating system's unless a test brings its own.
    """

    def __init__(
        self,
        profile: Profile,
        emit: Callable[[Event], None],
        clock: Callable[[], int] = system_clock,
        random: Callable[[int], bytes] = os.urandom,
        keyring: KeyringBackend | None = None,
    ) -> None:
        self._profile = profile
        self._emit = emit
        self._clock = clock
        self._random = random
        self._keyring = keyring
        self._loop: asyncio.AbstractEventLoop | None = None
        self._early: list[Command] = []
        self._commands: asyncio.Queue[Command] = asyncio.Queue()

    def submit(self, command: Command) -> None:
        """Asks for `command`, from any thread. The answer is an event."""
        if self._loop is None:
            self._early.append(command)
        else:
            self._loop.call_soon_threadsafe(self._commands.put_nowait, command)

    async def run(self) -> None:
        """Runs until Stop. What is under way then is stored first."""
        self._loop = asyncio.get_running_loop()
        for command in self._early:
            self._commands.put_nowait(command)
        self._emit(PhaseChanged(Phase.NEW))
        while not isinstance(await self._commands.get(), Stop):
            pass
