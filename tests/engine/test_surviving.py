"""Kills, restarts, losses and repetitions: nothing is lost, nothing comes twice, order is kept."""

import asyncio

from agent_app.engine.commands import Join, OpenConversation, SendNote, SendText, Unlock
from agent_app.engine.events import ConnectionChanged, Delivery, DeviceAdmitted, EnrolmentRequested, Phase, PhaseChanged
from agent_app.engine.profile import Profile
from agent_app.protocol import events
from tests.engine.networks import Meddler, Repeating
from tests.engine.test_conversing import invited, proven, row, until_delivery
from tests.engine.world import PASSPHRASE, Desk, World, played, played_alone


def spoken(desk: Desk, conversation: bytes) -> list[str]:
    return [m.text for m in desk.messages(conversation) if m.kind == "text"]


@played_alone
async def test_the_relay_is_killed_in_mid_conversation(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    await patient.say("before")
    await ada.until(lambda d: "before" in d.texts(conversation))
    world.relay.kill()
    for number in range(5):
        ada.do(SendText(conversation, f"while it is away {number}"))
    await ada.until(lambda d: len(spoken(d, conversation)) == 6, "queued rows")
    assert row(ada, conversation, "while it is away 4").delivery is Delivery.QUEUED  # type: ignore[union-attr]
    world.relay.start()
    await patient.until(lambda p: len(p.texts()) == 5)
    assert patient.texts() == [f"while it is away {number}" for number in range(5)]
    await ben.until(lambda d: len(spoken(d, conversation)) == 6, "all on the other desk")
    assert spoken(ben, conversation) == ["before", *patient.texts()]
    await until_delivery(ada, conversation, "while it is away 4", Delivery.DELIVERED)


@played_alone
async def test_what_waits_for_another_try_goes_as_soon_as_the_relay_is_there(world: World) -> None:
    """After a long outage the next try is a minute away: nobody who reads "online" is to wait it out."""
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    world.relay.kill()
    ada.do(SendText(conversation, "at once"))
    await ada.until(lambda d: any(not e.online for e in d.told(ConnectionChanged)[-1:]), "to be cut off")
    unlocked = ada.engine._unlocked
    assert unlocked is not None
    outbox, now = unlocked.store.outbox, world.clock()
    with unlocked.store.transaction():
        for envelope in outbox.due(now + 3_600_000, 16):
            outbox.retry_at(envelope.envelope, now + 3_600_000)
    world.relay.start()
    await patient.until(lambda p: p.texts() == ["at once"])


@played_alone
async def test_a_desk_that_loses_power_sends_what_was_queued_once(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    world.relay.kill()
    ada.do(SendText(conversation, "one"))
    ada.do(SendNote(conversation, "two"))
    await ada.until(lambda d: row(d, conversation, "two"), "both queued")
    await ada.crash()
    world.relay.start()
    await ada.restart()
    await patient.until(lambda p: p.texts() == ["one"])
    await ben.until(lambda d: row(d, conversation, "one") and row(d, conversation, "two"))
    ada.do(SendText(conversation, "three"))
    await patient.until(lambda p: p.texts() == ["one", "three"])


@played
async def test_power_fails_at_any_step_of_sending(world: World) -> None:
    """Cut off after each number of turns of the event loop in turn, and started again."""
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    for turns in (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89):
        ada.do(SendText(conversation, f"cut after {turns}"))
        await ada.until(lambda d, t=turns: row(d, conversation, f"cut after {t}"), "the row")  # type: ignore[misc]
        for _ in range(turns):
            await asyncio.sleep(0)
        await ada.restart()
        await patient.until(lambda p, t=turns: f"cut after {t}" in p.texts())  # type: ignore[misc]
    said = patient.texts()
    assert len(said) == len(set(said)) == 11
    sequences = [m.content.sequence for m in patient.heard]
    assert sorted(sequences) == list(range(1, len(sequences) + 1))


@played
async def test_power_fails_while_messages_arrive(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    for number in range(12):
        await patient.say(f"line {number}")
        if number % 3 == 0:
            await ada.restart()
    await ada.until(lambda d: row(d, conversation, "line 11"), "the last line")
    await ada.restart()
    ada.do(SendText(conversation, "got it"))
    await patient.until(lambda p: "got it" in p.texts())
    ada.do(OpenConversation(conversation))
    await ada.until(lambda d: len(spoken(d, conversation)) == 13, "the transcript")
    assert spoken(ada, conversation) == [*(f"line {number}" for number in range(12)), "got it"]
    await patient.until(lambda p: all(p.delivered[m] for m in p.said))


@played
async def test_a_lost_answer_is_asked_for_again_and_doubles_nothing(world: World) -> None:
    meddler = Meddler()
    ada = await world.desk("ada", transport=meddler)
    patient, conversation = await invited(world, ada)
    meddler.lose_answers = 3
    ada.do(SendText(conversation, "once"))
    await patient.until(lambda p: "once" in p.texts())
    await until_delivery(ada, conversation, "once", Delivery.DELIVERED)
    ada.do(SendText(conversation, "twice"))
    await patient.until(lambda p: "twice" in p.texts())
    ada.do(SendText(conversation, "thrice"))
    await patient.until(lambda p: "thrice" in p.texts())
    await ada.until(lambda d: ("accepted", "Patient") in proven(d, conversation, "thrice"), "an answer after all")
    assert meddler.lose_answers == 0
    assert patient.texts() == ["once", "twice", "thrice"]


@played
async def test_envelopes_that_come_again_are_answered_and_not_shown_again(world: World) -> None:
    meddler = Meddler()
    ada = await world.desk("ada", transport=meddler)
    patient, conversation = await invited(world, ada)
    await ada.crash()
    meddler.rewrite = Repeating()
    await ada.restart()
    for number in range(6):
        await patient.say(f"line {number}")
    await ada.until(lambda d: row(d, conversation, "line 5"), "the last line")
    assert spoken(ada, conversation) == [f"line {number}" for number in range(6)]
    await patient.until(lambda p: all(len(p.delivered[m]) == 1 for m in p.said))
    assert {r.status for m in patient.said for r in patient.delivered[m].values()} == {"delivered"}


@played
async def test_handshakes_that_cross_leave_one_conversation(world: World) -> None:
    """Two desks admitted together greet one another at the same moment; both must hear both."""
    ada, ben = await asyncio.gather(world.desk("ada"), world.desk("ben"))
    _, conversation = await invited(world, ada)
    await ben.until(lambda d: conversation in d.rows())
    for number in range(3):
        ada.do(SendNote(conversation, f"from ada {number}"))
        ben.do(SendNote(conversation, f"from ben {number}"))
    for desk in (ada, ben):
        await desk.until(
            lambda d: (
                {m.text for m in d.messages(conversation) if m.kind == "note"}
                == {f"from {who} {number}" for who in ("ada", "ben") for number in range(3)}
            ),
            "all notes",
        )


@played
async def test_a_device_that_lost_its_sessions_gets_the_message_again(world: World) -> None:
    """Section 7: `rejected`, a new handshake, the same signed content."""
    ada, ben = await world.desk("ada"), await world.desk("ben")
    _, conversation = await invited(world, ada)
    await ben.until(lambda d: conversation in d.rows())
    ada.do(SendNote(conversation, "first"))
    await until_delivery(ada, conversation, "first", Delivery.DELIVERED)
    await ben.forget_sessions()
    ada.do(SendNote(conversation, "second"))
    await ben.until(lambda d: row(d, conversation, "second"), "the note that was sent again")
    settled = await until_delivery(ada, conversation, "second", Delivery.DELIVERED)
    assert {step for step, _, _ in settled.receipts} == {"accepted", "delivered"}
    ben.do(OpenConversation(conversation))
    await ben.until(lambda d: row(d, conversation, "first"), "the transcript")
    assert [m.text for m in ben.messages(conversation) if m.kind == "note"] == ["first", "second"]


@played
async def test_sessions_are_renewed_after_two_hundred_messages(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    before = patient.sessions[ada.device].sending
    for number in range(205):
        await patient.send(events.Read((events.ReadMark(ada.device, number + 1),)))
    await patient.say("still here")
    await ada.until(lambda d: row(d, conversation, "still here"), "a message after many")
    for number in range(4):
        ada.do(SendText(conversation, f"answer {number}"))
        await patient.until(lambda p, n=number: f"answer {n}" in p.texts())  # type: ignore[misc]
        await patient.say(f"thanks {number}")
        await ada.until(lambda d, n=number: row(d, conversation, f"thanks {n}"))  # type: ignore[misc]
    assert patient.sessions[ada.device].sending != before


@played
async def test_what_is_for_a_device_without_keys_waits_for_it_and_holds_up_nobody(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    ben = Desk(Profile(world.folder / "desks", "ben-late"), world.clock)
    world.desks.append(ben)
    ben.start()
    ben.do(Join(world.address.text(), "Ben", PASSPHRASE))
    await ben.until(lambda d: d.told(EnrolmentRequested), "a request")
    request = ben.told(EnrolmentRequested)[0]
    await ben.crash()
    ben.events.append(request)
    await world.admit(ben)  # he has gone home
    await ada.until(lambda d: d.told(DeviceAdmitted), "the admission")
    ada.do(SendNote(conversation, "for ben"))
    ada.do(SendText(conversation, "for the patient"))
    await patient.until(lambda p: "for the patient" in p.texts())
    await ben.restart()
    await ben.until(lambda d: conversation in d.rows(), "the conversation")
    ben.do(OpenConversation(conversation))
    await ben.until(lambda d: row(d, conversation, "for ben") and row(d, conversation, "for the patient"))
    await until_delivery(ada, conversation, "for ben", Delivery.DELIVERED)


@played
async def test_damage_that_nobody_would_soon_have_read_locks_the_desk(world: World) -> None:
    ada = await world.desk("ada")
    await ada.stop()
    with ada.disk() as store:
        unread = "SELECT rootpage FROM sqlite_schema WHERE name = 'tries_by_invitation'"
        place = (store.database.scalar(unread) - 1) * store.database.scalar("PRAGMA page_size") + 100
    file = ada.profile.folder / "store.db"
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    ada.events.clear()
    ada.start()
    ada.do(Unlock(PASSPHRASE))
    await ada.until(lambda d: "its store is damaged" in " ".join(d.notices()), "the alarm")
    await ada.until(lambda d: d.told(PhaseChanged)[-1].phase is Phase.LOCKED, "its lock")
    assert file.read_bytes() == content
