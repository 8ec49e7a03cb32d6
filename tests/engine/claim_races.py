"""Two whole engines, a real relay between them, and both claim one conversation at the same moment, again and again."""

from dataclasses import dataclass

from agent_app.engine.commands import Claim, Release
from agent_app.engine.events import ConversationChanged, ConversationRow, MessageAdded, NoticeRaised, Status
from tests.engine.world import Desk, World


@dataclass
class Tally:
    """`contested`: both had claimed before either knew of the other. `told`: somebody heard who was quicker."""

    races: int = 0
    contested: int = 0
    told: int = 0
    won: tuple[int, int] = (0, 0)


async def team(world: World) -> tuple[Desk, Desk]:
    """Two desks that know one another."""
    return await world.desk("ada"), await world.desk("ben")


async def waiting(world: World, desks: tuple[Desk, Desk]) -> bytes:
    """A visitor's new conversation, which both desks have."""
    visitor = await world.patient()
    conversation = await visitor.open()
    await visitor.say("Is anybody there?")
    for desk in desks:
        await desk.until(lambda d: "Is anybody there?" in d.texts(conversation), "the visitor")
    return conversation


async def race(desks: tuple[Desk, Desk], conversation: bytes, number: int, tally: Tally) -> None:
    """Both claim; everywhere the same one of them has it; whoever that is gives it back."""
    for desk in desks:
        desk.events.clear()
    for desk in desks if number % 2 else reversed(desks):
        desk.do(Claim(conversation))
    first, second = desks
    await first.until(lambda d: is_settled(d, conversation) and is_settled(second, conversation), "both claims")
    claims = [claims_at(desk, conversation) for desk in desks]
    assert claims[0] == claims[1], "a claim is here and not there"
    holders = [standing(desk, conversation) for desk in desks]
    assert [row.status for row in holders] == [Status.HELD, Status.HELD]
    assert holders[0].holder == holders[1].holder, f"race {number}: the desks disagree"
    assert [row.mine for row in holders].count(True) == 1
    winner = 0 if holders[0].mine else 1
    tally.races += 1
    tally.contested += claims[0] == 2
    tally.told += any(isinstance(event, NoticeRaised) for event in desks[1 - winner].events)
    tally.won = (tally.won[0] + (winner == 0), tally.won[1] + (winner == 1))
    desks[winner].do(Release(conversation))
    for desk in desks:
        await desk.until(lambda d: standing(d, conversation).status is Status.WAITING, "it waits again")


def standing(desk: Desk, conversation: bytes) -> ConversationRow:
    return next(
        event.row
        for event in reversed(desk.events)
        if isinstance(event, ConversationChanged) and event.row.conversation == conversation
    )


def claims_at(desk: Desk, conversation: bytes) -> int:
    rows = [event.row for event in desk.events if isinstance(event, MessageAdded)]
    return sum(row.conversation == conversation and row.kind == "event" for row in rows)


def is_settled(desk: Desk, conversation: bytes) -> bool:
    """It has its own claim, or was told before it claimed; and it has everything that the other wrote."""
    rows = [event.row for event in desk.events if isinstance(event, MessageAdded) and event.row.kind == "event"]
    refused = any(isinstance(event, NoticeRaised) for event in desk.events)
    return len(rows) == 2 or (len(rows) == 1 and refused)
