"""What the window is told about this device, who sits at it and whether it can send."""

from dataclasses import dataclass
from enum import StrEnum

from agent_app.engine.events.notices import Notice
from agent_app.engine.sentence import Sentence

_NOTHING = Sentence("")


class Phase(StrEnum):
    """Where the device stands before it can be used."""

    NEW = "new"  # no keys yet: the window offers Join
    AWAITING_APPROVAL = "awaiting-approval"  # requested, not yet in the clinic log
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    phase: Phase
    clinic: str = ""
    agent: str = ""
    role: str = ""  # this device's, once it is unlocked
    idle_lock_seconds: int = 120  # the clinic's policy: lock after so long without a key or a click


@dataclass(frozen=True, slots=True)
class EnrolmentRequested:
    """The request to hand to the administrator and the words to compare."""

    request: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnlockFailed:
    notice: Notice
    wait_seconds: int


@dataclass(frozen=True, slots=True)
class Agent:
    profile: str
    name: str


@dataclass(frozen=True, slots=True)
class AgentsListed:
    """Who has joined from this workstation, and whose profile (perhaps a new one) is looked at now."""

    agents: tuple[Agent, ...]
    current: str


@dataclass(frozen=True, slots=True)
class MessagesWait:
    """How many envelopes wait on the relay for an agent whose desk is locked; None: nobody could ask yet. With `asked`
    (ms) so many waited then, and no answer came since."""

    profile: str
    count: int | None
    asked: int = 0


@dataclass(frozen=True, slots=True)
class PinOffered:
    """Until when (ms) the PIN reopens this agent's desk once it is locked; 0: it takes the passphrase."""

    until: int


@dataclass(frozen=True, slots=True)
class PreferencesChanged:
    """What this agent has chosen. Said at each unlock and whenever it changes. `pin`: one is set."""

    sound: bool
    do_not_disturb: bool
    pin: bool


@dataclass(frozen=True, slots=True)
class ConnectionChanged:
    online: bool
    detail: Sentence = _NOTHING


@dataclass(frozen=True, slots=True)
class SendingChanged:
    """Why nothing is sent now; None while messages are sent. Said at each unlock and whenever it changes."""

    obstacle: Notice | None


@dataclass(frozen=True, slots=True)
class PageAlarmChanged:
    """What is wrong with the patients' page as it is served; None while nothing is. Said at each unlock and whenever it
    changes."""

    alarm: Notice | None
