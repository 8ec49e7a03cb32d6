"""Reading: docs/protocol.md, 16.9."""

import asyncio
import os
import re
from pathlib import Path

import pytest

from relay_server import streams, wire
from relay_server.directory import Mailbox
from relay_server.streams import Reader
from relay_server.wire import Fingerprint, MailboxId
from relay_server.writer import Arrival, EnvelopeArrival
from tests.relay_server.clinic import Device, envelope, root_of
from tests.relay_server.relays import PATIENCE, Practice, Refused, RelayProcess, frames, relay_process


def test_a_stream_begins_with_the_head_then_what_waits_then_what_comes(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    earlier, later = envelope(colleague.mailbox), envelope(colleague.mailbox)
    agent.send(earlier)
    with colleague.stream() as incoming:
        statements = practice.clinic.statements
        assert next(incoming) == ["head", len(statements), root_of(statements)]
        first = next(incoming)
        assert first[3] == earlier[0]
        agent.send(later)
        second = next(incoming)
        assert second[3] == later[0]
        assert second[1] > first[1]


def test_a_stream_says_when_the_log_grows(practice: Practice) -> None:
    agent = practice.agent()
    with agent.stream() as incoming:
        next(incoming)
        practice.append(practice.clinic.admission(Device(practice.clinic.fingerprint)))
        statements = practice.clinic.statements
        assert next(incoming) == ["head", len(statements), root_of(statements)]


def test_the_newest_reader_takes_the_lease(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    twin = practice.owner(colleague.device)
    with colleague.stream() as old:
        next(old)
        with twin.stream() as new:
            next(new)
            assert list(old) == [["lease"]]
            agent.send(envelope(colleague.mailbox))
            assert next(new)[0] == "envelope"


def test_a_revoked_device_is_cut_off_at_once(practice: Practice) -> None:
    agent, gone = practice.agent(), practice.agent()
    with gone.stream() as incoming:
        next(incoming)
        practice.append(["revoke", gone.device.id, "stolen"])
        assert list(incoming)[-1] == ["end", "revoked"]
    for refused in (lambda: gone.send(envelope(agent.mailbox)), lambda: gone.waiting(), lambda: gone.get("/v1/count")):
        with pytest.raises(Refused, match="token-invalid"):
            refused()
    with pytest.raises(Refused, match="revoked"):
        gone.prove()


def test_a_long_poll_returns_what_waits_at_once_and_what_comes_when_it_comes(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    (head,) = frames(colleague.get("/v1/envelopes?after=0&wait=0"))
    assert head[0] == "head"
    sent = envelope(colleague.mailbox)
    agent.send(sent)
    assert [frame[3] for frame in colleague.waiting(wait=25)] == [sent[0]]
    position = colleague.waiting()[0][1]
    with colleague.stream(after=position) as incoming:
        next(incoming)
        agent.send(envelope(colleague.mailbox))
        assert next(incoming)[1] > position


def test_stopping_ends_streams_with_a_word(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        practice = relay.practice()
        agent = practice.agent()
        with agent.stream() as incoming:
            next(incoming)
            assert relay.stop() == 0
            assert list(incoming) == [["end", "stopping"]]


def test_positions_go_on_after_a_restart_and_after_everything_is_deleted(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        practice = relay.practice()
        agent, colleague = practice.agent(), practice.agent()
        last = 0
        for restart in (relay.stop, relay.kill, relay.stop):
            agent.send(envelope(colleague.mailbox))
            ((_, position, *_),) = colleague.waiting(after=last)
            assert position > last
            last = position
            colleague.post("/v1/discard", [position])
            restart()
            relay.start()
            agent.prove()
            colleague.prove()
        agent.send(envelope(colleague.mailbox))
        assert colleague.waiting()[0][1] > last


def _resident(pid: int) -> int:
    """KiB."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("ascii"))[0])


def test_a_reader_that_does_not_read_costs_no_memory(own_folder: Path) -> None:
    options = ("--limits", "sends=1000000", "--limits", "sends_burst=1000000")
    with relay_process(own_folder, *options) as relay:
        practice = relay.practice()
        agent, colleague = practice.agent(), practice.agent()
        with colleague.stream() as incoming:
            assert next(incoming)[0] == "head"
            agent.send(*(envelope(colleague.mailbox, body=bytes(32_000)) for _ in range(64)))
            before = _resident(relay.process.pid)
            for _ in range(25):
                agent.send(*(envelope(colleague.mailbox, body=os.urandom(32_000)) for _ in range(64)))
            grown = _resident(relay.process.pid) - before
            # 50 MiB wait; a mebibyte in flight, SQLite's caches and the sockets' buffers do not come near it.
            assert grown < 40_000
            positions = [next(incoming)[1] for _ in range(26 * 64)]
            assert positions == sorted(set(positions))
            agent.send(envelope(colleague.mailbox))
            assert next(incoming)[1] > positions[-1]


# --- The reader alone


def _mailbox() -> Mailbox:
    return Mailbox(1, MailboxId(bytes(32)), 1, Fingerprint(bytes(32)), "device", True)


def _arrival(position: int, size: int = 100) -> EnvelopeArrival:
    return EnvelopeArrival(position, bytes(32), bytes(16), 0, bytes(size), b"slot", position.to_bytes(32, "big"))


class Disk:
    """What a mailbox's rows would be. A page is read as SQLite would: all that is committed when it is read."""

    def __init__(self) -> None:
        self.rows: list[Arrival] = []
        self.between = lambda: None

    async def page(self, mailbox: int, after: int) -> tuple[list[Arrival], bool]:
        found = [row for row in self.rows if row.position > after][: streams.MAX_IN_FLIGHT]
        more = len(found) == streams.MAX_IN_FLIGHT
        self.between()
        return found, more


async def _positions(reader: Reader, disk: Disk, until: int) -> list[int]:
    seen: list[int] = []
    async for chunk in reader.frames(disk.page):
        seen += [frame[1] for frame in frames(chunk) if frame[0] == "envelope"]
        if len(seen) >= until:
            reader.cut()
    return seen


@pytest.mark.parametrize("late", [1, 600])
def test_what_is_committed_while_a_page_is_read_is_not_missed(late: int) -> None:
    async def scenario() -> None:
        disk, reader = Disk(), Reader(_mailbox(), 0, (1, bytes(32)), 1e18)
        disk.rows = [_arrival(position) for position in range(1, 4)]

        def commit() -> None:
            disk.between = lambda: None
            for position in range(4, 4 + late):
                disk.rows.append(_arrival(position))
                reader.arrived(disk.rows[-1])

        disk.between = commit
        assert await asyncio.wait_for(_positions(reader, disk, 3 + late), PATIENCE) == list(range(1, 4 + late))

    asyncio.run(scenario())


def test_a_reader_told_of_what_was_deleted_since_does_not_spin() -> None:
    async def scenario() -> None:
        disk, reader = Disk(), Reader(_mailbox(), 0, (1, bytes(32)), 1e18)
        reader.arrived(_arrival(5))  # committed and told before the first page, deleted before it was read
        pages = 0

        def count() -> None:
            nonlocal pages
            pages += 1

        disk.between = count
        task = asyncio.create_task(_positions(reader, disk, 1))
        for _ in range(50):
            await asyncio.sleep(0)
        assert pages <= 2
        reader.arrived(_arrival(6))
        assert await asyncio.wait_for(task, PATIENCE) == [6]

    asyncio.run(scenario())


def test_memory_in_flight_is_bounded_by_count_and_by_bytes() -> None:
    async def scenario() -> None:
        for size in (10, 32_000):
            disk, reader = Disk(), Reader(_mailbox(), 0, (1, bytes(32)), 1e18)
            await reader.batch(disk.page, 0)
            for position in range(1, 2_000):
                reader.arrived(_arrival(position, size))
            held = list(reader._queue)
            assert len(held) <= streams.MAX_IN_FLIGHT
            assert sum(len(one.body) for one in held if isinstance(one, EnvelopeArrival)) < 1_100_000
            reader.end(wire.lease_frame())
            # Its client may never take that frame: nothing else may stay in memory meanwhile.
            assert not reader._queue

    asyncio.run(scenario())


def test_heartbeats_and_the_end_of_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT", 0.05)
    monkeypatch.setattr(streams, "_TICK", 0.01)

    async def scenario() -> None:
        readers, disk = streams.Readers(), Disk()
        reader = Reader(_mailbox(), 0, (1, bytes(32)), 1e18)
        readers.open(reader)
        timer = asyncio.create_task(readers.keep_time())
        chunks: list[bytes] = []
        async for chunk in reader.frames(disk.page):
            chunks.append(chunk)
            if chunks.count(wire.HEARTBEAT) == 2:
                reader.expires = 0.0
        timer.cancel()
        assert chunks[-1] == wire.end_frame("expired")

    asyncio.run(scenario())


def test_a_clinic_hears_of_its_own_log_only(relay: RelayProcess, practice: Practice) -> None:
    other = relay.practice()
    agent = practice.agent()
    with agent.stream() as incoming:
        next(incoming)
        other.append(other.clinic.admission(Device(other.clinic.fingerprint)))
        practice.append(practice.clinic.admission(Device(practice.clinic.fingerprint)))
        assert next(incoming)[1] == len(practice.clinic.statements)
