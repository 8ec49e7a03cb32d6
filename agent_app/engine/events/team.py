"""What the window is told about colleagues and their devices."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colleague:
    device: bytes
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Team:
    team: bytes
    name: str


@dataclass(frozen=True, slots=True)
class ColleaguesLoaded:
    """Whom a conversation can be handed to. `may_assign`: this desk's role may do so with anybody's."""

    colleagues: tuple[Colleague, ...]
    teams: tuple[Team, ...]
    may_assign: bool


@dataclass(frozen=True, slots=True)
class HolderLoaded:
    """Who else has a conversation: b"" where nobody has, or this device. `since`: by the clock of who claimed or gave
    it; 0 where that is not here."""

    conversation: bytes
    device: bytes
    name: str
    since: int


@dataclass(frozen=True, slots=True)
class DeviceAdmitted:
    """Announced on every other desk, for every addition to the clinic log."""

    name: str
    role: str
    device: bytes


@dataclass(frozen=True, slots=True)
class DeviceNamed:
    """A device told its name, and the clinic log's commitment confirms it."""

    name: str
    device: bytes


@dataclass(frozen=True, slots=True)
class ColleaguePresence:
    """state is "available" | "away" | "offline": locked, closed or out of reach."""

    device: bytes
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    available: bool  # this desk
    colleagues: tuple[ColleaguePresence, ...]
    clinic_open: bool | None = None  # None where the clinic has told no hours, or its time zone is not known here
