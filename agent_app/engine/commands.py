"""What the window may ask of the engine: frozen values, sent across threads, answered only by events.

Conversation and message ids are bytes (32 and 16). Times are milliseconds since 1970 UTC.
Nothing here imports Qt, the store or the network.
"""

from dataclasses import dataclass, field
from pathlib import Path


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
class Lock:
    """Drops every key from memory. Answer: Locked."""


@dataclass(frozen=True, slots=True)
class OpenConversation:
    """Shows a conversation; recorded in the audit log as a view.

    Answers: TranscriptLoaded with the newest rows, and DraftLoaded where something was being written.
    """

    conversation: bytes


@dataclass(frozen=True, slots=True)
class LoadTranscript:
    """Reads rows on one side of `anchor` (a MessageRow.position). Answer: TranscriptLoaded."""

    conversation: bytes
    anchor: int
    older: bool
    count: int = 100


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
class SaveDraft:
    """Keeps what is being written, sealed, until it is sent; an empty text keeps nothing. `note` is for the team."""

    conversation: bytes
    text: str = field(repr=False)
    note: bool


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
class Claim:
    conversation: bytes


@dataclass(frozen=True, slots=True)
class Release:
    conversation: bytes


@dataclass(frozen=True, slots=True)
class Close:
    conversation: bytes
    outcome: str


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
class CreateInvitation:
    """Registers an invitation. `birth_date` is YYYY-MM-DD. Answer: InvitationCreated."""

    name: str = field(repr=False)
    birth_date: str = field(repr=False)
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CancelInvitation:
    invitation: bytes


@dataclass(frozen=True, slots=True)
class ExportBundle:
    """Writes an evidence bundle for sealdesk-verify. Answer: BundleExported."""

    path: Path


@dataclass(frozen=True, slots=True)
class Stop:
    """Ends the engine after what is under way is stored."""


Command = (
    Join
    | Unlock
    | Lock
    | OpenConversation
    | LoadTranscript
    | SendText
    | SendNote
    | SendFile
    | SendPicture
    | SaveDraft
    | SaveFile
    | LoadPicture
    | Retry
    | MarkRead
    | Claim
    | Release
    | Close
    | Reopen
    | CheckPatient
    | BlockPatient
    | CreateInvitation
    | CancelInvitation
    | ExportBundle
    | Stop
)
