"""The Merkle tree of RFC 6962, section 2.1 (SHA-256): roots, inclusion, consistency, and a tree that only grows.

All functions work on leaf *hashes* (`leaf_hash(data)`), 32 bytes each.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from .errors import InvalidProofError

EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    # The first byte keeps leaves and nodes apart, so that no inner node can be shown as a leaf.
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree that can be appended to: its size and the roots of its complete subtrees, largest first."""

    size: int = 0
    subtrees: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Tree":
        """The tree with one more leaf hash."""
        subtrees, size = list(self.subtrees), self.size
        while size & 1:
            leaf, size = node_hash(subtrees.pop(), leaf), size >> 1
        return Tree(self.size + 1, (*subtrees, leaf))

    def extend(self, leaves: Sequence[bytes]) -> "Tree":
        tree = self
        for leaf in leaves:
            tree = tree.append(leaf)
        return tree

    @property
    def root(self) -> bytes:
        if not self.subtrees:
            return EMPTY_ROOT
        *rest, result = self.subtrees
        for subtree in reversed(rest):
            result = node_hash(subtree, result)
        return result


def root(leaves: Sequence[bytes]) -> bytes:
    """The root of these leaf hashes; SHA-256 of nothing when there are none."""
    return Tree().extend(leaves).root


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The path of leaf `index`, from its sibling upwards."""
    if not 0 <= index < len(leaves):
        raise InvalidProofError("no such leaf")
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if index < middle:
        return [*inclusion_path(leaves[:middle], index), root(leaves[middle:])]
    return [*inclusion_path(leaves[middle:], index - middle), root(leaves[:middle])]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> None:
    """Raises InvalidProofError unless `leaf` (a leaf hash) is number `index` of the `size` leaves under `expected`."""
    if not 0 <= index < size:
        raise InvalidProofError("index outside the tree")
    position, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise InvalidProofError("path too long")
        if position & 1 or position == last:
            result = node_hash(sibling, result)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        position, last = position >> 1, last >> 1
    if last or result != expected:
        raise InvalidProofError("inclusion")


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """What shows that the tree over `leaves` extends that over the first `old_size` of them."""
    if not 0 <= old_size <= len(leaves):
        raise InvalidProofError("the old tree is larger")
    if old_size in (0, len(leaves)):
        return []
    return _subproof(leaves, old_size, whole=True)


def _subproof(leaves: Sequence[bytes], old_size: int, *, whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if whole else [root(leaves)]
    middle = _split(len(leaves))
    if old_size <= middle:
        return [*_subproof(leaves[:middle], old_size, whole=whole), root(leaves[middle:])]
    return [*_subproof(leaves[middle:], old_size - middle, whole=False), root(leaves[:middle])]


def verify_consistency(old_size: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raises InvalidProofError unless `proof` shows that the tree of `size` leaves extends that of `old_size`."""
    if not 0 <= old_size <= size:
        raise InvalidProofError("the tree has shrunk")
    if old_size == size or old_size == 0:
        same = old_root == new_root if old_size == size else old_root == EMPTY_ROOT
        if proof or not same:
            raise InvalidProofError("consistency")
        return
    _walk_consistency(old_size, old_root, size, new_root, list(proof))


def _walk_consistency(old_size: int, old_root: bytes, size: int, new_root: bytes, proof: list[bytes]) -> None:
    """RFC 9162, 2.1.4.2: climbs from the old tree's last complete subtree to both roots at once."""
    if old_size & (old_size - 1) == 0:
        proof.insert(0, old_root)  # a complete old tree is its own first node
    if not proof:
        raise InvalidProofError("proof too short")
    position, last = old_size - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            raise InvalidProofError("proof too long")
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    if last or old != old_root or new != new_root:
        raise InvalidProofError("consistency")
