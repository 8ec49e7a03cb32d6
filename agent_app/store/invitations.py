"""Invitations that this device issued or checks, and the tries against them: stored before they are answered."""

from dataclasses import dataclass, field, replace

from agent_app.protocol.keys import DeviceId, InvitationId, Transcript
from agent_app.store.database import Database, Row, columns


@dataclass(frozen=True, slots=True)
class Invitation:
    """`tries` are those that *this* device has as a checker, 0 when it is none; `identifiers` the engine's encoding of
    [[kind, value], ...]. `state`: "open" | "passed" | "refused" | "cancelled"; `expires` is judged by whoever asks."""

    id: InvitationId
    registration: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    secret: bytes = field(repr=False)
    code: str = field(repr=False)
    identifiers: bytes = field(repr=False)
    name: str = field(repr=False)
    reason: str = field(repr=False)
    issuer: DeviceId
    created: int
    expires: int
    tries: int
    state: str = "open"
    registered: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """One try and the verdict that answers it, now and whenever its transcript comes again (11.4)."""

    transcript: Transcript
    invitation: InvitationId
    patient: DeviceId  # device
    outcome: str  # "passed" | "wrong" | "refused"
    level: int
    tries_left: int
    time: int


_INVITATION = (
    "SELECT id, registration, signature, secret, code, identifiers, name, reason, issuer, created, expires, tries, "
    "state, registered FROM invitations"
)
_TRY = "SELECT transcript, invitation, patient, outcome, level, tries_left, time FROM tries"


class Invitations:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, invitation: Invitation) -> None:
        """StoreConflict when it is there already."""
        self._database.insert("invitations", columns(invitation))

    def reason_for(self, patient: bytes) -> str:
        """Why this patient's device was invited; "" where this device checked no invitation of theirs."""
        reason = "SELECT reason FROM invitations WHERE id = (SELECT value FROM settings WHERE name = ?)"
        return str(self._database.scalar(reason, f"invited-{patient.hex()}") or "")

    def reasons(self) -> dict[str, str]:
        """Of all patients for whom `reason_for` knows one, by the id of their device in hex."""
        rows = self._database.rows(
            "SELECT substr(settings.name, 9), reason FROM settings JOIN invitations ON invitations.id = value "
            "WHERE settings.name > 'invited-' AND settings.name < 'invited.'"
        )
        return dict(rows)

    def get(self, id: bytes) -> Invitation | None:
        row = self._database.row(f"{_INVITATION} WHERE id = ?", id)
        return _invitation(row) if row else None

    def open(self, now: int) -> tuple[Invitation, ...]:
        """Those that may still be used, newest first."""
        rows = self._database.rows(f"{_INVITATION} WHERE state = 'open' AND expires > ? ORDER BY created DESC, id", now)
        return tuple(_invitation(row) for row in rows)

    def unregistered(self) -> tuple[Invitation, ...]:
        """Open ones of which the relay has not said that it knows them."""
        rows = self._database.rows(f"{_INVITATION} WHERE registered = 0 AND state = 'open' ORDER BY created, id")
        return tuple(_invitation(row) for row in rows)

    def uncancelled(self, issuer: bytes) -> tuple[Invitation, ...]:
        """The issuer's cancelled ones that the relay may still honour."""
        cancelled = "WHERE registered = 1 AND state = 'cancelled' AND issuer = ? ORDER BY created, id"
        return tuple(_invitation(row) for row in self._database.rows(f"{_INVITATION} {cancelled}", issuer))

    def mark_registered(self, id: bytes, *, registered: bool = True) -> None:
        """Whether the relay knows it, or may."""
        self._database.write("UPDATE invitations SET registered = ? WHERE id = ?", registered, id)

    def set_state(self, id: bytes, state: str) -> None:
        """Away from "open" only: what has ended stays ended."""
        self._database.write("UPDATE invitations SET state = ? WHERE id = ? AND state = 'open'", state, id)

    def record_try(self, attempt: Try) -> None:
        """Committed before the verdict is sent. StoreConflict when that transcript was tried before."""
        self._database.insert("tries", columns(attempt))

    def stored_try(self, transcript: bytes) -> Try | None:
        """What a known transcript is answered with."""
        row = self._database.row(f"{_TRY} WHERE transcript = ?", transcript)
        return Try(*row) if row else None

    def tries(self, invitation: bytes) -> tuple[Try, ...]:
        rows = self._database.rows(f"{_TRY} WHERE invitation = ? ORDER BY rowid", invitation)
        return tuple(Try(*row) for row in rows)

    def tries_left(self, invitation: bytes) -> int:
        """What this checker still has: its share less the tries that were not refused."""
        left = self._database.scalar(
            "SELECT tries - (SELECT count(*) FROM tries WHERE invitation = invitations.id AND outcome != 'refused') "
            "FROM invitations WHERE id = ?",
            invitation,
        )
        return max(0, left or 0)

    def exhaust(self) -> None:
        """After a rollback of this store: a checker whose past was restored has no tries left (11.4)."""
        self._database.write("UPDATE invitations SET tries = 0")


def _invitation(row: Row) -> Invitation:
    return replace(Invitation(*row), registered=bool(row[-1]))
