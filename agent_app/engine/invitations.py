"""Invitations: issued here, and checked here (docs/protocol.md, section 11)."""

from agent_app.engine import identifying
from agent_app.engine.desk import Desk, Work
from agent_app.engine.events import InvitationChanged, InvitationCreated, InvitationRow, InvitationsLoaded
from agent_app.engine.introductions import Introductions
from agent_app.engine.membership import Membership
from agent_app.engine.writing import Writing
from agent_app.protocol import limits
from agent_app.protocol.content import Message
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.errors import InvalidInvitationError
from agent_app.protocol.events import Identifiers, Invite, PatientLabel, Reason, Uninvite, Verdict
from agent_app.protocol.invitation import (
    Answer,
    Checker,
    InvitationProof,
    Link,
    SignedRegistration,
    read_registration,
    register,
    tries_of,
)
from agent_app.protocol.keys import DeviceId, InvitationId, Transcript
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import LogStale, RelayRefused
from agent_app.store.conversations import Conversation
from agent_app.store.invitations import Invitation, Try

CODE_DIGITS = 6


class Invitations:
    """Issues, cancels and checks. A try is on the disk before its verdict is even signed."""

    def __init__(
        self,
        desk: Desk,
        relay: RelayClient,
        membership: Membership,
        writing: Writing,
        introductions: Introductions,
        page: str,
    ) -> None:
        self._desk = desk
        self._relay = relay
        self._membership = membership
        self._writing = writing
        self._introductions = introductions
        self._page = page

    # Issuing

    async def create(self, name: str, birth_date: str, reason: str) -> None:
        """Stores and tells the checkers, then registers at the relay, and only then is there a link to hand over.

        Raises BirthDateRefused, ProtocolError for a name that does not fit, RelayError when it could not be registered.
        """
        link = Link(self._desk.random(16), self._membership.roster.clinic)
        known: Identifiers = (identifying.birth_date(birth_date),)
        checkers = self._checkers()
        now = self._desk.clock()
        signed = register(self._desk.local, link, checkers, now, now + limits.INVITATION_LIFE)
        invite = Invite(signed.registration, signed.signature, link.secret, self._code(), known, name, reason)
        decode(encode(invite), Invite)
        with self._desk.work() as work:
            self._keep(invite, tries_of(0, len(checkers)))
            others = tuple(device for device in checkers if device != self._desk.local.device)
            if others:
                self._writing.write(work, self._writing.direct(*others), invite)
            work.record("invite", b"", link.derive().id.hex())
        await self.register_open()

    async def register_open(self) -> None:
        """Registers what the relay does not know yet. Raises RelayError."""
        for invitation in self._desk.store.invitations.unregistered():
            if invitation.issuer != self._desk.local.device or invitation.expires <= self._desk.clock():
                continue
            await self._register(SignedRegistration(invitation.registration, invitation.signature))
            with self._desk.store.transaction():
                self._desk.store.invitations.mark_registered(invitation.id)
            self._hand_over(invitation)

    async def _register(self, registration: SignedRegistration) -> None:
        """Once more where the clinic log has grown meanwhile: nobody is to press twice because a colleague joined."""
        try:
            await self._relay.register_invitation(registration)
        except LogStale:
            await self._membership.refresh(self._relay)
            await self._relay.register_invitation(registration)

    def list_open(self) -> None:
        """Tells the window which invitations may still be used, the colleagues' that are checked here among them."""
        opened = self._desk.store.invitations.open(self._desk.clock())
        self._desk.emit(InvitationsLoaded(tuple(self._row(invitation) for invitation in opened)))

    def show(self, invitation: bytes) -> None:
        """Raises InvalidInvitationError for one that is over, a colleague's, or not registered yet."""
        known = self._desk.store.invitations.get(InvitationId(invitation))
        if known is None or known.issuer != self._desk.local.device or not known.registered:
            raise InvalidInvitationError("not an own registered invitation")
        if known.state != "open" or known.expires <= self._desk.clock():
            raise InvalidInvitationError("no longer open")
        self._hand_over(known)

    def _hand_over(self, invitation: Invitation) -> None:
        link = Link(invitation.secret, self._membership.roster.clinic)
        url = f"{self._page}#{link.fragment()}"
        self._desk.emit(InvitationCreated(invitation.id, url, invitation.code, invitation.expires))

    async def cancel(self, invitation: bytes) -> None:
        """Ends it for the checkers at once, then at the relay. Raises InvalidInvitationError, RelayError."""
        known = self._desk.store.invitations.get(InvitationId(invitation))
        if known is None or known.issuer != self._desk.local.device:
            raise InvalidInvitationError("not issued by this device")
        others = [d for d in read_registration(known.registration).checkers if d != self._desk.local.device]
        with self._desk.work() as work:
            self._desk.store.invitations.set_state(known.id, "cancelled")
            self._desk.store.invitations.mark_registered(known.id)  # the answer to its registration may be lost
            if others:
                self._writing.write(work, self._writing.direct(*others), Uninvite(known.id))
            self._tell(work, known.id)
        await self.cancel_at_relay()

    async def cancel_at_relay(self) -> None:
        """What was cancelled here, and the relay may still honour: also what was cut off between. Raises RelayError."""
        for invitation in self._desk.store.invitations.uncancelled(self._desk.local.device):
            try:
                await self._relay.cancel_invitation(invitation.id)
            except RelayRefused as refusal:
                if refusal.status not in (404, 410):  # redeemed, expired, or never registered: gone is what we want
                    raise
            with self._desk.store.transaction():
                self._desk.store.invitations.mark_registered(invitation.id, registered=False)

    def _checkers(self) -> tuple[DeviceId, ...]:
        """This device first, then two colleagues with whom there is a session: they are likely to be at work."""
        alive = set(self._desk.store.sessions.peers())
        colleagues = [m.id for m in self._membership.colleagues() if m.id in alive]
        return (self._desk.local.device, *colleagues[:2])

    def _code(self) -> str:
        """Six digits to tell by telephone, drawn evenly."""
        bound = 10**CODE_DIGITS
        while (number := int.from_bytes(self._desk.random(4))) >= 2**32 - 2**32 % bound:
            pass
        return f"{number % bound:0{CODE_DIGITS}}"

    def _keep(self, invite: Invite, tries: int) -> None:
        registration = read_registration(invite.registration)
        row = Invitation(
            id=registration.invitation,
            registration=invite.registration,
            signature=invite.signature,
            secret=invite.secret,
            code=invite.code,
            identifiers=encode(invite.identifiers),
            name=invite.name,
            reason=invite.reason,
            issuer=registration.issuer,
            created=registration.created,
            expires=registration.expires,
            tries=tries,
        )
        self._desk.store.invitations.add(row)

    # Checking

    def invited(self, work: Work, message: Message) -> None:
        """An `invite` from a colleague. Raises InvalidInvitationError when it is none of its author's."""
        event, author = message.content.event, message.content.author
        issuer = self._membership.certificate(author)
        if not isinstance(event, Invite) or issuer is None:
            raise InvalidInvitationError("issuer")
        checker = Checker.begin(event, issuer, self._desk.local.device)
        if self._desk.store.invitations.get(checker.invitation) is None:
            self._keep(event, checker.tries_left)

    def uninvited(self, work: Work, message: Message) -> None:
        event = message.content.event
        known = self._desk.store.invitations.get(event.invitation) if isinstance(event, Uninvite) else None
        if known is not None and known.issuer == message.content.author:
            self._desk.store.invitations.set_state(known.id, "cancelled")
            self._tell(work, known.id)

    def judge(
        self, work: Work, conversation: Conversation, patient: DeviceId, proof: InvitationProof, transcript: Transcript
    ) -> None:
        """Answers a patient's try, in the transaction that stores the message which made it."""
        rooms = self._desk.store
        invitation = rooms.invitations.get(proof.invitation)
        known = rooms.invitations.stored_try(transcript)
        if invitation is None or (known is not None and known.invitation != invitation.id):
            return  # one handshake is one try, at one invitation
        before = self._checker(invitation)
        after, verdict = before.judge(proof, transcript, patient, work.now)
        if verdict is None:
            return
        # Only now: whose verdicts count is not for somebody to say who has no link.
        rooms.settings.set_raw(f"invited-{patient.hex()}", invitation.id)
        if after != before:
            answer = after.answers[-1]
            attempt = (transcript, invitation.id, patient, answer.outcome, answer.level, after.tries_left, work.now)
            rooms.invitations.record_try(Try(*attempt))
            if after.state == "passed":
                rooms.invitations.set_state(invitation.id, "passed")
            elif after.tries_left == 0:
                rooms.invitations.set_state(invitation.id, "refused")
        work.record("verdict", conversation.id, verdict.outcome, str(verdict.level))
        self._introductions.say(work, conversation, verdict)
        if verdict.outcome == "passed":
            self._tell_team(work, conversation, invitation)
        self._tell(work, invitation.id)

    def _tell_team(self, work: Work, conversation: Conversation, passed: Invitation) -> None:
        """Whom it is about, and why they were invited: colleagues who do not check it were told neither."""
        team = self._writing.team(conversation)
        self._writing.write(work, team, PatientLabel(passed.name, decode(passed.identifiers, Identifiers)))
        if passed.reason:
            self._writing.write(work, team, Reason(passed.reason))

    def heard(self, work: Work, message: Message) -> None:
        """A colleague's verdict: an invitation that was passed there is ended here too."""
        event = message.content.event
        if not isinstance(event, Verdict) or event.outcome != "passed":
            return
        named = self._desk.store.settings.raw(f"invited-{event.patient.hex()}")
        invitation = self._desk.store.invitations.get(InvitationId(named)) if named else None
        if invitation is not None and message.content.author in read_registration(invitation.registration).checkers:
            self._desk.store.invitations.set_state(invitation.id, "passed")
            self._tell(work, invitation.id)

    def checkers_of(self, patient: DeviceId) -> tuple[DeviceId, ...] | None:
        """Whose verdicts count for this patient; None where this device was not told."""
        named = self._desk.store.settings.raw(f"invited-{patient.hex()}")
        invitation = self._desk.store.invitations.get(InvitationId(named)) if named else None
        return read_registration(invitation.registration).checkers if invitation else None

    def _checker(self, invitation: Invitation) -> Checker:
        tries = self._desk.store.invitations.tries(invitation.id)
        keys = Link(invitation.secret, self._membership.roster.clinic).derive()
        left = min([invitation.tries, *(one.tries_left for one in tries)])
        identifiers: Identifiers = decode(invitation.identifiers, Identifiers)
        answers = tuple(Answer(one.transcript, one.outcome, one.level, one.tries_left) for one in tries)  # type: ignore[arg-type]
        state = invitation.state if invitation.state in ("passed", "cancelled") else "open"
        patient = tries[0].patient if tries else None
        body = (invitation.id, keys.key, invitation.code, identifiers, invitation.expires, left)
        return Checker(*body, state, patient, answers)  # type: ignore[arg-type]

    def _tell(self, work: Work, id_: InvitationId) -> None:
        invitation = self._desk.store.invitations.get(id_)
        if invitation is not None:
            row = self._row(invitation)
            work.tell(InvitationChanged(row.invitation, row.state, row.tries_left))

    def _row(self, invitation: Invitation) -> InvitationRow:
        tries = self._desk.store.invitations.tries(invitation.id)
        left = min([invitation.tries, *(one.tries_left for one in tries)])
        state = "redeemed" if invitation.state == "open" and tries else invitation.state
        mine = invitation.issuer == self._desk.local.device
        return InvitationRow(invitation.id, invitation.name, invitation.reason, invitation.expires, state, left, mine)
