"""Redis Streams: XADD and a blocking XREAD, each write flushed before it is answered."""

import re
from pathlib import Path

from tests.load.peers.server import CONTENT, Close, Send, Took
from tests.load.peers.wire import Wire

_ADDED = re.compile(rb"\$\d+\r\n\d+-\d+\r\n")
_READ = re.compile(rb"\*1\r\n\*2\r\n\$\d+\r\nm\d+\r\n\*(\d+)\r\n")
_ENTRY = re.compile(
    rb"\*2\r\n\$\d+\r\n(\d+-\d+)\r\n\*2\r\n\$1\r\nb\r\n\$%d\r\n.{%d}\r\n" % (CONTENT, CONTENT), re.DOTALL
)


class Redis:
    program = "redis-server"

    def __init__(self, in_flight: int = 1) -> None:
        self.name = f"Redis Streams, appendfsync always, {in_flight} in flight"
        self._in_flight = in_flight

    def command(self, folder: Path, port: int) -> list[str]:
        place = [self.program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
        return [*place, "--save", "", "--appendonly", "yes", "--appendfsync", "always"]

    async def prepare(self, port: int, pairs: int) -> None:
        pass

    async def listen(self, port: int, number: int, took: Took) -> Close:
        def cut(buffer: bytearray) -> int:
            head = _READ.match(buffer)
            entries = _ENTRY.findall(buffer, head.end()) if head else []
            if head is None or len(entries) < int(head[1]):
                return 0
            buffer.clear()
            wire.write(_read(number, entries[-1]))
            return len(entries)

        wire = await Wire.open(port, cut)
        wire.took = took
        wire.write(_read(number, b"$"))
        return wire.close

    async def sender(self, port: int, number: int) -> tuple[Send, Close]:
        wire = await Wire.open(port, _added)
        data = _words(b"XADD", b"m%d" % number, b"*", b"b", bytes(CONTENT)) * self._in_flight
        return lambda: wire.ask(data, self._in_flight), wire.close


def _added(buffer: bytearray) -> int:
    if buffer.startswith(b"-"):
        raise ConnectionError(buffer.decode("utf-8", "replace"))
    end = count = 0
    while answer := _ADDED.match(buffer, end):
        end, count = answer.end(), count + 1
    del buffer[:end]
    return count


def _read(number: int, after: bytes) -> bytes:
    return _words(b"XREAD", b"BLOCK", b"0", b"STREAMS", b"m%d" % number, after)


def _words(*words: bytes) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)
