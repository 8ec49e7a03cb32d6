"""Signed notes and cosignatures, against the C2SP texts and another implementation's example."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from agent_app.protocol import primitives
from agent_app.protocol.errors import InvalidNoteError
from agent_app.transparency import note
from agent_app.transparency.note import KeyType, Note, NoteKey, Verified

from .clinic import START
from .notes import FAULTY_NOTES, KEYS, LOG, NOTE, PETER_KEY, PETER_NOTE, SIGNED, TEXT, WITNESS


def test_the_example_of_another_implementation_verifies_and_is_written_the_same() -> None:
    parsed = note.parse(PETER_NOTE)

    assert PETER_KEY.id.hex() == "c74f20a3"
    assert parsed.verify([PETER_KEY]) == (Verified(PETER_KEY, None),)
    assert parsed.format() == PETER_NOTE


def test_every_known_line_is_verified_and_strangers_are_passed_over() -> None:
    verified = note.parse(NOTE).verify(KEYS)

    assert [(line.key.name, line.time) for line in verified] == [
        ("log", None),
        ("witness/1", START),
        ("witness/2", START + 1_000),
    ]
    assert note.parse(NOTE).verify([PETER_KEY]) == ()


@pytest.mark.parametrize("name", FAULTY_NOTES)
def test_a_note_with_one_fault_is_refused(name: str) -> None:
    with pytest.raises(InvalidNoteError):
        note.parse(FAULTY_NOTES[name][1]).verify(KEYS)


def test_the_text_may_hold_empty_lines() -> None:
    text = "one\n\ntwo\n\n\nthree\n"
    signed = Note(text, (note.sign(text, "log", LOG),))

    assert note.parse(signed.format()) == signed
    assert note.parse(signed.format()).verify(KEYS)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InvalidNoteError):
        note.parse(NOTE.encode() + b"\xff")
    with pytest.raises(InvalidNoteError):
        note.parse(NOTE.replace("stranger", "\ud800"))


def test_one_key_has_different_ids_for_different_uses() -> None:
    public = primitives.signing_public(LOG)

    assert NoteKey("log", public).id != NoteKey("log", public, KeyType.COSIGNATURE).id


def test_a_plain_signature_is_no_cosignature() -> None:
    plain = note.sign(TEXT, "witness/1", WITNESS)
    disguised = note.NoteSignature("witness/1", KEYS[1].id, bytes(8) + plain.signature)

    with pytest.raises(InvalidNoteError):
        Note(TEXT, (disguised,)).verify(KEYS)


def test_a_later_cosignature_of_one_key_replaces_the_earlier() -> None:
    again = SIGNED.signed_by(note.cosign(TEXT, "witness/1", WITNESS, START + 5_000))

    assert len(again.signatures) == len(SIGNED.signatures)
    assert Verified(KEYS[1], START + 5_000) in again.verify(KEYS)


@given(
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1), st.binary(min_size=32, max_size=32)
)
def test_whatever_is_signed_comes_back(line: str, seed: bytes) -> None:
    text = line + "\n"
    signed = Note(text, (note.sign(text, "log", seed),))

    assert note.parse(signed.format()) == signed
    assert note.parse(signed.format()).verify([NoteKey("log", primitives.signing_public(seed))])


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_noise_is_refused(noise: bytes | str) -> None:
    with pytest.raises(InvalidNoteError):
        note.parse(noise)


def test_a_cosignature_is_what_the_specification_spells_out() -> None:
    body = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    public = primitives.signing_public(WITNESS)

    line = note.cosign(body, "witness.example.com/w1", WITNESS, 1_679_315_147_000).line

    head, name, encoded = line.removesuffix("\n").split(" ")
    raw = base64.b64decode(encoded)
    assert (head, name) == ("—", "witness.example.com/w1")
    assert raw[:4] == hashlib.sha256(b"witness.example.com/w1\n\x04" + public).digest()[:4]
    assert int.from_bytes(raw[4:12], "big") == 1_679_315_147
    signed = "cosignature/v1\ntime 1679315147\n" + body
    Ed25519PublicKey.from_public_bytes(public).verify(raw[12:], signed.encode())
