"""What the window is told about invitations."""

from dataclasses import dataclass, field


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
