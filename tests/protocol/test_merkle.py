"""The tree against RFC 6962's definition, and every proof against every other place it could be shown."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.protocol import merkle
from agent_app.protocol.errors import InvalidProofError

LEAVES = [merkle.leaf_hash(bytes([i])) for i in range(40)]
SIZES = st.integers(0, len(LEAVES))


def defined_root(data: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word by word."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = 1
    while 2 * k < len(data):
        k *= 2
    return hashlib.sha256(b"\x01" + defined_root(data[:k]) + defined_root(data[k:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_root_is_as_defined(data: list[bytes]) -> None:
    assert merkle.root([merkle.leaf_hash(item) for item in data]) == defined_root(data)


@given(SIZES, SIZES)
def test_a_grown_tree_is_the_tree(first: int, second: int) -> None:
    first, second = sorted((first, second))
    tree = merkle.Tree().extend(LEAVES[:first]).extend(LEAVES[first:second])
    assert (tree.size, tree.root) == (second, merkle.root(LEAVES[:second]))


@pytest.mark.parametrize("size", range(1, 20))
def test_a_path_shows_its_leaf_at_its_place_only(size: int) -> None:
    root = merkle.root(LEAVES[:size])
    for index in range(size):
        path = merkle.inclusion_path(LEAVES[:size], index)
        for place in range(size):
            for leaf in range(size):
                if (place, leaf) == (index, index):
                    merkle.verify_inclusion(LEAVES[leaf], place, size, path, root)
                else:
                    with pytest.raises(InvalidProofError):
                        merkle.verify_inclusion(LEAVES[leaf], place, size, path, root)


@pytest.mark.parametrize("size", range(20))
def test_a_consistency_proof_shows_its_own_prefix_only(size: int) -> None:
    roots = [merkle.root(LEAVES[:n]) for n in range(size + 1)]
    for old in range(size + 1):
        proof = merkle.consistency_proof(LEAVES[:size], old)
        merkle.verify_consistency(old, roots[old], size, roots[size], proof)
        for other in range(size + 1):
            if other != old:
                with pytest.raises(InvalidProofError):
                    merkle.verify_consistency(old, roots[other], size, roots[size], proof)
                if proof:
                    with pytest.raises(InvalidProofError):
                        merkle.verify_consistency(other, roots[other], size, roots[size], [*proof, roots[0]])


@given(st.integers(2, 40), st.data())
def test_a_rewritten_past_is_not_consistent(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size - 1))
    changed = list(LEAVES[:size])
    changed[data.draw(st.integers(0, old - 1))] = bytes(32)
    proof = merkle.consistency_proof(changed, old)
    with pytest.raises(InvalidProofError):
        merkle.verify_consistency(old, merkle.root(LEAVES[:old]), size, merkle.root(changed), proof)


def test_a_leaf_is_no_node() -> None:
    left, right = LEAVES[:2]
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_path_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(InvalidProofError):
        merkle.inclusion_path(LEAVES[:size], index)


def test_no_proof_from_a_larger_tree() -> None:
    with pytest.raises(InvalidProofError):
        merkle.consistency_proof(LEAVES[:3], 4)
