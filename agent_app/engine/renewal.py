"""A new epoch key after something was destroyed: in the keyring and in the store, or in neither (section 10.1).

The keyring and the store cannot be changed in one step. So for a moment the keyring holds two items, and the store,
which changes in one commit, says which of them counts. Whatever step the power fails at, the next unlock finds that one
and removes the other.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from agent_app.store.errors import StoreError, VaultError
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.rooms import Store
from agent_app.store.vault import Vault


def fits(folder: Path) -> Callable[[DeviceSecrets], bool]:
    """Whether secrets are those that the store in `folder` is under."""

    def is_under(secrets: DeviceSecrets) -> bool:
        store = Store.open(folder, secrets.database_key, secrets.epoch_key)
        try:
            return store.is_under_its_key()
        finally:
            store.close()

    return is_under


async def renew_when_due(
    vault: Vault[DeviceSecrets], store: Store, secrets: DeviceSecrets, passphrase: str, random: Callable[[int], bytes]
) -> DeviceSecrets:
    """The secrets that count afterwards. What fails on the way is tried again at the next unlock, from either side."""
    if not store.epoch_is_due:
        return secrets
    new = secrets.with_epoch_key(random(32))
    try:
        store.mark_epoch()
        slot = await asyncio.to_thread(vault.add, new, passphrase)
        store.renew_epoch(new.epoch_key)
    except (VaultError, StoreError):
        new.wipe()
        return secrets
    secrets.wipe()
    try:
        await asyncio.to_thread(vault.keep_only, slot)
    except VaultError:
        return new  # both items stay until the next unlock
    return new
