"""Files in pieces of any length, and nothing of a damaged one."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_app.protocol import attachment
from agent_app.protocol.errors import DamagedAttachmentError, LimitError
from tests.vectors.files import pattern
from tests.vectors.material import Randomness, flip


def pieces(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    for size in sizes:
        yield data[:size]
        data = data[size:]
    yield data


@given(
    st.integers(0, 200_000), st.lists(st.integers(0, 90_000), max_size=8), st.lists(st.integers(0, 90_000), max_size=8)
)
@settings(max_examples=60)
def test_pieces_of_any_length(size: int, sealing: list[int], opening: list[int]) -> None:
    plaintext = pattern(size)
    whole = attachment.seal_file(plaintext, Randomness("pieces"))
    header = whole.blob[: attachment.HEADER]
    assert b"".join(attachment.seal_chunks(pieces(plaintext, sealing), size, whole.key, header)) == whole.blob
    assert len(whole.blob) == attachment.blob_length(size)
    opened = attachment.open_chunks(pieces(whole.blob, opening), whole.event("a", "b"))
    assert b"".join(opened) == plaintext


@pytest.mark.parametrize("size", [0, 1, 65_534, 65_535, 65_536, 131_071, 131_072, 200_000])
def test_every_byte_of_the_end_matters(size: int) -> None:
    sealed = attachment.seal_file(pattern(size), Randomness("end"))
    file = sealed.event("a", "b")
    assert attachment.open_file(sealed.blob, file) == pattern(size)
    for bad in (sealed.blob[:-1], sealed.blob + b"\x00", flip(sealed.blob), sealed.blob[: attachment.HEADER], b""):
        with pytest.raises(DamagedAttachmentError):
            list(attachment.open_chunks([bad], file))


@given(st.data())
@settings(max_examples=60)
def test_any_flipped_bit(data: st.DataObject) -> None:
    sealed = attachment.seal_file(pattern(70_000), Randomness("flip"))
    index = data.draw(st.integers(0, len(sealed.blob) - 1))
    bad = flip(sealed.blob, index, 1 << data.draw(st.integers(0, 7)))
    with pytest.raises(DamagedAttachmentError):
        list(attachment.open_chunks([bad], sealed.event("a", "b")))


@pytest.mark.parametrize(
    "change", [{"size": 26 * 2**20}, {"size": 69_999}, {"file_hash": bytes(32)}, {"key": bytes(32)}]
)
def test_another_event(change: dict[str, Any]) -> None:
    sealed = attachment.seal_file(pattern(70_000), Randomness("event"))
    file = sealed.event("a", "b")
    if change.get("size", 0) > 25 * 2**20:
        with pytest.raises(LimitError):
            msgspec.structs.replace(file, **change)
    else:
        with pytest.raises(DamagedAttachmentError):
            attachment.open_file(sealed.blob, msgspec.structs.replace(file, **change))


@pytest.mark.parametrize("claimed", [9, 11])
def test_a_plaintext_of_another_length_than_said(claimed: int) -> None:
    with pytest.raises(DamagedAttachmentError):
        list(attachment.seal_chunks([bytes(10)], claimed, bytes(32), bytes(24)))


def test_an_endless_blob_is_refused_at_its_first_byte_too_many() -> None:
    sealed = attachment.seal_file(pattern(100), Randomness("endless"))

    def endless() -> Iterator[bytes]:
        yield sealed.blob
        yield b"more"
        pytest.fail("still reading")

    with pytest.raises(DamagedAttachmentError):
        list(attachment.open_chunks(endless(), sealed.event("a", "b")))


def test_too_large_a_file() -> None:
    with pytest.raises(LimitError):
        next(attachment.seal_chunks([], 25 * 2**20 + 1, bytes(32), bytes(24)))


@given(st.integers(0, 2**40))
def test_padme_adds_little_and_tells_little(length: int) -> None:
    padded = attachment.padme(length)
    assert length <= padded <= length * 1.12 + 1
    assert attachment.padme(padded) == padded


def test_the_key_is_for_one_file() -> None:
    random = Randomness("keys")
    first, second = (attachment.seal_file(b"same", random) for _ in range(2))
    assert first.key != second.key
    assert first.blob != second.blob
    assert first.key.hex() not in repr(first)
