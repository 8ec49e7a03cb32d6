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
    """Lives on the event loop."""

    def __init__(self, writer: Writer, blobs: Blobs, limits: Limits) -> None:
        self._writer = writer
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
        while await self._writer.work(lambda transaction: _expire_envelopes(transaction, now - self._life)):
            pass
        await self._writer.work(lambda transaction: _expire_keys(transaction, now))
        await self._blobs.remove(
            await self._writer.work(lambda transaction: _expire_blobs(transaction, now - self._life))
        )
        await self._writer.work(lambda transaction: _note_seen(transaction, now))


def _last_seen(transaction: Transaction) -> int:
    row = transaction.connection.one("SELECT value FROM relay WHERE name = 'swept'")
    return row[0] if row else 0


def _note_seen(transaction: Transaction, now: int) -> None:
    transaction.connection.run(
        "INSERT INTO relay (name, value) VALUES ('swept', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        now,
    )


def _expire_envelopes(transaction: Transaction, before: int) -> bool:
    """One acceptance's worth of what waits and of what was sent; whether there may be more.

    Acceptances are in the order of positions and of time, so the oldest one bounds what is old.
    """
    connection = transaction.connection
    oldest = connection.one("SELECT id, time, envelopes FROM acceptance ORDER BY id LIMIT 1")
    if oldest is None or oldest[1] >= before:
        return False
    number, _, envelopes = oldest
    rows = connection.rows(
        "SELECT position, mailbox, body FROM waiting WHERE position <= ? ORDER BY position LIMIT ?", number, _STEP
    )
    for position, mailbox, body in rows:
        transaction.delete(mailbox, position, body, "expiry")
    if len(rows) == _STEP:
        return True
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
