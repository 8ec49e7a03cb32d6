"""Where an administrator's command works: the profile, its notes and keys, and the way to the clinic."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from cyclopts import Parameter
from rich.console import Console
from rich.prompt import Prompt

from agent_app.engine.administration import clinic as clinics
from agent_app.engine.administration.clinic import Administration
from agent_app.engine.administration.notebook import Notebook
from agent_app.engine.profile import Profile, default_data
from agent_app.store.key_material import AdminSecrets
from agent_app.store.vault import Vault

T = TypeVar("T")
PASSPHRASE_VARIABLE = "SEALDESK_ADMIN_PASSPHRASE"  # noqa: S105 - the name of a variable


@Parameter(name="*")
@dataclass(frozen=True)
class Place:
    """Where the administrator's notes are kept, and how the passphrase is given."""

    data: Path | None = None
    "Folder of all profiles; the user's data folder by default."
    profile: str = "admin"
    "Name of this administrator's profile, also in the keyring."
    passphrase_file: Path | None = None
    "File whose first line is the passphrase. Else the variable SEALDESK_ADMIN_PASSPHRASE, else a question."

    def notebook(self) -> Notebook:
        return Notebook(self._folder())

    def vault(self) -> Vault[AdminSecrets]:
        folder = self._folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Vault(AdminSecrets, self.profile, folder)

    def given_passphrase(self) -> str | None:
        if self.passphrase_file is not None:
            return self.passphrase_file.read_text("utf-8").split("\n", 1)[0]
        return os.environ.get(PASSPHRASE_VARIABLE)

    def unlock(self) -> AdminSecrets:
        passphrase = self.given_passphrase() or Prompt.ask("Administrator's passphrase", password=True)
        return self.vault().open(passphrase, clock())

    def _folder(self) -> Path:
        return Profile(self.data or default_data(), self.profile).folder


HERE = Place()


def clock() -> int:
    return time.time_ns() // 1_000_000


def console() -> Console:
    return Console(highlight=False, soft_wrap=True)


def on_clinic(place: Place, use: Callable[[Administration], Awaitable[T]]) -> T:
    async def run() -> T:
        notebook = place.notebook()
        async with clinics.reached(notebook, notebook.address(), clock) as clinic:
            return await use(clinic)

    return asyncio.run(run())


def day_and_time(time_: int) -> str:
    return datetime.fromtimestamp(time_ / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
