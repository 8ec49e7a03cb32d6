"""What must not stop a desk, nor keep it open: hostile envelopes, faults of ours, full disks, files that are gone."""

import gc
import json
import os
import weakref
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import pytest

from agent_app.engine import copies, shift, unlocking
from agent_app.engine.commands import CreateInvitation, Lock, SaveFile, SendFile, SendNote, SendText, Unlock
from agent_app.engine.effects import Effects
from agent_app.engine.events import (
    Delivery,
    DeviceNamed,
    InvitationChanged,
    InvitationCreated,
    NoticeRaised,
    Phase,
    PhaseChanged,
    UnlockFailed,
)
from agent_app.engine.shift import Shift
from agent_app.engine.signals import Signals
from agent_app.protocol import content, events
from agent_app.protocol.content import Position
from agent_app.protocol.invitation import Link, Presentation
from agent_app.protocol.keys import DeviceKeys, LocalDevice, StreamId
from agent_app.relay.backoff import Backoff
from agent_app.relay.client import RelayClient
from agent_app.store.errors import StoreUnavailable
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.logs import ClinicLog
from agent_app.store.vault import Vault
from agent_app.transparency.statement import Policy
from tests.engine.networks import Meddler
from tests.engine.patient import Owner, Patient, now
from tests.engine.test_conversing import BORN, PHOTO, invite, invited, row, until_delivery, written
from tests.engine.test_hostile_patient import post, until_refused
from tests.engine.world import PASSPHRASE, Desk, World, played, played_alone
from tests.relay_server.relays import RelayProcess

OUR_FAULTS = {"Sealdesk made a mistake.", "Something here did not succeed."}
FULL = StoreUnavailable("no space left")


async def silent(world: World, link: str = "") -> Patient:
    """A patient who does not listen, so that nothing of theirs is ever answered."""
    patient = Patient(world.relay.url, world.clinic)
    world.stack.push_async_callback(patient.relay.close)
    await (patient.come_by(link) if link else patient.come_in())
    return patient


async def program_of(world: World, local: LocalDevice) -> Patient:
    """Somebody's own program, with the keys of a device that the relay knows."""
    program = Patient(world.relay.url, world.clinic)
    await program.relay.close()
    program.local = local
    program.relay = RelayClient(world.relay.url, now, Owner(local), program.head)
    world.stack.push_async_callback(program.relay.close)
    await program.refresh()
    return program


async def stolen(world: World, desk: Desk) -> Patient:
    """A program that writes with the keys of a stopped desk."""
    await desk.stop()
    secrets = Vault(DeviceSecrets, desk.profile.name, desk.profile.folder).open(PASSPHRASE, desk.clock())
    return await program_of(world, secrets.device)


# Envelopes


@played
async def test_a_session_id_of_somebody_else_holds_back_nobody(world: World) -> None:
    ada = await world.desk("ada")
    victim, conversation = await invited(world, ada)
    intruder = await silent(world)
    await intruder._shake_hands([ada.device])
    state, twin = intruder.sessions[ada.device], victim.sessions[ada.device].sending
    assert twin is not None
    renamed = msgspec.structs.replace(state.sessions[0], id=twin)
    intruder.sessions[ada.device] = replace(state, sessions=(renamed,), sending=twin)
    opened = await intruder.open()
    await victim.say("still heard")
    await ada.until(lambda d: row(d, conversation, "still heard"))
    assert OUR_FAULTS.isdisjoint(ada.notices())
    assert opened not in ada.rows()


@played
async def test_two_devices_with_one_mailbox_hold_back_nobody(world: World) -> None:
    ada = await world.desk("ada")
    victim, conversation = await invited(world, ada)
    first = await silent(world)
    opened = await first.open()
    own = DeviceKeys.generate(os.urandom)
    keys = DeviceKeys(own.signing, own.identity, first.local.keys.mailbox, b"")
    twin = await program_of(world, LocalDevice(keys, keys.certify(world.clinic, "patient", now())))
    refused = await twin.open()
    await victim.say("still heard")
    await ada.until(lambda d: row(d, conversation, "still heard"))
    assert OUR_FAULTS.isdisjoint(ada.notices())
    assert opened in ada.rows()
    assert refused not in ada.rows()


