"""Blocking work that is not left half way."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def uninterrupted(do: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """As asyncio.to_thread, but whoever is cancelled meanwhile waits for the end before it goes.

    A thread cannot be cancelled: left alone, it would write its keys after whatever is begun next.
    """
    running = asyncio.ensure_future(asyncio.to_thread(do, *arguments, **named))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
