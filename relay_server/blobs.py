"""Sealed files: docs/protocol.md, 12 and 16.13. Bytes lie in files beside the database, and only whole ones have a row.

An upload goes to a scratch file, is hashed on its way and flushed; the writer's thread gives it its name and its row,
and takes both away. So no two calls cross, and whatever a crash leaves half-way is removed at the next start.
"""

import asyncio
import hmac
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Final

from relay_server.directory import Mailbox
from relay_server.hashes import H
from relay_server.limits import Budget, Limits
from relay_server.problems import BlobConflict, MalformedRequest, NotFound, StorageFull, TooLarge, Unavailable
from relay_server.reading import Reading
from relay_server.storage import Connection
from relay_server.writer import Transaction, Writer

CHUNK: Final = 256 * 1024
_FULL: Final = (28, 27, 122)  # ENOSPC, EFBIG, EDQUOT
_NONE_SUCH: Final = "There is no such blob, or the secret is not its own."
_OF_VISITORS: Final = (
    "SELECT coalesce(sum(b.size), 0) FROM blob b JOIN mailbox m ON m.id = b.mailbox"
    " WHERE b.clinic = ? AND m.kind = 'intake'"
)


@dataclass(frozen=True, slots=True)
class Blob:
    hash: bytes
    size: int
    read_hash: bytes
    delete_hash: bytes


class Blobs:
    """Owns the folder of blobs. Lives on the event loop; files are touched on other threads."""

    def __init__(self, folder: Path, writer: Writer, reading: Reading, limits: Limits) -> None:
        self._folder = folder
        self._writer = writer
        self._reading = reading
        self._limits = limits
        self._uploads = Budget("uploads from this mailbox", limits.uploads)
        self._scratch = 0

    async def start(self) -> None:
        """Removes what interrupted uploads and deletions have left."""
        rows = await self._reading.run(lambda connection: connection.rows("SELECT hash FROM blob"))
        await asyncio.to_thread(_tidy, self._folder, {row[0].hex() for row in rows})

    async def put(
        self, owner: Mailbox, name: bytes, secrets: tuple[bytes, bytes], size: int, chunks: AsyncIterator[bytes]
    ) -> None:
        """Stores `size` bytes that hash to `name`. The same blob again is no error. Raises a Problem."""
        if not 0 < size <= self._limits.blob:
            raise TooLarge(f"A blob has 1 to {self._limits.blob} bytes.")
        blob = Blob(name, size, *secrets)
        if await self._is_stored(blob):
            return
        with self._uploads.hold(owner.id):
            await self._reading.run(lambda connection: self._check_quota(connection, owner, size))
            scratch = await self._receive(blob, chunks)
            try:
                await self._writer.work(lambda transaction: self._record(transaction, owner, blob, scratch))
            finally:
                scratch.unlink(missing_ok=True)

    async def opened(self, name: bytes, secret: bytes) -> tuple[Path, int]:
        """The file and its size, for whoever shows the read secret. Raises NotFound."""
        blob = await self._reading.run(lambda connection: _find(connection, name))
        if blob is None or not hmac.compare_digest(blob.read_hash, H("blob-read", secret)):
            raise NotFound(_NONE_SUCH)
        return self._path(name), blob.size

    async def delete(self, name: bytes, secret: bytes) -> None:
        """For whoever shows the delete secret. Raises NotFound."""

        def write(transaction: Transaction) -> None:
            blob = _find(transaction.connection, name)
            if blob is None or not hmac.compare_digest(blob.delete_hash, H("blob-delete", secret)):
                raise NotFound(_NONE_SUCH)
            transaction.connection.run("DELETE FROM blob WHERE hash = ?", name)

        await self._writer.work(write)
        await self.remove([name])

    async def remove(self, names: list[bytes]) -> None:
        """The files of blobs whose rows are gone, except what was stored again meanwhile. Raises Unavailable."""
        for name in names:
            await self._writer.work(lambda transaction, name=name: self._unlink(transaction, name))  # type: ignore[misc]

    async def bytes_stored(self) -> int:
        row = await self._reading.run(lambda connection: connection.one("SELECT coalesce(sum(size), 0) FROM blob"))
        return int(row[0]) if row else 0

    def _path(self, name: bytes) -> Path:
        return self._folder / name.hex()[:2] / name.hex()

    async def _is_stored(self, blob: Blob) -> bool:
        stored = await self._reading.run(lambda connection: _find(connection, blob.hash))
        if stored is not None and stored != blob:
            raise BlobConflict("This blob is stored already, under other secrets.")
        return stored is not None

    def _check_quota(self, connection: Connection, owner: Mailbox, size: int) -> None:
        for column, number, quota in (
            ("mailbox", owner.id, self._limits.blobs_mailbox),
            ("clinic", owner.clinic_id, self._limits.blobs_clinic),
        ):
            row = connection.one(f"SELECT coalesce(sum(size), 0) FROM blob WHERE {column} = ?", number)  # noqa: S608
            if row and row[0] + size > quota:
                raise StorageFull(f"The quota of this {column} for files is used up.", after=3_600)
        if owner.kind == "intake":
            row = connection.one(_OF_VISITORS, owner.clinic_id)
            if row and row[0] + size > self._limits.visitor_blobs:
                raise StorageFull("The quota of this clinic's visitors for files is used up.", after=3_600)

    def _record(self, transaction: Transaction, owner: Mailbox, blob: Blob, scratch: Path) -> None:
        transaction.directory.active(owner)
        stored = _find(transaction.connection, blob.hash)
        if stored is not None:
            if stored != blob:
                raise BlobConflict("This blob is stored already, under other secrets.")
            return
        self._check_quota(transaction.connection, owner, blob.size)
        try:
            _publish(scratch, self._path(blob.hash))
        except OSError as error:
            raise _trouble(error) from None
        transaction.connection.run(
            "INSERT INTO blob (hash, mailbox, clinic, size, stored, read_hash, delete_hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(blob.hash, owner.id, owner.clinic_id, blob.size, transaction.now, blob.read_hash, blob.delete_hash),
        )

    def _unlink(self, transaction: Transaction, name: bytes) -> None:
        if _find(transaction.connection, name) is None:
            try:
                self._path(name).unlink(missing_ok=True)
            except OSError as error:
                raise _trouble(error) from None

    async def _receive(self, blob: Blob, chunks: AsyncIterator[bytes]) -> Path:
        self._scratch += 1
        path = self._folder / f"{self._scratch}.part"
        try:
            file = await asyncio.to_thread(_create, path)
            try:
                await _copy(blob, chunks, file)
            finally:
                await asyncio.to_thread(file.close)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise _trouble(error) from None
        except BaseException:  # the client may have gone: asyncio cancels us
            path.unlink(missing_ok=True)
            raise
        return path


