"""When a clinic is open: docs/protocol.md section 14.6.

Days are counted from 1970-01-01, minutes within the day, both by the clinic's own clock on the wall: which moment that
is, only a table of time zones can say, and where a reader has none for the clinic's zone it says the hours alone.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent_app.protocol.errors import RefusedStatementError
from agent_app.transparency.statement import Hours, Span

DAY = 1_440  # minutes
WEEK = 7
LAST_DAY = 2_932_896  # the last one of the year 9999
SPANS_A_DAY, CLOSED_DAYS = 4, 400
HORIZON = 370  # days that are looked ahead
_EPOCH = datetime(1970, 1, 1).toordinal()  # noqa: DTZ001 - a day, not a moment


@dataclass(frozen=True, slots=True, order=True)
class WallTime:
    day: int
    minute: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`until` is when that changes next, as far as one looks ahead."""

    is_open: bool
    until: WallTime | None


def wall_time(time_zone: str, now: int) -> WallTime | None:
    """`now` (ms) on the clinic's wall; None where this machine does not know the time zone."""
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    there = datetime.fromtimestamp(now / 1_000, zone)
    return WallTime(there.toordinal() - _EPOCH, there.hour * 60 + there.minute)


def check(hours: Hours) -> None:
    """Raises RefusedStatementError."""
    closed = hours.closed
    fits = (
        len(hours.week) == WEEK
        and all(_is_day(spans) for spans in hours.week)
        and len(closed) <= CLOSED_DAYS
        and all(a < b for a, b in pairwise(closed))
        and all(day <= LAST_DAY for day in closed[-1:])
    )
    if not fits:
        raise RefusedStatementError("seven days, each of at most four spans in order, and at most 400 closed days")


def _is_day(spans: tuple[Span, ...]) -> bool:
    # Two spans that touch would be one: then nobody has to ask which of two the minute between them is in.
    bounds = [bound for span in spans for bound in (span.opens, span.closes)]
    return (
        len(spans) <= SPANS_A_DAY
        and all(a < b for a, b in pairwise(bounds))
        and all(bound <= DAY for bound in bounds[-1:])
    )


def weekday(day: int) -> int:
    """0 for a Monday; the first day of all was a Thursday."""
    return (day + 3) % WEEK


def spans_of(hours: Hours, day: int) -> tuple[Span, ...]:
    return () if day in hours.closed else hours.week[weekday(day)]


def standing(hours: Hours, now: WallTime) -> Standing:
    """Whether the clinic is open at `now`, and until when it is that."""
    current = next((s for s in spans_of(hours, now.day) if s.opens <= now.minute < s.closes), None)
    if current is not None:
        return Standing(True, _closing(hours, now.day, current.closes))
    ahead = (WallTime(day, span.opens) for day in range(now.day, now.day + HORIZON) for span in spans_of(hours, day))
    return Standing(False, next((opening for opening in ahead if opening > now), None))


def _closing(hours: Hours, day: int, closes: int) -> WallTime | None:
    """Through midnight, where the next day goes on at once."""
    for later in range(day + 1, day + HORIZON):
        following = spans_of(hours, later)[:1]
        if closes < DAY or not following or following[0].opens > 0:
            return WallTime(later - 1, closes)
        closes = following[0].closes
    return None
