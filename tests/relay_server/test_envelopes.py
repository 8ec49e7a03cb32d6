"""Sending and deleting: docs/protocol.md, 16.7, 16.10, 16.11, 16.12."""

import os
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.relay_server.clinic import Device, delivery_hash, encode, envelope, frame, verifies
from tests.relay_server.relays import Owner, Practice, Refused, RelayProcess, answered, relay_process


def relay_key(owner: Owner) -> bytes:
    key: bytes = answered(owner.http.get("/v1/relay"))[1]
    return key


def check_accepted(owner: Owner, receipt: list[Any], delivery: bytes) -> None:
    """As a sender would, with nothing but the relay's key (13.2)."""
    root, count, time, signature, index, path = receipt
    assert verifies(relay_key(owner), signature, frame("accepted", root, count, time))
    assert climb(delivery, index, count, list(path)) == root


def climb(leaf: bytes, index: int, count: int, path: list[bytes]) -> bytes:
    """The root that a leaf and its path lead to (RFC 9162, 2.1.3.2)."""
    node, last = sha256(b"\x00" + leaf).digest(), count - 1
    for sibling in path:
        assert last > 0
        if index & 1 or index == last:
            node = sha256(b"\x01" + sibling + node).digest()
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\x01" + node + sibling).digest()
        index, last = index >> 1, last >> 1
    assert last == 0
    return node


