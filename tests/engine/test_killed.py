"""kill -9 in the middle of every command of a desk: afterwards it is wholly done or not at all.

Each try is a process of its own, over its own copy of a desk's folder. What is found afterwards is what was before, or
what a process finds that was not killed. Where a command goes to the relay too, test_killed_on_the_way kills it; what
an administrator does, test_killed_in_office; what opens and closes the desk, test_killed_at_the_door.
"""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

from agent_app.engine import commands as c
from agent_app.engine.copies import remove_unfinished
from agent_app.engine.events import Event, RepliesLoaded, ReviewLoaded
from agent_app.engine.reopening import Reopening
from agent_app.engine.shift import Shift
from agent_app.engine.unlocking import Surroundings
from agent_app.protocol.keys import DeviceId, DeviceKeys, MessageId
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.rooms import Store
from agent_app.store.vault import Vault
from agent_app.transparency import enrolment, statement
from tests.engine.killing import Ended, Steps, Unplugged, chosen_at_random, in_a_process, shift_in, some, surroundings
from tests.engine.test_conversing import PHOTO, row, written
from tests.engine.test_earlier import two_phones
from tests.engine.world import PASSPHRASE, Desk, World, played

TEAM = bytes(range(16))
POINTS = 2  # for each command
FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)
_TABLES = ("events", "outbox", "audit_leaves", "tombstones", "drafts", "attachments", "reads", "replies")

Asked = c.Command | Callable[[Sequence[Event]], c.Command]  # the latter by what the one before it was answered


@dataclass(frozen=True)
class Case:
    """What is asked while this process may be killed, and what is asked in it before."""

    asked: tuple[Asked, ...]
    before: tuple[c.Command, ...] = ()


@dataclass(frozen=True)
class Things:
    """What the commands are about. The defaults do only for asking which commands there are."""

    at: bytes = bytes(32)
    earlier: bytes = bytes(32)
    other: bytes = bytes(32)
    gone: bytes = bytes(32)
    said: bytes = bytes(16)
    stuck: bytes = bytes(16)
    file: bytes = bytes(16)
    reply: bytes = bytes(16)
    folder: Path = Path("/tmp")  # noqa: S108 - written to only where a test brings its own


def changing(t: Things) -> list[Case]:
    """Commands that change what is on the disk."""
    return [
        Case((one,))
        for one in (
            c.OpenConversation(t.at),
            c.SendText(t.at, "hello"),
            c.SendNote(t.at, "a note"),
            c.SendFile(t.at, t.folder / "photo.png"),
            c.SendPicture(t.at, PHOTO, "photo.png"),
            c.SaveDraft(t.at, "half a sen", note=False),
            c.SaveFile(t.at, t.file, t.folder / "copies" / "saved.png"),
            c.LoadPicture(t.at, t.file),
            c.Retry(t.stuck),
            c.MarkRead(t.at),
            c.Claim(t.at),
            c.Release(t.at),
            c.Assign(t.at, t.other),
            c.Transfer(t.at, t.other, "yours"),
            c.TakeOver(t.earlier, t.gone),
            c.HandOver(t.at, TEAM, "yours, all"),
            c.Close(t.at, "answered"),
            c.Reopen(t.at),
            c.Retract(t.said),
            c.SetTag(t.at, "urgent", True),
            c.LabelPatient(t.at, "Ada Lovelace", "1980-02-29"),
            c.SetGuardian(t.at, "Anne", "mother"),
            c.SetHold(t.at, True, "a complaint"),
            c.CheckPatient(t.at, "identifiers", True),
            c.BlockPatient(t.at),
            c.SendHistory(t.at, t.earlier),
            c.ExportConversation(t.at, t.folder / "copies" / "copy.txt"),
            c.CopyConversation(t.at, "print"),
            c.SaveReply(b"", "Hours", "We open at eight.", "Abrimos a las ocho."),
            c.DeleteReply(t.reply),
            c.Search("mistake", 1),
            c.ExportFigures(FIRST, LAST, t.folder / "copies" / "figures.csv"),
            c.ReturnConversations(t.gone),
            c.ReportBreachScope(t.other),
            c.SetNotifications(False, True),
            c.MarkAdmissionsRead((t.other, t.gone)),
            c.SetPin("4711"),
        )
    ] + [Case((lambda told: c.SignReview(_loaded(told).digest),), (c.LoadReview(FIRST, LAST),))]


