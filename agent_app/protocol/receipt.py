"""Receipts: accepted by the relay, delivered or rejected by the recipient: docs/protocol.md, section 13."""

from typing import Annotated, Literal

import msgspec

from . import merkle, primitives
from .encoding import B32, Bytes0Or32, Bytes32, Bytes64, Record, Uint, absent_or_32, decode, encode
from .errors import (
    EncodingError,
    ExpiredPrekeyError,
    InvalidProofError,
    InvalidReceiptError,
    LimitError,
    NotPermittedError,
    ProtocolError,
    ReplayedHandshakeError,
    UnknownSessionError,
    UnknownSuiteError,
)
from .keys import DeliveryHash, EnvelopeId, MailboxId
from .labels import Label

Status = Literal["delivered", "rejected"]
Reason = Literal["", "no-session", "undecryptable", "replayed", "not-permitted", "malformed"]


def delivery_hash(
    sender: MailboxId, recipient: MailboxId, envelope: EnvelopeId, body: bytes, slot: bytes
) -> DeliveryHash:
    """Names one delivery: this body and slot, in this envelope, from one mailbox to another."""
    hashes = (primitives.labelled_hash(Label.BODY, body), primitives.labelled_hash(Label.SLOT, slot))
    return DeliveryHash(primitives.labelled_hash(Label.DELIVERY, sender, recipient, envelope, *hashes))


class Accepted(Record, frozen=True):
    """The relay's word that a delivery is on its disk: a signed root, and the delivery's path to it."""

    root: Bytes32
    count: Uint
    time: Uint
    signature: Bytes64
    index: Uint
    path: Annotated[tuple[Bytes32, ...], msgspec.Meta(max_length=53)]

    def verify(self, relay: bytes, delivery: DeliveryHash) -> None:
        """Raises InvalidReceiptError unless the relay's key signed a root that holds this delivery."""
        if not primitives.verify(relay, self.signature, Label.ACCEPTED, self.root, self.count, self.time):
            raise InvalidReceiptError("the relay's signature")
        try:
            merkle.verify_inclusion(merkle.leaf_hash(delivery), self.index, self.count, self.path, self.root)
        except InvalidProofError as error:
            raise InvalidReceiptError("path") from error


class ReceiptPayload(Record, frozen=True):
    """What a recipient says about one delivery. `sequence` and `previous` chain the pair's receipts."""

    status: Status
    reason: Reason
    recipient: Annotated[MailboxId, B32]
    sender: Annotated[MailboxId, B32]
    delivery: Annotated[DeliveryHash, B32]
    sequence: Uint
    previous: Bytes0Or32
    time: Uint

    def __post_init__(self) -> None:
        absent_or_32(self.previous)
        if (self.status == "delivered") != (self.reason == ""):
            raise ValueError("a reason belongs to a rejection")
        if self.sequence < 1 or (self.sequence == 1) != (self.previous == b""):
            raise ValueError("sequence and previous do not fit together")


class Receipt(Record, frozen=True):
    """A payload's bytes and the recipient's mailbox signature over them."""

    payload: bytes
    signature: Bytes64

    def verify(self, recipient: MailboxId, sender: MailboxId) -> ReceiptPayload:
        """Raises InvalidReceiptError unless `recipient` signed it for `sender`; or an EncodingError."""
        payload = decode(self.payload, ReceiptPayload)
        if (payload.recipient, payload.sender) != (recipient, sender):
            raise InvalidReceiptError("another pair's")
        if not primitives.verify(recipient, self.signature, Label.RECEIPT, self.payload):
            raise InvalidReceiptError("signature")
        return payload


class ReceiptChain(Record, frozen=True):
    """Where the receipts of one (recipient, sender) pair stand, on either side. Starts as `ReceiptChain()`."""

    sequence: Uint = 0
    previous: Bytes0Or32 = b""

    def issue(
        self,
        mailbox_seed: bytes,
        sender: MailboxId,
        delivery: DeliveryHash,
        time: int,
        reason: Reason = "",
    ) -> tuple["ReceiptChain", Receipt]:
        """The recipient's next receipt: delivered, or rejected for `reason`. Issue it after the message is stored."""
        status: Status = "rejected" if reason else "delivered"
        recipient = MailboxId(primitives.signing_public(mailbox_seed))
        place = (self.sequence + 1, self.previous, time)
        payload = encode(ReceiptPayload(status, reason, recipient, sender, delivery, *place))
        receipt = Receipt(payload, primitives.sign(mailbox_seed, Label.RECEIPT, payload))
        return ReceiptChain(self.sequence + 1, receipt_hash(receipt)), receipt

    def follow(
        self, receipt: Receipt, recipient: MailboxId, sender: MailboxId
    ) -> tuple["ReceiptChain", ReceiptPayload]:
        """The sender's side: the verified payload. Raises InvalidReceiptError when it does not continue the chain.

        A receipt that was seen before does not: the caller recognises those by their delivery hash.
        """
        payload = receipt.verify(recipient, sender)
        if (payload.sequence, payload.previous) != (self.sequence + 1, self.previous):
            raise InvalidReceiptError(f"receipt {payload.sequence} does not follow {self.sequence}")
        return ReceiptChain(payload.sequence, receipt_hash(receipt)), payload


def receipt_hash(receipt: Receipt) -> bytes:
    """What the pair's next receipt names as `previous`."""
    return primitives.labelled_hash(Label.RECEIPT, receipt.payload)


_REASONS: tuple[tuple[type[ProtocolError], Reason], ...] = (
    (UnknownSessionError, "no-session"),
    (ExpiredPrekeyError, "no-session"),  # a fresh handshake is the cure for both
    (ReplayedHandshakeError, "replayed"),
    (NotPermittedError, "not-permitted"),
    (EncodingError, "malformed"),
    (LimitError, "malformed"),
    (UnknownSuiteError, "malformed"),
)


def reason_for(error: ProtocolError) -> Reason:
    """The reason that a `rejected` receipt gives for this error."""
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), "undecryptable")
