"""The relay's cold calls (docs/protocol.md, section 16): everything but what carries messages."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from relay_server import asgi, blobs, enrolments, wire
from relay_server.auth import Session
from relay_server.clinics import Clinic
from relay_server.directory import Mailbox
from relay_server.limits import network
from relay_server.page import not_modified
from relay_server.problems import LengthRequired, NotFound, Unavailable, WitnessConflict
from relay_server.relay import Relay
from relay_server.wire import Fingerprint, MailboxId


class Calls:
    """One method each."""

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
        asked = asgi.decoded(wire.CHALLENGE_REQUEST, await _body(request))
        return _msgpack((self._relay.sessions.challenge(asked.mailbox),))

    async def token(self, request: Request) -> Response:
        self._stranger(request)
        asked = asgi.decoded(wire.TOKEN_REQUEST, await _body(request))
        self._relay.sessions.check(asked)
        return _msgpack(await self._relay.open_session(MailboxId(asked.mailbox), asked.scope))

    async def open_mailbox(self, request: Request) -> Response:
        session = await self._session(request)
        address = self._stranger(request)
        asked = asgi.decoded(wire.OPEN_MAILBOX, await _body(request))
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
        await self._relay.prekeys.publish(await self._mailbox(request), await _body(request, asgi.MAX_LARGE))
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
        await self._relay.push.subscribe(owner, asgi.decoded(wire.PUSH_SUBSCRIPTION, await _body(request)).endpoint)
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
        start, end = asgi.byte_range(request.headers.get("range"), size)
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
        await self._relay.clinics.found(asgi.decoded(wire.REGISTER_CLINIC, await _body(request)).charter)
        return Response(status_code=204)

    async def get_log(self, request: Request) -> Response:
        self._stranger(request)
        clinic = await self._clinic(request)
        start = asgi.number(request.scope, "from", wire.MAX_STATEMENTS, 0)
        statements = await self._relay.clinics.statements(clinic.log.fingerprint, start, wire.MAX_LOG_PAGE)
        # The log may have grown meanwhile: answer for the size whose note we sign.
        statements = statements[: max(0, clinic.log.size - start)]
        return _msgpack((clinic.log.size, statements, await self._relay.witness.head_note(clinic)))

    async def append_statement(self, request: Request) -> Response:
        self._stranger(request)
        asked = asgi.decoded(wire.APPEND_STATEMENT, await _body(request))
        await self._relay.clinics.append(Fingerprint(_hex(request, 32)), asked.index, asked.statement)
        return Response(status_code=204)

    async def get_cosigned(self, request: Request) -> Response:
        self._stranger(request)
        cosigned = await self._relay.witness.cosignatures(await self._clinic(request))
        return _msgpack(self._relay.witness.cosigned_notes(await self._clinic(request), cosigned))

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
        asked = asgi.decoded(wire.LEAVE_ENROLMENT, await _body(request))
        self._relay.enrolments.leave(clinic.log.fingerprint, asked, address)
        return Response(status_code=204)

    async def list_enrolments(self, request: Request) -> Response:
        return _msgpack(self._relay.enrolments.list(await self._administered(request)))

    async def dismiss_enrolment(self, request: Request) -> Response:
        clinic = await self._administered(request)
        self._relay.enrolments.dismiss(clinic, asgi.decoded(wire.DISMISS_ENROLMENT, await _body(request)).ticket)
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


def routes(calls: Calls) -> list[Route]:
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


async def _body(request: Request, limit: int = asgi.MAX_SMALL) -> bytes:
    return await asgi.body(request.scope, request.receive, limit)


def _msgpack(value: object) -> Response:
    return Response(wire.encode(value), media_type="application/msgpack")


def _hex(request: Request, length: int) -> bytes:
    """The one binary value in a path. Raises NotFound."""
    text = request.path_params["hex"]
    if len(text) != 2 * length or not set(text) <= set("0123456789abcdef"):
        raise NotFound("There is nothing under this name.")
    return bytes.fromhex(text)
