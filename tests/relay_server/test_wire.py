"""One encoding of each value: docs/protocol.md, section 2."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay_server import wire
from relay_server.wire import Malformed
from tests.relay_server.clinic import Clinic, Device, encode, envelope

SHAPES = [value for value in vars(wire).values() if isinstance(value, wire.Shape)]


def longer(data: bytes) -> bytes:
    """The same value with its outermost array spelt longer than needed."""
    assert data[0] & 0xF0 == 0x90
    return b"\xdc\x00" + bytes([data[0] & 0x0F]) + data[1:]


def test_a_value_has_one_spelling() -> None:
    clinic = Clinic()
    device = Device(clinic.fingerprint)
    for shape, data in (
        (wire.ENVELOPES, encode([envelope(bytes(32))])),
        (wire.DISCARD, encode([1, 300, 70_000])),
        (wire.STATEMENT, clinic.statements[0]),
        (wire.CERTIFICATE, device.certificate),
        (wire.CERTIFICATE_CORE, device.core),
        (wire.PREKEY, device.prekey("signed")),
        (wire.RECEIPT_PAYLOAD, device.receipt(bytes(32), bytes(32))[0]),
        (wire.PUBLISH_PREKEYS, encode(device.prekeys())),
        (wire.REGISTRATION, device.invitation(bytes(32))[0]),
    ):
        shape.decode(data)
        for other in (longer(data), data + b"\xc0", data[:-1], b"\x91" + data):
            with pytest.raises(Malformed):
                shape.decode(other)


@pytest.mark.parametrize(
    "number", [b"\xcc\x05", b"\xcd\x00\x05", b"\xcf" + bytes(7) + b"\x05", b"\xd0\x05", b"\xff", b"\xc3"]
)
def test_numbers_are_unsigned_and_short(number: bytes) -> None:
    assert wire.DISCARD.decode(b"\x91\x05") == [5]
    with pytest.raises(Malformed):
        wire.DISCARD.decode(b"\x91" + number)


def test_numbers_end_at_what_javascript_can_count() -> None:
    assert wire.DISCARD.decode(encode([2**53 - 1])) == [2**53 - 1]
    with pytest.raises(Malformed):
        wire.DISCARD.decode(encode([2**53]))


@given(data=st.binary(max_size=200))
def test_random_bytes_are_malformed_or_themselves(data: bytes) -> None:
    for shape in SHAPES:
        try:
            value: Any = shape.decode(data)
        except Malformed as error:
            assert str(error).endswith(".")  # noqa: PT017 -- most bytes are malformed, and some are not
        else:
            assert msgspec.msgpack.encode(value) == data


def test_frames_are_what_readers_take_apart() -> None:
    data = b"".join(
        (
            wire.head_frame(3, bytes(32)),
            wire.HEARTBEAT,
            wire.envelope_frame(7, b"s" * 32, b"e" * 16, 9, b"body", b"slot"),
            wire.receipt_frame(8, b"payload", b"sig"),
            wire.lease_frame(),
            wire.end_frame("stopping"),
        )
    )
    frames = []
    while data:
        size = int.from_bytes(data[:4], "big")
        frames.append(msgspec.msgpack.decode(data[4 : 4 + size]) if size else None)
        data = data[4 + size :]
    assert frames == [
        ["head", 3, bytes(32)],
        None,
        ["envelope", 7, b"s" * 32, b"e" * 16, 9, b"body", b"slot"],
        ["receipt", 8, b"payload", b"sig"],
        ["lease"],
        ["end", "stopping"],
    ]
