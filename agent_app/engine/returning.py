"""What a device held whose access has ended waits in the queue again: once, whoever is there to see to it."""

import asyncio
from contextlib import suppress

from agent_app.engine.conversations import Conversations
from agent_app.engine.desk import Desk
from agent_app.engine.membership import Membership
from agent_app.engine.pace import Pace
from agent_app.engine.speech import Speech
from agent_app.protocol import events
from agent_app.protocol.keys import DeviceId
from agent_app.store.conversations import Conversation
from agent_app.transparency.roster import SENIOR, Roster


class Returning:
    """Lives on the engine's thread.

    Whoever ends another device's access puts back at once. Where nobody did, as when she ended that of her own desk,
    the others do it in turn: each waits longer than the one before it, so that it sees what that one did. Nothing of
    this is remembered but who holds what, so it is done after a restart too.
    """

    def __init__(
        self, desk: Desk, membership: Membership, conversations: Conversations, speech: Speech, pace: Pace
    ) -> None:
        self._desk = desk
        self._membership = membership
        self._conversations = conversations
        self._speech = speech
        self._pace = pace
        self._wanted = asyncio.Event()
        membership.changed.append(self._log_grew)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._wanted.clear()
            if self._left_behind() and (turn := self._turn()) is not None:
                await asyncio.sleep(turn * self._pace.returning)
                self._put_back(self._left_behind())
            with suppress(TimeoutError):  # also what was given to such a device by somebody who did not know yet
                async with asyncio.timeout(self._pace.upkeep):
                    await self._wanted.wait()

    def put_back(self, device: DeviceId) -> None:
        """All that the device holds, at once."""
        self._put_back([one for one in self._held() if self._conversations.state(one).holder == device])

    def _put_back(self, held: list[Conversation]) -> None:
        """All or none: a release of each, which all desks see alike."""
        if held:
            with self._desk.work() as work:
                for stored in held:
                    self._speech.tell_team(work, stored, events.Release())

    def _left_behind(self) -> list[Conversation]:
        gone = {member.id for member in self._membership.roster.members.values() if not member.active}
        if not gone:
            return []
        return [one for one in self._held() if self._conversations.state(one).holder in gone]

    def _held(self) -> list[Conversation]:
        return [one for one in self._desk.store.conversations.list() if one.status == "held"]

    def _turn(self) -> int | None:
        """From 1, supervisors and administrators first; None for a device that may not."""
        able = [member for member in self._membership.roster.active if member.role != "auditor"]
        ranked = [member.id for member in sorted(able, key=lambda member: member.role not in SENIOR)]
        own = self._desk.local.device
        return ranked.index(own) + 1 if own in ranked else None

    def _log_grew(self, old: Roster) -> None:
        if len(old.active) != len(self._membership.roster.active):
            self._wanted.set()
