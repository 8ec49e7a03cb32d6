"""Redis Streams and NATS JetStream under the same load, where this machine has them: each flushes before it answers.

They know no clinics, no signatures and no receipts; they say what a good queue does on this disk.
"""

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PAYLOAD = bytes(1_024)


def measure(folder: Path, pairs: int, seconds: float) -> dict[str, float]:
    """Deliveries a second by name of the peer; only of those on the PATH."""
    figures = {}
    for program, name, options, run in (
        ("redis-server", "Redis Streams, appendfsync always", _redis_options, _redis),
        ("nats-server", "NATS JetStream, sync always", _nats_options, _nats),
    ):
        if shutil.which(program):
            (folder / program).mkdir(parents=True)
            port = _free_port()
            with _running([program, *options(folder / program, port)], port) as up:
                if up:
                    figures[name] = asyncio.run(run(port, pairs, seconds))
    return figures


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], port: int) -> Iterator[bool]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield asyncio.run(_answers(port, process))
    finally:
        process.kill()
        process.wait(10)


async def _answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    """False when it did not start, such as a NATS that is too old to be told to flush."""
    for _ in range(100):
        if process.poll() is not None:
            return False
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return True
    return False


async def _paced(
    pairs: int,
    seconds: float,
    receive: Callable[[int, Callable[[int], None]], Coroutine[Any, Any, None]],
    send: Callable[[int, Callable[[], bool]], Coroutine[Any, Any, int]],
) -> float:
    """Deliveries a second of `pairs` senders with one message in flight each."""
    loop = asyncio.get_running_loop()
    arrived = 0

    def took(count: int) -> None:
        nonlocal arrived
        arrived += count

    readers = [asyncio.create_task(receive(number, took)) for number in range(pairs)]
    await asyncio.sleep(0.5)
    began = loop.time()
    sent = sum(await asyncio.gather(*(send(number, lambda: loop.time() < began + seconds) for number in range(pairs))))
    while arrived < sent and loop.time() < began + seconds + 10:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    took_seconds = loop.time() - began
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    return min(arrived, sent) / took_seconds


# --- Redis


def _redis_options(folder: Path, port: int) -> list[str]:
    place = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    return [*place, "--save", "", "--appendonly", "yes", "--appendfsync", "always"]


def _resp(*words: bytes) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)


async def _reply(reader: asyncio.StreamReader) -> Any:
    line = await reader.readline()
    kind, rest = line[:1], line[1:-2]
    if kind == b"$":
        return (await reader.readexactly(int(rest) + 2))[:-2] if int(rest) >= 0 else None
    if kind == b"*":
        return [await _reply(reader) for _ in range(int(rest))]
    return rest


async def _redis(port: int, pairs: int, seconds: float) -> float:
    async def receive(number: int, took: Callable[[int], None]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        last = b"$"
        while True:
            writer.write(_resp(b"XREAD", b"BLOCK", b"0", b"STREAMS", b"m%d" % number, last))
            ((_, entries),) = await _reply(reader)
            last = entries[-1][0]
            took(len(entries))

    async def send(number: int, going: Callable[[], bool]) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        count = 0
        while going():
            writer.write(_resp(b"XADD", b"m%d" % number, b"*", b"b", PAYLOAD))
            await _reply(reader)
            count += 1
        writer.close()
        return count

    return await _paced(pairs, seconds, receive, send)


# --- NATS


def _nats_options(folder: Path, port: int) -> list[str]:
    place = json.dumps(str(folder / "js"))
    (folder / "nats.conf").write_text(f"jetstream {{ store_dir: {place}, sync_interval: always }}\n", "utf-8")
    return ["-a", "127.0.0.1", "-p", str(port), "-c", str(folder / "nats.conf")]


class _Nats:
    """One connection of NATS's text protocol, as far as this needs it."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self, subject: str) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)
        await self.reader.readline()
        self.writer.write(b'CONNECT {"verbose":false}\r\nSUB %b 1\r\n' % subject.encode())

    def publish(self, subject: str, answer: str, payload: bytes) -> None:
        self.writer.write(f"PUB {subject} {answer} {len(payload)}\r\n".encode() + payload + b"\r\n")

    async def message(self) -> bytes:
        while True:
            line = await self.reader.readline()
            if line.startswith(b"MSG"):
                return (await self.reader.readexactly(int(line.split()[-1]) + 2))[:-2]
            if line.startswith(b"PING"):
                self.writer.write(b"PONG\r\n")
            elif not line:
                raise ConnectionError("NATS closed the connection.")


async def _nats(port: int, pairs: int, seconds: float) -> float:
    setup = _Nats(port)
    await setup.open("answers.setup")
    stream = {"name": "m", "subjects": ["m.>"], "storage": "file", "retention": "limits"}
    setup.publish("$JS.API.STREAM.CREATE.m", "answers.setup", json.dumps(stream).encode())
    await setup.message()

    async def receive(number: int, took: Callable[[int], None]) -> None:
        connection = _Nats(port)
        await connection.open(f"m.{number}")
        while True:
            await connection.message()
            took(1)

    async def send(number: int, going: Callable[[], bool]) -> int:
        connection = _Nats(port)
        await connection.open(f"answers.{number}")
        count = 0
        while going():
            connection.publish(f"m.{number}", f"answers.{number}", PAYLOAD)
            await connection.message()
            count += 1
        connection.writer.close()
        return count

    return await _paced(pairs, seconds, receive, send)
