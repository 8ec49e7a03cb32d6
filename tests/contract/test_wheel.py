"""What is installed has all that a desk and a relay read beside their code; what is checked out is never copied."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def built(kind: str, folder: Path) -> zipfile.ZipFile:
    """In a process of its own: a build backend works in the project's folder."""
    program = f"from hatchling import build; build.build_{kind}({str(folder)!r})"
    subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return zipfile.ZipFile(wheel)


@pytest.mark.parametrize(
    ("folder", "installed"),
    [
        ("resources/styles", "agent_app/resources/styles"),
        ("resources/icons", "agent_app/resources/icons"),
        ("agent_app/store/schema", "agent_app/store/schema"),
        ("relay_server/schema", "relay_server/schema"),
    ],
)
def test_a_wheel_holds_every_file_that_is_read(folder: str, installed: str, tmp_path: Path) -> None:
    expected = {
        f"{installed}/{file.name}" for file in (REPOSITORY / folder).iterdir() if file.suffix not in ("", ".py")
    }
    assert expected
    assert expected <= set(built("wheel", tmp_path).namelist())


def test_an_installed_desk_finds_its_looks(tmp_path: Path) -> None:
    built("wheel", tmp_path).extractall(tmp_path / "installed")
    program = (
        "from agent_app.ui import resources; from agent_app.ui.theme import Theme;"
        "from PySide6.QtWidgets import QApplication; theme = Theme(QApplication([])); theme.icon('lock', 'text');"
        "assert resources.read('styles', 'desk.qss') and resources._INSTALLED.is_dir(); print(resources.__file__)"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "installed"), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)


def test_an_editable_install_copies_nothing(tmp_path: Path) -> None:
    names = [name for name in built("editable", tmp_path).namelist() if ".dist-info/" not in name]
    assert names == ["_sealdesk.pth"]
