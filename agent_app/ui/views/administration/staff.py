"""Who works here in which role, and the teams."""

from collections.abc import Callable

from agent_app.engine.commands import Command
from agent_app.engine.events import news
from agent_app.ui import words
from agent_app.ui.dialogs.administration import RoleDialog, TeamDialog
from agent_app.ui.dialogs.sheet import Sheet
from agent_app.ui.models.table import Line
from agent_app.ui.views.administration.section import Section
from agent_app.ui.views.basics import PlainLabel, button, column, row
from agent_app.ui.views.table import Table


class StaffSection(Section):
    """Active devices by role; teams by their members' names, for the log holds no names."""

    def __init__(self, submit: Callable[[Command], None], show: Callable[[Sheet], None]) -> None:
        super().__init__("staff", "", submit, show)
        self.title = self.tr("Staff and roles")
        self.setAccessibleName(self.title)
        heads = self.tr("Name"), self.tr("Role"), self.tr("What the role may do")
        self.people = Table("staffTable", self.tr("Staff"), heads, (240, 140))
        self.teams = Table("teamsTable", self.tr("Teams"), (self.tr("Members"),), ())
        self._role = button(self.tr("Change the role…"), "staffRole", "", self._on_role)
        self._new = button(self.tr("New team…"), "teamNew", "", lambda: self._on_team(None))
        self._change = button(self.tr("Change the team…"), "teamChange", "", lambda: self._on_team(self._team))
        self.people.moved.connect(self._on_moved)
        self.teams.moved.connect(self._on_moved)
        staff, teams = row(self._role), row(self._new, self._change)
        staff.addStretch()
        teams.addStretch()
        layout = column(spacing=10)
        layout.addWidget(self.people, 3)
        layout.addLayout(staff)
        layout.addWidget(PlainLabel(self.tr("Teams"), "title"))
        layout.addWidget(self.teams, 2)
        layout.addLayout(teams)
        self.setLayout(layout)
        self.draw()

    def draw(self) -> None:
        known = {
            "agent": self.tr("reads and writes; no administration, no audit"),
            "supervisor": self.tr("an agent who may also assign, delete and review the audit logs"),
            "administrator": self.tr("a supervisor whose desk also has this room"),
            "auditor": self.tr("reviews the audit logs; is sent no conversation"),
        }
        self.people.load(
            Line(one.device, (one.name, words.role(one.role), known.get(one.role, ""))) for one in self._staff
        )
        teams = self.clinic.teams if self.clinic else ()
        self.teams.load(Line(one.team, (one.name or self.tr("None of its members is here any more"),)) for one in teams)
        self._new.setEnabled(self.may_act and bool(self._staff))

    @property
    def _staff(self) -> tuple[news.DeviceRow, ...]:
        return tuple(one for one in self.clinic.devices if not one.revoked) if self.clinic else ()

    @property
    def _team(self) -> news.TeamRow | None:
        return next((one for one in self.clinic.teams if one.team == self.teams.key), None) if self.clinic else None

    def _on_moved(self) -> None:
        self._role.setEnabled(self.may_act and self.people.key is not None)
        self._change.setEnabled(self.may_act and self._team is not None)

    def _on_role(self) -> None:
        chosen = next((one for one in self._staff if one.device == self.people.key), None)
        if chosen is not None:
            self.bring_up(RoleDialog(chosen, self.submit, self, locked=self.locked))

    def _on_team(self, team: news.TeamRow | None) -> None:
        staff = [one for one in self._staff if one.role != "auditor"]
        self.bring_up(TeamDialog(team, staff, self.submit, self, locked=self.locked))
