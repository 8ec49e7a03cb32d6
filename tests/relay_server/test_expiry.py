"""What ends by itself, and what a jumping clock may not end."""

import asyncio
import os
from typing import Any

import pytest

from relay_server import expiry
from relay_server.expiry import TrustedClock
from relay_server.problems import EnvelopeConflict
from tests.relay_server.bench import Bench
from tests.relay_server.clinic import H, envelope

DAY = 86_400_000
HOUR = 3_600_000


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
