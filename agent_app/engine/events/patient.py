"""What the window is told about one patient and the copies that were made of their conversation."""

from dataclasses import dataclass, field
from pathlib import Path

from agent_app.engine.events.conversations import ConversationRow
from agent_app.engine.events.transcript import MessageRow


@dataclass(frozen=True, slots=True)
class EarlierLoaded:
    """The same patient's conversations elsewhere, which can be sent to this one's device. The newest first."""

    conversation: bytes
    rows: tuple[ConversationRow, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a history: `time` in milliseconds, as its author or this desk's clock had it."""

    time: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PatientDevice:
    """Another phone or browser of the same patient: each has a conversation of its own."""

    conversation: bytes
    device: str  # its short name, in hex
    opened: int
    level: int
    blocked: bool


@dataclass(frozen=True, slots=True)
class DetailsLoaded:
    """What the patient pane shows beyond a ConversationRow. Files and checks stand oldest first.

    `device` is the short name of the patient's device, in hex. `known_tags` and `known_outcomes`
    are what this clinic has used so far.
    """

    conversation: bytes
    checks: tuple[Happening, ...]
    files: tuple[MessageRow, ...]
    device: str
    opened: int
    retention_days: int  # 0: kept without limit
    may_lift_hold: bool
    may_retract_all: bool
    known_tags: tuple[str, ...]
    known_outcomes: tuple[str, ...]
    others: tuple[PatientDevice, ...] = ()  # told once the patient has been checked; the newest first


@dataclass(frozen=True, slots=True)
class CustodyLoaded:
    message: bytes
    steps: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class ConversationExported:
    conversation: bytes
    path: Path


@dataclass(frozen=True, slots=True)
class ConversationCopied:
    conversation: bytes
    text: str = field(repr=False)
