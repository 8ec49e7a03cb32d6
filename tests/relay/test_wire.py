"""The device's side of section 16: what a relay may say, cut into whatever pieces the network likes."""

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.relay import wire
from agent_app.relay.errors import RelayNonsense

FRAMES: tuple[wire.Frame, ...] = (
    wire.HeadFrame(3, b"r" * 32),
    wire.EnvelopeFrame(1, b"s" * 32, b"e" * 16, 1_700_000_000_000, b"body", b"slot"),
    wire.ReceiptFrame(2, b"payload", b"g" * 64),
    wire.LeaseFrame(),
    wire.EndFrame("stopping"),
)


def framed(frame: wire.Frame) -> bytes:
    data = wire.encode(frame)
    return len(data).to_bytes(4, "big") + data


@given(st.lists(st.sampled_from((*FRAMES, None)), max_size=12), st.data())
def test_frames_come_out_whole_however_the_bytes_arrive(frames: list[wire.Frame | None], data: st.DataObject) -> None:
    stream = b"".join(framed(frame) if frame is not None else bytes(4) for frame in frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader, seen = wire.FrameReader(), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        seen += list(reader.feed(stream[start:end]))
    assert seen == frames


@pytest.mark.parametrize(
    "frame",
    [
        ["envelope", 1, b"s" * 31, b"e" * 16, 0, b"", b""],
        ["envelope", 1, b"s" * 32, b"e" * 16, 0, b"", b"", 0],
        ["envelope", -1, b"s" * 32, b"e" * 16, 0, b"", b""],
        ["envelope", 1, b"s" * 32, b"e" * 16, 0, b"b" * 32_809, b""],
        ["envelope", 1, b"s" * 32, b"e" * 16, 0, b"", b"s" * 4_097],
        ["envelope", 2**53, b"s" * 32, b"e" * 16, 0, b"", b""],
        ["lease", 1],
        ["end", "because"],
        ["unknown"],
        [],
        "head",
        {"head": 1},
    ],
)
def test_a_frame_that_the_specification_does_not_know_is_refused(frame: object) -> None:
    data = msgspec.msgpack.encode(frame)
    with pytest.raises(RelayNonsense):
        list(wire.FrameReader().feed(len(data).to_bytes(4, "big") + data))


def test_a_frame_that_claims_too_much_is_refused_before_it_is_collected() -> None:
    with pytest.raises(RelayNonsense):
        list(wire.FrameReader().feed((wire.FRAME_LIMIT + 1).to_bytes(4, "big")))


def test_a_value_in_a_longer_form_is_refused() -> None:
    assert wire.decode(wire.Waiting, b"\x91\x05") == wire.Waiting(5)
    with pytest.raises(RelayNonsense):
        wire.decode(wire.Waiting, b"\x91\xcc\x05")
    with pytest.raises(RelayNonsense):
        wire.decode(wire.Waiting, b"\x91\x05\x00")


@given(st.binary(max_size=200))
def test_no_bytes_get_past_the_reader_in_another_way(data: bytes) -> None:
    with contextlib.suppress(RelayNonsense):
        list(wire.FrameReader().feed(data))


@pytest.mark.parametrize("token", ["", "two words", "caf\N{LATIN SMALL LETTER E WITH ACUTE}", "a\r\nHost: elsewhere"])
def test_a_token_that_fits_in_no_header_is_refused(token: str) -> None:
    with pytest.raises(RelayNonsense):
        wire.decode(wire.Token, wire.encode((token, 1)))
