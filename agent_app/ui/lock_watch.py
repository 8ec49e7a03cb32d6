"""When to lock: Ctrl+L wherever the keys go, or nobody at the workstation for some time."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

_SIGNS_OF_LIFE = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TabletMove,
}


class LockWatch(QObject):
    """Watches the application's events while it runs. Lives on Qt's thread. Signals: `lock_wanted`;
    `presence_changed`, False at half the idle time, True with the first sign of life after it; and `sign_seen`, once
    for each time that somebody awaits one.

    A shortcut of the window would not be heard while a dialog stands above it.
    """

    lock_wanted = Signal()
    presence_changed = Signal(bool)
    sign_seen = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.lock_wanted)
        self._leaving = QTimer(self, singleShot=True)
        self._leaving.timeout.connect(self._on_leaving)
        self._away = False
        self._is_awaited = False

    def await_sign(self) -> None:
        self._is_awaited = True

    def start(self, idle_seconds: int) -> None:
        self._timer.start(idle_seconds * 1000)
        self._leaving.start(idle_seconds * 500)
        self._away = False
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def stop(self) -> None:
        self._timer.stop()
        self._leaving.stop()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _SIGNS_OF_LIFE:
            return False
        self._timer.start()
        self._leaving.start()
        if self._away:
            self._away = False
            self.presence_changed.emit(True)
        if self._is_awaited:
            self._is_awaited = False
            self.sign_seen.emit()
        if isinstance(event, QKeyEvent) and _is_lock(event):
            self.lock_wanted.emit()
            return True
        return False

    def _on_leaving(self) -> None:
        self._away = True
        self.presence_changed.emit(False)


def _is_lock(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_L and event.modifiers() == Qt.KeyboardModifier.ControlModifier