def _loaded(told: Sequence[Event]) -> ReviewLoaded:
    return [event for event in told if isinstance(event, ReviewLoaded)][-1]


def looking(t: Things) -> dict[c.Command, str]:
    """Commands that change nothing, neither on the disk nor at the relay, and why not."""
    return {
        c.LoadTranscript(t.at, 1, older=True): "reads",
        c.LoadAround(t.at, 1): "reads",
        c.LoadReplies(): "reads",
        c.LoadColleagues(): "reads",
        c.LoadHolder(t.at): "reads",
        c.LoadDetails(t.at): "reads",
        c.LoadCustody(t.said): "reads",
        c.LoadFigures(FIRST, LAST): "reads",
        c.LoadReview(FIRST, LAST): "reads; what it found is forgotten with the process",
        c.LoadClinic(): "reads",
        c.ListEarlier(t.at): "reads",
        c.ListInvitations(): "reads",
        c.ShowInvitation(bytes(16)): "reads",
        c.Typing(t.at, True): "a hint, kept in memory until it leaves; one that is lost is not missed",
        c.ViewConversation(t.at): "as typing",
        c.SetPresence(False): "as typing; who restarts is available again",
        c.CancelUpload(
            bytes(16)
        ): "takes back what is signed by nobody yet; killed, it is as never sent (test_uploads)",
    }


async def _do(asked: Asked, shift: Shift, around: Surroundings, told: Sequence[Event]) -> None:
    command = asked(told) if callable(asked) else asked
    if isinstance(command, c.SetPin):
        await Reopening(around).set_pin(shift._unlocked, command.pin)
    else:
        await shift.do(command)


def attempt(folder: Path, keys: bytes, case: Case, allowed: int | None) -> Ended | None:
    async def play(steps: Steps) -> bytes:
        told: list[Event] = []
        around = surroundings(folder, told.append)
        shift = shift_in(around, keys, Unplugged())
        for command in case.before:
            await shift.do(command)
        steps.armed = True
        for asked in case.asked:
            await _do(asked, shift, around, told)
        return b""

    return in_a_process(play, allowed)


def found(folder: Path, keys: bytes, conversation: bytes) -> tuple[object, ...]:
    secrets = DeviceSecrets.decode(keys)
    store = Store.open(folder, secrets.database_key, secrets.epoch_key)
    remove_unfinished(store)  # as at the next start
    try:
        counts = [store.database.scalar(f"SELECT count(*) FROM {table}") for table in _TABLES]  # noqa: S608
        deleted = store.database.scalar("SELECT count(*) FROM events WHERE retracted IS NOT NULL")
        queued = store.database.scalar("SELECT count(*) FROM outbox WHERE state = 'queued'")
        settings = store.database.scalar(  # the next start tells of an upload that was cut off, and forgets it
            "SELECT count(*) FROM settings WHERE value NOT IN (0, x'') AND name != 'uploads-begun'"
        )
        stored = store.conversations.get(conversation)
        return (*counts, deleted, queued, settings, stored.status if stored else "", store.epoch_is_due)
    finally:
        store.close()


BEYOND = {c.CreateInvitation, c.CancelInvitation, c.ExportBundle}  # killed in test_killed_on_the_way
ONE_REQUEST = {c.DismissRequest}  # to the relay, and nothing on the disk: there is no midst in which to die
DOOR = {  # killed in test_killed_at_the_door
    c.Join,
    c.Unlock,
    c.UnlockByPin,
    c.Lock,
    c.SwitchAgent,
    c.Stop,
}


def kind(asked: Asked) -> type:
    if not callable(asked):
        return type(asked)
    return type(asked([ReviewLoaded(FIRST, LAST, (), (), 0, "", ())]))


def test_every_command_is_killed_or_said_to_change_nothing() -> None:
    """Whoever adds a command says here how it behaves when it dies."""
    killed = {kind(case.asked[0]) for case in changing(Things())}
    idle = {type(command) for command in looking(Things())}
    assert not killed & idle
    assert killed | idle | BEYOND | ONE_REQUEST | DOOR == set(get_args(c.Command)) - set(get_args(c.acts.Act))


