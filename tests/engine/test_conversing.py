"""The main job: a patient is invited, checked and answered, with files, notes, receipts and read marks."""

import struct
import zlib
from pathlib import Path

import pytest

from agent_app.engine.commands import (
    BlockPatient,
    CancelInvitation,
    CheckPatient,
    Claim,
    Close,
    CreateInvitation,
    ListInvitations,
    LoadPicture,
    LoadTranscript,
    MarkRead,
    OpenConversation,
    Release,
    Reopen,
    SaveFile,
    SendFile,
    SendNote,
    SendText,
    ShowInvitation,
)
from agent_app.engine.events import (
    CommandDone,
    Delivery,
    DeviceAdmitted,
    FileSaved,
    InvitationChanged,
    InvitationCreated,
    InvitationsLoaded,
    MessageRow,
    NoticeRaised,
    PictureLoaded,
    Status,
    TranscriptLoaded,
)
from agent_app.protocol import events
from agent_app.relay.errors import RelayRefused
from tests.engine.patient import Patient
from tests.engine.world import Desk, World, played

NAME, BORN = "Erika Mustermann", "1980-02-29"
PLACE = b"GPS 52.5163 13.3777"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


PHOTO = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", b"pixels" * 20_000) + chunk(b"IEND", b"")


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


async def invite(desk: Desk) -> InvitationCreated:
    before = len(desk.told(InvitationCreated))
    desk.do(CreateInvitation(NAME, BORN, "results"))
    await desk.until(lambda d: len(d.told(InvitationCreated)) > before, "an invitation")
    return desk.told(InvitationCreated)[-1]


async def invited(world: World, desk: Desk) -> tuple[Patient, bytes]:
    """A patient who has passed the check, and their conversation, which every desk has by now."""
    invitation = await invite(desk)
    patient = await world.patient(invitation.link)
    conversation = await patient.open(invitation.code, BORN)
    await patient.until(lambda p: p.verdicts())
    for each in {desk, *world.readers}:
        await each.until(lambda d: d.rows().get(conversation) and d.rows()[conversation].level == 2, "level 2")
    return patient, conversation


def row(desk: Desk, conversation: bytes, text: str) -> MessageRow | None:
    return next((m for m in desk.messages(conversation) if m.text == text), None)


def proven(desk: Desk, conversation: bytes, text: str) -> set[tuple[str, str]]:
    """(step, whose) for each receipt of a message."""
    found = row(desk, conversation, text)
    return {(step, who) for step, who, _ in found.receipts} if found else set()


async def until_delivery(desk: Desk, conversation: bytes, text: str, delivery: Delivery) -> MessageRow:
    def arrived(d: Desk) -> bool:
        found = row(d, conversation, text)
        return found is not None and found.delivery is delivery

    await desk.until(arrived, f"{text!r} to be {delivery}")
    found = row(desk, conversation, text)
    assert found is not None
    return found


