"""The past, for a device that was admitted later: the original signed bytes, never a retelling (section 9.2)."""

from collections.abc import Iterable, Iterator

from agent_app.engine.conversations import Conversations
from agent_app.engine.desk import Desk, Work
from agent_app.engine.introductions import Introductions
from agent_app.engine.membership import Membership
from agent_app.engine.peers import Peers
from agent_app.engine.writing import Writing, new_event, prominence_of
from agent_app.protocol import content, limits
from agent_app.protocol.content import Message, Opening
from agent_app.protocol.conversation import admission, has_lost_right
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.events import Copied, Earlier, History, Open, Role, SignedContent, StreamKind, is_permitted
from agent_app.protocol.keys import Certificate, ConversationId, DeviceId, MessageHash
from agent_app.store.conversations import Conversation
from agent_app.store.events import Prominence, Standing, StoredEvent

_PORTION = 24 * 1024  # bytes of content: with the slots' list it fits the largest bucket
_SAID = frozenset(("name", "text", "file", "read", "retract", "ended"))  # what a patient's new device is given


class Past:
    """Sends history when the policy allows it, and takes it in as if each message had just arrived."""

    def __init__(
        self, desk: Desk, membership: Membership, peers: Peers, writing: Writing, conversations: Conversations
    ) -> None:
        self._desk = desk
        self._membership = membership
        self._peers = peers
        self._writing = writing
        self._conversations = conversations

    # Giving

    def heard_name(self, work: Work, device: DeviceId) -> None:
        """A colleague's device told its name: it is at work, and has prekeys. Only from now on do patients' messages
        reach it, so what it lacks is all that came before, not only before its admission."""
        given = f"history-{device.hex()}"
        settings = self._desk.store.settings
        if settings.number(given) or not self._is_my_turn(device):
            return
        settings.set_number(given, 1)
        for conversation in self._desk.store.conversations.list():
            for portion in _portions(self._desk.store.events.held(conversation.id), limits.HISTORY.value):
                self._writing.write(work, self._writing.direct(device), History(conversation.id, portion))

    def taken(self, work: Work, hash_: bytes) -> None:
        """A message of ours is at the relay: colleagues whose admission it does not know of yet, because it was written
        before this desk heard, are no recipients of it, and nobody else would send it to them."""
        event = self._desk.store.events.by_hash(hash_)
        if event is not None:
            self._pass_on(work, event, [m.id for m in self._membership.colleagues() if m.admitted > event.log_size])

    def arrived(self, work: Work, message: Message) -> None:
        """A patient's page may have written long before it could send: whom this desk gave the past is given this."""
        event, given = self._desk.store.events.by_hash(message.hash), self._desk.store.settings
        late = [m.id for m in self._membership.colleagues() if m.admitted > message.content.log.size]
        if event is not None:
            self._pass_on(work, event, [one for one in late if given.number(f"history-{one.hex()}")])

    def _pass_on(self, work: Work, event: StoredEvent, late: Iterable[DeviceId]) -> None:
        signed = next(_signed([event]), None)
        if signed is None or event.conversation is None:
            return
        recipients = content.read(signed).recipients
        for device in late:
            if device not in recipients:
                history = History(ConversationId(event.conversation), (signed,))
                self._writing.write(work, self._writing.direct(device), history)

    def _is_my_turn(self, newcomer: DeviceId) -> bool:
        """If the policy allows it, one device gives: the one that was admitted first. Twice would do no harm."""
        roster = self._membership.roster
        others = [m.id for m in roster.active if m.role != "auditor" and m.id != newcomer]
        member, own = roster.member(newcomer), roster.member(self._desk.local.device)
        if member is None or own is None or not roster.policy.history_to_new_devices:
            return False
        return others[:1] == [own.id] and own.admitted < member.admitted

    def opening(self, conversation: Conversation) -> SignedContent | None:
        """What proves whose it is. None when it is no longer here."""
        return next(_signed(event for event in self._counted(conversation) if event.kind == "open"), None)

    def hand_on(
        self,
        work: Work,
        introductions: Introductions,
        opening: SignedContent,
        earlier: Conversation,
        to: Conversation,
    ) -> None:
        """Sends what patient and clinic said in `earlier`, which has that opening, to the patient's device in `to`, and
        tells the device of `earlier` so."""
        introductions.say(work, earlier, Copied(to.patient))
        said = [event for event in self._counted(earlier) if event.kind in _SAID]
        for portion in _portions(said, limits.HISTORY.value - 1):
            introductions.say(work, to, Earlier((opening, *portion)))

    def _counted(self, conversation: Conversation) -> list[StoredEvent]:
        held = self._desk.store.events.in_stream(conversation.shared)
        return [event for event in held if event.standing in (Standing.ADMITTED, Standing.FORKED)]

    def require_sound(self, earlier: Earlier, stored: Conversation) -> None:
        """Raises a ProtocolError where a colleague passed on what nobody signed: it stays evidence, and counts not."""
        content.verify_earlier(
            earlier.messages, self._membership.roster.clinic, stored.id, self._membership.certificate_at
        )

    # Taking

    def take(self, work: Work, history: History) -> None:
        """Verifies each message as its author's; who passed it on is not asked."""
        opening = self._opening(work, history)
        stored = self._desk.store.conversations.get(history.conversation)
        new = []
        for signed in history.messages:
            try:
                new += self._take_one(work, history.conversation, signed)
            except ProtocolError:
                continue  # a colleague passed on something that nobody signed: it is not worth a whole history
        if stored is not None or opening is not None:
            self._conversations.forget(history.conversation)
            self._conversations.refresh(work, history.conversation)
        if stored is not None:  # it may be open
            self._conversations.transcript.added(work, new)

    def _opening(self, work: Work, history: History) -> Opening | None:
        for signed in history.messages:
            if isinstance(content.read(signed).event, Open):
                opening = content.verify_opening(signed, self._membership.roster.clinic)
                if opening.conversation == history.conversation:
                    self.open(work, opening)
                    return opening
        return None

    def open(self, work: Work, opening: Opening) -> None:
        """A conversation that was not known here. What came before its beginning now belongs to it."""
        rooms = self._desk.store
        if rooms.conversations.get(opening.conversation) is not None:
            return
        shared, team = content.shared_stream(opening.conversation), content.team_stream(opening.conversation)
        time = opening.message.content.time
        self._peers.remember(opening.patient)
        patient = opening.patient.device
        rooms.conversations.open(Conversation(opening.conversation, patient, shared, team, time, "waiting", b""))
        rooms.events.adopt(shared, opening.conversation)
        rooms.events.adopt(team, opening.conversation)
        self._conversations.forget(opening.conversation)

    def _take_one(self, work: Work, conversation: ConversationId, signed: SignedContent) -> list[MessageHash]:
        """What is new of it. Raises a ProtocolError."""
        author = self._author(content.read(signed).author, conversation)
        if author is None:
            return []
        message = content.verify(signed, author)
        rooms = self._desk.store
        stream = rooms.conversations.of_stream(message.content.stream)
        if stream is None or stream.id != conversation or rooms.events.by_hash(message.hash) is not None:
            return []
        content.require_place(message.content, author, stream.shared if author.device == stream.patient else None)
        content.require_clock(message.content, author, work.now)
        standing = self._standing(author, message, "shared" if message.content.stream == stream.shared else "team")
        own = author.device == self._desk.local.device
        # It is the past: shown, and not counted as unread.
        prominence = min(prominence_of(message.content.event, own=own), Prominence.SHOWN)
        if standing is Standing.VOID:
            prominence = Prominence.HIDDEN
        rooms.events.add(new_event(message, conversation, standing, work.now, prominence))
        return [message.hash]

    def _author(self, device: DeviceId, conversation: ConversationId) -> Certificate | None:
        stored = self._desk.store.conversations.get(conversation)
        if stored is None:
            return None
        return self._membership.certificate(device) or (
            self._peers.certificate(device) if device == stored.patient else None
        )

    def _standing(self, author: Certificate, message: Message, stream: StreamKind) -> Standing:
        member = self._membership.roster.member(author.device)
        role: Role | None = "patient"
        if author.core.kind == "agent":
            role = self._membership.roster.role_at(author.device, message.content.log.size)
        if role is not None and not is_permitted(message.content.event, stream, author.device, role):
            return Standing.VOID
        known = 0 if member is not None and not member.active else None
        now = member.role if member is not None and member.active else None
        if role is not None and has_lost_right(message.content.event, stream, author.device, role, now):
            return Standing.QUARANTINED
        judged = admission(active_at_head=role is not None, revocation_known=known, arrived=1)
        return {"admitted": Standing.ADMITTED, "quarantined": Standing.QUARANTINED, "refused": Standing.VOID}[judged]


def _signed(events: Iterable[StoredEvent]) -> Iterator[SignedContent]:
    """In the order in which they came here, which is how they will be shown there; without what was retracted."""
    for event in sorted(events, key=lambda event: event.position):
        if event.content is not None and event.signature is not None:
            yield SignedContent(event.content, event.signature)


def _portions(events: Iterable[StoredEvent], most: int) -> Iterator[tuple[SignedContent, ...]]:
    portion: list[SignedContent] = []
    size = 0
    for signed in _signed(events):
        more = len(signed.content) + len(signed.signature) + 8
        if portion and (size + more > _PORTION or len(portion) == most):
            yield tuple(portion)
            portion, size = [], 0
        portion.append(signed)
        size += more
    if portion:
        yield tuple(portion)
