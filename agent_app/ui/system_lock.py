"""When the operating system locks its screen or goes to sleep, as far as it tells: on Linux, over D-Bus."""

import os
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusUnixFileDescriptor

from agent_app.engine.events import Event, Phase, PhaseChanged

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

    A sleep writes memory to the disk, or keeps it for whoever takes the machine along. So logind is asked to wait until
    the keys are gone; it waits some seconds at most. Where no bus answers nothing comes, and the idle lock remains.
    """

    lock_wanted = Signal()

    def __init__(self, system: QDBusConnection, session: QDBusConnection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._system = system
        self._open = False  # the desk, and so its keys are in memory
        self._sleeping = False
        self._delay: int | None = None  # logind waits while this file is open
        self._listen(system, _LOGIN, f"{_LOGIN}.Manager", "PrepareForSleep")
        self._listen(system, _LOGIN, f"{_LOGIN}.Session", "Lock")
        for name in _SCREEN_SAVERS:
            self._listen(session, name, name, "ActiveChanged")
        self._ask_for_delay()

    def receive(self, event: Event) -> None:
        """Told of each phase by the engine: whether there are keys."""
        if isinstance(event, PhaseChanged):
            was_open, self._open = self._open, event.phase is Phase.UNLOCKED
            if was_open and not self._open and self._sleeping:
                self._let_sleep()

    @property
    def delays_sleep(self) -> bool:
        return self._delay is not None

    def _listen(self, bus: QDBusConnection, service: str, interface: str, member: str) -> None:
        if bus.isConnected():
            slot: Any = "1_on_told(QDBusMessage)"  # 1 is Qt's mark of a slot; bytes, as its stub wants them, it refuses
            bus.connect(service, "", interface, member, self, slot)

    @Slot(QDBusMessage)
    def _on_told(self, message: QDBusMessage) -> None:
        """Both ends of a sleep lock: the machine may have been faster than we. The end of a screen saver does not."""
        begins = message.arguments() != [False]
        if message.member() == "PrepareForSleep":
            self._on_sleep(begins)
        elif begins:
            self.lock_wanted.emit()

    def _on_sleep(self, begins: bool) -> None:
        self._sleeping = begins
        self.lock_wanted.emit()
        if not begins:
            self._ask_for_delay()
        elif not self._open:
            self._let_sleep()

    def _ask_for_delay(self) -> None:
        if self._delay is None and self._system.isConnected():
            asked = QDBusMessage.createMethodCall(_LOGIN, "/org/freedesktop/login1", f"{_LOGIN}.Manager", "Inhibit")
            asked.setArguments(["sleep", "Sealdesk", self.tr("The desk is locked first"), "delay"])
            QDBusPendingCallWatcher(self._system.asyncCall(asked), self).finished.connect(self._on_delay_given)

    def _on_delay_given(self, answer: QDBusPendingCallWatcher) -> None:
        """A refusal is no error: then the lock is the first thing after waking."""
        given = answer.reply().arguments()
        answer.deleteLater()
        if given and isinstance(given[0], QDBusUnixFileDescriptor):
            self._delay = given[0].takeFileDescriptor()

    def _let_sleep(self) -> None:
        if self._delay is not None:
            os.close(self._delay)
            self._delay = None
