"""The patient pane, handing over and deleting: what is shown to whom, and what is asked of the engine."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QCompleter, QFileDialog, QLineEdit, QListWidget, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from agent_app.engine import commands
from agent_app.engine.events import (
    Colleague,
    ColleaguesLoaded,
    ConversationChanged,
    ConversationCopied,
    ConversationExported,
    ConversationsLoaded,
    DetailsLoaded,
    EarlierLoaded,
    FileRow,
    Happening,
    Notice,
    PatientDevice,
    Severity,
    Status,
    Team,
)
from agent_app.ui.main_window import MainWindow
from agent_app.ui.readable_copy import document
from agent_app.ui.views.desk import DeskView
from tests.ui import samples
from tests.ui.conftest import Recorder, done, refused, show
from tests.ui.driving import find, press, text_of, type_into

ROW = replace(samples.conversation(status=Status.HELD, mine=True), tags=("blood test",), guardian="", relation="")


def details(**changes: object) -> DetailsLoaded:
    given = DetailsLoaded(
        samples.conversation_id(),
        (Happening(samples.NOON, "Ana Ruiz checked the patient by two identifiers. They match."),),
        (samples.message(1, kind="file", file=FileRow("letter.pdf", "application/pdf", 2048)),),
        "a1b2c3d4",
        samples.NOON,
        30,
        False,
        False,
        ("blood test", "call back"),
        ("answered",),
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def test_it_folds_out_and_shows_what_is_known(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    show(window, ROW, samples.message())
    assert not desk.patient.isVisible()
    assert engine.of(commands.LoadDetails) == []
    press(qtbot, window, "patientPaneButton")
    assert desk.patient.isVisible()
    assert engine.of(commands.LoadDetails) == [commands.LoadDetails(ROW.conversation)]
    window.receive(details())
    assert "They match." in text_of(window, "patientChecks")
    assert "1984-03-27" in text_of(window, "patientIdentifiers")
    assert "48213" in text_of(window, "patientNumber")
    assert "30 days" in text_of(window, "patientHoldTold")
    files = find(window, "patientFiles")
    assert isinstance(files, QListWidget)
    assert "letter.pdf" in files.item(0).text()
    press(qtbot, window, "patientPaneButton")
    assert not desk.patient.isVisible()


def test_names_and_identifiers_stay_hidden_until_the_check(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    show(window, replace(ROW, level=1, title="Invited patient 1a2b"), samples.message())
    press(qtbot, window, "patientPaneButton")
    assert "1984" not in text_of(window, "patientIdentifiers")
    assert not find(window, "patientGuardian").isVisible()


def test_tags_are_added_and_removed(qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
    show(window, ROW, samples.message())
    press(qtbot, window, "patientPaneButton")
    window.receive(details())
    type_into(qtbot, window, "patientTag", "urgent")
    field = find(window, "patientTag")
    assert isinstance(field, QLineEdit)
    completer = field.completer()
    assert isinstance(completer, QCompleter)
    completer.setCompletionPrefix("CALL")
    assert completer.currentCompletion() == "call back"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    press(qtbot, window, "tag0")
    at = ROW.conversation
    assert engine.of(commands.SetTag) == [
        commands.SetTag(at, "urgent", True),
        commands.SetTag(at, "blood test", False),
    ]


def test_an_agent_puts_a_hold_on_and_does_not_take_it_off(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    show(window, ROW, samples.message())
    press(qtbot, window, "patientPaneButton")
    window.receive(details())
    type_into(qtbot, window, "patientReason", "a complaint")
    press(qtbot, window, "patientHold")
    assert engine.of(commands.SetHold) == [commands.SetHold(ROW.conversation, True, "a complaint")]
    window.receive(ConversationChanged(replace(ROW, hold="a complaint")))
    assert "a complaint" in text_of(window, "patientHoldTold")
    assert not find(window, "patientHold").isEnabled()
    window.receive(details(may_lift_hold=True))
    assert find(window, "patientHold").isEnabled()


def test_blocking_takes_two_clicks(qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
    show(window, ROW, samples.message())
    press(qtbot, window, "patientPaneButton")
    desk.patient.ensureWidgetVisible(find(window, "patientBlock"))
    press(qtbot, window, "patientBlock")
    press(qtbot, window, "blockConfirm")
    assert engine.of(commands.BlockPatient) == [commands.BlockPatient(ROW.conversation)]


def test_a_conversation_is_handed_to_a_colleague_or_a_team(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    show(window, ROW, samples.message())
    at, device, team = ROW.conversation, bytes(32), bytes(16)
    for place, expected in ((0, commands.Transfer(at, device, "soon")), (1, commands.HandOver(at, team, "soon"))):
        desk.pane.header.hand_over_wanted.emit()
        assert not find(window, "handOverConfirm").isEnabled()
        window.receive(ColleaguesLoaded((Colleague(device, "Ben", "agent"),), (Team(team, "Ben, Chris"),), False))
        desk.findChild(object, "handOverTo").setCurrentIndex(place)  # type: ignore[attr-defined]
        type_into(qtbot, window, "handOverNote", "soon")
        press(qtbot, window, "handOverConfirm")
        assert engine.asked[-1] == expected
        done(window, engine)
        qtbot.waitUntil(lambda: desk.findChild(object, "handOverDialog") is None)


def earlier_action(desk: DeskView) -> QAction:
    found = desk.findChild(QAction, "sendEarlierAction")
    assert found is not None
    return found


@pytest.mark.parametrize(("level", "enabled"), [(0, False), (1, False), (2, False), (3, True)])
def test_earlier_messages_are_offered_to_a_checked_phone_alone(
    window: MainWindow, desk: DeskView, level: int, enabled: bool
) -> None:
    show(window, replace(ROW, level=level), samples.message())
    assert earlier_action(desk).isEnabled() is enabled


def test_the_chosen_earlier_conversation_is_sent(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    show(window, ROW, samples.message())
    earlier_action(desk).trigger()
    assert engine.asked[-1] == commands.ListEarlier(ROW.conversation)
    assert "The earlier phone will be told" in text_of(window, "earlierTold")
    assert not find(window, "earlierConfirm").isEnabled()
    blocked = replace(samples.conversation(1, preview="my\nrash \u202eis back"), blocked=True)
    closed = samples.conversation(2, status=Status.CLOSED)
    window.receive(EarlierLoaded(samples.conversation_id(9), (closed,)))
    table = find(window, "earlierTable")
    assert isinstance(table, QTreeWidget)
    assert table.topLevelItemCount() == 0
    window.receive(EarlierLoaded(ROW.conversation, (blocked, closed)))
    shown = [[table.topLevelItem(at).text(place) for place in (1, 2)] for at in range(2)]
    assert shown == [["Blocked", "my rash  is back"], ["Closed", "Thank you!"]]
    table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(table.hasFocus)
    assert not find(window, "earlierConfirm").isEnabled(), "nobody has chosen yet"
    qtbot.keyClick(table, Qt.Key.Key_End)
    press(qtbot, window, "earlierConfirm")
    assert engine.of(commands.SendHistory) == [commands.SendHistory(ROW.conversation, closed.conversation)]
    refusal = Notice(Severity.WARNING, "The earlier messages were not sent.", "The beginning is gone.", "")
    refused(window, engine, refusal)
    assert text_of(window, "earlierError").startswith("The earlier messages were not sent.")


def test_where_nothing_earlier_can_be_sent_it_says_so(window: MainWindow, desk: DeskView, engine: Recorder) -> None:
    show(window, ROW, samples.message())
    earlier_action(desk).trigger()
    window.receive(EarlierLoaded(ROW.conversation, ()))
    assert find(window, "earlierNone").isVisible()
    assert not find(window, "earlierTable").isVisible()
    assert not find(window, "earlierConfirm").isEnabled()


def test_a_message_is_deleted_after_a_question(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    mine = samples.message(2, "wrong patient", mine=True, author="Ana Ruiz")
    show(window, ROW, mine)
    desk.pane.transcript.delete_wanted.emit(mine)
    press(qtbot, window, "deleteConfirm")
    assert engine.of(commands.Retract) == [commands.Retract(mine.message)]


def test_a_message_does_not_undo_a_guardian_that_is_being_typed(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    show(window, ROW, samples.message())
    press(qtbot, window, "patientPaneButton")
    window.receive(details())
    type_into(qtbot, window, "patientGuardian", "Anne M")
    window.receive(ConversationChanged(replace(ROW, preview="Something new", unread=1)))
    assert text_of(window, "patientGuardian") == "Anne M"
    window.receive(ConversationChanged(replace(ROW, guardian="Bea Muster", relation="aunt")))
    assert (text_of(window, "patientGuardian"), text_of(window, "patientRelation")) == ("Bea Muster", "aunt")


def test_the_safety_number_is_compared_from_the_pane(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    show(window, ROW, samples.message())
    press(qtbot, window, "patientPaneButton")
    window.receive(details())
    desk.patient.ensureWidgetVisible(find(window, "patientCompare"))
    press(qtbot, window, "patientCompare")
    assert find(window, "safetyNumberDialog").isVisible()


class TestCopies:
    def chosen(self, desk: DeskView, path: Path) -> None:
        desk.patient.export_wanted.emit()
        chooser = desk.findChild(QFileDialog, "exportConversationDialog")
        assert chooser is not None
        chooser.fileSelected.emit(str(path))
        chooser.close()

    def test_text_is_written_by_the_engine_and_told(
        self, window: MainWindow, desk: DeskView, engine: Recorder, tmp_path: Path
    ) -> None:
        show(window, ROW, samples.message())
        path = tmp_path / "copy.txt"
        self.chosen(desk, path)
        assert engine.of(commands.ExportConversation) == [commands.ExportConversation(ROW.conversation, path)]
        window.receive(ConversationExported(ROW.conversation, path))
        assert any("Whoever has this file can read it." in one.means for one in window._notices.notices)

    def test_a_pdf_holds_plain_text_and_is_nobody_elses(
        self, window: MainWindow, desk: DeskView, engine: Recorder, tmp_path: Path
    ) -> None:
        show(window, ROW, samples.message())
        path = tmp_path / "copy.pdf"
        self.chosen(desk, path)
        assert engine.of(commands.CopyConversation) == [commands.CopyConversation(ROW.conversation, "export")]
        text = "<img src=http://evil.example/x>\n" + "line\n" * 500
        window.receive(ConversationCopied(samples.conversation_id(7), "somebody else's"))
        assert not path.exists()
        window.receive(ConversationCopied(ROW.conversation, text))
        assert path.read_bytes().startswith(b"%PDF")
        assert path.read_bytes().count(b"/Type /Page\n") > 5
        assert path.stat().st_mode & 0o077 == 0
        assert document(text).toPlainText() == text

    def test_what_cannot_be_written_is_said(
        self, window: MainWindow, desk: DeskView, engine: Recorder, tmp_path: Path
    ) -> None:
        show(window, ROW, samples.message())
        self.chosen(desk, tmp_path / "nowhere" / "copy.pdf")
        window.receive(ConversationCopied(ROW.conversation, "text"))
        assert any(one.happened == "The copy was not written." for one in window._notices.notices)

    def test_it_is_printed_once_a_printer_was_chosen(
        self, window: MainWindow, desk: DeskView, engine: Recorder, tmp_path: Path
    ) -> None:
        show(window, ROW, samples.message())
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "paper.pdf"))
        desk.copy.print_to(printer, ROW.conversation)
        assert engine.of(commands.CopyConversation) == [commands.CopyConversation(ROW.conversation, "print")]
        window.receive(ConversationCopied(ROW.conversation, "Good morning"))
        assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")


def test_who_it_is_can_be_written_down(qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
    show(window, replace(ROW, level=0, title="Visitor 1a2b", identifiers=()), samples.message())
    press(qtbot, window, "patientPaneButton")
    press(qtbot, window, "patientLabel")
    assert text_of(window, "labelName") == ""  # a visitor's title is no name
    press(qtbot, window, "labelSave")
    assert "name" in text_of(window, "labelError")
    type_into(qtbot, window, "labelName", " Maria  Lopez ")
    type_into(qtbot, window, "labelBirthDate", "27.3.84")
    press(qtbot, window, "labelSave")
    assert "four digits" in text_of(window, "labelError")
    birth = find(window, "labelBirthDate")
    assert isinstance(birth, QLineEdit)
    birth.setText("1984-03-27")
    type_into(qtbot, window, "labelPhone", "call me")
    press(qtbot, window, "labelSave")
    assert "digits" in text_of(window, "labelError")
    phone = find(window, "labelPhone")
    assert isinstance(phone, QLineEdit)
    phone.setText("+1 (555) 014-2987")
    press(qtbot, window, "labelSave")
    expected = commands.LabelPatient(ROW.conversation, "Maria Lopez", "1984-03-27", "15550142987")
    assert engine.of(commands.LabelPatient) == [expected]


def test_the_same_patients_other_phone_is_blocked_in_two_clicks(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    lost = samples.conversation(5)
    show(window, ROW, samples.message())
    window.receive(ConversationsLoaded((ROW, lost)))
    press(qtbot, window, "patientPaneButton")
    others = (
        PatientDevice(lost.conversation, "0badf00d", samples.NOON, 3, False),
        PatientDevice(samples.conversation_id(6), "c0ffee00", samples.NOON, 0, True),
    )
    window.receive(details(others=others))
    assert "0badf00d" in text_of(window, "otherDevice0")
    assert "Blocked" in text_of(window, "otherDevice1")
    assert window.findChild(QPushButton, "otherBlock1") is None
    desk.patient.ensureWidgetVisible(find(window, "otherBlock0"))
    press(qtbot, window, "otherBlock0")
    press(qtbot, window, "blockConfirm")
    assert engine.of(commands.BlockPatient) == [commands.BlockPatient(lost.conversation)]


def test_a_files_custody_is_asked_for_from_the_pane(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    show(window, ROW, samples.message())
    qtbot.keyClick(desk, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert not find(desk, "patientCustody").isVisibleTo(desk)
    window.receive(details())
    press(qtbot, window, "patientCustody")
    assert find(desk, "messageDetailsDialog").isVisible()
    assert engine.of(commands.LoadCustody) == [commands.LoadCustody(samples.message_id(1))]


def test_the_focus_outlives_a_tag_that_is_removed_and_the_pane(
    qtbot: QtBot, window: MainWindow, desk: DeskView, engine: Recorder
) -> None:
    show(window, ROW, samples.message())
    qtbot.keyClick(desk, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    tag = find(desk, "tag0")
    qtbot.waitUntil(tag.isVisible)
    find(desk, "patientLabel").setFocus()
    qtbot.keyClick(find(desk, "patientLabel"), Qt.Key.Key_Tab)
    assert window.focusWidget() is tag  # after what stands above it
    window.receive(ConversationChanged(replace(ROW, preview="Another message")))
    assert window.focusWidget() is tag
    window.receive(ConversationChanged(replace(ROW, tags=())))
    assert window.focusWidget() is find(desk, "patientTag")
    qtbot.keyClick(find(desk, "patientTag"), Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is desk.pane.composer.editor
