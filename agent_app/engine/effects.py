"""What a verified message changes here (docs/protocol.md, sections 9.2 and 10)."""

from agent_app.engine import notices
from agent_app.engine.conversations import Conversations
from agent_app.engine.deletion import Deletion
from agent_app.engine.desk import Desk, Work
from agent_app.engine.events import NoticeRaised
from agent_app.engine.history import Past
from agent_app.engine.introductions import Introductions
from agent_app.engine.invitations import Invitations
from agent_app.engine.membership import Membership
from agent_app.engine.peers import Peers
from agent_app.engine.sentence import Sentence
from agent_app.engine.speech import Speech
from agent_app.engine.writing import new_event, prominence_of
from agent_app.protocol import content
from agent_app.protocol.content import Message
from agent_app.protocol.conversation import has_lost_right
from agent_app.protocol.envelope import Opened
from agent_app.protocol.errors import ForgedError, NotPermittedError, ProtocolError
from agent_app.protocol.events import (
    Assign,
    Check,
    Earlier,
    History,
    Invite,
    Name,
    Open,
    Read,
    Role,
    StreamKind,
    Transfer,
    Uninvite,
    Verdict,
    is_permitted,
)
from agent_app.protocol.keys import Certificate, DeviceId
from agent_app.store.conversations import Conversation
from agent_app.store.deliveries import Read as ReadMark
from agent_app.store.events import Prominence, Standing


