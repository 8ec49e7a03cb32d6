"""Workstations that ask to be admitted: docs/protocol.md, 14.7 and 16.20.

Anybody may leave a request, for a new device has no mailbox yet: so all is bounded, nothing reaches the disk, and what
was left is forgotten unless it is left again. Each is sealed under words that the relay never hears.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Final

from relay_server import clock, wire
from relay_server.limits import Limits, Rate
from relay_server.problems import NotPermitted, TooMany

LIFE: Final = 12 * 3_600_000
"""ms since it was left last: a working day."""
_AGAIN: Final = 300
"""Seconds until somebody who found no room asks once more."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    sealed: bytes
    since: int
    seen: int
    network: str


class Enrolments:
    """Lives on the event loop, in memory: a workstation leaves its request again every few minutes while it waits."""

    def __init__(self, limits: Limits, rate: Rate) -> None:
        self._limits = limits
        self._rate = rate
        self._waiting: defaultdict[bytes, dict[bytes, Enrolment]] = defaultdict(dict)

    def leave(self, clinic: bytes, asked: wire.LeaveEnrolment, network: str) -> None:
        """The same ticket again renews it. Raises TooMany: nobody pushes out who came first."""
        now = clock.now()
        known = self._of(clinic, now)
        before = known.get(asked.ticket)
        if before is not None:
            known[asked.ticket] = replace(before, sealed=asked.sealed, seen=now)
            return
        own = sum(1 for one in known.values() if one.network == network)
        if len(known) >= self._limits.enrolments or own >= self._limits.enrolments_network:
            raise TooMany("As many workstations wait for this clinic as may wait.", _AGAIN)
        self._rate.take(network)
        self._waiting[clinic][asked.ticket] = Enrolment(asked.sealed, now, now, network)

    def list(self, clinic: bytes) -> list[tuple[bytes, int, bytes]]:
        return [(ticket, one.since, one.sealed) for ticket, one in self._of(clinic, clock.now()).items()]

    def dismiss(self, clinic: bytes, ticket: bytes) -> None:
        """Unknown ones are no error."""
        self._of(clinic, clock.now()).pop(ticket, None)

    def _of(self, clinic: bytes, now: int) -> dict[bytes, Enrolment]:
        """What has not expired; an empty clinic takes no memory."""
        known = self._waiting.get(clinic, {})
        for ticket in [ticket for ticket, one in known.items() if one.seen + LIFE <= now]:
            del known[ticket]
        if not known:
            self._waiting.pop(clinic, None)
        return known


def require_administrator(role: str | None) -> None:
    """Others have no use for it. Raises NotPermitted."""
    if role != "administrator":
        raise NotPermitted("Only administrators' devices see which workstations wait.")
