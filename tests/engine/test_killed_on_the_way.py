"""kill -9 in a command that goes to the relay too, also between its answer and the disk: the next start ends it."""

import asyncio

import pytest

from agent_app.engine import commands as c
from agent_app.protocol.keys import InvitationId
from agent_app.relay.errors import RelayRefused
from agent_app.store.invitations import Invitation
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.vault import Vault
from tests.engine.killing import Ended, Steps, Wire, chosen_at_random, in_a_process, shift_in, surroundings
from tests.engine.test_conversing import BORN, NAME, invite
from tests.engine.world import PASSPHRASE, PATIENCE, Desk, World, played

POINTS = 3  # for each command
IDS = "SELECT id FROM invitations ORDER BY rowid"


def killed(desk: Desk, command: c.Command, allowed: int | None) -> Ended | None:
    """In the folder itself: the relay's witness would take a copy of it for a rollback."""
    folder = desk.profile.folder
    keys = Vault(DeviceSecrets, desk.profile.name, folder).open(PASSPHRASE, desk.clock()).encode()

    async def play(steps: Steps) -> bytes:
        shift = shift_in(surroundings(folder, lambda _: None), keys, Wire(steps))
        steps.armed = True
        await shift.do(command)
        return b""

    return in_a_process(play, allowed)


async def settled(desk: Desk) -> list[Invitation]:
    """Started again, it ends what was begun. Answers its invitations; it is stopped."""
    await desk.restart()
    assert desk.engine._unlocked is not None
    store = desk.engine._unlocked.store
    room = store.invitations
    async with asyncio.timeout(PATIENCE):
        while room.unregistered() or room.uncancelled(desk.device):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
    found = [one for (id_,) in store.database.rows(IDS) if (one := room.get(id_)) is not None]
    await desk.stop()
    return found


@played
async def test_an_invitation_is_made_and_cancelled_wholly_or_not_at_all(world: World) -> None:
    ada, chance = await world.desk("ada"), chosen_at_random()
    await ada.stop()
    create = c.CreateInvitation(NAME, BORN, "results")
    ended = killed(ada, create, None)
    assert ended is not None
    for allowed in chance.sample(range(ended.steps), POINTS):
        assert killed(ada, create, allowed) is None
        made = await settled(ada)
        assert all(one.registered and one.state == "open" for one in made)
    one = made[0]
    ended = killed(ada, c.CancelInvitation(made.pop().id), None) if len(made) > 1 else None
    for allowed in chance.sample(range(ended.steps if ended else 8), POINTS):
        killed(ada, c.CancelInvitation(one.id), allowed)
        one = next(other for other in await settled(ada) if other.id == one.id)
    killed(ada, c.CancelInvitation(one.id), None)
    cancelled = next(other for other in await settled(ada) if other.id == one.id)
    assert (cancelled.state, cancelled.registered) == ("cancelled", False)


@played
async def test_what_was_cancelled_here_before_the_process_died_is_cancelled_at_the_relay(world: World) -> None:
    ada = await world.desk("ada")
    made = await invite(ada)
    invitation = InvitationId(made.invitation)
    await ada.stop()
    with ada.disk() as store, store.transaction():
        store.invitations.set_state(invitation, "cancelled")
    assert [one.registered for one in await settled(ada)] == [False]
    with pytest.raises(RelayRefused) as refused:
        await world.patient(made.link)
    assert refused.value.status in (404, 410)


@played
async def test_a_bundle_is_there_whole_or_not_at_all(world: World) -> None:
    ada, chance = await world.desk("ada"), chosen_at_random()
    await ada.stop()
    path = world.folder / "bundle"
    ended = killed(ada, c.ExportBundle(path), None)
    assert ended is not None
    whole = path.stat().st_size
    for allowed in chance.sample(range(ended.steps), POINTS):
        path.unlink(missing_ok=True)
        assert killed(ada, c.ExportBundle(path), allowed) is None
        assert not path.exists() or path.stat().st_size >= whole
        await settled(ada)
        assert not list(world.folder.glob(".bundle*"))
    path.unlink(missing_ok=True)
    assert killed(ada, c.ExportBundle(path), None) is not None
    assert path.stat().st_size > whole
