"""Checkpoints and the witness's request."""

import pytest

from agent_app.protocol.errors import InvalidNoteError
from agent_app.transparency import checkpoint, note
from agent_app.transparency.checkpoint import Checkpoint
from agent_app.transparency.note import Note

from .clinic import Clinic, secret

ORIGIN = "sealdesk/clinic/" + "ab" * 32
HEAD = Checkpoint(ORIGIN, 20852163, secret("root"))


def test_a_checkpoint_comes_back_from_its_text() -> None:
    assert checkpoint.parse(HEAD.text, ORIGIN) == HEAD
    assert HEAD.text.startswith(f"{ORIGIN}\n20852163\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("clinic/", "audit/"),
        ("\n20852163", "\n020852163"),
        ("\n20852163", "\n+20852163"),
        ("\n20852163", "\n20852163 "),
        ("\n20852163", "\n"),
        ("\n20852163", "\n\u0661"),
        ("=\n", "=\nextension\n"),
        ("=\n", "="),
        ("=\n", "\n"),
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused(before: str, after: str) -> None:
    assert before in HEAD.text
    with pytest.raises(InvalidNoteError):
        checkpoint.parse(HEAD.text.replace(before, after), ORIGIN)


@pytest.mark.parametrize("length", [31, 33])
def test_a_root_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(InvalidNoteError):
        checkpoint.parse(Checkpoint(ORIGIN, 7, secret("root", length)).text, ORIGIN)


def test_the_heads_note_is_the_relays() -> None:
    clinic = Clinic()
    stated, signed = checkpoint.opened(clinic.head_note().format(), clinic.log.checkpoint.origin)

    assert stated == clinic.log.checkpoint
    assert signed.verify([checkpoint.relay_key(clinic.relay.key)])
    assert not signed.verify([checkpoint.witness_key(clinic.relay.key)])


def test_a_witness_request_comes_back_whole() -> None:
    signed = Note(HEAD.text, (note.sign(HEAD.text, "log", secret("log")),))
    proof = [secret("a"), secret("b")]

    request = checkpoint.add_checkpoint(7, proof, signed)

    assert request.startswith("old 7\n")
    assert checkpoint.parse_add_checkpoint(request) == (7, tuple(proof), signed)
    assert checkpoint.parse_add_checkpoint(checkpoint.add_checkpoint(0, [], signed)) == (0, (), signed)


@pytest.mark.parametrize("head", ["old 07", "old", "new 7", "old 7\nAAAA", "old 7\n" + "A" * 44, "old -1", ""])
def test_a_request_with_another_head_is_refused(head: str) -> None:
    signed = Note(HEAD.text, (note.sign(HEAD.text, "log", secret("log")),))
    with pytest.raises(InvalidNoteError):
        checkpoint.parse_add_checkpoint(f"{head}\n\n{signed.format()}")


def test_a_proof_of_64_hashes_is_refused() -> None:
    signed = Note(HEAD.text, (note.sign(HEAD.text, "log", secret("log")),))
    checkpoint.parse_add_checkpoint(checkpoint.add_checkpoint(7, [secret("a")] * 63, signed))
    with pytest.raises(InvalidNoteError):
        checkpoint.parse_add_checkpoint(checkpoint.add_checkpoint(7, [secret("a")] * 64, signed))
