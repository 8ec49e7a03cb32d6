"""What a workstation reads from its relay, its keyring, its disk and its clipboard."""

import asyncio
import base64
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from agent_app.engine import clinic_address, pictures
from agent_app.protocol import primitives
from agent_app.protocol.encoding import encode
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.labels import Label
from agent_app.relay import wire
from agent_app.relay.client import RelayClient, Scope, checked_origin
from agent_app.relay.errors import RelayError, RelayNonsense
from agent_app.store import vault
from agent_app.store.errors import StoreError, VaultError
from agent_app.store.key_material import AdminSecrets, DeviceSecrets
from agent_app.store.unlocking import FailedUnlocks, UnlockDelay
from agent_app.transparency import enrolment
from tests.fuzz.registry import require, target
from tests.vectors.material import NOW, device

ALICE = device("alice", cosigning=True)
SECRET = ALICE.keys.identity

# The relay


def _frames() -> list[bytes]:
    ids = (bytes(32), bytes(16))
    frames = (
        wire.EnvelopeFrame(7, *ids, NOW, b"body", b"slot"),
        wire.ReceiptFrame(8, b"payload", bytes(64)),
        wire.HeadFrame(3, bytes(32)),
        wire.LeaseFrame(),
        wire.EndFrame("revoked"),
    )
    return [len(data := encode(frame)).to_bytes(4, "big") + data for frame in frames]


def _read(pieces: list[bytes]) -> list[wire.Frame | None]:
    reader = wire.FrameReader()
    return [frame for piece in pieces for frame in reader.feed(piece)]


@target(RelayNonsense, seeds=lambda: [*_frames(), bytes(4) + b"".join(_frames())])
def frames(data: bytes) -> None:
    whole = _read([data])
    require(_read([data[at : at + 3] for at in range(0, len(data), 3)]) == whole, "pieces matter")


@target(RelayNonsense, seeds=lambda: [frame[4:] for frame in _frames()])
def frame(data: bytes) -> None:
    require(_read([len(data).to_bytes(4, "big") + data]), "no frame")


