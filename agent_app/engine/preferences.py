"""What one agent has chosen for themselves on this workstation. It lies in their store and goes nowhere."""

from collections.abc import Awaitable, Callable
from typing import Any

from agent_app.engine import commands
from agent_app.engine.desk import Desk
from agent_app.engine.events import PreferencesChanged
from agent_app.protocol.encoding import decode, encode
from agent_app.store.pin import PinKey
from agent_app.store.rooms import Store

_SILENT, _UNDISTURBED, _PIN = "silent", "do-not-disturb", "pin"


class Preferences:
    """Lives on the engine's thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.methods: dict[type, Callable[[Any], Awaitable[None]]] = {commands.SetNotifications: self._set}

    def tell(self) -> None:
        settings = self._desk.store.settings
        silent, undisturbed = bool(settings.number(_SILENT)), bool(settings.number(_UNDISTURBED))
        self._desk.emit(PreferencesChanged(not silent, undisturbed, pin_of(self._desk.store) is not None))

    async def _set(self, command: commands.SetNotifications) -> None:
        with self._desk.work():
            self._desk.store.settings.set_number(_SILENT, not command.sound)
            self._desk.store.settings.set_number(_UNDISTURBED, command.do_not_disturb)
        self.tell()


def pin_of(store: Store) -> PinKey | None:
    """The PIN that is set, as far as it is kept."""
    kept = store.settings.raw(_PIN)
    return decode(kept, PinKey) if kept else None


def keep_pin(store: Store, key: PinKey | None) -> None:
    """In a transaction."""
    store.settings.set_raw(_PIN, encode(key) if key else b"")
