"""What a lock leaves in memory: another process looks through all of it."""

import asyncio
import base64
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from agent_app.launch import forgetful
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.keyrings import known_keyring
from agent_app.store.vault import USER, Vault
from tests.engine.test_conversing import invited
from tests.engine.world import PASSPHRASE, PATIENCE, Desk, World, played
from tests.memory import found_in

PIN = "480213719254"
TEXT = "The heron in the fountain bit my other knee"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what is claimed, is claimed of Linux with glibc")


class Process:
    """The desk's process: told line by line, and looked through."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def tell(self, line: str, until: str) -> None:
        """What is said before `until` is passed over."""
        if line:
            assert self._process.stdin is not None
            self._process.stdin.write(line.encode() + b"\n")
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while (said := await self._process.stdout.readline()).strip() != until.encode():
                assert said, f"the desk ended before it said {until}"

    def found(self, secrets: Mapping[str, bytes]) -> set[str]:
        return found_in(self._process.pid, secrets)


@asynccontextmanager
async def apart(desk: Desk, environment: dict[str, str]) -> AsyncIterator[Process]:
    """The desk's profile, opened in a process of its own."""
    arguments = ("-m", "tests.engine.forgetter", str(desk.profile.data), desk.profile.name)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=pipe, stdout=pipe, env=environment)
    try:
        yield Process(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


def secrets_of(desk: Desk) -> dict[str, bytes]:
    opened = Vault(DeviceSecrets, desk.profile.name, desk.profile.folder).open(PASSPHRASE, desk.clock())
    keys = opened.device.keys
    return {
        "signing": keys.signing,
        "identity": keys.identity,
        "mailbox": keys.mailbox,
        "cosigning": keys.cosigning,
        "database key": opened.database_key,
        "database key in hex": opened.database_key.hex().encode(),
        "epoch key": opened.epoch_key,
        "passphrase": PASSPHRASE.encode(),
        "text": TEXT.encode(),
    }


@played
async def test_after_a_lock_no_key_no_passphrase_and_no_message_is_in_memory(world: World) -> None:
    ada = await world.desk("ada")
    patient, conversation = await invited(world, ada)
    await patient.say(TEXT)
    await ada.until(lambda d: TEXT in d.texts(conversation), "the message")
    await ada.stop()
    secrets = secrets_of(ada)
    async with apart(ada, forgetful(os.environ)) as process:
        await process.tell("", "locked")
        assert process.found(secrets) == set()
        await process.tell(f"unlock {PASSPHRASE}", "online")
        await process.tell("open", "opened")
        assert process.found(secrets) >= {"signing", "identity", "mailbox", "epoch key"}
        await process.tell("lock", "locked")
        assert process.found(secrets) == set()
        # And while a PIN may reopen it: half of what seals the keys is in the keyring, the other in a head.
        await process.tell(f"unlock {PASSPHRASE}", "online")
        await process.tell(f"pin {PIN}", "pin")
        half = base64.b64decode(known_keyring().get_password(f"sealdesk pin {ada.profile.name}", USER) or "")
        assert len(half) == 32
        secrets |= {"half": half, "pin": PIN.encode()}
        await process.tell("lock", "locked")
        assert process.found(secrets) == set()
        await process.tell(f"reopen {PIN}", "online")
        assert process.found(secrets) >= {"signing", "epoch key"}
        await process.tell("lock", "locked")
        assert process.found(secrets) == set()
