"""C2SP signed notes, checkpoints, cosignatures and the witness's request (docs/protocol.md, 14.4, 15, 16.17, 16.18).

https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint, https://c2sp.org/tlog-cosignature, https://c2sp.org/tlog-witness
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from relay_server.problems import NoteInvalid
from relay_server.signing import RelayKey, verify_raw

MAX_NOTE: Final = 16 * 1024
MAX_LINES: Final = 64
MAX_PROOF: Final = 63
RELAY_NAME: Final = "sealdesk/relay"
WITNESS_NAME: Final = "sealdesk/witness"

_ED25519, _COSIGNATURE = 1, 4
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Line:
    """A note's signature line: key name, four bytes that find the key, and what follows them."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"\N{EM DASH} {self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A note whose text is a tree's head. Believe nothing in it before `signed_by` or `cosigned_by` does."""

    origin: str
    size: int
    root: bytes
    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed_by(self, name: str, key: bytes) -> bool:
        """A line under this name and key is there, and each such line holds."""
        lines = self._lines(name, key, _ED25519)
        return bool(lines) and all(verify_raw(key, line.signature, self.text.encode()) for line in lines)

    def cosigned_by(self, name: str, key: bytes) -> tuple[int, Line] | None:
        """When that key cosigned this head, in seconds, and the line that says so; None when it has not."""
        for line in self._lines(name, key, _COSIGNATURE):
            seconds = int.from_bytes(line.signature[:8], "big")
            if verify_raw(key, line.signature[8:], _cosigned(self.text, seconds)):
                return seconds, line
        return None

    def _lines(self, name: str, key: bytes, kind: int) -> list[Line]:
        return [line for line in self.lines if line.name == name and line.key_id == _key_id(name, kind, key)]


def signed(checkpoint: Checkpoint, key: RelayKey) -> Line:
    signature = key.sign_raw(checkpoint.text.encode())
    return Line(RELAY_NAME, _key_id(RELAY_NAME, _ED25519, key.public), signature)


def witnessed(checkpoint: Checkpoint, key: RelayKey, seconds: int) -> Line:
    signature = key.sign_raw(_cosigned(checkpoint.text, seconds))
    return Line(WITNESS_NAME, _key_id(WITNESS_NAME, _COSIGNATURE, key.public), seconds.to_bytes(8, "big") + signature)


def parse(data: bytes, origin: str) -> Checkpoint:
    """A note as a checkpoint of the log `origin`. Raises NoteInvalid."""
    text, lines = _split(_decoded(data))
    fields = text.split("\n")
    if len(fields) != 4 or fields[0] != origin:
        raise NoteInvalid("A checkpoint has three lines: this log's origin, a size, a root.")
    return Checkpoint(origin, _decimal(fields[1]), _hash(fields[2]), tuple(_line(line) for line in lines))


def origin_of(data: bytes) -> str:
    """The log that a note speaks of, before anything about it is believed."""
    return _decoded(data).partition("\n")[0]


def parse_add_checkpoint(data: bytes) -> tuple[int, list[bytes], bytes]:
    """A witness's request: the old size, the consistency proof, the note. Raises NoteInvalid."""
    head, separator, note = data.partition(b"\n\n")
    old, *proof = _decoded(head).split("\n")
    if not separator or not old.startswith("old ") or len(proof) > MAX_PROOF:
        raise NoteInvalid("A witness's request is `old N`, at most 63 hashes, an empty line and a checkpoint.")
    return _decimal(old.removeprefix("old ")), [_hash(line) for line in proof], note


def _decoded(data: bytes) -> str:
    if len(data) > MAX_NOTE:
        raise NoteInvalid("A note has at most 16 KiB.")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise NoteInvalid("A note is UTF-8.") from None
    if any(ord(c) < 32 and c != "\n" for c in text):
        raise NoteInvalid("A note has no control characters.")
    return text


def _split(note: str) -> tuple[str, list[str]]:
    text, separator, tail = note.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise NoteInvalid("A note is text, an empty line, and signature lines.")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_LINES:
        raise NoteInvalid("A note has at most 64 signature lines.")
    return text + "\n", lines


def _line(line: str) -> Line:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\N{EM DASH}" or not _is_key_name(parts[1]):
        raise NoteInvalid("A signature line is a dash, a key's name and a signature.")
    raw = _base64(parts[2])
    if len(raw) < 5:
        raise NoteInvalid("A signature is longer than its key's id.")
    return Line(parts[1], raw[:4], raw[4:])


def _is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)


def _hash(text: str) -> bytes:
    raw = _base64(text)
    if len(raw) != 32:
        raise NoteInvalid("A hash has 32 bytes.")
    return raw


def _base64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteInvalid("Base64 is malformed.") from None
    if base64.b64encode(raw).decode() != text:
        raise NoteInvalid("Base64 is not canonical.")
    return raw


def _decimal(text: str) -> int:
    if not _DECIMAL.fullmatch(text):
        raise NoteInvalid("A size is a decimal number without leading zeros.")
    return int(text)


def _key_id(name: str, kind: int, key: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4]


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
