"""The client against relays that are slow, restarted, full, mistaken or hostile. Only the network is made up."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import httpx
import msgspec
import pytest

from agent_app.protocol.content import LogHead
from agent_app.protocol.envelope import AddressedSlot, Envelope
from agent_app.protocol.errors import SpokenError
from agent_app.protocol.keys import EnvelopeId, MailboxId
from agent_app.relay import wire
from agent_app.relay.client import RelayClient, Scope
from agent_app.relay.errors import (
    LogForked,
    LogStale,
    RelayBusy,
    RelayNonsense,
    RelayRefused,
    RelayUnreachable,
    Unauthorised,
)

ORIGIN = "https://relay.example"
ENVELOPE = Envelope(EnvelopeId(b"e" * 16), b"body", (AddressedSlot(MailboxId(b"m" * 32), b"slot"),))
Respond = Callable[[httpx.Request], httpx.Response]


class Owner:
    id = b"o" * 32

    def __init__(self) -> None:
        self.proved: list[tuple[str, bytes, Scope]] = []

    def prove(self, origin: str, challenge: bytes, scope: Scope) -> bytes:
        self.proved.append((origin, challenge, scope))
        return b"g" * 64


class Bytes(httpx.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content


class Relay:
    """Answers challenges, and leaves the rest to `respond`."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond
        self.owner = Owner()
        self.now = 0
        self.tokens = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        response = self.answer(request)
        return httpx.Response(response.status_code, headers=response.headers, stream=Bytes(response.content))

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/challenge":
            return httpx.Response(200, content=wire.encode((b"c" * 32,)))
        if request.url.path == "/v1/token":
            self.tokens += 1
            return httpx.Response(200, content=wire.encode((f"token-{self.tokens}", self.now + 900_000)))
        return self.respond(request)

    def run(self, use: Callable[[RelayClient], Coroutine[Any, Any, Any]]) -> Any:
        async def body() -> Any:
            head = LogHead(7, b"r" * 32)
            transport = httpx.MockTransport(self)
            client = RelayClient(ORIGIN, lambda: self.now, self.owner, lambda: head, transport)
            try:
                return await use(client)
            finally:
                await client.close()

        return asyncio.run(body())


def problem(status: int, name: str, headers: dict[str, str] | None = None, **members: object) -> httpx.Response:
    document = {"type": f"urn:sealdesk:problem:{name}", "title": "t", "status": status, "detail": "d", "action": "a"}
    return httpx.Response(status, content=json.dumps(document | members).encode(), headers=headers)


def test_a_call_names_its_mailbox_and_its_log_head_and_proves_the_origin_it_was_given() -> None:
    seen: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=wire.encode((3, 4)))

    relay = Relay(respond)
    assert relay.run(lambda client: client.prekeys_left()) == wire.PrekeysLeft(3, 4)
    assert seen[0].headers["Authorization"] == "Bearer token-1"
    assert seen[0].headers["Sealdesk-Log-Head"] == "7." + base64.urlsafe_b64encode(b"r" * 32).decode().rstrip("=")
    assert relay.owner.proved == [(ORIGIN, b"c" * 32, "full")]


def test_a_token_serves_until_shortly_before_it_expires() -> None:
    relay = Relay(lambda _: httpx.Response(200, content=wire.encode((0, 0))))

    async def use(client: RelayClient) -> None:
        await client.prekeys_left()
        await client.prekeys_left()
        assert relay.tokens == 1
        relay.now = 880_000
        await client.prekeys_left()
        assert relay.tokens == 2

    relay.run(use)


def test_a_relay_that_forgot_its_tokens_is_shown_a_new_one_once() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"] == "Bearer token-1":
            return problem(401, "token-invalid")
        return httpx.Response(200, content=wire.encode((0, 0)))

    relay = Relay(respond)
    relay.run(lambda client: client.prekeys_left())
    assert relay.tokens == 2
    relay = Relay(lambda _: problem(401, "token-invalid"))
    with pytest.raises(Unauthorised):
        relay.run(lambda client: client.prekeys_left())
    assert relay.tokens == 2


def test_a_locked_client_counts_and_reads_nothing() -> None:
    relay = Relay(lambda _: httpx.Response(200, content=wire.encode((5,))))

    async def use(client: RelayClient) -> None:
        await client.prepare_count()
        client.forget_mailbox()
        assert await client.count() == 5
        with pytest.raises(Unauthorised):
            await client.prekeys_left()

    relay.run(use)
    assert [scope for _, _, scope in relay.owner.proved] == ["count"]


