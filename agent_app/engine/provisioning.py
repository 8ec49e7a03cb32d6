"""A new device: its keys are made here and never leave; the administrator sees a request and six words (14.3)."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from agent_app.engine.clinic_address import REQUEST_PREFIX, ClinicAddress, to_text
from agent_app.engine.events import EnrolmentRequested
from agent_app.engine.unlocking import Surroundings, Unlocked, begin_failed_unlocks, opened
from agent_app.protocol.encoding import encode
from agent_app.protocol.errors import InvalidStatementError
from agent_app.protocol.keys import ClinicId, DeviceKeys, LocalDevice
from agent_app.protocol.limits import NAME
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import RelayError, RelayNonsense, UnknownClinic
from agent_app.store.errors import VaultExists
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.passphrase import eff_long, require_strength
from agent_app.store.rooms import Store
from agent_app.store.settings import Name
from agent_app.transparency.enrolment import EnrolmentRequest, waiting, words
from agent_app.transparency.log import ClinicLog

_REQUEST = "enrolment-request"


@dataclass(frozen=True, slots=True)
class Founded:
    """The clinic's log as the relay at the address showed it, proven up to the fingerprint that the address holds."""

    log: ClinicLog
    note: str


async def fetch_clinic(address: ClinicAddress, relay: RelayClient) -> Founded:
    """Raises RelayError, or a ProtocolError when what the relay shows is not the clinic of the address."""
    page = await relay.log_page(address.clinic, 0)
    if not page.statements:
        raise UnknownClinic
    log = ClinicLog.replay(page.statements, ClinicId(address.clinic))
    while log.size < page.size:
        page = await relay.log_page(address.clinic, log.size)
        if not page.statements:
            raise RelayNonsense("the relay names more statements than it shows")
        log.extend(log.size, page.statements)
    return Founded(log, page.note)


async def join(surroundings: Surroundings, clinic_address: str, name: str, passphrase: str) -> Unlocked:
    """Makes keys, vault item, store, request. Raises AddressRefused, VaultError, RelayError, ProtocolError, StoreError.

    The store is whole before its keys are in the keyring: without them it is noise that a second attempt may bury.
    """
    address = ClinicAddress.parse(clinic_address)
    NAME.check_text(name)
    require_strength(passphrase, [name])
    vault = await asyncio.to_thread(surroundings.vault)
    if await asyncio.to_thread(vault.exists):
        raise VaultExists
    relay = RelayClient(address.origin, surroundings.clock)
    try:
        founded = await fetch_clinic(address, relay)
    finally:
        await relay.close()
    if founded.log.roster.relay.origin != address.origin:
        raise InvalidStatementError("the clinic has moved to another relay: ask for its new address")
    secrets = _make_secrets(surroundings, founded.log.clinic)
    store = _make_store(surroundings, secrets)
    try:
        _fill(surroundings, store, secrets.device, founded, name)
        begin_failed_unlocks(store, secrets.device, vault)
        await asyncio.to_thread(vault.create, secrets, passphrase)
    except BaseException:
        secrets.wipe()
        store.close()
        raise
    unlocked = opened(surroundings, secrets, store)
    try:
        with unlocked.desk.work() as work:
            work.record("unlock")
    except BaseException:
        unlocked.wipe()
        raise
    return unlocked


def show_request(unlocked: Unlocked) -> None:
    """Tells the window what to hand to the administrator, again after each start."""
    request = unlocked.store.settings.raw(_REQUEST)
    if request is not None:
        text = REQUEST_PREFIX + to_text(request)
        unlocked.desk.emit(EnrolmentRequested(text, words(request, eff_long())))


async def keep_asking(unlocked: Unlocked, clinic: bytes, relay: RelayClient, pause: float) -> None:
    """Leaves the request at the relay, and again, for as long as this device waits. A relay that takes none is no harm:
    the request can be handed over."""
    request = unlocked.store.settings.raw(_REQUEST)
    if request is None:
        return
    place = await asyncio.to_thread(waiting, clinic, words(request, eff_long()))
    sealed = place.seal(request, unlocked.desk.random(24))
    while True:
        with suppress(RelayError):
            await relay.leave_enrolment(clinic, place.ticket, sealed)
        await asyncio.sleep(pause)


def _make_secrets(surroundings: Surroundings, clinic: ClinicId) -> DeviceSecrets:
    """With a cosigning key always: who becomes a supervisor later shall not need a new device."""
    keys = DeviceKeys.generate(surroundings.random, cosigning=True)
    certificate = keys.certify(clinic, "agent", surroundings.clock())
    return DeviceSecrets(LocalDevice(keys, certificate), surroundings.random(32), surroundings.random(32))


def _make_store(surroundings: Surroundings, secrets: DeviceSecrets) -> Store:
    folder = surroundings.profile.folder
    for leftover in folder.glob("store.db*"):  # of an attempt whose keys never reached the keyring
        leftover.unlink()
    return Store.create(folder, secrets.database_key, secrets.epoch_key)


def _fill(surroundings: Surroundings, store: Store, local: LocalDevice, founded: Founded, name: str) -> None:
    person, salt = surroundings.random(16), surroundings.random(32)
    request = encode(EnrolmentRequest(local.certificate.encoded, person, name, salt))
    with store.transaction():
        store.settings.clinic = founded.log.clinic
        store.settings.relay_origin = founded.log.roster.relay.origin
        store.settings.set_raw(_REQUEST, request)
        store.settings.learn_name(Name(local.device, name, salt, surroundings.clock()))
        store.clinic_log.append(0, founded.log.statements)