@played
async def test_killed_at_any_statement_a_command_is_wholly_done_or_not_at_all(world: World) -> None:
    chief, things = await prepared(world)
    folder, chance = chief.profile.folder, chosen_at_random()
    keys = Vault(DeviceSecrets, chief.profile.name, folder).open(PASSPHRASE, world.clock()).encode()
    killed, taken, whole = 0, world.folder / "copies", dict[str, int]()

    def tried(case: Case, allowed: int | None) -> tuple[Ended | None, tuple[object, ...]]:
        copy = world.folder / "tries" / "one"
        shutil.copytree(folder, copy)
        ended = attempt(copy, keys, case, allowed)
        state = found(copy, keys, things.at)
        shutil.rmtree(copy)
        for path in taken.iterdir():  # whole, or not there
            assert path.suffix in (".png", ".csv", ".txt"), path
            assert len(path.read_bytes()) == whole.setdefault(path.name, path.stat().st_size)
            path.unlink()
        return ended, state

    every = changing(things)
    _, before = tried(every[0], 0)
    for case in every:
        ended, after = tried(case, None)
        assert ended is not None
        assert ended.steps > 0, case
        assert after != before, case
        for allowed in some(chance, ended.steps, POINTS):
            other, state = tried(case, allowed)
            assert other is None, case
            assert state in (before, after), (case, allowed, before, state, after)
            killed += 1
    assert killed > 60
    ended, after = tried(Case(tuple(looking(things))), None)
    assert ended is not None
    assert not ended.wrote
    assert after == before


async def prepared(world: World) -> tuple[Desk, Things]:
    """A stopped desk with something for each command to be about."""
    chief, ben = await world.desk("chief", "administrator"), await world.desk("ben")
    _, earlier, patient, at = await two_phones(world, chief)
    await patient.say("Hello?")
    await chief.until(lambda d: row(d, at, "Hello?"), "the patient's word")
    await world.append(lambda _: statement.Team(TEAM, (ben.device,)))
    silent = await never_started(world)
    await chief.until(lambda d: silent in d.engine._shift.membership.roster.members, "the newcomer")  # type: ignore[union-attr]
    chief.do(c.SendText(at, "a mistake"))
    chief.do(c.SendFile(at, written(world.folder / "photo.png", PHOTO), "a picture"))
    chief.do(c.SaveReply(b"", "Greeting", "Good morning!", "¡Buenos días!"))
    chief.do(c.Assign(earlier, silent))
    await chief.until(lambda d: row(d, at, "a picture") and d.told(RepliesLoaded) and d.rows()[earlier].holder, "all")
    said, file = row(chief, at, "a mistake"), row(chief, at, "a picture")
    reply = chief.told(RepliesLoaded)[-1].rows[0].reply
    assert said is not None
    assert file is not None
    await chief.until(lambda d: cannot_be_sent(d, said.message), "a copy for which there is no key")
    await chief.stop()
    log = await world.append(lambda _: statement.Revocation(silent, "left"))
    with chief.disk() as store, store.transaction():  # killed between hearing of it and what follows from it
        have = len(store.clinic_log.statements())
        store.clinic_log.append(have, log.statements[have:])
    (world.folder / "copies").mkdir()
    things = Things(at, earlier, ben.device, silent, said.message, said.message, file.message, reply, world.folder)
    return chief, things


def cannot_be_sent(desk: Desk, message: bytes) -> bool:
    unlocked = desk.engine._unlocked
    assert unlocked is not None
    event = unlocked.store.events.by_message_id(MessageId(message))
    return event is not None and any(one.state == "failed" for one in unlocked.store.outbox.of_message(event.hash))


async def never_started(world: World) -> DeviceId:
    """A member's device that has published nothing: what is for it cannot be sealed."""
    certificate = DeviceKeys.generate(os.urandom).certify(world.clinic, "agent", 1)
    asked = enrolment.EnrolmentRequest(certificate.encoded, os.urandom(16), "Silent", os.urandom(32))
    await world.append(lambda _: enrolment.admission(asked, "agent"))
    return certificate.device
