"""kill -9 while a desk joins, opens, uploads, closes or changes hands: the next start has all that was behind it."""

import asyncio
import os
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent_app.engine import commands as c
from agent_app.engine.clinic_address import REQUEST_PREFIX, from_text
from agent_app.engine.engine import Engine
from agent_app.engine.events import (
    BundleExported,
    ConnectionChanged,
    ConversationChanged,
    ConversationsAdded,
    ConversationsLoaded,
    EnrolmentRequested,
    Event,
    Phase,
    PhaseChanged,
    PreferencesChanged,
    UploadEnded,
)
from agent_app.engine.profile import Profile
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.rooms import Store
from agent_app.store.vault import Vault
from agent_app.transparency import enrolment, verifier
from tests.engine.killing import Ended, FolderKeyring, Steps, Wire, chosen_at_random, in_a_process, some
from tests.engine.test_conversing import PHOTO, invited, written
from tests.engine.world import CHEAP, PASSPHRASE, PATIENCE, QUICK, World, played

Told = Callable[[Sequence[Event]], object]
POINTS = 2  # for each command
PIN = "480213"
BEGUN = "uploads-begun"


@dataclass(frozen=True)
class Step:
    """A command, and what its answer is known by."""

    command: c.Command
    told: Told


def phase(wanted: Phase) -> Told:
    return lambda events: any(isinstance(event, PhaseChanged) and event.phase is wanted for event in events)


def requested(events: Sequence[Event]) -> bool:
    return any(isinstance(event, EnrolmentRequested) for event in events)


def online(events: Sequence[Event]) -> bool:
    return any(isinstance(event, ConnectionChanged) and event.online for event in events)


def opened(conversation: bytes) -> Told:
    """At work, with what was there before it died."""

    def told(events: Sequence[Event]) -> bool:
        rows = [row for e in events if isinstance(e, ConversationsLoaded | ConversationsAdded) for row in e.rows]
        rows += [event.row for event in events if isinstance(event, ConversationChanged)]
        return online(events) and any(row.conversation == conversation for row in rows)

    return told


LOCK = Step(c.Lock(), phase(Phase.LOCKED))
WITH_PIN = Step(c.SetPin(PIN), lambda events: any(isinstance(e, PreferencesChanged) and e.pin for e in events))


class Door:
    """The one agent of a workstation. Its keyring lies in a folder, and each visit is a process of its own."""

    def __init__(self, world: World) -> None:
        self._world = world
        home = world.folder / f"door-{os.urandom(4).hex()}"
        self.profile, self.keyring, self.bundle = Profile(home / "data", "default"), home / "keyring", home / "bundle"
        self.join = Step(c.Join(world.address.text(), "Dora", PASSPHRASE), requested)

    def visit(self, *steps: Step, allowed: int | None = None) -> Ended | None:
        """Takes the steps, and dies in the last. Answers the request that was shown."""

        async def play(death: Steps) -> bytes:
            events: list[Event] = []
            news = asyncio.Event()

            def told(event: Event) -> None:
                events.append(event)
                news.set()

            async def until(known: Told) -> None:
                while not known(events):
                    news.clear()
                    await news.wait()

            keyring, clock = FolderKeyring(self.keyring), self._world.clock
            engine = Engine(self.profile, told, clock, keyring=keyring, pace=QUICK, cost=CHEAP, network=Wire(death))
            running = asyncio.create_task(engine.run())
            async with asyncio.timeout(PATIENCE):
                await until(lambda events: any(isinstance(event, PhaseChanged) for event in events))
                for step in steps:
                    events.clear()
                    death.armed = step is steps[-1]
                    engine.submit(step.command)
                    await until(step.told)
                request = [event.request for event in events if isinstance(event, EnrolmentRequested)]
                if isinstance(steps[-1].command, c.Stop):
                    await running
                death.armed = False
                engine.submit(c.Stop())
                await running
            return "".join(request[-1:]).encode()

        return in_a_process(play, allowed)

    @property
    def is_joined(self) -> bool:
        self.profile.folder.mkdir(parents=True, exist_ok=True)
        return Vault(DeviceSecrets, "default", self.profile.folder, FolderKeyring(self.keyring)).exists()

    async def admitted(self) -> None:
        """Joins, or goes on where it had begun to."""
        ended = self.visit(Step(c.Unlock(PASSPHRASE), requested) if self.is_joined else self.join)
        assert ended is not None
        asked = enrolment.parse(from_text(REQUEST_PREFIX, ended.answer.decode()))
        await self._world.append(lambda _: enrolment.admission(asked, "agent"))

    def on_the_disk(self) -> tuple[int, bool]:
        """Files that were signed, and whether one is noted as begun."""
        folder = self.profile.folder
        secrets = Vault(DeviceSecrets, "default", folder, FolderKeyring(self.keyring)).open(
            PASSPHRASE, self._world.clock()
        )
        store = Store.open(folder, secrets.database_key, secrets.epoch_key)
        try:
            return len(list(store.database.rows("SELECT 1 FROM attachments"))), len(
                store.settings.raw(BEGUN) or b""
            ) > 1
        finally:
            store.close()

    def alarms(self, open_: Step) -> int:
        """How many stand in its audit log, which is whole."""
        wanted = Step(c.ExportBundle(self.bundle), lambda events: any(isinstance(e, BundleExported) for e in events))
        assert self.visit(open_, wanted) is not None
        world = self._world
        report = verifier.verify(
            self.bundle.read_bytes(), lambda clinic: clinic == world.clinic, world.founding.recipient
        )
        return [entry.kind for _, _, entry in report.entries()].count("alarm")


