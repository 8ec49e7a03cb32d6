"""From unlock to lock: everything that runs while keys are in memory."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from agent_app.engine import notices
from agent_app.engine.actions import Actions
from agent_app.engine.activity import Activity
from agent_app.engine.administration.last_contact import LastContact
from agent_app.engine.administration.overview import Overview
from agent_app.engine.administration.self_check import SelfCheck
from agent_app.engine.administration.waiting import Waiting
from agent_app.engine.admissions import Admissions
from agent_app.engine.commands import Command
from agent_app.engine.conversations import Conversations
from agent_app.engine.copies import remove_unfinished
from agent_app.engine.cut_off import CutOff
from agent_app.engine.deletion import Deletion
from agent_app.engine.details import Details
from agent_app.engine.earlier import EarlierMessages
from agent_app.engine.effects import Effects
from agent_app.engine.events import ConnectionChanged, NoticeRaised, Phase, PhaseChanged
from agent_app.engine.figures import Figures
from agent_app.engine.files import Files
from agent_app.engine.generation import Generation
from agent_app.engine.history import Past
from agent_app.engine.inbound import Inbound
from agent_app.engine.indexing import take_in_the_rest
from agent_app.engine.introductions import Introductions
from agent_app.engine.invitations import Invitations
from agent_app.engine.membership import Membership
from agent_app.engine.outbound import Outbound
from agent_app.engine.pace import Pace
from agent_app.engine.page_monitor import PageMonitor
from agent_app.engine.peers import Peers
from agent_app.engine.preferences import Preferences
from agent_app.engine.prekeeping import Prekeeping
from agent_app.engine.provisioning import keep_asking, show_request
from agent_app.engine.queue import Queue
from agent_app.engine.receipts import Receipts
from agent_app.engine.retention import Retention
from agent_app.engine.returning import Returning
from agent_app.engine.signals import Signals
from agent_app.engine.speech import Speech
from agent_app.engine.unlocking import Unlocked
from agent_app.engine.upkeep import Upkeep
from agent_app.engine.visitors import Visitors
from agent_app.engine.workflow import Workflow
from agent_app.engine.writing import Writing
from agent_app.protocol import primitives
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.keys import Certificate, LocalDevice
from agent_app.protocol.labels import Label
from agent_app.relay.backoff import Backoff
from agent_app.relay.client import RelayClient, Scope
from agent_app.relay.errors import RelayError
from agent_app.store.errors import StoreError
from agent_app.transparency.roster import Roster

if TYPE_CHECKING:
    from httpx import AsyncBaseTransport

_log = logging.getLogger(__name__)
_AFTER_A_FAULT = 5.0  # seconds
_FAREWELL = 0.5


class DeviceRevoked(Exception):
    """The clinic log says that this device is a member no more."""


class OwnMailbox:
    """Proves to the relay that this device owns its mailbox (16.3)."""

    def __init__(self, local: LocalDevice) -> None:
        self._seed = local.keys.mailbox
        self.id: bytes = local.mailbox

    def prove(self, origin: str, challenge: bytes, scope: Scope) -> bytes:
        return primitives.sign(self._seed, Label.RELAY_AUTH, origin, challenge, scope)


class Shift:
    """Wires the modules of one unlocked device, once, and runs them."""

    def __init__(self, unlocked: Unlocked, pace: Pace, page: str, network: "AsyncBaseTransport | None" = None) -> None:
        desk = unlocked.desk
        self._unlocked = unlocked
        self._desk = desk
        self._pace = pace
        self._over = asyncio.Event()
        self.shown = asyncio.Event()  # there is something for the person to do, or to wait for
        self.membership = Membership(desk, unlocked.log)
        origin = self.membership.roster.relay.origin
        self.relay = RelayClient(origin, desk.clock, OwnMailbox(desk.local), self.membership.head, network)
        self._peers = Peers(desk, self.membership)
        self._writing = Writing(desk, self.membership)
        self._conversations = Conversations(desk, self.membership)
        self._introductions = Introductions(desk, self.membership, self._writing)
        self._speech = Speech(desk, self.membership, self._writing, self._conversations, self._introductions)
        self._deletion = Deletion(desk, self._conversations)
        self._past = Past(desk, self.membership, self._peers, self._writing, self._conversations)
        page = page or f"{origin}/"
        self._invitations = Invitations(desk, self.relay, self.membership, self._writing, self._introductions, page)
        self._page_monitor = PageMonitor(desk, self.membership, page, pace)
        self._cut_off = CutOff(desk)
        self._files = Files(desk, self.relay, self._introductions, self._cut_off)
        visitors = Visitors(desk, self._peers, self._conversations)
        self._receipts = Receipts(desk, self.relay, self._peers, self._writing, visitors, pace.receipt_jitter)
        self._outbound = Outbound(desk, self.relay, self.membership, self._peers, self._writing, pace)
        self._signals = Signals(desk, self.relay, self.membership, self._peers, visitors)
        self._activity = Activity(desk, self.membership, self._conversations, self._signals)
        self._queue = Queue(desk, self._conversations, self._activity, self._signals)
        self._prekeeping = Prekeeping(desk, self.relay, self._peers)
        self._generation = Generation(desk, self.relay)
        self._upkeep = self._make_upkeep()
        self._inbound = self._make_inbound()
        self._preferences = Preferences(desk)
        self._admissions = Admissions(desk, self.membership)
        self._contact = LastContact(desk)
        self._returning = Returning(desk, self.membership, self._conversations, self._speech, pace)
        self.overview = self._make_overview()
        self._actions = self._make_actions()
        self._connect()

    def _make_upkeep(self) -> Upkeep:
        return Upkeep(
            self._desk,
            self.relay,
            self.membership,
            self._prekeeping,
            self._generation,
            self._invitations,
            Retention(self._desk, self.membership, self._conversations, self._deletion),
            self._pace,
        )

    def _make_inbound(self) -> Inbound:
        effects = Effects(
            self._desk,
            self.membership,
            self._peers,
            self._conversations,
            self._invitations,
            self._introductions,
            self._past,
            self._speech,
            self._deletion,
        )
        return Inbound(self._desk, self.relay, self.membership, self._peers, self._receipts, effects, self._pace)

    def _make_overview(self) -> Overview:
        waiting = Waiting(self._desk, self.relay, self.membership, self._pace.enrolments)
        return Overview(
            self._desk,
            self.membership,
            self._conversations,
            self._returning,
            self._page_monitor,
            self._contact,
            waiting,
        )

    def _make_actions(self) -> Actions:
        return Actions(
            self._desk,
            self._conversations,
            self._speech,
            Workflow(self._desk, self.membership, self._conversations, self._speech, self._deletion),
            Details(self._desk, self.membership, self._conversations, self._speech),
            EarlierMessages(self._desk, self._conversations, self._speech, self._past, self._introductions),
            Figures(self._desk, self.membership, self._conversations),
            self.membership,
            self._invitations,
            self._files,
            self._outbound,
            self._upkeep,
            self._activity,
            self._preferences,
            self.overview,
        )

    def _connect(self) -> None:
        """Who is told what by whom."""
        self._writing.written = self._conversations.added
        self._conversations.reduced = self._receipts.reconsider
        self._conversations.checkers_of = self._invitations.checkers_of
        self._outbound.moved = self._conversations.transcript.moved
        self._outbound.taken = self._past.taken
        self._outbound.before_sealing = self._files.upload
        self._outbound.generation_due = self._generation.advance
        self._receipts.moved = self._conversations.transcript.moved
        self._receipts.log_grew = self._log_grew
        self._inbound.heard_from = self._heard_from
        self._introductions.learned = self._name_learned
        self._activity.left = self._contact.left
        self._inbound.connected = self._outbound.try_now
        self._inbound.signalled = self._signals.received
        self._inbound.written = self._activity.has_written
        self._receipts.heard_from = self._signals.heard
        self._signals.count_sends = self._outbound.count_sends
        self.membership.changed.append(self._membership_changed)
        self.membership.changed.append(self._page_monitor.reconsider)
        self.membership.alarmed = self._outbound.wake

    # Running

    async def run(self) -> None:
        """Until cancelled. Raises DeviceRevoked."""
        self._look_at_own_membership()
        revoked = False
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._until_revoked())
                group.create_task(self._work())
        except* DeviceRevoked:
            revoked = True  # what is raised in here, Python before 3.11.4 wraps into a group again
        if revoked:
            raise DeviceRevoked

    async def _until_revoked(self) -> None:
        await self._over.wait()
        raise DeviceRevoked

    async def _work(self) -> None:
        with suppress(StoreError):  # a full disk keeps the name of what is left on it
            remove_unfinished(self._desk.store)
        await self._kept(self._admission)
        self._tell_phase(Phase.UNLOCKED)
        self._preferences.tell()
        self._admissions.tell()
        try:
            self._conversations.inbox.load()
            self._cut_off.tell(self._conversations.inbox.summary)
        finally:
            self.shown.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._kept(self._conversations.inbox.preview_the_rest))
            group.create_task(self._kept(self._conversations.inbox.catch_up))
            await self._kept(self._begin)
            for run in (
                self._inbound.run,
                self._outbound.run,
                self._receipts.run,
                self._upkeep.run,
                self._page_monitor.run,
                self._signals.run,
                self._activity.run,
                self._queue.run,
                self._deletion.run,
                self._returning.run,
                self.overview.waiting.run,
            ):
                group.create_task(self._kept(run))
            group.create_task(self._kept(lambda: take_in_the_rest(self._desk)))

    async def _kept(self, run: Callable[[], Awaitable[None]]) -> None:
        """Runs it to its end, again after a fault of ours. What is logged names code and never content."""
        while True:
            try:
                await run()
            except (StoreError, ProtocolError) as error:
                self._desk.emit(NoticeRaised(notices.of_error(error, "Something here did not succeed.")))
            except Exception as error:  # noqa: BLE001 - a fault of ours must not silence the desk; it is told and logged
                log_fault(error)
                self._desk.emit(NoticeRaised(notices.OWN_FAULT))
            else:
                return
            await asyncio.sleep(_AFTER_A_FAULT)

    async def _admission(self) -> None:
        """Waits until the clinic log has this device."""
        if self.membership.own_role() is not None:
            return
        self._tell_phase(Phase.AWAITING_APPROVAL)
        self.shown.set()
        show_request(self._unlocked)
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(self._kept(self._keep_asking))
            await self._until_admitted()
            asking.cancel()

    async def _keep_asking(self) -> None:
        await keep_asking(self._unlocked, self.membership.log.clinic, self.relay, self._pace.asking)

    async def _until_admitted(self) -> None:
        while self.membership.own_role() is None:
            try:
                await self.membership.refresh(self.relay)
            except RelayError as error:
                self._desk.emit(ConnectionChanged(online=False, detail=notices.means(error)))
            if self.membership.own_role() is None:
                await asyncio.sleep(self._pace.admission)

    async def _begin(self) -> None:
        """Nothing is read or sent before the relay has said whether this device's past is its own."""
        backoff = Backoff(self._desk.random, self._pace.reconnect_first, self._pace.reconnect_most)
        while True:
            self._prekeeping.destroy_expired()
            try:
                await self.membership.refresh(self.relay)
                await self._generation.begin()
                await self._upkeep.cosign()  # before anything is sent: this may be the word that is still missing
                await self._prekeeping.tend()
                await self.relay.prepare_count()
            except RelayError as error:
                self._desk.emit(ConnectionChanged(online=False, detail=notices.means(error)))
                await asyncio.sleep(max(0.05, backoff.wait()))
            else:
                self._introductions.greet_colleagues()
                return

    async def do(self, command: Command) -> None:
        """What the window asks for. Before the device is admitted there is nothing to ask."""
        if self.membership.own_role() is not None:
            await self._actions.do(command)

    async def check_itself(self, network: "AsyncBaseTransport | None") -> None:
        """The self-check, told step by step."""
        await SelfCheck(self._desk, self.membership, self._conversations, self._actions.do, network).run()

    async def farewell(self) -> None:
        """While it takes no time, for the keys are to go: tells colleagues that nobody reads here now, takes the token
        by which a locked desk counts (the one from the unlock may end before the next), and sends the receipts that
        are due: what was read already would be counted until they go."""
        with suppress(TimeoutError, StoreError, ProtocolError, RelayError):
            async with asyncio.timeout(_FAREWELL):
                await self._activity.farewell()
                await self.relay.prepare_count()
                await self._receipts.send_all()

    def record_lock(self) -> None:
        with self._desk.work() as work:
            work.record("lock")

    def held_back(self) -> int:
        """Envelopes that wait at the relay though they were read: a count of what waits is to leave them out."""
        return self._desk.store.outbox.holding()

    # Hearing

    async def _log_grew(self) -> None:
        with suppress(RelayError):  # whoever asked waits, and tries again
            await self.membership.refresh(self.relay)

    def _heard_from(self, certificate: Certificate) -> None:
        self._signals.heard(certificate.device)
        if self.membership.roster.member(certificate.device) is not None:
            self._contact.heard(certificate.device)
            self._outbound.look_again()
        self._outbound.wake_dormant(certificate.device)

    def _name_learned(self) -> None:
        self._conversations.inbox.load()
        self.overview.names_changed()

    def _membership_changed(self, old: Roster) -> None:
        self._look_at_own_membership()
        self._outbound.wake()
        roster, own = self.membership.roster, self._desk.local.device
        if old.member(own) != roster.member(own):
            self._upkeep.hurry()
        if old.policy != roster.policy or old.member(own) != roster.member(own):
            self._tell_phase(Phase.UNLOCKED)

    def _look_at_own_membership(self) -> None:
        own = self.membership.roster.member(self._desk.local.device)
        if own is not None and not own.active:
            self._over.set()

    def _tell_phase(self, phase: Phase) -> None:
        roster = self.membership.roster
        told = self._desk.store.settings.name_of(self._desk.local.device)
        seconds = roster.policy.idle_lock_seconds
        agent = told.name if told else ""
        role = self.membership.own_role() or ""
        self._desk.emit(PhaseChanged(phase, roster.name, agent, role=role, idle_lock_seconds=seconds))


def log_fault(error: BaseException) -> None:
    """The kind of fault and where: an exception's text may quote what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    _log.error("fault of ours: %s at %s", type(error).__name__, "; ".join(f"{f.name}:{f.lineno}" for f in frames))
