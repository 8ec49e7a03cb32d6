"""The relay with many streams, with much waiting, and killed: how late, how large, and whether anything is lost.

Two cores shared with the generator say little in messages a second and much in ratios.
"""

import asyncio
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from tests.load import relay_kills
from tests.load.relay_http import Caller, Stream
from tests.load.relay_rates import PAIRS, SECONDS, lateness, listening, pairwise, rate, row
from tests.load.relay_world import Sender, address, devices, processor_seconds, reading, relay, resident
from tests.relay_server.relays import Owner, Practice

LARGE = os.environ.get("LARGE") == "1"


# --- Streams


def many_streams(folder: Path) -> None:
    with relay(folder / "streams") as process:
        practice = process.practice()
        owners = devices(practice, 2 * PAIRS)
        idle: list[Owner] = []
        figures: dict[int, tuple[float, list[float]]] = {}
        for count in (100, 1_000, *((10_000,) if LARGE else ())):
            before = resident(process.process.pid)
            missing = count - PAIRS - len(idle)
            idle += [practice.visitor() for _ in range(missing)]
            figures[count] = uvloop.run(_beside(practice, process.process.pid, owners, idle, before, missing))
        first, first_late = figures[100]
        for count, (speed, late) in figures.items():
            ratio = late[int(len(late) * 0.99)] / first_late[int(len(first_late) * 0.99)]
            row(f"{count:,} streams", f"{speed:,.0f} /s", f"{speed / first:.2f} of 100", f"p99 {ratio:.2f} x")


async def _beside(
    practice: Practice, pid: int, owners: list[Owner], idle: list[Owner], before: float, new: int
) -> tuple[float, list[float]]:
    """Rate and lateness of the pairs while the others only listen."""
    loop = asyncio.get_running_loop()
    host, port = address(practice.url)
    quiet = []
    for owner in idle:
        stream = Stream(reading(owner), lambda frame: None)
        await loop.create_connection(lambda stream=stream: stream, host, port)  # type: ignore[misc]
        quiet.append(stream)
    await asyncio.sleep(1.0)
    grown = resident(pid) - before
    began, used = time.monotonic(), processor_seconds(pid)
    await asyncio.sleep(3.0)
    share = (processor_seconds(pid) - used) / (time.monotonic() - began)
    row(f"{len(idle):,} idle streams", f"{grown / max(new, 1) * 1_000:.1f} MB / 1,000", f"{share:.1%} CPU")
    one = pairwise(owners[:PAIRS], owners[PAIRS:])
    speed = await rate(practice.url, one, listening(owners[PAIRS:]), 1, SECONDS)
    late = await lateness(practice.url, one, [reading(owner) for owner in owners[PAIRS:]], 300, SECONDS)
    for stream in quiet:
        stream.close()
    return speed, late


# --- Waiting


def much_waiting(folder: Path) -> None:
    with relay(folder / "waiting") as process:
        practice = process.practice()
        owners = devices(practice, 4 * PAIRS)
        hoarders, live = owners[: 2 * PAIRS], owners[2 * PAIRS :]
        one = pairwise(live[:PAIRS], live[PAIRS:])
        empty = uvloop.run(rate(practice.url, one, listening(live[PAIRS:]), 1, SECONDS))
        count = 1_000_000 if LARGE else 50_000
        fill = [Sender(s, [r.mailbox], 64) for s, r in zip(hoarders[:PAIRS], hoarders[PAIRS:], strict=True)]
        uvloop.run(_fill(practice.url, fill, count // (64 * PAIRS)))
        full = uvloop.run(rate(practice.url, one, listening(live[PAIRS:]), 1, SECONDS))
        size = resident(process.process.pid)
        row(f"{count:,} waiting", f"{full:,.0f} /s", f"{full / empty:.2f} of empty", f"{size:.0f} MB")
        process.kill()
        began = time.monotonic()
        process.start()
        back = time.monotonic() - began
        for owner in hoarders[PAIRS:]:
            owner.prove()
        began = time.monotonic()
        uvloop.run(_first(practice.url, [reading(owner) for owner in hoarders[PAIRS:]], min(5_000, count)))
        row("kill, start, first 5,000 delivered", f"{back:.2f} s", f"{time.monotonic() - began:.2f} s")


async def _fill(url: str, senders: list[Sender], rounds: int) -> None:
    loop = asyncio.get_running_loop()
    callers = [(await loop.create_connection(Caller, *address(url)))[1] for _ in senders]

    async def pump(caller: Caller, sender: Sender) -> None:
        for _ in range(max(1, rounds)):
            await caller.call(sender.next()[0])

    await asyncio.gather(*map(pump, callers, senders))
    for caller in callers:
        caller.close()


async def _first(url: str, readers: list[bytes], wanted: int) -> None:
    loop = asyncio.get_running_loop()
    arrived, enough = 0, loop.create_future()

    def took(frame: bytes) -> None:
        nonlocal arrived
        arrived += 1
        if arrived == wanted:
            enough.set_result(None)

    streams = [Stream(data, took) for data in readers]
    for stream in streams:
        await loop.create_connection(lambda stream=stream: stream, *address(url))  # type: ignore[misc]
    async with asyncio.timeout(60):
        await enough
    for stream in streams:
        stream.close()


def run() -> None:
    """Prints the table. Ends by itself, in some minutes; LARGE=1 adds 10,000 streams and 1,000,000 waiting."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65_536)), hard))
    sys.stdout.write("Relay (1 KiB messages, generator on the same cores: only ratios matter)\n")
    with tempfile.TemporaryDirectory(prefix="sealdesk-bench-") as name:
        folder = Path(name)
        many_streams(folder)
        much_waiting(folder)
        relay_kills.run(folder, 100 if LARGE else 20)
