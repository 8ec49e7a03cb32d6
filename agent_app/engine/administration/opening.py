"""A clinic's opening hours as an administrator writes and reads them; what they mean, docs/protocol.md 14.6 says."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent_app.engine import notices
from agent_app.engine.administration.notebook import Refused
from agent_app.engine.sentence import Sentence, counted
from agent_app.transparency import opening_hours
from agent_app.transparency.statement import Hours, Span

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = (
    Sentence("Mon"),
    Sentence("Tue"),
    Sentence("Wed"),
    Sentence("Thu"),
    Sentence("Fri"),
    Sentence("Sat"),
    Sentence("Sun"),
)
_DAYS = "|".join(DAYS)
_LINE = re.compile(rf"({_DAYS})(?:-({_DAYS}))?((?: \d{{1,2}}:\d\d-\d{{1,2}}:\d\d)*)", re.ASCII)
_SPAN = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)", re.ASCII)
_EPOCH = date(1970, 1, 1).toordinal()
_HOURS = "hours.unreadable"


def parse(lines: Sequence[str], closed: Sequence[date], time_zone: str) -> Hours:
    """From lines such as `mon-fri 8:00-12:00 13:00-17:00`. A day that no line names is closed. Raises Refused."""
    require_time_zone(time_zone)
    week: dict[int, tuple[Span, ...]] = {}
    for line in lines:
        days, spans = _line(line)
        if any(day in week for day in days):
            raise Refused(
                Sentence(
                    "“{line}” names a day that an earlier line names. Write each day once, with all its hours.",
                    line=line,
                )
            )
        week.update(dict.fromkeys(days, spans))
    numbers = sorted({day.toordinal() - _EPOCH for day in closed})
    if numbers and numbers[0] < 0:
        raise Refused("A closed day lies before 1970. Look at its year.")
    hours = Hours(time_zone, tuple(week.get(day, ()) for day in range(len(DAYS))), tuple(numbers))
    opening_hours.check(hours)
    return hours


def dates(texts: Sequence[str]) -> tuple[date, ...]:
    """Of days such as 2026-12-25. Raises Refused."""
    try:
        return tuple(map(date.fromisoformat, texts))
    except ValueError as error:
        said = counted(
            "“{days}” is no day. Write it as 2026-12-25.",
            "“{days}” are no days. Write each as 2026-12-25.",
            len(texts),
            days=" ".join(texts),
        )
        raise Refused(said) from error


def _line(line: str) -> tuple[range, tuple[Span, ...]]:
    read = _LINE.fullmatch(" ".join(line.lower().split()))
    if read is None:
        raise _unread(line)
    first, last, spans = read.groups()
    days = range(DAYS.index(first), DAYS.index(last or first) + 1)
    if not days:
        raise Refused(
            Sentence("“{line}”: {last} comes before {first}. Write two lines.", line=line, last=last, first=first)
        )
    times = [tuple(map(int, span.groups())) for span in _SPAN.finditer(spans)]
    if any(minute > 59 for _, opens, _, closes in times for minute in (opens, closes)):
        raise Refused(Sentence("“{line}”: an hour has 60 minutes. Correct the time.", line=line), _HOURS)
    return days, tuple(Span(hour * 60 + minute, to * 60 + until) for hour, minute, to, until in times)


def _unread(line: str) -> Refused:
    """The window writes the days itself, and its user only what stands behind them."""
    day, _, hours = line.partition(" ")
    if day.lower() in DAYS:
        return Refused(Sentence("“{hours}” are no hours. Write them as 8:00-12:00 13:00-17:00.", hours=hours), _HOURS)
    return Refused(Sentence("“{line}” are no hours. Write them as mon-fri 8:00-12:00 13:00-17:00.", line=line), _HOURS)


def require_time_zone(time_zone: str) -> None:
    """Raises Refused."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        said = Sentence("{zone} is no time zone. Name one such as Europe/Berlin.", zone=time_zone)
        raise Refused(said, "time-zone.unknown") from error


def text(hours: Hours) -> str:
    """As `parse` reads it, the lines separated by `; `: what the page's configuration and a terminal say."""
    return "; ".join(_run(first, last, hours.week[first]) for first, last in _runs(hours)) or "closed"


def said(hours: Hours) -> Sentence:
    """The same for a person, in any language."""
    lines = [_run_said(first, last, hours.week[first]) for first, last in _runs(hours)]
    return notices.listed(lines) if lines else Sentence("closed")


def days(hours: Hours) -> tuple[str, ...]:
    """Monday first: the spans of each, as a line has them after its day."""
    return tuple(" ".join(map(_span, spans)) for spans in hours.week)


def closed_days(hours: Hours) -> tuple[date, ...]:
    return tuple(date.fromordinal(day + _EPOCH) for day in hours.closed)


def _runs(hours: Hours) -> list[tuple[int, int]]:
    """First and last of the days that are open alike, one after the other."""
    runs = [list(run) for _, run in groupby(range(len(DAYS)), key=lambda day: hours.week[day])]
    return [(run[0], run[-1]) for run in runs if hours.week[run[0]]]


def _run_said(first: int, last: int, spans: Sequence[Span]) -> Sentence:
    days = _NAMES[first] if first == last else Sentence("{first}–{last}", first=_NAMES[first], last=_NAMES[last])
    return Sentence("{days} {hours}", days=days, hours=" ".join(map(_span, spans)))


def _run(first: int, last: int, spans: Sequence[Span]) -> str:
    days = DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"
    return " ".join([days, *map(_span, spans)])


def _span(span: Span) -> str:
    return f"{_clock(span.opens)}-{_clock(span.closes)}"


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
