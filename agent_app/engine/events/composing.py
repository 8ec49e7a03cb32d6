"""What the window is told about what is being written or sent, and about canned replies."""

from dataclasses import dataclass, field


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
