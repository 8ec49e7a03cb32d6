"""Challenges, tokens and what a token may do: docs/protocol.md, 16.2 and 16.3."""

import os

import pytest

from relay_server import auth, wire
from relay_server.problems import ProofInvalid, TokenInvalid
from relay_server.wire import MailboxId
from tests.relay_server.clinic import Device, SigningKey, envelope
from tests.relay_server.relays import Owner, Practice, Refused, answered

ORIGIN = "https://relay.example"


def test_the_relay_says_who_it_is(practice: Practice) -> None:
    origin, key, suite = answered(practice.http.get("/v1/relay"))
    assert (origin, len(key), suite) == (practice.url, 32, "SD1")


def test_a_challenge_is_good_once_for_its_mailbox_scope_and_origin(practice: Practice) -> None:
    agent, other = practice.agent(), practice.agent()
    origin = practice.url

    def proof(
        owner: Owner, *, challenge: bytes, scope: str = "full", claimed: str | None = None, origin: str = origin
    ) -> list[object]:
        signature = owner.device.mailbox_key.sign("relay-auth", origin, challenge, scope)
        return [agent.mailbox, challenge, claimed or scope, signature]

    def challenge() -> bytes:
        (fresh,) = agent.post("/v1/challenge", [agent.mailbox])
        return bytes(fresh)

    good = proof(agent, challenge=challenge())
    token, _ = agent.post("/v1/token", good)
    assert isinstance(token, str)
    (for_other,) = agent.post("/v1/challenge", [other.mailbox])
    for bad in (
        good,
        proof(other, challenge=challenge()),
        proof(agent, challenge=challenge(), origin="https://other.example"),
        proof(agent, challenge=challenge(), scope="count", claimed="full"),
        proof(agent, challenge=os.urandom(32)),
        proof(agent, challenge=for_other),
    ):
        with pytest.raises(Refused, match="proof-invalid"):
            agent.post("/v1/token", bad)


def test_a_count_token_counts_and_does_nothing_else(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    agent.send(envelope(colleague.mailbox))
    colleague.token = colleague.prove("count")

    assert colleague.get("/v1/count") == [1]
    for call in (
        lambda: colleague.waiting(),
        lambda: colleague.send(envelope(agent.mailbox)),
        lambda: colleague.post("/v1/discard", [1]),
        lambda: colleague.get("/v1/prekeys"),
        lambda: colleague.get("/v1/generation"),
        lambda: colleague.post("/v1/receipts", [colleague.device.receipt(agent.mailbox, bytes(32))]),
        lambda: colleague.post("/v1/mailboxes", ["intake", practice.clinic.fingerprint]),
    ):
        with pytest.raises(Refused, match="not-permitted"):
            call()


def test_strangers_get_no_token_that_lives_for_hours(practice: Practice) -> None:
    stranger = practice.owner(Device(practice.clinic.fingerprint))
    with pytest.raises(Refused, match="mailbox-unbound"):
        stranger.prove("count")


def test_without_a_token_or_with_a_wrong_one_nothing_is_told(practice: Practice) -> None:
    agent = practice.agent()
    real = agent.token
    for token in ("", "x", real[:-1], real + "A", real.swapcase()):
        agent.token = token
        with pytest.raises(Refused, match="token-invalid"):
            agent.get("/v1/count")
    agent.token = ""
    response = agent.raw("GET", "/v1/count", Authorization=f"Basic {real}")
    assert response.status_code == 401


def test_a_device_admitted_after_it_proved_itself_may_act_at_once(practice: Practice) -> None:
    device = Device(practice.clinic.fingerprint)
    early = practice.owner(device)
    with pytest.raises(Refused, match="mailbox-unbound"):
        early.get("/v1/count")
    practice.append(practice.clinic.admission(device))
    assert early.get("/v1/count") == [0]


# --- The sessions alone


def _proof(key: SigningKey, challenge: bytes) -> wire.TokenRequest:
    return wire.TokenRequest(key.public, challenge, "full", key.sign("relay-auth", ORIGIN, challenge, "full"))


def test_challenges_and_tokens_age(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(auth.time, "monotonic", lambda: now)
    sessions, key = auth.Sessions(ORIGIN), SigningKey()

    stale = sessions.challenge(key.public)
    now += 61
    with pytest.raises(ProofInvalid):
        sessions.check(_proof(key, stale))

    sessions.check(_proof(key, sessions.challenge(key.public)))
    token = f"Bearer {sessions.open(MailboxId(key.public), 'full')[1]}".encode()
    now += 899
    assert sessions.of(token).key == key.public
    now += 2
    with pytest.raises(TokenInvalid):
        sessions.of(token)
    sessions.expire()
    assert not sessions._sessions
    assert not sessions._of_mailbox
    assert not sessions._challenges


def test_memory_for_strangers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "_CHALLENGES", 10)
    monkeypatch.setattr(auth, "_TOKENS", 10)
    sessions = auth.Sessions(ORIGIN)
    for number in range(40):
        sessions.challenge(bytes(32))
        sessions.open(MailboxId(number.to_bytes(32, "big")), "full")
    assert len(sessions._challenges) == len(sessions._sessions) == len(sessions._of_mailbox) == 10
    first = f"Bearer {sessions.open(MailboxId(bytes(32)), 'full')[1]}".encode()
    for _ in range(8):
        sessions.open(MailboxId(bytes(32)), "full")
    with pytest.raises(TokenInvalid):
        sessions.of(first)
