"""Receives and sends messages as fast as it can, saying each number once it is committed, until it is killed."""

import sys
from pathlib import Path

from agent_app.protocol.receipt import ReceiptChain
from agent_app.store.rooms import Store
from tests.store import samples


def receive(store: Store, number: int) -> None:
    event = samples.event(number)
    receipt = samples.incoming(number, event.hash)
    with store.transaction():
        store.sessions.save(samples.device(1), str(number).encode(), [samples.of("session", 1, 16)], number)
        store.sessions.destroy_prekey(number)
        store.events.add(event)
        store.deliveries.received(receipt)
        store.deliveries.advance_issued(samples.mailbox(1), ReceiptChain(number, samples.of("receipt", number)))
        store.outbox.queue_receipt(receipt.delivery)
        store.audit_log.append(store.audit_log.size, b"leaf")
        store.settings.inbox_position = number


def send(store: Store, number: int) -> None:
    event = samples.event(number, author=2)
    with store.transaction():
        store.events.add(event)
        for to in (10, 11, 12):
            store.sessions.save(samples.device(to), str(number).encode(), [samples.of("session", to, 16)], number)
        store.outbox.queue(samples.envelope(number), event.hash, b"wire", number)
        store.deliveries.sent(
            samples.outgoing(number * 100 + to, event.hash, samples.envelope(number), to) for to in (10, 11, 12)
        )


def main() -> None:
    store = Store.open(Path(sys.argv[1]), samples.DATABASE_KEY, samples.EPOCH_KEY)
    received = store.settings.inbox_position
    sent = store.streams.state(samples.conversation().shared, samples.device(2)).sequence
    if sent < received:
        send(store, received)
    for number in range(received + 1, 3_000):
        receive(store, number)
        send(store, number)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
