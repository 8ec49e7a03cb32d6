"""Looks for bytes that a decoder does not survive: python -m tests.fuzz [SECONDS] [TARGET...] [FILE...]

Every target gets its share of SECONDS (60 in all). A finding is an exception that the package does not document, a
value that is not written back as it was read, two readers who disagree, or time and memory without bound; its input
is written to build/fuzz/TARGET/ and the exit status is 1. With a FILE, the targets are given that and nothing else.
"""

import importlib
import multiprocessing
import os
import sys
import tempfile
from pathlib import Path

from tests.fuzz import engines
from tests.fuzz.registry import TARGETS, Target
from tests.fuzz.seeds import seeds_of

FINDINGS = Path(__file__).resolve().parents[2] / "build" / "fuzz"
ROOMS = ("of_sessions", "of_signals", "of_protocol", "of_transparency", "of_workstation", "of_relay")
SECONDS = 60
MEMORY = Path("/dev/shm")  # noqa: S108 -- a disk that flushes would be most of what some targets do
PATIENCE = 60  # seconds beyond its share, for the seeds and a slow machine


def main(arguments: list[str]) -> int:
    with engines.instrumented():
        for room in ROOMS:
            importlib.import_module(f"tests.fuzz.{room}")
    seconds = next((int(one) for one in arguments if one.isdigit()), SECONDS)
    files = [Path(one) for one in arguments if Path(one).is_file()]
    names = [one for one in arguments if not one.isdigit() and not Path(one).is_file()]
    unknown = [name for name in names if name not in TARGETS]
    if unknown:
        sys.stderr.write(f"No target is called {', '.join(unknown)}. Choose from: {', '.join(sorted(TARGETS))}.\n")
        return 2
    targets = [TARGETS[name] for name in names or sorted(TARGETS)]
    if files:
        for target in targets:
            for file in files:
                target(file.read_bytes())
        return 0
    sys.stdout.write(f"{len(targets)} targets, {engines.NAME}, {seconds} seconds\n")
    found = sum(not _looked(target, seconds / len(targets)) for target in targets)
    sys.stdout.write(f"{found} of {len(targets)} targets have a finding.\n" if found else "Nothing was found.\n")
    return 1 if found else 0


def _looked(target: Target, seconds: float) -> bool:
    """Whether nothing was found. Prints one line, and what is known of a finding."""
    findings = FINDINGS / target.name
    findings.mkdir(parents=True, exist_ok=True)
    log = findings / "log"
    before = set(findings.iterdir())
    with tempfile.TemporaryDirectory(prefix="sealdesk-fuzz-", dir=MEMORY if MEMORY.is_dir() else None) as scratch:
        arguments = (target, seconds, findings, Path(scratch), log)
        process = multiprocessing.get_context("fork").Process(target=_child, args=arguments)
        process.start()
        process.join(seconds + PATIENCE)
        if hung := process.is_alive():
            process.kill()
            process.join()
    lines = log.read_text("utf-8", "replace").splitlines()
    executed = next((line.split()[-1] for line in reversed(lines) if line.startswith(engines.EXECUTED)), "?")
    inputs = sorted(set(findings.iterdir()) - before - {log})
    ok = process.exitcode == 0 and not hung and not inputs
    sys.stdout.write(f"  {target.name:<36}{executed:>12} inputs  {'ok' if ok else 'FOUND'}\n")
    if not ok:
        why = [line for line in lines if not line.startswith(("#", "INFO", "WARNING"))][-25:]
        sys.stdout.write("".join(f"    {line}\n" for line in (*why, *map(str, inputs))))
    sys.stdout.flush()
    return ok


def _child(target: Target, seconds: float, findings: Path, scratch: Path, log: Path) -> None:
    tempfile.tempdir = str(scratch)  # libFuzzer ends the process without a word; here our parent clears up
    corpus = scratch / "corpus"
    corpus.mkdir()
    with log.open("wb") as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
    engines.look(target, seeds_of(target), seconds, findings, corpus)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
