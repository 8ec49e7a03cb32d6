"""What the window may ask to be done with conversations."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OpenConversation:
    """Shows a conversation; recorded in the audit log as a view.

    Answers: TranscriptLoaded with the rows around `target` (a MessageRow.position), else around the first that was not
    read, else with the newest; and DraftLoaded where something was being written.
    """

    conversation: bytes
    target: int = 0


@dataclass(frozen=True, slots=True)
class Search:
    """Looks for words, by their beginnings, in all that this device may read. Answer: SearchFound with this `number`.

    `before` asks for more of the same: what is older than an answer's `reached`. An empty text ends the search.
    """

    text: str = field(repr=False)
    number: int
    before: int = 0


@dataclass(frozen=True, slots=True)
class ViewConversation:
    """Which conversation stands open; None for none. Colleagues are told."""

    conversation: bytes | None


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
class LoadHolder:
    """Answered by HolderLoaded."""

    conversation: bytes


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Takes the conversation from `holder` (a device's 32 bytes): refused where somebody else has it by now; one that
    waits is claimed."""

    conversation: bytes
    holder: bytes


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
class LoadColleagues:
    """Whom a conversation can be handed to. Answer: ColleaguesLoaded."""


@dataclass(frozen=True, slots=True)
class Reopen:
    conversation: bytes
