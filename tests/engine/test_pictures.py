"""What a phone hides in a photograph does not leave the desk, and the picture stays what it was."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.engine.pictures import PictureRefused, picture_type, without_metadata

PLACE = b"GPS 52.5163 13.3777"


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def exif(orientation: int) -> bytes:
    return b"Exif\0\0II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0) + PLACE


JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
TABLES = segment(0xDB, bytes(65)) + segment(0xC0, bytes(15))
SCAN = (
    segment(0xDA, bytes(10)) + b"pixels\xff\x00more\xff\xd0pixels" + segment(0xC4, bytes(20)) + segment(0xDA, bytes(10))
)


def jpeg(orientation: int = 1) -> bytes:
    hidden = segment(0xE1, exif(orientation)) + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE)
    hidden += segment(0xED, PLACE) + segment(0xFE, PLACE) + segment(0xE2, b"MPF\0" + PLACE)
    return b"\xff\xd8" + JFIF + hidden + TABLES + SCAN + b"end\xff\xd9" + b"\xff\xd8 second picture " + PLACE


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", b"pixels") + chunk(b"IEND", b"")


def png_with_secrets() -> bytes:
    hidden = chunk(b"eXIf", PLACE) + chunk(b"tEXt", PLACE) + chunk(b"iTXt", PLACE) + chunk(b"tIME", bytes(7))
    return PNG[:33] + hidden + PNG[33:] + PLACE


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP"
    for name, data in chunks:
        body += name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_a_jpeg_keeps_its_pixels_and_loses_everything_else() -> None:
    assert without_metadata(jpeg()) == b"\xff\xd8" + JFIF + TABLES + SCAN + b"end\xff\xd9"


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_jpeg_stays_the_right_way_up(orientation: int) -> None:
    cleaned = without_metadata(jpeg(orientation))
    assert PLACE not in cleaned
    assert struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0) in cleaned


def test_a_png_keeps_its_pixels_and_loses_everything_else() -> None:
    assert without_metadata(png_with_secrets()) == PNG


def test_a_webp_keeps_its_pixels_and_loses_everything_else() -> None:
    hidden = riff((b"VP8X", bytes((0x1C, *bytes(9)))), (b"VP8 ", b"pixels!"), (b"EXIF", PLACE), (b"XMP ", PLACE))
    assert without_metadata(hidden + PLACE) == riff((b"VP8X", bytes((0x10, *bytes(9)))), (b"VP8 ", b"pixels!"))


@pytest.mark.parametrize("content", [b"GIF89a", b"\0\0\0\x18ftypheic", b"<svg/>", b"II*\0", b""])
def test_a_picture_that_cannot_be_cleaned_is_refused(content: bytes) -> None:
    assert picture_type(content) == ""
    with pytest.raises(PictureRefused, match="JPEG or PNG"):
        without_metadata(content)


@given(st.sampled_from([jpeg(6), png_with_secrets(), riff((b"VP8X", bytes(10)), (b"EXIF", PLACE))]), st.data())
def test_a_damaged_picture_is_refused_or_clean_and_never_a_crash(content: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(content)))
    byte = data.draw(st.binary(min_size=1, max_size=3))
    try:
        without_metadata(content[:cut] + byte + content[cut + len(byte) :])
    except PictureRefused:
        return


def test_a_long_scan_takes_linear_time() -> None:
    scan = segment(0xDA, bytes(10)) + b"\xff\x00" * 2_000_000
    assert len(without_metadata(b"\xff\xd8" + scan + b"\xff\xd9")) == 4_000_000 + 18
