"""Several agents at one workstation: each has keys, store and keyring item of her own, and switching locks."""

import asyncio
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from agent_app.engine.commands import Join, Lock, SetPin, SwitchAgent, Unlock
from agent_app.engine.events import (
    Agent,
    AgentsListed,
    EnrolmentRequested,
    MessagesWait,
    Phase,
    PhaseChanged,
    PinOffered,
    PreferencesChanged,
)
from agent_app.engine.profile import Profile
from agent_app.engine.workstation import Workstation
from agent_app.store.errors import WrongPassphrase
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.vault import Vault
from tests.engine.networks import Meddler
from tests.engine.test_conversing import invited, row
from tests.engine.world import PASSPHRASE, PATIENCE, QUICK, Desk, World, played

OTHER = "saddle comet tulip drawer anthem"


async def switched(desk: Desk, profile: str, phase: Phase) -> None:
    desk.events.clear()
    desk.do(SwitchAgent(profile))
    await desk.until(
        lambda d: d.told(AgentsListed) and d.told(PhaseChanged) and d.told(PhaseChanged)[-1].phase is phase, "the other"
    )


async def receipted(desk: Desk) -> None:
    """What it has read waits nowhere any more. The lock sees to that too, where the machine is not too busy."""
    assert desk.engine._shift is not None
    outbox = desk.engine._shift._desk.store.outbox
    async with asyncio.timeout(PATIENCE):
        while outbox.receipts() or outbox.discards():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)


@played
async def test_what_was_read_is_receipted_by_the_lock_and_not_counted(world: World) -> None:
    ada = await world.desk("ada", pace=replace(QUICK, receipt_jitter=3_600.0))
    patient, conversation = await invited(world, ada)
    await patient.say("read")
    await ada.until(lambda d: row(d, conversation, "read"), "what she reads")
    ada.do(Lock())
    await ada.until(lambda d: d.told(PhaseChanged)[-1].phase is Phase.LOCKED, "the lock")
    await patient.until(lambda p: p.delivered[list(p.said)[-1]])
    await patient.say("not read")
    await ada.until(lambda d: d.waiting() == 1, "what she has not read")


@played
async def test_a_second_agent_joins_here_and_each_opens_only_her_own(world: World) -> None:
    ada = await world.desk("ada")
    own = ada.profile.name
    await switched(ada, "", Phase.NEW)
    assert ada.engine.holds_no_keys  # the one before is locked
    ada.do(Join(world.address.text(), "Bea", OTHER))
    await ada.until(lambda d: d.told(EnrolmentRequested), "her request")
    await world.admit(ada)
    await ada.until_online()
    listed = ada.told(AgentsListed)[-1]
    beas = listed.current
    assert [(agent.profile, agent.name) for agent in listed.agents] == [(own, "Ada"), (beas, "Bea")]
    ada.do(SetPin("480213"))
    await ada.until(lambda d: d.told(PreferencesChanged)[-1].pin, "her PIN")

    await switched(ada, own, Phase.LOCKED)
    assert ada.engine.holds_no_keys
    assert ada.told(PinOffered)[-1].until == 0  # that is hers alone
    ada.do(Unlock(PASSPHRASE))
    await ada.until_phase(Phase.UNLOCKED)
    assert ada.told(PhaseChanged)[-1].agent == "Ada"

    ada.do(Lock())
    await switched(ada, beas, Phase.LOCKED)
    ada.do(Unlock(OTHER))
    await ada.until_phase(Phase.UNLOCKED)
    ada.do(SwitchAgent("../elsewhere"))  # neither of them is anybody
    ada.do(SwitchAgent("nobody"))
    await switched(ada, own, Phase.LOCKED)
    for profile, wrong in ((own, OTHER), (beas, PASSPHRASE)):
        vault = Vault(DeviceSecrets, profile, ada.profile.data / profile)
        with pytest.raises(WrongPassphrase):
            vault.open(wrong, world.clock())
    await ada.stop()
    Vault(DeviceSecrets, beas, ada.profile.data / beas).remove()


def test_what_is_no_agents_folder_is_not_listed(tmp_path: Path) -> None:
    for name in ("admin", "default", "damaged"):
        (tmp_path / name).mkdir()
    (tmp_path / "workstation.ini").touch()
    for name in ("default", "damaged"):
        (tmp_path / name / "store.db").touch()
    workstation = Workstation(tmp_path)
    (tmp_path / "damaged/agent").write_bytes(b"\xff" * 9_000)
    workstation.remember(Profile(tmp_path, "default"), "Ana")
    assert workstation.agents() == (Agent("default", "Ana"), Agent("damaged", "damaged"))
    assert workstation.latest() == "default"
    assert Workstation(tmp_path / "nowhere").agents() == ()


