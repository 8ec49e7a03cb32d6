"""A real relay process on this machine, and mailboxes' owners who talk to it over HTTP."""

import base64
import os
import select
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.relay_server.clinic import Clinic, Device, b64url, decode, encode

PATIENCE = 60.0  # a busy machine is no slow relay
_NOBODY = ssl.SSLContext(
    ssl.PROTOCOL_TLS_CLIENT
)  # to read the system's certificates takes 30 ms, which HTTP has no use for


def kept_port() -> socket.socket:
    """A free port that stays ours while nobody listens at it: bound, so that the system gives it to nobody else."""
    keeper = socket.socket()
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the relay binds beside it, and asks for the same
    keeper.bind(("127.0.0.1", 0))
    return keeper


class RelayProcess:
    """`sealdesk-relay` in a folder of its own. Its output is a file, so that a test may read it at any time."""

    def __init__(self, folder: Path, *options: str, preexec: Callable[[], None] | None = None) -> None:
        self.folder = folder
        self.options = options
        self.log_path = folder / "relay.log"
        self.url = ""
        self._preexec = preexec
        self._keeper = kept_port()
        self._practices: list[Practice] = []
        try:
            self.start()
        except BaseException:
            self._keeper.close()
            raise

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> str:
        return self.log_path.read_text("utf-8")

    def start(self) -> None:
        """Again on the same port, so that its origin stays the one that devices sign."""
        port = str(self._keeper.getsockname()[1])
        command = [sys.executable, "-m", "relay_server.main", "--data", str(self.data), "--port", port]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *self.options], stdout=subprocess.PIPE, stderr=log, preexec_fn=self._preexec
            )
        self.url = self._greeting()

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        self._close()
        return code

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        self._close()

    def practice(self, clinic: "Clinic | None" = None) -> "Practice":
        """A clinic on this relay; its connections are closed with the relay."""
        practice = Practice(self.url, clinic)
        self._practices.append(practice)
        practice.found()
        return practice

    def close(self) -> None:
        for practice in self._practices:
            practice.close()
        self.stop()
        self._keeper.close()

    def _close(self) -> None:
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _greeting(self) -> str:
        pipe = self.process.stdout
        assert pipe is not None
        ready, _, _ = select.select([pipe], [], [], PATIENCE)
        line = pipe.readline().decode() if ready else ""
        if " at http://" not in line:
            self.kill()
            raise AssertionError(f"The relay did not start: {self.log}")
        return line.split(" at ")[1].split(",")[0]


@contextmanager
def relay_process(folder: Path, *options: str, **arguments: Any) -> Iterator[RelayProcess]:
    folder.mkdir(parents=True, exist_ok=True)
    relay = RelayProcess(folder, *options, **arguments)
    try:
        yield relay
    finally:
        relay.close()


