"""Workstations that ask to be admitted: docs/protocol.md, 14.7 and 16.20."""

import os

import httpx
import pytest

from relay_server import wire
from relay_server.clock import now
from relay_server.enrolments import LIFE, Enrolments
from relay_server.limits import Limits, Rates
from relay_server.problems import TooMany
from tests.relay_server.clinic import encode
from tests.relay_server.relays import PATIENCE, Practice, Refused, RelayProcess, answered

CLINIC = b"c" * 32


def asked(ticket: bytes = b"") -> wire.LeaveEnrolment:
    return wire.LeaveEnrolment(ticket or os.urandom(16), os.urandom(300))


def leave(relay: RelayProcess, practice: Practice, body: object) -> None:
    path = f"/v1/clinics/{practice.clinic.fingerprint.hex()}/enrolments"
    answered(httpx.put(relay.url + path, content=encode(body), headers={"Content-Type": "application/msgpack"}))


def test_what_a_stranger_leaves_is_listed_for_an_administrator_until_it_is_dismissed(
    relay: RelayProcess, practice: Practice
) -> None:
    administrator = practice.agent(role="administrator")
    first, second = (os.urandom(16), os.urandom(300)), (os.urandom(16), os.urandom(300))
    leave(relay, practice, list(first))
    leave(relay, practice, list(second))
    leave(relay, practice, list(second))

    assert [(ticket, sealed) for ticket, _, sealed in administrator.get("/v1/enrolments")] == [first, second]
    administrator.post("/v1/enrolments/dismiss", [first[0]])
    administrator.post("/v1/enrolments/dismiss", [first[0]])
    assert [ticket for ticket, _, _ in administrator.get("/v1/enrolments")] == [second[0]]


def test_nobody_else_sees_or_dismisses_what_waits(relay: RelayProcess, practice: Practice) -> None:
    elsewhere = relay.practice().agent(role="administrator")
    leave(relay, practice, [os.urandom(16), os.urandom(300)])
    for role in ("agent", "supervisor", "auditor"):
        other = practice.agent(role=role)
        with pytest.raises(Refused, match="not-permitted"):
            other.get("/v1/enrolments")
        with pytest.raises(Refused, match="not-permitted"):
            other.post("/v1/enrolments/dismiss", [os.urandom(16)])
    assert elsewhere.get("/v1/enrolments") == []
    with pytest.raises(Refused) as refused:
        answered(httpx.get(relay.url + "/v1/enrolments", timeout=PATIENCE))
    assert refused.value.status == 401


@pytest.mark.parametrize(
    "body", [[], [b"t" * 16], [b"t" * 15, b"s" * 40], [b"t" * 16, b"s" * 39], [b"t" * 16, b"s" * 1025]]
)
def test_what_is_no_request_is_refused(relay: RelayProcess, practice: Practice, body: object) -> None:
    with pytest.raises(Refused, match=r"malformed|limit-exceeded"):
        leave(relay, practice, body)


def test_a_stranger_fills_neither_the_list_nor_another_clinics() -> None:
    limits = Limits(enrolments=4, enrolments_network=2)
    waiting = Enrolments(limits, Rates(limits).enrolments)
    first = asked()
    waiting.leave(CLINIC, first, "192.0.2.1")
    waiting.leave(CLINIC, asked(), "192.0.2.1")
    with pytest.raises(TooMany):
        waiting.leave(CLINIC, asked(), "192.0.2.1")
    waiting.leave(CLINIC, asked(first.ticket), "192.0.2.1")  # it waits already
    waiting.leave(CLINIC, asked(), "192.0.2.2")
    waiting.leave(CLINIC, asked(), "192.0.2.2")
    with pytest.raises(TooMany):
        waiting.leave(CLINIC, asked(), "192.0.2.3")
    assert len(waiting.list(CLINIC)) == 4
    waiting.leave(b"d" * 32, asked(), "192.0.2.3")


def test_one_network_asks_so_often_an_hour() -> None:
    limits = Limits(enrolments_network_hour=3)
    waiting = Enrolments(limits, Rates(limits).enrolments)
    for _ in range(3):
        one = asked()
        waiting.leave(CLINIC, one, "192.0.2.1")
        waiting.dismiss(CLINIC, one.ticket)
    with pytest.raises(TooMany):
        waiting.leave(CLINIC, asked(), "192.0.2.1")


def test_what_is_not_left_again_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits()
    waiting = Enrolments(limits, Rates(limits).enrolments)
    start = now()
    kept, gone = asked(), asked()
    waiting.leave(CLINIC, kept, "192.0.2.1")
    waiting.leave(CLINIC, gone, "192.0.2.1")
    monkeypatch.setattr("relay_server.clock.now", lambda: start + LIFE - 1_000)
    waiting.leave(CLINIC, kept, "192.0.2.1")
    monkeypatch.setattr("relay_server.clock.now", lambda: start + LIFE + 1_000)
    assert [ticket for ticket, _, _ in waiting.list(CLINIC)] == [kept.ticket]
