"""What `make` must not empty: an environment that is another's, or that has what the lock asks for."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TARGETS = (".venv/.installed", "resources/patient_page/node_modules/.package-lock.json")
LONG_AGO = 1_000_000_000  # so that the lock was checked out anew since


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """As it is checked out: with a lock, and nothing that was made from it."""
    made = tmp_path / "clone"
    for name in ("packaging/requirements/dev.txt", "resources/patient_page/package-lock.json"):
        (made / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / name, made / name)
    for name in ("Makefile", "pyproject.toml", "resources/patient_page/.npmrc"):
        shutil.copy(ROOT / name, made / name)
    return made


def environment(at: Path) -> Path:
    """Something that was installed once, with its stamps; whatever is called there leaves a trace."""
    (at / "bin").mkdir(parents=True)
    for name in ("pip", "npm", "python3"):
        (at / "bin" / name).write_text(f'#!/bin/sh\necho {name} "$@" >> {at}/called\n')
        (at / "bin" / name).chmod(0o755)
    for stamp in (".locked", ".installed"):
        (at / stamp).touch()
        os.utime(at / stamp, (LONG_AGO, LONG_AGO))
    return at


def make(clone: Path, *targets: str) -> subprocess.CompletedProcess[str]:
    command = ["/usr/bin/env", "make", "--silent", *targets]
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, timeout=60, check=False)


def test_what_a_link_points_to_is_left_alone(clone: Path, tmp_path: Path) -> None:
    others = environment(tmp_path / "environment")
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / ".package-lock.json").touch()
    os.utime(modules / ".package-lock.json", (LONG_AGO, LONG_AGO))
    (clone / ".venv").symlink_to(others)
    (clone / "resources/patient_page/node_modules").symlink_to(modules)
    done = make(clone, *TARGETS)
    assert done.returncode == 0, done.stderr
    assert ".venv is a link, and is left as it is" in done.stderr
    assert not (others / "called").exists()
    assert (others / "bin/pip").exists()


def test_a_lock_that_says_what_is_installed_empties_nothing(clone: Path) -> None:
    own = environment(clone / ".venv")
    shutil.copyfile(clone / "packaging/requirements/dev.txt", own / ".locked")
    os.utime(own / ".locked", (LONG_AGO, LONG_AGO))
    done = make(clone, ".venv/.locked")
    assert done.returncode == 0, done.stderr
    assert (own / "bin/pip").exists()
    assert not (own / "called").exists()
    assert make(clone, "--question", ".venv/.locked").returncode == 0, "it is asked only once"