@played
async def test_one_handshake_is_no_try_at_two_invitations(world: World) -> None:
    ada = await world.desk("ada")
    victim, conversation = await invited(world, ada)
    one, other = await invite(ada), await invite(ada)
    patient = await silent(world, one.link)
    await patient.open("wrong", BORN)
    keys = Link.parse(other.link.rpartition("#")[2]).derive()
    shown = Presentation(keys, other.code, (events.Identifier("birth-date", BORN),))
    await patient._write(events.Check(), {ada.device: shown})
    await victim.say("still heard")
    await ada.until(lambda d: row(d, conversation, "still heard"))
    assert OUR_FAULTS.isdisjoint(ada.notices())
    changed = {event.invitation: event.tries_left for event in ada.told(InvitationChanged)}
    assert changed[one.invitation] == 4
    assert other.invitation not in changed


@played
async def test_a_proof_without_the_link_does_not_say_who_checks(world: World) -> None:
    ada = await world.desk("ada")
    invitation = await invite(ada)
    patient = await silent(world)
    keys = replace(Link.parse(invitation.link.rpartition("#")[2]).derive(), key=bytes(32))
    patient._invitation, patient._checkers = keys, (ada.device,)
    conversation = await patient.open(invitation.code, BORN)
    await ada.until(lambda d: conversation in d.rows())
    await ada.stop()
    with ada.disk() as store:
        assert store.settings.raw(f"invited-{patient.local.device.hex()}") is None


@played
async def test_a_fault_of_ours_over_one_envelope_holds_back_none_behind_it(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    really = Effects.store

    def stumbling(self: Effects, work: object, sender: object, opened: object) -> None:
        if opened.message.content.event == events.Text("stumble"):  # type: ignore[attr-defined]
            raise ZeroDivisionError("what somebody wrote")
        really(self, work, sender, opened)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Effects, "store", stumbling)
        patched.setattr(shift, "_AFTER_A_FAULT", 0.01)
        over = await patient.say("stumble")
        await patient.say("behind it")
        await ada.until(lambda d: row(d, conversation, "behind it"))
        await until_refused(patient, patient.said[over], "undecryptable")
    assert ada.notices().count("Sealdesk made a mistake.") == 1


