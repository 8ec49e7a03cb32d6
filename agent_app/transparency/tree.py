"""A Merkle tree (RFC 6962) that grows and remembers: the root at every past size, and proofs, in logarithmic time.

`protocol.merkle` computes the same from a list of leaves. A log of ten thousand statements is replayed at every
start and asked for a past root by every message, so here each complete subtree is hashed once and kept.
"""

from collections.abc import Iterable

from agent_app.protocol.errors import InvalidProofError
from agent_app.protocol.merkle import EMPTY_ROOT, leaf_hash, node_hash


class LogTree:
    """Append only. Not safe across threads."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        """Level k holds the roots of the complete subtrees of 2^k leaves, from left to right."""
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Takes in a leaf's data."""
        self._levels[0].append(leaf_hash(leaf))
        for level in range(self.size.bit_length() - 1):
            below = self._levels[level]
            if len(below) % 2:
                return
            if level + 1 == len(self._levels):
                self._levels.append([])
            self._levels[level + 1].append(node_hash(below[-2], below[-1]))

    def root(self, size: int | None = None) -> bytes:
        """The root at `size`, by default the present one. Raises InvalidProofError for a size not reached yet."""
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise InvalidProofError("the log has never had that size")
        return self._range(0, size) if size else EMPTY_ROOT

    def consistency(self, old_size: int, size: int | None = None) -> list[bytes]:
        """What shows that the tree of `size` extends that of `old_size` (RFC 6962, 2.1.2)."""
        size = self.size if size is None else size
        if not 0 <= old_size <= size <= self.size:
            raise InvalidProofError("the log has never had that size")
        return [] if old_size in (0, size) else self._subproof(old_size, 0, size, whole=True)

    def _range(self, start: int, end: int) -> bytes:
        """The root over leaves start..end, where `start` is where such a subtree may begin."""
        count = end - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self._levels[level][start >> level]
        middle = start + _split(count)
        return node_hash(self._range(start, middle), self._range(middle, end))

    def _subproof(self, old_end: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        if old_end == end:
            return [] if whole else [self._range(start, end)]
        middle = start + _split(end - start)
        if old_end <= middle:
            return [*self._subproof(old_end, start, middle, whole=whole), self._range(middle, end)]
        return [*self._subproof(old_end, middle, end, whole=False), self._range(start, middle)]


def _split(count: int) -> int:
    """The largest power of two below `count` (at least 2)."""
    return 1 << ((count - 1).bit_length() - 1)
