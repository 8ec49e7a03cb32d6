"""The relay under load: how fast, how late, how large, and whether a kill loses anything.

Two cores shared with the generator say little in messages a second and much in ratios. Each figure is the median of
interleaved rounds, so that a noisy neighbour meets all of them alike.
"""

import asyncio
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import uvloop

from tests.load import relay_kills, relay_peers
from tests.load.relay_http import Caller, Stream, request
from tests.load.relay_world import (
    CONTENT,
    Sender,
    address,
    baseline,
    devices,
    discarding,
    identifier_of,
    position_of,
    processor_seconds,
    reading,
    relay,
    resident,
)
from tests.relay_server.relays import Owner, Practice

PAIRS = 50
ROUNDS = 5
SECONDS = 3.0
LARGE = os.environ.get("LARGE") == "1"

Requests = Callable[[], tuple[bytes, list[bytes]]]


def row(name: str, *figures: str) -> None:
    sys.stdout.write(f"  {name:<52}" + "".join(f"{figure:>16}" for figure in figures) + "\n")
    sys.stdout.flush()


# --- Rates


class Listener:
    """A reader that stores what comes, so to speak, and then discards it, as a device does."""

    def __init__(self, stream: bytes, discard: Callable[[list[int]], bytes] | None = None) -> None:
        self.arrived = 0
        self._stream = stream
        self._discard = discard
        self._positions: list[int] = []

    async def open(self, url: str) -> None:
        loop = asyncio.get_running_loop()
        self._reading = (await loop.create_connection(lambda: Stream(self._stream, self._took), *address(url)))[1]
        if self._discard is not None:
            self._caller = (await loop.create_connection(Caller, *address(url)))[1]
            self._tidying = asyncio.create_task(self._tidy(self._discard))

    async def close(self) -> None:
        self._reading.close()
        if self._discard is not None:
            self._tidying.cancel()
            await asyncio.gather(self._tidying, return_exceptions=True)
            self._caller.close()

    def _took(self, frame: bytes) -> None:
        if self._discard is None:
            self.arrived += 1
        elif frame[2:10] == b"envelope":
            self.arrived += 1
            self._positions.append(position_of(frame))

    async def _tidy(self, discard: Callable[[list[int]], bytes]) -> None:
        while True:
            await asyncio.sleep(0.5)
            while self._positions:
                some, self._positions = self._positions[:1_000], self._positions[1_000:]
                await self._caller.call(discard(some))


async def rate(url: str, senders: list[Requests], listeners: list[Listener], deliveries: int, seconds: float) -> float:
    """Deliveries a second, counted where they arrive. `deliveries` are those of one request."""
    loop = asyncio.get_running_loop()
    for listener in listeners:
        await listener.open(url)
    callers = [(await loop.create_connection(Caller, *address(url)))[1] for _ in senders]
    until = loop.time() + seconds

    async def pump(caller: Caller, requests: Requests) -> int:
        sent = 0
        while loop.time() < until:
            data, _ = requests()
            await caller.call(data)
            sent += deliveries
        return sent

    began = loop.time()
    sent = sum(await asyncio.gather(*map(pump, callers, senders)))
    while sum(listener.arrived for listener in listeners) < sent and loop.time() < until + 10:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    took = loop.time() - began
    arrived = sum(listener.arrived for listener in listeners)
    await asyncio.sleep(0.7)  # the last discards
    for listener in listeners:
        await listener.close()
    for caller in callers:
        caller.close()
    return min(arrived, sent) / took


async def lateness(
    url: str, senders: list[Requests], readers: list[bytes], a_second: int, seconds: float
) -> list[float]:
    """Milliseconds from the call to the frame, at a steady pace."""
    loop = asyncio.get_running_loop()
    host, port = address(url)
    sent: dict[bytes, float] = {}
    late: list[float] = []

    def took(frame: bytes) -> None:
        began = sent.pop(identifier_of(frame) or b"", None)
        if began is not None:
            late.append((time.perf_counter() - began) * 1_000)

    streams = [(await loop.create_connection(lambda data=data: Stream(data, took), host, port))[1] for data in readers]  # type: ignore[misc]
    callers = [(await loop.create_connection(Caller, host, port))[1] for _ in senders]
    calls: set[asyncio.Task[bytes]] = set()
    began = loop.time()
    for number in range(int(a_second * seconds)):
        await asyncio.sleep(max(0.0, began + number / a_second - loop.time()))
        which = number % len(senders)
        data, (identifier,) = senders[which]()
        sent[identifier] = time.perf_counter()  # uvloop's own clock has whole milliseconds
        call = asyncio.create_task(callers[which].call(data))
        calls.add(call)
        call.add_done_callback(calls.discard)
    await asyncio.gather(*calls)
    while sent and loop.time() < began + seconds + 10:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    for connection in (*streams, *callers):
        connection.close()
    return sorted(late)


