"""How an installed desk starts: its modules compiled once and for all, its memory filled as it is freed."""

import os
from pathlib import Path

from agent_app.launch import forgetful


def environment(bytecode: Path) -> dict[str, str]:
    """For a process of `sealdesk-desk`. `bytecode` keeps what the first of them compiles: that one is not measured."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    root = str(Path(__file__).parents[2])
    return forgetful({**kept, "PYTHONPYCACHEPREFIX": str(bytecode), "PYTHONPATH": root})
