"""What the window may ask about one patient and for copies of their conversation."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class SetTag:
    conversation: bytes
    tag: str
    present: bool


@dataclass(frozen=True, slots=True)
class LabelPatient:
    """Whose conversation it is. `birth_date` is YYYY-MM-DD, `phone` digits; each may be empty."""

    conversation: bytes
    name: str = field(repr=False)
    birth_date: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SetGuardian:
    """Who writes on the patient's behalf. An empty name takes it back."""

    conversation: bytes
    name: str = field(repr=False)
    relation: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SetHold:
    """While it is on, retention deletes nothing here. Only supervisors and administrators take it off."""

    conversation: bytes
    on: bool
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class LoadDetails:
    """What the patient pane shows. Answer: DetailsLoaded."""

    conversation: bytes


@dataclass(frozen=True, slots=True)
class LoadCustody:
    """Who received, read, viewed, exported a message (16 bytes), as far as this desk knows. Answer: CustodyLoaded."""

    message: bytes


@dataclass(frozen=True, slots=True)
class ExportConversation:
    """Writes a readable copy of one conversation; recorded in the audit log. Answer: ConversationExported."""

    conversation: bytes
    path: Path


@dataclass(frozen=True, slots=True)
class CopyConversation:
    """Gives a readable copy to the window, for paper ("print") or for a file of its own making ("export"): so it is
    recorded in the audit log. Answer: ConversationCopied."""

    conversation: bytes
    way: Literal["print", "export"]


@dataclass(frozen=True, slots=True)
class CheckPatient:
    """The agent's judgement of who the patient is. `method` is "identifiers" or "safety-number"."""

    conversation: bytes
    method: str
    matches: bool


@dataclass(frozen=True, slots=True)
class BlockPatient:
    conversation: bytes


@dataclass(frozen=True, slots=True)
class ListEarlier:
    """Which conversations SendHistory would send to this one's device. Answer: EarlierLoaded."""

    conversation: bytes


@dataclass(frozen=True, slots=True)
class SendHistory:
    """Sends what was said in `earlier`, by the same patient elsewhere, to this conversation's checked device."""

    conversation: bytes
    earlier: bytes
