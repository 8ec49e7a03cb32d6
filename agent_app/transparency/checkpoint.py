"""C2SP checkpoints (https://c2sp.org/tlog-checkpoint) and the witness's request (https://c2sp.org/tlog-witness).

docs/protocol.md sections 14.4, 15 and 16.18.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent_app.protocol.errors import InvalidNoteError
from agent_app.transparency import note
from agent_app.transparency.note import KeyType, Note, NoteKey

RELAY_NAME = "sealdesk/relay"
WITNESS_NAME = "sealdesk/witness"
MAX_PROOF = 63
"""Hashes in a witness request: the tree would hold 2^63 leaves."""

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's head by name: origin line, number of leaves, 32-byte RFC 6962 root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The body that is signed. Sealdesk writes no extension lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def clinic_origin(clinic: bytes) -> str:
    return f"sealdesk/clinic/{clinic.hex()}"


def audit_origin(device: bytes) -> str:
    return f"sealdesk/audit/{device.hex()}"


def relay_key(public: bytes) -> NoteKey:
    """The relay as the clinic log's signer."""
    return NoteKey(RELAY_NAME, public)


def witness_key(public: bytes) -> NoteKey:
    """The relay as the witness of audit logs."""
    return NoteKey(WITNESS_NAME, public, KeyType.COSIGNATURE)


def cosigner_name(cosigning: bytes) -> str:
    return f"sealdesk/cosigner/{cosigning.hex()}"


def cosigner_key(cosigning: bytes) -> NoteKey:
    return NoteKey(cosigner_name(cosigning), cosigning, KeyType.COSIGNATURE)


def device_name(device: bytes) -> str:
    return f"sealdesk/device/{device.hex()}"


def device_key(device: bytes, signing: bytes) -> NoteKey:
    """A device as its own audit log's signer."""
    return NoteKey(device_name(device), signing)


def parse(text: str, origin: str) -> Checkpoint:
    """A note's text as the checkpoint of the log `origin`. Raises InvalidNoteError.

    Extension lines are refused: nobody could audit them.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise InvalidNoteError("a checkpoint is three lines: origin, size, root")
    if lines[0] != origin:
        raise InvalidNoteError(f"the checkpoint is of another log than {origin}")
    root = note.decode_base64(lines[2])
    if len(root) != 32:
        raise InvalidNoteError("a checkpoint's root is 32 bytes long")
    return Checkpoint(origin, _decimal(lines[1]), root)


def opened(data: bytes | str, origin: str) -> tuple[Checkpoint, Note]:
    """A note and the checkpoint that it carries. Its signatures are not verified yet."""
    signed = note.parse(data)
    return parse(signed.text, origin), signed


def add_checkpoint(old_size: int, proof: Sequence[bytes], checkpoint: Note) -> str:
    """The witness request: the size that the witness saw last, the consistency proof from it, the note."""
    lines = [f"old {old_size}", *(base64.b64encode(node).decode() for node in proof)]
    return "\n".join(lines) + "\n\n" + checkpoint.format()


def parse_add_checkpoint(text: str) -> tuple[int, tuple[bytes, ...], Note]:
    """The reverse of `add_checkpoint`, as a witness reads it. Raises InvalidNoteError."""
    head, separator, checkpoint = text.partition("\n\n")
    old, *proof = head.split("\n")
    if not separator or not old.startswith("old ") or len(proof) > MAX_PROOF:
        raise InvalidNoteError("a witness request is the old size, a proof, an empty line, and a checkpoint")
    nodes = tuple(note.decode_base64(line) for line in proof)
    if any(len(node) != 32 for node in nodes):
        raise InvalidNoteError("a proof's hash is 32 bytes long")
    return _decimal(old.removeprefix("old ")), nodes, note.parse(checkpoint)


def _decimal(text: str) -> int:
    if not _DECIMAL.fullmatch(text):
        raise InvalidNoteError("a size is a decimal number without leading zeros")
    return int(text)
