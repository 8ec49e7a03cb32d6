"""Lengths that the libraries below would not mind, or would mind too late."""

from agent_app.protocol import primitives
from agent_app.protocol.labels import Label
from tests.vectors.material import Randomness

SEED = Randomness("primitives")(32)
PUBLIC = primitives.signing_public(SEED)
MESSAGE = b"what is signed"
SIGNATURE = primitives.sign_bytes(SEED, MESSAGE)


def test_a_signature_is_64_bytes() -> None:
    """libsodium takes signature and message in one piece: a byte of one must not pass as a byte of the other."""
    assert primitives.verify_bytes(PUBLIC, SIGNATURE, MESSAGE)
    assert not primitives.verify_bytes(PUBLIC, SIGNATURE + MESSAGE[:1], MESSAGE[1:])
    assert not primitives.verify_bytes(PUBLIC, SIGNATURE[:-1], SIGNATURE[-1:] + MESSAGE)


def test_a_signing_key_is_32_bytes() -> None:
    assert not primitives.verify_bytes(PUBLIC + b"\x00", SIGNATURE, MESSAGE)
    assert not primitives.verify_bytes(PUBLIC[:-1], SIGNATURE, MESSAGE)


def test_secrets_are_compared_whole() -> None:
    assert primitives.equal(b"same", b"same")
    assert not primitives.equal(b"same", b"sane")
    assert not primitives.equal(b"same", b"same ")


def test_a_hash_of_pieces_is_the_hash() -> None:
    hasher = primitives.labelled_hasher(Label.FILE, 6)
    for piece in (b"abc", b"", b"def"):
        hasher.update(piece)
    assert hasher.digest() == primitives.labelled_hash(Label.FILE, b"abcdef")
