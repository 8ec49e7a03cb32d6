"""Envelopes into mailboxes, and out of them again: docs/protocol.md, 16.7, 16.10 and 16.11.

What is accepted is on disk before the sender hears of it. What is deleted was deleted by the mailbox's owner, with a
receipt or a discard, or has expired.
"""

import asyncio
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final

import msgspec

from relay_server import wire
from relay_server.directory import Directory, Mailbox
from relay_server.hashes import body_hash, delivery_hash
from relay_server.limits import Limits
from relay_server.problems import EnvelopeConflict, MalformedRequest, NotPermitted, refusal
from relay_server.storage import Connection
from relay_server.wire import Envelope, ReceiptPayload
from relay_server.writer import Acceptance, Transaction

Refusals = list[tuple[int, str]]
"""(slot number, reason) of what was not accepted."""

_REFUSALS: Final = msgspec.msgpack.Decoder(list[tuple[int, str]])


class Hashed:
    """An envelope, its deliveries' hashes, and a digest that tells it from another under the same id."""

    __slots__ = ("deliveries", "digest", "envelope")

    def __init__(self, sender: bytes, envelope: Envelope) -> None:
        body = body_hash(envelope.body)
        self.envelope = envelope
        self.deliveries = [delivery_hash(sender, s.mailbox, envelope.id, body, s.slot) for s in envelope.slots]
        self.digest = blake2b(b"".join(self.deliveries), digest_size=16).digest()


def hashed(sender: bytes, body: bytes) -> list[Hashed]:
    """The envelopes of a request. Raises MalformedRequest."""
    try:
        envelopes = wire.ENVELOPES.decode(body)
    except wire.Malformed as error:
        raise refusal(error) from None
    if len({envelope.id for envelope in envelopes}) != len(envelopes):
        raise MalformedRequest("Two envelopes of one request have the same id.")
    for envelope in envelopes:
        if len({slot.mailbox for slot in envelope.slots}) != len(envelope.slots):
            raise MalformedRequest("An envelope names a mailbox twice.")
    return [Hashed(sender, envelope) for envelope in envelopes]


class Send:
    """16.7. All of a request or, on a conflict of ids, none of it."""

    def __init__(
        self, sender: Mailbox, envelopes: list[Hashed], limits: Limits, future: "asyncio.Future[bytes]"
    ) -> None:
        self.future = future
        self.weight = sum(len(one.deliveries) for one in envelopes)
        self._sender = sender
        self._envelopes = envelopes
        self._limits = limits
        self._placed: list[tuple[int, Refusals, Acceptance | None]] = []

    def run(self, transaction: Transaction) -> None:
        sender = transaction.directory.active(self._sender)
        self._placed = []
        known = [self._known(transaction, one) for one in self._envelopes]
        earlier: dict[int, Acceptance] = {}
        for one, stored in zip(self._envelopes, known, strict=True):
            if stored is None:
                self._placed.append((*self._place(transaction, sender, one), None))
            else:
                number, first, refused = stored
                if number and number not in earlier:
                    earlier[number] = _acceptance(transaction.connection, number)
                self._placed.append((first, _REFUSALS.decode(refused) if refused else [], earlier.get(number)))

    def _known(self, transaction: Transaction, one: Hashed) -> tuple[int, int, bytes | None] | None:
        """Where an envelope was stored before: acceptance (0 for this very commit), first leaf, refusals."""
        key = (self._sender.id, one.envelope.id)
        pending = transaction.sent.get(key)
        if pending is not None:
            found: tuple[Any, ...] | None = (pending[0], 0, *pending[1:])
        elif transaction.careful:
            sql = "SELECT digest, acceptance, first_leaf, refused FROM sent WHERE sender = ? AND envelope = ?"
            found = transaction.connection.one(sql, *key)
        else:
            return None
        if found is None:
            return None
        if found[0] != one.digest:
            raise EnvelopeConflict("An envelope with this id and other content was accepted before.")
        return found[1], found[2], found[3]

    def _place(self, transaction: Transaction, sender: Mailbox, one: Hashed) -> tuple[int, Refusals]:
        accepted: list[tuple[Mailbox, bytes, bytes]] = []
        refused: Refusals = []
        for number, (slot, delivery) in enumerate(zip(one.envelope.slots, one.deliveries, strict=True)):
            recipient = transaction.directory.mailbox(slot.mailbox)
            reason = self._refusal(transaction.directory, sender, recipient)
            if recipient is None or reason:
                refused.append((number, reason or "unknown"))
                transaction.refused[reason or "unknown"] += 1
            else:
                accepted.append((recipient, slot.slot, delivery))
        first = transaction.accept(sender, one.envelope.id, one.envelope.body, accepted)
        if accepted:  # an envelope that nobody may have is judged anew when it is repeated
            packed = wire.encode(refused) if refused else None
            transaction.sent[sender.id, one.envelope.id] = (one.digest, first, packed)
        return first, refused

    def _refusal(self, directory: Directory, sender: Mailbox, recipient: Mailbox | None) -> str:
        if recipient is None or recipient.clinic_id != sender.clinic_id:
            return "unknown"
        if not recipient.active:
            return "revoked"
        if not (sender.is_device or recipient.is_device):
            return "not-permitted"
        room = self._limits.visitor_waiting if sender.kind == "intake" else self._limits.waiting
        return "full" if directory.waiting(recipient.id) >= room else ""

    def answer(self, acceptance: Acceptance | None) -> bytes:
        return wire.encode(
            [
                self._answer(one.envelope, first, refused, earlier or acceptance)
                for one, (first, refused, earlier) in zip(self._envelopes, self._placed, strict=True)
            ]
        )

    @staticmethod
    def _answer(envelope: Envelope, first: int, refused: Refusals, acceptance: Acceptance | None) -> tuple[Any, ...]:
        reasons = dict(refused)
        receipts: list[Any] = []
        leaf = first
        for number in range(len(envelope.slots)):
            if number in reasons or acceptance is None:
                receipts.append(None)
            else:
                receipts.append(acceptance.receipt(leaf))
                leaf += 1
        return (envelope.id, receipts, [(envelope.slots[number].mailbox, reason) for number, reason in refused])


