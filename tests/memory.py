"""Looks through the memory of another process: what a lock claims to have taken away must not be there."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path


def found_in(process: int, secrets: Mapping[str, bytes], piece: int = 16) -> set[str]:
    """The names of those secrets of which `piece` bytes lie somewhere. Linux only, and for one's own processes."""
    pieces = {name: _pieces(secret, piece) for name, secret in secrets.items()}
    found: set[str] = set()
    for part in _memory(process):
        found |= {name for name, some in pieces.items() if any(each in part for each in some)}
    return found


def _pieces(secret: bytes, size: int) -> list[bytes]:
    return [secret[at : at + size] for at in range(0, max(1, len(secret) - size + 1), size)]


def _memory(process: int) -> Iterator[bytes]:
    """All that it may write to."""
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            area = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if area and "[v" not in line:
                start, end = (int(bound, 16) for bound in area.groups())
                yield os.pread(memory.fileno(), end - start, start)
