"""Deletion at this desk: content, keys and files for good (docs/protocol.md, section 10.1)."""

import asyncio
from collections.abc import Sequence

from agent_app.engine.conversations import Conversations
from agent_app.engine.desk import Desk, Work
from agent_app.protocol.content import message_hash, read
from agent_app.protocol.events import History, SignedContent
from agent_app.protocol.keys import ConversationId, MessageHash
from agent_app.store.conversations import Conversation
from agent_app.store.events import StoredEvent

_PAUSE = 0.01  # seconds between slices, for everybody else on this loop
DELETABLE = ("text", "file", "note")


class Deletion:
    """Destroys in the open transaction; what lies beside the database follows after the commit.

    What the search index keeps of a word's beginning follows in slices, so that nobody waits for all of it.
    """

    def __init__(self, desk: Desk, conversations: Conversations) -> None:
        self._desk = desk
        self._conversations = conversations
        self._wanted = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled. Goes on also where an earlier process was ended."""
        while True:
            while not self._desk.store.search.is_settled:
                self._desk.store.shed_slice()
                await asyncio.sleep(_PAUSE)
            self._wanted.clear()
            await self._wanted.wait()

    def _shed(self) -> None:
        self._desk.store.database.shed()
        self._wanted.set()

    def carry_out(self, work: Work, conversation: ConversationId) -> None:
        """Destroys what the reducer says is retracted."""
        rooms = self._desk.store
        stored = rooms.conversations.get(conversation)
        if stored is None:
            return
        found = [rooms.events.by_hash(hash_) for hash_ in self._conversations.state(stored).retracted]
        # One that is named here and was said elsewhere stays: there nobody would see who retracted it.
        self.destroy(work, stored, [event for event in found if event and event.conversation == stored.id])

    def destroy(self, work: Work, stored: Conversation, found: Sequence[StoredEvent], why: str = "") -> int:
        """Answers how many are gone now that were not."""
        events = [event for event in found if event.retracted is None and event.kind in DELETABLE]
        for event in events:
            self._destroy_one(work, event)
            work.record("retract", stored.id, event.hash.hex(), *([why] if why else []))
            work.afterwards(lambda hash_=event.hash: self._conversations.transcript.moved(hash_))  # type: ignore[misc]
        if events:
            self._destroy_copies(work, {event.hash for event in events})
            self._desk.store.renew_epoch_later()
            work.afterwards(self._desk.store.attachments.sweep)
            work.afterwards(self._shed)
            self._conversations.forget(stored.id)
            work.afterwards(lambda: self._conversations.inbox.tell(stored.id), about=stored.id)
        return len(events)

    def _destroy_one(self, work: Work, event: StoredEvent) -> None:
        rooms = self._desk.store
        rooms.events.retract(event.hash, event.message, event.stream, work.now)
        attachment = rooms.attachments.of_message(event.hash)
        if attachment is not None:
            rooms.attachments.destroy(attachment.blob)

    def _destroy_copies(self, work: Work, gone: set[MessageHash]) -> None:
        """What was given to, or taken from, a colleague as history holds the same words once more."""
        rooms = self._desk.store.events
        for event in rooms.of_kind("history"):
            if event.content is None or event.signature is None:
                continue
            said = read(SignedContent(event.content, event.signature)).event
            if isinstance(said, History) and not gone.isdisjoint(map(message_hash, said.messages)):
                rooms.retract(event.hash, event.message, event.stream, work.now)
