"""Prosody: XMPP with stream management (XEP-0198), readers online, an acknowledgement asked for each message.

Its acknowledgement says that the server has taken the message over. With the archive (XEP-0313) it has by then written
it to its files, twice, once for either side, and never flushed it.
"""

import base64
import json
import re
from pathlib import Path

from tests.load.peers.server import CONTENT, Close, Send, Took
from tests.load.peers.wire import Cut, Wire

_MANAGED = "xmlns='urn:xmpp:sm:3'"
_OPEN = (
    "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
)
_ACCEPTED = re.compile(rb"<a [^>]*>")
_ASKED = re.compile(rb"<r [^>]*>")


class Prosody:
    program = "prosody"

    def __init__(self, archive: bool) -> None:
        self.name = f"Prosody, {'archive in files, no flush' if archive else 'nothing on disk'}"
        self._archive = archive

    def command(self, folder: Path, port: int) -> list[str]:
        modules = ["saslauth", "roster", "smacks", *(["mam"] if self._archive else [])]
        (folder / "data").mkdir()
        (folder / "prosody.cfg.lua").write_text(_configuration(folder, port, modules), "utf-8")
        return [self.program, "-F", "--config", str(folder / "prosody.cfg.lua")]

    async def prepare(self, port: int, pairs: int) -> None:
        pass

    async def listen(self, port: int, number: int, took: Took) -> Close:
        handled = 1  # its own presence, which comes back

        def cut(buffer: bytearray) -> int:
            nonlocal handled
            whole = buffer.rfind(b">") + 1
            count = buffer.count(b"</message>", 0, whole)
            handled += count
            if _ASKED.search(buffer, 0, whole):
                wire.write(f"<a {_MANAGED} h='{handled}'/>".encode())
            del buffer[:whole]
            return count

        wire = await _session(port, f"r{number}")
        await wire.ask(b"<presence/>")
        wire.cut, wire.took = cut, took
        return lambda: _close(wire)

    async def sender(self, port: int, number: int) -> tuple[Send, Close]:
        wire = await _session(port, f"s{number}")
        wire.cut = _accepted
        body = "x" * CONTENT
        data = f"<message to='r{number}@localhost' type='chat'><body>{body}</body></message><r {_MANAGED}/>".encode()
        return lambda: wire.ask(data), lambda: _close(wire)


def _configuration(folder: Path, port: int, modules: list[str]) -> str:
    def listed(names: list[str]) -> str:
        return "{ " + ", ".join(map(json.dumps, names)) + " }"

    return f"""
run_as_root = true
pidfile = {json.dumps(str(folder / "pid"))}
data_path = {json.dumps(str(folder / "data"))}
log = {{ warn = {json.dumps(str(folder / "log"))} }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
modules_enabled = {listed(modules)}
modules_disabled = {{ "s2s" }}
storage = "internal"
default_archive_policy = true
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "insecure"
insecure_open_authentication = "Yes please, I know what I'm doing!"
VirtualHost "localhost"
"""


async def _session(port: int, name: str) -> Wire:
    """Signed in, bound, and under stream management."""
    proof = base64.b64encode(f"\0{name}\0any".encode()).decode()
    bind = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>b</resource></bind></iq>"
    wire = await Wire.open(port, _until(b""))
    for said, awaited in (
        (_OPEN, b"</stream:features>"),
        (f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{proof}</auth>", b"<success"),
        (_OPEN, b"</stream:features>"),
        (bind, b"</iq>"),
        (f"<enable {_MANAGED}/>", b"<enabled"),
    ):
        wire.cut = _until(awaited)
        await wire.ask(said.encode())
    wire.cut = _until(b"<presence")
    return wire


def _until(awaited: bytes) -> Cut:
    def cut(buffer: bytearray) -> int:
        if b"<failure" in buffer or b"<stream:error" in buffer:
            raise ConnectionError(buffer.decode("utf-8", "replace"))
        if awaited not in buffer or not buffer.endswith(b">"):
            return 0
        buffer.clear()
        return 1

    return cut


def _accepted(buffer: bytearray) -> int:
    answers = _ACCEPTED.findall(buffer)
    if answers:
        buffer.clear()
    return len(answers)


def _close(wire: Wire) -> None:
    wire.write(b"</stream:stream>")
    wire.close()
