"""The relay as one ASGI application (docs/protocol.md, section 16).

Four calls carry every message: POST and GET of envelopes, POST of receipts and of what is discarded. They are plain
ASGI and stand here, because Starlette's objects halve what one process can do. The others are Starlette's (`calls`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from relay_server import asgi, mailboxes, wire
from relay_server.asgi import Answer, Cors, Fault, Gone
from relay_server.calls import Calls, routes
from relay_server.directory import Mailbox
from relay_server.problems import (
    MethodNotAllowed,
    NotFound,
    Problem,
)
from relay_server.relay import Relay
from relay_server.storage import StorageFault
from relay_server.streams import Reader

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
        self._cold = Router(routes(Calls(relay)), redirect_slashes=False)

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
        if size is not None and size <= asgi.MAX_SMALL:
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
        signed = mailboxes.receipts(owner.key, await asgi.body(scope, receive, asgi.MAX_LARGE))
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
        positions = asgi.decoded(wire.DISCARD, await asgi.body(scope, receive, asgi.MAX_SMALL))
        await relay.writer.submit(mailboxes.Discard(owner, positions, relay.writer.new_future()))
        await answer.empty(204)

    async def _get_envelopes(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        relay = self._relay
        session = relay.sessions.of(asgi.header(scope, b"authorization"))
        after = asgi.number(scope, "after", 2**53 - 1, 0)
        wait = asgi.number(scope, "wait", MAX_WAIT, -1)
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
