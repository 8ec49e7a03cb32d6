"""The audit logs in plain words, their exceptions, and the word that somebody has reviewed them (section 15.2).

For supervisors, administrators and auditors. Nothing here shows what was said. This desk's own log is read as it
stands; other desks' logs come in the bundles that they exported, each verified as sealdesk-verify does.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from agent_app.engine import commands
from agent_app.engine.desk import Desk
from agent_app.engine.events import AuditRow, Happening, Notice, ReviewLoaded, ReviewSigned, Severity
from agent_app.engine.membership import Membership
from agent_app.engine.sentence import Sentence, counted
from agent_app.engine.speech import Refused
from agent_app.engine.upkeep import Upkeep
from agent_app.protocol.keys import DeviceId
from agent_app.relay.errors import RelayError
from agent_app.transparency import bundle, review, verifier
from agent_app.transparency.audit import Entry, EntryLeaf, open_entry, parse_leaf
from agent_app.transparency.report import Report
from agent_app.transparency.review import Finding, Log
from agent_app.transparency.roster import SENIOR

REVIEWERS = SENIOR | {"auditor"}
SHOWN = 5_000  # rows of one period
_AT_ONCE = 500  # leaves between two looks at what else there is to do
_WITHIN = 366  # days

_KINDS = {
    "unlock": "The desk was unlocked.",
    "unlock-failed": "Somebody tried to unlock the desk and could not.",
    "lock": "The desk was locked.",
    "view": "A conversation was viewed.",
    "claim": "A conversation was claimed.",
    "send": "Something was written.",
    "receive": "Something was received.",
    "export": "Something was exported.",
    "check": "A patient was checked by an agent.",
    "verdict": "A patient’s code and birth date were checked.",
    "invite": "A patient was invited.",
    "alarm": "An alarm was raised or ended.",
    "rollback": "The store was found to be older than the relay knew.",
    "revoked": "A device was revoked.",
    "print": "Something was printed.",
    "search": "The conversations were searched.",
    "retract": "A message was deleted.",
    "history": "Earlier messages were sent to a patient’s new phone.",
    "review": "The audit logs were reviewed.",
}
_REASONS = {
    "unclaimed-view": "Viewed, but not claimed or answered there within a day.",
    "unlock-failed": "Somebody tried to unlock the desk and could not.",
    "export": "Something was taken out of the desk.",
    "late-check": "Written to for more than a day before the patient was checked.",
    "alarm": "The desk raised an alarm.",
}
_NOT_ALLOWED = Notice(
    Severity.WARNING,
    "The audit logs are not shown at this desk.",
    "Supervisors, administrators and auditors review them.",
    "Ask one of them.",
)
_PERIOD = Notice(
    Severity.WARNING,
    "There is nothing to review.",
    "A period begins before it ends, and is a year at most.",
    "Choose other days.",
)
_CHANGED = Notice(
    Severity.WARNING,
    "Nothing was signed.",
    "What stands on the screen is not what was loaded last.",
    "Refresh, look at it again, then sign.",
    "review.changed",
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What somebody has before their eyes: only that can be signed."""

    first: date
    last: date
    found: tuple[Finding, ...]


