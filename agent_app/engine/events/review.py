"""What the window is told about audit logs, their review and evidence."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agent_app.engine.events.patient import Happening


@dataclass(frozen=True, slots=True)
class BundleExported:
    path: Path


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry of a desk's audit log. `exception` says why somebody should look at it, or nothing."""

    time: int
    desk: str
    text: str
    conversation: str  # the first digits of its number; "" where none is concerned
    exception: str


@dataclass(frozen=True, slots=True)
class ReviewLoaded:
    """Rows with the newest first; `left_out` older ones are too many to show. `digest` names the exceptions, and
    `reviews` are those that were signed at this desk, the newest first."""

    first: date
    last: date
    desks: tuple[str, ...]
    rows: tuple[AuditRow, ...]
    left_out: int
    digest: str
    reviews: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class ReviewSigned:
    """It stands in the audit log; `witnessed`: and the relay has cosigned that."""

    first: date
    last: date
    exceptions: int
    witnessed: bool
