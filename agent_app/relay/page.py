"""The patients' page, fetched as a patient's browser would fetch it.

A host that could tell this visit from a patient's would serve the one the right page and the other another. The
headers are a browser's; the order of its handshake is not, so a host that looks closely can still tell.
"""

import ssl
from collections.abc import Iterable
from contextlib import suppress

import httpx

from agent_app.relay.client import checked_origin
from agent_app.relay.errors import RelayUnreachable
from agent_app.transparency.page_manifest import INDEX, MAX_FILE, NOTE_NAME, Served

_VISITOR = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile"
    " Safari/537.36",
    "Accept-Language": "en-US,en;q=0.9",
    "Accept-Encoding": "gzip, deflate",
}
_DOCUMENT = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
}
_PART = {"Accept": "*/*", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
_DESTINATIONS = {"js": "script", "css": "style", "svg": "image", "webmanifest": "manifest"}


class PageVisit:
    """One visit to the page at `address`, which links are made of. An async context; raises RelayUnreachable."""

    def __init__(self, address: str) -> None:
        """Raises ValueError for an address that is not https, nor of this machine."""
        self._address = httpx.URL(address)
        checked_origin(f"{self._address.scheme}://{self._address.netloc.decode('ascii')}")
        self._http = httpx.AsyncClient(
            headers=_VISITOR,
            timeout=httpx.Timeout(30.0, connect=10.0),
            follow_redirects=False,
            trust_env=False,
            verify=ssl.create_default_context(),
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
        content = bytearray()
        try:
            async with self._http.stream("GET", url, headers=headers) as response:
                if response.status_code >= 500 or response.status_code == 429:
                    raise RelayUnreachable("The patients' page is not served just now. Try again later.")
                with suppress(httpx.DecodingError):  # what does not unpack is not the file
                    async for chunk in response.aiter_bytes():
                        content += chunk
                        if len(content) > MAX_FILE:
                            break  # no file of a page is as long: its hash cannot fit any more
                named = {name.lower(): value for name, value in response.headers.items()}
                return Served(response.status_code, bytes(content), named)
        except httpx.HTTPError as error:
            raise RelayUnreachable("The patients' page cannot be reached. Check the network.") from error
