"""Readers of mailboxes: docs/protocol.md, 16.9.

A reader is *live* when it has been sent all that was on disk: then commits hand it what arrives, from memory. One that
falls more than `MAX_IN_FLIGHT` behind is pumped from disk again. So memory grows neither with what waits nor with how
slowly somebody reads, and nothing at all is kept for a mailbox that nobody reads.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from relay_server import wire
from relay_server.directory import Mailbox
from relay_server.storage import Connection
from relay_server.wire import EndReason
from relay_server.writer import Arrival, EnvelopeArrival, ReceiptArrival

MAX_IN_FLIGHT: Final = 512
MAX_BYTES_IN_FLIGHT: Final = 1024 * 1024
MAX_HINTS: Final = 1_024
_PAGE: Final = 128
"""Envelopes read from disk at once: after a restart everybody comes, and each should get something soon."""
_STEP: Final = 32
HEARTBEAT: Final = 20.0  # s
_TICK: Final = 1.0

Head = tuple[int, bytes]
Page = Callable[[int, int], Awaitable[tuple[list[Arrival], bool]]]
"""Reads what waits in a mailbox (its number) after a position; and whether there may be more."""

_WAITING: Final = (
    "SELECT w.position, m.key, b.envelope, b.accepted, b.body, w.sealed, w.delivery FROM waiting w"
    " LEFT JOIN body b ON b.id = w.body LEFT JOIN mailbox m ON m.id = b.sender"
    " WHERE w.mailbox = ? AND w.position > ? ORDER BY w.position LIMIT ?"
)


def waiting(connection: Connection, mailbox: int, after: int) -> tuple[list[Arrival], bool]:
    """The next page of what waits, and whether there may be more."""
    page: list[Arrival] = []
    size = 0
    # Small steps, because a page of the largest envelopes would be 5 MB.
    while len(page) < _PAGE and size < MAX_BYTES_IN_FLIGHT:
        rows = connection.rows(_WAITING, mailbox, page[-1].position if page else after, _STEP)
        page.extend(map(_arrival, rows))
        size += sum(_size(arrival) for arrival in page[len(page) - len(rows) :])
        if len(rows) < _STEP:
            return page, False
    return page, True


def _arrival(row: tuple[Any, ...]) -> Arrival:
    position, sender, envelope, accepted, body, sealed, delivery = row
    if sender is None:
        return ReceiptArrival(position, sealed, delivery)
    return EnvelopeArrival(position, sender, envelope, accepted, body, sealed, delivery)


def _size(arrival: Arrival) -> int:
    return len(arrival.body) + len(arrival.slot) if isinstance(arrival, EnvelopeArrival) else len(arrival.payload)


def _frame(arrival: Arrival) -> bytes:
    if isinstance(arrival, EnvelopeArrival):
        return wire.envelope_frame(
            arrival.position, arrival.sender, arrival.envelope, arrival.accepted, arrival.body, arrival.slot
        )
    return wire.receipt_frame(arrival.position, arrival.payload, arrival.signature)


class Reader:
    """One stream of one mailbox. Lives on the event loop."""

    def __init__(self, mailbox: Mailbox, after: int, head: Head, expires: float) -> None:
        self.mailbox = mailbox
        self.expires = expires
        self.hints: OrderedDict[bytes, int] = OrderedDict()
        self.heartbeat_due = time.monotonic() + HEARTBEAT
        self._cursor = after
        self._latest = after
        self._live = False
        self._queue: deque[Arrival] = deque()
        self._bytes = 0
        self._control: list[bytes] = [wire.head_frame(*head)]
        self._last: bytes | None = None
        self._wake = asyncio.Event()

    # --- Told by others

    def arrived(self, arrival: Arrival) -> None:
        self._latest = arrival.position
        if self._live and arrival.position > self._cursor:
            self._enqueue(arrival)
        self._wake.set()

    def head(self, head: Head) -> None:
        self._control.append(wire.head_frame(*head))
        self._wake.set()

    def heartbeat(self) -> None:
        self._control.append(wire.HEARTBEAT)
        self._wake.set()

    def end(self, frame: bytes) -> None:
        """The stream sends this frame next, and ends: what it still held waits on disk for the next one."""
        self._last = self._last or frame
        self._queue.clear()
        self._bytes = 0
        self._wake.set()

    def cut(self) -> None:
        """The client has gone."""
        self.end(b"")

    # --- The stream itself

    async def frames(self, page: Page) -> AsyncIterator[bytes]:
        """Chunks of whole frames, until the stream ends. `page` reads from disk."""
        while True:
            chunk = self._next_chunk()
            if chunk:
                self.heartbeat_due = time.monotonic() + HEARTBEAT
                yield chunk
            if self._last is not None:
                if self._last:
                    yield self._last
                return
            if self._queue or self._control:
                continue
            if not self._live:
                await self._catch_up(page)
            else:
                self._wake.clear()
                await self._wake.wait()

    async def batch(self, page: Page, wait: float) -> bytes:
        """A finite answer: what waits now, or else what comes within `wait` seconds, or a new head."""
        answer = self._next_chunk()
        await self._catch_up(page)
        if not self._queue and self._last is None and wait:
            self._wake.clear()
            try:
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            except TimeoutError:
                pass
            if not self._live:
                await self._catch_up(page)
        chunks = [answer]
        while self._queue or self._control:
            chunks.append(self._next_chunk())
        return b"".join((*chunks, self._last or b""))

    async def _catch_up(self, page: Page) -> None:
        told = self._latest
        arrivals, more = await page(self.mailbox.id, self._cursor)
        for arrival in arrivals:
            self._queue.append(arrival)
            self._bytes += _size(arrival)
            self._cursor = arrival.position
        if not more:
            # What we had been told of before was on the page, or has been deleted since.
            self._cursor = max(self._cursor, told)
            self._live = self._latest <= self._cursor

    def _enqueue(self, arrival: Arrival) -> None:
        if len(self._queue) >= MAX_IN_FLIGHT or self._bytes >= MAX_BYTES_IN_FLIGHT:
            self._live = False
            return
        self._queue.append(arrival)
        self._bytes += _size(arrival)
        self._cursor = arrival.position

    def _next_chunk(self) -> bytes:
        frames = self._control
        self._control = []
        size = 0
        while self._queue and size < 65_536:
            arrival = self._queue.popleft()
            self._bytes -= _size(arrival)
            frames.append(_frame(arrival))
            size += len(frames[-1])
            if isinstance(arrival, EnvelopeArrival):
                self._remember(arrival)
        return b"".join(frames)

    def _remember(self, arrival: EnvelopeArrival) -> None:
        self.hints[arrival.delivery] = arrival.position
        if len(self.hints) > MAX_HINTS:
            self.hints.popitem(last=False)


class Readers:
    """All open streams: one a mailbox, since the newest reader takes the lease."""

    def __init__(self) -> None:
        self._readers: dict[int, Reader] = {}
        self._of_clinic: dict[int, set[Reader]] = {}

    def __len__(self) -> int:
        return len(self._readers)

    def __contains__(self, mailbox: int) -> bool:
        return mailbox in self._readers

    def open(self, reader: Reader) -> None:
        earlier = self._readers.get(reader.mailbox.id)
        if earlier is not None:
            earlier.end(wire.lease_frame())
            self.close(earlier)
        self._readers[reader.mailbox.id] = reader
        self._of_clinic.setdefault(reader.mailbox.clinic_id, set()).add(reader)

    def close(self, reader: Reader) -> None:
        if self._readers.get(reader.mailbox.id) is reader:
            del self._readers[reader.mailbox.id]
        others = self._of_clinic.get(reader.mailbox.clinic_id, set())
        others.discard(reader)
        if not others:
            self._of_clinic.pop(reader.mailbox.clinic_id, None)

    def arrived(self, arrivals: list[tuple[int, Arrival]]) -> None:
        for mailbox, arrival in arrivals:
            reader = self._readers.get(mailbox)
            if reader is not None:
                reader.arrived(arrival)

    def hints(self, mailbox: int) -> dict[bytes, int]:
        """Where deliveries lie that the mailbox's reader has lately been sent."""
        reader = self._readers.get(mailbox)
        return {} if reader is None else reader.hints

    def head(self, clinic_id: int, head: Head) -> None:
        for reader in self._of_clinic.get(clinic_id, ()):
            reader.head(head)

    def end(self, mailbox: int, reason: EndReason) -> None:
        reader = self._readers.get(mailbox)
        if reader is not None:
            reader.end(wire.end_frame(reason))

    def end_all(self, reason: EndReason) -> None:
        for reader in self._readers.values():
            reader.end(wire.end_frame(reason))

    async def keep_time(self) -> None:
        """Heartbeats, and the end of streams whose token has expired. One timer for all of them."""
        while True:
            await asyncio.sleep(_TICK)
            now = time.monotonic()
            for reader in list(self._readers.values()):
                if now >= reader.expires:
                    reader.end(wire.end_frame("expired"))
                elif now >= reader.heartbeat_due:
                    reader.heartbeat()
                    reader.heartbeat_due = now + HEARTBEAT
