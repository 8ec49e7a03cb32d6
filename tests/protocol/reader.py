"""Reads the shared vectors: `vectors("topic")` parametrises a test with every case of a topic."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent_app.protocol.errors import ProtocolError

FOLDER = Path(__file__).parent.parent / "vectors"


class Vector:
    """One case: `v["name"]` is the value as written, `v.b("name")` the bytes of a hex field."""

    def __init__(self, path: Path) -> None:
        self.name = f"{path.parent.name}/{path.stem}"
        self.fields: dict[str, Any] = json.loads(path.read_bytes())

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def b(self, name: str) -> bytes:
        return bytes.fromhex(self.fields[name])

    @property
    def is_ok(self) -> bool:
        return bool(self["expect"] == "ok")

    def expecting(self) -> Any:
        """A context that wants the case's error, or none."""
        return Expecting(self["expect"])


class Expecting:
    """Passes when the block ends as `code` says: without an error for "ok", else with a ProtocolError of this code."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is not None and not isinstance(error, ProtocolError):
            return False
        outcome = "ok" if error is None else error.code
        assert outcome == self.code, f"expected {self.code}, got {error!r}"
        return True


def vectors(topic: str) -> pytest.MarkDecorator:
    paths = sorted((FOLDER / topic).glob("*.json"))
    assert paths, f"no vectors of {topic}"
    return pytest.mark.parametrize("v", [Vector(path) for path in paths], ids=[path.stem for path in paths])


def unhex(value: Any) -> bytes:
    return bytes.fromhex(value)


class Replay:
    """`Random` that hands out a vector's `random` from the front, and minds that all of it was wanted."""

    def __init__(self, hex_: str) -> None:
        self.left = bytes.fromhex(hex_)

    def __call__(self, length: int) -> bytes:
        taken, self.left = self.left[:length], self.left[length:]
        assert len(taken) == length, "more randomness is drawn than the specification says"
        return taken

    def done(self) -> None:
        assert not self.left, "less randomness is drawn than the specification says"
