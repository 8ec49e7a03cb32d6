"""Earlier messages for a patient's new phone: who is offered them, who is refused, and who is told."""

from agent_app.engine.commands import BlockPatient, CheckPatient, LabelPatient, ListEarlier, LoadDetails, SendHistory
from agent_app.engine.events import DetailsLoaded, EarlierLoaded, NoticeRaised
from agent_app.protocol import events
from tests.engine.patient import Patient
from tests.engine.test_conversing import BORN, NAME, invited
from tests.engine.world import Desk, World, played


def heard(patient: Patient, kind: type) -> list[events.Event]:
    return [m.content.event for m in patient.heard if isinstance(m.content.event, kind)]


async def two_phones(world: World, desk: Desk) -> tuple[Patient, bytes, Patient, bytes]:
    """One patient's earlier phone, and the new one, which an agent has checked."""
    old, earlier = await invited(world, desk)
    await old.say("my rash is back")
    await desk.until(lambda d: "my rash is back" in d.texts(earlier), "the words")
    new, now = await invited(world, desk)
    desk.do(CheckPatient(now, "safety-number", True))
    await desk.until(lambda d: d.rows()[now].level == 3, "level 3")
    return old, earlier, new, now


async def offered(desk: Desk, conversation: bytes) -> list[bytes]:
    before = len(desk.told(EarlierLoaded))
    desk.do(ListEarlier(conversation))
    await desk.until(lambda d: len(d.told(EarlierLoaded)) > before, "what is offered")
    answer = desk.told(EarlierLoaded)[-1]
    assert answer.conversation == conversation
    return [row.conversation for row in answer.rows]


async def refusal(desk: Desk, command: SendHistory | ListEarlier) -> str:
    before = len(desk.told(NoticeRaised))
    desk.do(command)
    await desk.until(lambda d: len(d.told(NoticeRaised)) > before, "a refusal")
    notice = desk.told(NoticeRaised)[-1].notice
    assert notice.happened == "The earlier messages were not sent."
    return notice.means


@played
async def test_a_blocked_earlier_phone_is_told_and_the_audit_log_keeps_it(world: World) -> None:
    ada = await world.desk("ada")
    old, earlier, new, now = await two_phones(world, ada)
    ada.do(LoadDetails(now))
    await ada.until(lambda d: d.told(DetailsLoaded), "the details")
    (other,) = ada.told(DetailsLoaded)[-1].others
    known = (other.conversation, other.device, other.blocked)
    assert known == (earlier, old.local.device[:4].hex(), False)
    ada.do(BlockPatient(earlier))
    await ada.until(lambda d: d.rows()[earlier].blocked, "the block")
    assert await offered(ada, now) == [earlier]
    ada.do(SendHistory(now, earlier))
    await new.until(lambda p: heard(p, events.Earlier))
    await old.until(lambda p: heard(p, events.Copied))
    assert heard(old, events.Copied) == [events.Copied(new.local.device)]
    assert not heard(new, events.Copied)
    assert [(e.conversation, e.arguments) for e in ada.audited("history")] == [
        (now, (earlier.hex(), new.local.device.hex()))
    ]


@played
async def test_another_label_is_neither_offered_nor_sent(world: World) -> None:
    ada = await world.desk("ada")
    old, earlier, new, now = await two_phones(world, ada)
    for name, born in (("Erika Musterfrau", BORN), (NAME, "1980-02-28"), (NAME, "")):
        ada.do(LabelPatient(earlier, name, born))
        assert await offered(ada, now) == []
        assert "same name and date of birth" in await refusal(ada, SendHistory(now, earlier))
    assert "same name and date of birth" in await refusal(ada, SendHistory(now, now))
    ada.do(LabelPatient(earlier, f" {NAME.upper()} ", BORN))
    assert await offered(ada, now) == [earlier]
    assert not heard(new, events.Earlier)
    assert not heard(old, events.Copied)
    assert ada.audited("history") == []


@played
async def test_a_phone_that_no_agent_checked_is_offered_nothing(world: World) -> None:
    ada = await world.desk("ada")
    _, earlier, _, now = await two_phones(world, ada)
    for command in (ListEarlier(earlier), SendHistory(earlier, now)):
        assert "Nobody has checked yet" in await refusal(ada, command)
    assert ada.told(EarlierLoaded) == []


@played
async def test_a_conversation_whose_beginning_is_gone_is_neither_offered_nor_sent(world: World) -> None:
    ada = await world.desk("ada")
    old, earlier, _, now = await two_phones(world, ada)
    await ada.stop()
    with ada.disk() as store, store.transaction():
        (opening,) = [e for e in store.events.held(earlier) if e.kind == "open"]
        store.events.retract(opening.hash, opening.message, opening.stream, world.clock())
    await ada.restart()
    assert await offered(ada, now) == []
    assert "The beginning of that conversation" in await refusal(ada, SendHistory(now, earlier))
    assert not heard(old, events.Copied)
    assert ada.audited("history") == []
