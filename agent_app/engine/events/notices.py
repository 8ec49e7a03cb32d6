"""What went wrong or is to be feared, in a person's words."""

from dataclasses import dataclass, field
from enum import StrEnum

from agent_app.engine.sentence import Sentence


class Severity(StrEnum):
    INFORMATION = "information"
    WARNING = "warning"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Notice:
    """One expected failure or warning, in a person's words. `code` is its kind, by which a form finds the field that
    it is about; empty where it has none."""

    severity: Severity
    happened: str
    means: str
    action: str
    code: str = ""

    def __post_init__(self) -> None:
        for part in ("happened", "means", "action"):
            object.__setattr__(self, part, Sentence(getattr(self, part)))


@dataclass(frozen=True, slots=True)
class NoticeRaised:
    """`answers` is the command that was refused, the very object that was asked; None for what nobody asked."""

    notice: Notice
    answers: object = field(default=None, repr=False)  # it may hold a PIN


@dataclass(frozen=True, slots=True)
class CommandDone:
    """What a form asked for is on this disk. What else changed is told beside it."""

    command: object = field(repr=False)
