"""A peer's server on this machine, if it is installed, and pairs of senders and readers of it."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

CONTENT = 1_024
START = 60.0

Took = Callable[[int], None]
Close = Callable[[], None]
Send = Callable[[], Awaitable[int]]


class Peer(Protocol):
    """One kind of server. Its durability is part of its name."""

    name: str
    program: str

    def command(self, folder: Path, port: int) -> list[str]:
        """What starts it on loopback with all that it keeps in `folder`."""

    async def prepare(self, port: int, pairs: int) -> None:
        """Mailboxes for the pairs, once."""

    async def listen(self, port: int, number: int, took: Took) -> Close:
        """Reads mailbox `number` and says how many messages came."""

    async def sender(self, port: int, number: int) -> tuple[Send, Close]:
        """A call that sends to mailbox `number`, waits until that is accepted, and says how many messages it was."""


@contextmanager
def running(peer: Peer, folder: Path, pairs: int) -> Iterator[int | None]:
    """Its port; None when it is not installed or does not start."""
    program = shutil.which(peer.program)
    if program is None:
        yield None
        return
    folder.mkdir(parents=True)
    port = _free_port()
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(peer.command(folder, port), stdout=output, stderr=output, cwd=folder)
    try:
        up = _answers(port, process)
        if up:
            asyncio.run(peer.prepare(port, pairs))
        yield port if up else None
    finally:
        process.kill()
        process.wait(10)


async def rate(peer: Peer, port: int, pairs: int, seconds: float) -> float:
    """Deliveries a second, counted where they arrive; each sender waits for one call before the next."""
    loop = asyncio.get_running_loop()
    arrived = 0

    def took(count: int) -> None:
        nonlocal arrived
        arrived += count

    listeners = await asyncio.gather(*(peer.listen(port, number, took) for number in range(pairs)))
    senders = await asyncio.gather(*(peer.sender(port, number) for number in range(pairs)))
    until = loop.time() + seconds

    async def pump(send: Send) -> int:
        sent = 0
        while loop.time() < until:
            sent += await send()
        return sent

    began = loop.time()
    sent = sum(await asyncio.gather(*(pump(send) for send, _ in senders)))
    while arrived < sent and loop.time() < until + 10:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    lasted = loop.time() - began
    for close in (*listeners, *(close for _, close in senders)):
        close()
    await asyncio.sleep(0.1)
    return min(arrived, sent) / lasted


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    until = time.monotonic() + START
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False
