"""Every form, refused: said beside the field or the buttons and aloud, with the focus at the fault and nothing lost."""

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from agent_app import ui
from agent_app.engine import events
from agent_app.engine.events import Notice, NoticeRaised, Phase, Severity, news
from agent_app.ui.dialogs import (
    administration,
    earlier,
    files,
    hand_over,
    invitations,
    invite,
    label_patient,
    questions,
)
from agent_app.ui.dialogs.breach_scope import BreachScopeDialog
from agent_app.ui.dialogs.form import Form
from agent_app.ui.dialogs.own_settings import OwnSettingsDialog
from agent_app.ui.dialogs.replies import RepliesDialog
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.administration.hours import HoursSection
from agent_app.ui.views.administration.policy import PolicySection
from agent_app.ui.views.composer import Composer
from agent_app.ui.views.error_line import ErrorLine
from agent_app.ui.views.first_run import clinic, kit, recover
from agent_app.ui.views.join_screen import JoinScreen
from agent_app.ui.views.patient_pane import PatientPane
from agent_app.ui.views.screens import UnlockScreen
from agent_app.ui.views.table import Table
from tests.ui.conftest import UNLOCKED, Recorder, refused, show
from tests.ui.driving import find, press
from tests.ui.gallery.administration import _BEN, _CLINIC
from tests.ui.gallery.day import ADDRESS, CLINIC, FINGERPRINT, PAGE, WORDS
from tests.ui.samples import NOON, conversation, conversation_id, message

WRONG = Notice(Severity.WARNING, "Not done.", "The relay is away.", "Try later.")
FAILED = news.ActFailed("Not done.", "The relay is away. Try later.")
SAID = "Not done. The relay is away. Try later."
_SHEET = " ".join(f"word{place}" for place in range(25))


@dataclass
class House:
    """The window, and the engine's part in it."""

    window: MainWindow
    engine: Recorder
    qtbot: QtBot

    def tell(self, *raised: events.Event) -> None:
        for event in raised:
            self.window.receive(event)

    @property
    def desk(self):  # type: ignore[no-untyped-def]
        assert self.window.desk is not None
        return self.window.desk


@dataclass(frozen=True)
class Row:
    """How a form comes up, what is typed into it, which button is pressed, who refuses, and where that is to be seen.

    `refuse` is the engine's part; None where the form refuses by itself. Secrets are `cleared` on purpose.
    """

    kind: type
    open: Callable[[House], object]
    pressed: str
    error: str
    fault: str
    typed: Mapping[str, str | int] = field(default_factory=dict)
    refuse: Callable[[House], object] | None = None
    said: str = SAID
    cleared: tuple[str, ...] = ()


# Bringing them up


def at_desk(house: House, **details: object) -> None:
    house.tell(UNLOCKED)
    show(house.window, replace(conversation(), **details), message())  # type: ignore[arg-type]


def over(signal: str) -> Callable[[House], None]:
    def bring(house: House) -> None:
        at_desk(house)
        getattr(house.desk.pane, signal).emit()

    return bring


def notice(house: House) -> None:
    refused(house.window, house.engine, WRONG)


def act_failed(house: House) -> None:
    house.tell(FAILED)


def handing_over(house: House) -> None:
    over("hand_over_wanted")(house)
    colleagues = (events.Colleague(b"b" * 32, "Ben Okafor", "agent"), events.Colleague(b"c" * 32, "Carla", "agent"))
    house.tell(events.ColleaguesLoaded(colleagues, (), True))
    to = find(house.window, "handOverTo")
    assert isinstance(to, QComboBox)
    to.setCurrentIndex(1)


def sending_earlier(house: House) -> None:
    at_desk(house, level=3)
    house.desk.pane.earlier_wanted.emit()
    house.tell(events.EarlierLoaded(conversation_id(), (conversation(4),)))
    table = find(house.window, "earlierTable")
    assert isinstance(table, QTreeWidget)
    table.topLevelItem(0).setSelected(True)


