"""What is installed has all that a desk and a relay read beside their code; what is checked out is never copied."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from agent_app.main import DESKTOP_FILE

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
        ("resources/translations", "agent_app/resources/translations"),
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


def test_a_wheel_brings_the_launcher_that_the_program_names(tmp_path: Path) -> None:
    wheel = built("wheel", tmp_path)
    shared = {name.partition(".data/data/share/")[2]: name for name in wheel.namelist() if ".data/data/share/" in name}
    launcher = wheel.read(shared[f"applications/{DESKTOP_FILE}.desktop"]).decode()
    assert f"\nExec={DESKTOP_FILE}\n" in launcher
    icon = launcher.partition("\nIcon=")[2].partition("\n")[0]
    assert f"icons/hicolor/scalable/apps/{icon}.svg" in shared
    (scripts,) = [name for name in wheel.namelist() if name.endswith("/entry_points.txt")]
    assert f"\n{DESKTOP_FILE} = " in wheel.read(scripts).decode()


def test_an_installed_desk_finds_its_looks(tmp_path: Path) -> None:
    built("wheel", tmp_path).extractall(tmp_path / "installed")
    program = (
        "from agent_app.ui import resources; from agent_app.ui.theme import Theme;"
        "from PySide6.QtWidgets import QApplication; theme = Theme(QApplication([]));"
        "theme.icon('lock', 'text', 20, 1.5);"
        "assert resources.read('styles', 'desk.qss') and resources._INSTALLED.is_dir(); print(resources.__file__)"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "installed"), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)


def test_an_editable_install_copies_nothing(tmp_path: Path) -> None:
    # The launcher goes beside the program, wherever its source is.
    apart = (".dist-info/", ".data/data/share/")
    names = [name for name in built("editable", tmp_path).namelist() if not any(part in name for part in apart)]
    assert names == ["_sealdesk.pth"]
