"""Takes what an older Sealdesk stored into the search index, in steps, while the desk is used."""

import asyncio

from agent_app.engine.desk import Desk

STEP = 50  # events: some ten milliseconds
_PAUSE = 0.05  # seconds, for everybody else on this loop


async def take_in_the_rest(desk: Desk) -> None:
    """From the newest on. A crash repeats nothing: each step says in its commit how far it came."""
    rooms = desk.store
    while batch := rooms.events.unindexed(STEP):
        with rooms.transaction():
            for one in batch:
                if one.content is not None:
                    rooms.search.take_in(one.position, one.kind, one.content)
            rooms.search.begin_at(batch[0].position)
        await asyncio.sleep(_PAUSE)
