"""What the window is told about administration: events, as in agent_app/engine/events.py."""

from dataclasses import dataclass, field
from enum import StrEnum

from agent_app.engine.sentence import Sentence


class Stage(StrEnum):
    """How far this profile's administration has come."""

    NONE = "none"  # it administers no clinic
    BEGUN = "begun"  # keys and charter are here; the relay has not confirmed them
    FOUNDED = "founded"


@dataclass(frozen=True, slots=True)
class AdministrationChanged:
    stage: Stage
    clinic: str = ""
    address: str = ""  # the line for new workstations
    fingerprint: str = ""
    kit_pending: bool = False  # nobody has confirmed that the recovery kit was printed
    unlocked: bool = False


@dataclass(frozen=True, slots=True)
class ActFailed:
    """An act did not succeed: what happened, what it means, what to do, as a notice says it."""

    happened: str
    means: str

    def __post_init__(self) -> None:
        for part in ("happened", "means"):
            object.__setattr__(self, part, Sentence(getattr(self, part)))


@dataclass(frozen=True, slots=True)
class RelayChecked:
    """`problem` is empty where a relay answered and calls itself so."""

    origin: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class KitMade:
    """Two sheets of 25 words; `asked` are (sheet, place from 1) to type back."""

    clinic: str
    fingerprint: str
    address: str
    sheets: tuple[tuple[str, ...], tuple[str, ...]] = field(repr=False)
    asked: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class KitConfirmed:
    pass


@dataclass(frozen=True, slots=True)
class KitRefused:
    """Which answers, counted from 0, were not what the sheets say."""

    wrong: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RequestRead:
    request: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeviceApproved:
    """`second` says that from now on two people must vouch for the log."""

    name: str
    role: str
    second: bool


@dataclass(frozen=True, slots=True)
class LogGrew:
    """The relay has taken an administrator's statement."""

    size: int


@dataclass(frozen=True, slots=True)
class AdministrationRecovered:
    clinic: str


@dataclass(frozen=True, slots=True)
class SelfCheckProgressed:
    """`done` are the steps that are proven: relay, patient, received, answered, receipts, ended."""

    done: tuple[str, ...]
    ok: bool
    failure: str = ""


News = (
    AdministrationChanged
    | ActFailed
    | RelayChecked
    | KitMade
    | KitConfirmed
    | KitRefused
    | RequestRead
    | DeviceApproved
    | LogGrew
    | AdministrationRecovered
    | SelfCheckProgressed
)
