"""What waits for the relay."""

from dataclasses import replace

import pytest

from agent_app.store.deliveries import Incoming
from agent_app.store.errors import StoreConflict
from agent_app.store.outbox import OutboxState
from agent_app.store.rooms import Store
from tests.store.samples import conversation_in, envelope, event, incoming, mailbox


@pytest.fixture
def queued(store: Store) -> Store:
    """Three envelopes wait, 1 to 3."""
    conversation_in(store)
    with store.transaction():
        for number in (1, 2, 3):
            store.events.add(event(number))
            store.outbox.queue(envelope(number), event(number).hash, b"wire %d" % number, now=10)
    return store


def due(store: Store, now: int = 100, limit: int = 64) -> list[bytes | None]:
    return [waiting.wire for waiting in store.outbox.due(now, limit)]


def test_envelopes_leave_in_the_order_in_which_they_came(queued: Store) -> None:
    assert due(queued) == [b"wire 1", b"wire 2", b"wire 3"]
    assert due(queued, limit=2) == [b"wire 1", b"wire 2"]


def test_one_that_must_wait_holds_back_those_behind_it(queued: Store) -> None:
    with queued.transaction():
        queued.outbox.retry_at(envelope(2), 200)
    assert due(queued, now=199) == [b"wire 1"]
    assert due(queued, now=200) == [b"wire 1", b"wire 2", b"wire 3"]
    assert queued.outbox.due(200)[1].attempts == 1


def test_the_next_try_is_known(queued: Store) -> None:
    assert queued.outbox.next_try() == 0
    with queued.transaction():
        for number in (1, 2, 3):
            queued.outbox.retry_at(envelope(number), 100 * number)
    assert queued.outbox.next_try() == 100
    with queued.transaction():
        for number in (1, 2, 3):
            queued.outbox.accept(envelope(number))
    assert queued.outbox.next_try() is None


def test_an_accepted_envelope_keeps_its_record_and_drops_its_bytes(queued: Store) -> None:
    with queued.transaction():
        queued.outbox.accept(envelope(1))
        queued.outbox.accept(envelope(1))  # the answer came twice
        queued.outbox.retry_at(envelope(1), 500)
        queued.outbox.fail(envelope(1), "late")
    held = queued.outbox.get(envelope(1))
    assert held is not None
    assert (held.state, held.wire, held.attempts) == (OutboxState.ACCEPTED, None, 0)
    assert due(queued) == [b"wire 2", b"wire 3"]


def test_a_failed_envelope_waits_for_a_person_and_then_goes_out_with_the_same_bytes(queued: Store) -> None:
    with queued.transaction():
        queued.outbox.retry_at(envelope(1), 50)
        queued.outbox.fail(envelope(1), "refused")
    held = queued.outbox.get(envelope(1))
    assert held is not None
    assert (held.state, held.reason) == (OutboxState.FAILED, "refused")
    assert due(queued) == [b"wire 2", b"wire 3"]
    with queued.transaction():
        queued.outbox.requeue(envelope(1))
        queued.outbox.requeue(envelope(2))  # not failed: nothing to do
    assert due(queued, now=0) == [b"wire 1", b"wire 2", b"wire 3"]


def test_an_envelope_id_is_used_once(queued: Store) -> None:
    with queued.transaction(), pytest.raises(StoreConflict):
        queued.outbox.queue(envelope(1), event(2).hash, b"other", 1)


def test_an_envelope_belongs_to_a_stored_message(store: Store) -> None:
    with store.transaction(), pytest.raises(StoreConflict):
        store.outbox.queue(envelope(1), event(1).hash, b"wire", 1)


def test_every_envelope_of_a_message_is_found(queued: Store) -> None:
    with queued.transaction():
        queued.outbox.queue(envelope(9), event(1).hash, b"again", 1)
    assert [held.envelope for held in queued.outbox.of_message(event(1).hash)] == [envelope(1), envelope(9)]


