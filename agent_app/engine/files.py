"""Files: sealed here, carried by the relay, opened only when every byte has been verified (section 12)."""

import asyncio
import mimetypes
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from agent_app.engine.copies import write_copy
from agent_app.engine.cut_off import CutOff, Upload
from agent_app.engine.desk import Desk
from agent_app.engine.events import (
    FileProgressed,
    FileSaved,
    Notice,
    NoticeRaised,
    PictureLoaded,
    Severity,
    TextReturned,
    UploadEnded,
    UploadProgressed,
)
from agent_app.engine.introductions import Introductions
from agent_app.engine.pictures import PictureRefused, picture_type, without_metadata
from agent_app.engine.sentence import Sentence
from agent_app.protocol import attachment, limits
from agent_app.protocol.attachment import SealedFile
from agent_app.protocol.content import read
from agent_app.protocol.errors import DamagedAttachmentError, LimitError
from agent_app.protocol.events import File, SignedContent
from agent_app.protocol.keys import MessageHash, MessageId
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import RelayError
from agent_app.store.attachments import Attachment
from agent_app.store.conversations import Conversation
from agent_app.store.events import StoredEvent

Permit = Callable[[], Conversation]  # as it is when it is asked; raises where nothing may be sent any more

UNKNOWN_TYPE = "application/octet-stream"


class _Stopped(Exception):
    """Somebody cancelled the upload."""


class Files:
    def __init__(self, desk: Desk, relay: RelayClient, introductions: Introductions, cut_off: CutOff) -> None:
        self._desk = desk
        self._relay = relay
        self._introductions = introductions
        self._cut_off = cut_off
        self._stops: dict[bytes, asyncio.Event] = {}  # by upload, while it is under way

    # Sending

    async def send(self, conversation: Conversation, path: Path, caption: str, permit: Permit) -> None:
        """Raises LimitError, PictureRefused, OSError, and what `permit` raises."""
        plaintext = await asyncio.to_thread(_read_bounded, path)
        media_type, plaintext = await asyncio.to_thread(_cleaned, path.name, plaintext)
        await self._send(conversation, path.name, media_type, plaintext, caption, permit)

    async def send_picture(
        self, conversation: Conversation, content: bytes, name: str, caption: str, permit: Permit
    ) -> None:
        """A picture that was never a file here. Raises LimitError, PictureRefused, and what `permit` raises."""
        limits.FILE.check(len(content))
        plaintext = await asyncio.to_thread(without_metadata, content)
        await self._send(conversation, name, picture_type(plaintext), plaintext, caption, permit)

    def cancel(self, upload: bytes) -> bool:
        """False where it is no longer under way: then its message is signed, and leaves."""
        stop = self._stops.get(upload)
        if stop is not None:
            stop.set()
        return stop is not None

    async def _send(
        self,
        conversation: Conversation,
        name: str,
        media_type: str,
        plaintext: bytes,
        caption: str,
        permit: Permit,
    ) -> None:
        """Uploads, then signs: what is signed takes its author's next number, and could not be taken back unseen."""
        sealed = await asyncio.to_thread(attachment.seal_file, plaintext, self._desk.random)
        event = sealed.event(_short(name), media_type, caption)
        self._cut_off.begin(Upload(sealed.blob_id[:16], conversation.id, event.name, caption))
        try:
            uploaded = await self._upload_first(conversation, name, sealed)
        except asyncio.CancelledError:  # a lock: what was asked for is done after the next unlock
            self._say(permit, event, sealed, uploaded=False)
            raise
        except _Stopped:
            self._end(sealed)
            self._give_back(conversation, caption)
            await self._forget(name, sealed)
            return
        self._say(permit, event, sealed, uploaded=uploaded)

    def _give_back(self, conversation: Conversation, caption: str) -> None:
        """Nobody has taken back what they wrote by taking back the file."""
        if caption:
            with self._desk.store.transaction():
                self._desk.store.drafts.put_before(conversation.id, caption)
            self._desk.emit(TextReturned(conversation.id, caption, note=False))

    def _end(self, sealed: SealedFile) -> None:
        with self._desk.store.transaction():
            self._cut_off.end(sealed.blob_id[:16])

    def _say(self, permit: Permit, event: File, sealed: SealedFile, *, uploaded: bool) -> None:
        """Stores the file and its message together; what is not uploaded yet, the outbox uploads before it sends."""
        try:
            conversation = permit()
        except Exception:
            self._end(sealed)  # whoever asked is told
            raise
        self._desk.store.attachments.keep(sealed.blob_id, sealed.blob)
        with self._desk.work() as work:
            hash_ = self._introductions.say(work, conversation, event)
            self._desk.store.attachments.add(self._row(sealed, hash_, work.now, uploaded))
            self._cut_off.end(sealed.blob_id[:16])
            work.record("send", conversation.id, "file", hash_.hex())

    async def _upload_first(self, conversation: Conversation, name: str, sealed: SealedFile) -> bool:
        """Whether the relay has it now. Raises _Stopped when somebody cancelled it."""
        upload = sealed.blob_id[:16]
        stop = self._stops[upload] = asyncio.Event()

        def progressed(done: int) -> None:
            self._desk.emit(UploadProgressed(conversation.id, upload, name, done, len(sealed.blob)))

        progressed(0)
        hashes = attachment.read_hash(sealed.read_secret), attachment.delete_hash(sealed.delete_secret)
        sending = asyncio.create_task(self._relay.put_blob(sealed.blob_id, sealed.blob, *hashes, progressed))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((sending, stopping), return_when=asyncio.FIRST_COMPLETED)
            if stop.is_set():
                raise _Stopped
            return sending.exception() is None
        finally:
            del self._stops[upload]
            for task in (sending, stopping):
                task.cancel()
            await asyncio.gather(sending, stopping, return_exceptions=True)
            self._desk.emit(UploadEnded(conversation.id, upload))

    async def _forget(self, name: str, sealed: SealedFile) -> None:
        """Nothing was signed and nobody was told. The relay may have it whole, and need not keep what none can open."""
        notice = Notice(
            Severity.INFORMATION,
            Sentence("{name} was not sent.", name=name),
            "It was cancelled before it was complete.",
            "Attach it again if it is to be sent.",
        )
        self._desk.emit(NoticeRaised(notice))
        with suppress(RelayError):
            await self._relay.delete_blob(sealed.blob_id, sealed.delete_secret)

    def _row(self, sealed: SealedFile, message: MessageHash, now: int, uploaded: bool) -> Attachment:
        return Attachment(
            blob=sealed.blob_id,
            message=message,
            key=sealed.key,
            read_secret=sealed.read_secret,
            delete_secret=sealed.delete_secret,
            size=sealed.size,
            own=True,
            uploaded=uploaded,
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
        event = self._desk.store.events.by_hash(MessageHash(message))

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
        await write_copy(self._desk, path, plaintext)
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
        event = self._desk.store.events.by_message(conversation.shared, MessageId(message))
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
        raise PictureRefused
    return guessed, content


def _short(name: str) -> str:
    """A name that fits, cut in its middle so that the ending stays."""
    if len(name.encode()) <= limits.NAME.value:
        return name
    ending = Path(name).suffix[:20]
    stem = name.encode()[: limits.NAME.value - len(ending.encode()) - 4].decode("utf-8", "ignore")
    return f"{stem}…{ending}"
