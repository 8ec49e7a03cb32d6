"""The asyncio core of the desk: commands in, events out. It knows no window and no Qt."""

import asyncio
import gc
import os
import threading
import time
from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from keyring.backend import KeyringBackend

from agent_app.engine import erasure, notices
from agent_app.engine.administration.notebook import Refused
from agent_app.engine.administration.office import Office
from agent_app.engine.clinic_address import AddressRefused
from agent_app.engine.commands import Command, Join, Lock, SetPin, Stop, SwitchAgent, Unlock, UnlockByPin, acts
from agent_app.engine.counting import Counting
from agent_app.engine.events import (
    AgentsListed,
    CommandDone,
    Event,
    NoticeRaised,
    Phase,
    PhaseChanged,
    Severity,
    UnlockFailed,
)
from agent_app.engine.pace import Pace
from agent_app.engine.profile import Profile
from agent_app.engine.provisioning import join
from agent_app.engine.reopening import Reopening
from agent_app.engine.sentence import Sentence
from agent_app.engine.shift import DeviceRevoked, Shift, log_fault
from agent_app.engine.unlocking import Surroundings, Unlocked, check, unlock
from agent_app.engine.workstation import Workstation
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.keys import ClinicId, DeviceId
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import RelayError
from agent_app.store.errors import StoreError, UnlockDelayed, VaultError
from agent_app.store.vault import Cost

if TYPE_CHECKING:
    from httpx import AsyncBaseTransport


def system_clock() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class _Stolen:
    """A locked desk of this workstation was revoked as stolen; it takes its turn among what the window asks."""

    profile: Profile