@played
async def test_two_desks_and_a_patient_talk(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    assert patient.verdicts()[0].outcome == "passed"
    await ben.until(lambda d: d.rows()[conversation].title == NAME, "the checked name")
    assert ben.rows()[conversation].identifiers == (("birth-date", BORN),)
    await patient.say("Hello?")
    for desk in (ada, ben):
        await desk.until(lambda d: "Hello?" in d.texts(conversation), "the patient's words")
        assert desk.rows()[conversation].unread == 1
    ada.do(Claim(conversation))
    ada.do(SendText(conversation, "Good morning."))
    ada.do(SendNote(conversation, "Sounds worried."))
    await patient.until(lambda p: "Good morning." in p.texts())
    await ben.until(lambda d: {"Good morning.", "Sounds worried."} <= set(d.texts(conversation)), "what ada wrote")
    await ben.until(lambda d: d.rows()[conversation].holder == "Ada", "who holds it")
    assert ben.rows()[conversation].status is Status.HELD
    await until_delivery(ada, conversation, "Good morning.", Delivery.DELIVERED)  # says the patient's device
    both = {(step, who) for step in ("accepted", "delivered") for who in ("Patient", "Ben")}
    await ada.until(lambda d: proven(d, conversation, "Good morning.") == both, "ben's receipt too")
    await until_delivery(ada, conversation, "Sounds worried.", Delivery.DELIVERED)
    ben.do(SendText(conversation, "Ben here."))
    await patient.until(lambda p: "Ben here." in p.texts())
    await ada.until(lambda d: "Ben here." in d.texts(conversation), "what ben wrote")
    assert row(ada, conversation, "Ben here.").author == "Ben"  # type: ignore[union-attr]
    assert not any("worried" in text for text in patient.texts())
    assert not any(isinstance(m.content.event, events.Note | events.Claim) for m in patient.heard)


@played
async def test_read_marks_go_both_ways(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    await patient.say("Hello?")
    await ada.until(lambda d: "Hello?" in d.texts(conversation))
    ada.do(MarkRead(conversation))
    await patient.until(lambda p: any(isinstance(m.content.event, events.Read) for m in p.heard))
    await ada.until(lambda d: d.rows()[conversation].unread == 0, "nothing unread")
    ada.do(SendText(conversation, "Good morning."))
    await patient.until(lambda p: "Good morning." in p.texts())
    said = next(m for m in patient.heard if isinstance(m.content.event, events.Text))
    await patient.send(events.Read((events.ReadMark(said.content.author, said.content.sequence),)))
    shown = await until_delivery(ada, conversation, "Good morning.", Delivery.READ)
    assert [(step, who) for step, who, _ in shown.receipts] == [
        ("accepted", "Patient"),
        ("delivered", "Patient"),
        ("read", "Patient"),
    ]


@played
async def test_a_photograph_each_way_without_its_place(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    path = written(world.folder / "photo.png", PHOTO[:33] + chunk(b"tEXt", PLACE) + PHOTO[33:])
    ada.do(SendFile(conversation, path, "Your results"))
    await patient.until(lambda p: any(isinstance(m.content.event, events.File) for m in p.heard))
    file = next(m.content.event for m in patient.heard if isinstance(m.content.event, events.File))
    assert await patient.fetch(file) == PHOTO
    assert (file.name, file.media_type, file.caption) == ("photo.png", "image/png", "Your results")
    await until_delivery(ada, conversation, "Your results", Delivery.DELIVERED)
    message = await patient.send_file("../../etc/passwd", "image/png", PHOTO)
    await ada.until(lambda d: any(m.message == message for m in d.messages(conversation)))
    ada.do(LoadPicture(conversation, message))
    await ada.until(lambda d: d.told(PictureLoaded), "the picture")
    assert ada.told(PictureLoaded)[0].content == PHOTO
    saved = world.folder / "saved.png"
    ada.do(SaveFile(conversation, message, saved))
    await ada.until(lambda d: d.told(FileSaved), "the saved file")
    assert saved.read_bytes() == PHOTO
    assert saved.stat().st_mode & 0o077 == 0


@played
async def test_a_file_that_is_too_large_or_cannot_be_cleaned_is_refused(world: World) -> None:
    ada = await world.desk("ada")
    _, conversation = await invited(world, ada)
    large = written(world.folder / "large.pdf", bytes(25 * 1024 * 1024 + 1))
    heic = written(world.folder / "photo.heic", b"\0\0\0\x18ftypheic" + PLACE)
    for path in (large, heic, world.folder / "absent.pdf"):
        before = len(ada.notices())
        ada.do(SendFile(conversation, path))
        await ada.until(lambda d, before=before: len(d.notices()) > before, "a notice")  # type: ignore[misc]
    assert not [m for m in ada.messages(conversation) if m.kind == "file"]


@played
async def test_wrong_codes_use_the_tries_up_for_good(world: World) -> None:
    ada = await world.desk("ada")
    invitation = await invite(ada)
    patient = await world.patient(invitation.link)
    wrong = "000000" if invitation.code != "000000" else "000001"
    conversation = await patient.open(wrong, BORN)
    guesses = [
        (invitation.code, "1980-03-01"),
        ("", ""),
        (wrong, BORN),
        (invitation.code[:5], BORN),
        (invitation.code, BORN),
    ]
    for number, (code, born) in enumerate(guesses, 1):
        await patient.until(lambda p, n=number: len(p.verdicts()) == n)  # type: ignore[misc]
        await patient.check(code, born)
    await patient.until(lambda p: len(p.verdicts()) == 6)
    assert [v.outcome for v in patient.verdicts()] == [*["wrong"] * 5, "refused"]
    assert [v.tries_left for v in patient.verdicts()] == [4, 3, 2, 1, 0, 0]
    await ada.until(lambda d: d.told(InvitationChanged)[-1].state == "refused", "the end of the invitation")
    assert ada.rows()[conversation].level == 0
    assert NAME not in repr(ada.rows()[conversation])


@played
async def test_tries_that_were_spent_stay_spent_through_a_restart(world: World) -> None:
    ada = await world.desk("ada")
    invitation = await invite(ada)
    patient = await world.patient(invitation.link)
    await patient.open("", "")
    for spent in range(1, 5):
        await patient.until(lambda p, n=spent: len(p.verdicts()) == n)  # type: ignore[misc]
        await ada.restart()
        await patient.check("", "")
    await patient.until(lambda p: len(p.verdicts()) == 5)
    await patient.check(invitation.code, BORN)
    await patient.until(lambda p: len(p.verdicts()) == 6)
    assert patient.verdicts()[-1].outcome == "refused"


@played
async def test_open_invitations_are_listed_and_their_issuer_shows_them_again(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    await ada.until(lambda d: d.told(DeviceAdmitted), "her colleague")
    first, second = await invite(ada), await invite(ada)
    ada.do(ListInvitations())
    await ada.until(lambda d: d.told(InvitationsLoaded), "the list")
    rows = ada.told(InvitationsLoaded)[-1].rows
    assert {row.invitation for row in rows} == {first.invitation, second.invitation}
    assert all((r.name, r.reason, r.state, r.mine) == (NAME, "results", "open", True) for r in rows)
    ada.do(ShowInvitation(first.invitation))
    await ada.until(lambda d: len(d.told(InvitationCreated)) == 3, "the first again")
    assert ada.told(InvitationCreated)[-1] == first
    cancel = CancelInvitation(first.invitation)
    ada.do(cancel)
    await ada.until(lambda d: any(e.command is cancel for e in d.told(CommandDone)), "that it is done")
    await ada.until(lambda d: any(e.state == "cancelled" for e in d.told(InvitationChanged)), "its end")
    ada.do(ListInvitations())
    await ada.until(lambda d: len(d.told(InvitationsLoaded)) == 2, "the list without it")
    assert [row.invitation for row in ada.told(InvitationsLoaded)[-1].rows] == [second.invitation]
    for desk, invitation in ((ada, first), (ben, second)):
        asked = ShowInvitation(invitation.invitation)
        desk.do(asked)
        await desk.until(lambda d: d.told(NoticeRaised), "a refusal")
        refusal = desk.told(NoticeRaised)[-1]
        assert refusal.notice.happened == "The invitation cannot be shown."
        assert refusal.answers is asked
    assert len(ada.told(InvitationCreated)) == 3
    assert not ben.told(InvitationCreated)


@played
async def test_a_passed_or_cancelled_invitation_serves_nobody_else(world: World) -> None:
    ada = await world.desk("ada")
    patient, _ = await invited(world, ada)
    assert patient.verdicts()[0].level == 2
    second = await invite(ada)
    ada.do(CancelInvitation(second.invitation))
    await ada.until(lambda d: any(e.state == "cancelled" for e in d.told(InvitationChanged)), "its end")
    with pytest.raises(RelayRefused) as refused:
        await world.patient(second.link)
    assert refused.value.problem == "invitation-invalid"


@played
async def test_a_visitor_is_unverified_until_an_agent_checks(world: World) -> None:
    ada = await world.desk("ada")
    patient = await world.patient()
    conversation = await patient.open()
    await patient.say("Is this the right place?")
    await ada.until(lambda d: "Is this the right place?" in d.texts(conversation))
    assert ada.rows()[conversation].level == 0
    assert ada.rows()[conversation].title.startswith("Visitor")
    ada.do(CheckPatient(conversation, "safety-number", True))
    await ada.until(lambda d: d.rows()[conversation].level == 3, "level 3")
    ada.do(BlockPatient(conversation))
    await ada.until(lambda d: d.rows()[conversation].level == 0, "level 0")
    ada.do(SendText(conversation, "Secret"))
    await ada.until(lambda d: "Nothing was sent." in d.notices(), "a refusal")
    assert row(ada, conversation, "Secret") is None


@played
async def test_holding_closing_and_reopening(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    for desk, command, status in (
        (ada, Claim(conversation), Status.HELD),
        (ada, Release(conversation), Status.WAITING),
        (ben, Claim(conversation), Status.HELD),
        (ben, Close(conversation, "answered"), Status.CLOSED),
        (ada, Reopen(conversation), Status.WAITING),
    ):
        desk.do(command)
        for each in (ada, ben):
            await each.until(lambda d, s=status: d.rows()[conversation].status is s, f"{status}")  # type: ignore[misc]
    await patient.send(events.Ended())
    for each in (ada, ben):
        await each.until(lambda d: d.rows()[conversation].status is Status.ENDED, "the end")


@played
async def test_claims_that_cross_converge_to_one_holder(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    _, conversation = await invited(world, ada)
    await ben.until(lambda d: conversation in d.rows())
    ada.do(Claim(conversation))
    ben.do(Claim(conversation))
    for desk in (ada, ben):
        await desk.until(
            lambda d: sum(m.text.endswith("took the conversation.") for m in d.messages(conversation)) == 2
        )
    assert ada.rows()[conversation].holder == ben.rows()[conversation].holder != ""
    assert ada.rows()[conversation].mine is not ben.rows()[conversation].mine


@played
async def test_a_transcript_is_read_in_pages(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    for number in range(30):
        await patient.say(f"line {number}")
    await ada.until(lambda d: "line 29" in d.texts(conversation))
    assert ada.texts(conversation) == [f"line {number}" for number in range(30)]
    ada.do(OpenConversation(conversation))
    await ada.until(lambda d: d.told(TranscriptLoaded))
    newest = ada.told(TranscriptLoaded)[0]
    assert newest.at_end
    ada.do(LoadTranscript(conversation, newest.rows[-1].position, older=True, count=5))
    await ada.until(lambda d: len(d.told(TranscriptLoaded)) == 2)
    page = ada.told(TranscriptLoaded)[1]
    assert [m.text for m in page.rows] == [f"line {number}" for number in range(24, 29)]
    assert not page.at_start
    assert not page.at_end
