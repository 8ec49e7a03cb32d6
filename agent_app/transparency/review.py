"""What a weekly review of audit logs is to look at (docs/protocol.md, section 15.2).

An exception is no accusation: it is what somebody who knows the clinic should have an explanation for.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agent_app.protocol.keys import ConversationId, DeviceId
from agent_app.transparency.audit import Entry

Reason = Literal["unclaimed-view", "unlock-failed", "export", "late-check", "alarm"]
Log = Sequence[tuple[int, Entry]]
"""A device's entries, each with its leaf's index."""

DAY = 86_400_000  # milliseconds: how far from a view its claim may be, and how soon a patient is to be checked
_BY_KIND: Mapping[str, Reason] = {
    "unlock-failed": "unlock-failed",
    "export": "export",
    "print": "export",
    "history": "export",
    "alarm": "alarm",
    "rollback": "alarm",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """An exception, and the entry that shows it."""

    reason: Reason
    device: DeviceId
    index: int
    entry: Entry


def findings(logs: Mapping[DeviceId, Log], first: int, last: int, now: int) -> tuple[Finding, ...]:
    """The exceptions of entries from `first` to before `last`, in order of time; milliseconds."""
    found = [*_late_checks(logs, now)]
    for device, log in logs.items():
        found += _of_kinds(device, log)
        found += _unclaimed_views(device, log)
    within = [one for one in found if first <= one.entry.time < last]
    return tuple(sorted(within, key=lambda one: (one.entry.time, one.device, one.index)))


def digest(found: Iterable[Finding]) -> str:
    """Names exactly these exceptions: SHA-256, in hex, over a line for each."""
    lines = (f"{one.device.hex()} {one.index} {one.reason}\n" for one in found)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _of_kinds(device: DeviceId, log: Log) -> Iterator[Finding]:
    for index, entry in log:
        if entry.kind in _BY_KIND:
            yield Finding(_BY_KIND[entry.kind], device, index, entry)


def _unclaimed_views(device: DeviceId, log: Log) -> Iterator[Finding]:
    """The first of each day and conversation: who looks ten times has one thing to explain."""
    took: dict[bytes, list[int]] = defaultdict(list)
    for _, entry in log:
        if entry.kind in ("claim", "send", "check"):
            took[entry.conversation].append(entry.time)
    said: set[tuple[bytes, int]] = set()
    for index, entry in log:
        if entry.kind != "view" or any(abs(time - entry.time) <= DAY for time in took[entry.conversation]):
            continue
        if (once := (entry.conversation, entry.time // DAY)) not in said:
            said.add(once)
            yield Finding("unclaimed-view", device, index, entry)


def _late_checks(logs: Mapping[DeviceId, Log], now: int) -> Iterator[Finding]:
    """By all the logs together: one desk checks, another writes."""
    checked: dict[bytes, int] = {}
    written: dict[bytes, tuple[int, DeviceId, int, Entry]] = {}
    for device, log in logs.items():
        for index, entry in log:
            here = ConversationId(entry.conversation)
            if _is_check(entry):
                checked[here] = min(entry.time, checked.get(here, entry.time))
            elif entry.kind == "send" and entry.arguments[:1] in (("text",), ("file",)):
                before = written.get(here)
                if before is None or entry.time < before[0]:
                    written[here] = (entry.time, device, index, entry)
    for here_, (time, device, index, entry) in written.items():
        if checked.get(here_, now) - time > DAY:
            yield Finding("late-check", device, index, entry)


def _is_check(entry: Entry) -> bool:
    if entry.kind == "verdict":
        return entry.arguments[:1] == ("passed",) and entry.arguments[1:2] != ("1",)
    return entry.kind == "check" and entry.arguments[1:2] == ("matches",)