class Engine:
    """Everything behind the window, on one asyncio loop in one thread.

    `emit` is called on that thread with frozen events. `clock` gives milliseconds since 1970 UTC,
    `random` so many random bytes, `keyring` is the operating system's unless a test brings its own.
    `page` is the address of the patients' page, the relay's own unless it is hosted elsewhere. `pace`, `cost` and
    `network` are how often, how expensively and through what; a test brings its own. `say` translates what is written
    into files for people; it is called on that thread.
    """

    def __init__(
        self,
        profile: Profile,
        emit: Callable[[Event], None],
        clock: Callable[[], int] = system_clock,
        random: Callable[[int], bytes] = os.urandom,
        keyring: KeyringBackend | None = None,
        page: str = "",
        pace: Pace = Pace(),  # noqa: B008 - frozen
        cost: Cost = Cost(),  # noqa: B008 - frozen
        network: "AsyncBaseTransport | None" = None,
        say: Callable[[str], str] = str,
    ) -> None:
        self._surroundings = Surroundings(profile, emit, clock, random, keyring, cost, say)
        self._emit = emit
        self._page = page
        self._network = network
        self._pace = pace
        self._loop: asyncio.AbstractEventLoop | None = None
        self._starting = threading.Lock()
        self._early: list[Command] = []
        self._commands: asyncio.Queue[Command | _Stolen] = asyncio.Queue()
        self._unlocked: Unlocked | None = None
        self._shift: Shift | None = None
        self._workstation = Workstation(profile.data)
        self._office = self._make_office()
        self._reopening = Reopening(self._surroundings)
        self._running: asyncio.Task[None] | None = None
        self._counting = Counting(emit, clock, pace.locked_count)
        self._under_way: set[asyncio.Task[None]] = set()

    def submit(self, command: Command) -> None:
        """Asks for `command`, from any thread. The answer is an event."""
        with self._starting:
            if self._loop is None:
                self._early.append(command)
                return
        self._loop.call_soon_threadsafe(self._commands.put_nowait, command)

    @property
    def holds_no_keys(self) -> bool:
        """Whether the device is locked, or has never been unlocked."""
        return self._unlocked is None and self._shift is None

    async def run(self) -> None:
        """Runs until Stop. What is under way then is stored first."""
        with self._starting:  # a command that came between the two lines would wait for ever
            self._loop = asyncio.get_running_loop()
            for early in self._early:
                self._commands.put_nowait(early)
        self._workstation.sweep(self._surroundings.profile)
        await self._tell_first_phase()
        try:
            while not isinstance(command := await self._commands.get(), Stop):
                await self._guarded(command)
                del command  # it may hold a passphrase
            if self._shift is not None:  # whoever ends the program locks it
                await self._end_tasks()
                self._record_lock(self._shift)
                await self._shift.farewell()
        finally:
            await self._close()

    def _make_office(self) -> Office:
        return Office(self._surroundings, self._network, lambda: self._shift)

    async def _tell_first_phase(self) -> None:
        self._tell_agents()
        if erasure.is_begun(self._surroundings.profile) and not await self._finish_erasure(self._surroundings.profile):
            self._emit(PhaseChanged(Phase.REVOKED))
            return
        try:
            vault = await asyncio.to_thread(self._surroundings.vault)
            known = await asyncio.to_thread(vault.exists)
        except VaultError as error:
            self._emit(PhaseChanged(Phase.NEW))
            self._emit(NoticeRaised(notices.of_error(error, "The system's keyring cannot be used.")))
            return
        self._emit(PhaseChanged(Phase.LOCKED if known else Phase.NEW))
        with suppress(VaultError, Refused, ProtocolError):  # without it the desk works as before
            await self._office.tell()

    async def _guarded(self, command: Command | _Stolen) -> None:
        """A fault of ours must not take the desk away, nor leave keys with nobody who would drop them."""
        try:
            await self._do(command)
        except Exception as error:  # noqa: BLE001 - it is told and logged
            log_fault(error)
            fault = notices.OWN_FAULT
            self._emit(
                UnlockFailed(fault, 0) if isinstance(command, Unlock | UnlockByPin) else NoticeRaised(fault, command)
            )
            if self._shift is None:
                self._wipe()

    async def _do(self, command: Command | _Stolen) -> None:
        match command:
            case Join():
                await self._join(command)
            case Unlock() | UnlockByPin():
                await self._unlock(command)
            case SwitchAgent(profile):
                await self._switch(profile)
            case SetPin():
                await self._set_pin(command)
            case Lock():
                await self._lock()
            case _Stolen(profile):
                await self._erase_locked(profile)
            case _ if isinstance(command, acts.Act):
                self._take_up(self._office.do(command), command)
                await asyncio.sleep(0)
            case _ if self._shift is not None:
                # Files and invitations take a while; the next command must not wait for them.
                self._take_up(self._shift.do(command), command)
                # But each begins before the next does: a lock right after must not cancel what has not begun.
                await asyncio.sleep(0)

    def _take_up(self, work: Coroutine[Any, Any, None], command: Command | None = None) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(partial(self._done, command))

    def _done(self, command: Command | None, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._emit(NoticeRaised(notices.OWN_FAULT, command))

    # Opening

    async def _join(self, command: Join) -> None:
        if self._unlocked is not None:
            return
        try:
            self._unlocked = await join(self._surroundings, command.clinic_address, command.name, command.passphrase)
        except (AddressRefused, ProtocolError, RelayError, StoreError, VaultError) as error:
            self._emit(NoticeRaised(notices.of_error(error, "This device did not join the clinic."), command))
        else:
            self._begin(self._unlocked)

    async def _unlock(self, command: Unlock | UnlockByPin) -> None:
        if self._unlocked is not None:
            return
        try:
            if isinstance(command, UnlockByPin):
                self._unlocked = await self._reopening.unlock(command.pin)
            else:
                self._unlocked = await unlock(self._surroundings, command.passphrase)
                await self._reopening.begin(self._unlocked)
        except (VaultError, StoreError, ProtocolError) as error:
            await self._tell_unlock_failed(error)
        else:
            await self._counting.end(self._surroundings.profile.name)
            self._begin(self._unlocked)

    async def _set_pin(self, command: SetPin) -> None:
        if self._unlocked is not None:
            try:
                await self._reopening.set_pin(self._unlocked, command.pin)
            except (VaultError, StoreError) as error:
                self._emit(NoticeRaised(notices.of_error(error, "The PIN was not changed."), command))
            else:
                self._emit(CommandDone(command))

    async def _tell_unlock_failed(self, error: VaultError | StoreError | ProtocolError) -> None:
        wait = error.seconds if isinstance(error, UnlockDelayed) else 0
        if not wait:
            with suppress(VaultError):
                vault = await asyncio.to_thread(self._surroundings.vault)
                wait = vault.seconds_to_wait(self._surroundings.clock())
        self._emit(UnlockFailed(notices.of_error(error, "Sealdesk was not unlocked."), wait))

    def _begin(self, unlocked: Unlocked) -> None:
        own = unlocked.store.settings.name_of(unlocked.desk.local.device)
        with suppress(StoreError):  # the list of names is a convenience
            self._workstation.remember(self._surroundings.profile, own.name if own else "")
        self._tell_agents()
        self._shift = Shift(unlocked, self._pace, self._page, self._network)
        self._running = asyncio.create_task(self._work(self._shift))
        self._take_up(self._check(unlocked, self._shift.shown))

    async def _check(self, unlocked: Unlocked, shown: asyncio.Event) -> None:
        """A damaged store is closed again, and stays on the disk as it was found: until this has passed, nothing is
        written into its file, so it may wait until the inbox is shown and take no core from it."""
        await shown.wait()
        try:
            await check(self._surroundings, unlocked)
        except StoreError as error:
            happened = Sentence("Sealdesk was locked, since its store is damaged.")
            self._emit(NoticeRaised(replace(notices.of_error(error, happened), severity=Severity.ALARM)))
            self.submit(Lock())

    async def _work(self, shift: Shift) -> None:
        try:
            await shift.run()
        except DeviceRevoked:
            await self._erase(shift)
            self._emit(PhaseChanged(Phase.REVOKED))
        except Exception as error:  # noqa: BLE001 - else an open desk would stand there and do nothing
            log_fault(error)
            self._emit(NoticeRaised(notices.OWN_FAULT))
            await self._lock()

    # Several agents

    def _tell_agents(self) -> None:
        self._emit(AgentsListed(self._workstation.agents(), self._surroundings.profile.name))

    async def _switch(self, profile: str) -> None:
        """Each agent's device is her own; what this process has of the one before is her sealed PIN window at most."""
        before = self._surroundings.profile
        known = {agent.profile for agent in self._workstation.agents()}
        if profile == before.name or (profile and profile not in known):
            return
        await self._lock()
        await self._end_tasks()
        self._office.lock()
        self._workstation.leave(before)
        new = self._workstation.new_profile(self._surroundings.random)
        self._surroundings.profile = Profile(before.data, profile) if profile else new
        self._office = self._make_office()
        await self._tell_first_phase()
        self._reopening.tell()
        self._counting.tell()

    # Closing

    async def _lock(self) -> None:
        if self._shift is None or self._unlocked is None:
            return
        relay, profile, held = self._shift.relay, self._surroundings.profile, 0
        clinic, device = self._shift.membership.log.clinic, self._unlocked.desk.local.device
        await self._end_tasks()
        try:
            held = await self._put_down(self._shift)
        finally:
            relay.forget_mailbox()
            self._wipe()
            self._emit(PhaseChanged(Phase.LOCKED))
            self._reopening.tell()
        over = partial(self._look_for_theft, profile, clinic, device)
        await self._counting.begin(profile.name, relay, held, over)

    async def _put_down(self, shift: Shift) -> int:
        """Says goodbye, and how many envelopes that wait were read already."""
        await shift.farewell()
        self._record_lock(shift)
        with suppress(StoreError):  # too high a count is better than an open desk
            return shift.held_back()
        return 0

    def _record_lock(self, shift: Shift) -> None:
        """A full disk must not keep a desk open."""
        try:
            shift.record_lock()
        except StoreError as error:
            self._emit(NoticeRaised(notices.of_error(error, "The audit log does not tell of this lock.")))

    async def _end_tasks(self) -> None:
        """Cancelled work leaves nothing halfway: whatever is written is one commit."""
        tasks = [task for task in (self._running, *self._under_way) if task and task is not asyncio.current_task()]
        await _end(tasks)
        self._running = None

    async def _erase(self, shift: Shift) -> None:
        """A revoked device keeps nothing but its audit log, sealed."""
        profile, unlocked = self._surroundings.profile, self._unlocked
        if unlocked is not None:
            erasure.keep_log(unlocked.desk, profile)
        try:
            erasure.begin(profile)
        except StoreError as error:
            self._emit(NoticeRaised(notices.not_erased(error)))
        finally:
            await self._shut(shift)
            await self._reopening.end_of(profile.name)
        await self._finish_erasure(profile)

    async def _finish_erasure(self, profile: Profile) -> bool:
        """Whether nothing is left. What the keyring or the disk refused is tried again at the next start."""
        if not erasure.is_begun(profile):
            return False
        try:
            vault = await asyncio.to_thread(replace(self._surroundings, profile=profile).vault)
            log = await asyncio.to_thread(erasure.finish, profile, vault)
        except (VaultError, StoreError) as error:
            self._emit(NoticeRaised(notices.not_erased(error)))
            return False
        if profile == self._surroundings.profile:
            self._emit(NoticeRaised(notices.erased(log)))
        self._tell_agents()
        return True

    async def _look_for_theft(self, profile: Profile, clinic: ClinicId, device: DeviceId, relay: RelayClient) -> None:
        if await erasure.is_stolen(relay, clinic, device):
            self._commands.put_nowait(_Stolen(profile))

    async def _erase_locked(self, profile: Profile) -> None:
        """One that was opened meanwhile hears of it by itself, and can still put its audit log by."""
        here = profile == self._surroundings.profile
        if here and self._unlocked is not None:
            return
        with suppress(StoreError):  # then whoever opens it erases it
            erasure.begin(profile)
        await self._reopening.end_of(profile.name)
        if await self._finish_erasure(profile) and here:
            self._emit(PhaseChanged(Phase.REVOKED))

    async def _shut(self, shift: Shift) -> None:
        await self._end_tasks()
        await shift.relay.close()
        self._wipe()

    def _wipe(self) -> None:
        """Drops whatever holds keys. A caller that still has the shift in hand keeps it from being freed."""
        self._office.lock()
        self._shift = None
        if self._unlocked is not None:
            self._unlocked.wipe()
            self._unlocked = None
            gc.collect()  # what held keys in a circle is freed now, not some time later

    async def _close(self) -> None:
        await self._reopening.end()
        await self._end_tasks()  # also an administrator's, which needs no unlocked device
        await self._counting.close()
        if self._shift is not None:
            await self._shut(self._shift)
        self._wipe()


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancels them and waits. Not by `gather`: in Python 3.11 it keeps what was cancelled, keys included, for ever."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
