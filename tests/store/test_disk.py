"""Side files: whole or not at all, and one error for a disk that refuses."""

import subprocess
import sys
from pathlib import Path

import pytest

from agent_app.store.disk import disk, write_whole
from agent_app.store.errors import StoreUnavailable

OVERWRITER = """
import os, sys
from pathlib import Path
from agent_app.store.disk import write_whole
for number in range(1, 1_000_000):
    write_whole(Path(sys.argv[1]), bytes([number % 256]) * 100_000)
    print(number, flush=True)
"""


def test_killed_while_writing_the_file_is_one_of_the_two(tmp_path: Path) -> None:
    path = tmp_path / "side"
    for after in (1, 4, 9):
        command = [sys.executable, "-c", OVERWRITER, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(after):
                writer.stdout.readline()
            writer.kill()
        content = path.read_bytes()
        assert len(content) == 100_000
        assert len(set(content)) == 1


def test_what_the_system_refuses_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "side").mkdir()
    with pytest.raises(StoreUnavailable, match=r"disk.*side"):
        write_whole(tmp_path / "side", b"content")


def test_a_file_that_is_not_there_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), disk():
        (tmp_path / "nothing").read_bytes()