def open_invitations(house: House) -> None:
    at_desk(house)
    house.desk._on_invitations()
    row = events.InvitationRow(b"i" * 16, "Maria Lopez", "", NOON, "open", 5, True)
    house.tell(events.InvitationsLoaded((row,)))


def received_file(house: House) -> None:
    row = message(1, "", kind="file", file=events.FileRow("letter.pdf", "application/pdf", 2048))
    house.tell(UNLOCKED)
    show(house.window, conversation(), row)
    house.desk.pane.file_wanted.emit(row)
    dialog = find(house.window, "receivedFileDialog")
    assert isinstance(dialog, files.ReceivedFileDialog)
    save = dialog.findChild(QAbstractButton, "saveFileButton")
    assert save is not None
    save.clicked.disconnect()
    save.clicked.connect(lambda: dialog._on_selected("/nowhere/letter.pdf"))


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


def patient_shown(house: House, **details: object) -> None:
    at_desk(house, **details)
    press(house.qtbot, house.window, "patientPaneButton")


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


def joining(house: House) -> None:
    house.tell(events.PhaseChanged(Phase.NEW))
    press(house.qtbot, house.window, "joinOwn")


def founding(house: House) -> None:
    house.tell(events.PhaseChanged(Phase.NEW))
    press(house.qtbot, house.window, "newClinic")


def written(house: House) -> None:
    founding(house)
    press(house.qtbot, house.window, "clinicWritten")


def finishing(house: House) -> None:
    founding(house)
    house.tell(news.AdministrationChanged(news.Stage.BEGUN, CLINIC, ADDRESS, FINGERPRINT))


def with_kit(house: House) -> None:
    founding(house)
    house.tell(news.AdministrationChanged(news.Stage.FOUNDED, CLINIC, ADDRESS, FINGERPRINT, True, True))
    sheet = tuple(_SHEET.split())
    house.tell(news.KitMade(CLINIC, FINGERPRINT, ADDRESS, (sheet, sheet), tuple((1, place) for place in range(1, 9))))
    house.qtbot.waitUntil(find(house.window, "kitWord7").isVisible)


def own_approval(house: House) -> None:
    founding(house)
    house.tell(events.PhaseChanged(Phase.AWAITING_APPROVAL, CLINIC, "Ana Ruiz"))
    house.tell(events.EnrolmentRequested("sealdesk-request:1:" + "a7" * 60, WORDS))


def checking(house: House) -> None:
    founding(house)
    house.tell(UNLOCKED)


def recovering(house: House) -> None:
    house.tell(events.PhaseChanged(Phase.NEW))
    press(house.qtbot, house.window, "recoverKey")
    press(house.qtbot, house.window, "recoverWritten")


def locked(house: House) -> None:
    house.tell(events.PhaseChanged(Phase.LOCKED, CLINIC, "Ana Ruiz"))


def locked_with_pin(house: House) -> None:
    locked(house)
    house.tell(events.PinOffered(NOON))


def unlock_failed(house: House) -> None:
    house.tell(events.UnlockFailed(WRONG, 0))


_WHO = {"inviteName": "Maria Lopez", "inviteBirthDate": "1984-03-27", "inviteReason": "Knee"}
_LABEL = {"labelName": "Maria Lopez", "labelBirthDate": "1984-03-27", "labelPhone": "555 014 2987"}
_JOIN = {"joinAddress": ADDRESS, "joinName": "Ana Ruiz", "joinPassphrase": "a b c", "joinRepeat": "a b c"}
_FOUND = {"newClinicName": CLINIC, "clinicRelay": "https://relay.example", "clinicHoursField": "8:00-17:00"}
_SHEETS = {"renewSheet1": _SHEET, "renewSheet2": _SHEET}
_RECOVER = {"recoverSheet1": _SHEET, "recoverSheet2": _SHEET, "recoverAddress": ADDRESS}
_REPLY = {"replyTitle": "Thanks", "replyEnglish": "Thank you", "replySpanish": "Gracias"}
_PINS = {"ownSettingsPin": "1111", "ownSettingsPinAgain": "1111"}

