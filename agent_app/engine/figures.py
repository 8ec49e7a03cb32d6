"""The clinic's figures: how many conversations, how long patients waited, how soon they were answered.

They come from what this device holds, and of that from who did what and when: no content, no patient's name. A contact
begins when a patient writes and nobody has their conversation in hand: a new one, or one that was closed. It is taken
when somebody at the clinic claims it, is given it or answers, and it counts for the day and hour in which it began.
"""

import asyncio
import csv
import io
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from statistics import median
from typing import Any

from agent_app.engine import commands
from agent_app.engine.conversations import Conversations
from agent_app.engine.copies import write_copy
from agent_app.engine.desk import Desk
from agent_app.engine.events import (
    AgentFigures,
    Counts,
    DayFigures,
    FiguresExported,
    FiguresLoaded,
    HourFigures,
    Notice,
    Severity,
    Spans,
)
from agent_app.engine.membership import Membership
from agent_app.engine.sentence import Sentence
from agent_app.engine.speech import Refused
from agent_app.protocol.keys import ConversationId, DeviceId
from agent_app.store.arrivals import Arrival
from agent_app.store.conversations import Place
from agent_app.transparency.roster import SENIOR

DAY = 86_400_000  # milliseconds
LONGEST = 366  # days of one period
BEFORE = timedelta(days=31)  # a conversation in which nothing happened for so long counts as a new one
BELIEVED = 3 * DAY  # how far before its arrival an author's clock may put a message: phones have wrong ones
VERIFIED = 2  # the level from which on a patient is no stranger

_BEGIN, _ANSWER = ("open", "text", "file"), ("text", "file")
_TAKE = (*_ANSWER, "claim", "assign", "transfer")
_END = ("close", "ended")
_KINDS = tuple(dict.fromkeys((*_BEGIN, *_TAKE, *_END, "reopen")))
_PERIOD = Notice(
    Severity.WARNING,
    "There are no figures for this period.",
    "A period begins before it ends, and is a year at most.",
    "Choose other days.",
)
_OPEN = ("waiting", "held")
_AT_ONCE = 50  # conversations between two looks at what else there is to do


@dataclass(slots=True)
class Contact:
    """One stretch of a conversation, from when its patient began to wait until it was closed. Milliseconds."""

    conversation: ConversationId
    begun: int
    taken: int | None = None
    answered: int | None = None
    by: DeviceId | None = None  # whoever answered first

    def take(self, arrival: Arrival) -> None:
        if self.taken is None and arrival.kind in _TAKE:
            self.taken = _moment(arrival)
        if self.answered is None and arrival.kind in _ANSWER:
            self.answered, self.by = _moment(arrival), arrival.author

    @property
    def wait(self) -> int | None:
        return None if self.taken is None else max(self.taken - self.begun, 0)

    @property
    def reply(self) -> int | None:
        return None if self.answered is None else max(self.answered - self.begun, 0)


class Contacts:
    """Follows arrivals in their order. `begun` are the contacts, `closed` when conversations were closed."""

    def __init__(self) -> None:
        self.begun: list[Contact] = []
        self.closed: list[int] = []
        self._open: dict[ConversationId, Contact | None] = {}  # None: the clinic wrote first, and nobody waits

    def follow(self, arrival: Arrival) -> None:
        here = arrival.conversation
        if arrival.kind in _END:
            self._open.pop(here, None)
            self.closed.append(_moment(arrival))
        elif arrival.by_patient:
            if arrival.kind in _BEGIN and here not in self._open:
                self._open[here] = contact = Contact(here, _moment(arrival))
                self.begun.append(contact)
        elif (open_ := self._open.setdefault(here, None)) is not None:
            open_.take(arrival)


def _moment(arrival: Arrival) -> int:
    return max(min(arrival.time, arrival.arrived), arrival.arrived - BELIEVED)


class Figures:
    """`methods` names, for each command, who does it. Lives on the engine's thread and lets others have their turn."""

    def __init__(self, desk: Desk, membership: Membership, conversations: Conversations) -> None:
        self._desk = desk
        self._membership = membership
        self._conversations = conversations
        self.methods: dict[type, Callable[[Any], Awaitable[None]]] = {
            commands.LoadFigures: self._load,
            commands.ExportFigures: self._export,
        }

    async def _load(self, command: commands.LoadFigures) -> None:
        self._desk.emit(await self._figures(command.first, command.last))

    async def _export(self, command: commands.ExportFigures) -> None:
        """Recorded before it is written, as any export."""
        content = as_csv(await self._figures(command.first, command.last), self._desk.say)
        with self._desk.work() as work:
            work.record("export", b"", "figures", command.first.isoformat(), command.last.isoformat())
        await write_copy(self._desk, command.path, content.encode("utf-8-sig"))  # Excel guesses without a mark
        self._desk.emit(FiguresExported(command.path))

    async def _figures(self, first: date, last: date) -> FiguresLoaded:
        if not 0 <= (last - first).days < LONGEST:
            raise Refused(_PERIOD)
        begins, ends = _midnight(first), _midnight(last + timedelta(days=1))
        contacts = await self._contacts(_midnight(first - BEFORE))
        begun = [one for one in contacts.begun if begins <= one.begun < ends]
        listed = self._desk.store.conversations.places()
        open_ = {one.id for one in listed if one.status in _OPEN}
        strangers = await self._strangers(open_ | {one.conversation for one in begun})
        is_senior = self._membership.own_role() in SENIOR
        closed = [when for when in contacts.closed if begins <= when < ends]
        return FiguresLoaded(
            first,
            last,
            self._desk.clock(),
            _counts(listed, strangers),
            tuple(_days(first, last, begun, closed, strangers)),
            spans(one.wait for one in begun),
            spans(one.reply for one in begun),
            tuple(_hours(begun)),
            tuple(self._agents(begun)) if is_senior else (),
            is_senior,
        )

    async def _contacts(self, since: int) -> Contacts:
        """Also from after the period, since a contact may be taken later than it began; a day at a time."""
        contacts = Contacts()
        for day in range(since, self._desk.clock() + DAY, DAY):
            for arrival in self._desk.store.arrivals.between(day, day + DAY, _KINDS):
                contacts.follow(arrival)
            await asyncio.sleep(0)
        return contacts

    async def _strangers(self, of: Iterable[ConversationId]) -> set[ConversationId]:
        """Those of patients whom nobody has verified. Nothing else is read: a clinic has many that ended."""
        found = set()
        for place, id_ in enumerate(of):
            stored = self._desk.store.conversations.get(id_)
            if stored is not None and self._conversations.state(stored).level < VERIFIED:
                found.add(id_)
            if place % _AT_ONCE == 0:
                await asyncio.sleep(0)
        return found

    def _agents(self, begun: Iterable[Contact]) -> Iterator[AgentFigures]:
        """A person's devices together. For supervisors and administrators alone."""
        people: dict[bytes, list[Contact]] = defaultdict(list)
        names: dict[bytes, str] = {}
        for one in begun:
            if one.by is not None:
                member = self._membership.roster.member(one.by)
                person = member.person if member else one.by
                people[person].append(one)
                names[person] = self._membership.name_of(one.by)
        for person in sorted(people, key=lambda person: (names[person].casefold(), person)):
            yield AgentFigures(names[person], spans(one.reply for one in people[person]))


