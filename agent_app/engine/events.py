"""What the engine tells the window: frozen values in the past tense. A row changes only through one of these."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from agent_app.engine.administration import news as news
from agent_app.engine.sentence import Sentence as Sentence


class Phase(StrEnum):
    """Where the device stands before it can be used."""

    NEW = "new"  # no keys yet: the window offers Join
    AWAITING_APPROVAL = "awaiting-approval"  # requested, not yet in the clinic log
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    REVOKED = "revoked"


class Delivery(StrEnum):
    """How far an own message has come. Each step is true before it is said."""

    QUEUED = "queued"
    ACCEPTED = "accepted"  # the relay signed that it is on disk
    DELIVERED = "delivered"  # the patient's device (for notes: every device) signed that it has it
    READ = "read"
    FAILED = "failed"
    RECEIVED = "received"  # somebody else's message


class Status(StrEnum):
    WAITING = "waiting"
    HELD = "held"
    CLOSED = "closed"
    ENDED = "ended"  # the patient ended it and erased their copy


class Severity(StrEnum):
    INFORMATION = "information"
    WARNING = "warning"
    ALARM = "alarm"


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
    reason: str = field(default="", repr=False)  # of the invitation, where this device checks it and it was passed


@dataclass(frozen=True, slots=True)
class FileRow:
    name: str
    media_type: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One row of a transcript. Rows are ordered by `position`, which grows and never changes."""

    conversation: bytes
    message: bytes
    position: int
    kind: str  # "text" | "file" | "note" | "event" | "deleted"
    author: str
    mine: bool
    time: int
    delivery: Delivery
    text: str = field(default="", repr=False)
    file: FileRow | None = None
    receipts: tuple[tuple[str, str, int], ...] = ()  # (step, device's name, time) for the details pane
    by_patient: bool = False  # the author is the conversation's patient; a colleague may bear any name
    doubt: str = ""  # a gap before it, or a fork: said above it


@dataclass(frozen=True, slots=True)
class Notice:
    """One expected failure or warning, in a person's words."""

    severity: Severity
    happened: str
    means: str
    action: str

    def __post_init__(self) -> None:
        for part in ("happened", "means", "action"):
            object.__setattr__(self, part, Sentence(getattr(self, part)))


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    phase: Phase
    clinic: str = ""
    agent: str = ""
    waiting: int = 0  # envelopes that wait on the relay while locked
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
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ConversationsLoaded:
    rows: tuple[ConversationRow, ...]