ROWS = {
    "close": Row(
        questions.CloseDialog,
        over("close_wanted"),
        "closeConfirm",
        "closeError",
        "closeOutcome",
        {"closeOutcome": "seen"},
        notice,
    ),
    "close, too long": Row(
        questions.CloseDialog,
        over("close_wanted"),
        "closeConfirm",
        "closeError",
        "closeOutcome",
        {"closeOutcome": "é" * 33},
        said="This outcome is too long. Shorten it.",
    ),
    "block": Row(questions.BlockDialog, over("block_wanted"), "blockConfirm", "blockError", "blockConfirm", {}, notice),
    "safety number": Row(
        questions.SafetyNumberDialog,
        over("number_wanted"),
        "safetyNumberMatches",
        "safetyNumberError",
        "safetyNumberMatches",
        {},
        notice,
    ),
    "export": Row(
        questions.ExportDialog,
        lambda house: (at_desk(house), house.desk.list.export_wanted.emit()),
        "exportConfirm",
        "exportError",
        "exportPath",
        {"exportPath": "/nowhere/a.bundle"},
        notice,
    ),
    "export nowhere": Row(
        questions.ExportDialog,
        lambda house: (at_desk(house), house.desk.list.export_wanted.emit()),
        "exportConfirm",
        "exportError",
        "exportPath",
        {"exportPath": ""},
        said="Say where the file is to be written.",
    ),
    "hand over": Row(
        hand_over.HandOverDialog,
        handing_over,
        "handOverConfirm",
        "handOverError",
        "handOverTo",
        {"handOverNote": "soon"},
        notice,
    ),
    "hand over, too long": Row(
        hand_over.HandOverDialog,
        handing_over,
        "handOverConfirm",
        "handOverError",
        "handOverNote",
        {"handOverNote": "é" * 2049},
        said="This note is too long. Shorten it.",
    ),
    "delete": Row(
        hand_over.DeleteDialog,
        lambda house: (at_desk(house), house.desk.pane.delete_wanted.emit(message())),
        "deleteConfirm",
        "deleteError",
        "deleteConfirm",
        {},
        notice,
    ),
    "earlier": Row(
        earlier.EarlierDialog, sending_earlier, "earlierConfirm", "earlierError", "earlierTable", {}, notice
    ),
    "invitations": Row(
        invitations.InvitationsDialog,
        open_invitations,
        "invitationsCancel",
        "invitationsError",
        "invitationsTable",
        {},
        notice,
    ),
    "invite": Row(
        invite.InviteDialog,
        lambda house: (at_desk(house), house.desk._on_invite()),
        "inviteCreate",
        "inviteError",
        "inviteCreate",
        _WHO,
        notice,
    ),
    "invite, no day": Row(
        invite.InviteDialog,
        lambda house: (at_desk(house), house.desk._on_invite()),
        "inviteCreate",
        "inviteError",
        "inviteBirthDate",
        {**_WHO, "inviteBirthDate": "soon"},
        said="Write the birth date",
    ),
    "who it is": Row(
        label_patient.LabelDialog,
        lambda house: (at_desk(house), house.desk._ask(label_patient.LabelDialog)),
        "labelSave",
        "labelError",
        "labelName",
        _LABEL,
        notice,
    ),
    "who it is, no number": Row(
        label_patient.LabelDialog,
        lambda house: (at_desk(house), house.desk._ask(label_patient.LabelDialog)),
        "labelSave",
        "labelError",
        "labelPhone",
        {**_LABEL, "labelPhone": "call me"},
        said="Write the phone number",
    ),
    "PIN": Row(
        OwnSettingsDialog,
        lambda house: (at_desk(house), house.desk._on_own_settings()),
        "ownSettingsPinSet",
        "ownSettingsError",
        "ownSettingsPin",
        _PINS,
        notice,
        cleared=tuple(_PINS),
    ),
    "two PINs": Row(
        OwnSettingsDialog,
        lambda house: (at_desk(house), house.desk._on_own_settings()),
        "ownSettingsPinSet",
        "ownSettingsError",
        "ownSettingsPin",
        {**_PINS, "ownSettingsPin": "2222"},
        said="The two PINs differ.",
        cleared=tuple(_PINS),
    ),
    "reply": Row(
        RepliesDialog,
        lambda house: (at_desk(house), house.desk._on_replies()),
        "replySave",
        "repliesError",
        "replyTitle",
        _REPLY,
        notice,
    ),
    "reply without words": Row(
        RepliesDialog,
        lambda house: (at_desk(house), house.desk._on_replies()),
        "replySave",
        "repliesError",
        "replyEnglish",
        {"replyTitle": "Thanks"},
        said="Write the reply",
    ),
    "received file": Row(
        files.ReceivedFileDialog,
        received_file,
        "saveFileButton",
        "receivedFileError",
        "saveFileButton",
        {},
        notice,
    ),
    "breach scope": Row(
        BreachScopeDialog,
        breach_scope,
        "breachScopeSave",
        "breachScopeError",
        "breachScopeSave",
        said="The file cannot be written",
    ),
    "tag": Row(
        PatientPane, patient_shown, "Return:patientTag", "patientTagError", "patientTag", {"patientTag": "vip"}, notice
    ),
    "tag, too long": Row(
        PatientPane,
        patient_shown,
        "Return:patientTag",
        "patientTagError",
        "patientTag",
        {"patientTag": "é" * 33},
        said="This tag is too long.",
    ),
    "guardian": Row(
        PatientPane,
        patient_shown,
        "patientGuardianSave",
        "patientGuardianError",
        "patientGuardian",
        {"patientGuardian": "Rosa Lopez", "patientRelation": "mother"},
        notice,
    ),
    "hold": Row(
        PatientPane,
        patient_shown,
        "patientHold",
        "patientHoldError",
        "patientReason",
        {"patientReason": "complaint"},
        notice,
    ),
    "hold taken off": Row(
        PatientPane,
        lambda house: (
            patient_shown(house, hold="complaint"),
            house.tell(events.DetailsLoaded(conversation_id(), (), (), "9f", NOON, 0, True, True, (), ())),
        ),
        "patientHold",
        "patientHoldError",
        "patientHold",
        {},
        notice,
    ),
    "written": Row(Composer, at_desk, "sendButton", "composerError", "composer", {"composer": "Hello"}, None),
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
    "join": Row(JoinScreen, joining, "joinButton", "joinError", "joinAddress", _JOIN, notice),
    "join, two passphrases": Row(
        JoinScreen,
        joining,
        "joinButton",
        "joinError",
        "joinRepeat",
        {**_JOIN, "joinRepeat": "c"},
        said="The two passphrases differ.",
    ),
    "join, no name": Row(
        JoinScreen, joining, "joinButton", "joinError", "joinName", {**_JOIN, "joinName": ""}, said="Write your name."
    ),
    "found": Row(clinic.ClinicScreen, written, "clinicFound", "clinicError", "clinicRelay", _FOUND, act_failed),
    "found without a name": Row(
        clinic.ClinicScreen,
        written,
        "clinicFound",
        "clinicError",
        "newClinicName",
        {**_FOUND, "newClinicName": ""},
        said="Something is missing.",
    ),
    "found, no hours": Row(
        clinic.ClinicScreen,
        written,
        "clinicFound",
        "clinicError",
        "clinicHoursField",
        {**_FOUND, "clinicHoursField": "9 to 5"},
        said="“9 to 5” are no hours.",
    ),
    "found, not written": Row(
        clinic.ClinicScreen,
        founding,
        "clinicFound",
        "clinicError",
        "clinicWritten",
        _FOUND,
        said="Write the passphrase down first.",
    ),
    "finish": Row(
        clinic.FinishScreen,
        finishing,
        "finishOpen",
        "finishError",
        "finishPassphrase",
        {"finishPassphrase": "wrong"},
        act_failed,
        cleared=("finishPassphrase",),
    ),
    "kit": Row(
        kit.KitScreen,
        with_kit,
        "kitConfirm",
        "kitError",
        "kitWord2",
        {f"kitWord{place}": "word" for place in range(8)},
        lambda house: house.tell(news.KitRefused((2, 5))),
        said="The marked words are not on the sheets.",
    ),
    "own approval": Row(clinic.OwnApprovalScreen, own_approval, "ownApprove", "ownError", "ownApprove", {}, act_failed),
    "self-check": Row(
        clinic.SelfCheckScreen, checking, "selfCheckRun", "selfCheckError", "selfCheckRun", {}, act_failed
    ),
    "recover": Row(
        recover.RecoverScreen, recovering, "recoverBegin", "recoverError", "recoverSheet1", _RECOVER, act_failed
    ),
    "recover, a word short": Row(
        recover.RecoverScreen,
        recovering,
        "recoverBegin",
        "recoverError",
        "recoverSheet1",
        {**_RECOVER, "recoverSheet1": "one"},
        said="Sheet 1: 1 of 25 words are here.",
    ),
    "unlock": Row(
        UnlockScreen,
        locked,
        "unlockButton",
        "unlockError",
        "unlockPassphrase",
        {"unlockPassphrase": "wrong"},
        unlock_failed,
        cleared=("unlockPassphrase",),
    ),
    "unlock by PIN": Row(
        UnlockScreen,
        locked_with_pin,
        "unlockButton",
        "unlockError",
        "unlockPassphrase",
        {"unlockPassphrase": "1111"},
        unlock_failed,
        cleared=("unlockPassphrase",),
    ),
}


