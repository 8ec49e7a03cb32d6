"""The clinics' logs: docs/protocol.md, 14, 16.14 to 16.16, and the head that every POST names."""

import asyncio
import base64
import binascii
from collections import OrderedDict
from itertools import accumulate
from typing import Final, Protocol

from relay_server import directory, wire
from relay_server.clinic_log import ClinicLog, fingerprint_of
from relay_server.directory import Mailbox
from relay_server.limits import Limits
from relay_server.problems import (
    LogAhead,
    LogForked,
    LogStale,
    MalformedRequest,
    NotFound,
    NotPermitted,
    StatementRefused,
    Unavailable,
)
from relay_server.reading import Reading
from relay_server.storage import Connection
from relay_server.wire import Fingerprint
from relay_server.writer import Transaction, Writer

_KEPT: Final = 256
"""Logs held replayed; the others are read from disk when somebody asks for them."""
_PAGE_BYTES: Final = 1024 * 1024
"""Of statements in one answer: anybody may ask, and need not read what is written to them."""


class Clinic:
    """A clinic of this relay: its number on disk, its log, and its head as clients write it in `Sealdesk-Log-Head`."""

    def __init__(self, number: int, log: ClinicLog) -> None:
        self.number = number
        self.log = log
        root = base64.urlsafe_b64encode(log.root).rstrip(b"=")
        self.head_header = b"%d.%s" % (log.size, root)


class Listener(Protocol):
    """Told on the event loop, after the commit and before anybody else can act."""

    def log_grew(self, clinic: Clinic) -> None: ...

    def device_admitted(self, mailbox: Mailbox) -> None: ...

    def device_revoked(self, mailbox: Mailbox) -> None: ...


class Clinics:
    """All clinics of this relay. Lives on the event loop. With `allowed`, only these may register."""

    def __init__(
        self, writer: Writer, reading: Reading, limits: Limits, allowed: frozenset[Fingerprint], listener: Listener
    ) -> None:
        self._writer = writer
        self._reading = reading
        self._limits = limits
        self._allowed = allowed
        self._listener = listener
        self._clinics: OrderedDict[Fingerprint, Clinic] = OrderedDict()
        self._loading = asyncio.Lock()

    def known(self, fingerprint: Fingerprint) -> Clinic | None:
        """The clinic, if its log is in memory: for the hot calls."""
        return self._clinics.get(fingerprint)

    async def get(self, fingerprint: Fingerprint) -> Clinic:
        """Raises NotFound."""
        clinic = self._clinics.get(fingerprint) or await self._loaded(fingerprint)
        self._clinics.move_to_end(fingerprint)
        return clinic

    async def _loaded(self, fingerprint: Fingerprint) -> Clinic:
        # One at a time, since a long log takes seconds: all who wait for it share it, and other calls keep a thread.
        async with self._loading:
            if fingerprint not in self._clinics:
                clinic = await self._reading.run(lambda connection: _load(connection, fingerprint))
                if fingerprint not in self._clinics:  # it may have grown while this call was reading
                    self._keep(clinic)
            return self._clinics[fingerprint]

    def _keep(self, clinic: Clinic) -> None:
        self._clinics[clinic.log.fingerprint] = clinic
        if len(self._clinics) > _KEPT:
            self._clinics.popitem(last=False)

    async def found(self, charter: bytes) -> None:
        """16.14. The same charter again is no error. Raises a Problem."""
        fingerprint = fingerprint_of(charter)
        if self._allowed and fingerprint not in self._allowed:
            raise NotPermitted("This relay serves certain clinics only. Ask its operator to add this one.")
        log = ClinicLog.founded(charter)

        def write(transaction: Transaction) -> int | None:
            connection = transaction.connection
            if connection.one("SELECT 1 FROM clinic WHERE fingerprint = ?", fingerprint):
                return None
            count = connection.one("SELECT count(*) FROM clinic")
            if count and count[0] >= self._limits.clinics:
                raise NotPermitted("This relay has as many clinics as it may have.")
            connection.run("INSERT INTO clinic (fingerprint) VALUES (?)", fingerprint)
            row = connection.one("SELECT id FROM clinic WHERE fingerprint = ?", fingerprint)
            number = row[0] if row else 0
            _insert(connection, number, 0, charter)
            return int(number)

        number = await self._writer.work(write)
        if number is not None:
            self._keep(Clinic(number, log))
        elif (await self.statements(fingerprint, 0, 1))[0] != charter:
            raise StatementRefused("The clinic's charter stands here already, under other signatures.")

    async def append(self, fingerprint: Fingerprint, index: int, statement: bytes) -> None:
        """16.16: compare and swap on the log's size. Raises a Problem."""
        clinic = await self.get(fingerprint)
        if index != clinic.log.size:
            await self._refuse_index(clinic, index, statement)
            return
        log, action = clinic.log.extended(statement)
        grown = Clinic(clinic.number, log)

        def write(transaction: Transaction) -> None:
            connection = transaction.connection
            size = connection.one("SELECT count(*) FROM statement WHERE clinic = ?", clinic.number)
            if size is None or size[0] != index:
                raise Unavailable("Another statement came first.", after=1)
            _insert(connection, clinic.number, index, statement)
            told = self._change_mailbox(transaction, clinic, log, action)
            transaction.after_commit.append(lambda: self._grew(grown, told))

        await self._writer.work(write)

    async def statements(self, fingerprint: Fingerprint, start: int, count: int) -> list[bytes]:
        """At most `count`, and fewer where they are large; at least one where there is one."""
        number = (await self.get(fingerprint)).number
        return await self._reading.run(lambda connection: _page(_statements(connection, number, start, count)))

    async def check_head(self, fingerprint: Fingerprint, header: bytes | None) -> None:
        """The head that a POST names, against ours. Raises LogStale, LogForked, LogAhead, or MalformedRequest."""
        clinic = await self.get(fingerprint)
        if header == clinic.head_header:
            return
        size, root = _head(header)
        log = clinic.log
        if size > log.size:
            raise LogAhead("The clinic's log is longer than this relay knows it.")
        if log.roots[size] != root:
            raise LogForked("The clinic's log has another root at that size here.")
        missing = await self.statements(fingerprint, size, wire.MAX_STALE_PAGE)
        raise LogStale("The clinic's log has grown.", [base64.b64encode(one).decode() for one in missing])

    async def _refuse_index(self, clinic: Clinic, index: int, statement: bytes) -> None:
        if index > clinic.log.size:
            raise LogAhead("The clinic's log is shorter here than this index.")
        later = await self.statements(clinic.log.fingerprint, index, wire.MAX_STALE_PAGE)
        if later and later[0] == statement:
            return  # the answer to the first try was lost on its way
        raise LogStale("The clinic's log has grown.", [base64.b64encode(one).decode() for one in later])

    def _change_mailbox(
        self, transaction: Transaction, clinic: Clinic, log: ClinicLog, action: wire.Action
    ) -> Mailbox | None:
        """The mailbox that a statement admits or revokes."""
        if isinstance(action, wire.AdmitDevice):
            key = next(reversed(log.mailboxes))
            if directory.find(transaction.connection, key) is not None:
                raise StatementRefused("The device's mailbox is a patient's here.")
            insert = "INSERT INTO mailbox (key, clinic, kind, active) VALUES (?, ?, 'device', 1)"
            transaction.connection.run(insert, key, clinic.number)
        elif isinstance(action, wire.RevokeDevice):
            key = log.devices[wire.DeviceId(action.device)].mailbox
            transaction.connection.run("UPDATE mailbox SET active = 0 WHERE key = ?", key)
            _forget_revoked(transaction.connection, key)
        else:
            return None
        transaction.directory.drop(key)
        return directory.find(transaction.connection, key)

    def _grew(self, clinic: Clinic, mailbox: Mailbox | None) -> None:
        self._keep(clinic)
        if mailbox is not None:
            told = self._listener.device_admitted if mailbox.active else self._listener.device_revoked
            told(mailbox)
        self._listener.log_grew(clinic)


