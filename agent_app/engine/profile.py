"""Where a device keeps its files. One person on one workstation is one profile; several may share a machine."""

import re
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class Profile:
    """`data` is the folder of all profiles; `name` names this one in it and in the keyring."""

    data: Path
    name: str = "default"

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"A profile's name is 1 to 32 of a-z, 0-9, - and _, not {self.name!r}.")

    @property
    def folder(self) -> Path:
        return self.data / self.name


def default_data() -> Path:
    """The folder that the operating system gives Sealdesk for a person's data."""
    return user_data_path("sealdesk", "sealdesk")
