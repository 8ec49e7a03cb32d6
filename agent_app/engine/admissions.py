"""Who was added to the clinic and is still to be read of, by whoever sits at this desk.

Only the devices are kept: what is to be said of them, the clinic log tells when it is said, after a restart too.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from agent_app.engine import commands
from agent_app.engine.desk import Desk
from agent_app.engine.events import DeviceAdmitted
from agent_app.engine.membership import Membership


class Admissions:
    """`methods` names, for each command, who does it. Lives on the engine's thread."""

    def __init__(self, desk: Desk, membership: Membership) -> None:
        self._desk, self._membership = desk, membership
        self.methods: dict[type, Callable[[Any], Awaitable[None]]] = {commands.MarkAdmissionsRead: self._mark_read}

    def tell(self) -> None:
        """After each unlock. Whose access has ended since needs no look any more."""
        for device in self._desk.store.settings.unread_admissions:
            member = self._membership.roster.member(device)
            if member is not None and member.active:
                self._desk.emit(DeviceAdmitted(self._membership.name_of(device), member.role, device))

    async def _mark_read(self, command: commands.MarkAdmissionsRead) -> None:
        settings = self._desk.store.settings
        with self._desk.store.transaction():
            unread = settings.unread_admissions
            settings.unread_admissions = tuple(device for device in unread if device not in command.devices)
