"""The patient's page, served by the relay for small clinics and for the demonstration.

The headers leave the page nothing but its own scripts, its own relay, and no frame around it. The relay's origin in the
policy comes from the page's `config.json`; the page itself checks that file's signature, the relay only reads it.
"""

import base64
import binascii
import mimetypes
import re
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from relay_server import wire
from relay_server.problems import NotFound

_MAX_FILE: Final = 8 * 1024 * 1024
_MAX_CONFIG: Final = 16 * 1024
_COMPRESSIBLE: Final = ("text/", "application/javascript", "application/json", "application/wasm", "image/svg+xml")
# What the build packed lies beside the file: no processor's time is spent when it is asked for. The best first.
_PACKED: Final = {"br": ".br", "gzip": ".gz"}
_NEVER: Final = re.compile(r"q=0(\.0{0,3})?")
# The one file that other sites load: it draws the chat's button there (resources/patient_page/src/widget.ts).
_WIDGET: Final = "widget.js"
_FIXED: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class _Config(msgspec.Struct):
    payload: str


def policy(relay_origin: str | None) -> str:
    """The Content-Security-Policy of a page that talks to `relay_origin` and to its own origin."""
    connect = f"'self' {relay_origin}" if relay_origin else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "img-src 'self' blob:",
            "font-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            f"connect-src {connect}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types sealdesk-worker",  # names one script, the service worker's, and makes nothing else
        )
    )


def relay_origin(config: bytes) -> str | None:
    """The relay's origin that a `config.json` names; None when it names none that may stand in a policy."""
    try:
        payload = base64.b64decode(msgspec.json.decode(config, type=_Config).payload, validate=True)
        origin = wire.PAGE_CONFIG.decode(payload).relay_origin
        parts = urlsplit(origin)
        host, port = parts.hostname or "", parts.port
    except (msgspec.DecodeError, binascii.Error, wire.Malformed, ValueError):
        return None
    plain = host.isascii() and host.replace("-", "").replace(".", "").isalnum()
    if parts.scheme not in ("https", "http") or not plain:
        return None
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


class Page:
    """Reads a folder's files; called on threads that may block."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def file(self, path: str, accept_encoding: str = "") -> tuple[bytes, dict[str, str]]:
        """A file's bytes and headers; `/` is index.html. Raises NotFound for all that is no file of the page."""
        relative = path.lstrip("/") or "index.html"
        if relative.endswith(tuple(_PACKED.values())):
            raise NotFound("There is no such page.")
        kind = mimetypes.guess_type(relative)[0] or "application/octet-stream"
        headers = {**_FIXED, "Content-Type": _with_charset(kind)}
        content = self._read(relative)
        if kind.startswith(_COMPRESSIBLE):
            headers["Vary"] = "Accept-Encoding"
            for encoding in _accepted(accept_encoding):
                with suppress(NotFound):
                    content = self._read(relative + _PACKED[encoding])
                    headers["Content-Encoding"] = encoding
                    break
        headers["ETag"] = f'"{sha256(content).digest()[:12].hex()}"'
        headers["Cache-Control"] = _cache(relative)
        if relative == _WIDGET:
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        headers["Content-Security-Policy"] = policy(self._relay_origin())
        return content, headers

    def _read(self, relative: str) -> bytes:
        try:
            path = (self._folder / relative).resolve()
            inside = path.is_relative_to(self._folder) and not any(p.startswith(".") for p in Path(relative).parts)
            if not inside or not path.is_file() or path.stat().st_size > _MAX_FILE:
                raise NotFound("There is no such page.")
            return path.read_bytes()
        except (OSError, ValueError):
            raise NotFound("There is no such page.") from None

    def _relay_origin(self) -> str | None:
        path = self._folder / "config.json"
        # Read each time: the clinic's administrator writes it after the relay has started.
        try:
            return relay_origin(path.read_bytes()) if path.stat().st_size <= _MAX_CONFIG else None
        except OSError:
            return None


def not_modified(headers: Mapping[str, str], if_none_match: str | None) -> bool:
    return if_none_match is not None and headers["ETag"] in if_none_match


def _accepted(accept_encoding: str) -> list[str]:
    parts = (part.strip().lower().partition(";") for part in accept_encoding.split(","))
    offered = {name.strip() for name, _, weight in parts if not _NEVER.fullmatch(weight.replace(" ", ""))}
    return [encoding for encoding in _PACKED if encoding in offered]


def _with_charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind == "application/javascript" else kind


def _cache(relative: str) -> str:
    # A name that carries its content's hash never changes; everything else is asked for each time.
    stem = Path(relative).stem
    hashed = len(stem.rpartition("-")[2].rpartition(".")[2]) >= 8 and relative.startswith("assets/")
    return "public, max-age=31536000, immutable" if hashed else "no-cache"
