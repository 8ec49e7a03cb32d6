"""Who was added to the clinic, announced until somebody was there to read it."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from agent_app.engine import events
from agent_app.engine.events import Notice, Severity, news
from agent_app.ui import words
from agent_app.ui.lock_watch import LockWatch
from agent_app.ui.views.banner import Banners

_READ = 20_000  # milliseconds from the first sign of life
_STAYING = ("supervisor", "administrator")  # who may delete, or change the clinic: closed by hand only


class Admissions(QObject):
    """Lives on Qt's thread. An announcement passes once it has stood before somebody for a while; one that a lock
    takes away unread comes back. The desk that approved a device has said so already."""

    def __init__(self, banners: Banners, watch: LockWatch, parent: QObject) -> None:
        super().__init__(parent)
        self._banners, self._watch = banners, watch
        self._announced: dict[bytes, events.DeviceAdmitted] = {}
        self._suspended = False
        self.passing = QTimer(self, singleShot=True, interval=_READ)
        self.passing.timeout.connect(self._on_read)
        watch.sign_seen.connect(self.passing.start)

    def receive(self, event: events.Event) -> None:
        match event:
            case events.DeviceAdmitted():
                self._announced[event.device] = event
                self._announce([event])
            case events.DeviceNamed(name, device) if device in self._announced:
                before = self._announced[device]
                named = self._announced[device] = replace(before, name=name)
                self._banners.exchange(self._notice(before), self._notice(named))
            case news.DeviceApproved() if event.device in self._announced:
                self._take_down([event.device])

    def suspend(self) -> None:
        """A lock, which the engine repeats: what nobody had closed by then is unread."""
        self.passing.stop()
        if not self._suspended:
            self._suspended, standing = True, self._banners.notices
            self._announced = {key: one for key, one in self._announced.items() if self._notice(one) in standing}

    def resume(self) -> None:
        self._suspended = False
        if self._announced:
            self._announce(self._announced.values())

    def forget(self) -> None:
        """Another agent's profile: it hears of its own clinic by itself."""
        self._announced.clear()

    def _announce(self, unread: Iterable[events.DeviceAdmitted]) -> None:
        for one in unread:
            self._banners.show_notice(self._notice(one))
        self.passing.stop()
        self._watch.await_sign()

    def _on_read(self) -> None:
        self._take_down([device for device, one in self._announced.items() if one.role not in _STAYING])

    def _take_down(self, devices: list[bytes]) -> None:
        gone = [self._notice(self._announced.pop(device)) for device in devices]
        self._banners.replace([notice for notice in self._banners.notices if notice not in gone])

    def _notice(self, one: events.DeviceAdmitted) -> Notice:
        name, role = words.one_line(one.name) or self.tr("A new device"), words.role(one.role)
        return Notice(
            Severity.WARNING if one.role in _STAYING else Severity.INFORMATION,
            self.tr("{name} was added to the clinic as {role}.").format(name=name, role=role),
            self.tr("This device will receive messages from now on."),
            self.tr("If you did not expect this, call your administrator."),
        )
