"""A device's audit log: docs/protocol.md section 15.

Leaves are ciphertext, so that a witness can prove that nothing was taken out while it learns nothing. Each
epoch has a key of its own, sealed to the clinic's audit recipient by a key leaf before its first entry.

The log makes leaves and takes leaves in as two steps: a leaf is stored in the transaction of what it records,
and joins the log once that has been committed.
"""

import base64
from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from agent_app.protocol import primitives
from agent_app.protocol.encoding import Bytes0Or32, Bytes32, Bytes64, Record, Uint, absent_or_32, decode, encode, frame
from agent_app.protocol.errors import EncodingError, InvalidKeyError, InvalidNoteError, InvalidProofError
from agent_app.protocol.keys import DeviceId
from agent_app.protocol.labels import Label
from agent_app.protocol.primitives import Encapsulate, Random
from agent_app.transparency import checkpoint, note
from agent_app.transparency.checkpoint import Checkpoint
from agent_app.transparency.note import Note
from agent_app.transparency.statement import AuditRecipient
from agent_app.transparency.tree import LogTree

Kind = Literal[
    "unlock",
    "unlock-failed",
    "lock",
    "view",
    "claim",
    "send",
    "receive",
    "export",
    "check",
    "verdict",
    "invite",
    "alarm",
    "rollback",
    "revoked",
    "print",
    "search",
    "retract",
    "history",
    "review",
]


class Entry(Record, frozen=True):
    """What happened. `conversation` is empty where none is concerned; `time` in milliseconds."""

    time: Uint
    kind: Kind
    conversation: Bytes0Or32 = b""
    arguments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        absent_or_32(self.conversation)


class KeyLeaf(Record, frozen=True, tag="key"):
    epoch: Uint
    ephemeral: Bytes32
    ciphertext: Annotated[bytes, msgspec.Meta(min_length=1088, max_length=1088)]
    sealed: Annotated[bytes, msgspec.Meta(min_length=72, max_length=72)]


class EntryLeaf(Record, frozen=True, tag="entry"):
    epoch: Uint
    sealed: bytes


Leaf = KeyLeaf | EntryLeaf

_KEY_FILE = "SEALDESK-AUDIT-KEY-1 "


class RecipientSecret(Record, frozen=True):
    """The auditor's half of the charter's audit recipient: X25519 secret, ML-KEM-768 seed."""

    x25519: Bytes32
    ml_kem: Bytes64

    def __repr__(self) -> str:
        return "RecipientSecret(...)"  # a trace must not hold secrets

    @property
    def public(self) -> AuditRecipient:
        return AuditRecipient(primitives.dh_public(self.x25519), primitives.kem_public(self.ml_kem))

    def to_text(self) -> str:
        """The auditor's key file: one line."""
        return f"{_KEY_FILE}{base64.b64encode(encode(self)).decode()}\n"

    @classmethod
    def from_text(cls, text: str) -> "RecipientSecret":
        """Raises InvalidKeyError for a file that is none."""
        try:
            return decode(base64.b64decode(text.strip().removeprefix(_KEY_FILE), validate=True), cls)
        except (EncodingError, ValueError) as error:
            raise InvalidKeyError("this file holds no audit key") from error


def _sealing_key(secret: bytes, device: DeviceId, ephemeral: bytes, recipient: bytes, ciphertext: bytes) -> bytes:
    return primitives.kdf(secret, b"", Label.AUDIT_SEAL, device, ephemeral, recipient, ciphertext, length=32)


def parse_leaf(raw: bytes) -> Leaf:
    leaf: Leaf = decode(raw, Leaf)
    return leaf


def seal_epoch(
    recipient: AuditRecipient,
    device: DeviceId,
    epoch: int,
    epoch_key: bytes,
    random: Random,
    encapsulate: Encapsulate = primitives.kem_encapsulate,
) -> bytes:
    """The key leaf that begins an epoch. Draws the ephemeral secret, then the nonce."""
    ephemeral = random(32)
    public = primitives.dh_public(ephemeral)
    ciphertext, shared = encapsulate(recipient.ml_kem)
    secret = primitives.dh(ephemeral, recipient.x25519) + shared
    key = _sealing_key(secret, device, public, recipient.x25519, ciphertext)
    ad = frame(Label.AUDIT_KEY, device, epoch)
    return encode(KeyLeaf(epoch, public, ciphertext, primitives.seal(key, random(24), ad, epoch_key)))


