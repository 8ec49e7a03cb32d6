"""Who is a member: revocation, a relay that withholds or shows two pasts, freshness, and the past for newcomers."""

import dataclasses
import os
from collections.abc import Iterable

import httpx
import pytest
from msgspec.structs import replace

from agent_app.engine.administration.clinic import DEFAULT_POLICY
from agent_app.engine.commands import (
    CreateInvitation,
    LoadColleagues,
    MarkAdmissionsRead,
    OpenConversation,
    SendNote,
    SendText,
)
from agent_app.engine.events import ColleaguesLoaded, Delivery, DeviceAdmitted, Phase, PhaseChanged, SendingChanged
from agent_app.protocol import content, events
from agent_app.protocol.content import LogHead, Message
from agent_app.protocol.keys import MessageId
from agent_app.relay import wire
from agent_app.relay.errors import RelayError
from agent_app.transparency import checkpoint, note, statement
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.statement import PolicyChange, RoleChange
from tests.engine.networks import Meddler, without_anything, without_heads
from tests.engine.patient import Patient
from tests.engine.test_conversing import invited, row, until_delivery
from tests.engine.world import QUICK, Desk, World, played


def recipients_of(desk: Desk, conversation: bytes, text: str) -> set[str]:
    found = row(desk, conversation, text)
    assert found is not None
    return {name for _, name, _ in found.receipts}


