"""Looks for bytes that a decoder does not survive: python -m tests.fuzz [libFuzzer options]

Begins with every value of the shared vectors. A finding is written to a file beside the temporary ones, and named.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from agent_app.protocol.envelope import LARGEST_BUCKET
from tests.fuzz.decoders import TARGETS

VECTORS = Path(__file__).parent.parent / "vectors"
SECONDS = 120


def seeds() -> Iterator[bytes]:
    """Every hex value of the vectors, for every decoder."""
    for path in sorted(VECTORS.glob("*/*.json")):
        for value in json.loads(path.read_bytes()).values():
            with suppress(ValueError, TypeError):
                data = bytes.fromhex(value)
                if len(data) < LARGEST_BUCKET:
                    yield from (bytes([number]) + data for number in range(len(TARGETS)))


def main() -> int:
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(set(seeds())):
            (Path(corpus) / str(number)).write_bytes(seed)
        findings = Path(tempfile.gettempdir()) / "sealdesk-"
        bounds = [f"-max_total_time={SECONDS}", f"-max_len={LARGEST_BUCKET}", f"-artifact_prefix={findings}"]
        command = [sys.executable, "-m", "tests.fuzz.decoders", *bounds, *sys.argv[1:], corpus]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
