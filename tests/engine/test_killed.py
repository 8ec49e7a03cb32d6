"""kill -9 in the middle of every command of a conversation: afterwards it is wholly done or not at all.

Each try is a process of its own, over its own copy of a desk's folder, that is killed at one of the statements by which
the command writes. What is found afterwards is what was before, or what a process finds that was not killed.
"""

import asyncio
import os
import random
import shutil
import signal
import traceback
from datetime import date
from pathlib import Path

from agent_app.engine import commands as c
from agent_app.engine.engine import system_clock
from agent_app.engine.events import RepliesLoaded
from agent_app.engine.profile import Profile
from agent_app.engine.shift import Shift
from agent_app.engine.unlocking import Surroundings, opened
from agent_app.store.database import Database
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.rooms import Store
from agent_app.store.vault import Vault
from agent_app.transparency import statement
from tests.engine.test_conversing import PHOTO, invited, row, written
from tests.engine.world import CHEAP, PASSPHRASE, QUICK, World, played

TEAM = bytes(range(16))
POINTS = 5  # for each command
_TABLES = ("events", "outbox", "audit_leaves", "tombstones", "drafts", "attachments", "reads", "replies")


class Statements:
    """Counts what is executed from when it is armed, and kills this process at the last one that it allows."""

    def __init__(self, allowed: int | None) -> None:
        self.count = 0
        self.real = Database._execute

        def execute(database: Database, sql: str, values: object) -> object:
            if self.count == allowed:
                os.kill(os.getpid(), signal.SIGKILL)
            self.count += 1
            return self.real(database, sql, values)  # type: ignore[arg-type]

        Database._execute = execute  # type: ignore[method-assign, assignment]


def do(folder: Path, keys: tuple[bytes, ...], command: c.Command, allowed: int | None) -> int:
    """In a process of its own. Answers how many statements it ran, or -1 when it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            asyncio.events._set_running_loop(None)
            shift = _shift(folder, keys)
            statements = Statements(allowed)
            asyncio.run(shift.do(command))
            os.write(writing, statements.count.to_bytes(4, "big"))
        except BaseException:  # noqa: BLE001 - shown; the process ends here in any case
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    answer = os.read(reading, 4)
    os.close(reading)
    _, status = os.waitpid(child, 0)
    return -1 if os.WIFSIGNALED(status) else int.from_bytes(answer, "big")


def _shift(folder: Path, keys: tuple[bytes, ...]) -> Shift:
    secrets = DeviceSecrets.decode(keys[0])
    profile = Profile(folder.parent, folder.name)
    surroundings = Surroundings(profile, lambda event: None, system_clock, os.urandom, None, CHEAP)
    store = Store.open(folder, secrets.database_key, secrets.epoch_key)
    return Shift(opened(surroundings, secrets, store), QUICK, "")


def found(folder: Path, keys: tuple[bytes, ...], conversation: bytes) -> tuple[object, ...]:
    secrets = DeviceSecrets.decode(keys[0])
    store = Store.open(folder, secrets.database_key, secrets.epoch_key)
    try:
        counts = [store.database.scalar(f"SELECT count(*) FROM {table}") for table in _TABLES]  # noqa: S608
        deleted = store.database.scalar("SELECT count(*) FROM events WHERE retracted IS NOT NULL")
        stored = store.conversations.get(conversation)
        return (*counts, deleted, stored.status if stored else "", store.epoch_is_due)
    finally:
        store.close()


def every_command(at: bytes, other: bytes, said: bytes, reply: bytes, folder: Path) -> list[c.Command]:
    return [
        c.OpenConversation(at),
        c.SendText(at, "hello"),
        c.SendNote(at, "a note"),
        c.SendFile(at, written(folder / "photo.png", PHOTO)),
        c.SendPicture(at, PHOTO, "photo.png"),
        c.SaveDraft(at, "half a sen", note=False),
        c.MarkRead(at),
        c.Claim(at),
        c.Release(at),
        c.Assign(at, other),
        c.Transfer(at, other, "yours"),
        c.HandOver(at, TEAM, "yours, all"),
        c.Close(at, "answered"),
        c.Reopen(at),
        c.Retract(said),
        c.SetTag(at, "urgent", True),
        c.LabelPatient(at, "Ada Lovelace", "1980-02-29"),
        c.SetGuardian(at, "Anne", "mother"),
        c.SetHold(at, True, "a complaint"),
        c.CheckPatient(at, "identifiers", True),
        c.BlockPatient(at),
        c.ExportConversation(at, folder / "copy.txt"),
        c.CopyConversation(at, "print"),
        c.SaveReply(b"", "Hours", "We open at eight.", "Abrimos a las ocho."),
        c.DeleteReply(reply),
        c.Search("mistake", 1),
        c.ExportFigures(date(2026, 1, 1), date(2026, 1, 31), folder / "figures.csv"),
    ]


@played
async def test_killed_at_any_statement_a_command_is_wholly_done_or_not_at_all(world: World) -> None:
    chief, ben = await world.desk("chief", "supervisor"), await world.desk("ben")
    patient, conversation = await invited(world, chief)
    await patient.say("Hello?")
    chief.do(c.SendText(conversation, "a mistake"))
    await chief.until(lambda d: len(d.texts(conversation)) == 2, "both")
    await world.append(lambda _: statement.Team(TEAM, (ben.device,)))
    await chief.until(lambda d: TEAM in d.engine._shift.membership.roster.teams, "the team")  # type: ignore[union-attr]
    said = row(chief, conversation, "a mistake")
    assert said is not None
    chief.do(c.SaveReply(b"", "Greeting", "Good morning!", "¡Buenos días!"))
    await chief.until(lambda d: d.told(RepliesLoaded) and d.told(RepliesLoaded)[-1].rows, "a canned reply")
    reply = chief.told(RepliesLoaded)[-1].rows[0].reply
    await chief.stop()
    folder = chief.profile.folder
    secrets = Vault(DeviceSecrets, chief.profile.name, folder).open(PASSPHRASE, world.clock())
    keys, chance = (secrets.encode(),), random.Random(7)
    killed = 0
    for number, command in enumerate(every_command(conversation, ben.device, said.message, reply, world.folder)):

        def attempt(allowed: int | None, command: c.Command = command) -> tuple[int, tuple[object, ...]]:
            copy = world.folder / "copies" / f"{number}-{allowed}".lower()  # noqa: B023
            shutil.copytree(folder, copy)
            ran = do(copy, keys, command, allowed)
            state = found(copy, keys, conversation)
            shutil.rmtree(copy)
            return ran, state

        ran, after = attempt(None)
        _, before = attempt(0)
        assert ran > 0, command
        assert after != before, command
        for allowed in chance.sample(range(1, ran), min(POINTS, ran - 1)):
            went_on, state = attempt(allowed)
            assert went_on == -1, command
            assert state in (before, after), (command, allowed, before, state, after)
            killed += 1
    assert killed > 60
