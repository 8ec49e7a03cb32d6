"""Prekeys and generations: docs/protocol.md, 4, 16.6 and 16.8."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.relay_server.clinic import HOUR, Device, decode, encode, now
from tests.relay_server.relays import Owner, Practice, Refused, relay_process


def bundle(taker: Owner, owner: Owner) -> list[Any] | None:
    ((mailbox, encoded),) = taker.post("/v1/prekeys/take", [owner.mailbox])
    assert mailbox == owner.mailbox
    return None if encoded is None else list(decode(encoded))


def test_one_time_keys_are_handed_out_once_and_then_the_last_resort(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    published = agent.device.prekeys(once=2)
    agent.put("/v1/prekeys", published)
    assert agent.get("/v1/prekeys") == [2, 2]

    certificate, signed, last, one_time, kem_once, _ = published
    assert [bundle(colleague, agent) for _ in range(3)] == [
        [certificate, signed, kem_once[0], one_time[0]],
        [certificate, signed, kem_once[1], one_time[1]],
        [certificate, signed, last, None],
    ]
    assert agent.get("/v1/prekeys") == [0, 0]


def test_publishing_adds_one_time_keys_and_replaces_the_others(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    first, second = agent.device.prekeys(once=1), agent.device.prekeys(once=2)
    agent.put("/v1/prekeys", first)
    agent.put("/v1/prekeys", first)
    agent.put("/v1/prekeys", second)
    assert agent.get("/v1/prekeys") == [3, 3]
    assert bundle(colleague, agent) == [second[0], second[1], first[4][0], first[3][0]]

    agent.put("/v1/prekeys", agent.device.prekeys(once=1, reset=True))
    assert agent.get("/v1/prekeys") == [1, 1]


def test_prekeys_go_to_those_who_may_write(practice: Practice) -> None:
    agent = practice.agent()
    patient, visitor = practice.patient(agent), practice.visitor()
    published = {}
    for owner in (agent, patient, visitor):
        published[owner.mailbox] = owner.device.prekeys(once=9)
        owner.put("/v1/prekeys", published[owner.mailbox])
    everybody = [agent.mailbox, patient.mailbox, visitor.mailbox, os.urandom(32)]

    def given(taker: Owner) -> list[bool]:
        return [encoded is not None for _, encoded in taker.post("/v1/prekeys/take", everybody)]

    assert given(agent) == [True, True, True, False]
    assert given(patient) == [True, False, False, False]
    assert given(visitor) == [True, False, False, False]
    certificate, signed, last, *_ = published[agent.mailbox]
    assert bundle(visitor, agent) == [certificate, signed, last, None]
    practice.append(["revoke", agent.device.id, "left"])
    assert given(patient) == [False, False, False, False]


def test_nobody_empties_a_mailbox_alone(own_folder: Path) -> None:
    with relay_process(own_folder, "--limits", "prekey_pair_hour=2") as relay:
        practice = relay.practice()
        agent, greedy, other = practice.agent(), practice.agent(), practice.agent()
        agent.put("/v1/prekeys", agent.device.prekeys(once=5))
        one_time = [(bundle(greedy, agent) or [])[3] for _ in range(4)]
        assert [key is not None for key in one_time] == [True, True, False, False]
        assert (bundle(other, agent) or [])[3] is not None


def test_prekeys_that_a_taker_would_refuse_are_not_taken_in(practice: Practice) -> None:
    agent, other = practice.agent(), practice.agent()
    device = agent.device

    def changed(place: int, value: Any) -> list[Any]:
        prekeys = device.prekeys(once=1)
        prekeys[place] = value
        return prekeys

    flipped = bytearray(device.prekey("signed"))
    flipped[-1] ^= 1
    small_order = decode(device.prekey("signed"))
    small_order[2] = bytes(32)
    for bad in (
        changed(0, other.device.certificate),
        changed(0, Device(practice.clinic.fingerprint, mailbox_key=device.mailbox_key).certificate),
        changed(1, other.device.prekey("signed")),
        changed(1, device.prekey("one-time")),
        changed(1, bytes(flipped)),
        changed(1, encode(small_order)),
        changed(1, device.prekey("signed", expires=now() - 1)),
        changed(1, device.prekey("signed", expires=now() + 32 * 24 * HOUR)),
        changed(2, device.prekey("kem-once")),
        changed(3, [device.prekey("kem-once")]),
        changed(4, [b"garbage"]),
        changed(3, [device.prekey("one-time") for _ in range(51)]),
        changed(5, 1),
    ):
        with pytest.raises(Refused) as refused:
            agent.put("/v1/prekeys", bad)
        assert refused.value.name in ("malformed", "limit-exceeded", "not-permitted")
    assert agent.get("/v1/prekeys") == [0, 0]
    agent.put("/v1/prekeys", device.prekeys(once=30))
    with pytest.raises(Refused, match="limit-exceeded"):
        agent.put("/v1/prekeys", device.prekeys(once=30))
    assert agent.get("/v1/prekeys") == [30, 30]


def test_a_patients_certificate_must_be_its_own(practice: Practice) -> None:
    visitor, other = practice.visitor(), practice.visitor()
    mine = visitor.device.prekeys()
    visitor.put("/v1/prekeys", mine)
    with pytest.raises(Refused, match="not-permitted"):
        visitor.put("/v1/prekeys", other.device.prekeys())
    with pytest.raises(Refused, match="malformed"):
        visitor.put("/v1/prekeys", Device(os.urandom(32), "patient", mailbox_key=visitor.device.mailbox_key).prekeys())


def test_taking_is_bounded_and_typed(practice: Practice) -> None:
    agent = practice.agent()
    for bad in ([], [os.urandom(32)] * 2, [os.urandom(31)], "x"):
        with pytest.raises(Refused, match="malformed"):
            agent.post("/v1/prekeys/take", bad)


def generation(owner: Owner, number: int) -> list[Any]:
    return [number, owner.device.mailbox_key.sign("generation", owner.mailbox, number)]


def test_a_generation_only_rises(practice: Practice) -> None:
    agent, other = practice.agent(), practice.agent()
    assert agent.get("/v1/generation") is None
    for number in (3, 3, 7):
        agent.put("/v1/generation", generation(agent, number))
        assert agent.get("/v1/generation") == generation(agent, number)
    with pytest.raises(Refused, match="generation-behind"):
        agent.put("/v1/generation", generation(agent, 6))
    for forged in (
        [8, os.urandom(64)],
        [8, generation(agent, 9)[1]],
        generation(other, 8),
        [-1, bytes(64)],
        [2**53, bytes(64)],
    ):
        with pytest.raises(Refused, match="malformed"):
            agent.put("/v1/generation", forged)
    assert agent.get("/v1/generation") == generation(agent, 7)
    assert other.get("/v1/generation") is None
