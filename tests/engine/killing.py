"""kill -9 of a process of its own at a chosen step: a statement, a request to the relay or its answer, a file's write.

The steps are counted from when they are armed. What was done before the last one that is allowed is on the disk, at the
relay and in the keyring; what comes after it never was.
"""

import asyncio
import os
import random
import signal
import traceback
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import httpx
from keyring.backend import KeyringBackend

from agent_app.engine.engine import system_clock
from agent_app.engine.events import Event
from agent_app.engine.profile import Profile
from agent_app.engine.shift import Shift
from agent_app.engine.unlocking import Surroundings, opened
from agent_app.store.database import Database
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.rooms import Store
from tests.engine.world import CHEAP, QUICK

T = TypeVar("T")


class Ended(NamedTuple):
    """`steps` it took, whether one of them could change something, and what it answered."""

    steps: int
    wrote: bool
    answer: bytes


def chosen_at_random() -> random.Random:
    """By a seed that a failing test shows; KILL_SEED repeats it."""
    seed = int(os.environ.get("KILL_SEED", "0")) or int.from_bytes(os.urandom(4))
    print(f"KILL_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    return random.Random(seed)


class Steps:
    """`allowed` None never kills. Made in the process that is to die, for it is changed for good."""

    def __init__(self, allowed: int | None) -> None:
        self.count = 0
        self.armed = False
        self.wrote = False
        self._allowed = allowed
        self._count_statements()
        for name in ("fsync", "replace", "unlink"):
            setattr(os, name, self._stepped(getattr(os, name)))

    def step(self, *, writes: bool = True) -> None:
        if self.armed:
            if self.count == self._allowed:
                os.kill(os.getpid(), signal.SIGKILL)
            self.count += 1
            self.wrote |= writes

    def _count_statements(self) -> None:
        real = Database._execute

        def execute(database: Database, sql: str, values: Any) -> Any:
            self.step(writes=not sql.lstrip().upper().startswith(("SELECT", "PRAGMA")))
            return real(database, sql, values)

        Database._execute = execute  # type: ignore[method-assign]

    def _stepped(self, real: Callable[..., T]) -> Callable[..., T]:
        def stepped(*arguments: Any, **named: Any) -> T:
            self.step()
            return real(*arguments, **named)

        return stepped


class Wire(httpx.AsyncBaseTransport):
    """The network, where each request and each answer is a step."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._network = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._steps.step(writes=request.method != "GET")
        response = await self._network.handle_async_request(request)
        self._steps.step(writes=False)
        return response

    async def aclose(self) -> None:
        await self._network.aclose()


class Unplugged(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("unplugged", request=request)


class FolderKeyring(KeyringBackend):
    """A keyring that is copied and restored with its folder, as a test of many deaths needs it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def get_password(self, service: str, username: str) -> str | None:
        path = self._folder / f"{service} {username}"
        return path.read_text() if path.is_file() else None

    def set_password(self, service: str, username: str, password: str) -> None:
        path = self._folder / f"{service} {username}"
        unfinished = path.with_name(f"{path.name}.part")
        unfinished.write_text(password)
        os.replace(unfinished, path)  # noqa: PTH105 - counted as a step

    def delete_password(self, service: str, username: str) -> None:
        os.unlink(self._folder / f"{service} {username}")  # noqa: PTH108 - counted as a step


KeyringBackend._classes.discard(FolderKeyring)  # the library would offer it to others


def surroundings(folder: Path, tell: Callable[[Event], None]) -> Surroundings:
    return Surroundings(Profile(folder.parent, folder.name), tell, system_clock, os.urandom, None, CHEAP)


def shift_in(around: Surroundings, keys: bytes, network: httpx.AsyncBaseTransport) -> Shift:
    """Of the desk that lies there, in the process that is to die."""
    secrets = DeviceSecrets.decode(keys)
    store = Store.open(around.profile.folder, secrets.database_key, secrets.epoch_key)
    return Shift(opened(around, secrets, store), QUICK, "", network)


def in_a_process(play: Callable[[Steps], Coroutine[Any, Any, bytes]], allowed: int | None) -> Ended | None:
    """None where it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            asyncio.events._set_running_loop(None)
            os.close(reading)
            steps = Steps(allowed)
            answer = asyncio.run(play(steps))
            os.write(writing, steps.count.to_bytes(4) + bytes([steps.wrote]) + answer)
        except BaseException:  # noqa: BLE001 - shown; the process ends here in any case
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    assert told, "the process failed"
    return Ended(int.from_bytes(told[:4]), bool(told[4]), told[5:])


def some(chance: random.Random, steps: int, most: int) -> Iterable[int]:
    """Different steps at which to die, after the first where there are more."""
    return chance.sample(range(min(1, steps - 1), steps), min(most, max(1, steps - 1)))
