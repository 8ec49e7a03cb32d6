"""Strangers: what somebody without an invitation can learn from a desk's receipts, and when."""

from pathlib import Path

import httpx
import pytest

from agent_app.engine import receipts
from agent_app.engine.commands import BlockPatient, CheckPatient, Claim, Close, Lock, MarkRead, SendText, Unlock
from agent_app.engine.events import Phase, PhaseChanged, Status
from agent_app.engine.invitations import Invitations
from agent_app.protocol import content, events
from agent_app.protocol.content import LogHead
from agent_app.protocol.encoding import decode
from agent_app.protocol.keys import MessageId
from agent_app.protocol.receipt import Receipt, ReceiptPayload
from agent_app.relay import wire
from tests.engine.networks import Meddler, Repeating
from tests.engine.patient import Patient
from tests.engine.test_conversing import BORN, invite, invited, row
from tests.engine.world import PASSPHRASE, Desk, World, played
from tests.relay_server.relays import RelayProcess


class Watched(Meddler):
    """A relay that notes every receipt it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[ReceiptPayload] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path == "/v1/receipts":
            posted = wire.decode(tuple[Receipt, ...], await request.aread())
            self.seen += [decode(one.payload, ReceiptPayload) for one in posted]
        return await super().handle_async_request(request)

    def of(self, patient: Patient) -> list[ReceiptPayload]:
        return [one for one in self.seen if one.sender == patient.local.mailbox]


async def settled(world: World, desk: Desk, witness: Patient) -> None:
    """What the desk was to send before this has been sent: receipts leave in the order in which they were signed."""
    said = await witness.say("a word in between")
    await witness.until(lambda p: p.delivered[said].get(desk.device))


async def counted(world: World, desk: Desk, witness: Patient) -> int:
    """How much waits at the relay once the desk has taken away what it was done with: discards follow the receipts."""
    for _ in range(2):
        await settled(world, desk, witness)
    assert desk.engine._shift is not None
    return await desk.engine._shift.relay.count()


async def visitor(world: World, *desks: Desk) -> tuple[Patient, bytes, MessageId]:
    """Somebody without an invitation, whose words every desk has on its disk."""
    patient = await world.patient()
    conversation = await patient.open()
    said = await patient.say("Is anybody there?")
    for desk in desks:
        await desk.until(lambda d: row(d, conversation, "Is anybody there?"))
    return patient, conversation, said


@played
async def test_a_visitor_learns_nothing_until_somebody_answers(world: World) -> None:
    relays = Watched(), Watched()
    ada, ben = await world.desk("ada", transport=relays[0]), await world.desk("ben", transport=relays[1])
    witness, _ = await invited(world, ada)
    patient, conversation, _ = await visitor(world, ada, ben)
    for desk in (ada, ben):
        desk.do(MarkRead(conversation))
        await desk.until(lambda d: d.rows()[conversation].unread == 0, "its mark")
    for desk, relay in zip((ada, ben), relays, strict=True):
        await settled(world, desk, witness)
        assert relay.of(patient) == []
    assert not any(patient.delivered.values())
    assert not patient.heard
    ada.do(Claim(conversation))
    await patient.until(lambda p: all(p.delivered[one].keys() == {ada.device, ben.device} for one in p.said))
    for relay in relays:
        assert [(one.sequence, one.status) for one in relay.of(patient)] == [(1, "delivered"), (2, "delivered")]
    await patient.until(lambda p: any(isinstance(m.content.event, events.Read) for m in p.heard))
    later = await patient.say("Thank you")
    await patient.until(lambda p: p.delivered[later].keys() == {ada.device, ben.device})


@played
async def test_what_is_held_back_survives_a_restart_and_a_repetition(world: World) -> None:
    relay = Watched()
    ada = await world.desk("ada", transport=relay)
    witness, _ = await invited(world, ada)
    patient, conversation, said = await visitor(world, ada)
    await ada.restart()
    await settled(world, ada, witness)
    await ada.crash()
    relay.rewrite = Repeating()
    await ada.restart()
    again = await patient.say("Hello?")
    await ada.until(lambda d: row(d, conversation, "Hello?"))
    await patient.say("Hello again?")  # with it comes the repetition of the one before
    await ada.until(lambda d: row(d, conversation, "Hello again?"))
    await settled(world, ada, witness)
    assert relay.of(patient) == []
    ada.do(SendText(conversation, "Good morning"))
    await patient.until(lambda p: p.delivered[said] and p.delivered[again])
    assert [one.sequence for one in relay.of(patient)][:4] == [1, 2, 3, 4]


@pytest.mark.parametrize("command", ["close", "block"])
def test_what_is_blocked_or_closed_without_an_answer_is_never_receipted(
    command: str, tmp_path: Path, relay: RelayProcess
) -> None:
    @played
    async def scenario(world: World) -> None:
        relay = Watched()
        ada = await world.desk("ada", transport=relay)
        witness, _ = await invited(world, ada)
        patient, conversation, _ = await visitor(world, ada)
        assert await counted(world, ada, witness) == 2
        ada.do(Close(conversation, "spam") if command == "close" else BlockPatient(conversation))
        await ada.until(
            lambda d: d.rows()[conversation].status is Status.CLOSED or "blocked" in d.rows()[conversation].warning
        )
        await patient.say("And now?")
        waits = 1 if command == "close" else 0  # who writes again opens what was closed, and waits like anybody
        await ada.until(lambda d: row(d, conversation, "And now?"))
        await settled(world, ada, witness)
        await ada.stop()
        with ada.disk() as store:
            assert store.outbox.holding() == waits
            assert store.outbox.receipts() == ()
        await ada.restart()
        assert await counted(world, ada, witness) == waits
        assert relay.of(patient) == []

    scenario(tmp_path, relay)


@played
async def test_a_visitor_who_probes_with_what_is_refused_hears_no_refusal(world: World) -> None:
    relay = Watched()
    ada = await world.desk("ada", transport=relay)
    witness, _ = await invited(world, ada)
    patient, conversation, _ = await visitor(world, ada)
    stream = content.shared_stream(patient.conversation)  # type: ignore[arg-type]
    unsigned = patient.position.next_content(
        stream,
        MessageId(bytes(16)),
        patient.local.device,
        patient.devices(),
        0,
        LogHead(2, bytes(32)),
        events.Text("?"),
    )
    await patient.post(content.sign(patient.local, unsigned), patient.devices(), {})
    await ada.until(lambda d: any("another clinic log" in text for text in d.notices()), "the notice")
    await settled(world, ada, witness)
    assert relay.of(patient) == []
    ada.do(CheckPatient(conversation, "safety-number", True))
    await patient.until(lambda p: any(r.reason == "not-permitted" for m in p.delivered.values() for r in m.values()))
    assert [(one.sequence, one.reason) for one in relay.of(patient)] == [(1, ""), (2, ""), (3, "not-permitted")]


@played
async def test_a_colleagues_text_answers_for_every_desk(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation, said = await visitor(world, ada, ben)
    ben.do(SendText(conversation, "We are here"))
    await patient.until(lambda p: p.delivered[said].keys() == {ada.device, ben.device})


@pytest.mark.parametrize("level", [1, 2])
def test_who_was_invited_waits_for_nobody(level: int, tmp_path: Path, relay: RelayProcess) -> None:
    """Nobody claims, and nobody writes: the link alone, or link and code, are enough."""

    @played
    async def scenario(world: World) -> None:
        ada, ben = await world.desk("ada"), await world.desk("ben")
        with pytest.MonkeyPatch.context() as patched:
            if level == 1:
                patched.setattr(Invitations, "_code", lambda _: "")
            invitation = await invite(ada)
        patient = await world.patient(invitation.link)
        await patient.open(invitation.code, BORN)
        await patient.say("Hello?")
        await patient.until(lambda p: all(p.delivered[one].keys() == {ada.device, ben.device} for one in p.said))
        assert [verdict.level for verdict in patient.verdicts()] == [level]

    scenario(tmp_path, relay)


@played
async def test_a_locked_desk_does_not_count_what_it_has_read(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation, _ = await visitor(world, ada)
    ada.do(Lock())
    await ada.until(lambda d: d.told(PhaseChanged)[-1].phase is Phase.LOCKED, "the lock")
    await patient.say("Still there?")
    await ada.until(lambda d: d.waiting() == 1, "the count")
    ada.do(Unlock(PASSPHRASE))
    await ada.until(lambda d: row(d, conversation, "Still there?"), "what waited")


@played
async def test_strangers_do_not_fill_a_mailbox_by_writing_what_nobody_answers(world: World) -> None:
    ada = await world.desk("ada")
    witness, _ = await invited(world, ada)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(receipts, "HELD_MOST", 3)
        patient, conversation, said = await visitor(world, ada)
        for number in range(3):
            await patient.say(f"line {number}")
        await ada.until(lambda d: row(d, conversation, "line 2"))
        assert await counted(world, ada, witness) == 3
    ada.do(Claim(conversation))
    await patient.until(lambda p: all(p.delivered[one] for one in list(p.said)[2:]))
    assert not patient.delivered[said]
