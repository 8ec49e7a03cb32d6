"""The relay, as one mailbox's owner talks to it (docs/protocol.md, section 16)."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec

from agent_app.protocol.content import LogHead
from agent_app.protocol.envelope import Envelope
from agent_app.protocol.invitation import SignedRegistration
from agent_app.protocol.receipt import Receipt
from agent_app.relay import wire
from agent_app.relay.errors import (
    LogForked,
    LogStale,
    OriginInTheOpen,
    OriginRefused,
    RelayBusy,
    RelayNonsense,
    RelayRefused,
    Unauthorised,
    WitnessBehind,
)

if TYPE_CHECKING:
    from httpx import AsyncBaseTransport

    from agent_app.relay.connections import Answer, Connections

Scope = Literal["full", "count"]
T = TypeVar("T")

ANSWER_LIMIT = 16 * 1024 * 1024  # 1,024 statements of 8 KiB, and their arrays
HEARTBEAT = 20.0
_PIECE = 256 * 1024
_WITNESSED = "text/x.tlog.size"
_MSGPACK = {"Content-Type": "application/msgpack"}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# A host by name or number, in ASCII: httpx stumbles over others, and people take look-alikes for what they know.
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")


class _Problem(msgspec.Struct):
    type: str = ""
    title: str = ""
    detail: str = ""
    action: str = ""
    statements: tuple[str, ...] = ()


class Mailbox(Protocol):
    """Whose mailbox this is. `prove` signs the relay's challenge for `origin` and a scope (16.3)."""

    @property
    def id(self) -> bytes: ...

    def prove(self, origin: str, challenge: bytes, scope: Scope) -> bytes: ...


class _Pieces:
    """A body in pieces, as often as it is asked for: a call may be repeated under a new token."""

    def __init__(self, content: bytes, progressed: Callable[[int], None] | None) -> None:
        self._content = content
        self._progressed = progressed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._content), _PIECE):
            piece = self._content[start : start + _PIECE]
            yield piece
            if self._progressed is not None:
                self._progressed(start + len(piece))


def checked_origin(origin: str) -> str:
    """`origin` itself. Raises OriginRefused unless it is https, or http on this very machine."""
    try:
        parts = urlsplit(origin)
        host = parts.netloc.removesuffix(f":{parts.port}")
        named = _HOST.fullmatch(host) and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise OriginRefused(origin=origin[:200]) from error
    if parts.scheme not in ("https", "http") or not named or origin != f"{parts.scheme}://{parts.netloc}":
        raise OriginRefused(origin=origin[:200])
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise OriginInTheOpen(origin=origin[:200])
    return origin


