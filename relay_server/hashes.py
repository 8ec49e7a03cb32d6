"""Hashing as docs/protocol.md fixes it: `frame` and `H` (section 1), and RFC 6962's trees (13.2, 14, 15)."""

from collections.abc import Sequence
from hashlib import blake2b, sha256
from typing import Final

EMPTY_ROOT: Final = sha256().digest()


def frame(label: str, *fields: bytes | str | int) -> bytes:
    """Every field behind its length and the label first, so that no two meanings share their bytes."""
    parts = [_lp(b"sealdesk/1/" + label.encode())]
    for field in fields:
        if isinstance(field, str):
            parts.append(_lp(field.encode()))
        elif isinstance(field, int):
            parts.append(_lp(field.to_bytes(8, "big")))
        else:
            parts.append(_lp(field))
    return b"".join(parts)


def _lp(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def H(label: str, *fields: bytes | str | int) -> bytes:  # noqa: N802 -- the specification's name
    return blake2b(frame(label, *fields), digest_size=32).digest()


_BODY: Final = _lp(b"sealdesk/1/body")
_SLOT: Final = _lp(b"sealdesk/1/slot")
_DELIVERY: Final = _lp(b"sealdesk/1/delivery")
_32: Final = (32).to_bytes(4, "big")
_16: Final = (16).to_bytes(4, "big")


def body_hash(body: bytes) -> bytes:
    return blake2b(_BODY + len(body).to_bytes(4, "big") + body, digest_size=32).digest()


def delivery_hash(sender: bytes, recipient: bytes, envelope: bytes, body: bytes, slot: bytes) -> bytes:
    """13.1 from mailboxes, envelope id, the body's *hash* and the slot. Spelt out: it runs once a delivery."""
    hashed = blake2b(_SLOT + len(slot).to_bytes(4, "big") + slot, digest_size=32).digest()
    return blake2b(
        _DELIVERY + _32 + sender + _32 + recipient + _16 + envelope + _32 + body + _32 + hashed,
        digest_size=32,
    ).digest()


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A Merkle tree over a fixed list of leaf hashes: its root, and the path of each leaf.

    Levels pair from the left and a node without a partner moves up unchanged, which is RFC 6962's tree.
    """

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels: list[Sequence[bytes]] = [leaves]
        while len(level := self._levels[-1]) > 1:
            above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
            if len(level) % 2:
                above.append(level[-1])
            self._levels.append(above)

    @property
    def root(self) -> bytes:
        return self._levels[-1][0] if self._levels[0] else EMPTY_ROOT

    def path(self, index: int) -> list[bytes]:
        path = []
        for level in self._levels[:-1]:
            sibling = index ^ 1
            if sibling < len(level):
                path.append(level[sibling])
            index >>= 1
        return path


class Frontier:
    """The right edge of a growing tree: appends and gives its root in logarithmic space."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        node, size = leaf_hash(leaf), self.size
        while size & 1:
            node = node_hash(self._peaks.pop(), node)
            size >>= 1
        self._peaks.append(node)
        self.size += 1

    @property
    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def copy(self) -> "Frontier":
        twin = Frontier()
        twin.size, twin._peaks = self.size, self._peaks.copy()
        return twin


def is_consistent(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `size` extends the one of `old_size` (RFC 9162, 2.1.4.2)."""
    if old_size == size:
        return not proof and old_root == root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    if old_size > size or not proof:
        return False
    nodes = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    first, last = old_size - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            new = node_hash(new, node)
        first, last = first >> 1, last >> 1
    return last == 0 and old == old_root and new == root