class Refused(AssertionError):
    """A problem document. `name` is the last part of its type."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.document: dict[str, Any] = response.json() if "json" in response.headers["content-type"] else {}
        self.name = self.document.get("type", "").removeprefix("urn:sealdesk:problem:")
        super().__init__(f"{self.status} {self.document or response.text}")


def answered(response: httpx.Response) -> Any:
    """What a successful answer says. Raises Refused."""
    if response.status_code >= 400:
        raise Refused(response)
    if response.headers.get("content-type") == "application/msgpack":
        return decode(response.content)
    return response.content


class Owner:
    """A device that talks for its mailbox."""

    def __init__(self, http: httpx.Client, clinic: Clinic, device: Device) -> None:
        self.http = http
        self.clinic = clinic
        self.device = device
        self.token = ""

    @property
    def mailbox(self) -> bytes:
        return self.device.mailbox

    def prove(self, scope: str = "full") -> str:
        """A new token, kept where it is a full one."""
        (challenge,) = self.post("/v1/challenge", [self.mailbox])
        origin, _, _ = answered(self.http.get("/v1/relay"))
        signature = self.device.mailbox_key.sign("relay-auth", origin, challenge, scope)
        token, _ = self.post("/v1/token", [self.mailbox, challenge, scope, signature])
        if scope == "full":
            self.token = token
        return str(token)

    def headers(self, **extra: str) -> dict[str, str]:
        headers = {"Sealdesk-Log-Head": self.clinic.head, **extra}
        return {"Authorization": f"Bearer {self.token}", **headers} if self.token else headers

    def raw(self, method: str, path: str, content: bytes | None = None, **extra: str) -> httpx.Response:
        return self.http.request(method, path, content=content, headers=self.headers(**extra))

    def get(self, path: str) -> Any:
        return answered(self.raw("GET", path))

    def post(self, path: str, value: Any) -> Any:
        return answered(self.raw("POST", path, encode(value)))

    def put(self, path: str, value: Any) -> Any:
        return answered(self.raw("PUT", path, encode(value)))

    # --- Blobs

    def put_blob(self, name: bytes, content: bytes, read: bytes, delete: bytes) -> httpx.Response:
        hashes = {"Sealdesk-Blob-Read": b64url(read), "Sealdesk-Blob-Delete": b64url(delete)}
        return self.raw("PUT", f"/v1/blobs/{name.hex()}", content, **hashes)

    # --- Envelopes

    def send(self, *envelopes: list[Any]) -> list[Any]:
        answer: list[Any] = self.post("/v1/envelopes", list(envelopes))
        return answer

    def waiting(self, after: int = 0, wait: int = 0) -> list[list[Any]]:
        """Everything that a long poll of `wait` seconds brings, without the head."""
        return [frame for frame in frames(self.get(f"/v1/envelopes?after={after}&wait={wait}")) if frame[0] != "head"]

    @contextmanager
    def stream(self, after: int = 0) -> "Iterator[Iterator[list[Any]]]":
        """Frames as they come; heartbeats are empty lists."""
        with self.http.stream("GET", f"/v1/envelopes?after={after}", headers=self.headers()) as response:
            if response.status_code != 200:
                response.read()
                raise Refused(response)
            yield _incoming(response)


def frames(data: bytes) -> list[list[Any]]:
    found = []
    while data:
        size = int.from_bytes(data[:4], "big")
        if size:
            found.append(decode(data[4 : 4 + size]))
        data = data[4 + size :]
    return found


def _incoming(response: httpx.Response) -> Iterator[list[Any]]:
    buffer = bytearray()
    for chunk in response.iter_raw():
        buffer += chunk
        while len(buffer) >= 4 and len(buffer) >= 4 + (size := int.from_bytes(buffer[:4], "big")):
            yield decode(bytes(buffer[4 : 4 + size])) if size else []
            del buffer[: 4 + size]


class Practice:
    """A clinic that a relay serves, and shorthand for getting people into it."""

    def __init__(self, url: str, clinic: Clinic | None = None) -> None:
        self.url = url
        self.clinic = clinic or Clinic()
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=50)
        self.http = httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False, limits=limits, verify=_NOBODY)

    def found(self) -> None:
        answered(self.http.post("/v1/clinics", content=encode([self.clinic.statements[0]])))

    def close(self) -> None:
        self.http.close()

    @property
    def path(self) -> str:
        return f"/v1/clinics/{self.clinic.fingerprint.hex()}"

    def append(self, action: list[Any], **changes: Any) -> None:
        """Signs, sends and, when the relay has taken it, keeps a statement."""
        statement = self.clinic.statement(action, **changes)
        answered(self.http.post(f"{self.path}/log", content=encode([len(self.clinic.statements), statement])))
        self.clinic.statements.append(statement)

    def owner(self, device: Device, *, prove: bool = True) -> Owner:
        owner = Owner(self.http, self.clinic, device)
        if prove:
            owner.prove()
        return owner

    def agent(self, role: str = "agent", *, cosigns: bool = False) -> Owner:
        device = Device(self.clinic.fingerprint, cosigns=cosigns)
        self.append(self.clinic.admission(device, role))
        return self.owner(device)

    def patient(self, inviter: Owner) -> Owner:
        token = os.urandom(32)
        inviter.post("/v1/invitations", inviter.device.invitation(token))
        patient = self.owner(Device(self.clinic.fingerprint, kind="patient"))
        patient.post("/v1/mailboxes", ["invitation", self.clinic.fingerprint, token])
        return patient

    def visitor(self) -> Owner:
        visitor = self.owner(Device(self.clinic.fingerprint, kind="patient"))
        visitor.post("/v1/mailboxes", ["intake", self.clinic.fingerprint])
        return visitor


def raw_http(url: str, data: bytes) -> bytes:
    """What comes back, until the relay closes, for bytes that no client library would send."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as connection:
        connection.settimeout(PATIENCE)
        try:
            connection.sendall(data)
            return b"".join(iter(lambda: connection.recv(65_536), b""))
        except (ConnectionResetError, BrokenPipeError):
            return b""


def begin(owner: Owner, method: str, path: str, size: int, **extra: str) -> socket.socket:
    """A request of which the relay has seen the head, and looked at the token, and now waits for `size` bytes."""
    host, port = str(owner.http.base_url).removeprefix("http://").rstrip("/").split(":")
    lines = [f"{method} {path} HTTP/1.1", "Host: relay", f"Content-Length: {size}", "Expect: 100-continue"]
    lines += [f"{name}: {value}" for name, value in owner.headers(**extra).items()]
    connection = socket.create_connection((host, int(port)), PATIENCE)
    connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
    # It says "continue" when somebody asks for the body.
    assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
    return connection


def statements_of(document: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(one) for one in document["statements"]]
