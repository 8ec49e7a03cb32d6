"""One conversation, two engines, one winner. A thousand of these are in `python -m tests.load claims`."""

from tests.engine.claim_races import Tally, race, team, waiting
from tests.engine.world import World, played

RACES = 20


@played
async def test_two_engines_that_claim_at_once_have_one_winner_everywhere(world: World) -> None:
    desks = await team(world)
    conversation = await waiting(world, desks)
    tally = Tally()
    for number in range(RACES):
        await race(desks, conversation, number, tally)
    assert tally.races == RACES
    assert tally.contested > RACES // 2, "too few races were races"
    assert tally.told >= tally.contested, "somebody lost and was not told"
