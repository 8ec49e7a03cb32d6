"""The clinic as an administrator looks at it, from an unlocked desk: devices, teams, policy, log, relay and page."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from agent_app.engine import commands
from agent_app.engine.administration import news, opening, plain_log
from agent_app.engine.administration.breach_scope import BreachScope
from agent_app.engine.administration.last_contact import LastContact
from agent_app.engine.administration.waiting import Waiting
from agent_app.engine.conversations import Conversations
from agent_app.engine.desk import Desk
from agent_app.engine.events import Notice, Severity
from agent_app.engine.membership import Membership
from agent_app.engine.page_monitor import PageMonitor
from agent_app.engine.returning import Returning
from agent_app.engine.sentence import Sentence
from agent_app.engine.speech import Refused
from agent_app.protocol.keys import DeviceId
from agent_app.transparency import fingerprint
from agent_app.transparency.roster import Member, Roster

_NOT_ALLOWED = Notice(
    Severity.WARNING, "The clinic is not administered at this desk.", "Administrators’ desks do that.", "Ask one."
)
_NO_DEVICE = Notice(Severity.WARNING, "The clinic has no such device.", "", "Look at the list again.")
_NOT_REVOKED = Notice(
    Severity.WARNING, "The conversations stay where they are.", "The device that has them is still active.", ""
)


class Overview:
    """`methods` names, for each command, who does it. Lives on the engine's thread."""

    def __init__(
        self,
        desk: Desk,
        membership: Membership,
        conversations: Conversations,
        returning: Returning,
        page: PageMonitor,
        contact: LastContact,
        waiting: Waiting,
    ) -> None:
        self._desk = desk
        self._membership = membership
        self._conversations = conversations
        self._returning = returning
        self._page = page
        self._contact = contact
        self.waiting = waiting
        self._scope = BreachScope(desk, membership, contact)
        self._shown = False
        membership.changed.append(self._log_grew)
        self.methods: dict[type, Callable[[Any], Awaitable[None]]] = {
            commands.LoadClinic: self._load,
            commands.ReturnConversations: self._return,
            commands.ReportBreachScope: self._report,
            **waiting.methods,
        }

    async def _load(self, _command: commands.LoadClinic) -> None:
        self._require_administrator()
        self._shown = True
        self._tell()
        self.waiting.look()

    def _log_grew(self, _old: Roster) -> None:
        self.names_changed()

    def names_changed(self) -> None:
        if self._shown and self._membership.own_role() == "administrator":
            self._tell()

    async def _return(self, command: commands.ReturnConversations) -> None:
        self._require_administrator()
        if self._member(command.device).active:
            raise Refused(_NOT_REVOKED)
        self.put_back(DeviceId(command.device))

    def put_back(self, device: DeviceId) -> None:
        """What the device holds waits in the queue again."""
        self._returning.put_back(device)
        if self._shown:
            self._tell()

    async def _report(self, command: commands.ReportBreachScope) -> None:
        """Recorded before anybody can take it along."""
        self._require_administrator()
        member = self._member(command.device)
        lines = tuple(self._scope.lines(member))
        with self._desk.work() as work:
            work.record("export", b"", "breach-scope", member.id.hex())
            title = Sentence("Breach scope of {name}", name=self._membership.name_of(member.id))
            work.tell(news.BreachScopeReported(member.id, title, lines))

    def _require_administrator(self) -> None:
        if self._membership.own_role() != "administrator":
            raise Refused(_NOT_ALLOWED)

    def _member(self, device: bytes) -> Member:
        member = self._membership.roster.member(DeviceId(device))
        if member is None:
            raise Refused(_NO_DEVICE)
        return member

    # Telling

    def _tell(self) -> None:
        roster, log = self._membership.roster, self._membership.log
        self._desk.emit(
            news.ClinicLoaded(
                fingerprint.to_text(roster.clinic),
                self._devices(),
                tuple(
                    news.TeamRow(team, self._membership.team_name(team), devices)
                    for team, devices in roster.teams.items()
                    if devices
                ),
                _policy_row(roster),
                tuple(
                    news.LogRow(one.time, one.who, one.text)
                    for one in reversed(plain_log.entries(log, self._membership.name_of))
                ),
                roster.relay.origin,
                roster.relay.key.hex(),
                self._membership.freshness().time or 0,
                tuple(Sentence("An alarm stands: {code}.", code=one.code) for one in self._alarms()),
                self._page.address,
                self._page.seen,
                notice.happened if (notice := self._page.notice()) is not None else "",
                roster.time_zone,
                _hours_row(roster),
                self._page.missed,
            )
        )

    def _alarms(self) -> tuple[Any, ...]:
        return self._desk.store.clinic_log.alarms()

    def _devices(self) -> tuple[news.DeviceRow, ...]:
        holders = (self._conversations.state(one).holder for one in self._desk.store.conversations.list())
        held = Counter(holder for holder in holders if holder is not None)
        return tuple(self._device(member, held[member.id]) for member in self._membership.roster.members.values())

    def _device(self, member: Member, held: int) -> news.DeviceRow:
        since = plain_log.admitted_at(self._membership.log, member)
        return news.DeviceRow(
            member.id,
            self._membership.name_of(member.id),
            member.role,
            since,
            member.revoked.reason if member.revoked else "",
            member.revoked.time if member.revoked else 0,
            member.id == self._desk.local.device,
            self._contact.time(member.id),
            self._contact.gone(member.id),
            held,
        )


def _hours_row(roster: Roster) -> news.HoursRow | None:
    hours = roster.hours
    if hours is None:
        return None
    closed = tuple(day.isoformat() for day in opening.closed_days(hours))
    return news.HoursRow(hours.time_zone, opening.days(hours), closed)


def _policy_row(roster: Roster) -> news.PolicyRow:
    policy = roster.policy
    return news.PolicyRow(
        policy.idle_lock_seconds,
        policy.retention_days,
        policy.read_receipts,
        policy.history_to_new_devices,
        policy.warn_hours,
        policy.stop_hours,
    )