def _acceptance(connection: Connection, number: int) -> Acceptance:
    row = connection.one("SELECT leaves, time, signature FROM acceptance WHERE id = ?", number)
    if row is None:
        raise EnvelopeConflict("The answer to this envelope has expired.")
    leaves, time_, signature = row
    deliveries = [leaves[at : at + 32] for at in range(0, len(leaves), 32)]
    return Acceptance(deliveries, time_, None, signature)


# --- Out again


def receipts(owner: bytes, body: bytes) -> list[tuple[wire.Receipt, ReceiptPayload]]:
    """The receipts of a request, all of them of `owner`. Raises a Problem.

    Their signatures are for the senders, who know the key: the relay has authenticated the stream.
    """
    try:
        signed = wire.RECEIPTS.decode(body)
        pairs = [(one, wire.RECEIPT_PAYLOAD.decode(one.payload)) for one in signed]
    except wire.Malformed as error:
        raise refusal(error) from None
    for _, payload in pairs:
        if payload.recipient != owner:
            raise NotPermitted("A receipt is signed by the mailbox that received.")
        if (payload.status == "delivered") != (payload.reason == ""):
            raise MalformedRequest("A receipt gives a reason when it rejects, and only then.")
    return pairs


class Receipts:
    """16.10. Deletes what the receipts cover, and forwards them to the senders.

    `hints` are positions of deliveries that a stream has lately sent; the rest is looked up in the owner's mailbox.
    """

    def __init__(
        self,
        owner: Mailbox,
        signed: list[tuple[wire.Receipt, ReceiptPayload]],
        hints: dict[bytes, int],
        limits: Limits,
        future: "asyncio.Future[bytes]",
    ) -> None:
        self.future = future
        self.weight = len(signed)
        self._owner = owner
        self._signed = signed
        self._hints = hints
        self._limits = limits
        self._deleted: list[tuple[bytes, bool]] = []
        self._positions: dict[bytes, int] | None = None

    def run(self, transaction: Transaction) -> None:
        transaction.directory.active(self._owner)
        self._deleted = []
        for receipt, payload in self._signed:
            self._deleted.append((payload.delivery, self._take(transaction, receipt, payload)))

    def _take(self, transaction: Transaction, receipt: wire.Receipt, payload: ReceiptPayload) -> bool:
        found = self._find(transaction.connection, payload.delivery)
        if found is None:
            return False
        position, body, slots, sender = found
        if sender != payload.sender:
            return False
        if not transaction.delete(self._owner.id, position, body, slots, "receipt"):
            return False
        self._forward(transaction, receipt, payload)
        return True

    def _forward(self, transaction: Transaction, receipt: wire.Receipt, payload: ReceiptPayload) -> None:
        sender = transaction.directory.mailbox(payload.sender)
        if sender is None or not sender.active:
            return
        if transaction.directory.waiting(sender.id, receipts=True) >= self._limits.receipts_waiting:
            # Keeping the envelope instead would let an absent sender fill the recipient's mailbox.
            transaction.receipts_dropped += 1
            return
        transaction.forward(sender.id, receipt.payload, receipt.signature)

    def _find(self, connection: Connection, delivery: bytes) -> tuple[int, int, int, bytes] | None:
        """Position, body, the body's slots and the sender of a delivery that waits in the owner's mailbox."""
        position = self._hints.get(delivery)
        if position is None:
            position = self._all(connection).get(delivery)
        if position is None:
            return None
        row = connection.one(
            "SELECT w.position, w.body, b.slots, m.key"
            " FROM waiting w JOIN body b ON b.id = w.body JOIN mailbox m ON m.id = b.sender"
            " WHERE w.mailbox = ? AND w.position = ? AND w.delivery = ?",
            *(self._owner.id, position, delivery),
        )
        return None if row is None else (row[0], row[1], row[2], row[3])

    def _all(self, connection: Connection) -> dict[bytes, int]:
        # Once a request at most, and only after a restart or a reader that lags: an index on hashes would
        # make every single envelope pay for it instead.
        if self._positions is None:
            sql = "SELECT delivery, position FROM waiting WHERE mailbox = ? AND body IS NOT NULL"
            self._positions = dict(connection.rows(sql, self._owner.id))
        return self._positions

    def answer(self, acceptance: Acceptance | None) -> bytes:
        return wire.encode(self._deleted)


_DISCARDED: Final = (
    "SELECT w.position, w.body, b.slots FROM waiting w LEFT JOIN body b ON b.id = w.body"
    " WHERE w.mailbox = ? AND w.position IN ({keys})"
)


class Discard:
    """16.11. The owner deletes what it has stored already, or does not want; nothing is forwarded."""

    def __init__(self, owner: Mailbox, positions: Sequence[int], future: "asyncio.Future[None]") -> None:
        self.future = future
        self.weight = len(positions)
        self._owner = owner
        self._positions = positions

    def run(self, transaction: Transaction) -> None:
        transaction.directory.active(self._owner)
        for position, body, slots in transaction.connection.select(_DISCARDED, self._positions, self._owner.id):
            transaction.delete(self._owner.id, position, body, slots, "discard")

    def answer(self, acceptance: Acceptance | None) -> None:
        return None
