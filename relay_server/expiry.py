"""What ends by itself: envelopes and blobs after 30 days, prekeys and invitations at the time they name.

A clock that jumps ahead must not empty the mailboxes. So nothing expires while the wall clock disagrees with the time
that has really passed since the start, nor in the first day after a gap: readers get the chance to fetch first.
"""

import logging
import time
from dataclasses import dataclass
from typing import Final

from relay_server import clock
from relay_server.blobs import Blobs
from relay_server.limits import Limits
from relay_server.reading import Reading
from relay_server.storage import Connection
from relay_server.writer import Transaction, Writer

_DAY: Final = 86_400_000  # ms
_TOLERANCE: Final = 3_600_000  # ms by which the wall clock may drift from the monotonic one
_STEP: Final = 1_000
"""Rows in one transaction: messages must not wait for a long sweep."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class TrustedClock:
    """Whether the wall clock may be believed when it says that something is old."""

    started: int
    monotonic: float
    last_seen: int

    @classmethod
    def begun(cls, last_seen: int) -> "TrustedClock":
        """`last_seen` is what the clock said when this relay last swept, 0 when it never did."""
        return cls(clock.now(), time.monotonic(), last_seen)

    def distrust(self, now: int, monotonic: float) -> str | None:
        """Why nothing should expire now; None when it may."""
        passed = int((monotonic - self.monotonic) * 1000)
        if abs(now - self.started - passed) > _TOLERANCE:
            return "the clock was changed while the relay ran"
        if self.last_seen and not -_TOLERANCE < self.started - self.last_seen < _DAY and passed < _DAY:
            return "the relay was down for long, or the clock has jumped: readers have a day to fetch"
        return None


class Expiry:
    """Lives on the event loop. Looks for what is old on a reader's thread, so that messages do not wait meanwhile."""

    def __init__(self, writer: Writer, reading: Reading, blobs: Blobs, limits: Limits) -> None:
        self._writer = writer
        self._reading = reading
        self._blobs = blobs
        self._life = limits.days * _DAY
        self._clock: TrustedClock

    async def start(self) -> None:
        self._clock = TrustedClock.begun(await self._writer.work(_last_seen))

    async def sweep(self) -> None:
        """Deletes all that has expired, in small transactions."""
        now = clock.now()
        reason = self._clock.distrust(now, time.monotonic())
        if reason is not None:
            _log.warning("Nothing expires for now: %s", reason)
            return
        old = now - self._life
        await self._sweep_waiting(old)
        while await self._writer.work(lambda transaction: _expire_sent(transaction, old)):
            pass
        await self._writer.work(lambda transaction: _expire_keys(transaction, now))
        await self._blobs.remove(await self._writer.work(lambda transaction: _expire_blobs(transaction, old)))
        await self._writer.work(lambda transaction: _note_seen(transaction, now))

    async def _sweep_waiting(self, old: int) -> None:
        after = (0, 0)
        while found := await self._reading.run(lambda connection, after=after: _old(connection, old, after)):  # type: ignore[misc]
            await self._writer.work(lambda transaction, found=found: _expire_waiting(transaction, found))  # type: ignore[misc]
            after = found[-1]


def _last_seen(transaction: Transaction) -> int:
    row = transaction.connection.one("SELECT value FROM relay WHERE name = 'swept'")
    return row[0] if row else 0


def _note_seen(transaction: Transaction, now: int) -> None:
    transaction.connection.run(
        "INSERT INTO relay (name, value) VALUES ('swept', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        now,
    )


def _old(connection: Connection, before: int, after: tuple[int, int]) -> list[tuple[int, int]]:
    """Mailbox and position of the next that are old, behind `after`.

    Positions and acceptances rise with time, so one bound serves all mailboxes, and no index on time is needed.
    """
    bound = connection.one("SELECT max(id) FROM acceptance WHERE time < ?", before)
    if bound is None or bound[0] is None:
        return []
    rows = connection.rows(
        "SELECT m.id, w.position FROM mailbox m JOIN waiting w ON w.mailbox = m.id AND w.position <= ?"
        " WHERE m.id >= ? AND (m.id > ? OR w.position > ?) ORDER BY m.id, w.position LIMIT ?",
        *(bound[0], after[0], *after, _STEP),
    )
    return [(row[0], row[1]) for row in rows]


def _expire_waiting(transaction: Transaction, found: list[tuple[int, int]]) -> None:
    sql = (
        "SELECT w.body, b.slots FROM waiting w LEFT JOIN body b ON b.id = w.body WHERE w.mailbox = ? AND w.position = ?"
    )
    for mailbox, position in found:
        row = transaction.connection.one(sql, mailbox, position)
        if row is not None:  # a receipt may have been quicker
            transaction.delete(mailbox, position, row[0], row[1], "expiry")


def _expire_sent(transaction: Transaction, before: int) -> bool:
    """One old acceptance and the envelopes it answered for; whether there may be more."""
    connection = transaction.connection
    oldest = connection.one("SELECT id, time, envelopes FROM acceptance ORDER BY id LIMIT 1")
    if oldest is None or oldest[1] >= before:
        return False
    number, _, envelopes = oldest
    pairs = [(envelopes[at : at + 8], envelopes[at + 8 : at + 24]) for at in range(0, len(envelopes), 24)]
    connection.run_many(
        "DELETE FROM sent WHERE sender = ? AND envelope = ?",
        [(int.from_bytes(sender, "big"), envelope) for sender, envelope in pairs],
    )
    connection.run("DELETE FROM acceptance WHERE id = ?", number)
    return True


def _expire_keys(transaction: Transaction, now: int) -> None:
    connection = transaction.connection
    connection.run("DELETE FROM one_time WHERE expires <= ?", now)
    connection.run("DELETE FROM prekeys WHERE expires <= ?", now)
    # A redeemed one keeps its answer for the patient who has not received it yet; nobody else can use it.
    connection.run("DELETE FROM invitation WHERE expires <= ?", now - _DAY)


def _expire_blobs(transaction: Transaction, before: int) -> list[bytes]:
    rows = transaction.connection.rows("SELECT hash FROM blob WHERE stored < ? LIMIT ?", before, _STEP)
    transaction.connection.run_many("DELETE FROM blob WHERE hash = ?", rows)
    return [row[0] for row in rows]
