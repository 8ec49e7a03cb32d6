"""Two ways to look: guided by coverage where atheris has a wheel, else by chance. Both end by themselves.

Each runs in a process of its own, whose status is 0 when nothing was found; else a file in `findings` is the input.
"""

import io
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutation import mutated
from tests.fuzz.registry import Decode, Target

try:
    import atheris
except ImportError:
    atheris = None

NAME = "atheris" if atheris else "hypothesis"
EXECUTED = "inputs:"
LONGEST = 64 * 1024  # bytes of one input
SLOWEST = 10  # seconds for one input
MEMORY = 2_048  # MiB for all of them
_FROM_A_SEED = 0.4  # how often a change begins anew
_OF_STRUCTURE = 0.7  # how often it is ours; else it is libFuzzer's, which knows nothing of MessagePack


@contextmanager
def instrumented() -> Iterator[None]:
    """What is imported inside reports which branches it takes."""
    if atheris is None:
        yield
        return
    with redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["agent_app", "relay_server"]):
        yield


def look(target: Target, seeds: list[bytes], seconds: float, findings: Path, corpus: Path) -> None:
    """Ends the process when the time is over."""
    executed, until = 0, time.monotonic() + seconds

    def watched(data: bytes) -> None:
        nonlocal executed
        if time.monotonic() > until:
            sys.stderr.write(f"{EXECUTED} {executed}\n")
            sys.stderr.flush()
            os._exit(0)
        executed += 1
        try:
            target(data)
        except BaseException:
            (findings / f"crash-{sha256(data).hexdigest()}").write_bytes(data)
            raise

    if atheris is None:
        _by_chance(watched, seeds or [b""])
    else:
        _by_coverage(watched, seeds, findings, corpus)


def _by_coverage(target: Decode, seeds: list[bytes], findings: Path, corpus: Path) -> None:
    def change(data: bytes, longest: int, number: int) -> bytes:
        rng = random.Random(number)
        # msgspec's branches are in C, where no coverage is seen: left alone, libFuzzer would forget most seeds.
        if seeds and rng.random() < _FROM_A_SEED:
            data = rng.choice(seeds)
        changed = mutated(data, rng) if rng.random() < _OF_STRUCTURE else None
        if changed is None or len(changed) > longest:
            return bytes(atheris.Mutate(data, longest))
        return changed

    for number, seed in enumerate(seeds):
        (corpus / f"{number:05}").write_bytes(seed)
    options = {
        "max_len": LONGEST,
        "timeout": SLOWEST,
        "rss_limit_mb": MEMORY,
        "artifact_prefix": f"{findings}/",
    }
    arguments = [sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), str(corpus)]
    atheris.Setup(arguments, target, custom_mutator=change)
    atheris.Fuzz()  # ends the process


def _by_chance(target: Decode, seeds: list[bytes]) -> None:
    def from_seed(seed: bytes, number: int) -> bytes:
        return mutated(seed, random.Random(number)) or seed

    inputs = st.builds(from_seed, st.sampled_from(seeds), st.integers(0, 2**64)) | st.binary(max_size=4_096)

    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(inputs)
    def check(data: bytes) -> None:
        signal.alarm(SLOWEST)
        target(data)
        signal.alarm(0)

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY << 20, MEMORY << 20))
    signal.signal(signal.SIGALRM, _too_slow)
    while True:
        check()


def _too_slow(number: int, frame: object) -> NoReturn:
    raise TimeoutError(f"one input took more than {SLOWEST} seconds")
