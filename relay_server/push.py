"""Wakes whoever has nothing open: Web Push (RFC 8030) with VAPID (RFC 8292) and no content. docs/protocol.md, 16.19.

A push service learns that some browser of ours gets a wake-up, and when. What fails here is counted and disturbs no
mailbox: the message waits, as it did.
"""

import asyncio
import base64
import logging
import re
import socket
import time
from collections import OrderedDict
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import httpx
import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from relay_server.directory import Mailbox
from relay_server.metrics import Metrics
from relay_server.problems import MalformedRequest, NotPermitted, TooLarge
from relay_server.reading import Reading
from relay_server.streams import Readers
from relay_server.wire import MAX_ENDPOINT
from relay_server.writer import Arrival, EnvelopeArrival, Transaction, Writer

HOSTS: Final = frozenset(
    {"fcm.googleapis.com", "*.push.apple.com", "updates.push.services.mozilla.com", "*.notify.windows.com"}
)
QUIET: Final = 60.0
"""Seconds after a push in which its mailbox gets no second one, unless its owner has come meanwhile."""
_TIMEOUT: Final = 10.0
_AT_ONCE: Final = 16
_WAITING: Final = 1_000
_REMEMBERED: Final = 100_000
_LIFE: Final = 12 * 3_600  # s that a token is good for; RFC 8292 allows a day
_KEPT_FOR: Final = 86_400  # s that the push service keeps a wake-up for a phone that is off
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ENDPOINT: Final = re.compile(r"https?://[A-Za-z0-9._~:/?\[\]!$&'()*+,;=%-]+")
_log = logging.getLogger(__name__)


class Vapid:
    """The relay's key towards push services; it signs, and opens nothing."""

    def __init__(self, seed: bytes) -> None:
        self._key = ec.derive_private_key(int.from_bytes(seed, "big") % (_ORDER - 1) + 1, ec.SECP256R1())
        form = serialization.PublicFormat.UncompressedPoint
        self.public = self._key.public_key().public_bytes(serialization.Encoding.X962, form)

    def authorisation(self, audience: str, subject: str, now: float) -> str:
        claims = {"aud": audience, "exp": int(now) + _LIFE, "sub": subject}
        signed = f"{_segment({'typ': 'JWT', 'alg': 'ES256'})}.{_segment(claims)}"
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = _b64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return f"vapid t={signed}.{signature}, k={_b64url(self.public)}"


class Allowed:
    """The hosts that may be asked: a name, `*.` and a name, or an origin that the operator names with its scheme."""

    def __init__(self, hosts: frozenset[str]) -> None:
        self._origins = frozenset(host for host in hosts if "://" in host)
        self._names = frozenset(hosts - self._origins)

    def check(self, endpoint: str) -> None:
        """Raises MalformedRequest or NotPermitted."""
        try:
            parts = urlsplit(endpoint)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise MalformedRequest("The push endpoint is not an address.") from None
        if not _ENDPOINT.fullmatch(endpoint):
            raise MalformedRequest("The push endpoint is not an address.")
        if _origin(endpoint) in self._origins:
            return
        if parts.scheme != "https" or port not in (None, 443) or not self._has(host):
            raise NotPermitted("This relay asks no push service of that name.")

    def vouched(self, endpoint: str) -> bool:
        """Whether the operator named the very place, private or not."""
        return _origin(endpoint) in self._origins

    def _has(self, host: str) -> bool:
        parents = [host.split(".", at)[-1] for at in range(1, host.count(".") + 1)]
        return host in self._names or any(f"*.{parent}" in self._names for parent in parents)


