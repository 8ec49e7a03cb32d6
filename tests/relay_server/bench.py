"""The relay's writer and readers over one database, without HTTP, under a clock that tests move."""

import asyncio
from pathlib import Path
from typing import Any

from relay_server.blobs import Blobs
from relay_server.directory import Mailbox
from relay_server.expiry import Expiry
from relay_server.limits import Limits
from relay_server.mailboxes import Send, hashed
from relay_server.metrics import Metrics
from relay_server.reading import Reading
from relay_server.signing import RelayKey
from relay_server.storage.sqlite import SqliteStorage
from relay_server.streams import waiting
from relay_server.wire import Fingerprint, MailboxId
from relay_server.writer import Arrival, Transaction, Writer
from tests.relay_server.clinic import encode


class Bench:
    """A sender and a recipient of one clinic. `now` in milliseconds, `passed` in seconds since the start."""

    def __init__(self, folder: Path) -> None:
        self.now = 1_800_000_000_000
        self.passed = 0.0
        storage = SqliteStorage(folder / "relay.db")
        self.metrics = Metrics()
        self.writer = Writer(storage, RelayKey(bytes(32)), self.metrics, lambda arrivals: None)
        self.reading = Reading(storage)
        self.blobs = Blobs(folder / "blobs", self.writer, self.reading, Limits())
        self.expiry = Expiry(self.writer, self.reading, self.blobs, Limits())
        self.sender = Mailbox(1, MailboxId(b"s" * 32), 1, Fingerprint(bytes(32)), "device", True)
        self.recipient = b"r" * 32

    async def __aenter__(self) -> "Bench":
        self.writer.start()
        await self.writer.work(self._people)
        await self.expiry.start()
        await self.blobs.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.reading.close)
        await self.writer.stop()

    def _people(self, transaction: Transaction) -> None:
        run = transaction.connection.run
        if transaction.connection.one("SELECT 1 FROM clinic"):
            return
        run("INSERT INTO clinic (id, fingerprint) VALUES (1, ?)", bytes(32))
        for number, key in ((1, self.sender.key), (2, self.recipient)):
            run("INSERT INTO mailbox (id, key, clinic, kind, active) VALUES (?, ?, 1, 'device', 1)", number, key)

    def job(self, *envelopes: list[Any]) -> Send:
        return Send(self.sender, hashed(self.sender.key, encode(list(envelopes))), Limits(), self.writer.new_future())

    async def send(self, *envelopes: list[Any]) -> None:
        await self.writer.submit(self.job(*envelopes))

    async def arrived(self) -> list[Arrival]:
        return (await self.reading.run(lambda connection: waiting(connection, 2, 0)))[0]

    async def ids(self) -> list[bytes]:
        return [arrival.envelope for arrival in await self.arrived()]  # type: ignore[union-attr]

    async def rows(self) -> tuple[int, ...]:
        """How many bodies, sent envelopes and acceptances there are."""
        sql = "SELECT (SELECT count(*) FROM body), (SELECT count(*) FROM sent), (SELECT count(*) FROM acceptance)"
        return await self.reading.run(lambda connection: connection.rows(sql)[0])

    def pass_time(self, milliseconds: int) -> None:
        self.now += milliseconds
        self.passed += milliseconds / 1000
