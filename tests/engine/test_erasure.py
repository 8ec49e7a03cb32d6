"""A device that was revoked keeps nothing of the clinic but its audit log, sealed; killed in between it goes on."""

from pathlib import Path

import pytest

from agent_app.engine import erasure
from agent_app.engine.commands import ExportBundle, Lock, OpenConversation, SendText, Unlock
from agent_app.engine.events import BundleExported, MessagesWait, NoticeRaised, Phase, PhaseChanged
from agent_app.engine.profile import Profile
from agent_app.protocol.keys import ClinicId
from agent_app.relay.client import RelayClient
from agent_app.store.errors import VaultUnavailable
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.rooms import DATABASE_FILE, SEALED_FOLDER, Store
from agent_app.store.vault import Vault
from agent_app.transparency import bundle, verifier
from agent_app.transparency.statement import Revocation
from tests.engine.killing import FolderKeyring, Steps, in_a_process
from tests.engine.test_conversing import invited, row
from tests.engine.world import PASSPHRASE, Desk, World, played
from tests.store.secrets_of import CHEAPEST, device_secrets

WORD = b"quetzalcoatlus"


def left_of(desk: Desk) -> list[str]:
    return sorted(path.name for path in desk.profile.folder.iterdir())


def has_keys(desk: Desk) -> bool:
    return Vault(DeviceSecrets, desk.profile.name, desk.profile.folder).exists()


async def revoked(world: World, desk: Desk) -> None:
    await world.revoke(desk)
    await desk.until_phase(Phase.REVOKED)


@played
async def test_nothing_stays_but_the_sealed_log(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    _, conversation = await invited(world, ada)
    ada.do(SendText(conversation, WORD.decode()))
    await ben.until(lambda d: row(d, conversation, WORD.decode()))
    ben.do(OpenConversation(conversation))
    ben.do(ExportBundle(world.folder / "evidence.bundle"))  # before which the relay witnesses all of the log
    await ben.until(lambda d: d.told(BundleExported), "the export")
    await revoked(world, ben)
    log = f"audit-log-{ben.device[:4].hex()}.bundle"
    assert left_of(ben) == [log]
    assert not has_keys(ben)
    assert any(log in notice for notice in means(ben))
    raw = (ben.profile.folder / log).read_bytes()
    _, payload = bundle.parse(raw)
    assert payload.messages == ()
    assert [one.epoch_keys for one in payload.logs] == [()]
    report = verifier.verify(raw, lambda clinic: clinic == world.clinic, world.founding.recipient)
    assert report.passed, report.faults
    assert "view" in {entry.kind for _, _, entry in report.entries()}
    await ben.stop()
    ben.events.clear()
    ben.start()
    await ben.until(lambda d: d.told(PhaseChanged), "a phase")
    assert ben.told(PhaseChanged)[0].phase is Phase.NEW


def means(desk: Desk) -> list[str]:
    return [event.notice.means for event in desk.told(NoticeRaised)]


@played
async def test_a_keyring_that_refuses_is_asked_again_at_the_next_start(world: World) -> None:
    ben = await world.desk("ben")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Vault, "remove", _refuse)
        await revoked(world, ben)
    assert has_keys(ben)
    assert any("could not be erased" in notice for notice in means(ben))
    await ben.stop()
    ben.events.clear()
    ben.start()
    await ben.until_phase(Phase.NEW)
    assert not has_keys(ben)
    assert [name for name in left_of(ben) if not name.endswith(".bundle")] == []


@played
async def test_a_stolen_desk_that_is_locked_does_not_wait_for_its_passphrase(world: World) -> None:
    ben, left = await world.desk("ben"), await world.desk("left")
    for desk in (ben, left):
        desk.do(Lock())
        await desk.until_phase(Phase.LOCKED)
    await world.revoke(left)
    await world.append(lambda _: Revocation(ben.device, "stolen"))
    await ben.until_phase(Phase.REVOKED)
    assert left_of(ben) == []
    assert not has_keys(ben)
    # A leaver's is opened once more, and its log put by; the relay alone could empty no desk, for the log must tell it.
    await left.until(lambda d: d.waiting() is None or any(wait.asked for wait in d.told(MessagesWait)), "no answer")
    assert has_keys(left)
    left.do(Unlock(PASSPHRASE))
    await left.until_phase(Phase.REVOKED)
    assert not has_keys(left)
    assert all(name.endswith(".bundle") for name in left_of(left))


@played
async def test_only_the_clinic_log_tells_that_a_desk_was_stolen(world: World) -> None:
    stays, left, stolen = [await world.desk(name) for name in ("ada", "left", "ben")]
    await world.append(lambda _: Revocation(left.device, "left"))
    await world.append(lambda _: Revocation(stolen.device, "stolen"))
    relay = RelayClient(world.address.origin, world.clock)
    try:
        told = [await erasure.is_stolen(relay, world.clinic, desk.device) for desk in (stays, left, stolen)]
        elsewhere = await erasure.is_stolen(relay, ClinicId(b"x" * 32), stolen.device)
    finally:
        await relay.close()
    assert told == [False, False, True]
    assert not elsewhere, "a log that is not the clinic's tells nothing"


def _refuse(vault: Vault[DeviceSecrets]) -> None:
    raise VaultUnavailable


def test_killed_at_any_step_it_is_gone_through_with(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profiles", "ben")

    def vault() -> Vault[DeviceSecrets]:
        return Vault(DeviceSecrets, profile.name, profile.folder, FolderKeyring(tmp_path / "keyring"), CHEAPEST)

    def filled() -> None:
        (profile.folder / SEALED_FOLDER / "ab").mkdir(parents=True)
        (profile.folder / SEALED_FOLDER / "ab" / "file").write_bytes(WORD)
        (profile.folder / "agent").write_text("Ben")
        (profile.folder / "audit-log-0102.bundle").write_bytes(b"log")
        secrets = device_secrets()
        Store.create(profile.folder, secrets.database_key, secrets.epoch_key).close()
        vault().create(secrets, PASSPHRASE)

    async def play(steps: Steps) -> bytes:
        steps.armed = True
        erasure.begin(profile)
        erasure.finish(profile, vault())
        return b""

    filled()
    whole = in_a_process(play, None)
    assert whole is not None
    assert whole.steps > 5
    for allowed in range(whole.steps):
        (profile.folder / "audit-log-0102.bundle").unlink()
        filled()
        assert in_a_process(play, allowed) is None
        if erasure.is_begun(profile):
            assert erasure.finish(profile, vault()) == profile.folder / "audit-log-0102.bundle"
        else:  # before anything was lost, or after everything
            kept = vault().exists()
            assert (profile.folder / DATABASE_FILE).exists() is kept
            if kept:
                erasure.begin(profile)
                erasure.finish(profile, vault())
        assert [path.name for path in profile.folder.iterdir()] == ["audit-log-0102.bundle"]
        assert not vault().exists()
