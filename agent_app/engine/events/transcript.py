"""What the window is told about what was said in a conversation."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Delivery(StrEnum):
    """How far an own message has come. Each step is true before it is said."""

    QUEUED = "queued"
    ACCEPTED = "accepted"  # the relay signed that it is on disk
    DELIVERED = "delivered"  # the patient's device (for notes: every device) signed that it has it
    READ = "read"
    FAILED = "failed"
    RECEIVED = "received"  # somebody else's message


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
    mentions: tuple[tuple[int, int], ...] = ()  # where a note's text names a colleague


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
class MessageAdded:
    row: MessageRow


@dataclass(frozen=True, slots=True)
class MessageChanged:
    row: MessageRow


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
