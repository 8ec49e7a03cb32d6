"""The patient's page: what its cryptography costs in Chromium, what its code weighs, and when it can be used."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "resources/patient_page"


def run() -> None:
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    if node is None:
        raise SystemExit("Node is not here: run `make setup`.")
    sys.stdout.write("Page, in Chromium\n")
    _measure(node, "tests/bench/run.mjs")
    _measure(node, "tests/bench/pin.mjs")
    subprocess.run([node, "build.mjs"], cwd=PAGE, check=True)
    _measure(node, "tests/bench/start.mjs")
    _measure(node, "tests/bench/first_message.mjs")


def _measure(node: str, script: str) -> None:
    measured = subprocess.run([node, script], cwd=PAGE, check=True, capture_output=True, text=True)
    for name, figure in json.loads(measured.stdout).items():
        _line(name, figure)


def _line(name: str, figure: float) -> None:
    sys.stdout.write(f"  {name:<52}{figure:>16}\n")
    sys.stdout.flush()
