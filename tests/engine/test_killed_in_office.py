"""kill -9 in the middle of every act of an administrator: done again, it ends as if nothing had happened.

Each try is a process of its own with the real relay, killed at a file, a keyring's item, a request or its answer.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import pytest

from agent_app.engine.administration import acts, news
from agent_app.engine.administration.notebook import Notebook
from agent_app.engine.administration.office import Office, office_profile
from agent_app.engine.clinic_address import REQUEST_PREFIX, to_text
from agent_app.engine.engine import system_clock
from agent_app.engine.events import Event
from agent_app.engine.profile import Profile
from agent_app.engine.provisioning import fetch_clinic
from agent_app.engine.unlocking import Surroundings
from agent_app.protocol.encoding import Record, decode, encode
from agent_app.protocol.keys import ClinicId, DeviceKeys
from agent_app.relay.client import RelayClient
from agent_app.transparency import checkpoint, enrolment, note
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.statement import parse
from tests.engine.killing import FolderKeyring, Steps, Wire, chosen_at_random, in_a_process, some
from tests.engine.world import CHEAP, PASSPHRASE
from tests.relay_server.relays import RelayProcess

POINTS = 2  # for each act
UNLOCK = acts.UnlockAdministration(PASSPHRASE)
IDLE = {
    acts.CheckRelay: "asks",
    acts.ReadRequest: "reads",
    acts.MakeKit: "shows sheets; what they are made of stays until they are confirmed",
    acts.RenewKit: "shows sheets; the old ones still fit each other",
    acts.LockAdministration: "forgets",
    acts.RunSelfCheck: "writes by commands that are killed elsewhere; done again it proves anew, with another patient",
}
OPENING = (acts.FoundClinic, acts.RecoverAdministration, acts.UnlockAdministration)


class Told(Record, frozen=True):
    """What a process told, as far as it matters here."""

    failures: tuple[str, ...]
    sheets: tuple[tuple[str, ...], ...]


class Room:
    """One administrator's files and keyring, from process to process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notebook = Notebook(office_profile(Profile(folder, "default")).folder)

    def copied(self, name: str) -> "Room":
        shutil.copytree(self.folder, self.folder.with_name(name))
        return Room(self.folder.with_name(name))

    def do(self, act: acts.Act, *before: acts.Act, allowed: int | None = None) -> tuple[int, Told] | None:
        """How many steps `act` took, and what was told; None where the process was killed."""

        async def play(steps: Steps) -> bytes:
            told: list[Event] = []
            profile = Profile(self.folder, "default")
            keyring = FolderKeyring(self.folder / "keyring")
            around = Surroundings(profile, told.append, system_clock, os.urandom, keyring, CHEAP)
            office = Office(around, Wire(steps), lambda: None)
            for one in before:
                await office.do(one)
            steps.armed = True
            await office.do(answered(told) if isinstance(act, acts.ConfirmKit) else act)
            failures = tuple(str(event.means) for event in told if isinstance(event, news.ActFailed))
            sheets = [event.sheets for event in told if isinstance(event, news.KitMade)]
            return encode(Told(failures, sheets[-1] if sheets else ()))

        ended = in_a_process(play, allowed)
        return None if ended is None else (ended.steps, decode(ended.answer, Told))

    def done(self, act: acts.Act, *before: acts.Act) -> Told:
        ended = self.do(act, *before)
        assert ended is not None
        assert ended[1].failures == (), act
        return ended[1]

    def log(self) -> ClinicLog:
        """As the relay has it; its head is vouched for."""

        async def read() -> ClinicLog:
            address = self.notebook.address()
            relay = RelayClient(address.origin, system_clock)
            try:
                log = (await fetch_clinic(address, relay)).log
                notes = [note.parse(text) for text in await relay.cosigned_notes(log.clinic)]
            finally:
                await relay.close()
            origin = checkpoint.clinic_origin(log.clinic)
            self.vouched = {checkpoint.parse(one.text, origin).size for one in notes}
            return log

        return asyncio.run(read())

    def actions(self) -> list[object]:
        return [parse(raw).payload.action for raw in self.log().statements]


def answered(told: Sequence[Event]) -> acts.ConfirmKit:
    kit = [event for event in told if isinstance(event, news.KitMade)][-1]
    return acts.ConfirmKit(tuple(kit.sheets[sheet - 1][place - 1] for sheet, place in kit.asked))


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[RelayProcess]:
    (tmp_path / "relay").mkdir()
    process = RelayProcess(tmp_path / "relay")
    yield process
    process.close()


def founding(origin: str) -> acts.FoundClinic:
    return acts.FoundClinic("Praxis Ada", "Europe/Berlin", origin, PASSPHRASE, ("mon-fri 8:00-17:00",))


