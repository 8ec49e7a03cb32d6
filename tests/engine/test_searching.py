"""What a search finds on a desk, and what it never finds."""

from agent_app.engine.commands import (
    BlockPatient,
    CheckPatient,
    Claim,
    LabelPatient,
    LoadAround,
    MarkRead,
    OpenConversation,
    Retract,
    Search,
    SendNote,
    SetTag,
)
from agent_app.engine.events import SearchFound, TranscriptLoaded
from tests.engine.test_conversing import invited
from tests.engine.world import Desk, World, played


async def found(desk: Desk, text: str, before: int = 0) -> SearchFound:
    number = len(desk.told(SearchFound)) + 1
    desk.do(Search(text, number, before))
    await desk.until(lambda d: any(e.number == number for e in d.told(SearchFound)), f"what is found for {text}")
    return desk.told(SearchFound)[-1]


def excerpts(answer: SearchFound) -> list[str]:
    return [hit.excerpt for hit in answer.hits]


@played
async def test_finds_what_was_said_written_and_called_and_nothing_that_is_gone(world: World) -> None:
    ada = await world.desk("ada")
    maria, conversation = await invited(world, ada)
    assert ada.rows()[conversation].reason == "results"
    await maria.say("Meine Allergie gegen Nüsse " + "und noch viel mehr davon " * 10 + "ist schlimmer geworden.")
    await ada.until(lambda d: len(d.texts(conversation)) == 1, "her message")
    ada.do(SendNote(conversation, "Ask for the allergies' list"))
    ada.do(LabelPatient(conversation, "Maria Lopez"))
    ada.do(SetTag(conversation, "Übergabe", present=True))
    await ada.until(lambda d: d.rows()[conversation].tags, "the tag")

    both = await found(ada, "allerg")
    assert [hit.note for hit in both.hits] == [True, False]
    assert both.hits[1].title == "Maria Lopez"
    assert both.conversations == ()
    late = (await found(ada, "SCHLIMM nusse")).hits[0]
    assert [late.excerpt[start:end] for start, end in late.marks] == ["Nüsse"]
    assert not late.excerpt.startswith("…")
    assert late.excerpt.endswith("…")
    assert (await found(ada, "schlimm")).hits[0].excerpt.startswith("…")
    for called in ("lop mar", "ubergabe", "res"):
        assert (await found(ada, called)).conversations == (conversation,)
    assert (await found(ada, "  ")).hits == ()
    assert len(ada.audited("search")) == 1

    ada.do(Retract(next(row.message for row in ada.messages(conversation) if row.kind == "note")))
    await ada.until(lambda d: any(row.kind == "deleted" for row in d.messages(conversation)), "its deletion")
    assert [hit.note for hit in (await found(ada, "allerg")).hits] == [False]
    assert len(ada.audited("search")) == 2

    ada.do(BlockPatient(conversation))
    await ada.until(lambda d: d.rows()[conversation].blocked, "the block")
    await maria.say("The allergy medicine, send it here")
    await ada.until(lambda d: "The allergy medicine, send it here" in d.texts(conversation), "the thief's words")
    assert excerpts(await found(ada, "medicine")) == []
    assert len((await found(ada, "allerg")).hits) == 1
    ada.do(CheckPatient(conversation, "identifiers", matches=True))
    await ada.until(lambda d: not d.rows()[conversation].blocked, "her being checked again")
    assert len((await found(ada, "medicine")).hits) == 1


@played
async def test_results_come_in_parts_and_lead_into_the_transcript(world: World) -> None:
    ada = await world.desk("ada")
    maria, conversation = await invited(world, ada)
    ada.do(Claim(conversation))
    for number in range(1, 46):
        ada.do(SendNote(conversation, f"Finding number {number}"))
    await ada.until(lambda d: "Finding number 45" in d.texts(conversation), "all notes")
    first = await found(ada, "find")
    assert first.more
    rest = await found(ada, "find", first.reached)
    assert not rest.more
    assert excerpts(first)[0] == "Finding number 45"
    assert len({hit.position for hit in (*first.hits, *rest.hits)}) == 45

    oldest = rest.hits[-1]
    ada.do(LoadAround(conversation, oldest.position, 10))
    await ada.until(lambda d: d.told(TranscriptLoaded), "the rows around it")
    around = ada.told(TranscriptLoaded)[-1]
    assert around.target == oldest.position
    assert not around.at_end
    assert [row.text for row in around.rows][-5:] == [f"Finding number {number}" for number in range(1, 6)]

    await maria.say("Are you there?")
    await ada.until(lambda d: d.rows()[conversation].unread, "her words, unread")
    ada.do(MarkRead(conversation))
    await ada.until(lambda d: not d.rows()[conversation].unread, "the mark")
    await maria.say("Hello?")
    await ada.until(lambda d: d.rows()[conversation].unread, "one more")
    before = len(ada.told(TranscriptLoaded))
    ada.do(OpenConversation(conversation))
    await ada.until(lambda d: len(d.told(TranscriptLoaded)) > before, "the transcript")
    opened = ada.told(TranscriptLoaded)[-1]
    assert opened.at_end
    assert opened.rows[-1].position == opened.unread_from == opened.target
    assert opened.rows[-1].text == "Hello?"
