"""NATS JetStream: a stream in files, flushed message by message, one push consumer a reader, no acknowledgements.

`sync_interval: always` needs a server of 2.10 or later; an older one does not start with it.
"""

import itertools
import json
import re
from pathlib import Path
from typing import Any

from tests.load.peers.server import CONTENT, Close, Send, Took
from tests.load.peers.wire import Cut, Wire

_MESSAGE = re.compile(rb"MSG [^\r]* (\d+)\r\n")
_inboxes = map("inbox.{}".format, itertools.count())


class Nats:
    program = "nats-server"
    name = "NATS JetStream, sync_interval always"

    def command(self, folder: Path, port: int) -> list[str]:
        place = json.dumps(str(folder / "js"))
        (folder / "nats.conf").write_text(f"jetstream {{ store_dir: {place}, sync_interval: always }}\n", "utf-8")
        return [self.program, "-a", "127.0.0.1", "-p", str(port), "-c", str(folder / "nats.conf")]

    async def prepare(self, port: int, pairs: int) -> None:
        stream = {"name": "m", "subjects": ["m.>"], "storage": "file", "retention": "limits"}
        await self._call(port, "STREAM.CREATE.m", stream)

    async def listen(self, port: int, number: int, took: Took) -> Close:
        inbox = next(_inboxes)
        wire = await _open(port, inbox)
        consumer = {"deliver_subject": inbox, "filter_subject": f"m.{number}", "deliver_policy": "new"}
        asked = {"stream_name": "m", "config": {**consumer, "ack_policy": "none"}}
        await self._call(port, "CONSUMER.CREATE.m", asked)
        wire.took = took
        return wire.close

    async def sender(self, port: int, number: int) -> tuple[Send, Close]:
        inbox = next(_inboxes)
        wire = await _open(port, inbox)
        data = _publish(f"m.{number}", inbox, bytes(CONTENT))
        return lambda: wire.ask(data), wire.close

    async def _call(self, port: int, name: str, asked: dict[str, Any]) -> None:
        inbox = next(_inboxes)
        wire = await _open(port, inbox)
        await wire.ask(_publish(f"$JS.API.{name}", inbox, json.dumps(asked).encode()))
        wire.close()


async def _open(port: int, subject: str) -> Wire:
    wire = await Wire.open(port, _greeted)
    await wire.ask(b'CONNECT {"verbose":false}\r\nSUB %b 1\r\nPING\r\n' % subject.encode())
    wire.cut = _messages(wire)
    return wire


def _publish(subject: str, answer: str, payload: bytes) -> bytes:
    return f"PUB {subject} {answer} {len(payload)}\r\n".encode() + payload + b"\r\n"


def _greeted(buffer: bytearray) -> int:
    if not buffer.endswith(b"PONG\r\n"):
        return 0
    buffer.clear()
    return 1


def _messages(wire: Wire) -> Cut:
    def cut(buffer: bytearray) -> int:
        end = count = 0
        while True:
            if buffer.startswith(b"PING\r\n", end):
                wire.write(b"PONG\r\n")
                end += 6
            elif (head := _MESSAGE.match(buffer, end)) and len(buffer) >= head.end() + int(head[1]) + 2:
                _check(buffer[head.end() : head.end() + int(head[1])])
                end, count = head.end() + int(head[1]) + 2, count + 1
            else:
                del buffer[:end]
                return count

    return cut


def _check(payload: bytearray) -> None:
    """Of JetStream's answers, those that tell of an error."""
    if payload.startswith(b"{") and b'"error":' in payload:
        raise ConnectionError(payload.decode("utf-8", "replace"))
