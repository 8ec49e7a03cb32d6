"""Networks and relays that are not what they should be: transports between a desk and the real relay."""

from collections.abc import AsyncIterator, Callable, Iterable

import httpx

from agent_app.relay import wire

Rewrite = Callable[[wire.Frame], Iterable[wire.Frame]]


class Meddler(httpx.AsyncBaseTransport):
    """Passes everything on, except what a test asks it to lose, repeat, exchange or answer itself."""

    def __init__(self) -> None:
        self._real = httpx.AsyncHTTPTransport()
        self.lose_answers = 0
        self.rewrite: Rewrite | None = None
        self.answers: dict[str, Callable[[httpx.Request], bytes | None]] = {}
        self.headers: dict[str, str] = {}
        self.alter_post: Callable[[bytes], bytes] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for ending, answer in self.answers.items():
            if request.method == "GET" and request.url.path.endswith(ending):
                content = answer(request)
                if content is not None:
                    return httpx.Response(200, stream=httpx.ByteStream(content))
        for name, value in self.headers.items():
            if name in request.headers:
                request.headers[name] = value
        response = await self._real.handle_async_request(request)
        if request.url.path == "/v1/envelopes" and request.method == "POST" and self.lose_answers:
            self.lose_answers -= 1
            await response.aread()
            await response.aclose()
            raise httpx.ReadError("the answer was lost")
        if request.url.path == "/v1/envelopes" and request.method == "POST" and self.alter_post is not None:
            content = self.alter_post(await response.aread())
            await response.aclose()
            return httpx.Response(response.status_code, stream=httpx.ByteStream(content))
        if request.url.path == "/v1/envelopes" and request.method == "GET" and self.rewrite is not None:
            assert isinstance(response.stream, httpx.AsyncByteStream)
            response.stream = _Rewritten(response.stream, self.rewrite)
        return response

    async def aclose(self) -> None:
        await self._real.aclose()


class _Rewritten(httpx.AsyncByteStream):
    def __init__(self, real: httpx.AsyncByteStream, rewrite: Rewrite) -> None:
        self._real = real
        self._rewrite = rewrite
        self._reader = wire.FrameReader()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._real:
            for frame in self._reader.feed(chunk):
                for changed in self._rewrite(frame) if frame is not None else ():
                    data = wire.encode(changed)
                    yield len(data).to_bytes(4, "big") + data

    async def aclose(self) -> None:
        await self._real.aclose()


class Repeating:
    """Every envelope comes twice, the second time behind the next one, under positions that go on rising."""

    def __init__(self) -> None:
        self._late: wire.EnvelopeFrame | None = None

    def __call__(self, frame: wire.Frame) -> Iterable[wire.Frame]:
        if isinstance(frame, wire.ReceiptFrame):
            return
        if not isinstance(frame, wire.EnvelopeFrame):
            yield frame
            return
        yield at(frame, frame.position * 2)
        if self._late is not None:
            yield at(self._late, frame.position * 2 + 1)
        self._late = frame


def at(frame: wire.EnvelopeFrame, position: int) -> wire.EnvelopeFrame:
    return wire.EnvelopeFrame(position, frame.sender, frame.id, frame.accepted, frame.body, frame.slot)


def without_anything(_: wire.Frame) -> Iterable[wire.Frame]:
    """A connection that stands, and brings nothing."""
    return ()


def without_heads(frame: wire.Frame) -> Iterable[wire.Frame]:
    """A relay that says nothing of the clinic log."""
    if not isinstance(frame, wire.HeadFrame):
        yield frame
