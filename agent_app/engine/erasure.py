"""The end of a revoked device: all that it kept is destroyed, and its audit log stays, sealed for the auditor.

First the log, then a mark, then the keys, without which the rest is noise, then the rest: whoever is cut off in between
goes on at the next start.
"""

import shutil
from contextlib import suppress
from pathlib import Path

from agent_app.engine.copies import write_whole
from agent_app.engine.desk import Desk
from agent_app.engine.export import sealed_log
from agent_app.engine.profile import Profile
from agent_app.protocol.errors import InvalidBundleError
from agent_app.store import disk
from agent_app.store.errors import StoreError
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.vault import Vault

_MARK = "erasing"
_LOGS = "audit-log-*.bundle"


def keep_log(desk: Desk, profile: Profile) -> None:
    """Its audit log as far as the relay has witnessed it. One that cannot be proven, or a disk that takes none, is no
    reason to keep all the rest."""
    with suppress(InvalidBundleError, StoreError, OSError):
        write_whole(profile.folder / _LOGS.replace("*", desk.local.device[:4].hex()), sealed_log(desk))


def begin(profile: Profile) -> None:
    """Raises StoreUnavailable."""
    disk.write_whole(profile.folder / _MARK, b"")


def is_begun(profile: Profile) -> bool:
    return (profile.folder / _MARK).is_file()


def finish(profile: Profile, vault: Vault[DeviceSecrets]) -> Path | None:
    """Answers where a log stays. Raises VaultError or StoreUnavailable, and can be done again."""
    vault.remove()
    logs = sorted(profile.folder.glob(_LOGS))
    with disk.disk():
        for path in profile.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path not in logs and path.name != _MARK:
                path.unlink()
        (profile.folder / _MARK).unlink()
    return logs[-1] if logs else None