class Plain:
    """What the bare log is sent: the same bytes, to a mailbox named in a header."""

    def __init__(self, number: int) -> None:
        self._data = request("POST", "/", {"mailbox": str(number)}, os.urandom(CONTENT + 296 + 60))

    def __call__(self) -> tuple[bytes, list[bytes]]:
        return self._data, []


class Rates:
    """The relay and the bare log, round by round."""

    def __init__(self, practice: Practice, log_url: str, owners: list[Owner]) -> None:
        self._url, self._log_url = practice.url, log_url
        self._senders, self._readers = owners[:PAIRS], owners[PAIRS:]
        self._plain = [Plain(number) for number in range(PAIRS)]
        self.figures: dict[str, list[float]] = {}

    async def round(self) -> None:
        bare = [Listener(request("GET", "/", {"mailbox": str(number)}, b"")) for number in range(PAIRS)]
        self._keep("log", await rate(self._log_url, [*self._plain], bare, 1, SECONDS))
        for name, batch in (("one", 1), ("sixteen", 16)):
            pairs = pairwise(self._senders, self._readers, batch)
            self._keep(name, await rate(self._url, pairs, listening(self._readers), batch, SECONDS))
        for width in (10, 50):
            some = self._readers[:width]
            wide = [Sender(sender, [owner.mailbox for owner in some]).next for sender in self._senders[:10]]
            self._keep(f"wide{width}", await rate(self._url, wide, listening(some), width, SECONDS))

    def _keep(self, name: str, figure: float) -> None:
        self.figures.setdefault(name, []).append(figure)

    def median(self, name: str) -> float:
        return statistics.median(self.figures[name])


def pairwise(senders: list[Owner], readers: list[Owner], batch: int = 1) -> list[Requests]:
    return [Sender(sender, [reader.mailbox], batch).next for sender, reader in zip(senders, readers, strict=True)]


def listening(owners: list[Owner]) -> list[Listener]:
    return [Listener(reading(owner), discarding(owner)) for owner in owners]


def rates(folder: Path) -> None:
    with relay(folder / "rates") as process, baseline(folder / "log") as log_url:
        practice = process.practice()
        owners = devices(practice, 2 * PAIRS)
        measured = Rates(practice, log_url, owners)
        peers: dict[str, list[float]] = {}
        for number in range(ROUNDS):
            uvloop.run(measured.round())
            for name, figure in relay_peers.measure(folder / f"peers{number}", PAIRS, SECONDS).items():
                peers.setdefault(name, []).append(figure)
        bare = measured.median("log")
        for name, text in (
            ("log", "bare append-and-flush log, 1 in flight a sender"),
            ("one", "relay, 1 in flight a sender"),
            ("sixteen", "relay, batches of 16"),
            ("wide10", "relay, 1 to 10 mailboxes"),
            ("wide50", "relay, 1 to 50 mailboxes"),
        ):
            row(text, f"{measured.median(name):,.0f} /s", f"{measured.median(name) / bare:.2f} of the log")
        for name, figures in peers.items():
            row(f"{name}, 1 in flight a sender", f"{statistics.median(figures):,.0f} /s")
        one = pairwise(owners[:PAIRS], owners[PAIRS:])
        late = uvloop.run(lateness(practice.url, one, [reading(owner) for owner in owners[PAIRS:]], 300, 5.0))
        row("relay, from call to frame at 300/s", *_lateness(late))


def _lateness(late: list[float]) -> tuple[str, str]:
    return f"p50 {late[len(late) // 2]:.2f} ms", f"p99 {late[int(len(late) * 0.99)]:.2f} ms"


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
        rates(folder)
        many_streams(folder)
        much_waiting(folder)
        relay_kills.run(folder, 100 if LARGE else 20)
