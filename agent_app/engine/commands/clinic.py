"""What the window may ask about the clinic: figures, audit logs, evidence, lost devices."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ExportBundle:
    """Writes an evidence bundle for sealdesk-verify. Answer: BundleExported."""

    path: Path


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """The clinic's figures from one day to another, both included, a year at most. Answer: FiguresLoaded."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ExportFigures:
    """Writes them as CSV; recorded in the audit log. Answer: FiguresExported."""

    first: date
    last: date
    path: Path


@dataclass(frozen=True, slots=True)
class LoadReview:
    """The audit logs from one day to another, both included: this desk's, and those in the bundles of other desks.
    For supervisors, administrators and auditors. Answer: ReviewLoaded."""

    first: date
    last: date
    bundles: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class SignReview:
    """Says in this desk's audit log that what was loaded last was reviewed. `digest` is ReviewLoaded's.
    Answer: ReviewSigned."""

    digest: str


@dataclass(frozen=True, slots=True)
class LoadClinic:
    """For administrators. Answers: ClinicLoaded, and again whenever the clinic log grows; RequestsWaiting."""


@dataclass(frozen=True, slots=True)
class DismissRequest:
    """A workstation that waits, by its ticket (16 bytes), is nobody's. Answer: RequestsWaiting."""

    ticket: bytes


@dataclass(frozen=True, slots=True)
class ReturnConversations:
    """Those that a revoked device (32 bytes) held wait in the queue again. Answers: ConversationChanged."""

    device: bytes


@dataclass(frozen=True, slots=True)
class ReportBreachScope:
    """What a device (32 bytes) could have read; recorded in the audit log. Answer: BreachScopeReported."""

    device: bytes
