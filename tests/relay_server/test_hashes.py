"""Hashes and trees against RFC 6962 as the tests write it out."""

import os
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from relay_server import hashes
from relay_server.signing import RelayKey, is_x25519_key, verify, verify_raw
from tests.relay_server import clinic
from tests.relay_server.test_envelopes import climb

leaves = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


def test_frames_and_hashes() -> None:
    assert hashes.frame("body", b"ab", 7, "é") == clinic.frame("body", b"ab", 7, "é")
    assert hashes.H("slot", b"x") == clinic.H("slot", b"x")
    assert hashes.body_hash(b"body") == clinic.H("body", b"body")
    sender, recipient, envelope, slot = os.urandom(32), os.urandom(32), os.urandom(16), os.urandom(99)
    assert hashes.delivery_hash(sender, recipient, envelope, hashes.body_hash(b"body"), slot) == clinic.H(
        "delivery", sender, recipient, envelope, clinic.H("body", b"body"), clinic.H("slot", slot)
    )
    assert sha256().digest() == hashes.EMPTY_ROOT


@given(entries=leaves)
def test_trees_agree_and_every_path_leads_to_the_root(entries: list[bytes]) -> None:
    hashed = [hashes.leaf_hash(entry) for entry in entries]
    tree, frontier = hashes.Tree(hashed), hashes.Frontier()
    for entry in entries:
        frontier.append(entry)
    assert tree.root == frontier.root == clinic.root_of(entries)
    for index, entry in enumerate(entries):
        assert climb(entry, index, len(hashed), tree.path(index)) == tree.root


@given(entries=leaves, data=st.data())
def test_consistency_holds_for_a_log_that_grew_and_for_no_other(entries: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(entries)))
    proof = clinic.consistency(old, entries)
    old_root, root = clinic.root_of(entries[:old]), clinic.root_of(entries)
    assert hashes.is_consistent(old, old_root, len(entries), root, proof)
    assert not hashes.is_consistent(old, os.urandom(32), len(entries), root, proof)
    assert not hashes.is_consistent(old, old_root, len(entries), os.urandom(32), proof)
    assert not hashes.is_consistent(old, old_root, len(entries), root, [*proof, os.urandom(32)])
    for at in range(len(proof)):
        assert not hashes.is_consistent(old, old_root, len(entries), root, proof[:at] + proof[at + 1 :])
        assert not hashes.is_consistent(
            old, old_root, len(entries), root, [*proof[:at], os.urandom(32), *proof[at + 1 :]]
        )


def test_an_empty_log_is_extended_by_any() -> None:
    assert hashes.is_consistent(0, hashes.EMPTY_ROOT, 3, os.urandom(32), [])
    assert not hashes.is_consistent(0, os.urandom(32), 3, os.urandom(32), [])
    assert not hashes.is_consistent(4, os.urandom(32), 3, os.urandom(32), [])


def test_signatures_and_points() -> None:
    key = RelayKey(bytes(range(32)))
    signature = key.sign("accepted", b"root", 3)
    assert verify(key.public, signature, "accepted", b"root", 3)
    assert not verify(key.public, signature, "accepted", b"root", 4)
    assert not verify(key.public, signature, "receipt", b"root", 3)
    assert not verify_raw(key.public, signature[:63], b"")
    assert not verify_raw(bytes(31), signature, b"")
    # Under a key of small order a signature would hold for every message.
    assert not verify_raw(b"\x01" + bytes(31), b"\x01" + bytes(63), b"anything")
    for point in (
        bytes(32),
        b"\x01" + bytes(31),
        (2**255 - 19 + 9).to_bytes(32, "little"),
        b"\x09" + bytes(30) + b"\x80",
    ):
        assert not is_x25519_key(point)
    assert is_x25519_key(b"\x09" + bytes(31))
