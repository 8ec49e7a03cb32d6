"""A thousand races of two whole engines over a real relay; unlike the rest here, it stops at the first disagreement."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.engine.claim_races import Tally, race, team, waiting
from tests.engine.world import World

RACES, EACH = 1_000, 50  # a conversation's state is worked out from all its events: no conversation is claimed so often


async def _races(folder: Path) -> Tally:
    world, tally = World(folder), Tally()
    try:
        await world.found()
        desks = await team(world)
        for first in range(0, RACES, EACH):
            conversation = await waiting(world, desks)
            for number in range(first, first + EACH):
                await race(desks, conversation, number, tally)
    finally:
        await world.close()
    return tally


def run() -> None:
    """Prints who won how often."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        tally = asyncio.run(_races(Path(folder)))
        took = time.perf_counter() - start
    sys.stdout.write(
        f"Claims: {tally.races} races in {took:.0f} s, {tally.contested} with both claims on their way at once; "
        f"one winner and the same at both desks each time (won {tally.won[0]} and {tally.won[1]}); "
        f"the loser was told {tally.told} times\n"
    )
