"""One encoding of each value: round trips, and no other bytes that read as the same."""

from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_app.protocol import events as e
from agent_app.protocol.content import Content
from agent_app.protocol.encoding import Record, Uint, decode, encode, frame, pad, unpad
from agent_app.protocol.envelope import Envelope
from agent_app.protocol.errors import EncodingError, LimitError, MalformedError
from agent_app.protocol.labels import Label
from agent_app.protocol.prekeys import Bundle, Prekey
from agent_app.protocol.receipt import Accepted, Receipt, ReceiptPayload
from agent_app.protocol.slot import Slot, SlotPlaintext
from tests.vectors.material import device
from tests.vectors.messages import sample_events

B16, B32, B64 = (st.binary(min_size=n, max_size=n) for n in (16, 32, 64))
UINT = st.integers(0, 2**53 - 1)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
IDENTIFIERS = st.lists(
    st.builds(e.Identifier, st.just("phone"), st.from_regex("[0-9]{1,12}", fullmatch=True)), max_size=2
).map(tuple)

EVENTS = st.one_of(
    st.builds(e.Open, B16, st.binary(max_size=300), UINT, B32),
    st.builds(e.Text, TEXT),
    st.builds(e.File, TEXT, TEXT, st.integers(0, 25 * 2**20), B32, B32, B32, B16, B16, TEXT),
    st.builds(e.Read, st.lists(st.builds(e.ReadMark, B32, UINT), max_size=5).map(tuple)),
    st.builds(e.Verdict, B32, B32, st.just("passed"), st.integers(1, 2), UINT),
    st.builds(e.Transfer, B32, TEXT),
    st.builds(e.Tag, TEXT.filter(lambda t: len(t.encode()) <= 64), st.booleans()),
    st.builds(e.PatientLabel, TEXT, IDENTIFIERS),
    st.builds(e.Reason, TEXT),
    st.builds(e.Invite, st.binary(max_size=99), B64, B16, st.just("12"), IDENTIFIERS, TEXT, TEXT),
    st.builds(e.History, B32, st.lists(st.builds(e.SignedContent, st.binary(max_size=99), B64), max_size=4).map(tuple)),
    st.sampled_from(sample_events(device("alice").device)),
)


@given(EVENTS)
def test_round_trip(event: e.Event) -> None:
    assert decode(encode(event), e.Event) == event


@given(EVENTS, st.data())
@settings(max_examples=400)
def test_a_changed_byte_is_refused_or_another_value(event: e.Event, data: st.DataObject) -> None:
    encoded = bytearray(encode(event))
    encoded[data.draw(st.integers(0, len(encoded) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        value = decode(bytes(encoded), e.Event)
    except (EncodingError, LimitError):
        return
    assert value != event
    assert encode(value) == encoded


KINDS: list[Any] = [e.Event, Content, Slot, SlotPlaintext, Prekey, Bundle, Envelope, Accepted, Receipt, ReceiptPayload]


@given(st.sampled_from(KINDS), st.binary(max_size=400))
def test_noise_is_refused_with_our_error(kind: Any, noise: bytes) -> None:
    with suppress(EncodingError, LimitError):
        assert encode(decode(noise, kind)) == noise


JSON_LIKE = st.recursive(
    st.one_of(st.none(), st.booleans(), UINT, st.binary(max_size=40), TEXT),
    lambda children: st.lists(children, max_size=12),
    max_leaves=30,
)


@given(st.sampled_from(KINDS), JSON_LIKE)
def test_values_of_another_shape_are_refused_with_our_error(kind: Any, value: Any) -> None:
    encoded = msgspec.msgpack.encode(value)
    with suppress(MalformedError, LimitError):
        assert encode(decode(encoded, kind)) == encoded


class _Pair(Record, frozen=True):
    a: Uint
    b: bytes


@pytest.mark.parametrize("name", ["a", "b"])
def test_values_are_frozen(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(_Pair(1, b""), name, 2)


def test_a_lone_surrogate_is_not_written() -> None:
    with pytest.raises(MalformedError):
        encode("\ud800")
    with pytest.raises(MalformedError):
        e.Text("\ud800")


@given(st.lists(st.one_of(st.binary(max_size=9), TEXT, UINT), max_size=4), st.sampled_from(Label))
def test_frames_tell_all_lists_apart(fields: list[Any], label: Label) -> None:
    """Read a frame back: what is in it is the label and the fields, nothing less."""
    data, parts = frame(label, *fields), []
    while data:
        length = int.from_bytes(data[:4], "big")
        parts.append(data[4 : 4 + length])
        data = data[4 + length :]

    def as_bytes(field: Any) -> bytes:
        return (
            field.to_bytes(8, "big") if isinstance(field, int) else field.encode() if isinstance(field, str) else field
        )

    assert parts == [f"sealdesk/1/{label}".encode(), *map(as_bytes, fields)]


@given(st.binary(max_size=300), st.integers(1, 50))
def test_padding(data: bytes, extra: int) -> None:
    padded = pad(data, len(data) + extra)
    assert len(padded) == len(data) + extra
    assert unpad(padded) == data


def test_padding_needs_a_byte() -> None:
    with pytest.raises(MalformedError):
        pad(b"full", 4)


@pytest.mark.parametrize("bad", [b"", bytes(9), b"x", b"x\x80\x01"])
def test_unpadding_refuses(bad: bytes) -> None:
    with pytest.raises(MalformedError):
        unpad(bad)


@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (lambda: e.Text("é" * 7681), "text"),
        (lambda: e.Note("x" * 4097), "note"),
        (lambda: e.Tag("x" * 65, True), "tag"),
        (lambda: e.Close("x" * 65), "outcome"),
        (lambda: e.Transfer(device("bob").device, "x" * 4097), "note"),
        (lambda: e.Name(device("bob").device, "x" * 201, bytes(32)), "name"),
        (lambda: e.PatientLabel("x" * 201, ()), "name"),
        (lambda: e.Reason("x" * 201), "reason"),
        (lambda: e.PatientLabel("", (e.Identifier("phone", "1"),) * 3), "identifiers"),
        (lambda: e.Identifier("phone", "1" * 33), "identifier"),
        (lambda: e.Read(tuple(e.ReadMark(device("bob").device, i) for i in range(65))), "read marks"),
        (lambda: e.History(bytes(32), (e.SignedContent(b"", bytes(64)),) * 51), "history"),  # type: ignore[arg-type]
        (lambda: e.Invite(b"", bytes(64), bytes(16), "x" * 17, (), "", ""), "code"),
        (lambda: e.Invite(b"", bytes(64), bytes(16), "", (), "x" * 201, ""), "name"),
        (lambda: e.Invite(b"", bytes(64), bytes(16), "", (), "", "x" * 201), "reason"),
        (lambda: e.Invite(b"", bytes(64), bytes(16), "", (e.Identifier("phone", "1"),) * 3, "", ""), "identifiers"),
        (lambda: _file(name="x" * 201), "name"),
        (lambda: _file(media_type="x" * 201), "name"),
        (lambda: _file(size=25 * 2**20 + 1), "file"),
        (lambda: _file(caption="x" * (15 * 1024 + 1)), "text"),
    ],
)
def test_limits_are_checked_where_an_event_is_made(make: Any, limit: str) -> None:
    with pytest.raises(LimitError) as caught:
        make()
    assert caught.value.limit == limit


def _file(name: str = "", media_type: str = "", size: int = 0, caption: str = "") -> e.File:
    h: Any = bytes(32)
    return e.File(name, media_type, size, h, h, h, bytes(16), bytes(16), caption)
