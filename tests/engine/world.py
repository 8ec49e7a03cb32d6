"""A clinic for a test: a real relay process, an administrator, desks with the system's own keyring, patients."""

import asyncio
import functools
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from itertools import chain
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from agent_app.engine.administration.clinic import Administration
from agent_app.engine.administration.clinic import found as found_clinic
from agent_app.engine.administration.notebook import Notebook
from agent_app.engine.clinic_address import REQUEST_PREFIX, ClinicAddress, from_text
from agent_app.engine.commands import Command, Join, Stop, Unlock
from agent_app.engine.engine import Engine
from agent_app.engine.events import (
    ConnectionChanged,
    ConversationChanged,
    ConversationRow,
    ConversationsLoaded,
    EnrolmentRequested,
    Event,
    MessageAdded,
    MessageChanged,
    MessageRow,
    MessagesWait,
    NoticeRaised,
    Phase,
    PhaseChanged,
    SendingChanged,
    TranscriptLoaded,
)
from agent_app.engine.pace import Pace
from agent_app.engine.profile import Profile
from agent_app.protocol.keys import ClinicId, DeviceId
from agent_app.relay.client import RelayClient
from agent_app.store.key_material import AdminSecrets, DeviceSecrets
from agent_app.store.rooms import Store
from agent_app.store.vault import Cost, Vault
from agent_app.transparency import audit, enrolment
from agent_app.transparency.audit import RecipientSecret
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.statement import Action, Policy, PolicyChange, Relay, Revocation, Role
from tests.engine.patient import PATIENCE, Patient
from tests.relay_server.relays import RelayProcess

E = TypeVar("E", bound=Event)

PASSPHRASE = "anvil quartz harbour mitten ledger"
CHEAP = Cost(3, 64 << 20)
QUICK = Pace(
    receipt_jitter=0.0,
    returning=0.5,
    upkeep=120.0,
    locked_count=0.1,
    admission=0.05,
    reconnect_first=0.05,
    reconnect_most=0.2,
)
_UNLIMITED = {
    "sends": 60_000,
    "sends_burst": 60_000,
    # Every world on this machine has one address.
    "address_calls": 1_000_000,
    "intake_address_hour": 1_000_000,
    "enrolments_network_hour": 1_000_000,
}