class Reviewing:
    """`methods` names, for each command, who does it. Lives on the engine's thread."""

    def __init__(self, desk: Desk, membership: Membership, upkeep: Upkeep) -> None:
        self._desk = desk
        self._membership = membership
        self._upkeep = upkeep
        self._loaded: _Loaded | None = None
        self.methods: dict[type, Callable[[Any], Awaitable[None]]] = {
            commands.LoadReview: self._load,
            commands.SignReview: self._sign,
        }

    async def _load(self, command: commands.LoadReview) -> None:
        self._require_reviewer()
        self._loaded = None
        if not 0 <= (command.last - command.first).days < _WITHIN:
            raise Refused(_PERIOD)
        logs: dict[DeviceId, Log] = {}
        for path in command.bundles:
            logs |= await self._logs_of(path)
        own = logs[self._desk.local.device] = [entry async for entry in entries(self._desk)]
        begins, ends = _midnight(command.first), _midnight(command.last + timedelta(days=1))
        found = review.findings(logs, begins, ends, self._desk.clock())
        self._loaded = _Loaded(command.first, command.last, found)
        rows = self._rows(logs, found, begins, ends)
        self._desk.emit(
            ReviewLoaded(
                command.first,
                command.last,
                tuple(self._membership.name_of(device) for device in sorted(logs, key=self._membership.name_of)),
                tuple(rows[:SHOWN]),
                len(rows) - len(rows[:SHOWN]),
                review.digest(found),
                tuple(reversed([_reviewed(entry) for _, entry in own if entry.kind == "review"])),
            )
        )

    async def _sign(self, command: commands.SignReview) -> None:
        """An entry of this desk's log, under the signature of its next checkpoint, which the relay witnesses."""
        self._require_reviewer()
        loaded = self._loaded
        if loaded is None or review.digest(loaded.found) != command.digest:
            raise Refused(_CHANGED)
        first, last, count = loaded.first, loaded.last, len(loaded.found)
        with self._desk.work() as work:
            work.record("review", b"", first.isoformat(), last.isoformat(), str(count), command.digest)
        try:
            await self._upkeep.witness()
        except RelayError:
            witnessed = False  # it is asked again with the next checkpoint
        else:
            witnessed = not self._desk.audit.unwitnessed
        self._desk.emit(ReviewSigned(first, last, count, witnessed))

    def _require_reviewer(self) -> None:
        if self._membership.own_role() not in REVIEWERS:
            raise Refused(_NOT_ALLOWED)

    # Other desks

    async def _logs_of(self, path: Path) -> dict[DeviceId, Log]:
        report = await asyncio.to_thread(_verified, path, self._membership.roster.clinic)
        if not report.passed:
            raise Refused(
                Notice(
                    Severity.WARNING,
                    Sentence("{file} does not hold and was not taken in.", file=path.name),
                    "Its proofs do not hold for this clinic. sealdesk-verify tells where.",
                    "Have the desk that it is from export it again, and ask why this one was changed.",
                )
            )
        return {log.device: log.opened for log in report.logs}

    # Rows

    def _rows(self, logs: dict[DeviceId, Log], found: Iterable[Finding], begins: int, ends: int) -> list[AuditRow]:
        """The newest first."""
        reasons = {(one.device, one.index): one.reason for one in found}
        rows = [
            AuditRow(
                entry.time,
                self._membership.name_of(device),
                Sentence(_KINDS[entry.kind]),
                entry.conversation[:4].hex(),
                Sentence(_REASONS[reason]) if (reason := reasons.get((device, index))) else "",
            )
            for device, log in logs.items()
            for index, entry in log
            if begins <= entry.time < ends
        ]
        return sorted(rows, key=lambda row: row.time, reverse=True)


async def entries(desk: Desk) -> AsyncIterator[tuple[int, Entry]]:
    """This device's own audit log, opened with its own keys."""
    keys = {epoch.epoch: epoch.key for epoch in desk.store.audit_log.epochs()}
    for index, raw in enumerate(desk.store.audit_log.leaves()):
        leaf = parse_leaf(raw)
        if isinstance(leaf, EntryLeaf):
            yield index, open_entry(keys[leaf.epoch], desk.local.device, index, leaf)
        if index % _AT_ONCE == 0:
            await asyncio.sleep(0)


def _verified(path: Path, clinic: bytes) -> Report:
    with path.open("rb") as file:
        raw = file.read(bundle.BUNDLE.value + 1)
    return verifier.verify(raw, partial(_is, clinic))


def _is(clinic: bytes, other: bytes) -> bool:
    return clinic == other


def _reviewed(entry: Entry) -> Happening:
    first, last, count = (*entry.arguments, "", "", "")[:3]
    said = counted(
        "{first} to {last}: 1 exception.",
        "{first} to {last}: {count} exceptions.",
        int(count) if count.isdecimal() and len(count) < 9 else 0,
        first=first,
        last=last,
    )
    return Happening(entry.time, said)


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time()).timestamp() * 1000)
