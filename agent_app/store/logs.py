"""The clinic log as it was received, and this device's own audit log. Nothing here is judged; only order is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent_app.store.database import Database, columns
from agent_app.store.errors import StoreConflict


@dataclass(frozen=True, slots=True)
class ClinicHead:
    """A verified head: a size once stored keeps its root for ever (14.5). `note` is the signed note as received."""

    size: int
    root: bytes
    note: bytes = field(repr=False)
    seen: int


@dataclass(frozen=True, slots=True)
class Cosignature:
    """One cosigner's verified cosignature over (size, root). `note`: the checkpoint and this line. Milliseconds."""

    cosigner: bytes
    time: int
    size: int
    root: bytes
    note: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Stops sending until an administrator clears it. `code` is one of section 19's."""

    id: int
    code: str
    detail: str
    raised: int
    cleared: int | None


@dataclass(frozen=True, slots=True)
class AuditEpoch:
    epoch: int
    key: bytes = field(repr=False)
    begun: int


@dataclass(frozen=True, slots=True)
class AuditCheckpoint:
    """A checkpoint that this device signed; `witness` is the relay's cosignature line, None until it came."""

    size: int
    note: bytes
    witness: bytes | None
    made: int


class ClinicLog:
    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def size(self) -> int:
        return int(self._database.scalar("SELECT count(*) FROM statements"))

    def append(self, index: int, statements: Sequence[bytes]) -> None:
        """Verified statements from `index` on. StoreConflict when `index` is not the log's size."""
        if index != self.size:
            raise StoreConflict(f"the clinic log ends at {self.size}; statements from {index} on do not fit")
        for position, statement in enumerate(statements, index):
            self._database.insert("statements", {"position": position, "statement": statement})

    def statements(self, start: int = 0) -> tuple[bytes, ...]:
        rows = self._database.rows("SELECT statement FROM statements WHERE position >= ? ORDER BY position", start)
        return tuple(row[0] for row in rows)

    def remember(self, head: ClinicHead) -> None:
        """StoreConflict when this size was seen with another root."""
        known = self.head_at(head.size)
        if known is not None and known.root != head.root:
            raise StoreConflict(f"the clinic log's head at size {head.size} was seen with another root")
        self._database.insert("clinic_heads", columns(head), "ON CONFLICT DO UPDATE SET note = excluded.note")

    def newest_head(self) -> ClinicHead | None:
        row = self._database.row("SELECT size, root, note, seen FROM clinic_heads ORDER BY size DESC LIMIT 1")
        return ClinicHead(*row) if row else None

    def head_at(self, size: int) -> ClinicHead | None:
        row = self._database.row("SELECT size, root, note, seen FROM clinic_heads WHERE size = ?", size)
        return ClinicHead(*row) if row else None

    def add_cosignature(self, cosignature: Cosignature) -> None:
        """Repeating it is harmless."""
        self._database.insert("cosignatures", columns(cosignature), "ON CONFLICT DO NOTHING")

    def newest_cosignatures(self) -> tuple[Cosignature, ...]:
        """The newest of each cosigner, newest first: what freshness (14.4) is judged by."""
        rows = self._database.rows(
            "SELECT cosigner, max(time), size, root, note FROM cosignatures GROUP BY cosigner ORDER BY max(time) DESC"
        )
        return tuple(Cosignature(*row) for row in rows)

    def raise_alarm(self, code: str, detail: str, now: int) -> None:
        self._database.insert("alarms", {"code": code, "detail": detail, "raised": now})

    def alarms(self) -> tuple[Alarm, ...]:
        """Those that nobody has cleared."""
        rows = self._database.rows(
            "SELECT id, code, detail, raised, cleared FROM alarms WHERE cleared IS NULL ORDER BY id"
        )
        return tuple(Alarm(*row) for row in rows)

    def clear_alarm(self, id: int, now: int) -> None:
        self._database.write("UPDATE alarms SET cleared = ? WHERE id = ? AND cleared IS NULL", now, id)


class AuditLog:
    """Leaves are appended in the transaction of what they record (section 15)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def size(self) -> int:
        return int(self._database.scalar("SELECT coalesce(max(position) + 1, 0) FROM audit_leaves"))

    def append(self, index: int, leaf: bytes) -> None:
        """StoreConflict when `index` is not the log's size: an entry is sealed to its own index."""
        if index != self.size:
            raise StoreConflict(f"the audit log ends at {self.size}; a leaf for {index} does not fit")
        self._database.insert("audit_leaves", {"position": index, "leaf": leaf})

    def leaves(self, start: int = 0, most: int = -1) -> tuple[bytes, ...]:
        rows = self._database.rows(
            "SELECT leaf FROM audit_leaves WHERE position >= ? ORDER BY position LIMIT ?", start, most
        )
        return tuple(row[0] for row in rows)

    @property
    def next_epoch(self) -> int:
        return int(self._database.scalar("SELECT coalesce(max(epoch) + 1, 0) FROM audit_epochs"))

    def begin_epoch(self, epoch: AuditEpoch) -> None:
        """StoreConflict when that epoch exists."""
        self._database.insert("audit_epochs", columns(epoch))

    def epochs(self) -> tuple[AuditEpoch, ...]:
        rows = self._database.rows("SELECT epoch, key, begun FROM audit_epochs ORDER BY epoch")
        return tuple(AuditEpoch(*row) for row in rows)

    def add_checkpoint(self, size: int, note: bytes, now: int) -> None:
        """Stored before it is shown to the witness; repeating a size keeps the first."""
        row = {"size": size, "note": note, "made": now}
        self._database.insert("audit_checkpoints", row, "ON CONFLICT DO NOTHING")

    def witness(self, size: int, cosignature: bytes) -> None:
        self._database.write("UPDATE audit_checkpoints SET witness = ? WHERE size = ?", cosignature, size)

    def newest_checkpoint(self, *, witnessed: bool = False) -> AuditCheckpoint | None:
        row = self._database.row(
            "SELECT size, note, witness, made FROM audit_checkpoints WHERE witness IS NOT NULL OR NOT ? "
            "ORDER BY size DESC LIMIT 1",
            int(witnessed),
        )
        return AuditCheckpoint(*row) if row else None

    def checkpoint_at(self, size: int) -> AuditCheckpoint | None:
        row = self._database.row("SELECT size, note, witness, made FROM audit_checkpoints WHERE size = ?", size)
        return AuditCheckpoint(*row) if row else None
