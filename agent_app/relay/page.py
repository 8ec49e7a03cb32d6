"""The patients' page, fetched as a patient's browser would fetch it.

A host that could tell this visit from a patient's would serve the one the right page and the other another. The
headers are a browser's; the order of its handshake is not, so a host that looks closely can still tell.
"""

import asyncio
from collections.abc import Iterable

import httpx

from agent_app.relay import content_encoding
from agent_app.relay.client import checked_origin
from agent_app.relay.content_encoding import NotUnpacked, TooLong, Unpacked
from agent_app.relay.errors import PageUnreachable
from agent_app.relay.trust import trusted
from agent_app.transparency.page_manifest import INDEX, MAX_FILE, NOTE_NAME, Served

_VISITOR = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile"
    " Safari/537.36",
    "Accept-Language": "en-US,en;q=0.9",
    "Accept-Encoding": content_encoding.ACCEPTED,
}
_DOCUMENT = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
}
_PART = {"Accept": "*/*", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
_PATIENCE = 120.0
"""Seconds for one file: a host that sends a byte now and then is as good as down."""
_DESTINATIONS = {"js": "script", "css": "style", "svg": "image", "webmanifest": "manifest"}


class PageVisit:
    """One visit to the page at `address`, which links are made of. An async context; raises PageUnreachable."""

    def __init__(self, address: str) -> None:
        """Raises ValueError for an address that is not https, nor of this machine."""
        self._address = httpx.URL(address)
        checked_origin(f"{self._address.scheme}://{self._address.netloc.decode('ascii')}")
        self._http = httpx.AsyncClient(
            headers=_VISITOR,
            timeout=httpx.Timeout(30.0, connect=10.0),
            follow_redirects=False,
            trust_env=False,
            verify=trusted(str(self._address)),
        )

    async def __aenter__(self) -> "PageVisit":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def index(self) -> Served:
        return await self._get(self._address, _DOCUMENT)

    async def note(self) -> Served:
        """The signed manifest."""
        return await self.file(NOTE_NAME)

    async def files(self, paths: Iterable[str]) -> dict[str, Served]:
        return {path: await self.file(path) for path in paths if path != INDEX}

    async def file(self, path: str) -> Served:
        kind = _DESTINATIONS.get(path.rpartition(".")[2], "empty")
        return await self._get(self._address.join(path), {**_PART, "Sec-Fetch-Dest": kind})

    async def _get(self, url: httpx.URL, headers: dict[str, str]) -> Served:
        try:
            async with asyncio.timeout(_PATIENCE), self._http.stream("GET", url, headers=headers) as response:
                if response.status_code >= 500 or response.status_code == 429:
                    raise PageUnreachable(f"status {response.status_code}")
                named = {name.lower(): value for name, value in response.headers.items()}
                try:
                    return Served(response.status_code, await _content(response), named)
                except TooLong:
                    return Served(response.status_code, b"", named, "length")
                except NotUnpacked:
                    return Served(response.status_code, b"", named, "encoding")
        except (httpx.HTTPError, TimeoutError) as error:
            raise PageUnreachable(type(error).__name__) from error


async def _content(response: httpx.Response) -> bytes:
    """Raises TooLong or NotUnpacked."""
    whole = Unpacked(response.headers.get("content-encoding", ""), MAX_FILE)
    async for piece in response.aiter_raw():
        whole.feed(piece)
    return whole.end()