def names(actions: Sequence[object]) -> list[str]:
    return [type(action).__name__ for action in actions]


def test_every_act_is_killed_or_said_to_change_nothing() -> None:
    certificate = DeviceKeys.generate(os.urandom).certify(ClinicId(bytes(32)), "agent", 1)
    killed = {*OPENING, acts.ConfirmKit, *(type(act) for act, _ in appending(certificate.encoded, bytes(32), 0))}
    assert not killed & set(IDLE)
    assert killed | set(IDLE) == set(get_args(acts.Act))


def test_a_founding_is_nothing_or_is_finished_with_its_hours_and_its_kit(tmp_path: Path, relay: RelayProcess) -> None:
    act, chance = founding(relay.url), chosen_at_random()
    whole = Room(tmp_path / "whole")
    ended = whole.do(act)
    assert ended is not None
    for number, allowed in enumerate(some(chance, ended[0], 2 * POINTS)):
        room = Room(tmp_path / f"room{number}")
        assert room.do(act, allowed=allowed) is None
        again = room.do(UNLOCK)
        assert again is not None
        if again[1].failures:  # there are no keys: nothing was founded, and nothing stands in the way
            room.done(act)
        assert names(room.actions()) == ["Charter", "Hours"]
        assert room.vouched >= {2}
        assert room.notebook.founding() is None
        assert room.done(acts.MakeKit(), UNLOCK).sheets


def appending(certificate: bytes, device: bytes, number: int) -> list[tuple[acts.Act, str]]:
    """An act of each kind, and what it puts into the log; `number` makes them others each time."""
    asked = enrolment.EnrolmentRequest(certificate, os.urandom(16), f"Desk {number}", os.urandom(32))
    return [
        (acts.ApproveDevice(REQUEST_PREFIX + to_text(encode(asked)), "agent"), "Admission"),
        (acts.ChangeRole(device, "supervisor"), "RoleChange"),
        (acts.SetTeam(b"", (device,)), "Team"),
        (acts.ChangePolicy(60 + number, 0, True, True, 48, 72), "PolicyChange"),
        (acts.TellHours("Europe/Berlin", (f"mon 8:{10 + number}-17:00",), ()), "Hours"),
        (acts.VouchForLog(), ""),
        (acts.RevokeDevice(device, "stolen"), "Revocation"),
    ]


def test_what_goes_into_the_log_stands_there_once(tmp_path: Path, relay: RelayProcess) -> None:
    chance, room = chosen_at_random(), Room(tmp_path / "room")
    room.done(founding(relay.url))
    ended = room.do(acts.ChangePolicy(59, 0, True, True, 48, 72), UNLOCK)
    assert ended is not None
    expected = ["Charter", "Hours", "PolicyChange"]
    again: tuple[acts.Act, ...] = ()
    for number in range(POINTS):
        certificate = DeviceKeys.generate(os.urandom).certify(room.log().clinic, "agent", number + 1)
        for act, action in appending(certificate.encoded, certificate.device, number):
            survived = room.do(act, UNLOCK, *again, allowed=chance.randrange(ended[0]))
            assert survived is None or survived[1].failures == ()
            expected += [action] if action else []
            stands = names(room.actions()) == expected
            is_over = stands and action and not (room.notebook.folder / "begun").exists()
            again = () if survived or is_over else (act,)
    room.done(acts.VouchForLog(), UNLOCK, *again)
    assert names(room.actions()) == expected
    assert room.log().size in room.vouched


def test_a_recovery_and_a_kit_are_not_lost(tmp_path: Path, relay: RelayProcess) -> None:
    chance, room = chosen_at_random(), Room(tmp_path / "room")
    room.done(founding(relay.url))
    first, second = (" ".join(words) for words in room.done(acts.MakeKit(), UNLOCK).sheets)
    for act, before in ((UNLOCK, ()), (acts.ConfirmKit(()), (UNLOCK, acts.MakeKit()))):
        ended = room.copied(f"measured-{len(before)}").do(act, *before)
        assert ended is not None
        for allowed in some(chance, ended[0], POINTS):
            assert room.do(act, *before, allowed=allowed) is None
            assert room.notebook.kit_pending
        room.done(act, *before)
    assert not room.notebook.kit_pending
    recovery = acts.RecoverAdministration(first, second, "", PASSPHRASE)
    ended = room.do(recovery)
    assert ended is not None
    expected = ["Charter", "Hours", "Administrators"]
    for allowed in some(chance, ended[0], 2 * POINTS):
        assert room.do(recovery, allowed=allowed) is None
        room.done(recovery)
        expected.append("Administrators")
        assert names(room.actions()) == expected
    room.done(acts.VouchForLog(), UNLOCK)
    assert room.log().size in room.vouched
