"""What the window is told about the clinic's figures."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spans:
    """Milliseconds, over `count` contacts; zeros where there are none."""

    count: int
    median: int
    ninetieth: int  # percentile


@dataclass(frozen=True, slots=True)
class Counts:
    """Conversations, as they stand."""

    waiting: int
    claimed: int
    closed: int
    unverified: int  # of those that are open


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Contacts that began on `day`, how many of them were taken up, and are of patients whom nobody has verified;
    `closed` counts the conversations that were closed on it, whenever they began."""

    day: date
    new: int
    claimed: int
    closed: int
    unverified: int


@dataclass(frozen=True, slots=True)
class HourFigures:
    hour: int  # 0 to 23, this workstation's
    waits: Spans


@dataclass(frozen=True, slots=True)
class AgentFigures:
    name: str
    replies: Spans


@dataclass(frozen=True, slots=True)
class FiguresLoaded:
    """From one day to another, both included. `agents` is empty unless this desk's role may see them."""

    first: date
    last: date
    time: int
    now: Counts
    days: tuple[DayFigures, ...]
    waits: Spans
    replies: Spans
    hours: tuple[HourFigures, ...]
    agents: tuple[AgentFigures, ...]
    may_see_agents: bool


@dataclass(frozen=True, slots=True)
class FiguresExported:
    path: Path
