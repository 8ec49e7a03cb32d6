"""What a patient with a program of their own cannot do to a conversation."""

import os
from typing import Any

import msgspec

from agent_app.engine.commands import SendNote, SendText, Unlock
from agent_app.engine.events import ConnectionChanged
from agent_app.engine.writing import new_event
from agent_app.protocol import content, events
from agent_app.protocol.content import Message, Position
from agent_app.protocol.keys import MessageId, StreamId
from agent_app.store.events import Prominence, Standing
from tests.engine.patient import Patient, now
from tests.engine.test_conversing import invited, row
from tests.engine.world import PASSPHRASE, World, played, played_alone

DAY = 86_400_000


def signed(patient: Patient, stream: StreamId, event: events.Event, position: Position, **changed: Any) -> Message:
    """Whatever a hostile program may sign."""
    unsigned = position.next_content(
        stream, MessageId(os.urandom(16)), patient.local.device, patient.devices(), now(), patient._log.head, event
    )
    return content.sign(patient.local, msgspec.structs.replace(unsigned, **changed))


async def post(patient: Patient, stream: StreamId, event: events.Event, position: Position, **changed: Any) -> Message:
    message = signed(patient, stream, event, position, **changed)
    await patient.post(message, patient.devices(), {})
    return message


async def until_refused(patient: Patient, message: Message, reason: str) -> None:
    await patient.until(lambda p: p.delivered[message.content.message])
    assert {r.reason for r in patient.delivered[message.content.message].values()} == {reason}


@played
async def test_nothing_of_a_patient_stands_in_the_teams_stream(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    assert patient.conversation is not None
    team = content.team_stream(patient.conversation)
    said = await post(patient, team, events.Text("I am one of you"), Position(), clock=1_000)
    await until_refused(patient, said, "not-permitted")
    said = await post(patient, team, events.Retract(said.content.message, said.hash), Position(), clock=1_000)
    await until_refused(patient, said, "not-permitted")
    ada.do(SendNote(conversation, "ours alone"))
    await ada.until(lambda d: row(d, conversation, "ours alone"))
    await ada.stop()
    with ada.disk() as store:
        assert {event.author for event in store.events.in_stream(team)} == {ada.device}
        assert max(event.clock for event in store.events.in_stream(team)) < 1_000


@played
async def test_nobody_counts_to_the_end_of_the_clock(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    assert patient.conversation is not None
    shared = content.shared_stream(patient.conversation)
    last = await post(patient, shared, events.Text("the last word"), patient.position, clock=2**53 - 1)
    await until_refused(patient, last, "undecryptable")
    # As far as it goes, and there is room for all that follows.
    far = await post(patient, shared, events.Text("far ahead"), patient.position, clock=now() + DAY // 2 - 60_000)
    await ada.until(lambda d: row(d, conversation, "far ahead"))
    patient.position = patient.position.sent(far)
    ada.do(SendText(conversation, "still here"))
    await patient.until(lambda p: "still here" in p.texts())
    await patient.say("so am I")
    await ada.until(lambda d: row(d, conversation, "so am I"))
    assert row(ada, conversation, "the last word") is None


@played
async def test_a_fork_is_not_hidden_behind_what_counts_for_nothing(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    before = patient.position
    await patient.send(events.Claim())
    patient.position = before
    await patient.say("to you I say this")
    await ada.until(lambda d: "two different messages" in d.rows()[conversation].warning, "the fork")
    shown = row(ada, conversation, "to you I say this")
    assert shown is not None
    assert shown.doubt == "Its author signed two different messages in this place. Tell your administrator."


@played
async def test_a_newcomer_misses_nothing_where_something_counts_for_nothing(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    await patient.send(events.Claim())
    await patient.say("did that work?")
    await ada.until(lambda d: row(d, conversation, "did that work?"))
    ben = await world.desk("ben")
    await ben.until(lambda d: d.rows().get(conversation) and d.rows()[conversation].level == 2, "the past")
    assert ben.rows()[conversation].warning == ""
    assert ben.rows()[conversation].holder == ""


@played
async def test_a_newcomer_takes_no_more_from_a_colleague_than_from_the_patient(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    assert patient.conversation is not None
    team, shared = content.team_stream(patient.conversation), content.shared_stream(patient.conversation)
    forged = [
        signed(patient, team, events.Text("I am one of you"), Position()),
        signed(patient, shared, events.Text("the last word"), patient.position, clock=2**53 - 1),
    ]
    await ada.stop()
    with ada.disk() as store, store.transaction():
        for message in forged:
            known = store.conversations.of_stream(message.content.stream)
            assert known is not None
            store.events.add(new_event(message, known.id, Standing.VOID, now(), Prominence.HIDDEN))
    ada.start()
    ada.do(Unlock(PASSPHRASE))
    ben = await world.desk("ben")
    await ben.until(lambda d: d.rows().get(conversation) and d.rows()[conversation].level == 2, "the past")
    await ben.stop()
    with ben.disk() as store:
        assert store.conversations.of_stream(shared) is not None
        assert not [message for message in forged if store.events.by_hash(message.hash)]


@played_alone
async def test_expired_prekeys_are_destroyed_though_the_relay_is_away(world: World) -> None:
    ada = await world.desk("ada")
    await ada.stop()
    with ada.disk() as store:
        assert store.sessions.unused_prekeys("one-time") > 0
    world.relay.kill()
    world.clock.ahead = 31 * DAY
    ada.events.clear()
    await ada.restart(online=False)
    await ada.until(lambda d: any(not e.online for e in d.told(ConnectionChanged)), "no connection")
    await ada.stop()
    with ada.disk() as store:
        assert [store.sessions.unused_prekeys(k) for k in ("signed", "one-time", "kem-last", "kem-once")] == [0] * 4
