"""How much of everything: docs/protocol.md, section 18."""

import os
import time
from pathlib import Path

import pytest

from relay_server.limits import Budget, Limits, Rate, network
from relay_server.problems import TooMany
from tests.relay_server.clinic import encode, envelope
from tests.relay_server.relays import Refused, begin, relay_process
from tests.relay_server.test_blobs import Sealed


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_rate_refills_evenly_and_says_when_to_come_back() -> None:
    clock = Clock()
    rate = Rate("things", rate=60, burst=10, clock=clock)
    rate.take("a", 10)
    rate.take("b", 10)
    with pytest.raises(TooMany, match="things") as refused:
        rate.take("a", 3)
    assert refused.value.after == 3
    clock.now = 2.9
    with pytest.raises(TooMany):
        rate.take("a", 3)
    clock.now = 3.0
    rate.take("a", 3)
    clock.now = 1_000.0
    rate.take("a", 10)
    with pytest.raises(TooMany):
        rate.take("a")


def test_more_than_a_burst_and_a_closed_rate_never_come() -> None:
    rate = Rate("things", rate=60, burst=10, clock=Clock())
    assert rate.missing("a", 11) == 3_600
    assert Rate("nothing", rate=0, burst=0, clock=Clock()).missing("a") == 3_600


def test_attackers_cannot_fill_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rate, "CAPACITY", 50)
    rate = Rate("things", rate=60, burst=10, clock=Clock())
    for number in range(500):
        rate.take(number)
    assert len(rate._buckets) == 50


def test_a_subscriber_is_an_address_or_a_64() -> None:
    assert network("192.0.2.7") == "192.0.2.7"
    assert network("2001:db8:1:2:3:4:5:6") == network("2001:db8:1:2::9") != network("2001:db8:1:3::9")
    assert network("::ffff:192.0.2.7") == "192.0.2.7"
    assert network("") == ""


def test_overrides_are_named_and_numbers() -> None:
    assert Limits().overridden(["sends=5", "days=1"]) == Limits(sends=5, days=1)
    for wrong in ("sends", "sends=", "sends=-1", "sends=x", "nothing=1", "=1", "sends=²"):
        with pytest.raises(ValueError, match="NAME=NUMBER"):
            Limits().overridden([wrong])


def test_each_rate_answers_429_and_when(own_folder: Path) -> None:
    options = ("--limits", "sends=2", "--limits", "sends_burst=5", "--limits", "clinic_deliveries=8")
    with relay_process(own_folder, *options, "--limits", "mailbox_calls=30") as relay:
        practice = relay.practice()
        agent, colleague, third = practice.agent(), practice.agent(), practice.agent()
        begun = time.monotonic()
        agent.send(*(envelope(colleague.mailbox) for _ in range(4)))
        with pytest.raises(Refused) as by_sender:
            agent.send(*(envelope(colleague.mailbox) for _ in range(4)))
        passed = time.monotonic() - begun
        assert by_sender.value.name == "too-many"
        missing = 3 * 30  # seconds: three envelopes at two a minute, less what has come back since the first
        assert missing - passed <= int(by_sender.value.headers["retry-after"]) <= missing
        third.send(envelope(colleague.mailbox, agent.mailbox))
        with pytest.raises(Refused, match="this clinic"):
            colleague.send(*(envelope(colleague.mailbox, third.mailbox, agent.mailbox) for _ in range(2)))
        other = relay.practice()
        untouched, friend = other.agent(), other.agent()
        untouched.send(envelope(friend.mailbox))
        codes = [third.raw("GET", "/v1/count").status_code for _ in range(40)]
        assert (codes[0], codes[-1]) == (200, 429)


def test_visitors_cannot_silence_a_clinic(own_folder: Path) -> None:
    options = ("--limits", "visitor_deliveries=6", "--limits", "visitor_waiting=3", "--limits", "visitor_blobs=1500")
    with relay_process(own_folder, *options) as relay:
        practice = relay.practice()
        agent, visitor, another = practice.agent(), practice.visitor(), practice.visitor()
        invited = practice.patient(agent)
        visitor.send(*(envelope(agent.mailbox) for _ in range(3)))
        assert another.send(envelope(agent.mailbox))[0][2] == [[agent.mailbox, "full"]]
        with pytest.raises(Refused, match="visitors") as refused:
            another.send(*(envelope(agent.mailbox) for _ in range(3)))
        assert refused.value.name == "too-many"
        assert invited.send(*(envelope(agent.mailbox) for _ in range(4)))[3][2] == []
        Sealed(1_000).put(visitor)
        with pytest.raises(Refused, match="visitors") as refused:
            Sealed(1_000).put(another)
        assert refused.value.name == "storage-full"
        Sealed(1_000).put(invited)


