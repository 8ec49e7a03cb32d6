"""What the window may ask about this device and who sits at it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Join:
    """Makes this device's keys and an enrolment request for `clinic_address`. Answer: EnrolmentRequested."""

    clinic_address: str
    name: str
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unlock:
    """Opens the device with its passphrase. Answer: Unlocked or UnlockFailed."""

    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnlockByPin:
    """Opens the device with its PIN, while PinOffered says that it may. Answer: as to Unlock."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetPin:
    """Sets this agent's PIN, or removes it when empty. Answers: PreferencesChanged, or a notice."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetNotifications:
    """How this agent wants to be told. Answer: PreferencesChanged."""

    sound: bool
    do_not_disturb: bool


@dataclass(frozen=True, slots=True)
class MarkAdmissionsRead:
    """Somebody was there to read that these devices were added to the clinic; else each unlock tells it again."""

    devices: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Lock:
    """Drops every key from memory. Answer: Locked."""


@dataclass(frozen=True, slots=True)
class SwitchAgent:
    """Locks this agent's desk and turns to another's at this workstation; "" is somebody who has yet to join.

    Answers: AgentsListed, then PhaseChanged. A profile in which nobody has joined is passed over.
    """

    profile: str


@dataclass(frozen=True, slots=True)
class SetPresence:
    """Available, or away. Answer: PresenceChanged."""

    available: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """Ends the engine after what is under way is stored."""
