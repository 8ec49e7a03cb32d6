"""Which workstations ask to be admitted (14.7): told to administrators, so that nobody carries a request to them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from agent_app.engine import commands
from agent_app.engine.administration import news
from agent_app.engine.administration.notebook import Refused
from agent_app.engine.desk import Desk
from agent_app.engine.membership import Membership
from agent_app.protocol.errors import UndecryptableError
from agent_app.relay import wire
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import RelayError
from agent_app.transparency import enrolment


class Waiting:
    """Looks at the relay from time to time while an administrator is unlocked. Lives on the engine's thread."""

    def __init__(self, desk: Desk, relay: RelayClient, membership: Membership, pause: float) -> None:
        self._desk = desk
        self._relay = relay
        self._membership = membership
        self._pause = pause
        self._listed: tuple[wire.Enrolment, ...] = ()
        self._done: set[bytes] = set()
        self._look = asyncio.Event()
        self.methods: dict[type, Callable[[Any], Awaitable[None]]] = {commands.DismissRequest: self._dismiss}

    async def run(self) -> None:
        while True:
            self._look.clear()
            if self._membership.own_role() == "administrator":
                with suppress(RelayError):  # a relay of before, or none just now: a request can be pasted
                    await self._refresh()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await self._look.wait()

    def look(self) -> None:
        """Tells what is known, and asks the relay at once."""
        self._tell()
        self._look.set()

    async def find(self, said: tuple[str, ...]) -> bytes:
        """The request that waits under these words. Raises Refused and RelayError."""
        place = await asyncio.to_thread(enrolment.waiting, self._membership.log.clinic, said)
        await self._refresh()
        with suppress(UndecryptableError, StopIteration):
            return place.open(next(one.sealed for one in self._listed if one.ticket == place.ticket))
        raise Refused("No workstation that waits shows these six words. Have them read again, or paste its request.")

    async def admitted(self, said: tuple[str, ...]) -> None:
        """It waits no more."""
        place = await asyncio.to_thread(enrolment.waiting, self._membership.log.clinic, said)
        self._done.add(place.ticket)
        self.look()

    async def _dismiss(self, command: commands.DismissRequest) -> None:
        await self._relay.dismiss_enrolment(command.ticket)
        await self._refresh()

    async def _refresh(self) -> None:
        listed = await self._relay.enrolments()
        for one in listed:
            if one.ticket in self._done:
                await self._relay.dismiss_enrolment(one.ticket)
        before, self._listed = self._listed, tuple(one for one in listed if one.ticket not in self._done)
        if self._listed != before:
            self._tell()

    def _tell(self) -> None:
        self._desk.emit(news.RequestsWaiting(tuple(news.WaitingRow(one.ticket, one.since) for one in self._listed)))
