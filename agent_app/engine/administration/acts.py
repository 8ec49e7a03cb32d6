"""What the window may ask on an administrator's behalf: commands, as in agent_app/engine/commands."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CheckRelay:
    """Asks whether a relay answers at `origin`. Answer: RelayChecked."""

    origin: str


@dataclass(frozen=True, slots=True)
class FoundClinic:
    """Makes the administrator's key, the recovery kit and the charter, and founds the clinic at the relay."""

    name: str
    time_zone: str
    relay: str
    passphrase: str = field(repr=False)
    hours: tuple[str, ...] = ()
    """Lines as TellHours has them; none: patients are not told whether the clinic is open."""


@dataclass(frozen=True, slots=True)
class UnlockAdministration:
    """Opens the administrator's key for what follows, and finishes a founding that was cut off."""

    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LockAdministration:
    """Drops the administrator's key from memory."""


@dataclass(frozen=True, slots=True)
class MakeKit:
    """The recovery kit that nobody has confirmed yet. Answer: KitMade."""


@dataclass(frozen=True, slots=True)
class RenewKit:
    """Two sheets anew out of the old two, whose words these are; the old ones still fit each other. Answer: KitMade."""

    first: str = field(repr=False)
    second: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConfirmKit:
    """`answers` to what KitMade asked, in its order. Answer: KitConfirmed, or KitRefused."""

    answers: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """Finds the workstation whose screen shows these six words, as they were read out: among those that wait, or in
    `request` where it was handed over. Answer: RequestRead."""

    words: str
    request: str = ""


@dataclass(frozen=True, slots=True)
class ApproveDevice:
    request: str
    role: str


@dataclass(frozen=True, slots=True)
class RevokeDevice:
    """`reason` is "stolen", "left" or "replaced". Answer: LogGrew."""

    device: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class ChangeRole:
    device: bytes
    role: str


@dataclass(frozen=True, slots=True)
class SetTeam:
    """Who is in a team (16 bytes, empty for a new one). Without devices there is no such team any more."""

    team: bytes
    devices: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class TellHours:
    """When the clinic is open.

    `days` are lines such as `mon-fri 8:00-12:00 13:00-17:00`, `closed` dates such as 2026-12-25.
    """

    time_zone: str
    days: tuple[str, ...]
    closed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangePolicy:
    """Also without a change: stated anew, it ends the desks' alarms about the log."""

    idle_lock_seconds: int
    retention_days: int
    read_receipts: bool
    history_to_new_devices: bool
    warn_hours: int
    stop_hours: int


@dataclass(frozen=True, slots=True)
class VouchForLog:
    """This administrator's word that the log's head is right, as of now."""


@dataclass(frozen=True, slots=True)
class RecoverAdministration:
    """A new administrator's key from both sheets' words. Answer: AdministrationRecovered."""

    first: str = field(repr=False)
    second: str = field(repr=False)
    address: str
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RunSelfCheck:
    """Answers: SelfCheckProgressed, after each step."""


Act = (
    CheckRelay
    | FoundClinic
    | UnlockAdministration
    | LockAdministration
    | MakeKit
    | RenewKit
    | ConfirmKit
    | ReadRequest
    | ApproveDevice
    | RevokeDevice
    | ChangeRole
    | SetTeam
    | ChangePolicy
    | TellHours
    | VouchForLog
    | RecoverAdministration
    | RunSelfCheck
)
