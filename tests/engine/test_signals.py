"""What is true only for the moment, between real desks, a patient and the real relay."""

from agent_app.engine.administration.opening import parse
from agent_app.engine.commands import Claim, Lock, SendText, SetPresence, Typing, Unlock, ViewConversation
from agent_app.engine.events import ActivityChanged, MessageAdded, NoticeRaised, Phase, PresenceChanged
from agent_app.protocol import content, signal
from agent_app.protocol.envelope import Envelope
from agent_app.protocol.keys import DeviceId
from agent_app.relay.errors import RelayUnreachable
from tests.engine.test_conversing import invited, row
from tests.engine.world import PASSPHRASE, Desk, World, played


def activity(desk: Desk, conversation: bytes) -> ActivityChanged:
    told = [event for event in desk.told(ActivityChanged) if event.conversation == conversation]
    return told[-1] if told else ActivityChanged(conversation, patient_typing=False)


def state_of(desk: Desk, other: Desk) -> str:
    told = desk.told(PresenceChanged)
    return next((c.state for c in told[-1].colleagues if c.device == other.device), "") if told else ""


@played
async def test_typing_is_seen_on_both_sides_and_a_reply_by_the_colleague(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    await patient.say("Good morning")
    for desk in (ada, ben):
        await desk.until(lambda d: row(d, conversation, "Good morning"))
    stream = content.shared_stream(patient.conversation)
    ada.do(SendText(conversation, "Good morning to you"))
    await patient.until(lambda p: "Good morning to you" in p.texts())
    before = len(ada.told(MessageAdded))
    await patient.hint(signal.Typing(stream, True), ada.device)
    await ada.until(lambda d: activity(d, conversation).patient_typing, "the patient's typing")
    await patient.hint(signal.Typing(stream, False), ada.device)
    await ada.until(lambda d: not activity(d, conversation).patient_typing, "its end")
    ben.do(ViewConversation(conversation))
    ben.do(Typing(conversation, on=True))
    await ada.until(lambda d: activity(d, conversation).replying == ("Ben",), "Ben's reply")
    await ada.until(lambda d: activity(d, conversation).viewing == ("Ben",), "Ben's look")
    await patient.until(lambda p: signal.Typing(stream, True) in p.hints)
    ben.do(Typing(conversation, on=False))
    await ada.until(lambda d: activity(d, conversation).replying == (), "its end")
    assert all(isinstance(hint, signal.Typing | signal.Queue) for hint in patient.hints)
    assert len(ada.told(MessageAdded)) == before  # nothing of it is a message
    assert not patient.refused
    assert not ada.told(NoticeRaised)
    assert not ben.told(NoticeRaised)


@played
async def test_who_is_there_is_known_and_a_lock_says_so(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    await ada.until(lambda d: state_of(d, ben) == "available", "Ben there")
    await ben.until(lambda d: state_of(d, ada) == "available", "Ada there")
    ben.do(SetPresence(available=False))
    await ada.until(lambda d: state_of(d, ben) == "away", "Ben away")
    ben.do(SetPresence(available=True))
    await ada.until(lambda d: state_of(d, ben) == "available", "Ben back")
    ben.do(Lock())
    await ada.until(lambda d: state_of(d, ben) == "offline", "Ben's lock")
    ben.events.clear()
    ben.do(Unlock(PASSPHRASE))
    await ben.until_phase(Phase.UNLOCKED)
    await ada.until(lambda d: state_of(d, ben) == "available", "Ben unlocked")


@played
async def test_the_place_in_the_queue_falls_when_one_is_claimed(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    first, held = await invited(world, ada)
    second, waits = await invited(world, ada)
    for desk in (ada, ben):
        await desk.until(lambda d: {held, waits} <= set(d.rows()), "both")
    await second.until(lambda p: signal.Queue(1, None) in p.hints)
    ben.do(Claim(held))
    await second.until(lambda p: any(isinstance(h, signal.Queue) and h.ahead == 0 for h in p.hints))
    await first.until(lambda p: signal.Queue(None, None) in p.hints)


@played
async def test_a_patients_false_hints_are_nothing(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    other, others = await invited(world, ada)
    await ada.until(lambda d: {conversation, others} <= set(d.rows()), "both")
    theirs, stream = content.shared_stream(other.conversation), content.shared_stream(patient.conversation)
    for hint in (
        signal.Typing(theirs, True),  # another patient's conversation
        signal.Typing(content.team_stream(patient.conversation), True),
        signal.Viewing(stream),
        signal.Replying(stream, True),
        signal.Presence("available"),
        signal.Queue(0, None),
    ):
        await patient.hint(hint, ada.device)
    await patient.say("a word in between")
    await ada.until(lambda d: row(d, conversation, "a word in between"))
    assert not ada.told(ActivityChanged)
    assert not ada.told(NoticeRaised)
    assert state_of(ben, ada) != ""


@played
async def test_a_place_in_the_queue_that_may_be_lost_is_told_again(world: World) -> None:
    ada = await world.desk("ada")
    signals = ada.engine._shift._signals  # type: ignore[union-attr]
    relay, lost = signals._relay, []

    class Tunnel:
        async def post_envelopes(self, envelopes: list[Envelope]) -> None:
            signals._relay = relay
            lost.extend(envelopes)
            raise RelayUnreachable("in the tunnel")

    signals._relay = Tunnel()  # type: ignore[assignment]
    patient, _ = await invited(world, ada)
    await patient.until(lambda p: signal.Queue(0, None) in p.hints)
    assert len(lost) == 1


@played
async def test_a_place_in_the_queue_that_had_no_session_to_go_in_yet_is_told_again(world: World) -> None:
    ada = await world.desk("ada")
    signals = ada.engine._shift._signals  # type: ignore[union-attr]
    reachable, tried = signals._reachable, []

    def not_yet(device: DeviceId, _: object) -> None:
        signals._reachable = reachable  # type: ignore[method-assign]
        tried.append(device)

    signals._reachable = not_yet  # type: ignore[assignment, method-assign]
    patient, _ = await invited(world, ada)
    await patient.until(lambda p: signal.Queue(0, None) in p.hints)
    assert len(tried) == 1


@played
async def test_a_stranger_is_told_nothing(world: World) -> None:
    ada = await world.desk("ada")
    patient = await world.patient()
    conversation = await patient.open()
    await patient.say("Is anybody there?")
    await ada.until(lambda d: row(d, conversation, "Is anybody there?"))
    ada.do(Typing(conversation, on=True))
    witness, _ = await invited(world, ada)
    await witness.until(lambda p: any(isinstance(hint, signal.Queue) for hint in p.hints))
    assert patient.hints == []


@played
async def test_a_desk_knows_whether_its_clinic_is_open(world: World) -> None:
    ada = await world.desk("ada")
    await ada.until(lambda d: bool(d.told(PresenceChanged)))
    assert ada.told(PresenceChanged)[-1].clinic_open is None
    for days, is_open in ((["mon-sun 0:00-24:00"], True), ([], False)):
        hours = parse(days, [], "America/Denver")
        await world.append(lambda _, told=hours: told)  # type: ignore[misc]
        await ada.until(lambda d, wanted=is_open: d.told(PresenceChanged)[-1].clinic_open is wanted)  # type: ignore[misc]


@played
async def test_a_message_ends_the_hint_that_it_is_being_written(
    world: World,
) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    await patient.say("Good morning")
    for desk in (ada, ben):
        await desk.until(lambda d: row(d, conversation, "Good morning"))
    ben.do(Typing(conversation, True))
    await ada.until(lambda d: activity(d, conversation).replying)
    ben.engine._shift._signals.say = lambda *_, **__: None  # type: ignore[union-attr, method-assign]
    ben.do(SendText(conversation, "Good morning to you"))
    await ada.until(lambda d: row(d, conversation, "Good morning to you"))
    assert activity(ada, conversation).replying == ()
