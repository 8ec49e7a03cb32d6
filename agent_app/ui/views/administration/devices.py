"""Every device of the clinic, present and past: approve one, revoke one, tell what it could have read."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from agent_app.engine import commands
from agent_app.engine.commands import acts
from agent_app.engine.events import news
from agent_app.ui import words
from agent_app.ui.dialogs.administration import ApproveDialog
from agent_app.ui.dialogs.sheet import Sheet
from agent_app.ui.models.table import Line
from agent_app.ui.views.administration.section import Section
from agent_app.ui.views.administration.waiting import WaitingList
from agent_app.ui.views.basics import button, column, row
from agent_app.ui.views.table import Table


class DevicesSection(Section):
    """Stolen: choose the device, press, confirm."""

    def __init__(self, submit: Callable[[commands.Command], None], show: Callable[[Sheet], None]) -> None:
        super().__init__("devices", "", submit, show)
        self.title = self.tr("Devices")
        self.setAccessibleName(self.title)
        heads = (self.tr("Name"), self.tr("Number"), self.tr("Role"), self.tr("Since"), self.tr("How it stands"))
        self.table = Table("devicesTable", self.tr("Devices of the clinic"), heads, (210, 100, 120, 170))
        self.table.moved.connect(self._on_moved)
        self._approve = button(self.tr("Approve a workstation…"), "deviceApprove", "", self._on_approve)
        self._stolen = button(self.tr("Stolen, revoke now"), "deviceStolen", "danger", self._on_stolen)
        self._left = button(self.tr("End access…"), "deviceLeft", "", self._on_left)
        self._return = button(self.tr("Return its conversations"), "deviceReturn", "", self._on_return)
        self._scope = button(self.tr("Breach-scope report…"), "deviceScope", "", self._on_scope)
        foot = row(self._approve, spacing=8)
        foot.addStretch()
        for each in (self._return, self._scope, self._left, self._stolen):
            foot.addWidget(each)
        self._waiting = WaitingList(submit)
        self._waiting.approve_wanted.connect(self._on_approve)
        layout = column(spacing=10)
        layout.addWidget(self._waiting)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)
        self.setLayout(layout)
        self.draw()

    def show_waiting(self, event: news.RequestsWaiting) -> None:
        self._waiting.show_requests(event.requests)

    def draw(self) -> None:
        self._waiting.allow(self.may_act)
        devices = self.clinic.devices if self.clinic else ()
        active = [one for one in devices if not one.revoked]
        gone = sorted((one for one in devices if one.revoked), key=lambda one: -one.until)
        self.table.load(Line(one.device, self._cells(one)) for one in (*active, *gone))
        self._approve.setEnabled(self.may_act)

    def _cells(self, one: news.DeviceRow) -> tuple[str, ...]:
        since = words.full_time(one.since)
        return (one.name, one.device[:4].hex(), words.role(one.role), since, self._standing_of(one))

    def _standing_of(self, one: news.DeviceRow) -> str:
        if one.own:
            said = self.tr("this workstation")
        elif one.revoked:
            why = {"stolen": self.tr("stolen"), "left": self.tr("left"), "replaced": self.tr("replaced")}
            said = self.tr("revoked {time}: {why}").format(
                time=words.full_time(one.until), why=why.get(one.revoked, one.revoked)
            )
        elif one.gone:
            said = self.tr("locked {time}").format(time=words.full_time(one.gone))
        elif one.heard:
            said = self.tr("last heard {time}").format(time=words.full_time(one.heard))
        else:
            said = self.tr("not heard yet")
        held = self.tr("%n conversations with it", "", one.held) if one.held else ""
        return "  ·  ".join(part for part in (said, held) if part)

    @property
    def _chosen(self) -> news.DeviceRow | None:
        return next((one for one in self.clinic.devices if one.device == self.table.key), None) if self.clinic else None

    def _on_moved(self) -> None:
        chosen = self._chosen
        for each in (self._stolen, self._left):
            _allow(each, self._why_not(chosen))
        _allow(self._scope, "" if chosen is not None else self.tr("Choose a device first."))
        self._return.setVisible(chosen is not None and bool(chosen.revoked and chosen.held))

    def _why_not(self, chosen: news.DeviceRow | None) -> str:
        """Why its access cannot be ended; empty where it can."""
        if not self.may_act:
            return self.tr("The administrator’s key is not on this workstation.")
        if chosen is None:
            return self.tr("Choose a device first.")
        return self.tr("This device is revoked already.") if chosen.revoked else ""

    # Acting

    def _on_approve(self) -> None:
        self.bring_up(ApproveDialog(self.submit, self, locked=self.locked))

    def _on_stolen(self) -> None:
        if (one := self._chosen) is not None:
            told = self.tr(
                "The relay refuses this device at once, and each desk encrypts nothing to it as soon as it has heard. "
                "When it hears of it, it erases what it keeps. It cannot be undone. Its conversations return to the "
                "queue. Afterwards, make the breach-scope report."
            )
            self._ask(one, self.tr("Revoke {name} now?"), told, "stolen", self.tr("Revoke now"), "danger")

    def _on_left(self) -> None:
        if (one := self._chosen) is not None:
            told = self.tr(
                "The device can read and send nothing from now on, and erases what it keeps when it is next unlocked. "
                "It cannot be undone. Its conversations return to the queue; the name stays on what was written."
            )
            others = self._others_of(one)
            if others:
                same = self.tr("%n other devices bear this name: end the access of each.", "", others)
                told = f"{same} {told}"
            self._ask(one, self.tr("End the access of {name}?"), told, "left", self.tr("End access"), "danger")

    def _others_of(self, one: news.DeviceRow) -> int:
        """Of a person with two desks one would stay open. The log names nobody: by the name alone they are known."""
        devices = self.clinic.devices if self.clinic else ()
        return sum(other.name == one.name and not other.revoked and other is not one for other in devices)

    def _ask(self, one: news.DeviceRow, title: str, told: str, reason: str, label: str, kind: str) -> None:
        if one.own:
            told = self.tr("This is the workstation that you sit at.") + " " + told
        name = words.one_line(one.name)
        self.confirm(title.format(name=name), told, acts.RevokeDevice(one.device, reason), label, kind)

    def _on_return(self) -> None:
        if (one := self._chosen) is not None:
            self.submit(commands.ReturnConversations(one.device))

    def _on_scope(self) -> None:
        if (one := self._chosen) is not None:
            self.submit(commands.ReportBreachScope(one.device))


def _allow(pressed: QPushButton, why_not: str) -> None:
    """One that does nothing says why, to the eye and to a screen reader."""
    pressed.setEnabled(not why_not)
    pressed.setToolTip(why_not)
    pressed.setAccessibleDescription(why_not)
