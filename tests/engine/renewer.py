"""Renews the epoch key with the real keyring and is killed on the way: `renewer.py PROFILE FOLDER STEP`.

STEP is one of before-write, after-write, in-commit, after-commit, before-delete, after-delete, never.
"""

import asyncio
import os
import sys
from pathlib import Path

from agent_app.engine import renewal
from agent_app.store.attachments import Attachments
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.keyrings import known_keyring
from agent_app.store.rooms import Store
from agent_app.store.sealing import Sealing
from agent_app.store.vault import Vault
from tests.store.changer import armed, deadly
from tests.store.secrets_of import CHEAPEST, PASSPHRASE


def main() -> None:
    profile, folder, step = sys.argv[1:]
    keyring = known_keyring()
    if step.endswith(("write", "delete")):
        keyring = armed(keyring, step)
    elif step == "in-commit":
        Attachments.rewrap = deadly(Attachments.rewrap, "after")  # type: ignore[method-assign]
    elif step == "after-commit":
        Sealing.renew = deadly(Sealing.renew, "before")  # type: ignore[method-assign]
    vault = Vault(DeviceSecrets, profile, Path(folder), keyring, CHEAPEST)
    secrets = vault.open(PASSPHRASE, 1, renewal.fits(Path(folder)))
    store = Store.open(Path(folder), secrets.database_key, secrets.epoch_key)
    asyncio.run(renewal.renew_when_due(vault, store, secrets, PASSPHRASE, os.urandom))


if __name__ == "__main__":
    main()
