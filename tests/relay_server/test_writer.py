"""Group commit alone: what is judged at the moment of writing, and what a fault leaves behind."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from relay_server import clock
from relay_server.hashes import H
from relay_server.invitations import Invitations
from relay_server.limits import Limits, Rates
from relay_server.problems import EnvelopeConflict, InvitationInvalid, NotPermitted, Revoked, Unavailable
from relay_server.storage import StorageFault
from relay_server.wire import MailboxId
from relay_server.writer import Transaction
from tests.relay_server.bench import Bench
from tests.relay_server.clinic import envelope


def test_a_device_revoked_while_its_envelope_waits_is_refused(bench: Bench) -> None:
    def revoke(transaction: Transaction) -> None:
        transaction.connection.run("UPDATE mailbox SET active = 0 WHERE id = 1")
        transaction.directory.drop(bench.sender.key)

    async def scenario() -> None:
        async with bench:
            await bench.send(envelope(bench.recipient))
            outcomes = await asyncio.gather(
                bench.writer.work(revoke), bench.send(envelope(bench.recipient)), return_exceptions=True
            )
            assert isinstance(outcomes[1], Revoked)
            assert len(await bench.ids()) == 1

    asyncio.run(scenario())


def test_one_refusal_in_a_commit_leaves_the_others(bench: Bench) -> None:
    def refuse(transaction: Transaction) -> None:
        transaction.connection.run("UPDATE mailbox SET active = 0")
        raise NotPermitted("No.")

    async def scenario() -> None:
        async with bench:
            sent = envelope(bench.recipient)
            await bench.send(sent)
            outcomes = await asyncio.gather(
                bench.writer.work(refuse),
                bench.send(envelope(bench.recipient, id=sent[0])),
                bench.send(envelope(bench.recipient)),
                bench.send(sent),
                return_exceptions=True,
            )
            assert [type(outcome) for outcome in outcomes[:2]] == [NotPermitted, EnvelopeConflict]
            assert outcomes[2:] == [None, None]
            assert len(await bench.ids()) == 2

    asyncio.run(scenario())


async def in_one_commit(bench: Bench, *jobs: Coroutine[Any, Any, Any]) -> list[Any]:
    """Submitted while the commit before them is being written."""
    begun, ends = threading.Event(), threading.Event()

    def hold(_: Transaction) -> None:
        begun.set()
        ends.wait()

    before = asyncio.create_task(bench.writer.work(hold))
    await asyncio.to_thread(begun.wait)
    tasks = [asyncio.create_task(job) for job in jobs]
    await asyncio.sleep(0)  # each has submitted its own
    ends.set()
    await before
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_a_fault_loses_the_whole_commit_and_only_it(bench: Bench) -> None:
    def fail(transaction: Transaction) -> None:
        transaction.connection.run("UPDATE mailbox SET active = 0")
        raise StorageFault("The disk is on fire.")

    def blunder(transaction: Transaction) -> None:
        raise ZeroDivisionError

    async def scenario() -> None:
        async with bench:
            for fault in (fail, blunder):
                outcomes = await in_one_commit(bench, bench.writer.work(fault), bench.send(envelope(bench.recipient)))
                assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
                assert bench.writer.fault is not None
            assert await bench.ids() == []
            await bench.send(envelope(bench.recipient))
            assert bench.writer.fault is None
            assert len(await bench.ids()) == 1
            assert bench.metrics.faults["storage"] == 2

    asyncio.run(scenario())


def test_positions_are_not_used_again_when_the_clock_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def positions(now: int) -> list[int]:
        bench = Bench(tmp_path)
        monkeypatch.setattr(clock, "now", lambda: now)
        async with bench:
            await bench.send(envelope(bench.recipient), envelope(bench.recipient))
            return [arrival.position for arrival in await bench.arrived()]

    first = asyncio.run(positions(1_800_000_000_000))
    second = asyncio.run(positions(1_700_000_000_000))
    assert second[:2] == first
    assert sorted(set(second)) == second


def test_an_invitation_ends_when_it_says(bench: Bench) -> None:
    token = os.urandom(32)

    def register(transaction: Transaction) -> None:
        transaction.connection.run(
            "INSERT INTO invitation (token_hash, clinic, invitation, issuer, expires, registration, signature)"
            " VALUES (?, 1, ?, 1, ?, ?, ?)",
            *(H("invitation-token-hash", token), bytes(16), bench.now + 1_000, b"registration", bytes(64)),
        )

    async def scenario() -> None:
        async with bench:
            await bench.writer.work(register)
            invitations = Invitations(bench.writer, None, Limits(), Rates(Limits()))  # type: ignore[arg-type]
            clinic = type("Clinic", (), {"number": 1})()
            bench.pass_time(1_000)
            with pytest.raises(InvitationInvalid):
                await invitations.redeem(MailboxId(b"p" * 32), clinic, token)
            bench.pass_time(-1)
            mailbox, signed = await invitations.redeem(MailboxId(b"p" * 32), clinic, token)
            assert (mailbox.kind, signed) == ("invited", (b"registration", bytes(64)))
            bench.pass_time(10_000)
            assert (await invitations.redeem(MailboxId(b"p" * 32), clinic, token))[1] == signed

    asyncio.run(scenario())
