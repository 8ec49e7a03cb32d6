"""A relay that forges, renames, injects and lies about what it did: it can withhold, and nothing else."""

import asyncio
import os
from collections.abc import Iterable

from msgspec.structs import replace

from agent_app.engine.commands import SendText
from agent_app.engine.events import ConnectionChanged, Delivery, MessageAdded
from agent_app.protocol import content, envelope, events
from agent_app.protocol.content import Position
from agent_app.protocol.encoding import decode
from agent_app.protocol.envelope import Recipient
from agent_app.protocol.keys import DeviceKeys, DeviceKind, LocalDevice, MessageId
from agent_app.protocol.prekeys import Bundle
from agent_app.protocol.session import PeerSessions
from agent_app.relay import wire
from tests.engine.networks import Meddler
from tests.engine.patient import Patient, now
from tests.engine.test_conversing import invited, row, until_delivery
from tests.engine.world import Desk, World, played


@played
async def test_a_receipt_that_the_relay_did_not_sign_is_no_acceptance(world: World) -> None:
    meddler = Meddler()
    ada = await world.desk("ada", transport=meddler)
    patient = Patient(world.relay.url, world.clinic)  # who does not read, so that no other receipt comes
    world.stack.push_async_callback(patient.relay.close)
    await patient.come_in()
    conversation = await patient.open()
    await ada.until(lambda d: conversation in d.rows())

    def altered(answer: bytes) -> bytes:
        """Another root than the one that was signed."""
        answers = decode(answer, tuple[wire.EnvelopeAnswer, ...])  # type: ignore[arg-type]
        forged = [
            replace(one, accepted=tuple(r and replace(r, root=bytes(32)) for r in one.accepted)) for one in answers
        ]
        return wire.encode(forged)

    meddler.alter_post = altered
    ada.do(SendText(conversation, "signed for?"))
    await ada.until(lambda d: any("not believed" in event.detail for event in d.told(ConnectionChanged)), "the refusal")
    found = row(ada, conversation, "signed for?")
    assert found is not None
    assert found.delivery is Delivery.QUEUED
    meddler.alter_post = None
    await until_delivery(ada, conversation, "signed for?", Delivery.ACCEPTED)


@played
async def test_a_forged_delivery_receipt_makes_no_tick(world: World) -> None:
    meddler = Meddler()
    ada = await world.desk("ada", transport=meddler)
    patient, conversation = await invited(world, ada)
    await ada.crash()

    def forged(frame: wire.Frame) -> Iterable[wire.Frame]:
        yield replace(frame, signature=bytes(64)) if isinstance(frame, wire.ReceiptFrame) else frame

    meddler.rewrite = forged
    await ada.restart()
    ada.do(SendText(conversation, "delivered?"))
    await patient.until(lambda p: "delivered?" in p.texts())
    await ada.until(lambda d: any("receipt" in text for text in d.notices()), "the refusal")
    await until_delivery(ada, conversation, "delivered?", Delivery.ACCEPTED)  # its answer may come after the receipt


class Injecting:
    """Puts frames of its own into a stream, behind the first head, at a position far above."""

    def __init__(self) -> None:
        self.frames: list[wire.EnvelopeFrame] = []
        self.rename: dict[bytes, bytes] = {}  # senders' mailboxes, and what they are called here
        self.done = asyncio.Event()  # its frames are in the stream, or it has renamed one

    def __call__(self, frame: wire.Frame) -> Iterable[wire.Frame]:
        if isinstance(frame, wire.EnvelopeFrame) and frame.sender in self.rename:
            yield replace(frame, sender=self.rename[frame.sender])
            self.done.set()  # once the frame behind it is asked for
        else:
            yield frame
        if isinstance(frame, wire.HeadFrame):
            yield from self.frames
            self.frames = []
            self.done.set()


async def until_all_is_receipted(patient: Patient, *desks: Desk) -> None:
    """So that the relay has nothing of theirs left to show a second time."""
    devices = {desk.device for desk in desks}
    await patient.until(lambda p: all(devices <= p.delivered[message].keys() for message in p.said))


async def sealed_by(stranger: LocalDevice, helper: Patient, desk: Desk, position: int) -> wire.EnvelopeFrame:
    """A well-made first message of a device that nobody admitted, as a relay could carry it."""
    peer = helper._certificate(desk.device)
    (taken,) = await helper.relay.take_bundles([peer.mailbox])
    assert taken.bundle is not None
    bundle = decode(taken.bundle, Bundle).verify(peer, now())
    sessions = PeerSessions(peer).initiate(stranger, bundle, os.urandom, now())
    stream = content.direct_stream([stranger.device, desk.device])
    unsigned = Position().next_content(
        stream,
        MessageId(os.urandom(16)),
        stranger.device,
        (desk.device,),
        now(),
        helper._log.head,
        events.Name(stranger.device, "The chief", bytes(32)),
    )
    message = content.sign(stranger, unsigned)
    composed = envelope.compose(stranger, message, [Recipient(sessions)], os.urandom).envelope
    return wire.EnvelopeFrame(position, stranger.mailbox, composed.id, now(), composed.body, composed.slots[0].slot)