@dataclass(frozen=True, slots=True)
class PreviewsLoaded:
    """What was said last in conversations that ConversationsLoaded named without it: (conversation, preview)."""

    previews: tuple[tuple[bytes, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    row: ConversationRow


@dataclass(frozen=True, slots=True)
class TranscriptLoaded:
    """Rows in order. `at_start` and `at_end` say whether there are more on either side.

    `target` is the position to show first, 0 for the end; `unread_from` that of the first message not read, 0 for none.
    """

    conversation: bytes
    rows: tuple[MessageRow, ...]
    at_start: bool
    at_end: bool
    target: int = 0
    unread_from: int = 0


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
class DraftLoaded:
    """What was being written in the conversation that was opened. `note` says that it was for the team."""

    conversation: bytes
    text: str = field(repr=False)
    note: bool


@dataclass(frozen=True, slots=True)
class TextReturned:
    """A reply or a note that was not sent, and why is told beside it. It is kept as a draft where the disk lets it."""

    conversation: bytes
    text: str = field(repr=False)
    note: bool


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A canned reply: one of its texts, or both, with {placeholders}."""

    reply: bytes
    title: str = field(repr=False)
    english: str = field(repr=False)
    spanish: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RepliesLoaded:
    """All of them, by title. `saved` is the one that was just kept, if that is why they are told."""

    rows: tuple[ReplyRow, ...]
    saved: bytes = b""


@dataclass(frozen=True, slots=True)
class MessageAdded:
    row: MessageRow


@dataclass(frozen=True, slots=True)
class MessageChanged:
    row: MessageRow


@dataclass(frozen=True, slots=True)
class UploadProgressed:
    """A file that is being sent and has no message yet: until then `upload` (16 bytes) can be cancelled."""

    conversation: bytes
    upload: bytes
    name: str = field(repr=False)
    done: int = 0  # bytes
    total: int = 0


@dataclass(frozen=True, slots=True)
class UploadEnded:
    """Its message follows, or a notice that says why there is none."""

    conversation: bytes
    upload: bytes


@dataclass(frozen=True, slots=True)
class FileProgressed:
    conversation: bytes
    message: bytes
    done: int  # bytes
    total: int


@dataclass(frozen=True, slots=True)
class FileSaved:
    message: bytes
    path: Path


@dataclass(frozen=True, slots=True)
class PictureLoaded:
    message: bytes
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class InvitationCreated:
    invitation: bytes
    link: str = field(repr=False)
    code: str = field(repr=False)
    expires: int = 0


@dataclass(frozen=True, slots=True)
class InvitationChanged:
    """state is "open" | "redeemed" | "passed" | "refused" | "expired" | "cancelled"."""

    invitation: bytes
    state: str
    tries_left: int


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that may still be used; `mine` says that this device issued it and can show or cancel it."""

    invitation: bytes
    name: str = field(repr=False)
    reason: str = field(repr=False)
    expires: int
    state: str  # as InvitationChanged has it
    tries_left: int
    mine: bool


@dataclass(frozen=True, slots=True)
class InvitationsLoaded:
    """The newest first."""

    rows: tuple[InvitationRow, ...]


@dataclass(frozen=True, slots=True)
class BundleExported:
    path: Path


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


@dataclass(frozen=True, slots=True)
class Spans:
    """Milliseconds, over `count` contacts; zeros where there are none."""

    count: int
    median: int
    ninetieth: int  # percentile


@dataclass(frozen=True, slots=True)
class Counts:
    """Conversations, as they stand."""

    waiting: int
    claimed: int
    closed: int
    unverified: int  # of those that are open


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Contacts that began on `day`, how many of them were taken up, and are of patients whom nobody has verified;
    `closed` counts the conversations that were closed on it, whenever they began."""

    day: date
    new: int
    claimed: int
    closed: int
    unverified: int


@dataclass(frozen=True, slots=True)
class HourFigures:
    hour: int  # 0 to 23, this workstation's
    waits: Spans


@dataclass(frozen=True, slots=True)
class AgentFigures:
    name: str
    replies: Spans


@dataclass(frozen=True, slots=True)
class FiguresLoaded:
    """From one day to another, both included. `agents` is empty unless this desk's role may see them."""

    first: date
    last: date
    time: int
    now: Counts
    days: tuple[DayFigures, ...]
    waits: Spans
    replies: Spans
    hours: tuple[HourFigures, ...]
    agents: tuple[AgentFigures, ...]
    may_see_agents: bool


@dataclass(frozen=True, slots=True)
class FiguresExported:
    path: Path


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry of a desk's audit log. `exception` says why somebody should look at it, or nothing."""

    time: int
    desk: str
    text: str
    conversation: str  # the first digits of its number; "" where none is concerned
    exception: str


@dataclass(frozen=True, slots=True)
class ReviewLoaded:
    """Rows with the newest first; `left_out` older ones are too many to show. `digest` names the exceptions, and
    `reviews` are those that were signed at this desk, the newest first."""

    first: date
    last: date
    desks: tuple[str, ...]
    rows: tuple[AuditRow, ...]
    left_out: int
    digest: str
    reviews: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class ReviewSigned:
    """It stands in the audit log; `witnessed`: and the relay has cosigned that."""

    first: date
    last: date
    exceptions: int
    witnessed: bool


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
class SendingChanged:
    """Why nothing is sent now; None while messages are sent. Said at each unlock and whenever it changes."""

    obstacle: Notice | None


@dataclass(frozen=True, slots=True)
class PageAlarmChanged:
    """What is wrong with the patients' page as it is served; None while nothing is. Said at each unlock and whenever it
    changes."""

    alarm: Notice | None


@dataclass(frozen=True, slots=True)
class ActivityChanged:
    """What happens in a conversation now: hints of the moment. `viewing` and `replying` are colleagues' names."""

    conversation: bytes
    patient_typing: bool
    viewing: tuple[str, ...] = ()
    replying: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class NoticeRaised:
    notice: Notice


Event = (
    PhaseChanged
    | EnrolmentRequested
    | UnlockFailed
    | AgentsListed
    | PinOffered
    | PreferencesChanged
    | ConnectionChanged
    | ConversationsLoaded
    | PreviewsLoaded
    | ConversationChanged
    | TranscriptLoaded
    | SearchFound
    | DraftLoaded
    | TextReturned
    | RepliesLoaded
    | MessageAdded
    | MessageChanged
    | UploadProgressed
    | UploadEnded
    | FileProgressed
    | FileSaved
    | PictureLoaded
    | InvitationCreated
    | InvitationChanged
    | InvitationsLoaded
    | BundleExported
    | ColleaguesLoaded
    | EarlierLoaded
    | DetailsLoaded
    | CustodyLoaded
    | ConversationExported
    | ConversationCopied
    | FiguresLoaded
    | FiguresExported
    | ReviewLoaded
    | ReviewSigned
    | DeviceAdmitted
    | DeviceNamed
    | SendingChanged
    | PageAlarmChanged
    | ActivityChanged
    | PresenceChanged
    | NoticeRaised
    | news.News
)
