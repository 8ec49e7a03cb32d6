"""What the window may ask about invitations."""

from dataclasses import dataclass, field


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
