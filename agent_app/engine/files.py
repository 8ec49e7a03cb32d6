"""Files: sealed here, carried by the relay, opened only when every byte has been verified (section 12)."""

import asyncio
import mimetypes
import os
from pathlib import Path

from agent_app.engine.desk import Desk
from agent_app.engine.events import FileProgressed, FileSaved, PictureLoaded
from agent_app.engine.introductions import Introductions
from agent_app.engine.pictures import PictureRefused, picture_type, without_metadata
from agent_app.protocol import attachment, limits
from agent_app.protocol.attachment import SealedFile
from agent_app.protocol.content import read
from agent_app.protocol.errors import DamagedAttachmentError, LimitError
from agent_app.protocol.events import File, SignedContent
from agent_app.protocol.keys import MessageHash, MessageId
from agent_app.relay.client import RelayClient
from agent_app.store.attachments import Attachment
from agent_app.store.conversations import Conversation, StoredEvent

UNKNOWN_TYPE = "application/octet-stream"


class Files:
    def __init__(self, desk: Desk, relay: RelayClient, introductions: Introductions) -> None:
        self._desk = desk
        self._relay = relay
        self._introductions = introductions

    # Sending

    async def send(self, conversation: Conversation, path: Path, caption: str) -> None:
        """Raises LimitError, PictureRefused, OSError."""
        plaintext = await asyncio.to_thread(_read_bounded, path)
        media_type, plaintext = await asyncio.to_thread(_cleaned, path.name, plaintext)
        await self._send(conversation, path.name, media_type, plaintext, caption)

    async def send_picture(self, conversation: Conversation, content: bytes, name: str, caption: str) -> None:
        """A picture that was never a file here. Raises LimitError, PictureRefused."""
        limits.FILE.check(len(content))
        plaintext = await asyncio.to_thread(without_metadata, content)
        await self._send(conversation, name, picture_type(plaintext), plaintext, caption)

    async def _send(
        self, conversation: Conversation, name: str, media_type: str, plaintext: bytes, caption: str
    ) -> None:
        """Seals and stores the file and its message together; the outbox uploads before it sends."""
        sealed = await asyncio.to_thread(attachment.seal_file, plaintext, self._desk.random)
        event = sealed.event(_short(name), media_type, caption)
        await asyncio.to_thread(self._desk.store.attachments.keep, sealed.blob_id, sealed.blob)
        with self._desk.work() as work:
            hash_ = self._introductions.say(work, conversation, event)
            self._desk.store.attachments.add(self._row(sealed, hash_, work.now))
            work.record("send", conversation.id, "file", hash_.hex())

    def _row(self, sealed: SealedFile, message: MessageHash, now: int) -> Attachment:
        return Attachment(
            blob=sealed.blob_id,
            message=message,
            key=sealed.key,
            read_secret=sealed.read_secret,
            delete_secret=sealed.delete_secret,
            size=sealed.size,
            own=True,
            uploaded=False,
            created=now,
        )

    async def upload(self, message: bytes) -> None:
        """Before a message is sealed: what it points to must be there. Raises RelayError, DamagedAttachmentError."""
        stored = self._desk.store.attachments.of_message(MessageHash(message))
        if stored is None or stored.uploaded:
            return
        sealed = await asyncio.to_thread(self._desk.store.attachments.kept, stored.blob)
        if sealed is None:
            raise DamagedAttachmentError("the sealed file is gone")
        hashes = attachment.read_hash(stored.read_secret), attachment.delete_hash(stored.delete_secret)
        event = self._desk.store.conversations.by_hash(MessageHash(message))

        def progressed(done: int) -> None:
            if event is not None and event.conversation is not None:
                self._desk.emit(FileProgressed(event.conversation, event.message, done, len(sealed)))

        await self._relay.put_blob(stored.blob, sealed, *hashes, progressed)
        with self._desk.store.transaction():
            self._desk.store.attachments.mark_uploaded(stored.blob)

    # Receiving

    async def save(self, conversation: Conversation, message: bytes, path: Path) -> None:
        """Writes the verified file, whole or not at all. Raises DamagedAttachmentError, RelayError, OSError.

        It is recorded before: a lock in the middle stops neither the disk nor what was begun, and must leave a trace.
        """
        event, file = self._find(conversation, message)
        plaintext = await self._open(event, file)
        with self._desk.work() as work:
            work.record("export", conversation.id, "file", event.hash.hex())
        await asyncio.to_thread(write_whole, path, plaintext)
        self._desk.emit(FileSaved(message, path))

    async def picture(self, conversation: Conversation, message: bytes) -> None:
        """Shows a verified picture, in memory only. Raises DamagedAttachmentError (also for no picture), RelayError."""
        event, file = self._find(conversation, message)
        plaintext = await self._open(event, file)
        if not picture_type(plaintext):
            raise DamagedAttachmentError("no picture")
        with self._desk.work() as work:
            work.record("view", conversation.id, "file", event.hash.hex())
            work.tell(PictureLoaded(message, plaintext))

    def _find(self, conversation: Conversation, message: bytes) -> tuple[StoredEvent, File]:
        event = self._desk.store.conversations.by_message(conversation.shared, MessageId(message))
        if event is not None and event.content is not None and event.signature is not None:
            said = read(SignedContent(event.content, event.signature)).event
            if isinstance(said, File):
                return event, said
        raise DamagedAttachmentError("there is no such file in this conversation")

    async def _open(self, event: StoredEvent, file: File) -> bytes:
        kept = await asyncio.to_thread(self._desk.store.attachments.kept, file.blob)
        if kept is not None:
            try:
                return await asyncio.to_thread(attachment.open_file, kept, file)
            except DamagedAttachmentError:
                kept = None  # the copy on this disk is damaged; the relay's may not be
        length = attachment.blob_length(file.size)

        def progressed(done: int) -> None:
            self._desk.emit(FileProgressed(event.conversation or b"", event.message, done, length))

        blob = await self._relay.get_blob(file.blob, file.read_secret, length, progressed)
        plaintext = await asyncio.to_thread(attachment.open_file, blob, file)
        await self._keep(event, file, blob)
        return plaintext

    async def _keep(self, event: StoredEvent, file: File, blob: bytes) -> None:
        """A verified file is kept, sealed, so that it is there when the relay's copy has expired."""
        await asyncio.to_thread(self._desk.store.attachments.keep, file.blob, blob)
        if self._desk.store.attachments.get(file.blob) is None:
            now = self._desk.clock()
            secrets = (file.key, file.read_secret, file.delete_secret)
            with self._desk.store.transaction():
                self._desk.store.attachments.add(
                    Attachment(file.blob, event.hash, *secrets, file.size, own=False, uploaded=True, created=now)
                )


def _read_bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(limits.FILE.value + 1)
    if len(content) > limits.FILE.value:
        raise LimitError(limits.FILE.name, limits.FILE.value, path.stat().st_size)
    return content


def _cleaned(name: str, content: bytes) -> tuple[str, bytes]:
    """The media type and what may leave: a picture without its hidden data. Raises PictureRefused."""
    media_type = picture_type(content)
    if media_type:
        return media_type, without_metadata(content)
    guessed = mimetypes.guess_type(name, strict=False)[0] or UNKNOWN_TYPE
    if guessed.startswith("image/"):
        raise PictureRefused("Hidden data in this kind of picture cannot be removed. Save it as JPEG or PNG first.")
    return guessed, content


def _short(name: str) -> str:
    """A name that fits, cut in its middle so that the ending stays."""
    if len(name.encode()) <= limits.NAME.value:
        return name
    ending = Path(name).suffix[:20]
    stem = name.encode()[: limits.NAME.value - len(ending.encode()) - 4].decode("utf-8", "ignore")
    return f"{stem}…{ending}"


def write_whole(path: Path, content: bytes) -> None:
    """`path` with `content`, or as it was. Nobody else may read it; a link that lies in the way is not followed."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