class _Answer(httpx.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content


class _Owner:
    id = ALICE.mailbox

    def prove(self, origin: str, challenge: bytes, scope: Scope) -> bytes:
        return bytes(64)


class _HostileRelay:
    """Hands out tokens, and answers everything else with what it is told."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.status, self.headers, self.content = 200, {"Content-Type": "application/json"}, b""
        self.client = RelayClient(
            "https://relay.example", lambda: NOW, _Owner(), transport=httpx.MockTransport(self._answer)
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/challenge":
            return httpx.Response(200, stream=_Answer(encode((bytes(32),))))
        if request.url.path == "/v1/token":
            return httpx.Response(200, stream=_Answer(encode(("token", 2**52))))
        return httpx.Response(self.status, headers=self.headers, stream=_Answer(self.content))

    def call(self, number: int) -> object:
        calls: tuple[Callable[[], Awaitable[object]], ...] = (
            self.client.identity,
            lambda: self.client.log_page(bytes(32), 0),
            lambda: self.client.cosigned_notes(bytes(32)),
            lambda: self.client.witness(bytes(32), "old 0"),
            lambda: self.client.bind_by_invitation(bytes(32), bytes(32)),
            self.client.prekeys_left,
            lambda: self.client.take_bundles([bytes(32)]),
            lambda: self.client.post_envelopes([]),
            self.client.generation,
            lambda: self.client.post_receipts([]),
            self.client.count,
            lambda: self.client.get_blob(bytes(32), bytes(16), 1 << 16),
        )
        return self.loop.run_until_complete(self._awaited(calls[number % len(calls)]))

    async def _awaited(self, call: Callable[[], Awaitable[object]]) -> object:
        return await call()


@cache
def _relay() -> _HostileRelay:
    return _HostileRelay()


def _answers() -> list[bytes]:
    bodies: tuple[Any, ...] = (
        ("https://relay.example", bytes(32), "SD1"), (1, (b"statement",), "note"), ("note",), (1, 2), (),
        ((bytes(32), b"bundle"),), (1, bytes(64)), ((bytes(32), True),), (7,),
    )  # fmt: skip
    return [bytes([number]) + encode(body) for number in range(12) for body in bodies]


@target(RelayError, seeds=_answers)
def relay_answer(data: bytes) -> None:
    """The first byte chooses the call."""
    relay = _relay()
    relay.status, relay.content = 200, data[1:]
    relay.call(data[0] if data else 0)


_STATUSES = (400, 401, 403, 404, 409, 413, 422, 429, 500, 503, 507, 302)
_PROBLEM = (
    b'{"type":"urn:sealdesk:problem:log-stale","title":"Conflict","status":409,"detail":"d","action":"a",'
    b'"statements":["AAAA"],"more":[{"x":[[1]]}]}'
)


def _problems() -> list[bytes]:
    forked = _PROBLEM.replace(b"stale", b"forked")
    answers = (_PROBLEM, forked, b"12\n", b"", b"[" * 5_000, b'{"more":' + b"[" * 5_000)
    return [bytes([number]) + answer for number in range(len(_STATUSES) * 2) for answer in answers]


@target(RelayError, seeds=_problems)
def relay_problem(data: bytes) -> None:
    """The first byte chooses the status, and whether the answer calls itself a witness's."""
    relay = _relay()
    choice = data[0] if data else 0
    kind = "text/x.tlog.size" if choice // len(_STATUSES) % 2 else "application/problem+json"
    after = data[1:9].decode("ascii", "ignore") if choice % 2 else "5"
    relay.status, relay.headers = _STATUSES[choice % len(_STATUSES)], {"Content-Type": kind, "Retry-After": after}
    relay.content = data[1:]
    relay.call(0)


# What people carry


@target(
    clinic_address.AddressRefused,
    seeds=lambda: [clinic_address.ClinicAddress("https://relay.example", bytes(32)).text().encode()],
)
def address_line(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    address = clinic_address.ClinicAddress.parse(text)
    require(address.text() == "".join(text.split()), "another spelling")


def _addresses() -> list[bytes]:
    origins = ("https://relay.example", "http://127.0.0.1:8000", "https://[::1]:1", "http://relay.example", "")
    return [encode((origin, bytes(32))) for origin in origins]


@target(clinic_address.AddressRefused, seeds=_addresses)
def address_content(data: bytes) -> None:
    address = clinic_address.ClinicAddress.parse(clinic_address.ADDRESS_PREFIX + clinic_address.to_text(data))
    with suppress(ValueError):
        httpx.URL(checked_origin(address.origin))


@target(clinic_address.AddressRefused, ProtocolError, topics=["enrolment"])
def request_line(data: bytes) -> None:
    for text in (data.decode("utf-8", "surrogateescape"), clinic_address.REQUEST_PREFIX + clinic_address.to_text(data)):
        with suppress(clinic_address.AddressRefused):
            enrolment.parse(clinic_address.from_text(clinic_address.REQUEST_PREFIX, text))


def _pictures() -> list[bytes]:
    exif = b"Exif\0\0MM\0*" + bytes((0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0)) + bytes(4)
    jpeg = b"\xff\xd8\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + b"\xff\xda\0\2\1\2\xff\0\xff\xd9"
    chunks = b"\0\0\0\1IHDR\0\0\0\0\0" + b"\0\0\0\1eXIf\0\0\0\0\0" + b"\0\0\0\0IEND\0\0\0\0"
    webp = b"WEBPVP8X\x0a\0\0\0\x0c" + bytes(9) + b"EXIF\2\0\0\0xy"
    return [jpeg, b"\x89PNG\r\n\x1a\n" + chunks, b"RIFF" + len(webp).to_bytes(4, "little") + webp]


@target(pictures.PictureRefused, seeds=_pictures)
def picture(data: bytes) -> None:
    clean = pictures.without_metadata(data)
    require(pictures.without_metadata(clean) == clean, "something was left to take out")
    require(pictures.picture_type(clean) == pictures.picture_type(data), "another kind of picture")


# Keyring and disk


def _secrets() -> list[DeviceSecrets | AdminSecrets]:
    return [DeviceSecrets(ALICE, bytes(32), bytes(32)), AdminSecrets(bytes(32), bytes(32), bytes(16))]


@target(VaultError, seeds=lambda: [secrets.encode() for secrets in _secrets()])
def vault_secrets(data: bytes) -> None:
    for kind in (DeviceSecrets, AdminSecrets):
        with suppress(VaultError):
            require(kind.decode(data).encode() == data, "another encoding")


def _items() -> list[bytes]:
    item = vault._Item("SD1-vault", 3, 64 << 20, bytes(16), bytes(72))
    return [base64.b64encode(encode(item)), base64.b64encode(encode(item))[:-4]]


@target(seeds=_items)
def vault_item(data: bytes) -> None:
    """Whatever is no item is none, and no parameters out of bounds reach Argon2id."""
    for text in (data.decode("utf-8", "surrogateescape"), base64.b64encode(data).decode()):
        item = vault._parse(text)
        require(item is None or (3 <= item.opslimit <= 8 and item.memlimit <= 1 << 30), "parameters out of bounds")


def _side_files() -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        failed, path = FailedUnlocks(Path(folder)), Path(folder) / "unlock-failed"
        failed.begin(primitives.dh_public(SECRET))
        yield path.read_bytes()
        for now in (NOW, NOW + 1):
            failed.record(now)
            yield path.read_bytes()
    yield base64.b64encode(bytes(64)) + b"\n"


@target(StoreError, VaultError, seeds=_side_files)
def side_file(data: bytes) -> None:
    known = primitives.labelled_hash(Label.UNLOCK_FAILED, data.partition(b"\n")[0])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "unlock-failed").write_bytes(data)
        failed = FailedUnlocks(Path(folder))
        read = failed.read(SECRET, known)
        recorded = failed.record(NOW)
        again = failed.read(SECRET, known)
    require(read.broken or not recorded or again.times == (*read.times, NOW), "a recorded failure is not read back")


@target(StoreError, VaultError, seeds=lambda: [encode((2, NOW)), encode((2**53 - 1, 0))])
def unlock_delay(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "unlock-delay").write_bytes(data)
        delay = UnlockDelay(Path(folder))
        for now in (0, NOW):
            require(0 <= delay.seconds(now) <= 900, "a wait that is none")
        delay.begin(NOW + 1_000_000)
