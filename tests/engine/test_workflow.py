"""Handing over, closing, tagging, deleting: what each desk shows, and what the patient reads of it."""

from agent_app.engine.commands import (
    Assign,
    Claim,
    Close,
    HandOver,
    LoadColleagues,
    LoadHolder,
    OpenConversation,
    Retract,
    SendNote,
    SendText,
    SetGuardian,
    SetHold,
    SetTag,
    TakeOver,
    Transfer,
)
from agent_app.engine.events import ColleaguesLoaded, HolderLoaded, Status
from agent_app.protocol import events
from agent_app.transparency import statement
from tests.engine.patient import Patient
from tests.engine.test_conversing import BORN, invite, invited, row
from tests.engine.test_notes import require_not_addressed
from tests.engine.world import Desk, World, played

TEAM = bytes(range(16))


def joined(patient: Patient) -> list[bytes]:
    return [m.content.author for m in patient.heard if isinstance(m.content.event, events.Joined)]


async def until_held(desk: Desk, conversation: bytes, name: str) -> None:
    await desk.until(lambda d: d.rows()[conversation].holder == name, f"{name} to hold it")


@played
async def test_a_conversation_is_handed_to_a_colleague_and_to_a_team(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    await world.append(lambda _: statement.Team(TEAM, (ben.device,)))
    await ben.until(lambda d: conversation in d.rows())
    ada.do(Claim(conversation))
    await until_held(ben, conversation, "Ada")
    ada.do(Transfer(conversation, ben.device, "She asks about her blood test"))
    for desk in (ada, ben):
        await until_held(desk, conversation, "Ben")
    assert ben.rows()[conversation].mine
    assert "A conversation is with you now." in ben.notices()
    await ada.until(lambda d: any("blood test" in m.text for m in d.messages(conversation)), "the note")
    await patient.until(lambda p: joined(p) == [ben.device])
    ada.do(LoadColleagues())
    await ada.until(lambda d: d.told(ColleaguesLoaded) and d.told(ColleaguesLoaded)[-1].teams, "the teams")
    loaded = ada.told(ColleaguesLoaded)[-1]
    assert [(one.name, one.role) for one in loaded.colleagues] == [("Ben", "agent")]
    assert [(one.team, one.name) for one in loaded.teams] == [(TEAM, "Ben")]
    assert not loaded.may_assign
    ben.do(HandOver(conversation, TEAM, "back to you all"))
    for desk in (ada, ben):
        await desk.until(lambda d: d.rows()[conversation].team == "Ben", "the team that it waits for")
        assert desk.rows()[conversation].status is Status.WAITING
    ada.do(Claim(conversation))
    await patient.until(lambda p: joined(p) == [ben.device, ada.device])
    assert not any("blood test" in repr(m.content.event) for m in patient.heard)


@played
async def test_the_patient_reopens_what_was_closed_by_writing(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    await patient.say("Thank you")
    await ada.until(lambda d: "Thank you" in d.texts(conversation))
    ada.do(Claim(conversation))
    ada.do(Close(conversation, "answered"))
    for desk in (ada, ben):
        await desk.until(lambda d: d.rows()[conversation].status is Status.CLOSED, "closed")
        assert desk.rows()[conversation].outcome == "answered"
    await patient.say("One more thing")
    for desk in (ada, ben):
        await desk.until(lambda d: d.rows()[conversation].status is Status.WAITING, "open again")
    ben.do(Claim(conversation))
    for desk in (ada, ben):
        await until_held(desk, conversation, "Ben")


@played
async def test_what_the_team_knows_of_a_patient(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    ada.do(SetTag(conversation, "  blood   test ", True))
    ada.do(SetGuardian(conversation, "Anne Muster", "mother"))
    ada.do(SetHold(conversation, True, "a complaint"))
    await ben.until(lambda d: d.rows().get(conversation) and d.rows()[conversation].hold == "a complaint", "all of it")
    shown = ben.rows()[conversation]
    assert (shown.tags, shown.guardian, shown.relation) == (("blood test",), "Anne Muster", "mother")
    ben.do(SetHold(conversation, False))
    await ben.until(lambda d: "This was not done." in d.notices(), "a refusal: an agent lifts no hold")
    ben.do(SetTag(conversation, "blood test", False))
    await ada.until(lambda d: d.rows()[conversation].tags == (), "no tag")
    assert not any(isinstance(m.content.event, events.Tag | events.Guardian | events.Hold) for m in patient.heard)


@played
async def test_a_message_is_deleted_everywhere_and_by_whom_it_may_be(world: World) -> None:
    chief, ada, ben = await world.desk("chief", "supervisor"), await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    ada.do(SendText(conversation, "meant for somebody else"))
    ada.do(SendNote(conversation, "she is upset"))
    for desk in (ben, chief):
        await desk.until(lambda d: len(d.texts(conversation)) == 2, "both")
    wrong, note = (row(ben, conversation, text) for text in ("meant for somebody else", "she is upset"))
    assert wrong is not None
    assert note is not None
    ben.do(Retract(wrong.message))
    await ben.until(lambda d: "Nothing was deleted." in d.notices(), "a refusal")
    ada.do(Retract(wrong.message))
    chief.do(Retract(note.message))
    for desk in (ada, ben, chief):
        desk.do(OpenConversation(conversation))
        await desk.until(
            lambda d: (
                [m.kind for m in d.messages(conversation) if m.message in (wrong.message, note.message)]
                == ["deleted", "deleted"]
            ),
            "both deleted",
        )
        assert desk.rows()[conversation].preview == ""
    await patient.until(lambda p: any(isinstance(m.content.event, events.Retract) for m in p.heard))
    for desk in (ada, ben, chief):
        await desk.stop()
        with desk.disk() as store:
            assert b"meant for somebody else" not in b"".join(e.content or b"" for e in store.events.held(conversation))


@played
async def test_who_claims_in_vain_is_told_who_has_it(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    _, conversation = await invited(world, ada)
    await ben.until(lambda d: conversation in d.rows())
    ada.do(Claim(conversation))
    ben.do(Claim(conversation))
    for desk in (ada, ben):
        await desk.until(
            lambda d: sum(m.text.endswith("took the conversation.") for m in d.messages(conversation)) == 2, "both"
        )
    winner = ada.rows()[conversation].holder
    loser = ben if winner == "Ada" else ada
    assert f"{winner} has this conversation now." in loser.notices()
    loser.events.clear()
    loser.do(Claim(conversation))
    await loser.until(lambda d: f"{winner} has this conversation now." in d.notices(), "the same answer again")


@played
async def test_only_who_may_assigns_what_others_hold(world: World) -> None:
    chief, ada, ben = await world.desk("chief", "supervisor"), await world.desk("ada"), await world.desk("ben")
    _, conversation = await invited(world, ada)
    await ben.until(lambda d: conversation in d.rows())
    ada.do(Claim(conversation))
    await until_held(ben, conversation, "Ada")
    ben.do(Assign(conversation, ben.device))
    await ben.until(lambda d: "This was not done." in d.notices(), "a refusal")
    await until_held(chief, conversation, "Ada")
    chief.do(Assign(conversation, ben.device))
    for desk in (ada, ben, chief):
        await until_held(desk, conversation, "Ben")
    assert "Ben has this conversation now." in ada.notices()


@played
async def test_what_a_colleague_has_is_taken_over(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    await ben.until(lambda d: conversation in d.rows())
    ada.do(Claim(conversation))
    await until_held(ben, conversation, "Ada")
    claimed = next(m.time for m in ben.messages(conversation) if m.text == "Ada took the conversation.")
    ben.do(LoadHolder(conversation))
    await ben.until(lambda d: d.told(HolderLoaded), "who has it")
    assert ben.told(HolderLoaded) == [HolderLoaded(conversation, ada.device, "Ada", claimed)]
    ben.do(TakeOver(conversation, bytes(32)))  # it was somebody else's when the person was asked
    await ben.until(lambda d: "Ada has this conversation now." in d.notices(), "a refusal")
    ben.do(TakeOver(conversation, ada.device))
    for desk in (ada, ben):
        await until_held(desk, conversation, "Ben")
    await ada.until(lambda d: "Ben has this conversation now." in d.notices(), "the word of it")
    await patient.until(lambda p: joined(p) == [ben.device])
    assert "Ben took the conversation over." in [m.text for m in ada.messages(conversation)]
    assert "A conversation is with you now." not in ben.notices()


@played
async def test_why_a_patient_was_invited_stands_in_every_queue(world: World) -> None:
    ada = await world.desk("ada")
    invitation = await invite(ada)
    ben = await world.desk("ben")  # too late to be told of the invitation
    patient = await world.patient(invitation.link)
    conversation = await patient.open(invitation.code, BORN)
    await patient.until(lambda p: p.verdicts())
    for desk in (ada, ben):
        await desk.until(lambda d: conversation in d.rows() and d.rows()[conversation].reason == "results", "why")
    ben.do(SendText(conversation, "Good morning"))
    await patient.until(lambda p: "Good morning" in p.texts())
    assert not any(b"results" in message.signed.content for message in patient.heard)
    await ada.stop()
    require_not_addressed(ada, patient)
