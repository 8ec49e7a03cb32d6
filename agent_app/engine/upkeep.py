"""What has to be done from time to time, and what nobody would notice if it were not."""

import asyncio
from contextlib import suppress

from agent_app.engine import notices
from agent_app.engine.audit import WitnessedOtherwise
from agent_app.engine.desk import Desk
from agent_app.engine.events import NoticeRaised
from agent_app.engine.generation import Generation
from agent_app.engine.invitations import Invitations
from agent_app.engine.membership import Membership
from agent_app.engine.pace import Pace
from agent_app.engine.prekeeping import Prekeeping
from agent_app.engine.retention import Retention
from agent_app.protocol.errors import ProtocolError
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import RelayError
from agent_app.transparency.freshness import HOUR, State

COSIGN_AFTER = 20 * HOUR  # before a day is over, whenever somebody unlocks
_COSIGNED = "cosigned"


class Upkeep:
    def __init__(
        self,
        desk: Desk,
        relay: RelayClient,
        membership: Membership,
        prekeeping: Prekeeping,
        generation: Generation,
        invitations: Invitations,
        retention: Retention,
        pace: Pace,
    ) -> None:
        self._desk = desk
        self._relay = relay
        self._membership = membership
        self._prekeeping = prekeeping
        self._generation = generation
        self._invitations = invitations
        self._retention = retention
        self._pace = pace
        self._witnessed = 0
        self._warned = False
        self._due = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled. Each round at another moment, so that a clinic's desks do not move in step."""
        while True:
            self._due.clear()
            with suppress(RelayError):  # the connection's state is shown already; the next round tries again
                await self.round()
            pause = self._pace.upkeep * (0.5 + int.from_bytes(self._desk.random(2)) / 2**16)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._due.wait()

    def hurry(self) -> None:
        """This device's role has changed: its word may be the one that the whole clinic waits for."""
        self._due.set()

    async def round(self) -> None:
        """Raises RelayError."""
        self._prekeeping.destroy_expired()
        self._retention.run_when_due()
        await self._membership.refresh(self._relay)
        await self.cosign()
        self._warn()
        await self._prekeeping.tend()
        await self._relay.prepare_count()
        await self._invitations.register_open()
        await self._invitations.cancel_at_relay()
        await self._witness_when_due()

    async def cosign(self) -> None:
        """Supervisors' and administrators' devices vouch daily for the log's head (section 14.4)."""
        now = self._desk.clock()
        settings = self._desk.store.settings
        if now - settings.number(_COSIGNED) < COSIGN_AFTER and self._membership.freshness().state is State.FRESH:
            return
        signed = self._membership.cosigned_note(now)
        if signed is None:
            return
        await self._relay.add_cosignature(self._membership.roster.clinic, signed)
        with self._desk.store.transaction():
            settings.set_number(_COSIGNED, now)
        await self._membership.refresh(self._relay)

    def _warn(self) -> None:
        state = self._membership.freshness().state
        if state is State.WARN and not self._warned:
            self._desk.emit(NoticeRaised(notices.STALE_WARNING))
        self._warned = state is State.WARN

    async def _witness_when_due(self) -> None:
        now = self._desk.clock()
        waited = now - self._witnessed >= self._pace.witness * 1000
        if waited or self._desk.audit.unwitnessed >= self._pace.witness_leaves:
            await self.witness()
            self._witnessed = now

    async def refresh_and_witness(self) -> None:
        """What an export needs: the newest clinic log with its note, and a witnessed audit log. Raises RelayError."""
        await self._membership.refresh(self._relay)
        await self.witness()

    async def witness(self) -> None:
        """Raises RelayError. A relay that has witnessed other than what is here tells of a rollback."""
        roster = self._membership.roster
        try:
            await self._desk.audit.witness(self._relay, roster.relay.key, roster.clinic, self._desk.clock())
        except WitnessedOtherwise:
            if not self._desk.store.settings.number("witnessed-otherwise"):
                with self._desk.work() as work:
                    self._desk.store.settings.set_number("witnessed-otherwise", 1)
                    work.record("alarm", b"", "witnessed-otherwise")
                    work.tell(NoticeRaised(notices.RESTORED))
        except ProtocolError as error:
            self._desk.emit(NoticeRaised(notices.of_error(error, "The relay did not witness the audit log.")))
