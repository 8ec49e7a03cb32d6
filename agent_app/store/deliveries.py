"""What became of each copy of each message: receipts given, receipts got, and the chain of each pair of mailboxes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from agent_app.protocol.keys import DeliveryHash, DeviceId, EnvelopeId, MailboxId, MessageHash, StreamId
from agent_app.protocol.receipt import ReceiptChain
from agent_app.store.database import Database, Row, columns


class Step(StrEnum):
    """How far one copy of an own message has come; a step is stored with the signature that proves it."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    REFUSED = "refused"  # by the relay, for this recipient
    DELIVERED = "delivered"
    REJECTED = "rejected"  # by the recipient, with a reason (13.3)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One received envelope and the receipt that this device signed for it. `message` is None when it was rejected."""

    delivery: DeliveryHash
    sender: MailboxId  # mailbox
    envelope: EnvelopeId
    body_hash: bytes
    slot_hash: bytes
    message: MessageHash | None
    payload: bytes
    signature: bytes
    received: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One recipient's copy of an own message. `accepted` is the relay's encoded receipt (13.2)."""

    delivery: DeliveryHash
    message: MessageHash
    envelope: EnvelopeId
    mailbox: MailboxId
    device: DeviceId
    body_hash: bytes
    slot_hash: bytes
    step: Step = Step.QUEUED
    reason: str = ""
    accepted: bytes | None = field(default=None, repr=False)
    payload: bytes | None = field(default=None, repr=False)
    signature: bytes | None = field(default=None, repr=False)
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """`reader` has read everything of `author` in the stream up to `sequence`."""

    stream: StreamId
    author: DeviceId
    reader: DeviceId
    sequence: int
    time: int


_INCOMING = (
    "SELECT delivery, sender, envelope, body_hash, slot_hash, message, payload, signature, received FROM incoming"
)
_OUTGOING = (
    "SELECT delivery, message, envelope, mailbox, device, body_hash, slot_hash, step, reason, accepted, payload, "
    "signature, changed FROM outgoing"
)


class Deliveries:
    def __init__(self, database: Database) -> None:
        self._database = database

    # Received

    def received(self, incoming: Incoming) -> None:
        """In the transaction that stores the event and the ratchet state. StoreConflict when it is there already."""
        self._database.insert("incoming", columns(incoming))

    def incoming(self, delivery: bytes) -> Incoming | None:
        """What a duplicate is answered with."""
        row = self._database.row(f"{_INCOMING} WHERE delivery = ?", delivery)
        return Incoming(*row) if row else None

    def incoming_of(self, message: bytes) -> tuple[Incoming, ...]:
        rows = self._database.rows(f"{_INCOMING} WHERE message = ? ORDER BY rowid", message)
        return tuple(Incoming(*row) for row in rows)

    # Sent

    def sent(self, copies: Iterable[Outgoing]) -> None:
        """In the transaction that queues their envelope."""
        for copy in copies:
            self._database.insert("outgoing", columns(copy))

    def outgoing(self, delivery: bytes) -> Outgoing | None:
        row = self._database.row(f"{_OUTGOING} WHERE delivery = ?", delivery)
        return _outgoing(row) if row else None

    def outgoing_of(self, message: bytes) -> tuple[Outgoing, ...]:
        """Every copy of an own message, renewed ones included, oldest first."""
        rows = self._database.rows(f"{_OUTGOING} WHERE message = ? ORDER BY rowid", message)
        return tuple(_outgoing(row) for row in rows)

    def in_envelope(self, envelope: bytes) -> tuple[Outgoing, ...]:
        """The copies in one envelope, in slot order."""
        rows = self._database.rows(f"{_OUTGOING} WHERE envelope = ? ORDER BY rowid", envelope)
        return tuple(_outgoing(row) for row in rows)

    def tries(self, message: bytes, device: bytes) -> int:
        """In how many envelopes this message went to that device."""
        return int(
            self._database.scalar("SELECT count(*) FROM outgoing WHERE message = ? AND device = ?", message, device)
        )

    def accepted(self, delivery: bytes, receipt: bytes, now: int) -> None:
        """The relay's verified receipt. It may come after the recipient's: then the step stays."""
        self._database.write(
            "UPDATE outgoing SET accepted = ?, changed = ?, "
            "step = CASE step WHEN 'queued' THEN 'accepted' ELSE step END WHERE delivery = ?",
            receipt,
            now,
            delivery,
        )

    def refused(self, delivery: bytes, reason: str, now: int) -> None:
        """The relay would not take this copy."""
        self._database.write(
            "UPDATE outgoing SET step = 'refused', reason = ?, changed = ? WHERE delivery = ? AND step = 'queued'",
            reason,
            now,
            delivery,
        )

    def settled(self, delivery: bytes, step: Step, reason: str, payload: bytes, signature: bytes, now: int) -> bool:
        """The recipient's verified receipt: DELIVERED or REJECTED. False when it was there before (a repetition)."""
        changed = self._database.write(
            "UPDATE outgoing SET step = ?, reason = ?, payload = ?, signature = ?, changed = ? "
            "WHERE delivery = ? AND payload IS NULL",
            step.value,
            reason,
            payload,
            signature,
            now,
            delivery,
        )
        return changed > 0

    # Pair chains

    def issued_chain(self, sender: bytes) -> ReceiptChain:
        """The last receipt that this device signed for that sender's mailbox."""
        return self._chain("issued", sender)

    def received_chain(self, recipient: bytes) -> ReceiptChain:
        """The last receipt that this device got from that recipient's mailbox."""
        return self._chain("received", recipient)

    def advance_issued(self, sender: bytes, chain: ReceiptChain) -> None:
        self._advance("issued", sender, chain)

    def advance_received(self, recipient: bytes, chain: ReceiptChain) -> None:
        self._advance("received", recipient, chain)

    # Read marks

    def read(self, mark: Read) -> None:
        """Never moves back."""
        self._database.insert(
            "reads",
            columns(mark),
            "ON CONFLICT DO UPDATE SET sequence = excluded.sequence, time = excluded.time "
            "WHERE excluded.sequence > reads.sequence",
        )

    def reads(self, stream: bytes, author: bytes) -> tuple[Read, ...]:
        rows = self._database.rows(
            "SELECT stream, author, reader, sequence, time FROM reads WHERE stream = ? AND author = ?", stream, author
        )
        return tuple(Read(*row) for row in rows)

    def _chain(self, direction: str, mailbox: bytes) -> ReceiptChain:
        row = self._database.row(
            "SELECT sequence, previous FROM receipt_chains WHERE direction = ? AND mailbox = ?", direction, mailbox
        )
        return ReceiptChain(*row) if row else ReceiptChain()

    def _advance(self, direction: str, mailbox: bytes, chain: ReceiptChain) -> None:
        self._database.insert(
            "receipt_chains",
            {"direction": direction, "mailbox": mailbox, "sequence": chain.sequence, "previous": chain.previous},
            "ON CONFLICT DO UPDATE SET sequence = excluded.sequence, previous = excluded.previous",
        )


def _outgoing(row: Row) -> Outgoing:
    return replace(Outgoing(*row), step=Step(row[7]))
