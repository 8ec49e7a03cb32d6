"""A revocation against what is under way: "from that moment" also holds for requests that began before it."""

import asyncio
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from relay_server.directory import Mailbox
from relay_server.problems import Revoked, TokenInvalid
from relay_server.relay import Relay, Settings
from relay_server.signing import RelayKey
from relay_server.storage.sqlite import SqliteStorage
from relay_server.wire import MailboxId
from tests.relay_server.clinic import decode, encode, envelope
from tests.relay_server.relays import Practice, begin

KEY = MailboxId(b"k" * 32)


def _end(connection: socket.socket, body: bytes) -> bytes:
    with connection:
        connection.sendall(body[-1:])
        return connection.recv(65_536)


def test_a_body_that_comes_after_the_revocation_does_nothing(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    colleague.put("/v1/prekeys", colleague.device.prekeys())
    agent.put("/v1/prekeys", agent.device.prekeys())
    invitation = colleague.device.invitation(os.urandom(32))
    colleague.post("/v1/invitations", invitation)
    colleague.send(envelope(agent.mailbox))
    position = agent.waiting()[0][1]
    generation = [1, agent.device.mailbox_key.sign("generation", agent.mailbox, 1)]
    values: list[tuple[str, str, Any]] = [
        ("PUT", "/v1/prekeys", agent.device.prekeys()),
        ("POST", "/v1/prekeys/take", [colleague.mailbox]),
        ("POST", "/v1/invitations/cancel", [decode(invitation[0])[2]]),
        ("POST", "/v1/invitations", agent.device.invitation(os.urandom(32))),
        ("POST", "/v1/envelopes", [envelope(colleague.mailbox)]),
        ("POST", "/v1/receipts", [agent.device.receipt(colleague.mailbox, bytes(32))]),
        ("POST", "/v1/discard", [position]),
        ("PUT", "/v1/generation", generation),
    ]
    calls = [(method, path, encode(value)) for method, path, value in values]
    begun = [(begin(agent, method, path, len(body)), body) for method, path, body in calls]
    for connection, body in begun:
        connection.sendall(body[:-1])
    practice.append(["revoke", agent.device.id, "stolen"])
    for (connection, body), (_, path, _) in zip(begun, calls, strict=True):
        answer = _end(connection, body)
        assert b" 403 " in answer, path
    assert colleague.get("/v1/prekeys") == [2, 2]
    assert colleague.waiting() == []


# --- Between a look at the disk and what follows from it


class Race(Relay):
    """A relay whose device is revoked just after its mailbox was read."""

    async def mailbox(self, key: MailboxId) -> Mailbox | None:
        found = await super().mailbox(key)
        assert found is not None
        self.device_revoked(found)
        return found


async def _device(folder: Path) -> Race:
    relay = Race(Settings(folder, "https://relay.example"), SqliteStorage(folder / "relay.db"), RelayKey(bytes(32)))
    await relay.start()

    def insert(transaction: Any) -> None:
        run = transaction.connection.run
        run("INSERT INTO clinic (id, fingerprint) VALUES (1, ?)", bytes(32))
        run("INSERT INTO mailbox (id, key, clinic, kind, active) VALUES (1, ?, 1, 'device', 1)", KEY)

    await relay.writer.work(insert)
    return relay


def test_a_token_that_is_made_during_the_revocation_is_dead(tmp_path: Path) -> None:
    async def scenario() -> None:
        relay = await _device(tmp_path)
        token, _ = await relay.open_session(KEY, "full")
        with pytest.raises(TokenInvalid):
            relay.sessions.of(f"Bearer {token}".encode())
        await relay.writer.work(lambda t: t.connection.run("UPDATE mailbox SET active = 0"))
        with pytest.raises(Revoked):
            await relay.open_session(KEY, "full")
        assert not relay.sessions._sessions
        await relay.stop()

    asyncio.run(scenario())


def test_a_stream_that_opens_during_the_revocation_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        relay = await _device(tmp_path)
        session, _, _ = relay.sessions.open(KEY, "full")
        log = type("Log", (), {"size": 1, "root": bytes(32)})()

        async def clinic(fingerprint: bytes) -> Any:
            return type("Clinic", (), {"log": log})()

        monkeypatch.setattr(relay.clinics, "get", clinic)
        with pytest.raises(TokenInvalid):
            await relay.open_reader(session, 0)
        assert len(relay.readers) == 0
        await relay.stop()

    asyncio.run(scenario())