class RelayClient:
    """One connection pool to one relay, on one asyncio loop; it begins with the first request.

    `origin` comes from the clinic log and is what challenges are signed over, so that a relay cannot pass
    a signature on to another. Without `mailbox` only the public calls work. Raises RelayError everywhere.
    """

    def __init__(
        self,
        origin: str,
        clock: Callable[[], int],
        mailbox: Mailbox | None = None,
        head: Callable[[], LogHead] | None = None,
        transport: "AsyncBaseTransport | None" = None,
    ) -> None:
        self.origin = checked_origin(origin)
        self._clock = clock
        self._mailbox = mailbox
        self._head = head
        self._tokens: dict[Scope, wire.Token] = {}
        self._proving = asyncio.Lock()
        self._transport = transport
        self._pool: Connections | None = None
        self._connecting = asyncio.Lock()

    async def close(self) -> None:
        """Closes the connections and forgets the tokens."""
        self._tokens.clear()
        if self._pool is not None:
            await self._pool.close()

    async def _connections(self) -> "Connections":
        async with self._connecting:
            if self._pool is None:
                make = await asyncio.to_thread(_loaded)  # beside: others on this loop do not wait for it
                self._pool = make(self.origin, self._transport)
            return self._pool

    async def identity(self) -> wire.RelayIdentity:
        return wire.decode(wire.RelayIdentity, await self._send("GET", "/v1/relay"))

    async def bind_by_invitation(self, clinic: bytes, token: bytes) -> SignedRegistration:
        answer = await self._authed("POST", "/v1/mailboxes", wire.encode(("invitation", clinic, token)))
        return wire.decode(SignedRegistration, answer)

    async def bind_by_intake(self, clinic: bytes) -> None:
        await self._authed("POST", "/v1/mailboxes", wire.encode(("intake", clinic)))

    async def register_invitation(self, registration: SignedRegistration) -> None:
        await self._authed("POST", "/v1/invitations", wire.encode(registration))

    async def cancel_invitation(self, invitation: bytes) -> None:
        await self._authed("POST", "/v1/invitations/cancel", wire.encode((invitation,)))

    async def publish_prekeys(self, prekeys: wire.Prekeys) -> None:
        await self._authed("PUT", "/v1/prekeys", wire.encode(prekeys))

    async def prekeys_left(self) -> wire.PrekeysLeft:
        return wire.decode(wire.PrekeysLeft, await self._authed("GET", "/v1/prekeys"))

    async def take_bundles(self, mailboxes: Sequence[bytes]) -> tuple[wire.TakenBundle, ...]:
        """1..50 mailboxes. The relay may leave some out; what it adds is refused."""
        answer = await self._authed("POST", "/v1/prekeys/take", wire.encode(tuple(mailboxes)))
        taken = wire.decode(tuple[wire.TakenBundle, ...], answer)
        if not {bundle.mailbox for bundle in taken} <= set(mailboxes):
            raise RelayNonsense("the relay handed out prekeys that nobody asked for")
        return taken

    async def post_envelopes(self, envelopes: Sequence[Envelope]) -> tuple[wire.EnvelopeAnswer, ...]:
        """1..64 envelopes. The answers are in the same order, and on the relay's disk."""
        answer = await self._authed("POST", "/v1/envelopes", wire.encode(tuple(envelopes)))
        answers = wire.decode(tuple[wire.EnvelopeAnswer, ...], answer)
        if [one.id for one in answers] != [one.id for one in envelopes]:
            raise RelayNonsense("the relay answered for other envelopes than were sent")
        return answers

    async def generation(self) -> wire.SignedGeneration | None:
        answer = await self._authed("GET", "/v1/generation")
        return None if answer == b"\xc0" else wire.decode(wire.SignedGeneration, answer)

    async def put_generation(self, generation: wire.SignedGeneration) -> None:
        await self._authed("PUT", "/v1/generation", wire.encode(generation))

    async def post_receipts(self, receipts: Sequence[Receipt]) -> tuple[wire.DeletedDelivery, ...]:
        """1..256 receipts."""
        answer = await self._authed("POST", "/v1/receipts", wire.encode(tuple(receipts)))
        return wire.decode(tuple[wire.DeletedDelivery, ...], answer)

    async def discard(self, positions: Sequence[int]) -> None:
        """1..1024 positions of one's own mailbox, deleted and forwarded to nobody."""
        await self._authed("POST", "/v1/discard", wire.encode(tuple(positions)))

    async def count(self) -> int:
        """Envelopes that wait. A token of scope "count", taken before the lock, is enough."""
        return wire.decode(wire.Waiting, await self._authed("GET", "/v1/count", scope="count")).envelopes

    async def put_blob(
        self,
        name: bytes,
        content: bytes,
        read_hash: bytes,
        delete_hash: bytes,
        progressed: Callable[[int], None] | None = None,
    ) -> None:
        """Uploads a sealed file. `progressed` is told the bytes so far."""
        headers = {
            "Sealdesk-Blob-Read": wire.b64url(read_hash),
            "Sealdesk-Blob-Delete": wire.b64url(delete_hash),
            "Content-Type": "application/octet-stream",
            "Content-Length": str(len(content)),
        }
        body = _Pieces(content, progressed)
        await self._authed("PUT", f"/v1/blobs/{name.hex()}", body, headers=headers)

    async def get_blob(
        self, name: bytes, read_secret: bytes, limit: int, progressed: Callable[[int], None] | None = None
    ) -> bytes:
        """The blob, at most `limit` bytes. The caller checks its hash. `progressed` is told the bytes so far."""
        headers = await self._authorisation("full") | {"Sealdesk-Blob-Read": wire.b64url(read_secret)}
        content = bytearray()
        pool = await self._connections()
        async with pool.asked("GET", f"/v1/blobs/{name.hex()}", headers) as answer:
            if answer.status != 200:
                raise _refusal(answer, await answer.content(ANSWER_LIMIT))
            async for piece in answer.pieces():
                content += piece
                if len(content) > limit:
                    raise RelayNonsense("the relay sent more than the file's size")
                if progressed is not None:
                    progressed(len(content))
        return bytes(content)

    async def delete_blob(self, name: bytes, delete_secret: bytes) -> None:
        headers = {"Sealdesk-Blob-Delete": wire.b64url(delete_secret)}
        await self._authed("DELETE", f"/v1/blobs/{name.hex()}", headers=headers)

    async def found_clinic(self, charter: bytes) -> None:
        await self._send("POST", "/v1/clinics", wire.encode((charter,)))

    async def log_page(self, clinic: bytes, start: int) -> wire.LogPage:
        answer = await self._send("GET", f"/v1/clinics/{clinic.hex()}/log?from={start}")
        return wire.decode(wire.LogPage, answer)

    async def append_statement(self, clinic: bytes, index: int, statement: bytes) -> None:
        await self._send("POST", f"/v1/clinics/{clinic.hex()}/log", wire.encode((index, statement)))

    async def add_cosignature(self, clinic: bytes, note: str) -> None:
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        await self._send("POST", f"/v1/clinics/{clinic.hex()}/cosignatures", note.encode(), headers)

    async def cosigned_notes(self, clinic: bytes) -> tuple[str, ...]:
        """The checkpoints that each cosigner's newest cosignature is over, of whatever size (16.17)."""
        answer = await self._send("GET", f"/v1/clinics/{clinic.hex()}/cosignatures")
        return wire.decode(wire.CosignedNotes, answer)

    async def leave_enrolment(self, clinic: bytes, ticket: bytes, sealed: bytes) -> None:
        await self._send("PUT", f"/v1/clinics/{clinic.hex()}/enrolments", wire.encode((ticket, sealed)))

    async def enrolments(self) -> tuple[wire.Enrolment, ...]:
        return wire.decode(wire.Enrolments, await self._authed("GET", "/v1/enrolments"))

    async def dismiss_enrolment(self, ticket: bytes) -> None:
        await self._authed("POST", "/v1/enrolments/dismiss", wire.encode((ticket,)))

    async def witness(self, clinic: bytes, request: str) -> str:
        """The relay's cosignature line for an add-checkpoint request (16.18)."""
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        answer = await self._authed("POST", f"/v1/clinics/{clinic.hex()}/witness", request.encode(), headers=headers)
        try:
            return answer.decode()
        except UnicodeDecodeError as error:
            raise RelayNonsense("the relay's cosignature is not text") from error

    async def stream(self, after: int) -> AsyncIterator[wire.Frame | None]:
        """What waits behind position `after`, then what comes, until the relay ends it. None is a heartbeat."""
        headers = await self._authorisation("full")
        reader = wire.FrameReader()
        path = f"/v1/envelopes?after={after}"
        pool = await self._connections()
        async with pool.asked("GET", path, headers, silence=HEARTBEAT * 2.5) as answer:
            if answer.status != 200:
                self._forget_if_refused(answer)
                raise _refusal(answer, await answer.content(ANSWER_LIMIT))
            async for piece in answer.pieces():
                for frame in reader.feed(piece):
                    yield frame

    async def prepare_count(self) -> None:
        """Takes a new token that can only count, for the time when the mailbox key is no longer in memory."""
        async with self._proving:
            self._tokens["count"] = await self._prove("count")

    def forget_mailbox(self) -> None:
        """After the lock: no key, no token that reads, and no way to whatever told it the clinic log's head."""
        self._mailbox = None
        self._head = None
        self._tokens.pop("full", None)

    async def _authed(
        self,
        method: str,
        path: str,
        body: bytes | _Pieces | None = None,
        scope: Scope = "full",
        headers: dict[str, str] | None = None,
    ) -> bytes:
        try:
            return await self._send(method, path, body, await self._authorisation(scope) | (headers or {}))
        except Unauthorised:
            # The relay forgot its tokens (it was restarted), or the clock jumped. Once more with a new one.
            self._tokens.pop(scope, None)
            return await self._send(method, path, body, await self._authorisation(scope) | (headers or {}))

    async def _authorisation(self, scope: Scope) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {(await self._token(scope)).token}"}
        if self._head is not None:
            head = self._head()
            headers["Sealdesk-Log-Head"] = f"{head.size}.{wire.b64url(head.root)}"
        return headers

    async def _token(self, scope: Scope) -> wire.Token:
        async with self._proving:
            token = self._tokens.get(scope)
            if token is None or token.expires - 30_000 <= self._clock():
                token = self._tokens[scope] = await self._prove(scope)
            return token

    async def _prove(self, scope: Scope) -> wire.Token:
        if self._mailbox is None:
            raise Unauthorised("token-invalid", 401, "no mailbox is open")
        answer = await self._send("POST", "/v1/challenge", wire.encode((self._mailbox.id,)))
        challenge = wire.decode(wire.Challenge, answer).challenge
        signature = self._mailbox.prove(self.origin, challenge, scope)
        body = wire.encode((self._mailbox.id, challenge, scope, signature))
        return wire.decode(wire.Token, await self._send("POST", "/v1/token", body))

    def _forget_if_refused(self, answer: "Answer") -> None:
        if answer.status == 401:
            self._tokens.pop("full", None)

    async def _send(
        self, method: str, path: str, body: bytes | _Pieces | None = None, headers: dict[str, str] | None = None
    ) -> bytes:
        sent = (_MSGPACK if body is not None else {}) | (headers or {})
        pool = await self._connections()
        async with pool.asked(method, path, sent, body) as answer:
            content = await answer.content(ANSWER_LIMIT)
        if answer.status not in (200, 204):
            raise _refusal(answer, content)
        return content