@played
async def test_an_auditor_has_no_say_in_a_stream_that_nobody_knows(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    eve = await world.desk("eve", "auditor")
    program = await stolen(world, eve)
    with eve.disk() as store:
        told = store.settings.name_of(eve.device)
    assert told is not None
    await post(program, StreamId(os.urandom(32)), events.Name(eve.device, told.name, told.salt), Position())
    await patient.say("next")
    await ada.until(lambda d: row(d, conversation, "next"))
    assert not ada.told(DeviceNamed)


@played
async def test_a_retraction_reaches_into_no_other_conversation(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    other = await world.patient()
    elsewhere = await other.open()
    await other.say("evidence")
    await ada.until(lambda d: row(d, elsewhere, "evidence"))
    said = other.said[list(other.said)[-1]]
    program = await stolen(world, await world.desk("sam", "supervisor"))
    shared = content.shared_stream(conversation)  # type: ignore[arg-type]
    await post(program, shared, events.Retract(said.content.message, said.hash), Position(), clock=1_000)
    await patient.say("next")
    await ada.until(lambda d: row(d, conversation, "next"))
    assert row(ada, elsewhere, "evidence")
    await ada.stop()
    with ada.disk() as store:
        held = store.events.by_hash(said.hash)
        assert held is not None
        assert held.retracted is None


# Sending


@played_alone
async def test_a_sealed_file_that_is_gone_holds_back_nothing(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    world.relay.kill()
    ada.do(SendFile(conversation, written(world.folder / "photo.png", PHOTO), "the photograph"))
    await ada.until(lambda d: row(d, conversation, "the photograph"))
    assert ada.engine._unlocked is not None
    for kept in ada.engine._unlocked.store.attachments._folder.iterdir():
        kept.unlink()
    ada.do(SendText(conversation, "behind it"))
    world.relay.start()
    await patient.until(lambda p: "behind it" in p.texts())
    await until_delivery(ada, conversation, "the photograph", Delivery.FAILED)


class Stale(Meddler):
    """A relay that calls every log an old one, and shows nothing new."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.left = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.left and request.method == "POST" and request.url.path == self.path:
            self.left -= 1
            problem = {"type": "urn:sealdesk:problem:log-stale", "title": "stale", "status": 409, "statements": []}
            return httpx.Response(409, stream=httpx.ByteStream(json.dumps(problem).encode()))
        return await super().handle_async_request(request)


@played
async def test_an_invitation_is_registered_also_while_the_log_grows(world: World) -> None:
    relay = Stale("/v1/invitations")
    ada = await world.desk("ada", transport=relay)
    relay.left = 1
    ada.do(CreateInvitation("Erika Mustermann", "1980-02-29", ""))
    await ada.until(lambda d: d.told(InvitationCreated), "the invitation, asked for once")
    assert relay.left == 0
    assert not ada.notices()
    assert (await world.patient(ada.told(InvitationCreated)[0].link)) is not None


@pytest.mark.parametrize("path", ["/v1/envelopes", "/v1/receipts"])
def test_a_storm_of_conflicts_is_slept_through(path: str, tmp_path: Path, relay: RelayProcess) -> None:
    @played
    async def scenario(world: World) -> None:
        relay = Stale(path)
        ada = await world.desk("ada", transport=relay)
        patient, conversation = await invited(world, ada)
        waited: list[Backoff] = []

        def wait(self: Backoff) -> float:
            waited.append(self)
            return 0.0

        async def hold_back(_: Signals, __: object) -> None:
            """A hint that meets a conflict is not sent again: it would take one from what is counted here."""

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Signals, "send", hold_back)
            patched.setattr(Backoff, "wait", wait)
            relay.left = 5
            said = await patient.say("Hello?")
            await ada.until(lambda d: row(d, conversation, "Hello?"))
            ada.do(SendText(conversation, "after the storm"))
            await patient.until(lambda p: "after the storm" in p.texts() and p.delivered[said])
        assert relay.left == 0
        assert len(waited) >= 5

    scenario(tmp_path, relay)


# What is kept in memory


@played
async def test_what_did_not_come_to_the_disk_is_not_remembered(world: World) -> None:
    ada = await world.desk("ada")
    _, conversation = await invited(world, ada)
    at_work = ada.engine._shift
    assert at_work is not None
    stored = at_work._speech.stored(conversation)

    def write_and_fail() -> None:
        with at_work._desk.work() as work:
            at_work._writing.write(work, at_work._writing.team(stored), events.Note("never kept"))
            raise FULL

    with pytest.raises(StoreUnavailable):
        write_and_fail()
    ada.do(SendNote(conversation, "kept"))
    await ada.until(lambda d: row(d, conversation, "kept"))
    assert ada.rows()[conversation].warning == ""


@played
async def test_a_full_disk_does_not_undo_a_revocation(world: World) -> None:
    ada, ben = await world.desk("ada"), await world.desk("ben")
    patient, conversation = await invited(world, ada)
    really, failures = ClinicLog.append, [FULL]

    assert ada.engine._unlocked is not None
    adas = ada.engine._unlocked.store.clinic_log

    def append(self: ClinicLog, index: int, statements: tuple[bytes, ...]) -> None:
        if self is adas and failures:
            raise failures.pop()
        really(self, index, statements)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ClinicLog, "append", append)
        patched.setattr(shift, "_AFTER_A_FAULT", 0.01)
        await world.revoke(ben)
        await ben.until_phase(Phase.REVOKED)
        await ada.until(lambda d: FULL.sentence in str(d.told(NoticeRaised)), "the full disk")
    await world.renew()
    await world.policy(await _policy(world))
    ada.do(SendText(conversation, "to whom?"))
    await patient.until(lambda p: "to whom?" in p.texts())
    await ada.stop()
    with ada.disk() as store:
        assert store.clinic_log.size == patient._log.size
        assert store.sessions.load(ben.device) is None


async def _policy(world: World) -> Policy:
    async with world.administration() as clinic:
        return msgspec.structs.replace((await clinic.read()).roster.policy, idle_lock_seconds=77)


# Locking


@played
async def test_a_lock_lets_go_of_everything(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    await patient.say("in confidence")
    await ada.until(lambda d: row(d, conversation, "in confidence"))
    assert ada.engine._shift is not None
    at_work = weakref.ref(ada.engine._shift)
    store = weakref.ref(ada.engine._shift._conversations)
    ada.do(Lock())
    await ada.until(lambda d: d.told(PhaseChanged)[-1].phase is Phase.LOCKED, "the lock")
    await patient.say("while it is locked")
    await ada.until(lambda d: d.waiting() == 1, "the count")
    gc.collect()
    assert at_work() is None
    assert store() is None


@played
async def test_a_full_disk_does_not_keep_a_desk_open(world: World) -> None:
    ada = await world.desk("ada")

    def full(_: Shift) -> None:
        raise FULL

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Shift, "record_lock", full)
        ada.do(Lock())
        await ada.until(lambda d: d.told(PhaseChanged)[-1].phase is Phase.LOCKED, "the lock")
    assert ada.engine.holds_no_keys
    assert "The audit log does not tell of this lock." in ada.notices()


@played
async def test_an_unlock_that_cannot_be_recorded_is_none(world: World) -> None:
    ada = await world.desk("ada")
    ada.do(Lock())
    await ada.until_phase(Phase.LOCKED)
    for error in (FULL, ZeroDivisionError()):

        def failing(*_: object, error: Exception = error) -> None:
            raise error

        before = len(ada.told(UnlockFailed))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(unlocking, "_record_unlock", failing)
            ada.do(Unlock(PASSPHRASE))
            await ada.until(lambda d, n=before: len(d.told(UnlockFailed)) > n, "a refusal")  # type: ignore[misc]
        assert ada.engine.holds_no_keys
    ada.events.clear()
    ada.do(Unlock(PASSPHRASE))
    await ada.until_phase(Phase.UNLOCKED)


@played
async def test_ending_the_program_is_a_lock_in_the_audit_log(world: World) -> None:
    ada = await world.desk("ada")
    assert ada.engine._unlocked is not None
    before = ada.engine._unlocked.store.audit_log.size
    await ada.stop()
    with ada.disk() as store:
        assert store.audit_log.size == before + 1


# Saving


@played
async def test_a_file_is_recorded_before_it_is_saved(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    sent = await patient.send_file("photo.png", "image/png", PHOTO)
    await ada.until(lambda d: any(m.file for m in d.messages(conversation)), "the file")
    assert ada.engine._unlocked is not None
    audit = ada.engine._unlocked.store.audit_log
    before = audit.size

    def refused(path: Path, _: bytes) -> None:
        raise PermissionError(13, "no", str(path))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(copies, "write_whole", refused)
        ada.do(SaveFile(conversation, sent, world.folder / "saved.png"))
        await ada.until(lambda d: "The file was not saved." in d.notices())
    assert audit.size == before + 1


def test_saving_follows_no_link_that_lies_in_the_way(tmp_path: Path) -> None:
    other = written(tmp_path / "other", b"somebody's")
    (tmp_path / ".report.part").symlink_to(other)
    copies.write_whole(tmp_path / "report", b"secret")
    assert other.read_bytes() == b"somebody's"
    assert (tmp_path / "report").read_bytes() == b"secret"
    assert (tmp_path / "report").stat().st_mode & 0o077 == 0