def returned(house: House) -> None:
    """The engine gives back what it could not send, then says why."""
    house.tell(events.TextReturned(conversation_id(), "Hello", False))
    notice(house)


ROWS["written"] = replace(ROWS["written"], refuse=returned)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: heard.append(event.message()))
    return heard


@pytest.mark.parametrize("name", ROWS)
def test_what_is_refused_is_said_where_it_happened_and_costs_nothing(
    window: MainWindow, engine: Recorder, qtbot: QtBot, said: list[str], name: str
) -> None:
    row, house = ROWS[name], House(window, engine, qtbot)
    row.open(house)
    for _ in range(2):  # and once more: the same sentence is said anew
        said.clear()
        for named, text in row.typed.items():
            write(find(window, named), text)
        submit(house, row.pressed)
        if row.refuse is not None:
            row.refuse(house)
        error, fault = find(window, row.error), find(window, row.fault)
        assert isinstance(error, ErrorLine)
        assert error.isVisible()
        assert row.said in error.text()
        assert said.count(error.text()) == 1
        assert fault.window().focusWidget() is fault
        assert fault.accessibleDescription() == error.text()
        for named, text in row.typed.items():
            assert read(find(window, named)) == ("" if named in row.cleared else text), named
        button = find(window, row.pressed.removeprefix("Return:"))
        assert button.isEnabled()
        assert near(error, fault) or near(error, button)
        banners = [each.accessibleName() for each in window.findChildren(QWidget, "banner") if each.isVisible()]
        assert error.text() not in banners, "said twice"


