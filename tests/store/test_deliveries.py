"""Receipts given and got."""

import pytest

from agent_app.protocol.receipt import ReceiptChain
from agent_app.store.deliveries import Outgoing, Read, Step
from agent_app.store.errors import StoreConflict
from agent_app.store.rooms import Store
from tests.store.samples import conversation, conversation_in, device, envelope, event, incoming, mailbox, of, outgoing

SIGNATURE = of("signature", 0, 64)


@pytest.fixture
def sent(store: Store) -> Store:
    """An own message to two devices, in one envelope."""
    conversation_in(store)
    with store.transaction():
        store.events.add(event(1))
        store.outbox.queue(envelope(1), event(1).hash, b"wire", 1)
        store.deliveries.sent(outgoing(number, event(1).hash, envelope(1), to=number) for number in (2, 1))
    return store


def copy(store: Store, number: int = 1) -> Outgoing:
    held = store.deliveries.outgoing(outgoing(number, b"", b"").delivery)
    assert held is not None
    return held


def test_a_duplicate_is_answered_with_the_stored_receipt(store: Store) -> None:
    with store.transaction():
        store.deliveries.received(incoming(1, event(1).hash))
        with pytest.raises(StoreConflict):
            store.deliveries.received(incoming(1, event(2).hash))
    assert store.deliveries.incoming(incoming(1).delivery) == incoming(1, event(1).hash)
    assert store.deliveries.incoming(incoming(2).delivery) is None
    assert store.deliveries.incoming_of(event(1).hash) == (incoming(1, event(1).hash),)


def test_copies_stand_in_slot_order(sent: Store) -> None:
    assert [held.device for held in sent.deliveries.in_envelope(envelope(1))] == [device(2), device(1)]
    assert [held.step for held in sent.deliveries.outgoing_of(event(1).hash)] == [Step.QUEUED, Step.QUEUED]


def test_a_copy_goes_from_queued_to_accepted_to_delivered(sent: Store) -> None:
    delivery = copy(sent).delivery
    with sent.transaction():
        sent.deliveries.accepted(delivery, b"receipt", 5)
    assert (copy(sent).step, copy(sent).accepted) == (Step.ACCEPTED, b"receipt")
    with sent.transaction():
        assert sent.deliveries.settled(delivery, Step.DELIVERED, "", b"payload", SIGNATURE, 6)
    held = copy(sent)
    assert (held.step, held.payload, held.signature, held.accepted, held.changed) == (
        Step.DELIVERED,
        b"payload",
        SIGNATURE,
        b"receipt",
        6,
    )
    assert copy(sent, 2).step is Step.QUEUED


def test_the_relays_receipt_may_come_after_the_recipients(sent: Store) -> None:
    delivery = copy(sent).delivery
    with sent.transaction():
        sent.deliveries.settled(delivery, Step.DELIVERED, "", b"payload", SIGNATURE, 5)
        sent.deliveries.accepted(delivery, b"receipt", 6)
        sent.deliveries.refused(delivery, "unknown", 7)
    assert (copy(sent).step, copy(sent).accepted) == (Step.DELIVERED, b"receipt")


def test_the_first_word_of_a_recipient_stands(sent: Store) -> None:
    delivery = copy(sent).delivery
    with sent.transaction():
        assert sent.deliveries.settled(delivery, Step.REJECTED, "undecryptable", b"payload", SIGNATURE, 5)
        assert not sent.deliveries.settled(delivery, Step.DELIVERED, "", b"other", SIGNATURE, 6)
    assert (copy(sent).step, copy(sent).reason, copy(sent).payload) == (Step.REJECTED, "undecryptable", b"payload")


def test_delivered_is_never_stored_without_its_signature(sent: Store) -> None:
    with sent.transaction(), pytest.raises(StoreConflict):
        sent.database.write("UPDATE outgoing SET step = 'delivered'")


def test_what_the_relay_refused_for_one_recipient_says_why(sent: Store) -> None:
    with sent.transaction():
        sent.deliveries.refused(copy(sent).delivery, "revoked", 5)
    assert (copy(sent).step, copy(sent).reason) == (Step.REFUSED, "revoked")


def test_tries_count_the_envelopes_to_one_device(sent: Store) -> None:
    assert sent.deliveries.tries(event(1).hash, device(1)) == 1
    with sent.transaction():
        sent.outbox.queue(envelope(2), event(1).hash, b"wire", 1)
        sent.deliveries.sent([outgoing(3, event(1).hash, envelope(2), to=1)])
    assert sent.deliveries.tries(event(1).hash, device(1)) == 2
    assert sent.deliveries.tries(event(1).hash, device(2)) == 1


def test_each_pair_and_direction_has_a_chain_of_its_own(store: Store) -> None:
    assert store.deliveries.issued_chain(mailbox(1)) == ReceiptChain()
    with store.transaction():
        store.deliveries.advance_issued(mailbox(1), ReceiptChain(1, of("a")))
        store.deliveries.advance_issued(mailbox(1), ReceiptChain(2, of("b")))
        store.deliveries.advance_received(mailbox(1), ReceiptChain(7, of("c")))
    assert store.deliveries.issued_chain(mailbox(1)) == ReceiptChain(2, of("b"))
    assert store.deliveries.received_chain(mailbox(1)) == ReceiptChain(7, of("c"))
    assert store.deliveries.received_chain(mailbox(2)) == ReceiptChain()


def test_a_read_mark_never_moves_back(store: Store) -> None:
    shared = conversation().shared
    with store.transaction():
        for sequence, time in ((3, 30), (2, 40), (5, 50)):
            store.deliveries.read(Read(shared, device(1), device(2), sequence, time))
        store.deliveries.read(Read(shared, device(1), device(3), 1, 60))
    assert {(read.reader, read.sequence, read.time) for read in store.deliveries.reads(shared, device(1))} == {
        (device(2), 5, 50),
        (device(3), 1, 60),
    }
    assert store.deliveries.reads(shared, device(2)) == ()
