"""Files: sealed in chunks, padded so that the size tells little: docs/protocol.md, section 12."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from . import limits, primitives
from .errors import DamagedAttachmentError, ProtocolError
from .events import File
from .keys import BlobId
from .labels import Label
from .primitives import Random

CHUNK = 65_536  # bytes of plaintext
HEADER = 24
OVERHEAD = 17  # bytes that each chunk grows by
_MESSAGE, _FINAL = 0, sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL


def padme(length: int) -> int:
    """The Padmé length: at most 12 per cent more, and only O(log log length) bits of it known (PURBs, PETS 2019)."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def padded_length(size: int) -> int:
    """Of a plaintext of `size` bytes, with at least the byte 0x80 behind it."""
    return padme(size + 1)


def blob_length(size: int) -> int:
    """Of the blob that holds a plaintext of `size` bytes."""
    padded = padded_length(size)
    return HEADER + padded + OVERHEAD * -(-padded // CHUNK)


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A blob to upload, and what the `file` event says about it."""

    blob: bytes = field(repr=False)
    blob_id: BlobId
    size: int
    file_hash: bytes
    key: bytes = field(repr=False)
    read_secret: bytes = field(repr=False)
    delete_secret: bytes = field(repr=False)

    def event(self, name: str, media_type: str, caption: str = "") -> File:
        secrets = (self.key, self.blob_id, self.read_secret, self.delete_secret)
        return File(name, media_type, self.size, self.file_hash, *secrets, caption)


def seal_file(plaintext: bytes, random: Random) -> SealedFile:
    """Draws the key (32), the stream's header (24), the read secret (16) and the delete secret (16)."""
    key, header = random(32), random(HEADER)
    blob = b"".join(seal_chunks([plaintext], len(plaintext), key, header))
    file_hash = primitives.labelled_hash(Label.FILE, plaintext)
    return SealedFile(blob, blob_id(blob), len(plaintext), file_hash, key, random(16), random(16))


def open_file(blob: bytes, file: File) -> bytes:
    """The verified plaintext. Raises DamagedAttachmentError, whatever is wrong, and returns nothing then."""
    if blob_id(blob) != file.blob:
        raise DamagedAttachmentError("hash of the blob")
    return b"".join(open_chunks([blob], file))


def blob_id(blob: bytes) -> BlobId:
    return BlobId(primitives.labelled_hash(Label.BLOB, blob))


def read_hash(secret: bytes) -> bytes:
    """What the relay keeps, to recognise who may read the blob."""
    return primitives.labelled_hash(Label.BLOB_READ, secret)


def delete_hash(secret: bytes) -> bytes:
    """What the relay keeps, to recognise who may delete the blob."""
    return primitives.labelled_hash(Label.BLOB_DELETE, secret)


def seal_chunks(plaintext: Iterable[bytes], size: int, key: bytes, header: bytes) -> Iterator[bytes]:
    """The blob, piece by piece, of a plaintext of `size` bytes that comes in pieces of any length.

    `header` is 24 random bytes, never used twice with one key. Raises LimitError before the first piece.
    """
    limits.FILE.check(size)
    state = _stream(key, header)
    yield header
    padding = b"\x80" + bytes(padded_length(size) - size - 1)
    chunks = _rechunk(_exactly(plaintext, size, padding), CHUNK)
    for chunk, is_last in _marked(chunks):
        tag = _FINAL if is_last else _MESSAGE
        yield sodium.crypto_secretstream_xchacha20poly1305_push(state, chunk, None, tag)


def open_chunks(blob: Iterable[bytes], file: File) -> Iterator[bytes]:
    """The plaintext, piece by piece, of a blob that comes in pieces of any length.

    What it yields is not verified until it has ended without DamagedAttachmentError: keep it where nobody sees it.
    """
    try:
        yield from _verified(_padded_chunks(blob, file), file)
    except (CryptoError, ProtocolError) as error:
        raise DamagedAttachmentError from error


def _padded_chunks(blob: Iterable[bytes], file: File) -> Iterator[bytes]:
    """Decrypted chunks, each checked for its length and tag; the last, and only the last, is final."""
    pieces = _rechunk(_exactly(blob, blob_length(file.size)), CHUNK + OVERHEAD, first=HEADER)
    state = _stream(file.key, next(pieces))
    for piece, is_last in _marked(pieces):
        chunk, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, piece)
        if tag != (_FINAL if is_last else _MESSAGE):
            raise DamagedAttachmentError("final tag")
        yield chunk


def _verified(chunks: Iterable[bytes], file: File) -> Iterator[bytes]:
    """The plaintext without its padding; size, padding and hash are checked on the way and at the end."""
    digest = primitives.labelled_hasher(Label.FILE, file.size)
    left, padding = file.size, b""
    for chunk in chunks:
        plaintext, rest = chunk[:left], chunk[left:]
        digest.update(plaintext)
        padding += rest
        left -= len(plaintext)
        yield plaintext
    if padding != b"\x80" + bytes(len(padding) - 1):
        raise DamagedAttachmentError("padding")
    if digest.digest() != file.file_hash:
        raise DamagedAttachmentError("hash of the file")


def _stream(key: bytes, header: bytes) -> sodium.crypto_secretstream_xchacha20poly1305_state:
    # libsodium's init_push draws the header itself; init_pull makes the very same state from a given one, and
    # randomness is an argument here. A state serves one direction only.
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    return state


def _exactly(pieces: Iterable[bytes], size: int, tail: bytes = b"") -> Iterator[bytes]:
    """The pieces and then `tail`; raises DamagedAttachmentError unless the pieces are `size` bytes in all."""
    for piece in pieces:
        size -= len(piece)
        if size < 0:
            raise DamagedAttachmentError("too long")
        yield piece
    if size:
        raise DamagedAttachmentError("too short")
    yield tail


def _rechunk(pieces: Iterable[bytes], length: int, first: int = 0) -> Iterator[bytes]:
    """The same bytes in pieces of `length`, the last one shorter; with `first`, one of that length before them."""
    held, wanted = bytearray(), first or length
    for piece in pieces:
        held += piece
        while len(held) >= wanted:
            yield bytes(held[:wanted])
            del held[:wanted]
            wanted = length
    if held:
        yield bytes(held)


def _marked(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each piece with whether it is the last."""
    before = next(pieces, None)
    for piece in pieces:
        if before is not None:
            yield before, False
        before = piece
    if before is not None:
        yield before, True
