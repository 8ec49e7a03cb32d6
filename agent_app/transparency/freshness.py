"""How recently somebody other than the relay has vouched for the clinic log: docs/protocol.md section 14.4.

A relay that withholds a revocation cannot be caught by what it shows, only by what it no longer can show: a
cosignature made today, by people of the clinic, over the log that it serves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from agent_app.protocol.errors import InvalidNoteError
from agent_app.transparency import checkpoint
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.note import Note
from agent_app.transparency.statement import Policy

HOUR = 3_600_000
LEAD = 10 * 60_000
"""Milliseconds by which a cosigner's clock may be ahead of ours."""


class State(Enum):
    FRESH = "fresh"
    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Ages in milliseconds from which on a device warns, and sends nothing."""

    warn: int
    stop: int


PAGE = Bounds(72 * HOUR, 14 * 24 * HOUR)


def desk(policy: Policy) -> Bounds:
    return Bounds(policy.warn_hours * HOUR, policy.stop_hours * HOUR)


@dataclass(frozen=True, slots=True)
class Attestation:
    """`person` vouched at `time` (milliseconds) for a head that this log confirms."""

    person: bytes
    time: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """`time` is the q-th newest person's attestation, None where fewer than q have vouched."""

    time: int | None
    state: State


def attestations(log: ClinicLog, signed: Note) -> tuple[Attestation, ...]:
    """Who vouches in this note, by the roster as it is now. Raises InvalidNoteError, also for a head not ours."""
    stated = checkpoint.parse(signed.text, checkpoint.clinic_origin(log.clinic))
    if not log.confirms(stated):
        raise InvalidNoteError("the cosigned checkpoint is not one of this clinic log")
    persons = {checkpoint.cosigner_key(key): person for key, person in log.roster.cosigners().items()}
    verified = signed.verify(persons)
    return tuple(Attestation(persons[line.key], line.time) for line in verified if line.time is not None)


def quorum(log: ClinicLog) -> int:
    """How many different persons must vouch: two, or one where the clinic has no second."""
    return min(2, len(set(log.roster.cosigners().values())))


def judge(log: ClinicLog, notes: Iterable[Note], now: int, bounds: Bounds) -> Freshness:
    """The freshness at `now` (milliseconds) that the cosigned checkpoints `notes`, of whatever size, amount to.

    Keep the notes and judge them anew: whose word counts changes with the roster. Raises as `attestations`.
    """
    newest: dict[bytes, int] = {}
    for attestation in (a for signed in notes for a in attestations(log, signed)):
        if attestation.time <= now + LEAD:
            newest[attestation.person] = max(attestation.time, newest.get(attestation.person, 0))
    needed = quorum(log)
    times = sorted(newest.values(), reverse=True)
    if len(times) < needed:
        return Freshness(None, State.STOP)
    age = now - times[needed - 1]
    state = State.STOP if age >= bounds.stop else State.WARN if age >= bounds.warn else State.FRESH
    return Freshness(times[needed - 1], state)
