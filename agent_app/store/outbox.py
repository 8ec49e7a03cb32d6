"""What waits to be handed to the relay: envelopes, receipts, discards. Idempotent by envelope id and delivery hash."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import takewhile

from agent_app.protocol.keys import DeliveryHash, EnvelopeId, MessageHash
from agent_app.store.database import Database, Row


class OutboxState(StrEnum):
    QUEUED = "queued"
    ACCEPTED = "accepted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class QueuedEnvelope:
    """`wire` is the encoded envelope (8.1), the same bytes at every try; None once the relay has accepted it."""

    position: int
    envelope: EnvelopeId
    message: MessageHash  # message hash of the event it carries
    wire: bytes | None = field(repr=False)
    state: OutboxState
    attempts: int
    next_try: int
    reason: str
    queued: int


@dataclass(frozen=True, slots=True)
class PendingReceipt:
    """A receipt of ours (13.3) that the relay has not confirmed yet."""

    delivery: DeliveryHash
    payload: bytes
    signature: bytes


_ENVELOPE = "SELECT position, envelope, message, wire, state, attempts, next_try, reason, queued FROM outbox"


class Outbox:
    def __init__(self, database: Database) -> None:
        self._database = database

    # Envelopes

    def queue(self, envelope: bytes, message: bytes, wire: bytes, now: int) -> None:
        """In the transaction that stores the event and the ratchet states which made `wire`."""
        row = {"envelope": envelope, "message": message, "wire": wire, "state": OutboxState.QUEUED, "queued": now}
        self._database.insert("outbox", row)

    def seal(self, placeholder: bytes, envelope: bytes, wire: bytes) -> None:
        """What was queued under `placeholder` before there was a session with every recipient now has its envelope, in
        the same place. In the transaction that stores the ratchet states."""
        self._database.write(
            "UPDATE outbox SET envelope = ?, wire = ? WHERE envelope = ? AND state = 'queued'",
            envelope,
            wire,
            placeholder,
        )

    def failed(self, reason: str) -> tuple[QueuedEnvelope, ...]:
        """Those that failed for this reason, oldest first."""
        rows = self._database.rows(f"{_ENVELOPE} WHERE state = 'failed' AND reason = ? ORDER BY position", reason)
        return tuple(_envelope(row) for row in rows)

    def due(self, now: int, limit: int = 64) -> tuple[QueuedEnvelope, ...]:
        """Queued envelopes, oldest first. One that must wait holds back those behind it, so that order is kept."""
        rows = self._database.rows(f"{_ENVELOPE} WHERE state = 'queued' ORDER BY position LIMIT ?", limit)
        return tuple(takewhile(lambda envelope: envelope.next_try <= now, map(_envelope, rows)))

    def next_try(self) -> int | None:
        """When the oldest queued envelope may be tried; None when nothing is queued."""
        when: int | None = self._database.scalar(
            "SELECT next_try FROM outbox WHERE state = 'queued' ORDER BY position LIMIT 1"
        )
        return when

    def retry_at(self, envelope: bytes, when: int) -> None:
        """A try that brought no answer."""
        self._database.write(
            "UPDATE outbox SET attempts = attempts + 1, next_try = ? WHERE envelope = ? AND state = 'queued'",
            when,
            envelope,
        )

    def retry_now(self) -> None:
        """What waits for another try waits no more."""
        self._database.write("UPDATE outbox SET next_try = 0 WHERE state = 'queued' AND next_try > 0")

    def accept(self, envelope: bytes) -> None:
        """The relay has it on its disk. The bytes are dropped here; hashes and receipts are in `deliveries`."""
        self._database.write(
            "UPDATE outbox SET state = 'accepted', wire = NULL, reason = '' WHERE envelope = ?", envelope
        )

    def fail(self, envelope: bytes, reason: str) -> None:
        """It will not be tried again by itself."""
        self._database.write(
            "UPDATE outbox SET state = 'failed', reason = ? WHERE envelope = ? AND state = 'queued'", reason, envelope
        )

    def requeue(self, envelope: bytes) -> None:
        """A person asked to try a failed one again. Same bytes, same id: the relay cannot take it twice."""
        self._database.write(
            "UPDATE outbox SET state = 'queued', attempts = 0, next_try = 0, reason = '' "
            "WHERE envelope = ? AND state = 'failed'",
            envelope,
        )

    def get(self, envelope: bytes) -> QueuedEnvelope | None:
        row = self._database.row(f"{_ENVELOPE} WHERE envelope = ?", envelope)
        return _envelope(row) if row else None

    def of_message(self, message: bytes) -> tuple[QueuedEnvelope, ...]:
        """Every envelope that carried this message: more than one after a `rejected` (section 7)."""
        rows = self._database.rows(f"{_ENVELOPE} WHERE message = ? ORDER BY position", message)
        return tuple(_envelope(row) for row in rows)

    # Receipts and discards

    def queue_receipt(self, delivery: bytes) -> None:
        """The receipt stored for `delivery` goes out (again)."""
        self._database.insert("pending_receipts", {"delivery": delivery}, "ON CONFLICT DO NOTHING")

    def receipts(self, limit: int = 256) -> tuple[PendingReceipt, ...]:
        """In the order in which they were signed."""
        rows = self._database.rows(
            "SELECT delivery, payload, signature FROM pending_receipts JOIN incoming USING (delivery) "
            "ORDER BY incoming.rowid LIMIT ?",
            limit,
        )
        return tuple(PendingReceipt(*row) for row in rows)

    def receipts_sent(self, deliveries: Iterable[bytes]) -> None:
        for delivery in deliveries:
            self._database.write("DELETE FROM pending_receipts WHERE delivery = ?", delivery)

    def hold(self, delivery: bytes, sender: bytes, position: int) -> None:
        """The receipt stored for `delivery` is not sent. `position` is the envelope's in this device's mailbox."""
        row = {"delivery": delivery, "sender": sender, "position": position}
        self._database.insert("held_receipts", row, "ON CONFLICT DO UPDATE SET position = excluded.position")

    def held(self, sender: bytes) -> tuple[DeliveryHash, ...]:
        """What is held back from that mailbox, oldest first."""
        rows = self._database.rows("SELECT delivery FROM held_receipts WHERE sender = ? ORDER BY position", sender)
        return tuple(row[0] for row in rows)

    def holding(self) -> int:
        """How many are held back from everybody together."""
        return int(self._database.scalar("SELECT count(*) FROM held_receipts"))

    def release(self, sender: bytes) -> None:
        """What was held back from that mailbox goes out."""
        for delivery in self.held(sender):
            self.queue_receipt(delivery)
        self._database.write("DELETE FROM held_receipts WHERE sender = ?", sender)

    def drop(self, sender: bytes) -> None:
        """What was held back from that mailbox is never sent: the envelopes are discarded."""
        self._drop(self._database.rows("SELECT position FROM held_receipts WHERE sender = ?", sender))

    def drop_oldest(self, most: int) -> None:
        """As `drop`, of all that is held the oldest, until `most` are left."""
        oldest = "SELECT position FROM held_receipts ORDER BY position DESC LIMIT -1 OFFSET ?"
        self._drop(self._database.rows(oldest, most))

    def _drop(self, held: Iterable[Row]) -> None:
        for (position,) in held:
            self.queue_discard(position)
            self._database.write("DELETE FROM held_receipts WHERE position = ?", position)

    def queue_discard(self, position: int) -> None:
        """Junk at this relay position: to be deleted, not answered (16.11)."""
        self._database.insert("pending_discards", {"position": position}, "ON CONFLICT DO NOTHING")

    def discards(self, limit: int = 1024) -> tuple[int, ...]:
        rows = self._database.rows("SELECT position FROM pending_discards ORDER BY position LIMIT ?", limit)
        return tuple(row[0] for row in rows)

    def discards_sent(self, positions: Iterable[int]) -> None:
        for position in positions:
            self._database.write("DELETE FROM pending_discards WHERE position = ?", position)


def _envelope(row: Row) -> QueuedEnvelope:
    return replace(QueuedEnvelope(*row), state=OutboxState(row[4]))
