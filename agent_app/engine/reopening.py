"""From a PIN to an open device, within ten minutes of its passphrase (docs/protocol.md, section 17)."""

import asyncio
from contextlib import suppress

from agent_app.engine.events import PinOffered
from agent_app.engine.preferences import Preferences, keep_pin, pin_of
from agent_app.engine.unlocking import Surroundings, Unlocked, unlocked_by
from agent_app.protocol.errors import ProtocolError
from agent_app.store.errors import PinOver, StoreError, VaultError
from agent_app.store.pin import LIFE, PinWindow, pin_key, reopen


class Reopening:
    """Owns each profile's window: what its PIN may open, and until when. Lives on the engine's thread.

    A window begins with a passphrase. A PIN neither begins one nor makes it longer.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._around = surroundings
        self._windows: dict[str, PinWindow] = {}
        self._passphrases: dict[str, int] = {}  # when each profile's was given last
        self._ending: dict[str, asyncio.Task[None]] = {}

    async def begin(self, unlocked: Unlocked) -> None:
        """Right after the passphrase."""
        self._passphrases[self._profile] = self._around.clock()
        await self._offer(unlocked)

    async def set_pin(self, unlocked: Unlocked, pin: str) -> None:
        """Sets the PIN of the profile, or with "" removes it. Raises WeakPin."""
        key = await asyncio.to_thread(pin_key, pin, self._around.random) if pin else None
        with unlocked.desk.work():
            keep_pin(unlocked.store, key)
        await self._offer(unlocked)
        Preferences(unlocked.desk).tell()

    async def unlock(self, pin: str) -> Unlocked:
        """Raises VaultError or StoreError. After the last try, or too late, the window is closed for good."""
        profile, window = self._profile, self._windows.get(self._profile)
        if window is None:
            raise PinOver
        vault = await asyncio.to_thread(self._around.vault)
        try:
            secrets = await asyncio.to_thread(reopen, vault, window, pin, self._around.clock())
        finally:
            if not window.is_open(self._around.clock()):
                await self._close(profile)
        return unlocked_by(self._around, vault, secrets, "pin")

    def tell(self) -> None:
        """Whether the profile's PIN reopens now, and until when."""
        window = self._windows.get(self._profile)
        open_now = window is not None and window.is_open(self._around.clock())
        self._around.emit(PinOffered(window.ends if window is not None and open_now else 0))

    async def end(self) -> None:
        for profile in list(self._windows):
            await self._close(profile)

    async def end_of(self, profile: str) -> None:
        await self._close(profile)

    @property
    def _profile(self) -> str:
        return self._around.profile.name

    async def _offer(self, unlocked: Unlocked) -> None:
        """Without a keyring that takes its half there is no PIN, and the passphrase remains."""
        profile, now = self._profile, self._around.clock()
        await self._close(profile)
        ends = self._passphrases.get(profile, -LIFE) + LIFE
        with suppress(VaultError, StoreError, ProtocolError):
            key = pin_of(unlocked.store)
            if key is None or now >= ends:
                return
            keyring, random = (await asyncio.to_thread(self._around.vault)).keyring, self._around.random
            self._windows[profile] = await asyncio.to_thread(
                PinWindow, unlocked.secrets, key, ends, profile, keyring, random
            )
            self._ending[profile] = asyncio.create_task(self._close_later(profile, (ends - now) / 1000))

    async def _close_later(self, profile: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        del self._ending[profile]
        await self._close(profile)

    async def _close(self, profile: str) -> None:
        if ending := self._ending.pop(profile, None):
            ending.cancel()
        if window := self._windows.pop(profile, None):
            with suppress(VaultError):  # a half without the rest opens nothing
                await asyncio.to_thread(window.close)
            if profile == self._profile:
                self.tell()
