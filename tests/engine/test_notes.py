"""What is written for the team reaches no patient's device, whichever way it goes through the engine."""

from agent_app.engine.commands import (
    CheckPatient,
    Claim,
    Close,
    Command,
    ExportConversation,
    OpenConversation,
    Reopen,
    Retract,
    Retry,
    SaveDraft,
    SaveReply,
    SendFile,
    SendHistory,
    SendNote,
    SendText,
    SetGuardian,
    SetHold,
    SetTag,
    Transfer,
)
from agent_app.engine.events import ConversationExported, DraftLoaded, MessageRow, RepliesLoaded
from agent_app.protocol.events import PERMISSIONS
from tests.engine.patient import Patient
from tests.engine.test_conversing import invited
from tests.engine.world import Desk, World, played

SECRET = "quetzalcoatlus"


def note_of(desk: Desk, conversation: bytes) -> MessageRow:
    return next(row for row in desk.messages(conversation) if row.kind == "note" and SECRET in row.text)


def require_innocent(patient: Patient) -> None:
    """In no content that was opened on the patient's device, and no event that belongs to the team."""
    for message in patient.heard:
        assert SECRET.encode() not in message.signed.content
        assert "shared" in PERMISSIONS[type(message.content.event)].streams


def require_not_addressed(desk: Desk, *patients: Patient) -> None:
    """The desk never sealed any message of a team's stream to a patient's device."""
    phones = {patient.local.device for patient in patients}
    with desk.disk() as store:
        for conversation in store.conversations.list():
            in_team = store.events.in_stream(conversation.team)
            assert in_team
            for event in in_team:
                addressed = {copy.device for copy in store.deliveries.outgoing_of(event.hash)}
                assert addressed.isdisjoint(phones), event.kind


@played
async def test_a_note_reaches_no_patient_by_any_path(world: World) -> None:
    ada = await world.desk("ada", "supervisor")
    ben = await world.desk("ben")
    old, earlier = await invited(world, ada)
    ada.do(SendNote(earlier, SECRET))
    await ben.until(lambda d: SECRET in d.texts(earlier), "the note")
    note = note_of(ada, earlier)
    plan = world.folder / "plan.txt"
    plan.write_text("for the patient")
    paths: list[Command] = [
        Retry(note.message),
        SaveDraft(earlier, SECRET, note=True),
        SaveReply(b"", SECRET, SECRET, SECRET),
        SetTag(earlier, SECRET, True),
        SetGuardian(earlier, SECRET, SECRET),
        SetHold(earlier, True, SECRET),
        Claim(earlier),
        Transfer(earlier, ben.device, SECRET),
        Close(earlier, SECRET),
        Reopen(earlier),
        SendFile(earlier, plan, "for the patient"),
        ExportConversation(earlier, world.folder / "copy.txt"),
        OpenConversation(earlier),
    ]
    for command in paths:
        ada.do(command)
    await ada.until(lambda d: d.told(ConversationExported) and d.told(RepliesLoaded), "the copy")
    await ada.until(lambda d: d.told(DraftLoaded), "the draft")
    assert ada.told(DraftLoaded)[-1].note
    copied = (world.folder / "copy.txt").read_text()
    assert copied.index("It is not for the patient.") < copied.index(SECRET)
    new, now = await invited(world, ada)
    ada.do(CheckPatient(now, "safety-number", True))
    await ada.until(lambda d: d.rows()[now].level == 3, "level 3")
    ada.do(SendHistory(now, earlier))
    ada.do(Retract(note.message))
    for conversation in (earlier, now):
        ada.do(SendText(conversation, "That is all"))
    for patient in (old, new):
        await patient.until(lambda p: "That is all" in p.texts())
        require_innocent(patient)
    await ada.stop()
    require_not_addressed(ada, old, new)
