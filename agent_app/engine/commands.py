"""What the window may ask of the engine: frozen values, sent across threads, answered only by events.

Conversation and message ids are bytes (32 and 16). Times are milliseconds since 1970 UTC.
Nothing here imports Qt, the store or the network.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from agent_app.engine.administration import acts as acts

REPLY_TITLE = 64  # bytes of UTF-8
REPLY_COUNT = 200  # canned replies on one device


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
class Lock:
    """Drops every key from memory. Answer: Locked."""


@dataclass(frozen=True, slots=True)
class SwitchAgent:
    """Locks this agent's desk and turns to another's at this workstation; "" is somebody who has yet to join.

    Answers: AgentsListed, then PhaseChanged. A profile in which nobody has joined is passed over.
    """

    profile: str


@dataclass(frozen=True, slots=True)
class OpenConversation:
    """Shows a conversation; recorded in the audit log as a view.

    Answers: TranscriptLoaded with the rows around `target` (a MessageRow.position), else around the first that was not
    read, else with the newest; and DraftLoaded where something was being written.
    """

    conversation: bytes
    target: int = 0


@dataclass(frozen=True, slots=True)
class LoadTranscript:
    """Reads rows on one side of `anchor` (a MessageRow.position). Answer: TranscriptLoaded."""

    conversation: bytes
    anchor: int
    older: bool
    count: int = 100


@dataclass(frozen=True, slots=True)
class LoadAround:
    """Reads rows on both sides of `target` (a MessageRow.position). Answer: TranscriptLoaded."""

    conversation: bytes
    target: int
    count: int = 200


@dataclass(frozen=True, slots=True)
class Search:
    """Looks for words, by their beginnings, in all that this device may read. Answer: SearchFound with this `number`.

    `before` asks for more of the same: what is older than an answer's `reached`. An empty text ends the search.
    """

    text: str = field(repr=False)
    number: int
    before: int = 0


@dataclass(frozen=True, slots=True)
class SendText:
    """Sends text to the patient and the team. Answers: MessageAdded, then MessageChanged as it travels."""

    conversation: bytes
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendNote:
    """Sends an internal note: the team stream only, never the patient."""

    conversation: bytes
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendFile:
    """Seals a file, uploads it and sends it. EXIF of pictures is removed before."""

    conversation: bytes
    path: Path
    caption: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SendPicture:
    """Sends a picture without a file, such as a pasted one: JPEG, PNG or WebP. No disk sees it bare."""

    conversation: bytes
    content: bytes = field(repr=False)
    name: str
    caption: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CancelUpload:
    """Ends what UploadProgressed told of, if it is not complete: then nothing was sent, to nobody."""

    upload: bytes


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keeps what is being written, sealed, until it is sent; an empty text keeps nothing. `note` is for the team."""

    conversation: bytes
    text: str = field(repr=False)
    note: bool


@dataclass(frozen=True, slots=True)
class LoadReplies:
    """Answer: RepliesLoaded."""


@dataclass(frozen=True, slots=True)
class SaveReply:
    """Keeps a canned reply, a new one where `reply` (16 bytes) is empty. Answer: RepliesLoaded.

    One of the two texts may be empty; each is no longer than a message.
    """

    reply: bytes
    title: str = field(repr=False)
    english: str = field(repr=False)
    spanish: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DeleteReply:
    """Answer: RepliesLoaded."""

    reply: bytes


@dataclass(frozen=True, slots=True)
class SaveFile:
    """Fetches, verifies and writes a received file to `path`. Answer: FileSaved."""

    conversation: bytes
    message: bytes
    path: Path


@dataclass(frozen=True, slots=True)
class LoadPicture:
    """Fetches and verifies a received picture for display, in memory only. Answer: PictureLoaded."""

    conversation: bytes
    message: bytes


@dataclass(frozen=True, slots=True)
class Retry:
    """Sends a failed message again."""

    message: bytes


@dataclass(frozen=True, slots=True)
class MarkRead:
    """Says that everything shown so far in the conversation was read."""

    conversation: bytes


@dataclass(frozen=True, slots=True)
class Typing:
    """A key was pressed in what goes to the patient, or it was sent or given up. May be said at every key."""

    conversation: bytes
    on: bool


@dataclass(frozen=True, slots=True)
class ViewConversation:
    """Which conversation stands open; None for none. Colleagues are told."""

    conversation: bytes | None


@dataclass(frozen=True, slots=True)
class SetPresence:
    """Available, or away. Answer: PresenceChanged."""

    available: bool


