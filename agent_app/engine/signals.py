"""Signals out and in: what is true only for the moment (docs/protocol.md, section 22). Only a farewell is kept."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from agent_app.engine.desk import Desk
from agent_app.engine.membership import Membership
from agent_app.engine.peers import Peers
from agent_app.engine.visitors import Fate, Visitors
from agent_app.protocol import limits, signal
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.events import Role
from agent_app.protocol.keys import Certificate, DeviceId
from agent_app.protocol.session import PeerSessions, Received
from agent_app.protocol.signal import Hint, Signal
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import RelayError

A_MINUTE = 20
STALE = 10_000  # milliseconds: what could not leave for so long is dropped
_BEHIND_MESSAGES = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class _Waiting:
    hint: Hint
    devices: tuple[DeviceId, ...]
    since: int
    everybody: bool  # also those that were not heard from lately


class Signals:
    """Lives on the engine's thread. `told` is given each hint that counts, `dropped` each of ours that was lost."""

    def __init__(
        self, desk: Desk, relay: RelayClient, membership: Membership, peers: Peers, visitors: Visitors
    ) -> None:
        self._desk = desk
        self._relay = relay
        self._membership = membership
        self._peers = peers
        self._visitors = visitors
        self._heard: dict[DeviceId, int] = {}
        self._newest: dict[tuple[DeviceId, type], int] = {}
        self._waiting: dict[object, _Waiting] = {}
        self._left: deque[int] = deque(maxlen=A_MINUTE)
        self._wanted = asyncio.Event()
        self.told: Callable[[Certificate, Signal], None] = lambda sender, told: None
        self.met: Callable[[DeviceId], None] = lambda device: None
        self.dropped: Callable[[Hint, Sequence[DeviceId]], None] = lambda hint, devices: None
        self.count_sends: Callable[[int], Awaitable[None]] = _nothing

    # Out

    def say(self, hint: Hint, devices: Sequence[DeviceId], *, everybody: bool = False) -> None:
        """Tells it soon, if it can be told. A newer one of its kind to the same devices replaces one that waits."""
        if devices and self._role(self._desk.local.certificate) is not None:
            now = self._desk.clock()
            self._waiting[type(hint), tuple(devices)] = _Waiting(hint, tuple(devices), now, everybody)
            self._wanted.set()

    def heard(self, device: DeviceId) -> None:
        """In whatever way; `met` is told of who was not heard from lately."""
        now, last = self._desk.clock(), self._heard.get(device, 0)
        self._heard[device] = now
        if now - last > limits.HEARD_LATELY:
            self.met(device)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            while self._waiting:
                await self._step()

    async def _step(self) -> None:
        now = self._desk.clock()
        for key in [key for key, one in self._waiting.items() if now - one.since >= STALE]:
            stale = self._waiting.pop(key)
            self.dropped(stale.hint, stale.devices)
        full = len(self._left) == A_MINUTE and now - self._left[0] < 60_000
        if full or self._desk.store.outbox.due(now, 1) or self._membership.obstacle() is not None:
            await asyncio.sleep(_BEHIND_MESSAGES)  # messages always go first
        elif self._waiting:
            await self.send(self._waiting.pop(next(iter(self._waiting))))

    async def farewell(self, hint: Hint, devices: Sequence[DeviceId]) -> None:
        """The last word before the keys go."""
        if self._membership.obstacle() is None:
            await self.send(_Waiting(hint, tuple(devices), self._desk.clock(), everybody=False))

    async def send(self, one: _Waiting) -> None:
        """One envelope, sealed and stored before it leaves. One that is lost is not missed."""
        now = self._desk.clock()
        with self._desk.store.transaction():
            states = [state for device in one.devices if (state := self._reachable(device, one)) is not None]
            if not states:
                self.dropped(one.hint, [device for device in one.devices if self._is_there(device)])
                return
            composed = signal.compose(self._desk.local, one.hint, states, self._desk.random, now)
            for state in composed.sessions:
                self._peers.save(state)
        self._left.append(now)
        try:
            await self.count_sends(1)
            await self._relay.post_envelopes([composed.envelope])
        except RelayError:
            self.dropped(one.hint, one.devices)

    def _is_there(self, device: DeviceId) -> bool:
        return self._desk.clock() - self._heard.get(device, 0) <= limits.HEARD_LATELY

    def _reachable(self, device: DeviceId, one: _Waiting) -> PeerSessions | None:
        certificate = self._peers.certificate(device)
        if certificate is None or not (one.everybody or self._is_there(device)):
            return None
        role = self._role(certificate)
        if role is None or not signal.is_permitted(one.hint, "agent", role):
            return None
        if role == "patient" and self._visitors.fate(certificate.mailbox) is not Fate.SEND:
            return None
        sessions = self._peers.sessions(certificate)
        sending = sessions.sending_session
        return None if sending is None or sending.is_unanswered else sessions

    # In

    def received(self, sender: Certificate, received: Received, body: bytes) -> None:
        """What breaks section 22, is late, or does not concern this device is nothing."""
        own, author = self._role(self._desk.local.certificate), self._role(sender)
        with suppress(ProtocolError):
            told, now = signal.open_received(received, body), self._desk.clock()
            kind = (sender.device, type(told.hint))
            if own is None or author is None or not signal.is_permitted(told.hint, author, own):
                return
            if told.is_current(now) and told.time > self._newest.get(kind, 0):
                self._newest[kind] = told.time
                self.told(sender, told)

    def _role(self, certificate: Certificate) -> Role | None:
        """As the clinic log has it now. None for whom nothing counts and nothing is told."""
        if certificate.core.kind == "patient":
            return "patient"
        member = self._membership.roster.member(certificate.device)
        return member.role if member is not None and member.active and member.role != "auditor" else None


async def _nothing(_: int) -> None:
    return