def _loaded() -> "type[Connections]":
    from agent_app.relay.connections import Connections  # its first line says why it is loaded so late

    return Connections


def _refusal(answer: "Answer", content: bytes) -> Exception:
    if answer.status == 409 and answer.headers.get("Content-Type", "").startswith(_WITNESSED):
        return WitnessBehind(409, _witnessed(content))
    try:
        problem = msgspec.json.decode(content, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        problem = _Problem(detail=f"status {answer.status}")
    name = problem.type.removeprefix("urn:sealdesk:problem:")[:64]
    detail = f"{problem.detail or problem.title} {problem.action}".strip()[:500]
    status = answer.status
    if status in (429, 503, 507) or status in (500, 502, 504):
        return RelayBusy(_retry_after(answer), detail)
    if status == 401:
        return Unauthorised(name, status, detail)
    if name == "log-stale":
        return LogStale(status, _statements(problem), detail)
    if name == "log-forked":
        return LogForked(name, status, detail)
    return RelayRefused(name, status, detail)


def _witnessed(content: bytes) -> int:
    """C2SP tlog-witness: the size that it saw last, in decimal, and a newline."""
    text = content.rstrip(b"\n")
    if not text.isdigit() or len(text) > 16:
        raise RelayNonsense("the relay did not say what it has witnessed")
    return int(text)


def _retry_after(answer: "Answer") -> float:
    value = answer.headers.get("Retry-After", "")
    return min(float(value), 3_600.0) if value.isascii() and value.isdigit() else 5.0


def _statements(problem: _Problem) -> tuple[bytes, ...]:
    try:
        return tuple(base64.b64decode(one, validate=True) for one in problem.statements)
    except ValueError as error:
        raise RelayNonsense("the relay's statements cannot be read") from error