def open_epoch(secret: RecipientSecret, device: DeviceId, leaf: KeyLeaf) -> bytes:
    """The epoch's key, as the auditor reads it. Raises UndecryptableError."""
    own = primitives.dh_public(secret.x25519)
    shared = primitives.kem_decapsulate(secret.ml_kem, leaf.ciphertext)
    combined = primitives.dh(secret.x25519, leaf.ephemeral) + shared
    key = _sealing_key(combined, device, leaf.ephemeral, own, leaf.ciphertext)
    return primitives.unseal(key, frame(Label.AUDIT_KEY, device, leaf.epoch), leaf.sealed)


def seal_entry(device: DeviceId, epoch: int, epoch_key: bytes, index: int, entry: Entry, random: Random) -> bytes:
    """The leaf of an entry that will stand at `index`."""
    ad = frame(Label.AUDIT_ENTRY, device, index)
    return encode(EntryLeaf(epoch, primitives.seal(epoch_key, random(24), ad, encode(entry))))


def open_entry(epoch_key: bytes, device: DeviceId, index: int, leaf: EntryLeaf) -> Entry:
    """The entry at `index`. Raises UndecryptableError, also where the leaf stood at another index."""
    ad = frame(Label.AUDIT_ENTRY, device, index)
    return decode(primitives.unseal(epoch_key, ad, leaf.sealed), Entry)


class AuditLog:
    """One device's audit log by its leaf hashes; the leaves themselves are the caller's to store."""

    def __init__(self, device: DeviceId, leaves: Iterable[bytes] = ()) -> None:
        self._device = device
        self._tree = LogTree()
        self._epoch: int | None = None
        for leaf in leaves:
            self.append(leaf)

    @property
    def device(self) -> DeviceId:
        return self._device

    @property
    def size(self) -> int:
        return self._tree.size

    @property
    def epoch(self) -> int | None:
        """The epoch that entries belong to now."""
        return self._epoch

    def key_leaf(
        self,
        recipient: AuditRecipient,
        epoch_key: bytes,
        random: Random,
        encapsulate: Encapsulate = primitives.kem_encapsulate,
    ) -> bytes:
        """Begins the next epoch. The leaf to store and then to `append`."""
        return seal_epoch(recipient, self._device, self._next_epoch, epoch_key, random, encapsulate)

    def entry_leaf(self, epoch_key: bytes, entry: Entry, random: Random, ahead: int = 0) -> bytes:
        """Seals an entry for the place that follows `ahead` leaves not yet appended. The leaf to store."""
        if self._epoch is None:
            raise InvalidProofError("an audit log begins with the key of its first epoch")
        return seal_entry(self._device, self._epoch, epoch_key, self.size + ahead, entry, random)

    def append(self, raw: bytes) -> None:
        """Takes in a leaf. Raises InvalidProofError where its epoch does not fit its place."""
        leaf = parse_leaf(raw)
        if isinstance(leaf, KeyLeaf):
            if leaf.epoch != self._next_epoch:
                raise InvalidProofError("the epochs of an audit log follow one another")
        elif leaf.epoch != self._epoch:
            raise InvalidProofError("an entry stands outside its epoch")
        self._tree.append(raw)
        self._epoch = leaf.epoch

    @property
    def checkpoint(self) -> Checkpoint:
        return self.checkpoint_at(self.size)

    def checkpoint_at(self, size: int) -> Checkpoint:
        return Checkpoint(checkpoint.audit_origin(self._device), size, self._tree.root(size))

    def signed_checkpoint(self, signing: bytes) -> Note:
        """The head under the device's signature; `signing` is the 32-byte seed."""
        text = self.checkpoint.text
        return Note(text, (note.sign(text, checkpoint.device_name(self._device), signing),))

    def witness_request(self, old_size: int, signed: Note) -> str:
        """The text for the relay's witness: `signed` extends the size that the relay saw last."""
        size = checkpoint.parse(signed.text, checkpoint.audit_origin(self._device)).size
        return checkpoint.add_checkpoint(old_size, self.consistency(old_size, size), signed)

    def consistency(self, old_size: int, size: int) -> list[bytes]:
        return self._tree.consistency(old_size, size)

    @property
    def _next_epoch(self) -> int:
        return 0 if self._epoch is None else self._epoch + 1


def witnessed(signed: Note, line: str, relay: bytes) -> Note:
    """The checkpoint with the relay's answer in it. Raises InvalidNoteError where the line is not the witness's."""
    key = checkpoint.witness_key(relay)
    both = signed.signed_by(note.parse_line(line.rstrip("\n")))
    if not both.verify([key]):
        raise InvalidNoteError("the answer is not this relay's cosignature")
    return both
