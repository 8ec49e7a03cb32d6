"""From a passphrase to an open device, and back (docs/protocol.md, sections 15 and 17)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from keyring.backend import KeyringBackend

from agent_app.engine import renewal
from agent_app.engine.audit import Audit
from agent_app.engine.desk import Desk
from agent_app.engine.events import Event
from agent_app.engine.membership import load
from agent_app.engine.profile import Profile
from agent_app.protocol.keys import LocalDevice
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.rooms import Store
from agent_app.store.vault import Cost, Vault
from agent_app.transparency.log import ClinicLog

_MARK = "unlock-failed-mark"


@dataclass(slots=True)
class Surroundings:
    """What the engine was given: where it lives, and the world at its edges. `say` puts a sentence into the language
    of whoever reads a file that is written for people."""

    profile: Profile
    emit: Callable[[Event], None]
    clock: Callable[[], int]
    random: Callable[[int], bytes]
    keyring: KeyringBackend | None
    cost: Cost
    say: Callable[[str], str] = str

    def vault(self) -> Vault[DeviceSecrets]:
        self.profile.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Vault(DeviceSecrets, self.profile.name, self.profile.folder, self.keyring, self.cost)


@dataclass(slots=True)
class Unlocked:
    """Secrets in memory and the store that they open."""

    secrets: DeviceSecrets = field(repr=False)
    store: Store
    desk: Desk
    log: ClinicLog

    def wipe(self) -> None:
        """Zeroes the secrets and closes the store. What Python may have copied, Secrets says."""
        self.secrets.wipe()
        self.store.close()


async def check(surroundings: Surroundings, unlocked: Unlocked) -> None:
    """Reads every page of the store while somebody already works with it. Raises StoreError.

    What is read meanwhile proves itself, page by page; only what nobody reads could go unnoticed for this second.
    """
    database = unlocked.store.database
    if database.rests:
        await asyncio.to_thread(Store.check, surroundings.profile.folder, unlocked.secrets.database_key)
        database.checked()


async def unlock(surroundings: Surroundings, passphrase: str) -> Unlocked:
    """Raises VaultError or StoreError. What was tried in vain since the last time goes into the audit log."""
    vault = await asyncio.to_thread(surroundings.vault)
    folder = surroundings.profile.folder
    secrets = await asyncio.to_thread(vault.open, passphrase, surroundings.clock(), renewal.fits(folder))
    store = _store(surroundings, secrets)
    try:
        secrets = await renewal.renew_when_due(vault, store, secrets, passphrase, surroundings.random)
    except BaseException:
        secrets.wipe()
        store.close()
        raise
    return _recorded(opened(surroundings, secrets, store), vault)


def unlocked_by(surroundings: Surroundings, vault: Vault[DeviceSecrets], secrets: DeviceSecrets, way: str) -> Unlocked:
    """As `unlock`, with secrets that something else than the passphrase has opened; the audit log tells what."""
    return _recorded(opened(surroundings, secrets, _store(surroundings, secrets)), vault, way)


def _store(surroundings: Surroundings, secrets: DeviceSecrets) -> Store:
    try:
        return Store.open(surroundings.profile.folder, secrets.database_key, secrets.epoch_key, check_later=True)
    except BaseException:
        secrets.wipe()
        raise


def _recorded(unlocked: Unlocked, vault: Vault[DeviceSecrets], *way: str) -> Unlocked:
    try:
        _record_unlock(unlocked, vault, *way)
    except BaseException:  # nobody works at an open desk of which the log does not tell
        unlocked.wipe()
        raise
    return unlocked


def opened(surroundings: Surroundings, secrets: DeviceSecrets, store: Store) -> Unlocked:
    """Replays the clinic log, every statement proven anew, and begins an audit epoch."""
    try:
        log = load(store.clinic_log.statements(), store.settings.clinic, store.settings.number("log-seen"))
        local: LocalDevice = secrets.device
        audit = Audit(store, local, lambda: log.roster.audit_recipient, surroundings.random)
        audit.begin_epoch(surroundings.clock())
        desk = Desk(local, store, audit, surroundings.emit, surroundings.clock, surroundings.random, surroundings.say)
    except BaseException:
        secrets.wipe()
        store.close()
        raise
    return Unlocked(secrets, store, desk, log)


def _record_unlock(unlocked: Unlocked, vault: Vault[DeviceSecrets], *way: str) -> None:
    store, keys = unlocked.store, unlocked.desk.local.keys
    failed = vault.failed_unlocks.read(keys.identity, store.settings.raw(_MARK) or b"")
    mark = vault.failed_unlocks.begin(unlocked.desk.local.certificate.core.identity) if failed.broken else failed.mark
    with unlocked.desk.work() as work:
        for time in failed.times:
            work.record("unlock-failed", b"", str(time))
        if failed.broken:
            work.record("alarm", b"", "unlock-failed")
        work.record("unlock", b"", *way)
        store.settings.set_raw(_MARK, mark)


def begin_failed_unlocks(store: Store, local: LocalDevice, vault: Vault[DeviceSecrets]) -> None:
    """At enrolment, before anything can be unlocked: a device without this file is one from which it was taken."""
    mark = vault.failed_unlocks.begin(local.certificate.core.identity)
    with store.transaction():
        store.settings.set_raw(_MARK, mark)
