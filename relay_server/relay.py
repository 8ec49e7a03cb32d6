"""The relay's parts, built once and wired to one another. `app` puts routes before it, `main` a process around it."""

import asyncio
import logging
import shutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from relay_server import directory, push, streams
from relay_server.auth import Session, Sessions
from relay_server.blobs import Blobs
from relay_server.clinics import Clinic, Clinics
from relay_server.directory import Mailbox
from relay_server.enrolments import Enrolments
from relay_server.expiry import Expiry
from relay_server.generations import Generations
from relay_server.invitations import Invitations
from relay_server.limits import Limits, Rates
from relay_server.metrics import Metrics
from relay_server.page import Page
from relay_server.prekeys import Prekeys
from relay_server.problems import Problem, StorageFull, Unavailable
from relay_server.reading import Reading
from relay_server.signing import RelayKey, kept_seed
from relay_server.storage import Storage
from relay_server.streams import Reader, Readers
from relay_server.wire import Fingerprint, MailboxId, Scope
from relay_server.witness import Witness
from relay_server.writer import Arrival, Transaction, Writer

_SWEEP: Final = 600.0
_CHECK: Final = 5.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """How one relay runs. `origin` is what clients call it and sign for; `data` is its folder."""

    data: Path
    origin: str
    limits: Limits = field(default_factory=Limits)
    page: Path | None = None
    page_origins: frozenset[str] = frozenset()
    clinics: frozenset[Fingerprint] = frozenset()
    trusted_proxies: frozenset[str] = frozenset({"127.0.0.1", "::1"})
    push_hosts: frozenset[str] = push.HOSTS


