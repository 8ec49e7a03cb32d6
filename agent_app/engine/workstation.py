"""Who works at this workstation: a profile each, with keys, store and keyring item of its own."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from agent_app.engine.events import Agent
from agent_app.engine.profile import Profile
from agent_app.protocol.limits import NAME
from agent_app.store.disk import write_whole
from agent_app.store.rooms import DATABASE_FILE

_NEW = re.compile(r"agent-[0-9a-f]{12}(-admin)?")  # the folders of a new profile, and of what it might administer
_NAME_FILE = "agent"  # its owner's name, in the open: it stands on the unlock screen


class Workstation:
    """The profiles in one folder. Whoever may read it learns the agents' names, which hang on the wall anyway."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def agents(self) -> tuple[Agent, ...]:
        """Those who have joined from here, by name."""
        if not self._data.is_dir():
            return ()
        found = [folder for folder in self._data.iterdir() if (folder / DATABASE_FILE).is_file()]
        return tuple(sorted((Agent(at.name, _name(at)) for at in found), key=lambda agent: agent.name.casefold()))

    def latest(self) -> str | None:
        """The profile that was opened last."""
        opened = {agent.profile: _opened(self._data / agent.profile) for agent in self.agents()}
        return max(opened, key=lambda profile: opened[profile], default=None)

    def remember(self, profile: Profile, name: str) -> None:
        """Whose profile it is, and that it was opened now. Raises StoreUnavailable."""
        write_whole(profile.folder / _NAME_FILE, name.encode())

    def new_profile(self, random: Callable[[int], bytes]) -> Profile:
        """For somebody who has yet to join. Never used before, so that no keyring remembers it."""
        return Profile(self._data, f"agent-{random(6).hex()}")

    def sweep(self, shown: Profile) -> None:
        """What `leave` could not, where the process died before anybody had joined. Only what is empty goes: a folder
        with a key, a store or anything else in it stays, and so does one that was given another name by a person."""
        for folder in self._data.glob("agent-*"):
            if _NEW.fullmatch(folder.name) and not folder.name.startswith(shown.name):
                with suppress(OSError):
                    folder.rmdir()

    def leave(self, profile: Profile) -> None:
        """Of a profile in which nobody has joined, nothing stays behind."""
        with suppress(OSError):
            profile.folder.rmdir()


def _name(folder: Path) -> str:
    """The profile's own name where no other can be read."""
    try:
        with (folder / _NAME_FILE).open("rb") as file:
            return file.read(NAME.value).decode() or folder.name
    except (OSError, UnicodeDecodeError):
        return folder.name


def _opened(folder: Path) -> float:
    try:
        return (folder / _NAME_FILE).stat().st_mtime
    except OSError:
        return 0.0
