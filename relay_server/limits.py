"""How much of everything (docs/protocol.md, section 18), and who has had too much of it lately.

Each limit has one name, here; `--limits name=value` changes it. A rate is a bucket that refills evenly: after a pause
somebody may send `burst` at once and then `rate` a minute.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Final

from relay_server.problems import TooMany

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Rates are a minute unless the name says otherwise; sizes are bytes."""

    sends: int = 60
    """Envelopes of one sender. A person does not type faster; a loop does."""
    sends_burst: int = 120
    """What an outbox may hold after an hour without network."""
    clinic_deliveries: int = 60_000
    """Slots of one clinic: a flood of one clinic must not slow another's."""
    visitor_deliveries: int = 6_000
    """Slots of all of one clinic's visitors: nobody invited them, and their flood must not be the clinic's silence."""
    address_calls: int = 1_200
    """Calls without a token, of one address (IPv6: one /64): a clinic's whole staff shares one."""
    mailbox_calls: int = 1_200
    """Calls with a token, other than envelopes, of one mailbox."""
    intake_address_hour: int = 20
    intake_clinic_hour: int = 300
    """Mailboxes opened without an invitation. 0 closes intake."""
    clinics: int = 1_000
    clinic_patients: int = 200_000
    invitations: int = 500
    """Open invitations of one issuer."""
    enrolments: int = 16
    """Workstations that wait for one clinic's administrator. Anybody may ask, and nothing of it is on disk."""
    enrolments_network: int = 8
    """Of them from one network: a stranger alone does not fill the list."""
    enrolments_network_hour: int = 30
    prekey_pair_hour: int = 20
    """One-time prekeys of one mailbox to one other; beyond it only the last-resort keys are handed out."""
    waiting: int = 10_000
    """Envelopes in one mailbox."""
    visitor_waiting: int = 2_500
    """Envelopes in one mailbox from which on visitors are refused, and the clinic's own are not."""
    receipts_waiting: int = 50_000
    """Forwarded receipts in one mailbox; one envelope to 50 devices brings 50."""
    days: int = 30
    """Until an envelope or a blob expires."""
    blob: int = 25 * _MIB + 520 * 1024
    """25 MiB of file, 512 KiB of padding, and its chunks' tags."""
    blobs_mailbox: int = 1_024 * _MIB
    blobs_clinic: int = 20_480 * _MIB
    visitor_blobs: int = 2_048 * _MIB
    """Of all of one clinic's visitors."""
    uploads: int = 4
    """At once, of one mailbox."""
    bodies: int = 32 * _MIB
    """Of large requests with envelopes at once, of one mailbox; all visitors of a clinic share one mailbox's."""
    streams: int = 20_000
    disk_reserve: int = 64 * _MIB
    """Below this much free space nothing new is accepted, so that receipts can still delete."""

    def overridden(self, assignments: list[str]) -> "Limits":
        """Raises ValueError with a sentence for what is no limit, or no number."""
        known = {field.name for field in fields(self)}
        changes: dict[str, int] = {}
        for assignment in assignments:
            name, _, value = assignment.partition("=")
            if name not in known or not value.isascii() or not value.isdigit():
                raise ValueError(f"{assignment!r} is not NAME=NUMBER with one of: {', '.join(sorted(known))}.")
            changes[name] = int(value)
        return replace(self, **changes)


class Rate:
    """Buckets by key, forgotten oldest first: memory does not grow with the number of attackers."""

    CAPACITY: Final = 100_000

    def __init__(
        self, what: str, rate: int, burst: int, period: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._what = what
        self._refill = rate / period
        self._burst = float(burst)
        self._clock = clock
        self._buckets: OrderedDict[object, tuple[float, float]] = OrderedDict()

    def take(self, key: object, amount: int = 1) -> None:
        """Raises TooMany, and takes nothing, when there is not enough left."""
        wait = self.missing(key, amount)
        if wait:
            raise TooMany(f"Too many {self._what}.", wait)

    def missing(self, key: object, amount: int = 1) -> int:
        """0 when taken; else the seconds until it could be."""
        now = self._clock()
        left, since = self._buckets.get(key, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._refill)
        if left < amount:
            return ceil((amount - left) / self._refill) if self._refill and amount <= self._burst else 3_600
        self._buckets[key] = (left - amount, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self.CAPACITY:
            self._buckets.popitem(last=False)
        return 0


class Budget:
    """What somebody's requests may hold at the same time: uploads, or bytes."""

    def __init__(self, what: str, most: int) -> None:
        self._what = what
        self._most = most
        self._held: Counter[object] = Counter()

    @contextmanager
    def hold(self, key: object, amount: int = 1) -> Iterator[None]:
        """Raises TooMany, and holds nothing, when there is not enough left."""
        if self._held[key] + amount > self._most:
            raise TooMany(f"Too many {self._what} at once.", 2)
        self._held[key] += amount
        try:
            yield
        finally:
            self._held[key] -= amount
            self._held += Counter()  # drops zeros


class Rates:
    """The rates of one relay."""

    def __init__(self, limits: Limits) -> None:
        hour = 3_600.0
        self.sends = Rate("messages from this mailbox", limits.sends, limits.sends_burst)
        self.clinic = Rate("messages from this clinic", limits.clinic_deliveries, limits.clinic_deliveries)
        visitors = limits.visitor_deliveries
        self.visitors = Rate("messages from this clinic's visitors", visitors, visitors)
        self.address = Rate("calls from this network", limits.address_calls, limits.address_calls)
        self.mailbox = Rate("calls from this mailbox", limits.mailbox_calls, limits.mailbox_calls)
        per_address, per_clinic = limits.intake_address_hour, limits.intake_clinic_hour
        self.intake_address = Rate("new visitors from this network", per_address, per_address, hour)
        self.intake_clinic = Rate("new visitors of this clinic", per_clinic, per_clinic, hour)
        asks = limits.enrolments_network_hour
        self.enrolments = Rate("workstations that ask to join, from this network", asks, asks, hour)
        self.bodies = Budget("large requests from this mailbox, or from this clinic's visitors,", limits.bodies)
        self.prekeys = Rate("one-time prekeys", limits.prekey_pair_hour, limits.prekey_pair_hour, hour)


def network(address: str) -> str:
    """What one subscriber has: an IPv4 address, or an IPv6 /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return address
