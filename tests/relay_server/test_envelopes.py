"""Sending and receiving: docs/protocol.md, 16.7, 16.9, 16.10, 16.11, 16.12."""

import os
import threading
from typing import Any

import pytest

from tests.relay_server.clinic import SigningKey, delivery_hash, encode, frame, hash_root, envelope, verifies
from tests.relay_server.relays import Owner, Practice, Refused, answered


def relay_key(owner: Owner) -> bytes:
    key: bytes = answered(owner.http.get("/v1/relay"))[1]
    return key


def check_accepted(owner: Owner, receipt: list[Any], delivery: bytes) -> None:
    """As a sender would, with nothing but the relay's key (13.2)."""
    root, count, time, signature, index, path = receipt
    assert verifies(relay_key(owner), signature, frame("accepted", root, count, time))
    assert _climb(delivery, index, count, list(path)) == root


def _climb(leaf: bytes, index: int, count: int, path: list[bytes]) -> bytes:
    """RFC 9162, 2.1.3.2."""
    from hashlib import sha256

    node, last = leaf, count - 1
    for sibling in path:
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