class Relay:
    """Everything but HTTP. Lives on the event loop, from `start` to `stop`."""

    def __init__(self, settings: Settings, storage: Storage, key: RelayKey) -> None:
        self.settings = settings
        self.key = key
        self.limits = settings.limits
        self.rates = Rates(settings.limits)
        self.metrics = Metrics()
        self.sessions = Sessions(settings.origin)
        self.readers = Readers()
        self.reading = Reading(storage)
        self.writer = Writer(storage, key, self.metrics, self._arrived)
        self.clinics = Clinics(self.writer, self.reading, settings.limits, settings.clinics, self)
        self.witness = Witness(self.writer, self.reading, key)
        self.invitations = Invitations(self.writer, self.clinics, settings.limits, self.rates)
        self.enrolments = Enrolments(settings.limits, self.rates.enrolments)
        self.prekeys = Prekeys(self.writer, self.reading, self.clinics, self.rates)
        self.generations = Generations(self.writer, self.reading)
        self.blobs = Blobs(settings.data / "blobs", self.writer, self.reading, settings.limits)
        self.expiry = Expiry(self.writer, self.reading, self.blobs, settings.limits)
        vapid = push.Vapid(kept_seed(settings.data / "push.key"))
        self.push = push.Push(
            self.writer, self.reading, self.readers, self.metrics, vapid, settings.push_hosts, settings.origin
        )
        self.page = Page(settings.page) if settings.page else None
        self.stopping = False
        self._disk_low = False
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self.writer.start()
        await self.expiry.start()
        await self.blobs.start()
        await self.push.start()
        await self._look_around()
        self._tasks = [
            asyncio.create_task(self.readers.keep_time()),
            asyncio.create_task(_every(_CHECK, self._look_around)),
            asyncio.create_task(_every(_SWEEP, self._sweep)),
        ]

    def end_streams(self) -> None:
        """The first step of stopping: uvicorn waits for open answers, and streams would never end."""
        self.stopping = True
        self.readers.end_all("stopping")

    async def stop(self) -> None:
        self.end_streams()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.push.stop()
        await asyncio.to_thread(self.reading.close)
        await self.writer.stop()  # last, so that SQLite folds its journal into the database

    # --- Readers and writers

    async def mailbox(self, key: MailboxId) -> Mailbox | None:
        return await self.reading.run(lambda connection: directory.find(connection, key))

    async def open_session(self, key: MailboxId, scope: Scope) -> tuple[str, int]:
        """A token and its end. Raises Revoked, or MailboxUnbound for one that could count nothing."""
        # The session is there before we look, so that a revocation meanwhile ends it like any other.
        session, token, expires = self.sessions.open(key, scope)
        session.mailbox = session.mailbox or await self.mailbox(key)
        if session.mailbox is not None or scope == "count":
            # Without a mailbox there is nothing to count: strangers would fill our memory with what lives for hours.
            try:
                session.bound()
            except Problem:
                self.sessions.end(session)
                raise
        return token, expires

    async def bound(self, session: Session) -> Mailbox:
        """The session's mailbox; a device may have been admitted since it proved itself. Raises MailboxUnbound."""
        if session.mailbox is None:
            session.mailbox = await self.mailbox(session.key)
        return session.bound()

    async def open_reader(self, session: Session, after: int) -> Reader:
        """The mailbox's new reader, which ends the one before. Raises a Problem."""
        mailbox = await self.bound(session)
        clinic = await self.clinics.get(mailbox.clinic)
        self.sessions.check_alive(session)
        if self.stopping or len(self.readers) >= self.limits.streams:
            raise Unavailable("The relay takes no more streams just now.")
        reader = Reader(mailbox, after, (clinic.log.size, clinic.log.root), session.expires)
        self.readers.open(reader)
        self.push.came(mailbox.id)
        self.metrics.streams = len(self.readers)
        return reader

    def close_reader(self, reader: Reader) -> None:
        self.readers.close(reader)
        self.metrics.streams = len(self.readers)

    def _arrived(self, arrivals: list[tuple[int, Arrival]]) -> None:
        self.readers.arrived(arrivals)
        self.push.arrived(arrivals)

    async def page_of(self, mailbox: int, after: int) -> tuple[list[Arrival], bool]:
        return await self.reading.run(lambda connection: streams.waiting(connection, mailbox, after))

    async def count(self, mailbox: Mailbox) -> int:
        sql = "SELECT count(*) FROM waiting WHERE mailbox = ? AND body IS NOT NULL"
        row = await self.reading.run(lambda connection: connection.one(sql, mailbox.id))
        return row[0] if row else 0

    def check_room(self) -> None:
        """Raises StorageFull when the disk is nearly full, while receipts can still be written."""
        if self._disk_low:
            raise StorageFull("The relay's disk is nearly full.")

    def trouble(self) -> str | None:
        """Why this relay should get no traffic; None when it may."""
        if self.stopping:
            return "stopping"
        if self.writer.fault:
            return "storage"
        return "disk" if self._disk_low else None

    # --- Told by the clinics' logs

    def log_grew(self, clinic: Clinic) -> None:
        self.readers.head(clinic.number, (clinic.log.size, clinic.log.root))

    def device_admitted(self, mailbox: Mailbox) -> None:
        self.sessions.bind(mailbox)

    def device_revoked(self, mailbox: Mailbox) -> None:
        self.sessions.revoke(mailbox.key)
        self.readers.end(mailbox.id, "revoked")

    # --- Time passes

    async def _look_around(self) -> None:
        free = await asyncio.to_thread(lambda: shutil.disk_usage(self.settings.data).free)
        self._disk_low = free < self.limits.disk_reserve
        self.metrics.blob_bytes = await self.blobs.bytes_stored()
        self.sessions.expire()
        if self.writer.fault:
            # Whoever asks /readyz before sending would never send the write that shows that all is well again.
            await self.writer.work(_probe)

    async def _sweep(self) -> None:
        await self.expiry.sweep()


def _probe(transaction: Transaction) -> None:
    transaction.connection.run(
        "INSERT INTO relay (name, value) VALUES ('probe', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        transaction.now,
    )


async def _every(seconds: float, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await step()
        except (StorageFull, Unavailable, OSError):
            _log.warning("A periodic task failed and will be tried again")
