"""Who belongs to the clinic, as this device can prove it (docs/protocol.md, section 14).

The relay can withhold a statement; it cannot add one, change one or take one back without an alarm. An alarm stops
sending until an administrator has looked.
"""

import asyncio
from collections.abc import Callable, Sequence

from agent_app.engine import notices
from agent_app.engine.desk import Desk, Work
from agent_app.engine.events import DeviceAdmitted, Notice, NoticeRaised
from agent_app.protocol.content import LogHead
from agent_app.protocol.errors import ForkedLogError, InvalidNoteError, RolledBackLogError, StaleLogError
from agent_app.protocol.keys import Certificate, ClinicId, DeviceId
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import RelayNonsense
from agent_app.store.logs import ClinicHead, Cosignature
from agent_app.store.settings import Name
from agent_app.transparency import checkpoint, freshness, note, statement
from agent_app.transparency.enrolment import EnrolmentRequest, name_commitment
from agent_app.transparency.freshness import Freshness, State
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.roster import Member, Roster
from agent_app.transparency.statement import PolicyChange

_SEEN = "log-seen"


class Membership:
    """Owns this device's replica of the clinic log. `changed` is called after each growth, with the old roster;
    `alarmed` after each alarm."""

    def __init__(self, desk: Desk, log: ClinicLog) -> None:
        self._desk = desk
        self._log = log
        self._stored, self._stored_roster = log.size, log.roster  # how far the disk has it
        self._fetching = asyncio.Lock()
        self._notes = [note.parse(one.note) for one in desk.store.clinic_log.newest_cosignatures()]
        self.changed: list[Callable[[Roster], None]] = []
        self.alarmed: Callable[[], None] = lambda: None

    @property
    def roster(self) -> Roster:
        return self._log.roster

    @property
    def log(self) -> ClinicLog:
        return self._log

    @property
    def size(self) -> int:
        return self._log.size

    def head(self) -> LogHead:
        """What every authenticated request names."""
        return self._log.head

    def root_at(self, size: int) -> bytes:
        return self._log.root_at(size)

    def certificate(self, device: DeviceId) -> Certificate | None:
        member = self.roster.member(device)
        return member.certificate if member else None

    def certificate_at(self, device: DeviceId, size: int) -> Certificate | None:
        """Of a device that was a member under a log of that size."""
        return self.certificate(device) if self.roster.role_at(device, size) is not None else None

    def colleagues(self) -> tuple[Member, ...]:
        """The devices that are sent messages: active, no auditor's, not this one."""
        own = self._desk.local.device
        return tuple(m for m in self.roster.active if m.role != "auditor" and m.id != own)

    def own_role(self) -> str | None:
        member = self.roster.member(self._desk.local.device)
        return member.role if member is not None and member.active else None

    def name_of(self, device: DeviceId) -> str:
        """What the device told of itself and the log's commitment confirms, else a neutral name."""
        told = self._desk.store.settings.name_of(device)
        return told.name if told is not None and self.confirms(told) else f"Device {device[:4].hex()}"

    def team_name(self, team: bytes) -> str:
        """The clinic log holds no names: a team is called by its members'. "" where it has none any more."""
        return ", ".join(self.name_of(member.id) for member in self.roster.team(team))

    def confirms(self, told: Name) -> bool:
        member = self.roster.member(told.device)
        return member is not None and name_commitment(told.name, told.salt) == member.name_commitment

    def expect(self, asked: EnrolmentRequest) -> None:
        """The name that is about to be admitted, so that the log's next head shows it at once: the device itself tells
        it only once it is at work. What no log ever confirms is never shown, and displaces no name that it does."""
        device = Certificate.parse(asked.certificate).device
        named = Name(device, asked.name, asked.salt, self._desk.clock())
        if self.roster.member(device) is None or self.confirms(named):
            with self._desk.store.transaction():
                self._desk.store.settings.learn_name(named)

    # Growth

    async def refresh(self, relay: RelayClient) -> None:
        """Fetches and proves the relay's log up to its head. Raises RelayError; alarms are raised and not thrown."""
        async with self._fetching:
            while True:
                page = await relay.log_page(self._log.clinic, self.size)
                self._remember_seen(page.size)
                if not self._guarded(lambda page=page: self._take(self.size, page.statements)):  # type: ignore[misc]
                    return
                if self.size >= page.size:
                    self._guarded(lambda page=page: self._confirm(page.size, page.note))  # type: ignore[misc]
                    break
                if not page.statements:
                    raise RelayNonsense("the relay names more statements than it shows")
            # Who vouched for an earlier head still vouches: the newest one may have nobody's word yet.
            for text in await relay.cosigned_notes(self._log.clinic):
                self._guarded(lambda text=text: self._vouched(text))  # type: ignore[misc]

    def observe(self, size: int, root: bytes) -> bool:
        """Judges the head that the relay's stream names. True when it must be fetched."""
        try:
            self._log.observe(LogHead(size, root))
        except StaleLogError:
            self._remember_seen(size)
            return True
        except (ForkedLogError, RolledBackLogError) as error:
            self._alarm(error)
        return False

    def judge(self, size: int, root: bytes) -> bool:
        """Judges the head that a message names (14.5). True when it is ahead and must be fetched first.

        Raises ForkedLogError. It is not remembered as seen: whoever may write to us could otherwise, with a size that
        no log will ever have, stop this device from sending for good.
        """
        try:
            self._log.compare(LogHead(size, root))
        except StaleLogError:
            return True
        return False

    def contradicted(self, error: ForkedLogError) -> None:
        """A member of the clinic was shown another log."""
        self._alarm(error)

    def _take(self, index: int, statements: Sequence[bytes]) -> None:
        try:
            self._log.extend(index, statements)
        finally:
            if self.size > self._stored:
                self._store(self._stored, self._stored_roster)

    def _store(self, before: int, old: Roster) -> None:
        """What the disk refused is stored with what comes next: a revocation must take effect, and once."""
        with self._desk.work() as work:
            self._desk.store.clinic_log.append(before, self._log.statements[before:])
            self._remember_seen(self.size, work)
            self._announce(old, work)
            self._clear_alarms(before, work)
        self._stored, self._stored_roster = self.size, self.roster
        for changed in self.changed:
            changed(old)

    def _announce(self, old: Roster, work: Work) -> None:
        if old.administrators != self.roster.administrators:
            work.record("alarm", b"", "administrators-changed")
            work.tell(NoticeRaised(notices.ADMINISTRATORS_CHANGED))
        added: list[DeviceId] = []
        for member in self.roster.members.values():
            if member.id not in old.members:
                if member.id != self._desk.local.device:
                    added.append(member.id)
                    work.tell(DeviceAdmitted(self.name_of(member.id), member.role, member.id))
            elif not member.active and old.members[member.id].active:
                work.record("revoked", b"", member.id.hex())
        if added:
            settings = self._desk.store.settings
            settings.unread_admissions = (*settings.unread_admissions, *added)

    def _clear_alarms(self, start: int, work: Work) -> None:
        """An administrator who has looked into an alarm states the policy anew: that, on this log, clears it."""
        for alarm in self._desk.store.clinic_log.alarms():
            if self.cleared(start, alarm.raised):
                self._desk.store.clinic_log.clear_alarm(alarm.id, work.now)
                work.record("alarm", b"", alarm.code, "cleared")
                work.tell(NoticeRaised(notices.CLEARED))

    def cleared(self, start: int, raised: int) -> bool:
        """Whether an administrator's `policy` statement, from index `start` on, is later than an alarm."""
        stated = (statement.parse(raw).payload for raw in self._log.statements[start:])
        return any(isinstance(payload.action, PolicyChange) and payload.time > raised for payload in stated)

    def _confirm(self, size: int, text: str) -> None:
        """The relay's signed note over the head, and who vouches in it."""
        stated, signed = checkpoint.opened(text, checkpoint.clinic_origin(self._log.clinic))
        if not signed.verify([checkpoint.relay_key(self.roster.relay.key)]):
            raise InvalidNoteError("the clinic log's head is not signed by the clinic's relay")
        if stated.size != size:
            raise InvalidNoteError("the note is of another size than the page")
        self._log.compare(LogHead(stated.size, stated.root))
        with self._desk.store.transaction():
            now = self._desk.clock()
            self._desk.store.clinic_log.remember(ClinicHead(stated.size, stated.root, text.encode(), now))

    def _vouched(self, text: str) -> None:
        """A head of this log, with the word of those who vouched for it."""
        stated, signed = checkpoint.opened(text, checkpoint.clinic_origin(self._log.clinic))
        self._log.compare(LogHead(stated.size, stated.root))
        keys = [checkpoint.cosigner_key(key) for key in self.roster.cosigners()]
        with self._desk.store.transaction():
            for line in signed.verify(keys):
                if line.time is not None and line.time <= self._desk.clock() + freshness.LEAD:
                    one = Cosignature(line.key.public, line.time, stated.size, stated.root, text.encode())
                    self._desk.store.clinic_log.add_cosignature(one)
        self._notes = [note.parse(one.note) for one in self._desk.store.clinic_log.newest_cosignatures()]

    # Standing

    def freshness(self) -> Freshness:
        bounds = freshness.desk(self.roster.policy)
        return freshness.judge(self._log, self._notes, self._desk.clock(), bounds)

    def obstacle(self) -> Notice | None:
        """Why nothing may be sent now; None when it may."""
        alarms = self._desk.store.clinic_log.alarms()
        if alarms:
            return notices.ROLLED_BACK if alarms[0].code == RolledBackLogError.code else notices.FORKED
        if self._log.seen > self.size or self._desk.store.settings.number(_SEEN) > self.size:
            return notices.UNPROVEN
        return notices.STALE if self.freshness().state is State.STOP else None

    def cosigned_note(self, now: int) -> str | None:
        """This device's own word that the head is what it should be; None where it has no cosigning key or role."""
        keys = self._desk.local.keys
        own = self._desk.local.certificate.core.cosigning
        if not keys.cosigning or own not in self.roster.cosigners():
            return None
        text = self._log.checkpoint.text
        line = note.cosign(text, checkpoint.cosigner_name(own), keys.cosigning, now)
        return note.Note(text, (line,)).format()

    def _remember_seen(self, size: int, work: Work | None = None) -> None:
        if size <= self._desk.store.settings.number(_SEEN):
            return
        if work is not None:
            self._desk.store.settings.set_number(_SEEN, size)
        else:
            with self._desk.store.transaction():
                self._desk.store.settings.set_number(_SEEN, size)

    def _guarded(self, step: Callable[[], None]) -> bool:
        """Runs a step that may find the relay lying. False when it did."""
        try:
            step()
        except (ForkedLogError, RolledBackLogError) as error:
            self._alarm(error)
        except StaleLogError:
            return False
        else:
            return True
        return False

    def _alarm(self, error: ForkedLogError | RolledBackLogError) -> None:
        known = {alarm.code for alarm in self._desk.store.clinic_log.alarms()}
        if error.code in known:
            return
        with self._desk.work() as work:
            self._desk.store.clinic_log.raise_alarm(error.code, error.detail, work.now)
            work.record("alarm", b"", error.code, error.detail)
            notice = notices.ROLLED_BACK if isinstance(error, RolledBackLogError) else notices.FORKED
            work.tell(NoticeRaised(notice))
            work.afterwards(self.alarmed)


def load(statements: Sequence[bytes], clinic: bytes, seen: int) -> ClinicLog:
    """The log as it was stored, every statement proven anew."""
    return ClinicLog.replay(statements, ClinicId(clinic), seen)