class Effects:
    """Stores a message and does what it asks for, in the open transaction."""

    def __init__(
        self,
        desk: Desk,
        membership: Membership,
        peers: Peers,
        conversations: Conversations,
        invitations: Invitations,
        introductions: Introductions,
        past: Past,
        speech: Speech,
        deletion: Deletion,
    ) -> None:
        self._desk = desk
        self._membership = membership
        self._peers = peers
        self._conversations = conversations
        self._invitations = invitations
        self._introductions = introductions
        self._past = past
        self._speech = speech
        self._deletion = deletion

    def store(self, work: Work, sender: Certificate, opened: Opened) -> None:
        """Raises NotPermittedError or ForgedError where the message has no place here; then nothing is stored."""
        message = opened.message
        if isinstance(message.content.event, Open):
            self._open(work, sender, message)
        if self._desk.store.events.by_hash(message.hash) is not None:
            return  # sent again in another envelope, or known from history: the receipt is all that is asked for
        stored = self._desk.store.conversations.of_stream(message.content.stream)
        own = stored.shared if stored is not None and stored.patient == sender.device else None
        content.require_place(message.content, sender, own)
        standing = self._standing(sender, message, self._kind(message, stored))
        event = message.content.event
        prominence = prominence_of(event, own=False) if standing is Standing.ADMITTED else Prominence.HIDDEN
        place = stored.id if stored else None
        self._desk.store.events.add(new_event(message, place, standing, work.now, prominence))
        if standing is Standing.ADMITTED:
            self._apply_guarded(work, sender, opened, stored)
        if stored is not None:
            self._record(work, stored, message)
            before = self._conversations.state(stored).holder
            self._conversations.added(work, stored.id, message.hash)
            self._tell_holder(work, stored, before, message)
            if sender.core.kind == "patient":
                self._past.arrived(work, message)
            self._deletion.carry_out(work, stored.id)

    def _open(self, work: Work, sender: Certificate, message: Message) -> None:
        opening = content.verify_opening(message.signed, self._membership.roster.clinic)
        if opening.patient != sender:
            raise ForgedError("somebody else's opening")
        self._past.open(work, opening)

    def _kind(self, message: Message, stored: Conversation | None) -> StreamKind | None:
        """None for a stream that is not known here yet: its events are judged when the conversation is."""
        c = message.content
        if stored is not None:
            return "shared" if c.stream == stored.shared else "team"
        if c.stream == content.direct_stream([c.author, *c.recipients]):
            return "direct"
        return None

    def _standing(self, sender: Certificate, message: Message, kind: StreamKind | None) -> Standing:
        role = self._role(sender, message)
        if role is None:
            raise NotPermittedError("no member under the log head that it names")
        # An unknown stream can become a conversation's, and no direct one: what is not permitted in either is void now.
        kinds: tuple[StreamKind, ...] = ("shared", "team") if kind is None else (kind,)
        permitted = any(is_permitted(message.content.event, one, sender.device, role) for one in kinds)
        if not permitted:
            return Standing.VOID
        now = self._membership.roster.role_at(sender.device, self._membership.size)
        lost = all(has_lost_right(message.content.event, one, sender.device, role, now) for one in kinds)
        return Standing.QUARANTINED if lost else Standing.ADMITTED

    def _role(self, sender: Certificate, message: Message) -> Role | None:
        if sender.core.kind == "patient":
            return "patient"
        return self._membership.roster.role_at(sender.device, message.content.log.size)

    def _apply_guarded(self, work: Work, sender: Certificate, opened: Opened, stored: Conversation | None) -> None:
        """An event that cannot be what it says is kept as evidence, and changes nothing."""
        try:
            self._apply(work, opened, stored)
        except ProtocolError as error:
            self._desk.store.events.set_standing(opened.message.hash, Standing.VOID)
            name = self._membership.name_of(sender.device)
            work.tell(
                NoticeRaised(notices.of_error(error, Sentence("{name} sent something that cannot be read.", name=name)))
            )
        if stored is not None and isinstance(opened.message.content.event, Open | Check):
            self._check(work, sender, opened, stored)

    def _apply(self, work: Work, opened: Opened, stored: Conversation | None) -> None:
        message = opened.message
        match message.content.event:
            case Name():
                if (told := self._introductions.confirmed(message, work.now)) is not None:
                    self._introductions.learn(work, told)
                    self._past.heard_name(work, told.device)
            case Read():
                self._read(work, message)
            case Verdict():
                self._invitations.heard(work, message)
            case Invite():
                self._invitations.invited(work, message)
            case Uninvite():
                self._invitations.uninvited(work, message)
            case History() as history:
                self._past.take(work, history)
            case Earlier() as earlier if stored is not None:
                self._past.require_sound(earlier, stored)

    def _check(self, work: Work, sender: Certificate, opened: Opened, stored: Conversation) -> None:
        proof = opened.received.plaintext.proof
        if proof is not None and proof.invitation is not None:
            patient = sender.device
            self._invitations.judge(work, stored, patient, proof.invitation, opened.received.transcript)

    def _read(self, work: Work, message: Message) -> None:
        c = message.content
        if not isinstance(c.event, Read):
            return
        for mark in c.event.marks:
            self._desk.store.deliveries.read(ReadMark(c.stream, mark.author, c.author, mark.sequence, c.time))
            if mark.author == self._desk.local.device:
                for event in self._desk.store.events.by_sequence(c.stream, mark.author, mark.sequence):
                    work.afterwards(lambda hash_=event.hash: self._conversations.transcript.moved(hash_))  # type: ignore[misc]

    def _record(self, work: Work, stored: Conversation, message: Message) -> None:
        event = self._desk.store.events.by_hash(message.hash)
        if event is not None and event.prominence > Prominence.HIDDEN:
            work.record("receive", stored.id, event.kind, message.hash.hex())

    def _tell_holder(self, work: Work, before: Conversation, was: DeviceId | None, message: Message) -> None:
        """Who has claimed in vain, or was given a conversation, is told; whoever got one tells the patient."""
        stored = self._desk.store.conversations.get(before.id)
        if stored is None:
            return
        state, own = self._conversations.state(stored), self._desk.local.device
        name = self._membership.name_of
        if was == own and state.holder is not None and state.holder != own:
            work.tell(NoticeRaised(notices.taken(name(state.holder))))
        elif was != own and state.holder == own and isinstance(message.content.event, Assign | Transfer):
            work.tell(NoticeRaised(notices.given(name(message.content.author))))
            self._speech.join(work, stored)
        elif was != own and state.holder == own:
            work.tell(NoticeRaised(notices.YOURS_AFTER_ALL))
