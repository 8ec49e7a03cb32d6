"""What the window leaves to the engine while somebody writes: drafts, pasted pictures, previews, names."""

from pathlib import Path

import pytest

from agent_app.engine.commands import (
    Claim,
    Lock,
    OpenConversation,
    Release,
    SaveDraft,
    SendFile,
    SendNote,
    SendPicture,
    SendText,
    Unlock,
)
from agent_app.engine.events import (
    DeviceAdmitted,
    DeviceNamed,
    DraftLoaded,
    MessageAdded,
    Phase,
    PhaseChanged,
    SendingChanged,
    Status,
    TextReturned,
)
from agent_app.engine.writing import Misplaced
from agent_app.protocol import events
from tests.engine.test_conversing import PHOTO, PLACE, chunk, invited, row, written
from tests.engine.world import PASSPHRASE, Desk, World, played

HIDDEN = PHOTO[:33] + chunk(b"tEXt", PLACE) + PHOTO[33:]


async def lock_and_unlock(desk: Desk) -> None:
    desk.do(Lock())
    await desk.until_phase(Phase.LOCKED)
    desk.events.clear()
    desk.do(Unlock(PASSPHRASE))
    await desk.until_phase(Phase.UNLOCKED)


async def reopened(desk: Desk, conversation: bytes) -> list[DraftLoaded]:
    """What opening the conversation brings back; a row that is written after it shows that all of it came."""
    desk.events.clear()
    desk.do(OpenConversation(conversation))
    desk.do(Release(conversation))
    await desk.until(lambda d: d.told(MessageAdded), "the row")
    return desk.told(DraftLoaded)


