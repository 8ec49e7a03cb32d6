"""The administrator's room: devices, roles, teams, policy, hours, the kit."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from agent_app.engine import events
from agent_app.engine.events import news
from agent_app.ui.dialogs import administration
from agent_app.ui.dialogs.breach_scope import BreachScopeDialog
from agent_app.ui.views.administration.hours import HoursSection
from agent_app.ui.views.administration.policy import PolicySection
from agent_app.ui.views.table import Table
from tests.ui.conftest import UNLOCKED
from tests.ui.driving import find, press
from tests.ui.forms.form import SHEET, House, Row, act_failed, act_failed_about
from tests.ui.gallery.administration import _BEN, _CLINIC
from tests.ui.gallery.day import ADDRESS, CLINIC, FINGERPRINT, PAGE, WORDS


def breach_scope(house: House) -> None:
    """Where it is saved is chosen in the system's own dialog; what follows is this one's."""
    in_the_room(house)
    house.tell(news.BreachScopeReported(_BEN, events.Sentence("Breach scope"), (events.Sentence("Nothing."),)))
    dialog = find(house.window, "breachScopeDialog")
    assert isinstance(dialog, BreachScopeDialog)
    save = dialog.findChild(QAbstractButton, "breachScopeSave")
    assert save is not None
    save.clicked.disconnect()
    save.clicked.connect(lambda: dialog.save(Path("/nowhere/report.txt")))


def in_the_room(house: House, *, unlocked: bool = False) -> None:
    house.tell(replace(UNLOCKED, role="administrator"))
    house.desk.show_administration()
    founded = news.AdministrationChanged(news.Stage.FOUNDED, CLINIC, ADDRESS, FINGERPRINT, unlocked=unlocked, page=PAGE)
    house.tell(founded, _CLINIC)


def section(name: str, *pressed: str, unlocked: bool = False, chosen: str = "") -> Callable[[House], None]:
    def bring(house: House) -> None:
        in_the_room(house, unlocked=unlocked)
        press(house.qtbot, house.window, f"{name}Tab")
        if chosen:
            table = find(house.window, chosen)
            assert isinstance(table, Table)
            table.choose(_BEN)
        for each in pressed:
            press(house.qtbot, house.window, each)

    return bring


def approving(house: House) -> None:
    section("devices", "deviceApprove", unlocked=True)(house)
    words_ = find(house.window, "approveWords")
    assert isinstance(words_, QLineEdit)
    words_.setText(" ".join(WORDS))
    house.tell(news.RequestRead(" ".join(WORDS), "sealdesk-enrol:" + "a7" * 60, "Dolores Prieto"))


_SHEETS = {"renewSheet1": SHEET, "renewSheet2": SHEET}


ROWS = {
    "breach scope": Row(
        BreachScopeDialog,
        breach_scope,
        "breachScopeSave",
        "breachScopeError",
        "breachScopeSave",
        said="The file cannot be written there. Choose another place",
    ),
    "revoke, wrong passphrase": Row(
        administration.ActDialog,
        section("devices", "deviceStolen", chosen="devicesTable"),
        "actConfirm",
        "actError",
        "actPassphrase",
        {"actPassphrase": "wrong"},
        act_failed,
        cleared=("actPassphrase",),
    ),
    "revoke": Row(
        administration.ActDialog,
        section("devices", "deviceStolen", chosen="devicesTable", unlocked=True),
        "actConfirm",
        "actError",
        "actConfirm",
        {},
        act_failed,
    ),
    "change policy": Row(
        administration.ActDialog,
        section("policy", "policySave", unlocked=True),
        "actConfirm",
        "actError",
        "actConfirm",
        {},
        act_failed,
    ),
    "approve, not found": Row(
        administration.ApproveDialog,
        section("devices", "deviceApprove", unlocked=True),
        "approveFind",
        "approveError",
        "approveWords",
        {"approveWords": "one two three four five six"},
        act_failed,
    ),
    "approve, no words": Row(
        administration.ApproveDialog,
        section("devices", "deviceApprove", unlocked=True),
        "approveFind",
        "approveError",
        "approveWords",
        said="Type the six words",
    ),
    "approve": Row(
        administration.ApproveDialog,
        approving,
        "actConfirm",
        "actError",
        "approveRole",
        {},
        act_failed,
    ),
    "role": Row(
        administration.RoleDialog,
        section("staff", "staffRole", unlocked=True, chosen="staffTable"),
        "actConfirm",
        "actError",
        "roleChoice",
        {},
        act_failed,
    ),
    "team": Row(
        administration.TeamDialog,
        section("staff", "teamNew", unlocked=True),
        "actConfirm",
        "actError",
        "teamMember0",
        said="Choose who is in the team.",
    ),
    "sheets": Row(
        administration.SheetsDialog,
        section("recovery", "recoveryAnew"),
        "sheetsMake",
        "sheetsError",
        "renewSheet1",
        _SHEETS,
        act_failed,
    ),
    "sheets, a word short": Row(
        administration.SheetsDialog,
        section("recovery", "recoveryAnew"),
        "sheetsMake",
        "sheetsError",
        "renewSheet2",
        {**_SHEETS, "renewSheet2": "one two"},
        said="Sheet 2: 2 of 25 words are here.",
    ),
    "policy": Row(
        PolicySection,
        section("policy"),
        "policySave",
        "policyError",
        "policyWarn",
        {"policyWarn": 80, "policyStop": 72},
        said="Desks must warn before they stop.",
    ),
    "hours": Row(
        HoursSection,
        section("hours"),
        "hoursSave",
        "hoursError",
        "hours-wed",
        {"hours-mon": "8:00-12:00 13:00-17:00", "hours-wed": "morning"},
        said="“morning” are no hours.",
    ),
    "closed days": Row(
        HoursSection,
        section("hours"),
        "hoursSave",
        "hoursError",
        "hoursClosed",
        {"hoursClosed": "2026-12-25 Xmas"},
        said="“Xmas” is no day.",
    ),
}

ROWS |= {
    "role, relay away": ROWS["role"].about("actConfirm", act_failed_about("relay.unreachable")),
    "sheets, the second misread": ROWS["sheets"].about("renewSheet2", act_failed_about("kit.sheet-2")),
    "sheets, relay away": ROWS["sheets"].about("sheetsMake", act_failed_about("relay.unreachable")),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_refused_is_said_where_it_happened_and_costs_nothing(house: House, said: list[str], name: str) -> None:
    ROWS[name].refuse_twice(house, said)
