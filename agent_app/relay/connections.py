"""HTTP to one relay: a pool of connections, and answers of bounded length.

This module alone needs httpx for the relay. It takes a fifth of a second to load, so whoever talks to the relay loads
it with the first request, when an inbox is on the screen already.
"""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from agent_app.relay.errors import RelayNonsense, RelayUnreachable
from agent_app.relay.trust import trusted


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose body is still to be read, within the `async with` that gave it."""

    response: httpx.Response

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        return self.response.headers

    def pieces(self) -> AsyncIterator[bytes]:
        return self.response.aiter_raw()

    async def content(self, limit: int) -> bytes:
        """All of it, at most `limit` bytes."""
        content = bytearray()
        async for piece in self.pieces():
            content += piece
            if len(content) > limit:
                raise RelayNonsense("the relay's answer is too long")
        return bytes(content)


class Connections:
    """Owns the pool. Lives on one asyncio loop. Every failure of the network is a RelayUnreachable."""

    def __init__(self, origin: str, transport: httpx.AsyncBaseTransport | None) -> None:
        self._http = httpx.AsyncClient(
            base_url=origin,
            timeout=httpx.Timeout(30.0, connect=10.0),
            follow_redirects=False,
            trust_env=False,  # a proxy from the environment would see who talks to which relay
            transport=transport,
            verify=trusted(origin),
        )

    async def close(self) -> None:
        await self._http.aclose()

    @asynccontextmanager
    async def asked(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | AsyncIterable[bytes] | None = None,
        silence: float = 30.0,
    ) -> AsyncIterator[Answer]:
        """The answer to one request. `silence`: seconds without a byte after which it counts as broken off."""
        timeout = httpx.Timeout(30.0, connect=10.0, read=silence)
        try:
            async with self._http.stream(method, path, content=body, headers=headers, timeout=timeout) as response:
                yield Answer(response)
        except httpx.TransportError as error:
            # The type only: httpx's texts may name hosts and paths, and this one may be logged.
            raise RelayUnreachable(type(error).__name__) from error