@played
async def test_a_draft_outlives_a_lock_and_goes_with_what_is_sent(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    ada.do(SaveDraft(conversation, "Your results", note=False))
    # The lock comes in the same moment, as when somebody leaves the desk in the middle of a word.
    ada.do(SaveDraft(conversation, "Your results are", note=False))
    await lock_and_unlock(ada)
    assert await reopened(ada, conversation) == [DraftLoaded(conversation, "Your results are", note=False)]
    ada.do(SendText(conversation, "Your results are fine"))
    await patient.until(lambda p: p.texts() == ["Your results are fine"])
    assert await reopened(ada, conversation) == []
    ada.do(SaveDraft(conversation, "not for them", note=True))
    assert await reopened(ada, conversation) == [DraftLoaded(conversation, "not for them", note=True)]
    ada.do(SendNote(conversation, "not for them at all"))
    assert await reopened(ada, conversation) == []
    ada.do(SaveDraft(conversation, "half", note=False))
    ada.do(SaveDraft(conversation, "  \n", note=False))
    assert await reopened(ada, conversation) == []
    assert patient.texts() == ["Your results are fine"]


@played
async def test_what_cannot_be_sent_comes_back_as_what_it_was_and_is_kept(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    long = "é" * 4_000
    ada.do(SendNote(conversation, long))  # over the 4 KiB of a note, and no more than a reply may be
    await ada.until(lambda d: d.told(TextReturned), "the note")
    assert ada.told(TextReturned) == [TextReturned(conversation, long, note=True)]
    assert ada.notices()[-1] == "The note was not sent."
    assert await reopened(ada, conversation) == [DraftLoaded(conversation, long, note=True)]
    await patient.send(events.Ended())
    ended = [Status.ENDED]
    await ada.until(lambda d: [r.status for r in d.rows().values()] == ended, "the end")
    ada.do(SendText(conversation, "One more thing"))
    await ada.until(lambda d: d.told(TextReturned), "the reply")
    assert ada.told(TextReturned) == [TextReturned(conversation, "One more thing", note=False)]
    await lock_and_unlock(ada)
    ada.do(OpenConversation(conversation))
    await ada.until(lambda d: d.told(DraftLoaded), "the draft")
    assert ada.told(DraftLoaded) == [DraftLoaded(conversation, "One more thing", note=False)]
    assert "One more thing" not in patient.texts()


@played
async def test_a_note_is_refused_where_a_patient_reads(world: World) -> None:
    """Whatever asks for it: nothing is signed, stored or queued for the patient's device."""
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    at_work = ada.engine._shift
    assert at_work is not None
    stored = at_work._speech.stored(conversation)
    held = len(at_work._desk.store.events.held(stored.id))
    for event in (
        events.Note("not for her"),
        events.Tag("angry", True),
        events.Checked(stored.patient, "identifiers", False),
    ):
        with pytest.raises(Misplaced):
            at_work._speech.say(conversation, event)
    with pytest.raises(Misplaced), at_work._desk.work() as work:
        at_work._writing.write(work, at_work._writing.direct(stored.patient), events.Note("nor beside it"))
    assert len(at_work._desk.store.events.held(stored.id)) == held
    ada.do(SendText(conversation, "for her"))
    await patient.until(lambda p: p.texts() == ["for her"])


@played
async def test_what_was_asked_for_just_before_a_lock_is_done(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    ada.do(SendText(conversation, "and lock"))
    ada.do(Lock())
    await ada.until_phase(Phase.LOCKED)
    ada.do(Unlock(PASSPHRASE))
    await patient.until(lambda p: p.texts() == ["and lock"])


@played
async def test_a_pasted_picture_is_sent_without_what_it_hides_and_never_lies_bare(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    ada.do(SendPicture(conversation, HIDDEN, "Picture.png", "see here"))
    await patient.until(lambda p: any(isinstance(m.content.event, events.File) for m in p.heard))
    file = next(m.content.event for m in patient.heard if isinstance(m.content.event, events.File))
    assert (file.name, file.media_type, file.caption) == ("Picture.png", "image/png", "see here")
    assert await patient.fetch(file) == PHOTO
    assert not [path for path in world.folder.rglob("*") if path.is_file() and _holds_the_picture(path)]
    assert ada.rows()[conversation].preview == "Photo · see here"


def _holds_the_picture(path: Path) -> bool:
    content = path.read_bytes()
    return b"pixelspixels" in content or PLACE in content


@played
async def test_what_is_no_picture_or_too_large_is_not_sent_as_one(world: World) -> None:
    ada = await world.desk("ada")
    _, conversation = await invited(world, ada)
    for content in (b"GIF89a", b"", PHOTO[:33] + bytes(25 << 20)):
        before = len(ada.notices())
        ada.do(SendPicture(conversation, content, "Picture.png"))
        await ada.until(lambda d, n=before: len(d.notices()) > n, "a reason")  # type: ignore[misc]
    assert not [m for m in ada.messages(conversation) if m.kind == "file"]


@played
async def test_the_list_says_what_was_said_last(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)

    async def says(preview: str) -> None:
        await ada.until(lambda d: d.rows()[conversation].preview == preview, preview)

    assert ada.rows()[conversation].preview == ""
    await patient.send_file("rash.png", "image/png", PHOTO)
    await says("Photo")
    await patient.send_file("letter.pdf", "application/pdf", b"%PDF")
    await says("letter.pdf")
    ada.do(SendFile(conversation, written(world.folder / "plan.txt", b"plan"), "as we said"))
    await says("plan.txt · as we said")
    ada.do(SendText(conversation, "on\ntwo lines"))
    await says("on two lines")
    ada.do(Claim(conversation))
    await ada.until(lambda d: d.rows()[conversation].status is Status.HELD, "the claim")
    await says("on two lines")


@played
async def test_a_row_says_whether_the_patient_wrote_it_whatever_a_colleague_is_called(world: World) -> None:
    ada, impostor = await world.desk("ada"), await world.desk("patient")
    patient, conversation = await invited(world, ada)
    await patient.say("from the patient")
    await impostor.until(lambda d: row(d, conversation, "from the patient"))
    impostor.do(SendText(conversation, "from a colleague"))
    await ada.until(lambda d: row(d, conversation, "from a colleague"))
    rows = {m.text: m for m in ada.messages(conversation)}
    assert rows["from a colleague"].author == rows["from the patient"].author == "Patient"
    assert [rows[text].by_patient for text in ("from the patient", "from a colleague")] == [True, False]


@played
async def test_an_admission_is_announced_to_others_and_its_name_follows(world: World) -> None:
    ada = await world.desk("ada")
    ben = await world.desk("ben")
    await ada.until(lambda d: d.told(DeviceNamed), "the newcomer's name")
    assert [(e.device, e.role) for e in ada.told(DeviceAdmitted)] == [(ben.device, "agent")]
    assert ada.told(DeviceNamed) == [DeviceNamed("Ben", ben.device)]
    assert not [e for e in ben.told(DeviceAdmitted) if e.device == ben.device]


@played
async def test_the_window_is_told_when_nothing_is_sent_and_when_it_is_again(world: World) -> None:
    ada = await world.desk("ada")
    await ada.until(lambda d: d.told(SendingChanged), "the state at the start")
    assert ada.told(SendingChanged)[-1].obstacle is None
    _, conversation = await invited(world, ada)
    world.clock.ahead = 73 * 3_600_000
    ada.do(SendText(conversation, "late"))
    await ada.until(lambda d: d.told(SendingChanged)[-1].obstacle is not None, "the obstacle")
    world.clock.ahead = 0
    await world.renew()
    ada.do(SendText(conversation, "in time"))
    await ada.until(lambda d: d.told(SendingChanged)[-1].obstacle is None, "the end of it")
    assert ada.told(PhaseChanged)[-1].phase is Phase.UNLOCKED
