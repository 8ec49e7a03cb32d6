"""C2SP signed notes (https://c2sp.org/signed-note) and cosignature/v1 (https://c2sp.org/tlog-cosignature).

A note is text, an empty line, and signature lines. What a signature covers depends on its key's type:

    Ed25519          the text
    cosignature/v1   "cosignature/v1\\ntime <seconds>\\n" and the text; the line carries the time

Lines by keys that the caller does not know are ignored, as the specification demands: that is how a log adds
a witness without breaking old readers. A line by a known key that does not verify refuses the whole note.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

from agent_app.protocol import primitives
from agent_app.protocol.errors import InvalidNoteError

MAX_NOTE = 16 * 1024
"""Bytes. The clinic has at most 16 administrators and some supervisors; a line is under 250 bytes."""
MAX_SIGNATURES = 64
"""The specification asks for at least 16."""
MAX_SECONDS = (2**53 - 1) // 1000
"""So that milliseconds stay an integer that every implementation can hold."""

_DASH = "\N{EM DASH} "


class KeyType(IntEnum):
    """The signature type identifiers that Sealdesk knows."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A verifier's key: name, 32-byte Ed25519 public key, type."""

    name: str
    public: bytes
    type: KeyType = KeyType.ED25519

    @property
    def id(self) -> bytes:
        """Four bytes. Short on purpose: it finds a key and proves nothing."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line, not yet verified."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """With its newline."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that holds. `time` is in milliseconds for a cosignature, None for a plain signature."""

    key: NoteKey
    time: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """`text` ends in a newline. Nothing in it may be believed before `verify` has returned."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def format(self) -> str:
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)

    def signed_by(self, signature: NoteSignature) -> "Note":
        """With one more line; a line of the same key is replaced."""
        kept = [s for s in self.signatures if (s.name, s.key_id) != (signature.name, signature.key_id)]
        return replace(self, signatures=(*kept, signature))

    def verify(self, keys: Iterable[NoteKey]) -> tuple[Verified, ...]:
        """The signatures by `keys`, each of which holds, in the order of their lines; there may be none.

        Raises InvalidNoteError when a line by a known key does not verify.
        """
        known = {(key.name, key.id): key for key in keys}
        pairs = ((known.get((line.name, line.key_id)), line) for line in self.signatures)
        return tuple(_verified(self.text, key, line) for key, line in pairs if key is not None)


def sign(text: str, key_name: str, seed: bytes) -> NoteSignature:
    """A plain Ed25519 line over `text`."""
    key = NoteKey(key_name, primitives.signing_public(seed))
    return NoteSignature(key_name, key.id, primitives.sign_bytes(seed, text.encode()))


def cosign(text: str, key_name: str, seed: bytes, now: int) -> NoteSignature:
    """A cosignature/v1 line over a checkpoint's `text`. `now` in milliseconds; the line carries whole seconds."""
    key = NoteKey(key_name, primitives.signing_public(seed), KeyType.COSIGNATURE)
    seconds = now // 1000
    signature = primitives.sign_bytes(seed, _cosigned(text, seconds))
    return NoteSignature(key_name, key.id, seconds.to_bytes(8, "big") + signature)


def parse(data: bytes | str) -> Note:
    """Takes a note apart. Raises InvalidNoteError; says nothing about who signed."""
    text, signatures = _split(_decoded(data))
    if not 1 <= len(signatures) <= MAX_SIGNATURES:
        raise InvalidNoteError(f"a note carries 1 to {MAX_SIGNATURES} signatures")
    return Note(text, tuple(parse_line(line) for line in signatures))


def parse_line(line: str) -> NoteSignature:
    """One signature line, without its newline."""
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2:
        raise InvalidNoteError("a signature line is a dash, a name and a signature")
    name, encoded = parts
    if not _is_key_name(name):
        raise InvalidNoteError("a key's name is empty or holds a space or a plus")
    raw = decode_base64(encoded)
    if len(raw) < 5:
        raise InvalidNoteError("a signature is shorter than its key id")
    return NoteSignature(name, raw[:4], raw[4:])


def decode_base64(text: str) -> bytes:
    """Standard base64 in its one canonical form: two spellings of one signature would be two notes."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidNoteError("base64 is malformed") from error
    if base64.b64encode(raw).decode() != text:
        raise InvalidNoteError("base64 is not canonical")
    return raw


def _decoded(data: bytes | str) -> str:
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    if len(raw) > MAX_NOTE:
        raise InvalidNoteError(f"a note is at most {MAX_NOTE} bytes long")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidNoteError("a note is UTF-8 text") from error
    if any(character < " " and character != "\n" for character in text):
        raise InvalidNoteError("a note holds no control characters")
    return text


def _split(note: str) -> tuple[str, list[str]]:
    # The text may hold empty lines; the last one parts it from the signatures.
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not text or not lines.endswith("\n"):
        raise InvalidNoteError("a note is text, an empty line, and signature lines")
    return text + "\n", lines[:-1].split("\n")


def _is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _verified(text: str, key: NoteKey, line: NoteSignature) -> Verified:
    if key.type is KeyType.ED25519:
        time, message, signature = None, text.encode(), line.signature
    else:
        seconds = int.from_bytes(line.signature[:8], "big")
        if seconds > MAX_SECONDS:
            raise InvalidNoteError(f"the cosignature by {key.name} carries an impossible time")
        time, message, signature = seconds * 1000, _cosigned(text, seconds), line.signature[8:]
    if not primitives.verify_bytes(key.public, signature, message):
        raise InvalidNoteError(f"the signature by {key.name} does not verify")
    return Verified(key, time)
