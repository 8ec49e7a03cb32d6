"""What a web server packed (Content-Encoding), unpacked within bounds: a few bytes may stand for gigabytes."""

import sys
import zlib
from collections.abc import Iterable
from typing import Protocol

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
"""As browsers send it, to the byte. Whatever it names can be unpacked here."""

_WINDOW = 23
"""8 MiB, the most that RFC 9659 lets a web server ask of whoever unpacks zstd."""

_STEP = 64 * 1024
"""Brotli's bound is exceeded by as much as it has been given: it is given little at a time."""


class TooLong(Exception):
    """There is more of it than there may be."""


class NotUnpacked(Exception):
    """It is not packed as was said, is cut, or goes on behind its end."""


class _Unpacking(Protocol):
    def some(self, data: bytes, most: int) -> bytes:
        """What `data` stands for; not all of it only where it is `most` bytes or more."""

    def ended(self) -> bool: ...


class _Plain:
    def some(self, data: bytes, most: int) -> bytes:
        return data

    def ended(self) -> bool:
        return True


class _Zlib:
    def __init__(self, window: int) -> None:
        self._stream = zlib.decompressobj(window)

    def some(self, data: bytes, most: int) -> bytes:
        return self._stream.decompress(data, most)

    def ended(self) -> bool:
        return self._stream.eof and not self._stream.unused_data


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def some(self, data: bytes, most: int) -> bytes:
        more = self._stream.process(data, output_buffer_limit=_STEP)
        content = bytearray(more)
        # That it takes more does not say that it has given all.
        while len(content) < most and (more or not self._stream.can_accept_more_data()):
            more = self._stream.process(b"", output_buffer_limit=_STEP)
            content += more
        return bytes(content)

    def ended(self) -> bool:
        return bool(self._stream.is_finished())


class _Zstandard:
    def __init__(self) -> None:
        self._stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW})

    def some(self, data: bytes, most: int) -> bytes:
        return self._stream.decompress(data, most)

    def ended(self) -> bool:
        return self._stream.eof and not self._stream.unused_data


_BROKEN = (zlib.error, brotli.error, zstd.ZstdError, EOFError)


def _unpacking(encoding: str) -> _Unpacking:
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Zlib(zlib.MAX_WBITS | 16)
        case "deflate":
            return _Zlib(zlib.MAX_WBITS)
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstandard()
    raise NotUnpacked  # nobody asked for it, and browsers do not agree on what they make of it


class Unpacked:
    """Takes bytes as they come, and never holds more than `limit` of what they stand for, nor takes more of them."""

    def __init__(self, encoding: str, limit: int) -> None:
        """`encoding` as Content-Encoding names it. Raises NotUnpacked where nobody asked for that one."""
        self._unpacking = _unpacking(encoding)
        self._content = bytearray()
        self._limit = limit
        self._taken = 0

    def feed(self, data: bytes) -> None:
        """Raises TooLong or NotUnpacked."""
        self._taken += len(data)
        try:
            self._content += self._unpacking.some(data, self._limit + 1 - len(self._content))
        except _BROKEN:
            raise NotUnpacked from None
        if max(self._taken, len(self._content)) > self._limit:
            raise TooLong

    def end(self) -> bytes:
        """All of it. Raises NotUnpacked where something lacks."""
        if not self._unpacking.ended():
            raise NotUnpacked
        return bytes(self._content)


def unpacked(pieces: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """Raises TooLong or NotUnpacked."""
    whole = Unpacked(encoding, limit)
    for piece in pieces:
        whole.feed(piece)
    return whole.end()
