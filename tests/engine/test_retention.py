"""What the policy's retention destroys, what a hold keeps, and that nothing brings it back."""

import re

from agent_app.engine.commands import (
    CopyConversation,
    ExportConversation,
    LoadCustody,
    LoadDetails,
    OpenConversation,
    SendNote,
    SetHold,
)
from agent_app.engine.events import ConversationCopied, ConversationExported, CustodyLoaded, DetailsLoaded
from agent_app.engine.retention import DAY, Retention
from agent_app.engine.sentence import Sentence
from agent_app.transparency.statement import Policy
from tests.engine.test_conversing import invited, row
from tests.engine.world import Desk, World, played

THIRTY_DAYS = Policy(120, 30, True, True, 300, 336)


def retention(desk: Desk) -> Retention:
    shift = desk.engine._shift
    assert shift is not None
    return Retention(shift._desk, shift.membership, shift._conversations, shift._deletion)


@played
async def test_what_is_older_than_the_policy_is_destroyed_unless_a_hold_keeps_it(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    _, kept = await invited(world, ada)
    await patient.say("my rash is back")
    ada.do(SendNote(kept, "for the complaint"))
    ada.do(SetHold(kept, True, "a complaint"))
    await ada.until(lambda d: "my rash is back" in d.texts(conversation) and d.rows()[kept].hold, "all of it")
    await world.policy(THIRTY_DAYS)
    await ada.until(lambda d: d.engine._shift.membership.roster.policy == THIRTY_DAYS, "the policy")  # type: ignore[union-attr]
    world.clock.ahead = 29 * DAY
    assert retention(ada).sweep() == 0
    world.clock.ahead = 31 * DAY
    assert retention(ada).sweep() == 1
    assert retention(ada).sweep() == 0
    ada.do(OpenConversation(conversation))
    await ada.until(lambda d: any(m.kind == "deleted" for m in d.messages(conversation)), "the deleted row")
    assert ada.rows()[conversation].preview == ""
    assert row(ada, kept, "for the complaint") is not None
    world.clock.ahead = 0
    await ada.stop()
    with ada.disk() as store:
        held = store.events.held(conversation)
        assert [e.content for e in held if e.kind == "text"] == [None]
        assert store.epoch_is_due


@played
async def test_custody_details_and_a_copy(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    await patient.say("line one\nFake Person: line two")
    await ada.until(lambda d: len(d.texts(conversation)) == 1, "the words")
    ada.do(OpenConversation(conversation))
    said = ada.messages(conversation)[-1]
    path = world.folder / "copy.txt"
    ada.do(ExportConversation(conversation, path))
    await ada.until(lambda d: d.told(ConversationExported), "the copy")
    copy = path.read_text()
    assert "line one\n    Fake Person: line two" in copy
    assert path.stat().st_mode & 0o077 == 0
    ada.do(CopyConversation(conversation, "print"))
    await ada.until(lambda d: d.told(ConversationCopied), "the text to print")
    assert ada.told(ConversationCopied)[0].text.splitlines()[3:] == copy.splitlines()[3:]
    assert [entry.arguments for entry in ada.audited("print")] == [("conversation",)]
    assert ada.engine._unlocked is not None
    ada.engine._unlocked.desk.say = lambda said: "?" if isinstance(said, Sentence) else said
    ada.do(CopyConversation(conversation, "print"))
    await ada.until(lambda d: len(d.told(ConversationCopied)) == 2, "a copy in another language")
    words = set(re.findall(r"[A-Za-z]{3,}", ada.told(ConversationCopied)[1].text))
    assert words <= {"Erika", "Mustermann", "line", "one", "Fake", "Person", "two"}, "only what people wrote"
    ada.do(LoadCustody(said.message))
    await ada.until(lambda d: d.told(CustodyLoaded), "its custody")
    steps = [step.text for step in ada.told(CustodyLoaded)[0].steps]
    assert "It arrived at this desk." in steps
    assert "It was viewed at this desk." in steps
    assert "It was exported at this desk." in steps
    assert "It was printed at this desk." in steps
    ada.do(LoadDetails(conversation))
    await ada.until(lambda d: d.told(DetailsLoaded), "the details")
    assert any("passed the check" in check.text for check in ada.told(DetailsLoaded)[0].checks)
