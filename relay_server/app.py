"""The relay's routes (docs/protocol.md, section 16) and nothing else.

Four calls carry every message: POST and GET of envelopes, POST of receipts and of what is discarded. They are plain
ASGI, because Starlette's objects halve what one process can do. The others are Starlette's.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from relay_server import asgi, blobs, enrolments, mailboxes, wire
from relay_server.asgi import Answer, Cors, Fault, Gone
from relay_server.auth import Session
from relay_server.clinics import Clinic
from relay_server.directory import Mailbox
from relay_server.limits import network
from relay_server.page import not_modified
from relay_server.problems import (
    LengthRequired,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    Problem,
    RangeInvalid,
    Unavailable,
    WitnessConflict,
    refusal,
)
from relay_server.relay import Relay
from relay_server.storage import StorageFault
from relay_server.streams import Reader
from relay_server.wire import Fingerprint, MailboxId

MAX_SMALL: Final = 64 * 1024
MAX_LARGE: Final = 256 * 1024
MAX_ENVELOPES: Final = 16 * 1024 * 1024
MAX_WAIT: Final = 25
_LOOK_UP: Final = 10
"""Calls that a search through a mailbox counts for."""

_log = logging.getLogger(__name__)


class App:
    """One ASGI application over one relay."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._cors = Cors(relay.settings.page_origins)
        self._hot: dict[tuple[str, str], Callable[[Scope, Receive, Answer], Awaitable[None]]] = {
            ("POST", "/v1/envelopes"): self._post_envelopes,
            ("GET", "/v1/envelopes"): self._get_envelopes,
            ("POST", "/v1/receipts"): self._post_receipts,
            ("POST", "/v1/discard"): self._post_discard,
        }
        self._cold = Router(_routes(Calls(relay)), redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        answer = Answer(send, self._cors.headers(scope), self._relay.metrics.responses)
        try:
            await self._answer(scope, receive, answer)
        except Problem as problem:
            await answer.problem(problem)
        except HTTPException as error:
            unknown = error.status_code == 404
            await answer.problem(
                NotFound("There is no such call.") if unknown else MethodNotAllowed("Not this method.")
            )
        except (Gone, ClientDisconnect):
            return
        except Exception:  # noqa: BLE001 -- logged, counted, and answered with a problem document
            self._relay.metrics.faults["request"] += 1
            _log.exception("A request failed")
            await answer.problem(Fault("The relay failed at this request."))

    async def _answer(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        hot = self._hot.get((scope["method"], scope["path"]))
        if hot is not None:
            await hot(scope, receive, answer)
        elif scope["method"] == "OPTIONS":
            await answer.empty(204)
        else:
            scope["app"] = self  # so that Starlette raises what it cannot route
            await self._cold(scope, receive, answer.send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._relay.start()
        except (Problem, OSError, StorageFault) as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._relay.stop()
        await send({"type": "lifespan.shutdown.complete"})

    # --- The hot four

    async def _caller(self, scope: Scope) -> Mailbox:
        """Whose token this is, under the clinic's present head."""
        relay = self._relay
        session = relay.sessions.of(asgi.header(scope, b"authorization"))
        mailbox = session.mailbox or await relay.bound(session)
        head = asgi.header(scope, b"sealdesk-log-head")
        clinic = relay.clinics.known(mailbox.clinic)
        if clinic is None or clinic.head_header != head:
            await relay.clinics.check_head(mailbox.clinic, head)
        return mailbox

    async def _post_envelopes(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        relay = self._relay
        sender = await self._caller(scope)
        size = asgi.content_length(scope)
        if size is not None and size <= MAX_SMALL:
            await self._send(sender, scope, receive, answer)
            return
        # What is large stays in memory until it is on disk, and may come as slowly as its sender likes.
        holder = ("visitors", sender.clinic_id) if sender.kind == "intake" else sender.id
        with relay.rates.bodies.hold(holder, min(size or MAX_ENVELOPES, MAX_ENVELOPES)):
            await self._send(sender, scope, receive, answer)

    async def _send(self, sender: Mailbox, scope: Scope, receive: Receive, answer: Answer) -> None:
        relay = self._relay
        envelopes = mailboxes.hashed(sender.key, await asgi.body(scope, receive, MAX_ENVELOPES))
        relay.check_room()
        relay.rates.sends.take(sender.id, len(envelopes))
        job = mailboxes.Send(sender, envelopes, relay.limits, relay.writer.new_future())
        if sender.kind == "intake":
            relay.rates.visitors.take(sender.clinic_id, job.weight)
        relay.rates.clinic.take(sender.clinic_id, job.weight)
        await answer.ok(await relay.writer.submit(job))

    async def _post_receipts(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        relay = self._relay
        owner = await self._caller(scope)
        signed = mailboxes.receipts(owner.key, await asgi.body(scope, receive, MAX_LARGE))
        hints = relay.readers.hints(owner.id)
        known = {payload.delivery: hints[payload.delivery] for _, payload in signed if payload.delivery in hints}
        # Without all hints the writer reads the whole mailbox, and everybody waits.
        relay.rates.mailbox.take(owner.key, 1 if len(known) == len(signed) else _LOOK_UP)
        job = mailboxes.Receipts(owner, signed, known, relay.limits, relay.writer.new_future())
        await answer.ok(await relay.writer.submit(job))

    async def _post_discard(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        relay = self._relay
        owner = await self._caller(scope)
        relay.rates.mailbox.take(owner.key)
        positions = _decoded(wire.DISCARD, await asgi.body(scope, receive, MAX_SMALL))
        await relay.writer.submit(mailboxes.Discard(owner, positions, relay.writer.new_future()))
        await answer.empty(204)

    async def _get_envelopes(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        relay = self._relay
        session = relay.sessions.of(asgi.header(scope, b"authorization"))
        query = _query(scope)
        after = _number(query, "after", 2**53 - 1, 0)
        wait = _number(query, "wait", MAX_WAIT, -1)
        relay.rates.mailbox.take(session.key)
        reader = await relay.open_reader(session, after)
        watch = asyncio.create_task(_watch(receive, reader))
        try:
            if wait >= 0:
                await answer.ok(await reader.batch(relay.page_of, wait), asgi.FRAMES)
            else:
                await answer.stream()
                async for chunk in reader.frames(relay.page_of):
                    await answer.chunk(chunk)
                await answer.chunk(b"", last=True)
        finally:
            relay.close_reader(reader)
            watch.cancel()


async def _watch(receive: Receive, reader: Reader) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    reader.cut()


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _number(query: dict[str, list[str]], name: str, most: int, default: int) -> int:
    """A number in the query. Raises MalformedRequest."""
    values = query.get(name)
    if values is None:
        return default
    value = values[0]
    if len(values) != 1 or not (value.isascii() and value.isdigit()) or len(value) > 16 or int(value) > most:
        raise MalformedRequest(f"{name} is a number of at most {most}.")
    return int(value)


class Calls:
    """The cold calls, one method each."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    # --- Who is calling

    async def _session(self, request: Request, scope: wire.Scope = "full") -> Session:
        session = self._relay.sessions.of(asgi.header(request.scope, b"authorization"), scope)
        self._relay.rates.mailbox.take(session.key)
        return session

    async def _mailbox(self, request: Request) -> Mailbox:
        mailbox = await self._relay.bound(await self._session(request))
        if request.method == "POST":
            await self._relay.clinics.check_head(mailbox.clinic, asgi.header(request.scope, b"sealdesk-log-head"))
        return mailbox

    def _stranger(self, request: Request) -> str:
        """The caller's network, after a look at how much it has called lately."""
        address = network(asgi.client(request.scope, self._relay.settings.trusted_proxies))
        self._relay.rates.address.take(address)
        return address

    async def _clinic(self, request: Request) -> Clinic:
        return await self._relay.clinics.get(Fingerprint(_hex(request, 32)))

    # --- Identity and mailboxes

    async def identity(self, request: Request) -> Response:
        return _msgpack((self._relay.settings.origin, self._relay.key.public, wire.SUITE))

    async def challenge(self, request: Request) -> Response:
        self._stranger(request)
        asked = _decoded(wire.CHALLENGE_REQUEST, await _body(request))
        return _msgpack((self._relay.sessions.challenge(asked.mailbox),))

    async def token(self, request: Request) -> Response:
        self._stranger(request)
        asked = _decoded(wire.TOKEN_REQUEST, await _body(request))
        self._relay.sessions.check(asked)
        return _msgpack(await self._relay.open_session(MailboxId(asked.mailbox), asked.scope))

    async def open_mailbox(self, request: Request) -> Response:
        session = await self._session(request)
        address = self._stranger(request)
        asked = _decoded(wire.OPEN_MAILBOX, await _body(request))
        clinic = await self._relay.clinics.get(Fingerprint(asked.clinic))
        head = asgi.header(request.scope, b"sealdesk-log-head")
        await self._relay.clinics.check_head(clinic.log.fingerprint, head)
        signed: tuple[bytes, bytes] | None = None
        if isinstance(asked, wire.RedeemInvitation):
            mailbox, signed = await self._relay.invitations.redeem(session.key, clinic, asked.token)
        else:
            mailbox = await self._relay.invitations.intake(session.key, clinic, address)
        self._relay.sessions.bind(mailbox)
        return _msgpack(signed)

    async def register_invitation(self, request: Request) -> Response:
        await self._relay.invitations.register(await self._mailbox(request), await _body(request))
        return Response(status_code=204)

    async def cancel_invitation(self, request: Request) -> Response:
        await self._relay.invitations.cancel(await self._mailbox(request), await _body(request))
        return Response(status_code=204)

    # --- Prekeys, generation, count

    async def publish_prekeys(self, request: Request) -> Response:
        await self._relay.prekeys.publish(await self._mailbox(request), await _body(request, MAX_LARGE))
        return Response(status_code=204)

    async def prekeys_left(self, request: Request) -> Response:
        return _msgpack(await self._relay.prekeys.left(await self._mailbox(request)))

    async def take_prekeys(self, request: Request) -> Response:
        return _msgpack(await self._relay.prekeys.take(await self._mailbox(request), await _body(request)))

    async def get_generation(self, request: Request) -> Response:
        return _msgpack(await self._relay.generations.get(await self._mailbox(request)))

    async def put_generation(self, request: Request) -> Response:
        await self._relay.generations.put(await self._mailbox(request), await _body(request))
        return Response(status_code=204)

    async def count(self, request: Request) -> Response:
        mailbox = await self._relay.bound(await self._session(request, "count"))
        return _msgpack((await self._relay.count(mailbox),))

    # --- Push

    async def push_key(self, request: Request) -> Response:
        await self._mailbox(request)
        return _msgpack((self._relay.push.public_key,))

    async def subscribe(self, request: Request) -> Response:
        owner = await self._mailbox(request)
        await self._relay.push.subscribe(owner, _decoded(wire.PUSH_SUBSCRIPTION, await _body(request)).endpoint)
        return Response(status_code=204)

    async def unsubscribe(self, request: Request) -> Response:
        await self._relay.push.unsubscribe(await self._mailbox(request))
        return Response(status_code=204)

    # --- Blobs

    async def put_blob(self, request: Request) -> Response:
        owner = await self._mailbox(request)
        name = _hex(request, 32)
        secrets = (
            asgi.secret(request.scope, b"sealdesk-blob-read", 32),
            asgi.secret(request.scope, b"sealdesk-blob-delete", 32),
        )
        size = asgi.content_length(request.scope)
        if size is None:
            raise LengthRequired("A blob's size is part of its name's hash.")
        self._relay.check_room()
        await self._relay.blobs.put(owner, name, secrets, size, asgi.chunks(request.receive))
        return Response(status_code=204)

    async def get_blob(self, request: Request) -> Response:
        self._stranger(request)
        secret = asgi.secret(request.scope, b"sealdesk-blob-read", 16)
        path, size = await self._relay.blobs.opened(_hex(request, 32), secret)
        start, end = _range(request.headers.get("range"), size)
        headers = {"Accept-Ranges": "bytes", "Content-Length": str(end - start)}
        partial = (start, end) != (0, size)
        if partial:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        content = blobs.read(path, start, end)
        return StreamingResponse(content, 206 if partial else 200, headers, "application/octet-stream")

    async def delete_blob(self, request: Request) -> Response:
        self._stranger(request)
        await self._relay.blobs.delete(_hex(request, 32), asgi.secret(request.scope, b"sealdesk-blob-delete", 16))
        return Response(status_code=204)

    # --- Clinics

    async def found_clinic(self, request: Request) -> Response:
        self._stranger(request)
        await self._relay.clinics.found(_decoded(wire.REGISTER_CLINIC, await _body(request)).charter)
        return Response(status_code=204)

    async def get_log(self, request: Request) -> Response:
        self._stranger(request)
        clinic = await self._clinic(request)
        start = _number(_query(request.scope), "from", wire.MAX_STATEMENTS, 0)
        statements = await self._relay.clinics.statements(clinic.log.fingerprint, start, wire.MAX_LOG_PAGE)
        # The log may have grown meanwhile: answer for the size whose note we sign.
        statements = statements[: max(0, clinic.log.size - start)]
        return _msgpack((clinic.log.size, statements, await self._relay.witness.head_note(clinic)))

    async def append_statement(self, request: Request) -> Response:
        self._stranger(request)
        asked = _decoded(wire.APPEND_STATEMENT, await _body(request))
        await self._relay.clinics.append(Fingerprint(_hex(request, 32)), asked.index, asked.statement)
        return Response(status_code=204)

    async def get_cosigned(self, request: Request) -> Response:
        self._stranger(request)
        return _msgpack(await self._relay.witness.cosigned_notes(await self._clinic(request)))

    async def add_cosignature(self, request: Request) -> Response:
        self._stranger(request)
        await self._relay.witness.add_cosignature(await self._clinic(request), await _body(request))
        return Response(status_code=204)

    async def witness(self, request: Request) -> Response:
        self._stranger(request)
        clinic = await self._clinic(request)
        try:
            line = await self._relay.witness.witness(clinic, await _body(request))
        except WitnessConflict as conflict:
            # C2SP tlog-witness fixes this one answer: the size, and nothing else.
            size = conflict.members["witnessed"]
            return Response(f"{size}\n", 409, media_type="text/x.tlog.size")
        return Response(line, media_type="text/plain")

    # --- Workstations that ask to be admitted

    async def leave_enrolment(self, request: Request) -> Response:
        address = self._stranger(request)
        clinic = await self._clinic(request)
        asked = _decoded(wire.LEAVE_ENROLMENT, await _body(request))
        self._relay.enrolments.leave(clinic.log.fingerprint, asked, address)
        return Response(status_code=204)

    async def list_enrolments(self, request: Request) -> Response:
        return _msgpack(self._relay.enrolments.list(await self._administered(request)))

    async def dismiss_enrolment(self, request: Request) -> Response:
        clinic = await self._administered(request)
        self._relay.enrolments.dismiss(clinic, _decoded(wire.DISMISS_ENROLMENT, await _body(request)).ticket)
        return Response(status_code=204)

    async def _administered(self, request: Request) -> Fingerprint:
        """The clinic of the administrator's device that calls. Raises NotPermitted."""
        mailbox = await self._mailbox(request)
        device = (await self._relay.clinics.get(mailbox.clinic)).log.device_of(mailbox.key)
        enrolments.require_administrator(device.role if device and device.active else None)
        return mailbox.clinic

    # --- Health and the page

    async def health(self, request: Request) -> Response:
        return Response("ok\n", media_type="text/plain")

    async def readiness(self, request: Request) -> Response:
        trouble = self._relay.trouble()
        if trouble is not None:
            raise Unavailable(f"Not ready: {trouble}.")
        return Response("ready\n", media_type="text/plain")

    async def metrics(self, request: Request) -> Response:
        return Response(self._relay.metrics.text(), media_type="text/plain; version=0.0.4")

    async def page(self, request: Request) -> Response:
        page = self._relay.page
        if page is None:
            raise NotFound("There is no such call.")
        accepted = request.headers.get("accept-encoding", "")
        content, headers = await asyncio.to_thread(page.file, request.scope["path"], accepted)
        if not_modified(headers, request.headers.get("if-none-match")):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers)


def _routes(calls: Calls) -> list[Route]:
    return [
        Route("/v1/relay", calls.identity, methods=["GET"]),
        Route("/v1/challenge", calls.challenge, methods=["POST"]),
        Route("/v1/token", calls.token, methods=["POST"]),
        Route("/v1/mailboxes", calls.open_mailbox, methods=["POST"]),
        Route("/v1/invitations", calls.register_invitation, methods=["POST"]),
        Route("/v1/invitations/cancel", calls.cancel_invitation, methods=["POST"]),
        Route("/v1/prekeys", calls.publish_prekeys, methods=["PUT"]),
        Route("/v1/prekeys", calls.prekeys_left, methods=["GET"]),
        Route("/v1/prekeys/take", calls.take_prekeys, methods=["POST"]),
        Route("/v1/generation", calls.get_generation, methods=["GET"]),
        Route("/v1/generation", calls.put_generation, methods=["PUT"]),
        Route("/v1/push", calls.push_key, methods=["GET"]),
        Route("/v1/push", calls.subscribe, methods=["PUT"]),
        Route("/v1/push", calls.unsubscribe, methods=["DELETE"]),
        Route("/v1/count", calls.count, methods=["GET"]),
        Route("/v1/blobs/{hex}", calls.put_blob, methods=["PUT"]),
        Route("/v1/blobs/{hex}", calls.get_blob, methods=["GET"]),
        Route("/v1/blobs/{hex}", calls.delete_blob, methods=["DELETE"]),
        Route("/v1/clinics", calls.found_clinic, methods=["POST"]),
        Route("/v1/clinics/{hex}/log", calls.get_log, methods=["GET"]),
        Route("/v1/clinics/{hex}/log", calls.append_statement, methods=["POST"]),
        Route("/v1/clinics/{hex}/cosignatures", calls.get_cosigned, methods=["GET"]),
        Route("/v1/clinics/{hex}/cosignatures", calls.add_cosignature, methods=["POST"]),
        Route("/v1/clinics/{hex}/witness", calls.witness, methods=["POST"]),
        Route("/v1/clinics/{hex}/enrolments", calls.leave_enrolment, methods=["PUT"]),
        Route("/v1/enrolments", calls.list_enrolments, methods=["GET"]),
        Route("/v1/enrolments/dismiss", calls.dismiss_enrolment, methods=["POST"]),
        Route("/healthz", calls.health, methods=["GET"]),
        Route("/readyz", calls.readiness, methods=["GET"]),
        Route("/metrics", calls.metrics, methods=["GET"]),
        Route("/{path:path}", calls.page, methods=["GET"]),
    ]


async def _body(request: Request, limit: int = MAX_SMALL) -> bytes:
    return await asgi.body(request.scope, request.receive, limit)


def _decoded(shape: wire.Shape[wire.T], data: bytes) -> wire.T:
    try:
        return shape.decode(data)
    except wire.Malformed as error:
        raise refusal(error) from None


def _msgpack(value: object) -> Response:
    return Response(wire.encode(value), media_type="application/msgpack")


def _hex(request: Request, length: int) -> bytes:
    """The one binary value in a path. Raises NotFound."""
    text = request.path_params["hex"]
    if len(text) != 2 * length or not set(text) <= set("0123456789abcdef"):
        raise NotFound("There is nothing under this name.")
    return bytes.fromhex(text)


def _range(value: str | None, size: int) -> tuple[int, int]:
    """Start and end of `bytes=a-b`, `bytes=a-` or `bytes=-n`; all of it without one. Raises RangeInvalid."""
    if value is None:
        return 0, size
    unit, _, span = value.partition("=")
    first, dash, last = span.partition("-")
    numbers = all(part == "" or (part.isascii() and part.isdigit() and len(part) <= 15) for part in (first, last))
    if unit != "bytes" or not dash or not numbers or not (first or last):
        raise RangeInvalid("The range is not one range of bytes.")
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
    if start >= end:
        raise RangeInvalid("The range lies outside the blob.")
    return start, end
