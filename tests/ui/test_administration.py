"""The administrator's room in the window: three clicks to revoke, words compared to approve, each change confirmed."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPlainTextEdit, QSpinBox, QTableView, QWidget
from pytestqt.qtbot import QtBot

from agent_app.engine import commands
from agent_app.engine.commands import acts
from agent_app.engine.events import Phase, PhaseChanged, news
from agent_app.ui import words
from agent_app.ui.dialogs.breach_scope import BreachScopeDialog
from agent_app.ui.main_window import MainWindow
from agent_app.ui.models.table import Line, TableModel
from agent_app.ui.views.desk import DeskView
from tests.ui import samples
from tests.ui.conftest import PASSPHRASE, UNLOCKED, Recorder
from tests.ui.driving import find, press, text_of, type_into

ANA = news.DeviceRow(b"a" * 32, "Ana Ruiz", "administrator", samples.NOON, own=True)
BEN = news.DeviceRow(b"b" * 32, "<b>Ben</b>", "agent", samples.NOON, heard=samples.NOON, held=2)
EVE = news.DeviceRow(b"e" * 32, "Eve", "agent", samples.NOON, "stolen", samples.NOON, held=1)
POLICY = news.PolicyRow(120, 0, True, True, 48, 72)
CLINIC = news.ClinicLoaded(
    "7c51 09be",
    (ANA, EVE, BEN),
    (news.TeamRow(b"t" * 16, "<b>Ben</b>", (BEN.device,)),),
    POLICY,
    (
        news.LogRow(samples.NOON, "Administrator 1", "Eve was revoked: stolen or lost."),
        news.LogRow(samples.NOON - 1, "Administrator 1", "Eve was admitted as agent."),
    ),
    "https://relay.example",
    "ab" * 32,
    samples.NOON,
    (),
    "https://relay.example/",
    samples.NOON,
    "",
)
LOCKED = news.AdministrationChanged(news.Stage.FOUNDED, "Riverside", "sealdesk-clinic:1", "7c51")
OPEN = replace(LOCKED, unlocked=True)
SAID = "anchor blossom cider dahlia ember fable"


@pytest.fixture
def opened(window: MainWindow, desk: DeskView, qtbot: QtBot) -> DeskView:
    window.receive(replace(UNLOCKED, role="administrator"))
    qtbot.keyClick(window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    window.receive(LOCKED)
    window.receive(CLINIC)
    return desk


def lines(window: MainWindow, name: str) -> list[str]:
    found = find(window, name)
    assert isinstance(found, QTableView)
    model = found.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def choose(window: MainWindow, name: str, row: int) -> None:
    found = find(window, name)
    assert isinstance(found, QTableView)
    found.selectRow(row)


def taken(qtbot: QtBot, window: MainWindow) -> None:
    """The relay has the act; the dialog is gone before the next one is looked for."""
    window.receive(news.LogGrew(9))
    qtbot.waitUntil(lambda: window.findChild(QWidget, "actConfirm") is None)


def test_only_administrators_are_offered_it(window: MainWindow, desk: DeskView, qtbot: QtBot, engine: Recorder) -> None:
    window.receive(replace(UNLOCKED, role="supervisor"))
    assert not desk.list.administration.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert engine.of(commands.LoadClinic) == []
    window.receive(replace(UNLOCKED, role="administrator"))
    desk.list.administration.trigger()
    assert engine.of(commands.LoadClinic) == [commands.LoadClinic()]


def test_a_stolen_device_is_revoked_with_three_clicks(
    opened: DeskView, window: MainWindow, qtbot: QtBot, engine: Recorder
) -> None:
    window.receive(OPEN)
    assert lines(window, "devicesTable") == ["Ana Ruiz", "<b>Ben</b>", "Eve"]
    assert not find(window, "deviceStolen").isEnabled()
    choose(window, "devicesTable", 1)
    press(qtbot, window, "deviceStolen")
    press(qtbot, window, "actConfirm")
    assert engine.of(acts.RevokeDevice) == [acts.RevokeDevice(BEN.device, "stolen")]
    assert find(window, "actDialog").isVisible()
    window.receive(news.LogGrew(9))
    assert not find(window, "actDialog").isVisible()


def test_of_a_leaver_with_two_desks_the_other_is_not_forgotten(
    opened: DeskView, window: MainWindow, qtbot: QtBot
) -> None:
    window.receive(OPEN)
    second = replace(BEN, device=b"2" * 32)
    gone = replace(BEN, device=b"3" * 32, revoked="left", until=samples.NOON)
    for devices, said in ((CLINIC.devices, False), ((*CLINIC.devices, gone), False), ((*CLINIC.devices, second), True)):
        window.receive(replace(CLINIC, devices=devices))
        choose(window, "devicesTable", 1)
        press(qtbot, window, "deviceLeft")
        shown = [label.text() for label in find(window, "actDialog").findChildren(QLabel)]
        assert any("other device" in text for text in shown) is said
        press(qtbot, window, "actCancel")
        qtbot.waitUntil(lambda: window.findChild(QWidget, "actDialog") is None)


def test_a_locked_key_is_opened_first_and_a_wrong_passphrase_changes_nothing(
    opened: DeskView, window: MainWindow, qtbot: QtBot, engine: Recorder
) -> None:
    choose(window, "devicesTable", 1)
    press(qtbot, window, "deviceLeft")
    press(qtbot, window, "actConfirm")
    assert "Type the administrator’s passphrase" in text_of(window, "actError")
    type_into(qtbot, window, "actPassphrase", "wrong")
    press(qtbot, window, "actConfirm")
    assert engine.of(acts.UnlockAdministration) == [acts.UnlockAdministration("wrong")]
    window.receive(news.ActFailed("The administrator's key was not opened.", "Wrong passphrase."))
    assert "Wrong passphrase" in text_of(window, "actError")
    window.receive(OPEN)  # somebody else's doing: it confirms nothing
    assert engine.of(acts.RevokeDevice) == []
    type_into(qtbot, window, "actPassphrase", "right")
    press(qtbot, window, "actConfirm")
    window.receive(OPEN)
    assert engine.of(acts.RevokeDevice) == [acts.RevokeDevice(BEN.device, "left")]
    field = find(window, "actPassphrase")
    assert isinstance(field, QLineEdit)
    assert field.text() == ""


def test_a_workstation_is_approved_by_its_words(
    opened: DeskView, window: MainWindow, qtbot: QtBot, engine: Recorder
) -> None:
    window.receive(OPEN)
    press(qtbot, window, "deviceApprove")
    assert not find(window, "actConfirm").isEnabled()
    type_into(qtbot, window, "approveWords", SAID)
    press(qtbot, window, "approveFind")
    assert engine.of(acts.ReadRequest)[-1] == acts.ReadRequest(SAID)
    window.receive(news.RequestRead("other words", "sealdesk-enrol:1:other", "Mallory"))
    assert not find(window, "actConfirm").isEnabled()
    window.receive(news.RequestRead(SAID, "sealdesk-enrol:1:abc", "Carla"))
    assert "Carla" in text_of(window, "approveName")
    press(qtbot, window, "actConfirm")
    assert engine.of(acts.ApproveDevice) == [acts.ApproveDevice("sealdesk-enrol:1:abc", "agent")]
    window.receive(news.LogGrew(9))
    window.receive(news.DeviceApproved("Carla", "supervisor", b"d" * 32))
    window.receive(news.SecondNeeded())
    assert "Have it unlocked now" in text_of(window, "administrationTold")


def test_words_that_nobody_shows_stay_and_are_said_to_be_wrong(
    opened: DeskView, window: MainWindow, qtbot: QtBot, engine: Recorder
) -> None:
    window.receive(OPEN)
    press(qtbot, window, "deviceApprove")
    type_into(qtbot, window, "approveWords", SAID)
    press(qtbot, window, "approveFind")
    window.receive(news.ActFailed("No workstation was found.", "Have them read again."))
    assert "Have them read again" in text_of(window, "approveError")
    press(qtbot, window, "approvePaste")
    type_into(qtbot, window, "approveRequest", "sealdesk-enrol:1:abc")
    press(qtbot, window, "approveFind")
    assert engine.of(acts.ReadRequest)[-1] == acts.ReadRequest(SAID, "sealdesk-enrol:1:abc")
    window.receive(news.RequestRead(SAID, "sealdesk-enrol:1:abc", "Carla"))
    assert find(window, "actConfirm").isEnabled()
    type_into(qtbot, window, "approveWords", SAID + "x")
    assert not find(window, "actConfirm").isEnabled()  # nothing is approved by words that were changed afterwards
    assert engine.of(acts.ApproveDevice) == []


def test_whoever_waits_is_listed_and_counted_by_itself(
    opened: DeskView, window: MainWindow, qtbot: QtBot, engine: Recorder
) -> None:
    window.receive(OPEN)
    window.receive(news.RequestsWaiting(tuple(news.WaitingRow(bytes([n]) * 16, 1_000 * n) for n in range(6))))
    assert text_of(window, "waitingTitle") == "6 workstations ask to join"
    assert "2 more" in text_of(window, "waitingMore")
    assert "(6)" in text_of(window, "devicesTab")
    assert opened.list.administration.text().endswith("(6)")
    press(qtbot, window, "waitingDismiss1")
    assert engine.of(commands.DismissRequest) == [commands.DismissRequest(b"\1" * 16)]
    press(qtbot, window, "waitingApprove0")
    assert find(window, "approveWords").isVisible()
    window.receive(news.RequestsWaiting(()))
    assert not find(window, "waitingList").isVisible()
    assert text_of(window, "devicesTab") == "Devices"


def test_a_workstation_without_the_key_shows_and_changes_nothing(opened: DeskView, window: MainWindow) -> None:
    window.receive(news.AdministrationChanged(news.Stage.NONE))
    choose(window, "devicesTable", 1)
    for name in ("deviceStolen", "deviceLeft", "deviceApprove", "policySave", "teamNew", "staffRole", "relayVouch"):
        assert not find(window, name).isEnabled(), name
    assert find(window, "deviceScope").isEnabled()
    assert "changes are made where it is" in text_of(window, "administrationKey")


def test_a_revoked_device_gives_back_its_conversations(
    opened: DeskView, window: MainWindow, qtbot: QtBot, engine: Recorder
) -> None:
    choose(window, "devicesTable", 1)
    assert not find(window, "deviceReturn").isVisible()
    choose(window, "devicesTable", 2)
    press(qtbot, window, "deviceReturn")
    assert engine.of(commands.ReturnConversations) == [commands.ReturnConversations(EVE.device)]


def test_the_breach_scope_is_shown_and_saved_whole(
    opened: DeskView, window: MainWindow, qtbot: QtBot, engine: Recorder, tmp_path: Path
) -> None:
    choose(window, "devicesTable", 2)
    press(qtbot, window, "deviceScope")
    assert engine.of(commands.ReportBreachScope) == [commands.ReportBreachScope(EVE.device)]
    window.receive(news.BreachScopeReported(EVE.device, "Breach scope of Eve", ("Device: Eve", "Not known.")))
    dialog = find(window, "breachScopeDialog")
    assert isinstance(dialog, BreachScopeDialog)
    dialog.save(tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text() == "Breach scope of Eve\n\nDevice: Eve\n\nNot known.\n"
    assert (tmp_path / "report.txt").stat().st_mode & 0o077 == 0
    dialog.save(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    dialog.save(tmp_path / "nowhere" / "report.pdf")
    assert "cannot be written" in text_of(window, "breachScopeError")


def test_policy_team_and_role_go_into_the_log(
    opened: DeskView, window: MainWindow, qtbot: QtBot, engine: Recorder
) -> None:
    window.receive(OPEN)
    press(qtbot, window, "policyTab")
    days = find(window, "policyRetention")
    assert isinstance(days, QSpinBox)
    days.setValue(365)
    window.receive(replace(CLINIC, log=CLINIC.log[:1]))  # the log grew meanwhile; what was typed stays
    press(qtbot, window, "policySave")
    assert "deletes for ever" in text_of(window, "actDialogTold")
    press(qtbot, window, "actConfirm")
    assert engine.of(acts.ChangePolicy) == [acts.ChangePolicy(120, 365, True, True, 48, 72)]
    taken(qtbot, window)
    press(qtbot, window, "staffTab")
    choose(window, "staffTable", 1)
    press(qtbot, window, "staffRole")
    press(qtbot, window, "actConfirm")
    assert engine.of(acts.ChangeRole) == [acts.ChangeRole(BEN.device, "agent")]
    taken(qtbot, window)
    press(qtbot, window, "teamNew")
    press(qtbot, window, "actConfirm")
    assert "Choose who" in text_of(window, "actError")
    box = find(window, "teamMember0")
    assert isinstance(box, QCheckBox)
    box.setChecked(True)
    press(qtbot, window, "actConfirm")
    assert engine.of(acts.SetTeam) == [acts.SetTeam(b"", (ANA.device,))]


def test_the_log_is_filtered_and_keys_lead_there_and_back(
    opened: DeskView, window: MainWindow, qtbot: QtBot, engine: Recorder
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
    assert find(window, "clinicLogTable").isVisible()
    assert len(lines(window, "clinicLogTable")) == 2
    type_into(qtbot, window, "clinicLogFilter", "eve ADMITTED")
    assert len(lines(window, "clinicLogTable")) == 1
    before = len(engine.of(acts.LockAdministration))
    qtbot.keyClick(opened.administration, Qt.Key.Key_Escape)
    assert len(engine.of(acts.LockAdministration)) == before + 1
    assert opened.list.isVisible()


def test_its_model_is_sound() -> None:
    model = TableModel(("One", "Two"))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.load((Line(1, ("a", "b")), Line(2, ("c\u202e", "d"))))
    model.narrow("c")
    assert (model.key(0), model.row(1), model.row(2)) == (2, -1, 0)
    model.load(())
    assert tester.model() is model


class TestRecovery:
    SHEETS = " ".join(["anchor"] * 25), " ".join(["blossom"] * 25)

    def typed(self, window: MainWindow) -> None:
        for number, sheet in enumerate(self.SHEETS, 1):
            field = find(window, f"recoverSheet{number}")
            assert isinstance(field, QPlainTextEdit)
            field.setPlainText(sheet)

    def on_screen(self, window: MainWindow) -> str:
        fields = [find(window, name) for name in ("recoverSheet1", "recoverSheet2")]
        shown = "".join(field.toPlainText() for field in fields if isinstance(field, QPlainTextEdit))
        return shown + text_of(window, "recoverPassphrase")

    def test_is_the_first_screens_third_choice(self, window: MainWindow, qtbot: QtBot, engine: Recorder) -> None:
        window.receive(PhaseChanged(Phase.NEW))
        press(qtbot, window, "recoverKey")
        assert find(window, "recoverScreen").isVisible()
        press(qtbot, window, "recoverBegin")
        assert "Sheet 1: 0 of 25" in text_of(window, "recoverError")
        self.typed(window)
        press(qtbot, window, "recoverBegin")
        assert "Write the passphrase down" in text_of(window, "recoverError")
        box = find(window, "recoverWritten")
        assert isinstance(box, QCheckBox)
        box.setChecked(True)
        type_into(qtbot, window, "recoverAddress", "sealdesk-clinic:abc")
        press(qtbot, window, "recoverBegin")
        asked = acts.RecoverAdministration(*self.SHEETS, "sealdesk-clinic:abc", PASSPHRASE)
        assert engine.of(acts.RecoverAdministration) == [asked]
        window.receive(news.ActFailed("The administrator's key was not replaced.", "These are not the two sheets."))
        assert "not the two sheets" in text_of(window, "recoverError")
        press(qtbot, window, "recoverBegin")
        window.receive(news.AdministrationRecovered("Riverside"))
        assert engine.of(acts.UnlockAdministration) == [acts.UnlockAdministration(PASSPHRASE)]
        assert self.on_screen(window) == ""
        assert "Riverside has a new administrator’s key" in text_of(window, "recoverDone")
        window.receive(OPEN)
        press(qtbot, window, "recoverGoOn")
        assert find(window, "joinScreen").isVisible()

    def test_a_lock_leaves_no_word_of_it(self, opened: DeskView, window: MainWindow, qtbot: QtBot) -> None:
        press(qtbot, window, "recoveryTab")
        press(qtbot, window, "recoveryBegin")
        self.typed(window)
        window.receive(replace(UNLOCKED, role="administrator", idle_lock_seconds=60))  # another policy leaves it there
        assert find(window, "recoverScreen").isVisible()
        window.lock()
        assert self.on_screen(window) == ""
        assert not find(window, "recoverScreen").isVisible()

    def test_a_lock_closes_what_the_last_step_of_a_founding_had_opened(self, window: MainWindow, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.NEW))
        press(qtbot, window, "newClinic")
        window.receive(OPEN)
        window.receive(replace(UNLOCKED, role="administrator"))
        press(qtbot, window, "selfCheckDone")
        press(qtbot, window, "openingApprove")
        assert find(window, "approveDialog").isVisible()
        window.lock()
        qtbot.waitUntil(lambda: window.findChild(QWidget, "approveDialog") is None)

    def test_back_leads_to_the_desk(self, opened: DeskView, window: MainWindow, qtbot: QtBot) -> None:
        press(qtbot, window, "recoveryTab")
        press(qtbot, window, "recoveryBegin")
        press(qtbot, window, "recoverBack")
        assert opened.isVisible()

    def test_new_sheets_are_made_of_the_old_ones(
        self, opened: DeskView, window: MainWindow, qtbot: QtBot, engine: Recorder
    ) -> None:
        press(qtbot, window, "recoveryTab")
        press(qtbot, window, "recoveryAnew")
        for number, sheet in enumerate(self.SHEETS, 1):
            field = find(window, f"renewSheet{number}")
            assert isinstance(field, QPlainTextEdit)
            field.setPlainText(sheet)
        press(qtbot, window, "sheetsMake")
        assert engine.of(acts.RenewKit) == [acts.RenewKit(*self.SHEETS)]
        window.receive(news.ActFailed("No new sheets were made.", "A word of this sheet is wrong."))
        assert "A word of this sheet is wrong." in text_of(window, "sheetsError")
        press(qtbot, window, "sheetsMake")
        sheet = tuple(f"word{place}" for place in range(25))
        window.receive(news.KitMade("Riverside", "7c51", "sealdesk-clinic:1", (sheet, sheet), ((1, 1),)))
        assert find(window, "kitWord0").isVisible()
        window.receive(news.KitConfirmed())
        assert opened.isVisible()


def test_opening_hours_are_told_as_they_are_written(
    opened: DeskView, window: MainWindow, qtbot: QtBot, engine: Recorder
) -> None:
    window.receive(OPEN)
    hours = news.HoursRow("Europe/Berlin", ("8:00-12:00", "", "", "", "", "", ""), ("2026-12-25",))
    window.receive(replace(CLINIC, hours=hours))
    press(qtbot, window, "hoursTab")
    type_into(qtbot, window, "hours-sat", "9:00-12:00")
    window.receive(replace(CLINIC, hours=hours, log=CLINIC.log[:1]))  # the log grew meanwhile; what was typed stays
    press(qtbot, window, "hoursSave")
    press(qtbot, window, "actConfirm")
    days = ("mon 8:00-12:00", "tue ", "wed ", "thu ", "fri ", "sat 9:00-12:00", "sun ")
    assert engine.of(acts.TellHours) == [acts.TellHours("Europe/Berlin", days, ("2026-12-25",))]


def page_told(window: MainWindow, **changed: object) -> list[str]:
    window.receive(replace(CLINIC, **changed))  # type: ignore[arg-type]
    return text_of(window, "pageTold").split("\n")


def test_of_a_page_that_was_never_seen_nothing_good_is_said(opened: DeskView, window: MainWindow) -> None:
    then = words.full_time(samples.NOON)
    address, told = page_told(window, page_seen=0)
    assert address == CLINIC.page
    assert told == "This desk has not looked at it yet. Whether it is the right one is not known."
    assert page_told(window, page_seen=0, page_missed=samples.NOON)[1:] == [
        f"This desk has never reached it, and has tried since {then}."
    ]
    assert page_told(window)[1:] == [f"Last looked at on {then}.", "No alarm stands."]
    later = samples.NOON + samples.MINUTE
    assert page_told(window, page_missed=later)[1:] == [
        f"Last looked at on {then}.",
        "No alarm stands.",
        f"Not reached again since {words.full_time(later)}.",
    ]
    assert page_told(window, page_alarm="It was changed.")[1:] == [f"Last looked at on {then}.", "It was changed."]


def test_what_cannot_be_done_with_a_device_says_why(opened: DeskView, window: MainWindow) -> None:
    stolen, left = find(window, "deviceStolen"), find(window, "deviceLeft")

    def said() -> set[tuple[bool, str, str]]:
        return {(each.isEnabled(), each.toolTip(), each.accessibleDescription()) for each in (stolen, left)}

    def refused(why: str) -> set[tuple[bool, str, str]]:
        return {(False, why, why)}

    assert said() == refused("Choose a device first.")
    choose(window, "devicesTable", 1)
    assert said() == {(True, "", "")}
    choose(window, "devicesTable", 2)
    assert said() == refused("This device is revoked already.")
    choose(window, "devicesTable", 1)
    revoked = replace(BEN, revoked="left", until=samples.NOON)
    window.receive(replace(CLINIC, devices=(ANA, EVE, revoked)))  # while it is chosen
    assert said() == refused("This device is revoked already.")
    window.receive(news.AdministrationChanged(news.Stage.NONE))
    assert said() == refused("The administrator’s key is not on this workstation.")
