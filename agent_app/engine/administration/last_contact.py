"""When this desk last heard from each colleague's device, and whether its last word was that its keys go.

A device says "offline" as it locks or ends (docs/protocol.md, section 22), before its keys leave memory. That word is
kept here for a breach-scope report; whatever comes from the device after it takes it back.
"""

from agent_app.engine.desk import Desk
from agent_app.protocol.keys import DeviceId

_COARSE = 60_000  # milliseconds: no envelope of a talk needs a write of its own


class LastContact:
    """Lives on the engine's thread, outside any commit."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._leaving: DeviceId | None = None

    def heard(self, device: DeviceId) -> None:
        """An envelope of the device was opened."""
        leaving, self._leaving = self._leaving, None
        if leaving == device:
            return  # the envelope with the farewell itself
        now = self._desk.clock()
        if self.gone(device) or now - self.time(device) >= _COARSE:
            self._write(device, now, 0)

    def left(self, device: DeviceId) -> None:
        """The device said that it locks. `heard` of the same envelope follows."""
        now = self._desk.clock()
        self._write(device, now, now)
        self._leaving = device

    def time(self, device: bytes) -> int:
        """0 where nothing was heard."""
        return self._desk.store.settings.number(f"heard-{device.hex()}")

    def gone(self, device: bytes) -> int:
        """When it said that its keys go, if that was its last word; else 0."""
        return self._desk.store.settings.number(f"gone-{device.hex()}")

    def _write(self, device: DeviceId, heard: int, gone: int) -> None:
        with self._desk.store.transaction():
            self._desk.store.settings.set_number(f"heard-{device.hex()}", heard)
            self._desk.store.settings.set_number(f"gone-{device.hex()}", gone)
