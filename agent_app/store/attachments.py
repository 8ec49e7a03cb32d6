"""Files: their secrets in the database, their sealed bytes beside it. A sealed file's name is its blob hash."""

from dataclasses import dataclass, field
from pathlib import Path

from agent_app.protocol.keys import BlobId, MessageHash
from agent_app.store.database import Database, Row, columns
from agent_app.store.disk import disk, write_whole
from agent_app.store.sealing import Sealing


@dataclass(frozen=True, slots=True)
class Attachment:
    """Section 12. `size` is the plaintext's, in bytes. `message` is the hash of the event that tells of it; None while
    an own file is being uploaded and its message does not exist yet."""

    blob: BlobId
    message: MessageHash | None
    key: bytes = field(repr=False)
    read_secret: bytes = field(repr=False)
    delete_secret: bytes = field(repr=False)
    size: int
    own: bool
    uploaded: bool
    created: int


_ATTACHMENT = "SELECT blob, message, wrapped, size, own, uploaded, created FROM attachments"


class Attachments:
    """`folder` holds ciphertext only, under names that say nothing."""

    def __init__(self, database: Database, sealing: Sealing, folder: Path) -> None:
        self._database = database
        self._sealing = sealing
        self._folder = folder

    def add(self, attachment: Attachment) -> None:
        """StoreConflict when that blob is known."""
        row = columns(attachment)
        secrets = row.pop("key") + row.pop("read_secret") + row.pop("delete_secret")
        self._database.insert("attachments", row | {"wrapped": self._sealing.wrap(secrets, attachment.blob)})

    def get(self, blob: bytes) -> Attachment | None:
        row = self._database.row(f"{_ATTACHMENT} WHERE blob = ?", blob)
        return self._attachment(row) if row else None

    def of_message(self, message: bytes) -> Attachment | None:
        row = self._database.row(f"{_ATTACHMENT} WHERE message = ?", message)
        return self._attachment(row) if row else None

    def to_upload(self) -> tuple[Attachment, ...]:
        rows = self._database.rows(f"{_ATTACHMENT} WHERE own AND NOT uploaded ORDER BY rowid")
        return tuple(self._attachment(row) for row in rows)

    def mark_uploaded(self, blob: bytes) -> None:
        self._database.write("UPDATE attachments SET uploaded = 1 WHERE blob = ?", blob)

    def tell(self, blob: bytes, message: bytes) -> None:
        """The event that tells of the blob now exists."""
        self._database.write("UPDATE attachments SET message = ? WHERE blob = ?", message, blob)

    def destroy(self, blob: bytes) -> None:
        """Its secrets, in the transaction of the retraction; `sweep()` afterwards removes the sealed bytes."""
        self._database.write("DELETE FROM attachments WHERE blob = ?", blob)

    def rewrap(self, anew: Sealing) -> None:
        """Every file's secrets under another epoch key. `anew` holds it."""
        for blob, wrapped in self._database.rows("SELECT blob, wrapped FROM attachments"):
            again = anew.wrap(self._sealing.unwrap(wrapped, blob), blob)
            self._database.write("UPDATE attachments SET wrapped = ? WHERE blob = ?", again, blob)

    # Sealed bytes

    def keep(self, blob: bytes, sealed: bytes) -> None:
        """Caches the sealed file, whole or not at all. Needs no transaction: it can be fetched, or sealed, again."""
        write_whole(self._path(blob), sealed)

    def kept(self, blob: bytes) -> bytes | None:
        """The sealed file as it lies there: opening it (section 12) is what shows that nobody altered it."""
        try:
            with disk():
                return self._path(blob).read_bytes()
        except FileNotFoundError:
            return None

    def sweep(self) -> int:
        """Removes sealed bytes that the database does not know (any more); answers how many. Not in a transaction."""
        known = {row[0].hex() for row in self._database.rows("SELECT blob FROM attachments")}
        with disk():
            strays = [path for path in self._folder.glob("*") if path.name not in known]
            for path in strays:
                path.unlink(missing_ok=True)
        return len(strays)

    def _path(self, blob: bytes) -> Path:
        return self._folder / blob.hex()

    def _attachment(self, row: Row) -> Attachment:
        blob, message, wrapped, size, own, uploaded, created = row
        secrets = self._sealing.unwrap(wrapped, blob)
        return Attachment(
            blob,
            message,
            secrets[:32],
            secrets[32:48],
            secrets[48:],
            size,
            bool(own),
            bool(uploaded),
            created,
        )