async def read(path: Path, start: int, end: int) -> AsyncIterator[bytes]:
    """Bytes `start` to `end` of a file, chunk by chunk."""
    file = await asyncio.to_thread(path.open, "rb")
    try:
        await asyncio.to_thread(file.seek, start)
        while start < end:
            chunk = await asyncio.to_thread(file.read, min(CHUNK, end - start))
            if not chunk:
                return
            start += len(chunk)
            yield chunk
    finally:
        file.close()


async def _copy(blob: Blob, chunks: AsyncIterator[bytes], file: BinaryIO) -> None:
    label = b"sealdesk/1/blob"
    digest = blake2b(len(label).to_bytes(4, "big") + label + blob.size.to_bytes(4, "big"), digest_size=32)
    left = blob.size
    async for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise MalformedRequest("The blob is longer than Content-Length says.")
        digest.update(chunk)
        await asyncio.to_thread(file.write, chunk)
    if left or digest.digest() != blob.hash:
        raise MalformedRequest("The blob is not what its name says: it was damaged or cut short on its way.")
    await asyncio.to_thread(_flush, file)


def _find(connection: Connection, name: bytes) -> Blob | None:
    row = connection.one("SELECT hash, size, read_hash, delete_hash FROM blob WHERE hash = ?", name)
    return None if row is None else Blob(*row)


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _publish(scratch: Path, path: Path) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if scratch.exists() or not path.exists():  # the writer may run a job twice
        scratch.rename(path)
    for folder in (path.parent, path.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _tidy(folder: Path, known: set[str]) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in known:
            path.unlink()


def _trouble(error: OSError) -> StorageFull | Unavailable:
    if error.errno in _FULL:
        return StorageFull("The disk is full.")
    return Unavailable("The relay cannot write files just now.")
