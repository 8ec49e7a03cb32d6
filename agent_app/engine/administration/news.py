"""What the window is told about administration: events, as in agent_app/engine/events."""

from dataclasses import dataclass, field
from enum import StrEnum

from agent_app.engine.sentence import Sentence

_NOTHING = Sentence("")


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
    page: str = ""  # the patients' page, where the relay serves it


@dataclass(frozen=True, slots=True)
class ActFailed:
    """An act did not succeed: what happened, what it means, what to do, and its kind, as a notice says it."""

    happened: str
    means: str
    code: str = ""

    def __post_init__(self) -> None:
        for part in ("happened", "means"):
            object.__setattr__(self, part, Sentence(getattr(self, part)))


@dataclass(frozen=True, slots=True)
class RelayChecked:
    """`problem` is empty where a relay answered and calls itself so."""

    origin: str
    problem: Sentence = _NOTHING


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
    """`words` as they were typed are those of `request`, which was given or waited."""

    words: str
    request: str
    name: str


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A workstation that asks to be admitted. More is not known before its words are."""

    ticket: bytes
    since: int


@dataclass(frozen=True, slots=True)
class RequestsWaiting:
    """Whenever it changes, while an administrator is unlocked; and after LoadClinic."""

    requests: tuple[WaitingRow, ...]


@dataclass(frozen=True, slots=True)
class DeviceApproved:
    name: str
    role: str
    device: bytes


@dataclass(frozen=True, slots=True)
class SecondNeeded:
    """From now on two people must vouch for the log: the new one's desk has to be opened once."""


@dataclass(frozen=True, slots=True)
class LogGrew:
    """The relay has taken an administrator's statement."""

    size: int


@dataclass(frozen=True, slots=True)
class LogVouched:
    """The relay has this administrator's word for the log's head."""


@dataclass(frozen=True, slots=True)
class AdministrationRecovered:
    clinic: str


@dataclass(frozen=True, slots=True)
class SelfCheckProgressed:
    """`done` are the steps that are proven: relay, patient, received, answered, receipts, ended."""

    done: tuple[str, ...]
    ok: bool
    failure: Sentence = _NOTHING


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device of the clinic, or one that was. `revoked` is "" or "stolen", "left", "replaced".

    `heard` is when this desk heard from it last, `gone` when it said that it locks and drops its keys; 0: never.
    `held` conversations are with it.
    """

    device: bytes
    name: str
    role: str
    since: int
    revoked: str = ""
    until: int = 0
    own: bool = False
    heard: int = 0
    gone: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class TeamRow:
    """The log holds no names: a team is called by its members'."""

    team: bytes
    name: str
    devices: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PolicyRow:
    idle_lock_seconds: int
    retention_days: int  # 0: without limit
    read_receipts: bool
    history_to_new_devices: bool
    warn_hours: int
    stop_hours: int


@dataclass(frozen=True, slots=True)
class HoursRow:
    """`days` are seven, Monday first, each such as `8:00-12:00 13:00-17:00` or empty; `closed` dates as 2026-12-25."""

    time_zone: str
    days: tuple[str, ...]
    closed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogRow:
    time: int
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class ClinicLoaded:
    """The clinic as this desk can prove it. `log` has the newest entry first.

    `vouched` is when enough people last vouched for the log, 0 for never. `page_seen` is when the patients' page was
    last looked at, 0 for never, `page_missed` since when it was tried in vain, and `page_alarm` what is wrong with it.
    """

    fingerprint: str
    devices: tuple[DeviceRow, ...]
    teams: tuple[TeamRow, ...]
    policy: PolicyRow
    log: tuple[LogRow, ...]
    relay: str
    relay_key: str
    vouched: int
    alarms: tuple[str, ...]
    page: str
    page_seen: int
    page_alarm: str
    time_zone: str = "UTC"  # the charter's
    hours: HoursRow | None = None  # None until they are told
    page_missed: int = 0


@dataclass(frozen=True, slots=True)
class BreachScopeReported:
    """What a device could have read, line by line; it stands in the audit log that this was made."""

    device: bytes
    title: str
    lines: tuple[str, ...]


News = (
    AdministrationChanged
    | ActFailed
    | RelayChecked
    | KitMade
    | KitConfirmed
    | KitRefused
    | RequestRead
    | RequestsWaiting
    | DeviceApproved
    | SecondNeeded
    | LogGrew
    | LogVouched
    | AdministrationRecovered
    | SelfCheckProgressed
    | ClinicLoaded
    | BreachScopeReported
)