@dataclass(frozen=True, slots=True)
class Claim:
    conversation: bytes


@dataclass(frozen=True, slots=True)
class Release:
    conversation: bytes


@dataclass(frozen=True, slots=True)
class Assign:
    """Gives anybody's conversation to a colleague's device (32 bytes). For supervisors and administrators."""

    conversation: bytes
    device: bytes


@dataclass(frozen=True, slots=True)
class Transfer:
    """Hands the conversation to a colleague's device (32 bytes), with a note for the team."""

    conversation: bytes
    device: bytes
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class HandOver:
    """Hands the conversation to a team (16 bytes): it waits until somebody claims it."""

    conversation: bytes
    team: bytes
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Close:
    """Until the patient writes again, or somebody reopens it."""

    conversation: bytes
    outcome: str


@dataclass(frozen=True, slots=True)
class Retract:
    """Deletes a message (16 bytes) on every device. One's own; for supervisors and administrators anybody's."""

    message: bytes


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
class LoadColleagues:
    """Whom a conversation can be handed to. Answer: ColleaguesLoaded."""


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
class Reopen:
    conversation: bytes


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


@dataclass(frozen=True, slots=True)
class CreateInvitation:
    """Registers an invitation. `birth_date` is YYYY-MM-DD. Answer: InvitationCreated."""

    name: str = field(repr=False)
    birth_date: str = field(repr=False)
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CancelInvitation:
    invitation: bytes


@dataclass(frozen=True, slots=True)
class ListInvitations:
    """Answer: InvitationsLoaded, and again whenever one of them changes there is InvitationChanged."""


@dataclass(frozen=True, slots=True)
class ShowInvitation:
    """Shows link and code of an own invitation that is still open. Answer: InvitationCreated."""

    invitation: bytes


@dataclass(frozen=True, slots=True)
class ExportBundle:
    """Writes an evidence bundle for sealdesk-verify. Answer: BundleExported."""

    path: Path


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """The clinic's figures from one day to another, both included, a year at most. Answer: FiguresLoaded."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ExportFigures:
    """Writes them as CSV; recorded in the audit log. Answer: FiguresExported."""

    first: date
    last: date
    path: Path


@dataclass(frozen=True, slots=True)
class LoadReview:
    """The audit logs from one day to another, both included: this desk's, and those in the bundles of other desks.
    For supervisors, administrators and auditors. Answer: ReviewLoaded."""

    first: date
    last: date
    bundles: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class SignReview:
    """Says in this desk's audit log that what was loaded last was reviewed. `digest` is ReviewLoaded's.
    Answer: ReviewSigned."""

    digest: str


@dataclass(frozen=True, slots=True)
class LoadClinic:
    """For administrators. Answer: ClinicLoaded, and again whenever the clinic log grows."""


@dataclass(frozen=True, slots=True)
class ReturnConversations:
    """Those that a revoked device (32 bytes) held wait in the queue again. Answers: ConversationChanged."""

    device: bytes


@dataclass(frozen=True, slots=True)
class ReportBreachScope:
    """What a device (32 bytes) could have read; recorded in the audit log. Answer: BreachScopeReported."""

    device: bytes


@dataclass(frozen=True, slots=True)
class Stop:
    """Ends the engine after what is under way is stored."""


Command = (
    Join
    | Unlock
    | UnlockByPin
    | SetPin
    | SwitchAgent
    | SetNotifications
    | Lock
    | OpenConversation
    | LoadTranscript
    | LoadAround
    | Search
    | SendText
    | SendNote
    | SendFile
    | SendPicture
    | CancelUpload
    | SaveDraft
    | LoadReplies
    | SaveReply
    | DeleteReply
    | SaveFile
    | LoadPicture
    | Retry
    | MarkRead
    | Typing
    | ViewConversation
    | SetPresence
    | Claim
    | Release
    | Assign
    | Transfer
    | HandOver
    | Close
    | Retract
    | SetTag
    | LabelPatient
    | SetGuardian
    | SetHold
    | LoadColleagues
    | LoadDetails
    | LoadCustody
    | ExportConversation
    | CopyConversation
    | Reopen
    | CheckPatient
    | BlockPatient
    | ListEarlier
    | SendHistory
    | CreateInvitation
    | CancelInvitation
    | ListInvitations
    | ShowInvitation
    | ExportBundle
    | LoadFigures
    | ExportFigures
    | LoadReview
    | SignReview
    | LoadClinic
    | ReturnConversations
    | ReportBreachScope
    | Stop
    | acts.Act
)