def test_what_is_typed_next_takes_it_away(window: MainWindow, engine: Recorder, qtbot: QtBot) -> None:
    house = House(window, engine, qtbot)
    ROWS["close, too long"].open(house)
    write(find(window, "closeOutcome"), "é" * 33)
    press(qtbot, window, "closeConfirm")
    outcome, error = find(window, "closeOutcome"), find(window, "closeError")
    assert outcome.property("invalid") == "true"
    qtbot.keyClick(outcome, Qt.Key.Key_Backspace)
    assert not error.isVisible()
    assert (outcome.property("invalid"), outcome.accessibleDescription()) == ("false", "")


def test_a_form_stays_until_it_is_done_and_no_longer(window: MainWindow, engine: Recorder, qtbot: QtBot) -> None:
    ROWS["close"].open(House(window, engine, qtbot))
    press(qtbot, window, "closeConfirm")
    window.receive(NoticeRaised(WRONG))  # nothing that was asked here
    window.receive(events.CommandDone(object()))
    dialog = find(window, "closeDialog")
    assert dialog.isVisible()
    assert not find(window, "closeError").isVisible()
    assert [banner for banner in window.findChildren(QWidget, "banner") if banner.isVisible()]
    window.receive(events.CommandDone(engine.asked[-1]))
    assert not dialog.isVisible()