@played
async def test_what_waits_is_counted_for_each_locked_agent_also_while_another_works(world: World) -> None:
    ada = await world.desk("ada")
    own = ada.profile.name
    await switched(ada, "", Phase.NEW)
    ada.do(Join(world.address.text(), "Bea", OTHER))
    await ada.until(lambda d: d.told(EnrolmentRequested), "her request")
    await world.admit(ada)
    await ada.until_online()
    beas = ada.told(AgentsListed)[-1].current
    await switched(ada, own, Phase.LOCKED)
    ada.do(Unlock(PASSPHRASE))
    await ada.until_online()
    patient, _ = await invited(world, ada)
    await ada.until(lambda d: d.waiting(beas), "what waits for Bea while Ada works")

    await receipted(ada)
    ada.do(Lock())
    await ada.until(lambda d: d.told(PhaseChanged)[-1].phase is Phase.LOCKED, "the lock")
    before = ada.waiting(beas)
    await patient.say("for both")
    await ada.until(lambda d: d.waiting(own) == 1 and (d.waiting(beas) or 0) > (before or 0), "each her own")
    await switched(ada, beas, Phase.LOCKED)
    await ada.until(lambda d: d.waiting(own) == 1, "what waits for Ada, to the window that turned to Bea")
    ada.do(Unlock(OTHER))
    await ada.until(lambda d: d.waiting(beas) == 0, "an end of counting, for Bea")
    assert ada.waiting(own) == 1
    await ada.stop()
    Vault(DeviceSecrets, beas, ada.profile.data / beas).remove()


@played
async def test_a_count_that_no_answer_renews_says_since_when(world: World) -> None:
    network = Meddler()
    ada = await world.desk("ada", transport=network)
    patient, _ = await invited(world, ada)

    def silence(_: httpx.Request) -> bytes:
        raise httpx.ConnectError("no network")

    network.answers["/v1/count"] = silence
    ada.do(Lock())
    await ada.until(lambda d: d.told(MessagesWait) and d.waiting() is None, "that nothing is known yet")
    network.answers.clear()
    await patient.say("one")
    await ada.until(lambda d: d.told(MessagesWait)[-1] == MessagesWait(ada.profile.name, 1), "the count")
    asked = world.clock()
    network.answers["/v1/count"] = silence
    await ada.until(lambda d: asked - 1_000 <= d.told(MessagesWait)[-1].asked <= world.clock(), "since when")
    assert ada.waiting() == 1
    network.answers.clear()
    await ada.until(lambda d: d.told(MessagesWait)[-1] == MessagesWait(ada.profile.name, 1), "the count again")
    world.clock.ahead += 8 * 3_600_000  # for so long does the token count, and no key is there for another
    await ada.until(lambda d: d.told(MessagesWait)[-1].asked > 0, "the end of the token")
    await patient.say("two")
    ada.do(Unlock(PASSPHRASE))
    await ada.until(lambda d: d.waiting() == 0, "an end of counting")


@played
async def test_a_start_sweeps_the_empty_folders_of_those_who_never_joined(world: World) -> None:
    ada = await world.desk("ada")
    data = ada.profile.data
    await ada.stop()
    empty = [data / f"agent-{digit * 12}{office}" for digit in "ab" for office in ("", "-admin")]
    kept = [data / f"agent-{'c' * 12}", data / f"agent-{'d' * 12}-admin", data / "agent-desk", data / "default-admin"]
    for folder in (*empty, *kept):
        folder.mkdir(exist_ok=True)
    (kept[0] / "vault").write_bytes(b"a key")
    (kept[1] / "charter").write_bytes(b"")
    (data / f"agent-{'e' * 12}").symlink_to(kept[2], target_is_directory=True)
    await ada.restart()
    assert not [folder for folder in empty if folder.exists()]
    assert all(folder.is_dir() for folder in kept)
    assert (kept[0] / "vault").read_bytes() == b"a key"
    assert (data / f"agent-{'e' * 12}").is_symlink()


@played
async def test_a_profile_that_is_being_joined_keeps_its_folder(world: World) -> None:
    ada = await world.desk("ada")
    await switched(ada, "", Phase.NEW)
    shown = Profile(ada.profile.data, ada.told(AgentsListed)[-1].current)
    shown.folder.mkdir(exist_ok=True)
    Workstation(ada.profile.data).sweep(shown)
    assert shown.folder.is_dir()
    Workstation(ada.profile.data).sweep(ada.profile)
    assert not shown.folder.exists()