def test_problems_become_typed_errors() -> None:
    statement = b"statement"
    cases: list[tuple[httpx.Response, type[Exception]]] = [
        (problem(409, "log-stale", statements=[base64.b64encode(statement).decode()]), LogStale),
        (problem(409, "log-forked"), LogForked),
        (problem(409, "envelope-conflict"), RelayRefused),
        (problem(403, "Call 555 0100 now", detail="Call 555 0100"), RelayRefused),
        (problem(429, "too-many", {"Retry-After": "7"}), RelayBusy),
        (problem(507, "full"), RelayBusy),
        (httpx.Response(502, content=b"<html>bad gateway"), RelayBusy),
        (httpx.Response(418, content=b"\xff\x00"), RelayRefused),
        (httpx.Response(418, content=b'{"more":' + b"[" * 5_000), RelayRefused),
        (problem(409, "log-stale", statements=["%%%"]), RelayNonsense),
        (httpx.Response(200, content=b"\x91"), RelayNonsense),
        (httpx.Response(302, headers={"Location": "https://elsewhere.example"}), RelayRefused),
    ]
    for response, error in cases:
        with pytest.raises(error) as raised:
            Relay(lambda _, response=response: response).run(lambda client: client.post_envelopes([ENVELOPE]))
        if isinstance(raised.value, LogStale):
            assert raised.value.statements == (statement,)
        if isinstance(raised.value, RelayBusy) and response.status_code == 429:
            assert raised.value.after == 7
        assert isinstance(raised.value, SpokenError)
        told = f"{raised.value.sentence} {raised.value.action}".format(**raised.value.facts)
        assert "555" not in told, "a person reads our words, whoever the relay is"


def test_a_relay_that_cannot_be_reached_is_one_error_without_names() -> None:
    def respond(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("secret.host refused")

    with pytest.raises(RelayUnreachable) as raised:
        Relay(respond).run(lambda client: client.post_envelopes([ENVELOPE]))
    assert "secret.host" not in str(raised.value)


def test_answers_for_something_else_are_refused() -> None:
    other = wire.encode(((b"x" * 16, (None,), ()),))
    with pytest.raises(RelayNonsense):
        Relay(lambda _: httpx.Response(200, content=other)).run(lambda client: client.post_envelopes([ENVELOPE]))
    unasked = wire.encode(((b"x" * 32, None),))
    with pytest.raises(RelayNonsense):
        Relay(lambda _: httpx.Response(200, content=unasked)).run(lambda client: client.take_bundles([b"m" * 32]))


def test_a_witness_that_does_not_answer_in_text_is_refused() -> None:
    with pytest.raises(RelayNonsense):
        Relay(lambda _: httpx.Response(200, content=b"\xe2\x80")).run(lambda client: client.witness(b"c" * 32, "old 0"))


def test_a_blob_longer_than_its_file_is_cut_off() -> None:
    relay = Relay(lambda _: httpx.Response(200, content=b"x" * 1_000))
    assert len(relay.run(lambda client: client.get_blob(b"b" * 32, b"r" * 16, 1_000))) == 1_000
    with pytest.raises(RelayNonsense):
        relay.run(lambda client: client.get_blob(b"b" * 32, b"r" * 16, 999))


def test_the_stream_ends_with_the_relays_word() -> None:
    frames: list[wire.Frame] = [wire.HeadFrame(1, b"r" * 32), wire.EndFrame("stopping")]
    content = b"".join(len(data).to_bytes(4, "big") + data for data in map(msgspec.msgpack.encode, frames))

    async def use(client: RelayClient) -> list[wire.Frame | None]:
        return [frame async for frame in client.stream(0)]

    assert Relay(lambda _: httpx.Response(200, content=content)).run(use) == frames
    with pytest.raises(RelayRefused):
        Relay(lambda _: problem(403, "revoked")).run(use)


@pytest.mark.parametrize(
    "origin",
    [
        "http://relay.example",
        "ftp://x",
        "https://x/path",
        "relay.example",
        "",
        "https://x:1,",
        "https://a@x",
        "https://x?",
        "https://x:0",
        "https://x:",
        "https://x:00443",
        "https://x\u202ey",
        "https://r\u0435lay.example",
        "https://x\x7f",
        "https://x\0",
        "https://x y",
        "https://[v1.x]",
    ],
)
def test_an_origin_that_is_no_encrypted_origin_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="https"):
        RelayClient(origin, lambda: 0)
