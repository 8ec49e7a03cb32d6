"""Where the desk finds its stylesheet, colours, icons and translations."""

from functools import cache
from pathlib import Path

_INSTALLED = Path(__file__).parents[1] / "resources"  # as the wheel lays it
_CHECKED_OUT = Path(__file__).parents[2] / "resources"


@cache
def read(folder: str, name: str) -> str:
    """Text of `resources/<folder>/<name>`; FileNotFoundError where the installation is incomplete."""
    return path(folder, name).read_text(encoding="utf-8")


def path(folder: str, name: str) -> Path:
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKED_OUT
    return root / folder / name
