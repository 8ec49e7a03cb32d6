"""Who may import whom: the contracts in pyproject.toml hold, and each of them bites."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

# One import that each contract is there to refuse, put into an otherwise faithful copy.
BREACHES = {
    "layers": ("agent_app/protocol/breach.py", "import agent_app.engine"),
    "no-qt-below-the-bridge": ("agent_app/engine/breach.py", "import PySide6.QtCore"),
    "pure": ("agent_app/transparency/breach.py", "import time"),
    "window": ("agent_app/ui/breach.py", "import agent_app.engine"),
    "two-programs": ("relay_server/breach.py", "import agent_app.protocol"),
}


def lint(root: Path, contract: str) -> subprocess.CompletedProcess[str]:
    """Runs import-linter's own API over the packages under `root`, in a process that sees no other copy of them."""
    call = f"lint_imports(limit_to_contracts=({contract!r},), no_cache=True, no_logo=True)"
    program = f"from importlinter.cli import lint_imports; exit({call})"
    environment = os.environ | {"PYTHONPATH": str(root)}
    return subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in ("agent_app", "relay_server"):
        shutil.copytree(REPOSITORY / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_has_its_breach() -> None:
    assert [contract["id"] for contract in CONTRACTS] == list(BREACHES)


@pytest.mark.parametrize("contract", BREACHES)
def test_contract_holds(contract: str) -> None:
    result = lint(REPOSITORY, contract)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("contract", BREACHES)
def test_contract_refuses_its_breach(contract: str, copy: Path) -> None:
    path, breach = BREACHES[contract]
    (copy / path).write_text(f"{breach}\n")
    result = lint(copy, contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "1 broken" in result.stdout
