"""Where fuzzing begins: every value of the shared vectors, and every structure inside one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from tests.fuzz.engines import LONGEST
from tests.fuzz.mutation import opened, parts
from tests.fuzz.registry import Target

VECTORS = Path(__file__).resolve().parent.parent / "vectors"


def seeds_of(target: Target) -> list[bytes]:
    """Distinct, shortest first."""
    found = {*target.seeds()}
    for topic in target.topics:
        for path in sorted((VECTORS / topic).glob("*.json")):
            found.update(_values(json.loads(path.read_bytes())))
    return sorted((seed for seed in found if len(seed) <= LONGEST), key=lambda seed: (len(seed), seed))


def _values(value: Any) -> Iterator[bytes]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _values(item)
    elif isinstance(value, str):
        try:
            yield from _nested(bytes.fromhex(value))
        except ValueError:
            yield value.encode()


def _nested(data: bytes) -> Iterator[bytes]:
    yield data
    tree = opened(data)
    if tree is not None:
        yield from (msgspec.msgpack.encode(part) for part in parts(tree) if isinstance(part, list))
