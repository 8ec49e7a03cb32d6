"""What the window may ask to be written, sent or kept for later."""

from dataclasses import dataclass, field
from pathlib import Path

REPLY_TITLE = 64  # bytes of UTF-8
REPLY_COUNT = 200  # canned replies on one device


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
class Typing:
    """A key was pressed in what goes to the patient, or it was sent or given up. May be said at every key."""

    conversation: bytes
    on: bool
