"""What the patients' page must be, file by file, signed by an administrator: docs/protocol.md section 17.3.

A host can always serve other code. Whoever compares what it serves with this note sees it.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from agent_app.protocol.errors import InvalidNoteError, RefusedStatementError, RolledBackLogError
from agent_app.protocol.keys import ClinicId
from agent_app.protocol.primitives import signing_public
from agent_app.transparency import note
from agent_app.transparency.note import NoteKey
from agent_app.transparency.roster import Roster

NOTE_NAME = "manifest.note"
INDEX = "index.html"
MAX_FILES = 64
MAX_FILE = 8 * 1024 * 1024
"""Bytes; whatever is longer is not the page's."""

_TIME = re.compile(r"time (0|[1-9][0-9]{0,15})")
_HEADER = re.compile(r"header ([a-z][a-z0-9-]{0,63}) ([\x21-\x7e](?:[\x20-\x7e]{0,2046}[\x21-\x7e])?)")
_FILE = re.compile(r"file ([0-9a-f]{64}) ([A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)")

_FIXED = {
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


OPEN_TO_SITES = {"widget.js": {"cross-origin-resource-policy": "cross-origin"}}
"""What a file comes with in place of the manifest's header: other sites embed this one."""


def headers(relay_origin: str) -> dict[str, str]:
    """The headers that every file of a page must come with, lower-case names; the page talks to `relay_origin`."""
    policy = (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:;"
        f" font-src 'self'; manifest-src 'self'; worker-src 'self'; connect-src 'self' {relay_origin}; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sealdesk-worker"
    )
    return {**_FIXED, "content-security-policy": policy}


@dataclass(frozen=True, slots=True)
class Served:
    """One answer of the page's host: status, content as unpacked, headers with lower-case names.

    `fault` is "length" for content of more than `MAX_FILE` bytes, packed or unpacked, and "encoding" for content that
    is not packed as its headers say. Of neither there is any content.
    """

    status: int
    content: bytes
    headers: Mapping[str, str]
    fault: str = ""

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.content).digest()


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` is wrong at `path`: "content", "missing", a fault, or a header's name. `seen`: what came, as SHA-256."""

    path: str
    what: str
    seen: bytes

    def __str__(self) -> str:
        wrong = {
            "content": "is another file",
            "missing": "is missing",
            "length": "does not end: it is longer than any file of the page",
            "encoding": "cannot be unpacked: it is cut, or not packed as the host says",
        }
        return f"{self.path} {wrong.get(self.what, f'comes with another {self.what}')}"


@dataclass(frozen=True, slots=True)
class PageManifest:
    """`files` maps paths to SHA-256, `headers` lower-case names to values. `time` in milliseconds."""

    clinic: ClinicId
    time: int
    headers: Mapping[str, str]
    files: Mapping[str, bytes]

    @property
    def text(self) -> str:
        lines = [_origin(self.clinic), f"time {self.time}"]
        lines += [f"header {name} {value}" for name, value in sorted(self.headers.items())]
        lines += [f"file {digest.hex()} {path}" for path, digest in sorted(self.files.items())]
        return "\n".join(lines) + "\n"

    def differences(self, served: Mapping[str, Served]) -> tuple[Difference, ...]:
        """What the host serves otherwise, of all the files here, in the order of their paths."""
        return tuple(d for path in sorted(self.files) for d in self._of_file(path, served.get(path)))

    def explains(self, differences: Iterable[Difference]) -> bool:
        """Whether what was served otherwise before is what this manifest asks for, as after a new version's upload."""
        return all(
            d.path not in self.files
            if d.what == "missing"
            else d.what == "content" and self.files.get(d.path) == d.seen
            for d in differences
        )

    def _of_file(self, path: str, served: Served | None) -> Iterable[Difference]:
        if served is None or served.status != 200:
            return [Difference(path, "missing", b"" if served is None else served.digest)]
        if served.fault:
            return [Difference(path, served.fault, served.digest)]
        found = [] if served.digest == self.files[path] else [Difference(path, "content", served.digest)]
        own = OPEN_TO_SITES.get(path, {})
        required = {name: own.get(name, value) for name, value in self.headers.items()}
        wrong = (name for name, value in sorted(required.items()) if served.headers.get(name) != value)
        return [*found, *(Difference(path, name, served.digest) for name in wrong)]


def build(clinic: ClinicId, time: int, relay_origin: str, files: Mapping[str, bytes], admin: bytes) -> bytes:
    """The signed note over `files`' contents; `admin` is an administrator's 32-byte seed. Raises InvalidNoteError."""
    digests = {path: hashlib.sha256(content).digest() for path, content in files.items()}
    text = PageManifest(clinic, time, headers(relay_origin), digests).text
    _parse(text)  # what nobody could read is not signed
    line = note.sign(text, _signer(signing_public(admin)), admin)
    signed = note.Note(text, (line,)).format().encode()
    note.parse(signed)
    return signed


def verify(raw: bytes, roster: Roster, newest: int = 0) -> PageManifest:
    """The manifest in a note's bytes.

    Raises InvalidNoteError for what is none, RefusedStatementError where no administrator of now has signed it or it
    is another clinic's, and RolledBackLogError where it is older than `newest`, the time of one seen before.
    """
    signed = note.parse(raw)
    manifest = _parse(signed.text)
    keys = [NoteKey(_signer(administrator.key), administrator.key) for administrator in roster.administrators]
    if manifest.clinic != roster.clinic or not signed.verify(keys):
        raise RefusedStatementError("the page's manifest is not signed by an administrator of this clinic")
    if manifest.time < newest:
        raise RolledBackLogError("the page's manifest is older than one seen before")
    return manifest


def named(raw: bytes) -> tuple[str, ...]:
    """The paths in a note that nobody has verified yet: what to fetch before it is judged. None where it is none."""
    try:
        return tuple(_parse(note.parse(raw).text).files)
    except InvalidNoteError:
        return ()


def _origin(clinic: bytes) -> str:
    return f"sealdesk/page/{clinic.hex()}"


def _signer(admin: bytes) -> str:
    return f"sealdesk/administrator/{admin.hex()}"


def _parse(text: str) -> PageManifest:
    lines = text.removesuffix("\n").split("\n")
    origin, time, rest = lines[0], lines[1] if len(lines) > 1 else "", lines[2:]
    stated = _TIME.fullmatch(time)
    named = re.fullmatch(r"sealdesk/page/([0-9a-f]{64})", origin)
    matches = [_HEADER.fullmatch(line) or _FILE.fullmatch(line) for line in rest]
    if named is None or stated is None or int(stated[1]) > 2**53 - 1 or None in matches:
        raise InvalidNoteError("a page's manifest is an origin, a time, headers and files")
    found = [match for match in matches if match is not None]
    required = MappingProxyType({m[1]: m[2] for m in found if m.re is _HEADER})
    files = MappingProxyType({m[2]: bytes.fromhex(m[1]) for m in found if m.re is _FILE})
    manifest = PageManifest(ClinicId(bytes.fromhex(named[1])), int(stated[1]), required, files)
    if manifest.text != text or not 1 <= len(files) <= MAX_FILES or INDEX not in files:
        raise InvalidNoteError("a page's manifest names headers and files once each, in order, and index.html")
    return manifest
