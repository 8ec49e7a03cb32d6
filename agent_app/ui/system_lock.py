"""When the operating system locks its screen or goes to sleep, as far as it tells: on Linux, over D-Bus."""

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage

_LOGIN = "org.freedesktop.login1"
# The screen savers of KDE, GNOME, Cinnamon and MATE differ in their names alone.
_SCREEN_SAVERS = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
)


class SystemLock(QObject):
    """Listens to logind on the system's bus and to the screen saver on the session's. Signal: `lock_wanted`.

    Where no bus answers nothing ever comes, and the idle lock remains. Nobody holds the machine awake for us: if it
    sleeps faster than the window locks, the lock is the first thing after it wakes.
    """

    lock_wanted = Signal()

    def __init__(self, system: QDBusConnection, session: QDBusConnection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._listen(system, _LOGIN, f"{_LOGIN}.Manager", "PrepareForSleep")
        self._listen(system, _LOGIN, f"{_LOGIN}.Session", "Lock")
        for name in _SCREEN_SAVERS:
            self._listen(session, name, name, "ActiveChanged")

    def _listen(self, bus: QDBusConnection, service: str, interface: str, member: str) -> None:
        if bus.isConnected():
            slot: Any = "1_on_told(QDBusMessage)"  # 1 is Qt's mark of a slot; bytes, as its stub wants them, it refuses
            bus.connect(service, "", interface, member, self, slot)

    @Slot(QDBusMessage)
    def _on_told(self, message: QDBusMessage) -> None:
        """Both ends of a sleep lock: the machine may have been faster than we. The end of a screen saver does not."""
        if message.arguments() != [False] or message.member() == "PrepareForSleep":
            self.lock_wanted.emit()
