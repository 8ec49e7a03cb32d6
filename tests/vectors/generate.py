"""Writes tests/vectors/<topic>/<case>.json and the specification's example anew: python -m tests.vectors.generate

Everything is deterministic, so the tree changes only where the protocol, or a case, does.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.vectors import (
    conversations,
    encodings,
    example,
    files,
    foundations,
    handshakes,
    messages,
    people,
    sessions,
    signals,
    transparency,
)
from tests.vectors.material import Case

FOLDER = Path(__file__).parent
GENERATORS = (
    encodings,
    foundations,
    handshakes,
    sessions,
    messages,
    signals,
    conversations,
    people,
    files,
    transparency,
)


def all_cases() -> Iterator[Case]:
    for generator in GENERATORS:
        yield from generator.cases()


def tree() -> dict[Path, str]:
    """The content of each file, by its path below this folder."""
    files: dict[Path, str] = {}
    for topic, name, fields in all_cases():
        path = Path(topic) / f"{name}.json"
        if path in files:
            raise ValueError(f"two cases are named {path}")
        files[path] = json.dumps(fields, indent=1, ensure_ascii=False) + "\n"
    return files


def main() -> None:
    files = tree()
    for topic in {path.parts[0] for path in files}:
        shutil.rmtree(FOLDER / topic, ignore_errors=True)
    for path, content in files.items():
        (FOLDER / path).parent.mkdir(exist_ok=True)
        (FOLDER / path).write_text(content, encoding="utf-8")
    example.write()


if __name__ == "__main__":
    main()