def test_receipts_wait_in_the_order_of_their_chain_and_a_duplicate_sends_the_same_again(store: Store) -> None:
    with store.transaction():
        for number in (5, 3, 4):
            store.deliveries.received(incoming(number))
        for number in (4, 3, 5, 5):
            store.outbox.queue_receipt(incoming(number).delivery)
    assert [receipt.delivery for receipt in store.outbox.receipts()] == [incoming(n).delivery for n in (5, 3, 4)]
    assert len(store.outbox.receipts(limit=2)) == 2
    first = store.outbox.receipts()[0]
    with store.transaction():
        store.outbox.receipts_sent([first.delivery])
    assert len(store.outbox.receipts()) == 2
    with store.transaction():
        store.outbox.queue_receipt(first.delivery)
    assert store.outbox.receipts()[0] == first
    assert (first.payload, first.signature) == (incoming(5).payload, incoming(5).signature)


def test_a_receipt_that_was_never_stored_cannot_be_queued(store: Store) -> None:
    with store.transaction(), pytest.raises(StoreConflict):
        store.outbox.queue_receipt(incoming(1).delivery)


def test_discards_wait_until_they_are_done(store: Store) -> None:
    with store.transaction():
        for position in (9, 7, 7):
            store.outbox.queue_discard(position)
    assert store.outbox.discards() == (7, 9)
    with store.transaction():
        store.outbox.discards_sent([7])
    assert store.outbox.discards() == (9,)


def other(number: int) -> Incoming:
    return replace(incoming(number), sender=mailbox(2))


@pytest.fixture
def holding(store: Store) -> Store:
    """Of mailbox 1 the receipts 5, 3, 4 are held back, and of mailbox 2 receipt 6, at positions 10, 11, 13 and 12."""
    with store.transaction():
        for received, position in ((incoming(5), 10), (incoming(3), 11), (other(6), 12), (incoming(4), 13)):
            store.deliveries.received(received)
            store.outbox.hold(received.delivery, received.sender, position)
    return store


def test_what_is_held_back_is_not_sent_until_it_is_released_in_its_order(holding: Store) -> None:
    assert holding.outbox.receipts() == ()
    assert holding.outbox.holding() == 4
    with holding.transaction():
        holding.outbox.release(mailbox(1))
    assert [receipt.delivery for receipt in holding.outbox.receipts()] == [incoming(n).delivery for n in (5, 3, 4)]
    assert holding.outbox.held(mailbox(1)) == ()
    assert holding.outbox.held(mailbox(2)) == (other(6).delivery,)
    assert holding.outbox.discards() == ()


def test_what_is_dropped_is_discarded_and_never_sent(holding: Store) -> None:
    with holding.transaction():
        holding.outbox.drop(mailbox(1))
        holding.outbox.release(mailbox(1))
    assert holding.outbox.discards() == (10, 11, 13)
    assert holding.outbox.receipts() == ()
    assert holding.outbox.held(mailbox(2)) == (other(6).delivery,)


def test_of_too_many_held_the_oldest_are_dropped(holding: Store) -> None:
    with holding.transaction():
        holding.outbox.drop_oldest(4)
    assert holding.outbox.discards() == ()
    with holding.transaction():
        holding.outbox.drop_oldest(2)
    assert holding.outbox.discards() == (10, 11)
    assert holding.outbox.held(mailbox(1)) == (incoming(4).delivery,)


def test_a_repetition_is_held_once_where_it_came_last(holding: Store) -> None:
    with holding.transaction():
        holding.outbox.hold(incoming(5).delivery, mailbox(1), 20)
    assert holding.outbox.holding() == 4
    assert holding.outbox.held(mailbox(1))[-1] == incoming(5).delivery


def test_what_was_never_stored_cannot_be_held_back(store: Store) -> None:
    with store.transaction(), pytest.raises(StoreConflict):
        store.outbox.hold(incoming(1).delivery, mailbox(1), 1)