def test_an_envelope_is_accepted_delivered_and_acknowledged(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    patient = practice.patient(agent)
    sent = envelope(patient.mailbox, colleague.mailbox)

    ((envelope_id, receipts, refused),) = agent.send(sent)

    assert (envelope_id, refused) == (sent[0], [])
    for receipt, recipient in zip(receipts, (patient, colleague), strict=True):
        check_accepted(agent, receipt, delivery_hash(agent.mailbox, recipient.mailbox, sent))
    ((kind, position, sender, identifier, accepted, body, slot),) = patient.waiting()
    assert (kind, sender, identifier, body, slot) == ("envelope", agent.mailbox, sent[0], sent[1], sent[2][0][1])
    assert accepted == receipts[0][2]
    assert patient.get("/v1/count") == [1]

    delivery = delivery_hash(agent.mailbox, patient.mailbox, sent)
    receipt = patient.device.receipt(agent.mailbox, delivery)
    assert patient.post("/v1/receipts", [receipt]) == [[delivery, True]]

    assert patient.waiting() == []
    ((kind, position, payload, signature),) = agent.waiting()
    assert (kind, [payload, signature]) == ("receipt", receipt)
    agent.post("/v1/discard", [position])
    assert agent.waiting() == []
    assert len(colleague.waiting()) == 1


def test_every_receipt_of_a_large_commit_stands_alone(practice: Practice) -> None:
    agent, colleagues = practice.agent(), [practice.agent() for _ in range(7)]
    batch = [envelope(*(colleague.mailbox for colleague in colleagues)) for _ in range(9)]

    for sent, (_, receipts, _) in zip(batch, agent.send(*batch), strict=True):
        for receipt, colleague in zip(receipts, colleagues, strict=True):
            check_accepted(agent, receipt, delivery_hash(agent.mailbox, colleague.mailbox, sent))


def test_repeating_an_envelope_gives_the_stored_answer_and_never_doubles(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    sent = envelope(colleague.mailbox, os.urandom(32))
    first = agent.send(envelope(colleague.mailbox), sent)[1]

    assert agent.send(sent) == [first]
    assert len(colleague.waiting()) == 2
    colleague.post("/v1/discard", [frame[1] for frame in colleague.waiting()])

    assert agent.send(sent) == [first]
    assert colleague.waiting() == []


def test_another_envelope_under_a_used_id_is_refused_with_its_whole_request(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    sent = envelope(colleague.mailbox)
    agent.send(sent)

    with pytest.raises(Refused, match="envelope-conflict"):
        agent.send(envelope(colleague.mailbox), envelope(colleague.mailbox, id=sent[0]))

    assert len(colleague.waiting()) == 1


def test_the_same_id_of_another_sender_is_another_envelope(practice: Practice) -> None:
    one, other, colleague = practice.agent(), practice.agent(), practice.agent()
    identifier = os.urandom(16)
    one.send(envelope(colleague.mailbox, id=identifier))
    other.send(envelope(colleague.mailbox, id=identifier))
    assert len(colleague.waiting()) == 2


def test_two_tries_at_once_are_one_envelope(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    sent = envelope(colleague.mailbox)
    twins = [practice.owner(agent.device) for _ in range(6)]

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda twin: twin.send(sent), twins))

    assert all(answer == answers[0] for answer in answers)
    assert len(colleague.waiting()) == 1


def test_order_holds_within_a_mailbox(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    ids = []
    for _ in range(10):
        batch = [envelope(colleague.mailbox) for _ in range(7)]
        agent.send(*batch)
        ids += [sent[0] for sent in batch]

    arrived = colleague.waiting()

    assert [frame[3] for frame in arrived] == ids
    positions = [frame[1] for frame in arrived]
    assert positions == sorted(set(positions))
    assert [frame[3] for frame in colleague.waiting(after=positions[29])] == ids[30:]


def test_who_may_write_to_whom(relay: RelayProcess, practice: Practice) -> None:
    agent, colleague, gone = practice.agent(), practice.agent(), practice.agent()
    patient, visitor = practice.patient(agent), practice.visitor()
    practice.append(["revoke", gone.device.id, "left"])
    stranger = relay.practice().agent()

    for sender, reasons in (
        (agent, {gone.mailbox: "revoked", stranger.mailbox: "unknown"}),
        (patient, {gone.mailbox: "revoked", stranger.mailbox: "unknown", visitor.mailbox: "not-permitted"}),
        (visitor, {gone.mailbox: "revoked", stranger.mailbox: "unknown", patient.mailbox: "not-permitted"}),
    ):
        everybody = [o.mailbox for o in (colleague, gone, stranger, patient, visitor) if o is not sender]
        ((_, receipts, refused),) = sender.send(envelope(*everybody))
        assert dict(map(tuple, refused)) == reasons
        assert [receipt is None for receipt in receipts] == [mailbox in reasons for mailbox in everybody]


def test_an_envelope_that_nobody_may_have_is_judged_anew(practice: Practice) -> None:
    agent = practice.agent()
    later = Device(practice.clinic.fingerprint)
    sent = envelope(later.mailbox)
    ((_, receipts, refused),) = agent.send(sent)
    assert (receipts, refused) == ([None], [[later.mailbox, "unknown"]])

    practice.append(practice.clinic.admission(later))

    ((_, receipts, refused),) = agent.send(sent)
    assert refused == []
    check_accepted(agent, receipts[0], delivery_hash(agent.mailbox, later.mailbox, sent))


def test_a_full_mailbox_refuses_until_its_owner_makes_room(own_folder: Path) -> None:
    with relay_process(own_folder, "--limits", "waiting=3") as relay:
        practice = relay.practice()
        agent, colleague, other = practice.agent(), practice.agent(), practice.agent()
        agent.send(*(envelope(colleague.mailbox) for _ in range(3)))

        ((_, receipts, refused),) = agent.send(envelope(colleague.mailbox, other.mailbox))

        assert refused == [[colleague.mailbox, "full"]]
        assert [receipt is None for receipt in receipts] == [True, False]
        colleague.post("/v1/discard", [colleague.waiting()[0][1]])
        assert agent.send(envelope(colleague.mailbox))[0][2] == []
        assert agent.send(envelope(colleague.mailbox))[0][2] == [[colleague.mailbox, "full"]]


def test_only_the_owner_deletes(practice: Practice) -> None:
    agent, colleague, other = practice.agent(), practice.agent(), practice.agent()
    sent = envelope(colleague.mailbox)
    agent.send(sent)
    ((_, position, *_),) = colleague.waiting()
    delivery = delivery_hash(agent.mailbox, colleague.mailbox, sent)

    other.post("/v1/discard", [position])
    assert other.post("/v1/receipts", [other.device.receipt(agent.mailbox, delivery)]) == [[delivery, False]]
    with pytest.raises(Refused, match="not-permitted"):
        other.post("/v1/receipts", [colleague.device.receipt(agent.mailbox, delivery)])
    with pytest.raises(Refused, match="not-permitted"):
        agent.post("/v1/receipts", [colleague.device.receipt(agent.mailbox, delivery)])

    assert len(colleague.waiting()) == 1
    assert agent.waiting() == []


def test_a_receipt_that_names_another_sender_deletes_nothing(practice: Practice) -> None:
    agent, colleague, other = practice.agent(), practice.agent(), practice.agent()
    sent = envelope(colleague.mailbox)
    agent.send(sent)
    delivery = delivery_hash(agent.mailbox, colleague.mailbox, sent)

    answer = colleague.post("/v1/receipts", [colleague.device.receipt(other.mailbox, delivery)])

    assert answer == [[delivery, False]]
    assert len(colleague.waiting()) == 1
    assert other.waiting() == []


def test_a_receipt_twice_deletes_and_is_forwarded_once(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    sent = envelope(colleague.mailbox)
    agent.send(sent)
    delivery = delivery_hash(agent.mailbox, colleague.mailbox, sent)
    receipt = colleague.device.receipt(agent.mailbox, delivery, "rejected", "no-session")

    assert colleague.post("/v1/receipts", [receipt, receipt]) == [[delivery, True], [delivery, False]]
    assert colleague.post("/v1/receipts", [receipt]) == [[delivery, False]]
    assert len(agent.waiting()) == 1


def test_a_body_goes_with_its_last_slot(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        practice = relay.practice()
        agent, one, other = practice.agent(), practice.agent(), practice.agent()
        body = b"planted body " + os.urandom(500)
        agent.send(envelope(one.mailbox, other.mailbox, body=body))
        one.post("/v1/discard", [one.waiting()[0][1]])
        assert other.waiting()[0][5] == body
        other.post("/v1/discard", [other.waiting()[0][1]])
        relay.stop()

        assert body not in (relay.data / "relay.db").read_bytes()  # secure_delete, and the journal is folded in


def test_many_are_discarded_at_once_and_each_body_goes_with_its_last_slot(practice: Practice) -> None:
    """Eleven are more than one statement takes; some have a slot elsewhere, some none, and one is named twice."""
    agent, one, other = practice.agent(), practice.agent(), practice.agent()
    agent.send(*(envelope(one.mailbox, other.mailbox) for _ in range(5)), *(envelope(one.mailbox) for _ in range(7)))
    positions = [frame[1] for frame in one.waiting()]
    one.post("/v1/discard", [*positions[:11], positions[0], positions[0] - 1])
    assert [frame[1] for frame in one.waiting()] == positions[11:]
    left = other.waiting()
    assert len(left) == 5
    assert all(frame[5] for frame in left)  # bodies
    other.post("/v1/discard", [frame[1] for frame in left])
    assert other.waiting() == []
    assert [frame[1] for frame in one.waiting()] == positions[11:]


def test_receipts_beyond_their_room_are_dropped_and_the_envelope_still_goes(own_folder: Path) -> None:
    with relay_process(own_folder, "--limits", "receipts_waiting=1") as relay:
        practice = relay.practice()
        agent, colleague = practice.agent(), practice.agent()
        batch = [envelope(colleague.mailbox) for _ in range(2)]
        agent.send(*batch)
        deliveries = [delivery_hash(agent.mailbox, colleague.mailbox, sent) for sent in batch]

        answer = colleague.post("/v1/receipts", [colleague.device.receipt(agent.mailbox, d) for d in deliveries])

        assert answer == [[delivery, True] for delivery in deliveries]
        assert len(agent.waiting()) == 1
        assert "sealdesk_receipts_dropped_total 1.0" in practice.http.get("/metrics").text


def test_a_request_with_one_bad_envelope_is_refused_whole(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    good = envelope(colleague.mailbox)
    for bad in (
        envelope(colleague.mailbox, colleague.mailbox),
        envelope(colleague.mailbox, id=good[0]),
        envelope(colleague.mailbox, body=b""),
        envelope(colleague.mailbox, body=bytes(32_809)),
        envelope(*(os.urandom(32) for _ in range(51))),
        [*envelope(colleague.mailbox), 0],
        [os.urandom(15), b"body", [[colleague.mailbox, b"slot"]]],
        [os.urandom(16), b"body", [[colleague.mailbox, bytes(4_097)]]],
        [os.urandom(16), "body", [[colleague.mailbox, b"slot"]]],
    ):
        with pytest.raises(Refused, match=r"malformed|limit-exceeded"):
            agent.send(good, bad)
    assert colleague.waiting() == []


def test_what_is_too_large_is_told_the_limit(practice: Practice) -> None:
    """Section 18, and what one request may hold (16)."""
    agent, colleague = practice.agent(), practice.agent()
    slot = [colleague.mailbox, b"slot"]
    receipt = agent.device.receipt(colleague.mailbox, os.urandom(32))
    for path, limit, value in (
        ("/v1/envelopes", "32808", [envelope(colleague.mailbox, body=bytes(32_809))]),
        ("/v1/envelopes", "4096", [[os.urandom(16), b"body", [[colleague.mailbox, bytes(4_097)]]]]),
        ("/v1/envelopes", "50", [[os.urandom(16), b"body", [slot] * 51]]),
        ("/v1/envelopes", "64", [envelope(colleague.mailbox) for _ in range(65)]),
        ("/v1/receipts", "256", [receipt] * 257),
        ("/v1/discard", "1024", list(range(1_025))),
        ("/v1/prekeys/take", "50", [os.urandom(32) for _ in range(51)]),
        (f"{practice.path}/log", "8192", [2, bytes(8_193)]),
    ):
        with pytest.raises(Refused, match="limit-exceeded") as refused:
            agent.post(path, value)
        assert refused.value.status == 413
        assert f"length <= {limit}" in refused.value.document["detail"]
    assert colleague.waiting() == []


def test_the_largest_request_is_taken(practice: Practice) -> None:
    agent = practice.agent()
    devices = [Device(practice.clinic.fingerprint) for _ in range(2)]
    for device in devices:
        practice.append(practice.clinic.admission(device))
    slots = [[device.mailbox, os.urandom(4_096)] for device in devices]
    batch = [[os.urandom(16), os.urandom(32_808), slots] for _ in range(64)]

    assert all(refused == [] for _, _, refused in agent.send(*batch))
    assert agent.raw("POST", "/v1/envelopes", bytes(16 * 1024 * 1024 + 1)).status_code == 413


def test_a_mailbox_without_clinic_may_do_nothing(practice: Practice) -> None:
    nobody = practice.owner(Device(practice.clinic.fingerprint, kind="patient"))
    for call in (
        lambda: nobody.send(envelope(nobody.mailbox)),
        lambda: nobody.waiting(),
        lambda: nobody.post("/v1/prekeys/take", [nobody.mailbox]),
        lambda: nobody.get("/v1/count"),
    ):
        with pytest.raises(Refused, match="mailbox-unbound"):
            call()


def test_a_clinic_is_another_clinics_stranger(relay: RelayProcess, practice: Practice) -> None:
    other = relay.practice()
    ours, theirs = practice.agent(), other.agent()
    assert ours.send(envelope(theirs.mailbox))[0][2] == [[theirs.mailbox, "unknown"]]
    assert theirs.raw("POST", "/v1/envelopes", encode([envelope(ours.mailbox)])).status_code == 200
