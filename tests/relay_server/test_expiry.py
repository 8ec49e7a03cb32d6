"""What ends by itself, and what a jumping clock may not end."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from relay_server import clock, expiry
from relay_server.blobs import Blobs
from relay_server.directory import Mailbox
from relay_server.expiry import Expiry, TrustedClock
from relay_server.limits import Limits
from relay_server.mailboxes import Send, hashed
from relay_server.metrics import Metrics
from relay_server.problems import EnvelopeConflict
from relay_server.reading import Reading
from relay_server.signing import RelayKey
from relay_server.storage.sqlite import SqliteStorage
from relay_server.streams import waiting
from relay_server.wire import Fingerprint, MailboxId
from relay_server.writer import Writer
from tests.relay_server.clinic import H, encode, envelope

DAY = 86_400_000
HOUR = 3_600_000


class Bench:
    """Writer, reader and expiry over one database, under a clock that tests move."""

    def __init__(self, folder: Path) -> None:
        self.now = 1_800_000_000_000
        self.passed = 0.0
        storage = SqliteStorage(folder / "relay.db")
        self.metrics = Metrics()
        self.writer = Writer(storage, RelayKey(bytes(32)), self.metrics, lambda arrivals: None)
        self.reading = Reading(storage)
        self.blobs = Blobs(folder / "blobs", self.writer, self.reading, Limits())
        self.expiry = Expiry(self.writer, self.reading, self.blobs, Limits())
        self.sender = Mailbox(1, MailboxId(b"s" * 32), 1, Fingerprint(bytes(32)), "device", True)
        self.recipient = b"r" * 32

    async def __aenter__(self) -> "Bench":
        self.writer.start()
        await self.writer.work(self._people)
        await self.expiry.start()
        await self.blobs.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.reading.close)
        await self.writer.stop()

    def _people(self, transaction: Any) -> None:
        run = transaction.connection.run
        run("INSERT INTO clinic (id, fingerprint) VALUES (1, ?)", bytes(32))
        for number, key in ((1, self.sender.key), (2, self.recipient)):
            run("INSERT INTO mailbox (id, key, clinic, kind, active) VALUES (?, ?, 1, 'device', 1)", number, key)

    async def send(self, *envelopes: list[Any]) -> None:
        parsed = hashed(self.sender.key, encode(list(envelopes)))
        await self.writer.submit(Send(self.sender, parsed, Limits(), self.writer.new_future()))

    async def ids(self) -> list[bytes]:
        arrivals, _ = await self.reading.run(lambda connection: waiting(connection, 2, 0))
        return [arrival.envelope for arrival in arrivals]  # type: ignore[union-attr]

    async def rows(self) -> tuple[int, ...]:
        """How many bodies, sent envelopes and acceptances there are."""
        sql = "SELECT (SELECT count(*) FROM body), (SELECT count(*) FROM sent), (SELECT count(*) FROM acceptance)"
        return await self.reading.run(lambda connection: connection.rows(sql)[0])

    def pass_time(self, milliseconds: int) -> None:
        self.now += milliseconds
        self.passed += milliseconds / 1000


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench(tmp_path)
    monkeypatch.setattr(clock, "now", lambda: bench.now)
    monkeypatch.setattr(expiry.time, "monotonic", lambda: bench.passed)
    return bench


def test_envelopes_and_what_was_sent_end_after_thirty_days(bench: Bench) -> None:
    async def scenario() -> None:
        async with bench:
            old = [envelope(bench.recipient) for _ in range(5)]
            await bench.send(*old)
            bench.pass_time(10 * DAY)
            young = envelope(bench.recipient)
            await bench.send(young)
            bench.pass_time(20 * DAY - HOUR)
            await bench.expiry.sweep()
            assert len(await bench.ids()) == 6
            bench.pass_time(2 * HOUR)
            await bench.expiry.sweep()
            assert await bench.ids() == [young[0]]
            assert await bench.rows() == (1, 1, 1)
            assert bench.metrics.deleted["expiry"] == 5

    asyncio.run(scenario())


def test_many_expire_in_small_steps(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "_STEP", 3)

    async def scenario() -> None:
        async with bench:
            await bench.send(*(envelope(bench.recipient) for _ in range(20)))
            bench.pass_time(31 * DAY)
            await bench.expiry.sweep()
            assert await bench.ids() == []
            assert await bench.rows() == (0, 0, 0)

    asyncio.run(scenario())


def test_a_clock_that_jumps_ahead_empties_nothing(bench: Bench) -> None:
    async def scenario() -> None:
        async with bench:
            await bench.send(envelope(bench.recipient))
            bench.now += 365 * DAY
            await bench.expiry.sweep()
            assert len(await bench.ids()) == 1

    asyncio.run(scenario())


def test_after_a_gap_readers_have_a_day() -> None:
    clock_ = TrustedClock(started=100 * DAY, monotonic=0.0, last_seen=60 * DAY)
    assert clock_.distrust(100 * DAY + HOUR, HOUR / 1000) is not None
    assert clock_.distrust(101 * DAY, DAY / 1000) is None
    assert TrustedClock(100 * DAY, 0.0, 100 * DAY - HOUR).distrust(100 * DAY + HOUR, HOUR / 1000) is None
    assert TrustedClock(100 * DAY, 0.0, 0).distrust(100 * DAY, 0.0) is None
    assert TrustedClock(50 * DAY, 0.0, 100 * DAY).distrust(50 * DAY, 0.0) is not None


def test_blobs_expire_with_their_files(bench: Bench) -> None:
    async def scenario() -> None:
        async with bench:
            content = os.urandom(1_000)

            async def chunks() -> Any:
                yield content

            name = H("blob", content)
            await bench.blobs.put(bench.sender, name, (bytes(32), bytes(32)), len(content), chunks())
            assert await bench.blobs.bytes_stored() == 1_000
            path = bench.blobs._path(name)
            assert path.read_bytes() == content
            bench.pass_time(31 * DAY)
            await bench.expiry.sweep()
            assert not path.exists()
            assert await bench.blobs.bytes_stored() == 0

    asyncio.run(scenario())


def test_a_repetition_after_the_answer_has_expired_is_a_new_envelope(bench: Bench) -> None:
    async def scenario() -> None:
        async with bench:
            sent = envelope(bench.recipient)
            await bench.send(sent)
            with pytest.raises(EnvelopeConflict):
                await bench.send(envelope(bench.recipient, id=sent[0]))
            bench.pass_time(31 * DAY)
            await bench.expiry.sweep()
            await bench.send(sent)
            assert await bench.ids() == [sent[0]]

    asyncio.run(scenario())
