"""Takes place, time, camera and owner's name out of pictures before they are sealed.

The pixels stay as they are: segments are left out, nothing is encoded anew. What cannot be cleaned is refused,
since a photograph from a phone tells where a patient lives. Of EXIF only the orientation is written again.
"""

import struct
from collections.abc import Iterator

from agent_app.protocol.errors import SpokenError

_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs", b"sBIT", b"bKGD")
)
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_EXIF_AND_XMP = 0x08 | 0x04
_ORIENTATION = 0x0112


class PictureRefused(SpokenError):
    code = "picture.refused"
    sentence = "Hidden data in this kind of picture cannot be removed."
    action = "Save it as JPEG or PNG first."


class PictureDamaged(PictureRefused):
    code = "picture.damaged"
    sentence = "This picture is damaged."
    action = "Open it, save it anew, and send the new file."


def picture_type(content: bytes) -> str:
    """The media type of a picture that can be cleaned, judged by its first bytes, or ""."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(_PNG):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return ""


def without_metadata(content: bytes) -> bytes:
    """`content`, a JPEG, PNG or WebP picture, without what its pixels do not need. Raises PictureRefused."""
    clean = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(picture_type(content))
    if clean is None:
        raise PictureRefused
    try:
        return clean(content)
    except (IndexError, struct.error) as error:
        raise PictureDamaged from error


def _jpeg(content: bytes) -> bytes:
    out = bytearray(b"\xff\xd8")
    orientation = 1
    kept = bytearray()
    at = 2
    while True:
        marker, at = _next_marker(content, at)
        if marker == _END:
            break  # what follows the end may be a second picture, with EXIF of its own
        (length,) = struct.unpack_from(">H", content, at)
        segment = content[at : at + length]
        if length < 2 or len(segment) < length:
            raise IndexError
        at += length
        if marker == 0xE1 and segment[2:8] == b"Exif\0\0":
            orientation = _orientation(segment[8:])
        if _jpeg_keeps(marker, segment[2:]):
            kept += bytes((0xFF, marker)) + segment
        if marker == _SCAN:
            end = _scan_end(content, at)
            kept += content[at:end]
            at = end
    if orientation != 1:
        out += _orientation_segment(orientation)
    return bytes(out + kept + b"\xff\xd9")


def _next_marker(content: bytes, at: int) -> tuple[int, int]:
    if content[at] != 0xFF:
        raise IndexError
    while content[at] == 0xFF:
        at += 1
    return content[at], at + 1


def _jpeg_keeps(marker: int, data: bytes) -> bool:
    if marker == _COMMENT:
        return False
    if not 0xE0 <= marker <= 0xEF:
        return True
    return marker == 0xE0 or marker == 0xEE or (marker == 0xE2 and data.startswith(b"ICC_PROFILE\0"))


def _scan_end(content: bytes, at: int) -> int:
    """Where the next marker stands that is neither a stuffed byte nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise IndexError
        following = content[at + 1]
        if following != 0x00 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2


def _orientation(tiff: bytes) -> int:
    """1..8 from the first directory of EXIF; 1 when it does not say, or is damaged."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (offset,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, offset)
        for entry in range(min(count, 256)):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, offset + 2 + 12 * entry)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _orientation_segment(orientation: int) -> bytes:
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    data = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data


def _png(content: bytes) -> bytes:
    out = bytearray(_PNG)
    at = len(_PNG)
    while True:
        (length,) = struct.unpack_from(">I", content, at)
        chunk = content[at : at + 12 + length]
        if len(chunk) < 12 + length:
            raise IndexError
        at += len(chunk)
        if chunk[4:8] in _PNG_KEPT:
            out += chunk
        if chunk[4:8] == b"IEND":
            return bytes(out)


def _webp(content: bytes) -> bytes:
    (size,) = struct.unpack_from("<I", content, 4)
    body = bytearray(b"WEBP")
    for name, data in _riff_chunks(content[12 : 8 + size]):
        if name in _WEBP_KEPT:
            if name == b"VP8X":
                data = bytes((data[0] & ~_WEBP_EXIF_AND_XMP,)) + data[1:]
            body += name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + bytes(body)


def _riff_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(content):
        name = content[at : at + 4]
        (length,) = struct.unpack_from("<I", content, at + 4)
        data = content[at + 8 : at + 8 + length]
        if len(data) < length:
            raise IndexError
        yield name, data
        at += 8 + length + length % 2
