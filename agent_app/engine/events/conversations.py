"""What the window is told about the list of conversations and about a search."""

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    WAITING = "waiting"
    HELD = "held"
    CLOSED = "closed"
    ENDED = "ended"  # the patient ended it and erased their copy


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One line of the conversation list."""

    conversation: bytes
    title: str  # the patient's name once checked at level 2 or higher, else a neutral title
    level: int  # 0 none, 1 link, 2 link and code, 3 checked by an agent
    status: Status
    holder: str  # the name of who holds it, or ""
    mine: bool
    unread: int
    preview: str = field(repr=False)
    time: int = 0
    identifiers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    safety_number: str = ""
    warning: str = ""  # a gap, a fork, a blocked device: shown as a banner
    tags: tuple[str, ...] = ()
    team: str = ""  # the team that it waits for, by its members' names
    outcome: str = ""  # of a closed one
    guardian: str = field(default="", repr=False)  # who writes on the patient's behalf, and what they are to them
    relation: str = field(default="", repr=False)
    hold: str = ""  # why retention deletes nothing here; "" where it may
    blocked: bool = False
    waiting_since: int = 0  # when the patient began to wait for an answer; 0 when nobody owes them one
    mentioned: bool = False  # a note that is not read yet names this device's agent
    reason: str = field(default="", repr=False)  # of the invitation that was passed


@dataclass(frozen=True, slots=True)
class ConversationsLoaded:
    rows: tuple[ConversationRow, ...]


@dataclass(frozen=True, slots=True)
class ConversationsAdded:
    """Conversations that ConversationsLoaded left out, since they were still to be read anew."""

    rows: tuple[ConversationRow, ...]


@dataclass(frozen=True, slots=True)
class PreviewsLoaded:
    """What was said last in conversations that ConversationsLoaded named without it: (conversation, preview)."""

    previews: tuple[tuple[bytes, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    row: ConversationRow


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found: the part of it around the words, and where these stand in it, as (start, end)."""

    conversation: bytes
    position: int  # as MessageRow.position
    note: bool
    author: str
    mine: bool
    by_patient: bool
    time: int
    title: str = field(repr=False)  # of its conversation
    excerpt: str = field(repr=False)
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SearchFound:
    """The newest hits first, older than `before` where that is not 0. `reached` is the next `before`, if there is
    `more`. `conversations` are those whose title, tags or reason have the words; none with a `before`."""

    number: int
    conversations: tuple[bytes, ...]
    hits: tuple[Hit, ...]
    before: int
    more: bool
    reached: int = 0


@dataclass(frozen=True, slots=True)
class ActivityChanged:
    """What happens in a conversation now: hints of the moment. `viewing` and `replying` are colleagues' names."""

    conversation: bytes
    patient_typing: bool
    viewing: tuple[str, ...] = ()
    replying: tuple[str, ...] = ()