class Push:
    """Lives on the event loop, from `start` to `stop`. `subject` tells push services whom to ask about us."""

    def __init__(
        self,
        writer: Writer,
        reading: Reading,
        readers: Readers,
        metrics: Metrics,
        vapid: Vapid,
        hosts: frozenset[str],
        subject: str,
    ) -> None:
        self._writer = writer
        self._reading = reading
        self._readers = readers
        self._metrics = metrics
        self._vapid = vapid
        self._allowed = Allowed(hosts)
        self._subject = subject
        self._subscribed: set[int] = set()
        self._pushed: OrderedDict[int, float] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._http: httpx.AsyncClient

    @property
    def public_key(self) -> bytes:
        return self._vapid.public

    async def start(self) -> None:
        rows = await self._reading.run(lambda connection: connection.rows("SELECT mailbox FROM push"))
        self._subscribed = {row[0] for row in rows}
        self._http = httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, trust_env=False)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    async def subscribe(self, owner: Mailbox, endpoint: str) -> None:
        """In the place of an earlier one. Raises a Problem."""
        if len(endpoint) > MAX_ENDPOINT:
            raise TooLarge(f"A push endpoint has at most {MAX_ENDPOINT} bytes.")
        self._allowed.check(endpoint)

        def write(transaction: Transaction) -> None:
            transaction.directory.active(owner)
            transaction.connection.run(
                "INSERT INTO push (mailbox, endpoint) VALUES (?, ?)"
                " ON CONFLICT (mailbox) DO UPDATE SET endpoint = excluded.endpoint",
                *(owner.id, endpoint),
            )
            transaction.after_commit.append(lambda: self._subscribed.add(owner.id))

        await self._writer.work(write)

    async def unsubscribe(self, owner: Mailbox) -> None:
        await self._forget("mailbox = ?", owner.id)
        self._subscribed.discard(owner.id)

    def came(self, mailbox: int) -> None:
        """Its owner reads: the next message may wake them again."""
        self._pushed.pop(mailbox, None)

    def arrived(self, arrivals: list[tuple[int, Arrival]]) -> None:
        """After a commit: wakes the owners of what nobody is reading just now."""
        if not self._subscribed:
            return
        for mailbox, arrival in arrivals:
            if mailbox in self._subscribed and isinstance(arrival, EnvelopeArrival) and mailbox not in self._readers:
                self._wake(mailbox)

    def _wake(self, mailbox: int) -> None:
        now = time.monotonic()
        if now - self._pushed.get(mailbox, -QUIET) < QUIET or len(self._tasks) >= _WAITING:
            return
        self._pushed[mailbox] = now
        self._pushed.move_to_end(mailbox)
        if len(self._pushed) > _REMEMBERED:
            self._pushed.popitem(last=False)
        task = asyncio.create_task(self._push(mailbox))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _push(self, mailbox: int) -> None:
        outcome = "failed"
        try:
            async with self._turns:
                sql = "SELECT endpoint FROM push WHERE mailbox = ?"
                row = await self._reading.run(lambda connection: connection.one(sql, mailbox))
                if row is not None:
                    outcome = await self._ask(row[0])
            if row is not None and outcome == "gone":
                await self._forget("mailbox = ? AND endpoint = ?", mailbox, row[0])
        except Exception:  # noqa: BLE001 -- a wake-up that fails is counted, and no more
            _log.warning("A push failed", exc_info=True)
        self._metrics.pushes[outcome] += 1

    async def _ask(self, endpoint: str) -> str:
        self._allowed.check(endpoint)  # the operator may have shortened the list since
        if not self._allowed.vouched(endpoint) and not await _is_public(urlsplit(endpoint).hostname or ""):
            return "failed"
        headers = {
            "Authorization": self._vapid.authorisation(_origin(endpoint), self._subject, time.time()),
            "TTL": str(_KEPT_FOR),
            "Urgency": "high",
        }
        async with asyncio.timeout(_TIMEOUT), self._http.stream("POST", endpoint, headers=headers) as response:
            status = response.status_code  # nothing else of the answer is read
        return "gone" if status in (404, 410) else "sent" if status < 300 else "failed"

    async def _forget(self, where: str, *arguments: object) -> None:
        sql = f"DELETE FROM push WHERE {where}"  # noqa: S608 -- `where` is this module's own text
        await self._writer.work(lambda transaction: transaction.connection.run(sql, *arguments))


async def _is_public(host: str) -> bool:
    """Whether every address of a host is one of the open internet: nothing inside may be asked through us."""
    found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return bool(found) and all(ip_address(entry[4][0]).is_global for entry in found)


def _origin(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def _segment(value: object) -> str:
    return _b64url(msgspec.json.encode(value))


def _b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