@played
async def test_a_device_that_nobody_admitted_is_heard_by_nobody(world: World) -> None:
    meddler = Meddler()
    ada = await world.desk("ada", transport=meddler)
    patient, conversation = await invited(world, ada)

    def stranger(kind: DeviceKind, clinic: bytes) -> LocalDevice:
        keys = DeviceKeys.generate(os.urandom)
        return LocalDevice(keys, keys.certify(type(world.clinic)(clinic), kind, now()))

    await ada.crash()
    injecting = Injecting()
    injecting.frames = [
        await sealed_by(stranger("agent", world.clinic), patient, ada, 10**6),
        await sealed_by(stranger("patient", world.clinic), patient, ada, 10**6 + 1),
        await sealed_by(stranger("patient", os.urandom(32)), patient, ada, 10**6 + 2),
        wire.EnvelopeFrame(10**6 + 3, os.urandom(32), os.urandom(16), now(), b"body", b"slot"),
        wire.EnvelopeFrame(10**6 + 4, os.urandom(32), os.urandom(16), now(), b"", b""),
    ]
    meddler.rewrite = injecting
    await ada.restart()
    await injecting.done.wait()
    ada.do(SendText(conversation, "still at work"))
    await patient.until(lambda p: "still at work" in p.texts())
    assert list(ada.rows()) == [conversation]
    assert not any("The chief" in repr(event) for event in ada.events)


@played
async def test_a_message_under_another_senders_name_is_refused(world: World) -> None:
    meddler = Meddler()
    ada, ben = await world.desk("ada", transport=meddler), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    await until_all_is_receipted(patient, ada, ben)
    await ada.crash()
    injecting = Injecting()
    member = patient._log.roster.member(ben.device)
    assert member is not None
    injecting.rename = {patient.local.mailbox: member.certificate.mailbox}
    meddler.rewrite = injecting
    await ada.restart()
    await patient.say("who am I?")
    await ben.until(lambda d: row(d, conversation, "who am I?"))
    await injecting.done.wait()
    injecting.rename = {}
    await patient.say("myself again")
    await ada.until(lambda d: row(d, conversation, "myself again"))
    assert row(ada, conversation, "who am I?") is None
    assert ada.rows()[conversation].warning == "Messages are missing here. They may still arrive."
    shown = row(ada, conversation, "myself again")
    assert shown is not None
    assert shown.doubt == "A message of Patient from before this one is not on this desk."


@played
async def test_a_patient_cannot_write_into_somebody_elses_conversation(world: World) -> None:
    ada = await world.desk("ada")
    victim, conversation = await invited(world, ada)
    intruder, own = await invited(world, ada)
    intruder.conversation = victim.conversation
    intruder.position = Position()
    await intruder.say("I am the other patient")
    await intruder.until(lambda p: any(r.reason == "not-permitted" for m in p.delivered.values() for r in m.values()))
    await victim.say("No, I am")
    await ada.until(lambda d: row(d, conversation, "No, I am"))
    assert row(ada, conversation, "I am the other patient") is None
    assert row(ada, own, "I am the other patient") is None


@played
async def test_a_patient_has_no_say_in_what_is_the_teams(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    await patient.send(events.Claim())
    await patient.send(
        events.Verdict(patient.local.device, patient.said[next(iter(patient.said))].hash, "passed", 2, 1)
    )  # type: ignore[arg-type]
    await patient.say("did that work?")
    await ada.until(lambda d: row(d, conversation, "did that work?"))
    assert ada.rows()[conversation].holder == ""
    assert ada.rows()[conversation].warning == ""  # what counts for nothing is here all the same
    assert not any(m.text.endswith("took the conversation.") for m in ada.messages(conversation))


@played
async def test_a_message_that_comes_late_takes_the_doubt_away(world: World) -> None:
    meddler = Meddler()
    ada = await world.desk("ada", transport=meddler)
    patient, conversation = await invited(world, ada)
    await patient.say("zero")
    await until_all_is_receipted(patient, ada)
    await ada.crash()
    held: list[wire.EnvelopeFrame] = []

    def swapped(frame: wire.Frame) -> Iterable[wire.Frame]:
        """The first of two envelopes comes after the second, as if it had been sent again."""
        if isinstance(frame, wire.EnvelopeFrame) and not held:
            held.append(frame)
            return
        yield frame
        if isinstance(frame, wire.EnvelopeFrame) and len(held) == 1:
            yield replace(held[0], position=frame.position + 1)
            held.append(frame)

    await patient.say("one")
    await patient.say("two")
    meddler.rewrite = swapped
    await ada.restart()
    await ada.until(lambda d: row(d, conversation, "one"), "the late one")
    assert [event.row.doubt for event in ada.told(MessageAdded) if event.row.text == "two"] == [
        "A message of Patient from before this one is not on this desk."
    ]
    late = row(ada, conversation, "two")
    assert late is not None
    assert late.doubt == ""
