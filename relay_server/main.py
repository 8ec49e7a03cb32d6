"""`sealdesk-relay`: one process, one folder."""

import asyncio
import logging
import os
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated

import cyclopts
import platformdirs
import uvicorn
from cyclopts import Parameter

from relay_server import logs, push
from relay_server.app import App
from relay_server.connection import BoundedConnection
from relay_server.limits import Limits
from relay_server.relay import Relay, Settings
from relay_server.signing import RelayKey
from relay_server.storage import Storage, StorageFault
from relay_server.storage.sqlite import SqliteStorage
from relay_server.wire import Fingerprint

_log = logging.getLogger(__name__)

cli = cyclopts.App(
    name="sealdesk-relay",
    help="""The relay: a post office with sealed envelopes.

    It stores, forwards and forgets ciphertext, keeps clinics' logs, and witnesses their audit logs. It holds no key
    that opens anything. Without options it keeps everything in one folder and listens on this machine only: put a
    web server with TLS before it (docs/operations.md).
    """,
)


def default_data() -> Path:
    return platformdirs.user_data_path("sealdesk-relay", appauthor=False)


@cli.default
def run(
    *,
    data: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8440,
    origin: str | None = None,
    storage: str | None = None,
    page: Path | None = None,
    page_origin: Annotated[list[str] | None, Parameter(negative=())] = None,
    clinic: Annotated[list[str] | None, Parameter(negative=())] = None,
    limits: Annotated[list[str] | None, Parameter(negative=())] = None,
    push_host: Annotated[list[str] | None, Parameter(negative=())] = None,
    trusted_proxy: str = "127.0.0.1,::1",
    log_level: str = "info",
) -> int:
    """Run the relay until it is told to stop (SIGTERM, SIGINT).

    Parameters
    ----------
    data
        Folder of the database, the blobs and the relay's key. Made when missing; the user's data folder by default.
    host
        Address to listen on.
    port
        Port to listen on; 0 chooses a free one. The address is printed when the relay is ready.
    origin
        What clients call this relay, such as https://relay.example.org: devices sign it. By default the address itself.
    storage
        `sqlite:///path/to/file` puts the database elsewhere than in the data folder.
    page
        Folder of the patients' page's build, to serve it from here.
    page_origin
        Origin of a page that is hosted elsewhere and may call this relay. May be given several times.
    clinic
        Fingerprint (64 hex digits) of a clinic that may register; without any, every clinic may.
    limits
        A limit as NAME=NUMBER, such as sends=120. May be given several times; a wrong name lists them all.
    push_host
        A push service that may be asked to wake patients' browsers: a name, or `*.` and a name; with https:// or http://
        before it the very place, even inside your network. May be given several times, in the place of the four known.
    trusted_proxy
        Addresses of web servers whose X-Forwarded-For is believed.
    log_level
        debug, info, warning or error.
    """
    logs.configure(log_level)
    os.umask(0o077)  # nobody else on this machine reads the database
    try:
        listener = _listen(host, port)
        settings = Settings(
            data=data or default_data(),
            origin=origin or _address(host, listener),
            limits=Limits().overridden(limits or []),
            page=page,
            page_origins=frozenset(page_origin or ()),
            clinics=frozenset(map(_fingerprint, clinic or ())),
            push_hosts=frozenset(push_host or push.HOSTS),
            trusted_proxies=frozenset(part.strip() for part in trusted_proxy.split(",")),
        )
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = RelayKey.kept_in(settings.data / "relay.key")
        relay = Relay(settings, _opened(storage, settings.data), key)
    except (OSError, ValueError, StorageFault) as error:
        sys.stderr.write(f"The relay cannot start: {error}\n")
        return 1
    server = _Server(App(relay), relay, f"Sealdesk relay at {_address(host, listener)}")
    server.run([listener])
    return 0 if server.started else 1


class _Server(uvicorn.Server):
    """uvicorn, which ends our streams first: with one open it would wait for it for ever."""

    def __init__(self, app: App, relay: Relay, greeting: str) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="auto",
                http=BoundedConnection,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # costs every call something; the few that look at addresses do it themselves
                backlog=4_096,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=10,
            )
        )
        self._relay = relay
        self._greeting = f"{greeting}, known as {relay.settings.origin}\n"
        self._loop: asyncio.AbstractEventLoop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(self._greeting)
            sys.stdout.flush()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Not uvicorn's own: it raises the signal again when all is done, and a clean stop would look like a kill.
        _log.info("Stopping")
        self._loop.call_soon_threadsafe(self._relay.end_streams)
        self.force_exit = self.should_exit
        self.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.set_inheritable(True)
    return listener


def _address(host: str, listener: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def _fingerprint(text: str) -> Fingerprint:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise ValueError(f"{text!r} is not a clinic's fingerprint of 64 hex digits.")
    return Fingerprint(raw)


def _opened(storage: str | None, data: Path) -> Storage:
    if storage is None:
        return SqliteStorage(data / "relay.db")
    scheme, _, path = storage.partition(":///")
    if scheme != "sqlite" or not path:
        raise ValueError(f"{scheme!r} is no storage that this relay knows. Use sqlite:///path/to/file.")
    return SqliteStorage(Path("/" + path) if not path.startswith(".") else Path(path))


def main() -> None:
    sys.exit(cli())


if __name__ == "__main__":
    main()