async def at_work(world: World) -> tuple[Door, bytes, Step]:
    """A door that was opened once, a conversation that came after, and the unlock that finds it."""
    ada, door = await world.desk("ada"), Door(world)
    await door.admitted()
    assert door.visit(Step(c.Unlock(PASSPHRASE), online)) is not None
    _, conversation = await invited(world, ada)
    return door, conversation, Step(c.Unlock(PASSPHRASE), opened(conversation))


@played
async def test_a_desk_that_dies_while_it_joins_joins_after_all(world: World) -> None:
    def joined_by(allowed: int) -> bool:
        door = Door(world)
        assert door.visit(door.join, allowed=allowed) is None
        return door.is_joined

    whole = Door(world)
    ended = whole.visit(whole.join)
    assert ended is not None
    just_joined = bisect_left(range(ended.steps), x=True, key=joined_by)
    for allowed in (just_joined, *some(chosen_at_random(), ended.steps, POINTS)):
        door = Door(world)
        assert door.visit(door.join, allowed=allowed) is None
        await door.admitted()
        assert door.alarms(Step(c.Unlock(PASSPHRASE), online)) == 0, allowed


@played
async def test_a_desk_that_dies_while_it_opens_or_closes_opens_with_all_it_had(world: World) -> None:
    (door, conversation, unlock), chance = await at_work(world), chosen_at_random()
    assert door.visit(unlock) is not None
    items = sorted(path.name for path in door.keyring.iterdir())
    killed = 0
    for steps in (
        (unlock,),
        (unlock, LOCK),
        (unlock, WITH_PIN, LOCK, Step(c.UnlockByPin(PIN), opened(conversation))),
        (unlock, Step(c.SwitchAgent(""), phase(Phase.NEW))),
        (unlock, Step(c.Stop(), lambda _: True)),
    ):
        ended = door.visit(*steps)
        assert ended is not None
        assert sorted(path.name for path in door.keyring.iterdir()) == items, steps  # no PIN's half is left
        for allowed in some(chance, ended.steps, POINTS):
            killed += door.visit(*steps, allowed=allowed) is None
    assert killed >= POINTS * 4  # how many steps a visit takes differs a little with what comes from the relay
    assert door.alarms(unlock) == 0


@played
async def test_a_desk_that_dies_over_an_upload_has_signed_the_file_or_tells_of_it(world: World) -> None:
    (door, conversation, unlock), chance = await at_work(world), chosen_at_random()
    photo = c.SendFile(conversation, written(world.folder / "photo.png", PHOTO), "a picture")
    send = Step(photo, lambda events: any(isinstance(event, UploadEnded) for event in events))
    ended = door.visit(unlock, send)
    assert ended is not None
    signed, begun = door.on_the_disk()
    assert (signed, begun) == (1, False)
    for allowed in some(chance, ended.steps, 2 * POINTS):
        died = door.visit(unlock, send, allowed=allowed) is None
        now, begun = door.on_the_disk()
        assert now - signed == 0 if begun else now - signed in (0, 1), allowed
        assert died or now == signed + 1
        signed = now
    assert door.visit(unlock) is not None
    assert door.on_the_disk() == (signed, False)  # it was told, and is forgotten
