"""The relay's rate and lateness between pairs of devices."""

import asyncio
import sys
import time
from collections.abc import Callable

from tests.load.relay_http import Caller, Stream
from tests.load.relay_world import Sender, address, discarding, identifier_of, position_of, reading
from tests.relay_server.relays import Owner

PAIRS = 50
SECONDS = 3.0

Requests = Callable[[], tuple[bytes, list[bytes]]]


def row(name: str, *figures: str) -> None:
    sys.stdout.write(f"  {name:<66}" + "".join(f"{figure:>16}" for figure in figures) + "\n")
    sys.stdout.flush()


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


def pairwise(senders: list[Owner], readers: list[Owner], batch: int = 1) -> list[Requests]:
    return [Sender(sender, [reader.mailbox], batch).next for sender, reader in zip(senders, readers, strict=True)]


def listening(owners: list[Owner]) -> list[Listener]:
    return [Listener(reading(owner), discarding(owner)) for owner in owners]