# What there is

_INPUTS = {
    "QLineEdit",
    "QPlainTextEdit",
    "QSpinBox",
    "QComboBox",
    "QCheckBox",
    "QDateEdit",
    "PlainTextField",
    "passphrase_field",
    "pin_field",
    "line_field",
    "sheet_field",
    "roles",
    "Editor",
    "ErrorLine",
}
_NEVER_REFUSED = {
    "ApprovalScreen": "shows the request, to be copied",
    "OpeningScreen": "shows address and snippet, to be copied",
    "SettingsDialog": "keeps each choice at once, on this workstation",
    "LogSection": "narrows a table",
    "SearchBox": "searches as one types",
    "Period": "asks anew for what it shows",
    "ReviewView": "narrows a table",
    "SendFileDialog": "names each file that cannot be sent before it comes up",
    "Form": "is what forms are made of",
    "ErrorLine": "is what forms are made of",
}


def test_every_form_is_in_a_row() -> None:
    """A class that takes something in, or has something to refuse, and that nobody has refused here."""
    modules = [import_module(found.name) for found in walk_packages(ui.__path__, f"{ui.__name__}.")]
    forms = {
        kind.__name__
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__ and issubclass(kind, QWidget) and asks(kind)
    }
    assert len(forms) > 30
    rows = {row.kind.__name__ for row in ROWS.values()}
    assert forms - rows - set(_NEVER_REFUSED) == set()
    assert set(_NEVER_REFUSED) <= forms | {"ErrorLine"}, "what is excused is there still"


def asks(kind: type) -> bool:
    if issubclass(kind, Form):
        return True
    tree = ast.parse(inspect.getsource(import_module(kind.__module__)))
    body = next(each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == kind.__name__)
    called = (each.func for each in ast.walk(body) if isinstance(each, ast.Call))
    return any(isinstance(each, ast.Name) and each.id in _INPUTS for each in called)


# Hands and eyes


def submit(house: House, pressed: str) -> None:
    if pressed.startswith("Return:"):
        house.qtbot.keyClick(find(house.window, pressed.removeprefix("Return:")), Qt.Key.Key_Return)
    else:
        press(house.qtbot, house.window, pressed)


def write(widget: QWidget, text: str | int) -> None:
    if isinstance(widget, QSpinBox):
        widget.setValue(int(text))
    elif isinstance(widget, QLineEdit):
        widget.setText(str(text))
    else:
        assert isinstance(widget, QPlainTextEdit)
        widget.setPlainText(str(text))


def read(widget: QWidget) -> str | int:
    if isinstance(widget, QSpinBox):
        return widget.value()
    if isinstance(widget, QLineEdit):
        return widget.text()
    assert isinstance(widget, QPlainTextEdit)
    return widget.toPlainText()


def near(one: QWidget, other: QWidget) -> bool:
    """Nothing but a line stands between them."""
    areas = [QRect(each.mapTo(each.window(), QPoint(0, 0)), each.size()) for each in (one, other)]
    upper, lower = sorted(areas, key=QRect.top)
    return one.window() is other.window() and lower.top() - upper.bottom() < 60