@played
async def test_a_revoked_desk_is_told_nothing_more(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    ada.do(SendText(conversation, "for both"))
    await ben.until(lambda d: row(d, conversation, "for both"))
    await world.revoke(ben)
    await ben.until_phase(Phase.REVOKED)
    ada.do(SendText(conversation, "not for ben"))
    ada.do(SendNote(conversation, "nor this"))
    await patient.until(lambda p: "not for ben" in p.texts())
    await patient.say("and from me")
    await ada.until(lambda d: row(d, conversation, "and from me"))
    assert recipients_of(ada, conversation, "not for ben") == {"Patient"}
    assert ben.device not in patient.devices()
    assert row(ben, conversation, "not for ben") is None
    # Its store and keys are gone from memory, and what it asks for has no effect.
    ben.do(SendText(conversation, "from outside"))
    await ada.restart()
    assert row(ada, conversation, "from outside") is None


@played
async def test_a_relay_that_hides_a_revocation_is_told_by_its_own_refusal(world: World) -> None:
    """The stream says nothing; the first POST under the old head is answered with what was hidden."""
    meddler = Meddler()
    ada, ben = await world.desk("ada", transport=meddler), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    await ben.until(lambda d: conversation in d.rows())
    await ada.crash()
    meddler.rewrite = without_heads
    await ada.restart(online=False)
    await world.revoke(ben)
    ada.do(SendText(conversation, "after"))
    await patient.until(lambda p: "after" in p.texts())
    await until_delivery(ada, conversation, "after", Delivery.DELIVERED)
    assert recipients_of(ada, conversation, "after") == {"Patient"}


@played
async def test_an_admission_is_told_after_each_unlock_until_somebody_has_read_it(world: World) -> None:
    ada = await world.desk("ada")
    ben, carl = await world.desk("ben"), await world.desk("carl")

    async def told_anew(*expected: Desk) -> None:
        await ada.restart()
        assert [e.device for e in ada.told(DeviceAdmitted)] == [desk.device for desk in expected]

    await ada.until(lambda d: len(d.told(DeviceAdmitted)) == 2, "the announcements")
    await told_anew(ben, carl)
    ada.do(MarkAdmissionsRead((ben.device, b"x" * 32)))
    ada.do(LoadColleagues())
    await ada.until(lambda d: d.told(ColleaguesLoaded), "what was asked after it")
    await told_anew(carl)
    await world.revoke(carl)
    assert ada.engine._shift is not None
    await ada.engine._shift.membership.refresh(ada.engine._shift.relay)
    await told_anew()


@played
async def test_every_admission_is_announced_and_newcomers_get_the_past(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    await patient.say("one")
    await ada.until(lambda d: row(d, conversation, "one"))
    ada.do(SendText(conversation, "two"))
    ada.do(SendNote(conversation, "three"))
    await patient.until(lambda p: "two" in p.texts())
    ben = await world.desk("ben")
    await ada.until(lambda d: any(e.device == ben.device for e in d.told(DeviceAdmitted)), "the announcement")
    await ben.until(lambda d: d.rows().get(conversation) and d.rows()[conversation].level == 2, "the conversation")
    ben.do(OpenConversation(conversation))
    await ben.until(lambda d: len(d.texts(conversation)) == 3, "the past")
    assert ben.texts(conversation) == ["one", "two", "three"]
    assert ben.rows()[conversation].unread == 0
    assert ben.rows()[conversation].warning == ""
    ben.do(SendText(conversation, "four"))
    await patient.until(lambda p: "four" in p.texts())
    await patient.say("five")
    await ben.until(lambda d: row(d, conversation, "five"))


@played
async def test_newcomers_get_no_past_where_the_policy_forbids_it(world: World) -> None:
    await world.policy(replace(DEFAULT_POLICY, history_to_new_devices=False))
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    await patient.say("one")
    await ada.until(lambda d: row(d, conversation, "one"))
    ben = await world.desk("ben")
    await patient.say("two")
    ada.do(SendNote(conversation, "three"))
    await until_delivery(ada, conversation, "three", Delivery.DELIVERED)
    assert ben.rows() == {}


@played
async def test_what_was_written_before_a_newcomer_was_heard_of_reaches_them(world: World) -> None:
    """Carl's desk and the patient's page hear nothing for a while, write under the old log, and can send only later."""
    meddler = Meddler()
    ada, carl = await world.desk("ada"), await world.desk("carl", transport=meddler)
    patient, conversation = await invited(world, ada)
    await patient.say("hello")
    await carl.until(lambda d: row(d, conversation, "hello"))
    await carl.crash()
    meddler.rewrite = without_anything
    await carl.restart(online=False)
    slept, devices = naming(patient, patient.head(), "from a page that slept"), patient.devices()
    ben = await world.desk("ben")
    await ben.until(lambda d: conversation in d.rows(), "the past")
    ben.do(OpenConversation(conversation))
    await patient.post(slept, devices, {})
    await ben.until(lambda d: row(d, conversation, "from a page that slept"), "the patient's")
    carl.do(SendText(conversation, "from a desk that slept"))
    await ben.until(lambda d: row(d, conversation, "from a desk that slept"), "the colleague's")
    assert not recipients_of(carl, conversation, "from a desk that slept") & {"Ben"}
    meddler.rewrite = None
    await carl.restart()
    carl.do(SendText(conversation, "awake"))
    await ben.until(lambda d: row(d, conversation, "awake"))
    assert [m.doubt for m in ben.messages(conversation) if m.doubt] == []


@played
async def test_the_word_of_a_second_who_may_vouch_is_not_waited_for_longer_than_it_takes(world: World) -> None:
    """The pauses between looks grow while nobody vouches. Here the first is an hour: what ends it is the newcomer, to
    whom this desk has nothing to send."""
    await world.policy(replace(DEFAULT_POLICY, history_to_new_devices=False))
    ben = await world.desk("ben")
    patient, conversation = await invited(world, ben)
    ben.pace = dataclasses.replace(QUICK, admission=3600.0)
    await ben.restart()
    ada = await world.joined("ada")
    await ada.crash()
    await world.admit(ada, "supervisor")
    await ben.until(lambda d: d.told(DeviceAdmitted), "the admission")
    ben.do(SendText(conversation, "before Ada is at work"))
    await ada.restart()
    await patient.until(lambda p: "before Ada is at work" in p.texts())


@played
async def test_nothing_is_sent_under_a_log_that_nobody_vouched_for_lately(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    world.clock.ahead = 73 * 3_600_000
    ada.do(SendText(conversation, "three days later"))
    await ada.until(lambda d: any("too long" in text for text in d.notices()), "the reason")
    assert row(ada, conversation, "three days later").delivery is Delivery.QUEUED  # type: ignore[union-attr]
    await patient.say("hello?")
    await ada.until(lambda d: row(d, conversation, "hello?"), "what others write")
    assert patient.texts() == []
    world.clock.ahead = 0
    await ada.restart()
    await patient.until(lambda p: p.texts() == ["three days later"])


@played
async def test_a_supervisors_desk_vouches_by_itself(world: World) -> None:
    ada = await world.desk("ada", role="supervisor")
    patient, conversation = await invited(world, ada)
    async with world.administration() as clinic:
        log = await clinic.read()
        fresh = await clinic.freshness(log)
    assert fresh.time is not None
    ada.do(SendText(conversation, "fresh enough"))
    await patient.until(lambda p: "fresh enough" in p.texts())


@played
async def test_a_second_person_who_may_vouch_stops_nobody(world: World) -> None:
    """From the admission on two must vouch. The new one's word comes when that desk is unlocked, and is looked for."""
    ben = await world.desk("ben")
    patient, conversation = await invited(world, ben)
    await world.desk("ada", role="supervisor")
    ben.do(SendText(conversation, "still sent"))
    await patient.until(lambda p: "still sent" in p.texts())
    assert ben.told(SendingChanged)[-1].obstacle is None


@played
async def test_who_is_made_a_second_voucher_vouches_at_once(world: World) -> None:
    ben, ada = await world.desk("ben"), await world.desk("ada")
    patient, _ = await invited(world, ben)
    await world.append(lambda _: RoleChange(ada.device, "supervisor"))
    await ada.until(lambda d: d.told(PhaseChanged)[-1].role == "supervisor", "the new role")
    await patient.say("is anybody there?")
    await ben.until(lambda d: any("is anybody there?" in d.texts(c) for c in d.rows()))
    ben.do(SendText(bytes(patient.conversation or b""), "still at work"))
    await patient.until(lambda p: "still at work" in p.texts())


@played
async def test_a_relay_that_goes_back_is_an_alarm_that_stays(world: World) -> None:
    meddler = Meddler()
    ada = await world.desk("ada", transport=meddler)
    patient, conversation = await invited(world, ada)
    await ada.crash()

    def older(frame: wire.Frame) -> Iterable[wire.Frame]:
        yield (
            wire.HeadFrame(1, ClinicLog(world.founding.charter).head.root)
            if isinstance(frame, wire.HeadFrame)
            else frame
        )

    meddler.rewrite = older
    await ada.restart()
    await ada.until(lambda d: any("older clinic log" in text for text in d.notices()), "the alarm")
    ada.do(SendText(conversation, "never"))
    await ada.until(lambda d: row(d, conversation, "never"))
    meddler.rewrite = None
    await ada.restart()
    ada.do(SendText(conversation, "nor this"))
    await ada.until(lambda d: any("older clinic log" in text for text in d.notices()), "the alarm, after a restart")
    await patient.say("are you there?")
    await ada.until(lambda d: row(d, conversation, "are you there?"))
    assert patient.texts() == []
    # An administrator looks into it, and states the policy anew.
    await world.policy(DEFAULT_POLICY)
    await ada.until(lambda d: any("is over" in text for text in d.notices()), "the all-clear")
    await patient.until(lambda p: p.texts() == ["never", "nor this"])


class Equivocating:
    """A relay in league with a corrupt administrator shows one desk another statement than it shows the others."""

    def __init__(self, world: World, log: ClinicLog, meddler: Meddler) -> None:
        fork = PolicyChange(replace(DEFAULT_POLICY, retention_days=1))
        payload = statement.prepare(log.clinic, log.size, log.head.root, world.clock(), fork)
        self.raw = statement.assemble(payload, [statement.sign(payload, world.admin.admin)])
        log.append(self.raw)
        self.log = log
        self.seed = (world.relay.data / "relay.key").read_bytes()
        self.start = log.size - 1
        meddler.answers = {"/log": self.page, "/cosignatures": self.cosignatures}
        meddler.rewrite = self.heads

    def page(self, request: httpx.Request) -> bytes | None:
        start = int(request.url.params["from"])
        text = self.log.checkpoint.text
        signed = note.Note(text, (note.sign(text, checkpoint.RELAY_NAME, self.seed),))
        return wire.encode((self.log.size, self.log.statements[start:], signed.format()))

    def cosignatures(self, _: httpx.Request) -> bytes:
        return wire.encode(())

    def heads(self, frame: wire.Frame) -> Iterable[wire.Frame]:
        yield wire.HeadFrame(self.log.size, self.log.head.root) if isinstance(frame, wire.HeadFrame) else frame


@played
async def test_two_pasts_are_found_out_by_the_first_message(world: World) -> None:
    meddler = Meddler()
    ada, ben = await world.desk("ada"), await world.desk("ben", transport=meddler)
    _, conversation = await invited(world, ada)
    await ben.until(lambda d: conversation in d.rows())
    async with world.administration() as clinic:
        log = await clinic.read()
    await ben.crash()
    Equivocating(world, log, meddler)
    await world.policy(replace(DEFAULT_POLICY, retention_days=2))
    async with world.administration() as clinic:
        true = await clinic.read()
    meddler.headers = {"Sealdesk-Log-Head": f"{true.size}.{wire.b64url(true.head.root)}"}
    await ben.restart()
    ben.do(SendNote(conversation, "from another world"))
    await ada.until(lambda d: any("two versions" in text for text in d.notices()), "the alarm")
    assert row(ada, conversation, "from another world") is None
    ada.do(SendNote(conversation, "never"))
    await ada.until(lambda d: row(d, conversation, "never"))
    await ada.restart()
    ada.do(SendNote(conversation, "not after a restart either"))
    await ada.until(lambda d: any("two versions" in text for text in d.notices()), "the alarm, after a restart")
    assert not any(m.text in ("never", "not after a restart either") for m in ben.messages(conversation))


def naming(patient: Patient, head: LogHead, text: str) -> Message:
    """A signed message under a clinic log head that never was."""
    assert patient.conversation is not None
    stream, own = content.shared_stream(patient.conversation), patient.local.device
    unsigned = patient.position.next_content(
        stream, MessageId(os.urandom(16)), own, patient.devices(), 0, head, events.Text(text)
    )
    return content.sign(patient.local, unsigned)


@played
async def test_a_patient_who_names_another_log_is_refused_and_stops_nobody(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    other, _ = await invited(world, ada)
    await patient.post(naming(patient, LogHead(2, bytes(32)), "from another world"), patient.devices(), {})
    await ada.until(lambda d: any("another clinic log" in text for text in d.notices()), "the notice")
    await patient.post(naming(patient, LogHead(2**40, bytes(32)), "from the future"), patient.devices(), {})
    await other.say("me too")
    await ada.until(lambda d: any("me too" in d.texts(c) for c in d.rows()), "the other patient")
    ada.do(SendText(bytes(other.conversation or b""), "still at work"))
    await other.until(lambda p: "still at work" in p.texts())
    await patient.until(lambda p: any(r.reason == "not-permitted" for m in p.delivered.values() for r in m.values()))
    assert row(ada, conversation, "from another world") is row(ada, conversation, "from the future") is None


@played
async def test_a_device_of_nobody_gets_in_nowhere(world: World) -> None:
    """Somebody with keys of their own, and no admission."""
    ada = await world.desk("ada")
    await world.desk("ben")
    stranger = Patient(world.relay.url, world.clinic)
    await stranger.refresh()
    with pytest.raises(RelayError):
        await stranger.relay.take_bundles([member.certificate.mailbox for member in stranger._log.roster.active])
    await stranger.relay.close()
    ada.do(CreateInvitation("", "not a date", ""))
    await ada.until(lambda d: d.notices(), "a refusal")
