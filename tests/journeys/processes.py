"""Programs that a journey starts, kills and ends: each by its own pid, each with its output kept in a file."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 60.0  # seconds; a busy machine is no slow program


def wait_until(condition: Callable[[], T], what: str) -> T:
    """Asks `condition` until its answer is true, and returns that; AssertionError naming `what` when it never is."""
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {PATIENCE:.0f} s for {what}; the last answer was {answer!r}")
        time.sleep(0.05)


class Program:
    """One started program. `kill` is SIGKILL, as when the power goes; `stop` asks politely first."""

    def __init__(
        self, command: list[str], log: Path, environment: Mapping[str, str] | None = None, **pipes: int
    ) -> None:
        self.log = log
        self._output = log.open("ab")
        self.process = subprocess.Popen(
            command,
            stdin=pipes.get("stdin", subprocess.DEVNULL),
            stdout=pipes.get("stdout", self._output),
            stderr=self._output,
            env={**os.environ, **(environment or {})},
        )

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()
        self._output.close()


def screen(log: Path) -> tuple[Program, str]:
    """A private X screen; returns its program and its DISPLAY."""
    program = Program(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"], log, stdout=subprocess.PIPE
    )
    assert program.process.stdout is not None
    number = program.process.stdout.readline().decode().strip()
    assert number.isdigit(), f"Xvfb did not start; see {log}"
    return program, f":{number}"
