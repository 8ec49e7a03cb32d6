"""The main job: a patient is invited, checked and answered, and nothing is lost or doubled on the way."""

from agent_app.engine.commands import Claim, CreateInvitation, MarkRead, SendNote, SendText
from agent_app.engine.events import Delivery, InvitationCreated, Status
from tests.engine.patient import Patient
from tests.engine.world import Desk, World, played

NAME, BORN = "Erika Mustermann", "1980-02-29"


async def invite(desk: Desk) -> InvitationCreated:
    desk.do(CreateInvitation(NAME, BORN, "results"))
    await desk.until(lambda d: d.told(InvitationCreated), "an invitation")
    return desk.told(InvitationCreated)[-1]


async def invited(world: World, desk: Desk) -> tuple[Patient, bytes]:
    """A patient who has passed the check, and their conversation."""
    invitation = await invite(desk)
    patient = await world.patient(invitation.link)
    conversation = await patient.open(invitation.code, BORN)
    await patient.until(lambda p: p.verdicts())
    return patient, conversation


@played
async def test_two_desks_and_a_patient_talk(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    assert patient.verdicts()[0].outcome == "passed"
    for desk in (ada, ben):
        await desk.until(lambda d: d.rows().get(conversation) and d.rows()[conversation].level == 2, "level 2")
        assert desk.rows()[conversation].title == NAME
    await patient.say("Hello?")
    for desk in (ada, ben):
        await desk.until(lambda d: "Hello?" in d.texts(conversation), "the patient's words")
    ada.do(Claim(conversation))
    ada.do(SendText(conversation, "Good morning."))
    ada.do(SendNote(conversation, "Sounds worried."))
    await patient.until(lambda p: "Good morning." in p.texts())
    await ben.until(lambda d: {"Good morning.", "Sounds worried."} <= set(d.texts(conversation)), "what ada wrote")
    await ben.until(lambda d: d.rows()[conversation].holder == "Ada", "who holds it")
    assert ben.rows()[conversation].status is Status.HELD
    assert not any("worried" in text for text in patient.texts())
    answer = next(m for m in ada.messages(conversation) if m.text == "Good morning.")
    await ada.until(
        lambda d: any(
            m.message == answer.message and m.delivery is Delivery.DELIVERED for m in d.messages(conversation)
        ),
        "a delivered tick",
    )
    ben.do(SendText(conversation, "Ben here."))
    await patient.until(lambda p: "Ben here." in p.texts())
    await ada.until(lambda d: "Ben here." in d.texts(conversation), "what ben wrote")
    ada.do(MarkRead(conversation))
    await patient.until(lambda p: any(m.content.event.__class__.__name__ == "Read" for m in p.heard))
