"""Tells somebody who looks elsewhere that something waits: how much, and never what or from whom."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QSystemTrayIcon

from agent_app.engine import events
from agent_app.engine.events import Phase, PreferencesChanged, Status

_PAUSE = 5_000  # milliseconds: whoever writes ten times in a row is heard once
_CALM = PreferencesChanged(sound=True, do_not_disturb=False, pin=False)


def system_tray() -> QSystemTrayIcon | None:
    """None on desktops that have no tray."""
    return QSystemTrayIcon() if QSystemTrayIcon.isSystemTrayAvailable() else None


class Notifier(QObject):
    """Counts what is unread, or what waits while locked, and says so in the window's title, the taskbar's badge, the
    tray and by a sound. Lives on Qt's thread. Signal: `lock_wanted`, from the tray's menu.

    The tray's messages are kept by other programs and shown on locked screens: so it is always the same sentence.
    """

    lock_wanted = Signal()

    def __init__(
        self,
        window: QMainWindow,
        icon: QIcon,
        tray: QSystemTrayIcon | None,
        beep: Callable[[], None] = QApplication.beep,
    ) -> None:
        super().__init__(window)
        self._window, self._tray, self._beep = window, tray, beep
        self._preferences = _CALM
        self._agent = ""
        self._unread: dict[bytes, int] = {}
        self._locked = False
        self._waiting: dict[str, int] = {}  # by profile: whoever passes a locked desk may tell whom it calls
        self._shown = 0
        self._since = QElapsedTimer()
        self._menu = QMenu(window)
        self._menu.setObjectName("trayMenu")
        self._menu.addAction(self.tr("Open Sealdesk"), self._open).setObjectName("trayOpen")
        self._menu.addAction(self.tr("Lock (Ctrl+L)"), self.lock_wanted.emit).setObjectName("trayLock")
        if tray is not None:
            tray.setParent(self)
            tray.setIcon(icon)
            tray.setContextMenu(self._menu)
            tray.activated.connect(self._on_tray)
            tray.messageClicked.connect(self._open)
            tray.setToolTip("Sealdesk")
            tray.show()

    def receive(self, event: events.Event) -> None:
        match event:
            case PreferencesChanged():
                self._preferences = event
            case events.AgentsListed(current=current) if current != self._agent:
                self._agent, self._preferences = current, _CALM
            case events.PhaseChanged():
                self._on_phase(event)
            case events.MessagesWait():
                self._on_waiting(event)
            case events.ConversationsLoaded(rows):
                self._unread = {row.conversation: _unread(row) for row in rows}
            case events.ConversationsAdded(rows):
                self._unread |= {row.conversation: _unread(row) for row in rows}
            case events.ConversationChanged(row):
                more = _unread(row) > self._unread.get(row.conversation, 0)
                self._unread[row.conversation] = _unread(row)
                if more:
                    self._say()
            case _:
                return
        self._show()

    @property
    def count(self) -> int:
        return sum((self._waiting if self._locked else self._unread).values())

    def _on_phase(self, event: events.PhaseChanged) -> None:
        self._locked = event.phase is not Phase.UNLOCKED
        if self._locked:
            self._unread.clear()

    def _on_waiting(self, event: events.MessagesWait) -> None:
        more = (event.count or 0) > self._waiting.get(event.profile, 0)
        self._waiting[event.profile] = event.count or 0
        if more and self._locked:
            self._say()

    def _say(self) -> None:
        """At most once in a while, and not to somebody who is looking, save by ear."""
        undisturbed = self._preferences.do_not_disturb
        if undisturbed or (self._since.isValid() and not self._since.hasExpired(_PAUSE)):
            return
        self._since.start()
        if self._preferences.sound:
            self._beep()
        if not self._window.isActiveWindow():
            QApplication.alert(self._window)
            if self._tray is not None:
                self._tray.showMessage("Sealdesk", self.tr("Something new waits for you."), self._tray.icon())

    def _show(self) -> None:
        count = self.count
        if count == self._shown:
            return
        self._shown = count
        self._window.setWindowTitle(f"({count}) Sealdesk" if count else "Sealdesk")
        application = QApplication.instance()
        if isinstance(application, QGuiApplication):
            application.setBadgeNumber(count)
        if self._tray is not None:
            self._tray.setToolTip(self._window.windowTitle())

    def _on_tray(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason != QSystemTrayIcon.ActivationReason.Context:
            self._open()

    def _open(self) -> None:
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.activateWindow()


def _unread(row: events.ConversationRow) -> int:
    """What this agent is called for: who waits for anybody, what is theirs, where they are named. What a colleague has
    in hand is the colleague's."""
    called = row.mentioned or row.status is Status.WAITING or (row.status is Status.HELD and row.mine)
    return row.unread if called else 0
