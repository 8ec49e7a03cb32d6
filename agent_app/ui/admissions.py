"""Who was added to the clinic, announced until somebody was there to read it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from agent_app.engine import commands, events
from agent_app.engine.events import Notice, Severity, news
from agent_app.ui import words
from agent_app.ui.lock_watch import LockWatch
from agent_app.ui.views.banner import Banners

_READ = 20_000  # milliseconds from the first sign of life
_STAYING = ("supervisor", "administrator")  # who may delete, or change the clinic: closed by hand only


class Admissions(QObject):
    """Lives on Qt's thread. An announcement passes once it has stood before somebody for a while, or is closed by hand;
    only then is it read, and until then the engine repeats it after each unlock. The desk that approved a device has
    said so already."""

    def __init__(
        self, banners: Banners, watch: LockWatch, submit: Callable[[commands.Command], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._banners, self._watch, self._submit = banners, watch, submit
        self._announced: dict[bytes, events.DeviceAdmitted] = {}
        self._unlocked = False
        self.passing = QTimer(self, singleShot=True, interval=_READ)
        self.passing.timeout.connect(self._on_passed)
        watch.sign_seen.connect(self.passing.start)
        banners.dismissed.connect(self._on_dismissed)

    def receive(self, event: events.Event) -> None:
        match event:
            case events.DeviceAdmitted() if self._unlocked:
                self._announce(event)
            case events.DeviceNamed(name, device) if device in self._announced:
                before = self._announced[device]
                named = self._announced[device] = replace(before, name=name)
                self._banners.exchange(self._notice(before), self._notice(named))
            case news.DeviceApproved() if event.device in self._announced:
                self._mark_read([event.device])

    def begin(self) -> None:
        """An unlock; what is unread follows."""
        self._unlocked = True

    def end(self) -> None:
        """A lock, which takes all of it along."""
        self._unlocked = False
        self.passing.stop()
        self._announced.clear()

    def _announce(self, one: events.DeviceAdmitted) -> None:
        self._announced[one.device] = one
        self._banners.show_notice(self._notice(one))
        self.passing.stop()
        self._watch.await_sign()

    def _on_passed(self) -> None:
        """Not of what had to make room for others: nobody may have read it."""
        standing = self._banners.notices
        passed = (one for one in self._announced.values() if one.role not in _STAYING)
        self._mark_read([one.device for one in passed if self._notice(one) in standing])

    def _on_dismissed(self, notice: Notice) -> None:
        self._mark_read([device for device, one in self._announced.items() if self._notice(one) == notice])

    def _mark_read(self, devices: list[bytes]) -> None:
        if devices:
            gone = [self._notice(self._announced.pop(device)) for device in devices]
            self._banners.replace([notice for notice in self._banners.notices if notice not in gone])
            self._submit(commands.MarkAdmissionsRead(tuple(devices)))

    def _notice(self, one: events.DeviceAdmitted) -> Notice:
        name, role = words.one_line(one.name) or self.tr("A new device"), words.role(one.role)
        return Notice(
            Severity.WARNING if one.role in _STAYING else Severity.INFORMATION,
            self.tr("{name} was added to the clinic as {role}.").format(name=name, role=role),
            self.tr("This device will receive messages from now on."),
            self.tr("If you did not expect this, call your administrator."),
        )