class Clock:
    """The real time, plus what a test adds: milliseconds."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead


class Desk:
    """One engine and what its window would have been told."""

    def __init__(
        self,
        profile: Profile,
        clock: Callable[[], int],
        pace: Pace = QUICK,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.profile = profile
        self.transport = transport
        self.clock = clock
        self.pace = pace
        self.events: list[Event] = []
        self.device = DeviceId(b"")
        self.role: Role = "agent"
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.engine: Engine

    def start(self) -> None:
        self.engine = Engine(
            self.profile, self._told, clock=self.clock, pace=self.pace, cost=CHEAP, network=self.transport
        )
        self._task = asyncio.create_task(self.engine.run())

    async def stop(self) -> None:
        if self._task is not None:
            self.engine.submit(Stop())
            await self._task
            self._task = None

    async def crash(self) -> None:
        """As when the power goes: nothing is told to anybody, and only what is on the disk is left."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def restart(self, *, online: bool = True) -> None:
        await self.crash()
        self.events.clear()
        self.start()
        self.do(Unlock(PASSPHRASE))
        await (self.until_online() if online else self.until_phase(Phase.UNLOCKED))

    async def forget_sessions(self) -> None:
        """Its ratchets are gone, as after a damaged store: it is stopped, its sessions deleted, and started again."""
        await self.stop()
        with self.disk() as store, store.transaction():
            for peer in store.sessions.peers():
                store.sessions.delete(peer)
        self.events.clear()
        self.start()
        self.do(Unlock(PASSPHRASE))
        await self.until_online()

    @contextmanager
    def disk(self) -> Iterator[Store]:
        """What a stopped desk has on its disk."""
        secrets = Vault(DeviceSecrets, self.profile.name, self.profile.folder).open(PASSPHRASE, self.clock())
        store = Store.open(self.profile.folder, secrets.database_key, secrets.epoch_key)
        try:
            yield store
        finally:
            store.close()

    def audited(self, kind: audit.Kind) -> list[audit.Entry]:
        """The unlocked desk's audit log, opened with its own keys: the entries of one kind."""
        unlocked = self.engine._unlocked
        assert unlocked is not None
        log = unlocked.store.audit_log
        keys = {epoch.epoch: epoch.key for epoch in log.epochs()}
        leaves = [(at, audit.parse_leaf(raw)) for at, raw in enumerate(log.leaves())]
        entries = [
            audit.open_entry(keys[leaf.epoch], unlocked.desk.local.device, at, leaf)
            for at, leaf in leaves
            if isinstance(leaf, audit.EntryLeaf)
        ]
        return [entry for entry in entries if entry.kind == kind]

    @property
    def is_unlocked(self) -> bool:
        return self._task is not None and self.engine._shift is not None

    def do(self, command: Command) -> None:
        self.engine.submit(command)

    def _told(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()

    async def until(self, condition: Callable[["Desk"], object], what: str = "") -> None:
        """Looks whenever the desk has told something: what it does not tell of has to be waited for otherwise."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition(self):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            tail = "\n".join(repr(event)[:300] for event in self.events[-25:])
            pytest.fail(f"{self.profile.name} waited {PATIENCE:.0f} s for {what or condition}; last it heard:\n{tail}")

    def told(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    async def until_phase(self, phase: Phase) -> None:
        await self.until(lambda d: any(e.phase is phase for e in d.told(PhaseChanged)), f"phase {phase}")

    async def until_online(self) -> None:
        """Its prekeys are published, and it reads its mailbox."""
        await self.until(lambda d: any(e.online for e in d.told(ConnectionChanged)), "a connection")

    def waiting(self, profile: str | None = None) -> int | None:
        """How much it last said waits while it is locked, of its own agent where no other is named."""
        wanted = self.profile.name if profile is None else profile
        told = [event for event in self.told(MessagesWait) if event.profile == wanted]
        return told[-1].count if told else 0

    def notices(self) -> list[str]:
        obstacles = [event.obstacle.happened for event in self.told(SendingChanged) if event.obstacle is not None]
        return [event.notice.happened for event in self.told(NoticeRaised)] + obstacles

    # What its window would show

    def rows(self) -> dict[bytes, ConversationRow]:
        rows: dict[bytes, ConversationRow] = {}
        for event in self.events:
            if isinstance(event, ConversationsLoaded):
                rows = {row.conversation: row for row in event.rows}
            elif isinstance(event, ConversationChanged):
                rows[event.row.conversation] = event.row
        return rows

    def messages(self, conversation: bytes) -> list[MessageRow]:
        """The transcript as its events built it, in order of position."""
        shown: dict[int, MessageRow] = {}
        for event in self.events:
            if isinstance(event, MessageAdded | MessageChanged) and event.row.conversation == conversation:
                shown[event.row.position] = event.row
            elif isinstance(event, TranscriptLoaded) and event.conversation == conversation:
                shown |= {row.position: row for row in event.rows}
        return [shown[position] for position in sorted(shown)]

    def texts(self, conversation: bytes) -> list[str]:
        return [row.text for row in self.messages(conversation) if row.kind in ("text", "note")]


def relay_in(folder: Path) -> RelayProcess:
    folder.mkdir(parents=True)
    limits = [f"{name}={most}" for name, most in _UNLIMITED.items()]
    return RelayProcess(folder, *chain.from_iterable(("--limits", limit) for limit in limits))


class World:
    """Owns the administrator and everybody who was let in, and ends them all. The relay, if none is given, too."""

    def __init__(self, folder: Path, relay: RelayProcess | None = None) -> None:
        self.folder = folder
        self.clock = Clock()
        self.relay = relay or relay_in(folder / "relay")
        self._owns_relay = relay is None
        self.admin = AdminSecrets(os.urandom(32), os.urandom(32), os.urandom(16))
        self.desks: list[Desk] = []
        self.stack = AsyncExitStack()
        self.address: ClinicAddress
        self.notebook = Notebook(folder / "admin")
        self.recipient = b""

    @property
    def clinic(self) -> ClinicId:
        return ClinicId(self.address.clinic)

    async def found(self) -> None:
        relay = RelayClient(self.relay.url, self.clock)
        identity = await relay.identity()
        await relay.close()
        named = Relay(identity.key, identity.origin)
        recipient = RecipientSecret(os.urandom(32), os.urandom(64))
        founding = found_clinic("Praxis Ada", "Europe/Berlin", named, self.admin, recipient, self.clock())
        self.address = ClinicAddress(identity.origin, founding.clinic)
        self.founding = founding
        async with self.administration() as clinic:
            await clinic.found(founding.charter)
            log = await clinic.read()
            await clinic.cosign(log, self.admin)

    @asynccontextmanager
    async def administration(self) -> AsyncIterator[Administration]:
        relay = RelayClient(self.address.origin, self.clock)
        try:
            yield Administration(self.notebook, self.address, relay, self.clock)
        finally:
            await relay.close()

    async def append(self, action: Callable[[ClinicLog], Action]) -> ClinicLog:
        async with self.administration() as clinic:
            return await clinic.append(action, self.admin)

    async def renew(self) -> None:
        async with self.administration() as clinic:
            log = await clinic.read()
            await clinic.cosign(log, self.admin)

    async def desk(
        self,
        name: str,
        role: Role = "agent",
        pace: Pace = QUICK,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> Desk:
        """A new device, joined, admitted and unlocked."""
        desk = await self.joined(name, pace, transport)
        await self.admit(desk, role)
        await desk.until_online()
        return desk

    async def joined(self, name: str, pace: Pace = QUICK, transport: httpx.AsyncBaseTransport | None = None) -> Desk:
        """A new device that waits for its admission."""
        desk = Desk(Profile(self.folder / "desks", f"{name}-{os.urandom(4).hex()}"), self.clock, pace, transport)
        self.desks.append(desk)
        desk.start()
        desk.do(Join(self.address.text(), name.title(), PASSPHRASE))
        await desk.until(lambda d: d.told(EnrolmentRequested), "its request")
        return desk

    async def admit(self, desk: Desk, role: Role = "agent") -> None:
        raw = from_text(REQUEST_PREFIX, desk.told(EnrolmentRequested)[-1].request)
        asked = enrolment.parse(raw)
        log = await self.append(lambda _: enrolment.admission(asked, role))
        desk.device = next(m.id for m in log.roster.active if m.certificate.encoded == asked.certificate)
        desk.role = role

    async def revoke(self, desk: Desk) -> None:
        await self.append(lambda _: Revocation(desk.device, "left"))

    @property
    def readers(self) -> list[Desk]:
        """Desks that are unlocked now and are sent what patients write."""
        return [desk for desk in self.desks if desk.is_unlocked and desk.role != "auditor"]

    async def policy(self, policy: Policy) -> None:
        await self.append(lambda _: PolicyChange(policy))

    async def patient(self, link: str = "") -> Patient:
        """Somebody at home, who reads until the test ends."""
        patient = Patient(self.relay.url, self.clinic)
        self.stack.push_async_callback(patient.relay.close)
        if link:
            await patient.come_by(link)
        else:
            await patient.come_in()
        await self.stack.enter_async_context(patient.listening())
        return patient

    async def close(self) -> None:
        await self.stack.aclose()
        for desk in self.desks:
            await desk.stop()
            Vault(DeviceSecrets, desk.profile.name, desk.profile.folder).remove()
        if self._owns_relay:
            self.relay.close()
        shutil.rmtree(self.folder, ignore_errors=True)


Scenario = Callable[[World], Awaitable[None]]


def played(scenario: Scenario) -> Callable[[Path, RelayProcess], None]:
    """A test that plays `scenario` in a clinic of its own, at a relay that has others too."""

    @functools.wraps(scenario)
    def test(tmp_path: Path, relay: RelayProcess) -> None:
        asyncio.run(_play(scenario, tmp_path, relay))

    del test.__wrapped__  # type: ignore[attr-defined]
    return test


def played_alone(scenario: Scenario) -> Callable[[Path], None]:
    """The same at a relay of its own, for a test that stops it, or sets it up otherwise."""

    @functools.wraps(scenario)
    def test(tmp_path: Path) -> None:
        asyncio.run(_play(scenario, tmp_path, None))

    del test.__wrapped__  # type: ignore[attr-defined]
    return test


async def _play(scenario: Scenario, folder: Path, relay: RelayProcess | None) -> None:
    world = World(folder, relay)
    try:
        await world.found()
        await scenario(world)
    finally:
        await world.close()