def spans(values: Iterable[int | None]) -> Spans:
    """The 90th percentile is the least value that nine of ten do not exceed."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return Spans(0, 0, 0)
    return Spans(len(known), int(median(known)), known[ceil(0.9 * len(known)) - 1])


def _counts(listed: Sequence[Place], strangers: set[ConversationId]) -> Counts:
    kinds = Counter(one.status for one in listed)
    unverified = sum(one.status in _OPEN and one.id in strangers for one in listed)
    return Counts(kinds["waiting"], kinds["held"], kinds["closed"] + kinds["ended"], unverified)


def _days(
    first: date, last: date, begun: list[Contact], closed: list[int], strangers: set[ConversationId]
) -> Iterator[DayFigures]:
    counts: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in begun:
        day = counts[_local(one.begun).date()]
        for place, does in enumerate((True, one.taken is not None, False, one.conversation in strangers)):
            day[place] += does
    for when in closed:
        counts[_local(when).date()][2] += 1
    for number in range((last - first).days + 1):
        day_ = first + timedelta(days=number)
        yield DayFigures(day_, *counts[day_])


def _hours(begun: Iterable[Contact]) -> Iterator[HourFigures]:
    waits: dict[int, list[int | None]] = defaultdict(list)
    for one in begun:
        waits[_local(one.begun).hour].append(one.wait)
    for hour in range(24):
        yield HourFigures(hour, spans(waits[hour]))


def _midnight(day: date) -> int:
    """As this workstation's clock has it, like every day on its screen."""
    return int(datetime.combine(day, time()).timestamp() * 1000)


def _local(moment: int) -> datetime:
    return datetime.fromtimestamp(moment / 1000)  # noqa: DTZ006 - this workstation's days and hours


# The file

_COLUMNS = (
    Sentence("figure"),
    Sentence("of"),
    Sentence("count"),
    Sentence("half within (seconds)"),
    Sentence("nine of ten within (seconds)"),
)


def as_csv(figures: FiguresLoaded, say: Callable[[str], str] = str) -> str:
    """One table, a figure a line. RFC 4180."""
    written = io.StringIO()
    lines = csv.writer(written)
    for line in (_COLUMNS, *_lines(figures)):
        lines.writerow([cell(say(value) if isinstance(value, str) else value) for value in line])
    return written.getvalue()


def cell(value: object) -> str:
    """A spreadsheet takes what begins so for a formula, and runs it: an apostrophe makes it text again."""
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) or text[:1] in ("\t", "\r", "\n") else text


def _lines(figures: FiguresLoaded) -> Iterator[tuple[object, ...]]:
    now = figures.now
    for name, count in (
        (Sentence("waiting now"), now.waiting),
        (Sentence("claimed now"), now.claimed),
        (Sentence("closed now"), now.closed),
        (Sentence("unverified and open now"), now.unverified),
    ):
        yield name, "", count, "", ""
    period = Sentence("{first} to {last}", first=figures.first.isoformat(), last=figures.last.isoformat())
    yield Sentence("waiting time"), period, *_seconds(figures.waits)
    yield Sentence("first reply"), period, *_seconds(figures.replies)
    for hour in figures.hours:
        yield Sentence("waiting time by hour"), f"{hour.hour:02}:00", *_seconds(hour.waits)
    for agent in figures.agents:
        yield Sentence("first reply by agent"), agent.name, *_seconds(agent.replies)
    for day in figures.days:
        yield Sentence("new by day"), day.day, day.new, "", ""
        yield Sentence("claimed by day"), day.day, day.claimed, "", ""
        yield Sentence("closed by day"), day.day, day.closed, "", ""
        yield Sentence("unverified by day"), day.day, day.unverified, "", ""


def _seconds(one: Spans) -> tuple[object, ...]:
    return (one.count, round(one.median / 1000), round(one.ninetieth / 1000)) if one.count else (0, "", "")