def _load(connection: Connection, fingerprint: Fingerprint) -> Clinic:
    row = connection.one("SELECT id FROM clinic WHERE fingerprint = ?", fingerprint)
    if row is None:
        raise NotFound("This relay knows no such clinic.")
    statements = _statements(connection, row[0], 0, wire.MAX_STATEMENTS)
    return Clinic(row[0], ClinicLog.replayed(fingerprint, statements))


def _statements(connection: Connection, clinic: int, start: int, count: int) -> list[bytes]:
    sql = "SELECT statement FROM statement WHERE clinic = ? AND number >= ? ORDER BY number LIMIT ?"
    return [row[0] for row in connection.rows(sql, clinic, start, count)]


def _page(statements: list[bytes]) -> list[bytes]:
    sizes = accumulate(map(len, statements))
    return statements[: max(1, sum(size <= _PAGE_BYTES for size in sizes))]


def _insert(connection: Connection, clinic: int, index: int, statement: bytes) -> None:
    connection.run("INSERT INTO statement (clinic, number, statement) VALUES (?, ?, ?)", clinic, index, statement)


def _forget_revoked(connection: Connection, key: bytes) -> None:
    """A revoked device's prekeys, and its invitations that nobody has redeemed (11.3). What waits for it expires."""
    of_mailbox = "mailbox = (SELECT id FROM mailbox WHERE key = ?)"
    connection.run(f"DELETE FROM prekeys WHERE {of_mailbox}", key)  # noqa: S608
    connection.run(f"DELETE FROM one_time WHERE {of_mailbox}", key)  # noqa: S608
    connection.run(f"DELETE FROM push WHERE {of_mailbox}", key)  # noqa: S608
    connection.run(
        "DELETE FROM invitation WHERE redeemer IS NULL AND issuer = (SELECT id FROM mailbox WHERE key = ?)", key
    )


def _head(header: bytes | None) -> tuple[int, bytes]:
    size, _, root = (header or b"").partition(b".")
    try:
        decoded = base64.urlsafe_b64decode(root + b"=")
    except (binascii.Error, ValueError):
        decoded = b""
    if not size.isdigit() or len(size) > 6 or len(decoded) != 32:
        raise MalformedRequest("This needs the header Sealdesk-Log-Head: <size>.<base64url root>.")
    return int(size), decoded
