"""The growing tree agrees with the plain one at every size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.protocol import merkle
from agent_app.protocol.errors import InvalidProofError
from agent_app.transparency.tree import LogTree

LEAVES = [str(number).encode() for number in range(70)]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]
TREE = LogTree(LEAVES)


@pytest.mark.parametrize("size", range(len(LEAVES) + 1))
def test_every_past_root_is_that_of_the_plain_tree(size: int) -> None:
    assert TREE.root(size) == merkle.root(HASHES[:size])
    assert LogTree(LEAVES[:size]).root() == merkle.root(HASHES[:size])


@given(st.tuples(st.integers(0, len(LEAVES)), st.integers(0, len(LEAVES))).map(sorted))
def test_every_consistency_proof_is_that_of_the_plain_tree(sizes: list[int]) -> None:
    old, new = sizes
    proof = TREE.consistency(old, new)

    assert proof == merkle.consistency_proof(HASHES[:new], old)
    merkle.verify_consistency(old, TREE.root(old), new, TREE.root(new), proof)


def test_sizes_that_were_never_reached_have_no_root() -> None:
    for size in (-1, len(LEAVES) + 1):
        with pytest.raises(InvalidProofError):
            TREE.root(size)
    with pytest.raises(InvalidProofError):
        TREE.consistency(3, 2)
