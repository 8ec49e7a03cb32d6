"""The end of a revoked device: all that it kept is destroyed; its audit log stays, sealed for the auditor, where the
device was open.

First the log, then a mark, then the keys, without which the rest is noise, then the rest: whoever is cut off in between
goes on at the next start.
"""

import shutil
from contextlib import suppress
from pathlib import Path

from agent_app.engine.clinic_address import ClinicAddress
from agent_app.engine.copies import write_whole
from agent_app.engine.desk import Desk
from agent_app.engine.export import sealed_log
from agent_app.engine.profile import Profile
from agent_app.engine.provisioning import fetch_clinic
from agent_app.protocol.errors import InvalidBundleError, ProtocolError
from agent_app.protocol.keys import ClinicId, DeviceId
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import RelayError
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


async def is_stolen(relay: RelayClient, clinic: ClinicId, device: DeviceId) -> bool:
    """By the clinic log, proven from its founding on: the relay's own word would be enough to empty every desk.

    A locked desk cannot put its audit log by. So only what a thief may have goes at once; the other reasons wait for
    somebody who opens it.
    """
    try:
        founded = await fetch_clinic(ClinicAddress(relay.origin, clinic), relay)
    except (RelayError, ProtocolError):
        return False
    member = founded.log.roster.member(device)
    return member is not None and member.revoked is not None and member.revoked.reason == "stolen"


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
