"""What the window may ask about what was said in a conversation."""

from dataclasses import dataclass
from pathlib import Path


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
class Retract:
    """Deletes a message (16 bytes) on every device. One's own; for supervisors and administrators anybody's."""

    message: bytes