def test_a_budget_is_held_and_given_back() -> None:
    budget = Budget("things", 10)
    with budget.hold("a", 6), budget.hold("b", 10):
        with pytest.raises(TooMany, match="things"), budget.hold("a", 5):
            pass
        with budget.hold("a", 4):
            pass
    with budget.hold("a", 10):
        pass
    assert not budget._held


def test_large_requests_that_never_end_fill_no_memory(own_folder: Path) -> None:
    with relay_process(own_folder, "--limits", f"bodies={17 * 1024 * 1024}") as relay:
        practice = relay.practice()
        agent, visitor, another = practice.agent(), practice.visitor(), practice.visitor()
        for owner, next_one in ((agent, agent), (visitor, another)):
            with begin(owner, "POST", "/v1/envelopes", 16 * 1024 * 1024):
                response = next_one.raw("POST", "/v1/envelopes", bytes(2 * 1024 * 1024))
                assert response.status_code == 429, response.text
                next_one.send(envelope(agent.mailbox))


def test_costly_calls_count_for_many(own_folder: Path) -> None:
    with relay_process(own_folder, "--limits", "mailbox_calls=40") as relay:
        practice = relay.practice()
        agent, colleague = practice.agent(), practice.agent()
        prekeys = encode(agent.device.prekeys(once=50, reset=True))
        receipts = encode([colleague.device.receipt(agent.mailbox, os.urandom(32))])
        for owner, method, path, body in (
            (agent, "PUT", "/v1/prekeys", prekeys),
            (colleague, "POST", "/v1/receipts", receipts),
        ):
            codes = [owner.raw(method, path, body).status_code for _ in range(5)]
            assert codes[0] in (200, 204)
            assert codes[-1] == 429


def test_strangers_are_limited_by_address(own_folder: Path) -> None:
    with relay_process(own_folder, "--limits", "address_calls=30") as relay:
        practice = relay.practice()

        def ask(source: str) -> int:
            headers = {"X-Forwarded-For": source}
            return practice.http.post("/v1/challenge", content=encode([os.urandom(32)]), headers=headers).status_code

        codes = [ask("192.0.2.1") for _ in range(40)]
        assert codes[0] == 200
        assert codes[-1] == 429
        assert ask("192.0.2.2") == 200


def test_what_the_client_claims_before_its_proxy_is_not_believed(own_folder: Path) -> None:
    with relay_process(own_folder, "--limits", "address_calls=30") as relay:
        practice = relay.practice()
        codes = set()
        for number in range(40):
            claimed = ("X-Forwarded-For", f"192.0.2.{number}")
            headers = [claimed, ("X-Forwarded-For", "198.51.100.1")]
            codes.add(practice.http.post("/v1/challenge", content=encode([bytes(32)]), headers=headers).status_code)
        assert codes == {200, 429}


def test_a_proxy_that_is_not_trusted_is_not_believed(own_folder: Path) -> None:
    with relay_process(own_folder, "--limits", "address_calls=30", "--trusted-proxy", "192.0.2.9") as relay:
        practice = relay.practice()
        codes = set()
        for number in range(40):
            headers = {"X-Forwarded-For": f"192.0.2.{number}"}
            codes.add(practice.http.post("/v1/challenge", content=encode([bytes(32)]), headers=headers).status_code)
        assert codes == {200, 429}


def test_only_the_operators_clinics(own_folder: Path) -> None:
    with relay_process(own_folder, "--limits", "clinics=1") as relay:
        relay.practice().agent()
        with pytest.raises(Refused, match="not-permitted"):
            relay.practice()
    with (
        relay_process(own_folder / "closed", "--clinic", "ab" * 32) as relay,
        pytest.raises(Refused, match="not-permitted"),
    ):
        relay.practice()
