"""Changes a passphrase in the real keyring and is killed on the way: `changer.py PROFILE FOLDER OLD NEW STEP`.

STEP is one of before-write, after-write, before-delete, after-delete.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keyring.backend import KeyringBackend

from agent_app.store.key_material import DeviceSecrets
from agent_app.store.keyrings import known_keyring
from agent_app.store.vault import Vault
from tests.store.secrets_of import CHEAPEST


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(call: Callable[..., Any], moment: str) -> Callable[..., Any]:
    def dying(*arguments: Any) -> None:
        if moment == "after":
            call(*arguments)
        die()

    return dying


def armed(keyring: KeyringBackend, step: str) -> KeyringBackend:
    moment, _, action = step.partition("-")
    method = {"write": "set_password", "delete": "delete_password"}[action]
    setattr(keyring, method, deadly(getattr(keyring, method), moment))
    return keyring


def main() -> None:
    profile, folder, old, new, step = sys.argv[1:]
    vault = Vault(DeviceSecrets, profile, Path(folder), armed(known_keyring(), step), CHEAPEST)
    vault.change_passphrase(old, new, now=1)


if __name__ == "__main__":
    main()
