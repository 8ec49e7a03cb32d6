"""One device's life: joining, locking, wrong passphrases, a restored copy, a second reader, the export."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

from agent_app.engine.commands import (
    CreateInvitation,
    ExportBundle,
    Join,
    Lock,
    OpenConversation,
    SendNote,
    SendText,
    Unlock,
)
from agent_app.engine.events import (
    BundleExported,
    EnrolmentRequested,
    InvitationCreated,
    Phase,
    PhaseChanged,
    UnlockFailed,
)
from agent_app.engine.profile import Profile
from agent_app.store.passphrase import eff_long
from agent_app.transparency import verifier
from agent_app.transparency.report import Report
from tests.engine.test_conversing import BORN, invite, invited, row
from tests.engine.world import PASSPHRASE, PATIENCE, QUICK, Desk, World, played, played_alone


@played
async def test_joining_survives_a_restart_before_approval(world: World) -> None:
    desk = Desk(Profile(world.folder / "desks", "carla"), world.clock)
    world.desks.append(desk)
    desk.start()
    await desk.until_phase(Phase.NEW)
    desk.do(Join(world.address.text(), "Carla", PASSPHRASE))
    await desk.until(lambda d: d.told(EnrolmentRequested), "a request")
    first = desk.told(EnrolmentRequested)[0]
    assert len(first.words) == 6
    assert set(first.words) <= set(eff_long())
    await desk.crash()
    desk.events.clear()
    desk.start()
    await desk.until_phase(Phase.LOCKED)
    desk.do(Unlock(PASSPHRASE))
    await desk.until_phase(Phase.AWAITING_APPROVAL)
    await desk.until(lambda d: d.told(EnrolmentRequested), "the same request")
    assert desk.told(EnrolmentRequested)[0] == first
    await world.admit(desk)
    await desk.until_phase(Phase.UNLOCKED)
    assert desk.told(PhaseChanged)[-1].agent == "Carla"


@played
async def test_joining_is_refused_with_a_reason(world: World) -> None:
    desk = Desk(Profile(world.folder / "desks", "carla"), world.clock)
    world.desks.append(desk)
    desk.start()
    other = replace(world.address, clinic=bytes(32))
    for address, passphrase in (
        ("sealdesk-clinic:nonsense", PASSPHRASE),
        (other.text(), PASSPHRASE),
        (world.address.text(), "password"),
        (replace(world.address, origin="http://relay.example").text(), PASSPHRASE),
    ):
        before = len(desk.notices())
        desk.do(Join(address, "Carla", passphrase))
        await desk.until(lambda d, n=before: len(d.notices()) > n, "a reason")  # type: ignore[misc]
    assert not desk.told(EnrolmentRequested)
    desk.do(Join(world.address.text(), "Carla", PASSPHRASE))
    await desk.until(lambda d: d.told(EnrolmentRequested), "a request after all")


@played
async def test_a_locked_desk_counts_and_knows_nothing(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    ada.do(Lock())
    await ada.until(lambda d: d.told(PhaseChanged)[-1].phase is Phase.LOCKED, "the lock")
    assert ada.engine.holds_no_keys
    await patient.say("one")
    await patient.say("two")
    await ada.until(lambda d: d.waiting() == 2, "the count")
    assert not any(patient.delivered[message] for message in list(patient.said)[-2:])
    ada.do(SendText(conversation, "into the void"))
    ada.do(Unlock(PASSPHRASE))
    await ada.until(lambda d: row(d, conversation, "two"), "what waited")
    assert ada.texts(conversation) == ["one", "two"]
    assert patient.texts() == []


@played
async def test_wrong_passphrases_are_refused_slowed_down_and_recorded(world: World) -> None:
    ada = await world.desk("ada")
    ada.do(Lock())
    await ada.until_phase(Phase.LOCKED)
    for _ in range(8):  # until the wait is longer than a busy machine takes for the next line
        world.clock.ahead += 60_000
        before = len(ada.told(UnlockFailed))
        ada.do(Unlock("not this one at all"))
        await ada.until(lambda d, n=before: len(d.told(UnlockFailed)) > n, "a refusal")  # type: ignore[misc]
    assert ada.told(UnlockFailed)[-1].wait_seconds > 0
    ada.do(Unlock(PASSPHRASE))
    await ada.until(lambda d: len(d.told(UnlockFailed)) == 9, "being told to wait")
    world.clock.ahead += 60_000
    await ada.restart()
    report = await exported(ada, world)
    kinds = [entry.kind for _, _, entry in report.entries()]
    assert kinds.count("unlock-failed") == 8
    assert kinds.count("unlock") == 2


async def exported(desk: Desk, world: World) -> Report:
    path = world.folder / "bundle"
    desk.do(ExportBundle(path))
    await desk.until(lambda d: d.told(BundleExported), "the bundle")
    return verifier.verify(_read(path), lambda clinic: clinic == world.clinic, world.founding.recipient)


def _exists(path: Path) -> bool:
    return path.exists()


def _read(path: Path) -> bytes:
    return path.read_bytes()


@played
async def test_an_export_passes_and_one_flipped_byte_does_not(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    await patient.say("one")
    await ada.until(lambda d: row(d, conversation, "one"))
    ada.do(OpenConversation(conversation))
    ada.do(SendText(conversation, "two"))
    ada.do(SendNote(conversation, "three"))
    await patient.until(lambda p: "two" in p.texts())
    ben.do(SendText(conversation, "four"))
    await ada.until(lambda d: row(d, conversation, "four"))
    report = await exported(ada, world)
    assert report.passed, report.faults
    said = [e.message.content.event for e in report.messages]
    assert {getattr(event, "text", "") for event in said} >= {"one", "two", "three", "four"}
    kinds = {entry.kind for _, _, entry in report.entries()}
    assert kinds >= {"unlock", "invite", "verdict", "view", "send", "receive", "export"}
    raw = bytearray(_read(world.folder / "bundle"))
    assert (world.folder / "bundle").stat().st_mode & 0o077 == 0
    for position in range(64, len(raw), len(raw) // 20):
        raw[position] ^= 1
        assert not verifier.verify(bytes(raw), lambda clinic: clinic == world.clinic).passed
        raw[position] ^= 1


@played
async def test_a_restored_copy_is_noticed_and_begins_anew(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    open_invitation = await invite(ada)
    await ada.stop()
    backup = world.folder / "backup"
    shutil.copytree(ada.profile.folder, backup)
    await ada.restart()
    ada.do(SendText(conversation, "after the copy"))
    await patient.until(lambda p: "after the copy" in p.texts())
    ada.do(ExportBundle(world.folder / "whole"))  # has the audit log witnessed, beyond what the copy holds
    await ada.until(lambda d: d.told(BundleExported), "the whole bundle")
    await ada.stop()
    shutil.rmtree(ada.profile.folder)
    shutil.copytree(backup, ada.profile.folder)
    await ada.restart()
    assert any("restored" in text for text in ada.notices())
    ada.do(SendText(conversation, "from the copy"))
    await patient.until(lambda p: "from the copy" in p.texts())
    await patient.say("still here")
    await ada.until(lambda d: row(d, conversation, "still here"))
    await ben.until(lambda d: row(d, conversation, "from the copy"))
    # A checker whose past was restored cannot know which tries were spent.
    second = await world.patient(open_invitation.link)
    await second.open(open_invitation.code, BORN)
    await second.until(lambda p: p.verdicts())
    assert second.verdicts()[0].outcome == "refused"
    # Its audit log was witnessed further than the copy goes: half of one must not pass for the whole.
    ada.do(ExportBundle(world.folder / "half"))
    await ada.until(lambda d: "The bundle was not written." in d.notices(), "a refusal")
    assert not _exists(world.folder / "half")


@played
async def test_two_copies_of_one_profile_do_not_both_read(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    twin = Desk(Profile(world.folder / "twin", ada.profile.name), world.clock)
    shutil.copytree(ada.profile.folder, twin.profile.folder)
    twin.start()
    twin.do(Unlock(PASSPHRASE))
    await twin.until_online()
    await ada.until(lambda d: any("Another program" in text for text in d.notices()), "the notice")
    await patient.say("to whom?")
    await twin.until(lambda d: row(d, conversation, "to whom?"))
    await twin.stop()


@played
async def test_stopping_waits_for_nobody_and_loses_nothing(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    for number in range(5):
        ada.do(SendText(conversation, f"line {number}"))
    await asyncio.wait_for(ada.stop(), PATIENCE)
    await ada.restart()
    await patient.until(lambda p: p.texts() == [f"line {number}" for number in range(5)])


@played_alone
async def test_an_invitation_that_could_not_be_registered_is_shown_when_it_could(world: World) -> None:
    ada = await world.desk("ada", pace=replace(QUICK, upkeep=0.2))
    world.relay.kill()
    ada.do(CreateInvitation("Erika", BORN))
    await ada.until(lambda d: any("not ready" in text for text in d.notices()), "the reason")
    assert not ada.told(InvitationCreated)
    world.relay.start()
    await ada.until(lambda d: d.told(InvitationCreated), "the link")
