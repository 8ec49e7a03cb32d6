"""What the dialogs ask for, refuse and show."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QImage, QPainter
from PySide6.QtWidgets import QAbstractButton, QDialog, QFileDialog, QLabel, QLineEdit, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from agent_app.engine import commands, events
from agent_app.engine.events import Delivery, FileRow, Notice, Severity, Status
from agent_app.ui import words
from agent_app.ui.dialogs import invitation_ways
from agent_app.ui.dialogs.files import FILE_LIMIT, refusal, safe_file_name
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.desk import DeskView
from agent_app.ui.views.qr import QrCode, modules
from tests.ui.conftest import Recorder, done, refused, show
from tests.ui.driving import find
from tests.ui.samples import NOON, conversation, conversation_id, message

LEFT = Qt.MouseButton.LeftButton
WRONG = Notice(Severity.WARNING, "Not done.", "The relay is away.", "Try later.")


def dialog_of(window: QWidget, name: str) -> QDialog:
    found = window.findChild(QDialog, name)
    assert found is not None
    return found


def press(qtbot: QtBot, window: QWidget, name: str) -> None:
    found = window.findChild(QAbstractButton, name)
    assert found is not None, name
    qtbot.mouseClick(found, LEFT)


def field(window: QWidget, name: str) -> QLineEdit:
    found = window.findChild(QLineEdit, name)
    assert found is not None, name
    return found


def text_of(window: QWidget, name: str) -> str:
    found = window.findChild(QWidget, name)
    assert isinstance(found, QLabel | QLineEdit | QAbstractButton), name
    return found.text()


class TestInvite:
    @pytest.fixture
    def dialog(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> QDialog:
        press(qtbot, window, "inviteButton")
        return dialog_of(window, "inviteDialog")

    def fill(self, dialog: QDialog, name: str = "Maria Lopez", birth: str = "1984-03-27", reason: str = "") -> None:
        for target, value in (("inviteName", name), ("inviteBirthDate", birth), ("inviteReason", reason)):
            field(dialog, target).setText(value)

    def created(self) -> events.InvitationCreated:
        return events.InvitationCreated(b"i" * 16, "https://chat.example/#AQEBAQ", "7K4 92M", NOON)

    @pytest.mark.parametrize(
        ("name", "birth", "reason"),
        [
            ("", "1984-03-27", ""),
            ("   ", "1984-03-27", ""),
            ("é" * 101, "1984-03-27", ""),
            ("Maria", "27.03.84", ""),
            ("Maria", "1984-02-30", ""),
            ("Maria", "", ""),
            ("Maria", "1984-03-27", "é" * 101),
        ],
    )
    def test_refuses_what_the_protocol_would(
        self, dialog: QDialog, engine: Recorder, qtbot: QtBot, name: str, birth: str, reason: str
    ) -> None:
        self.fill(dialog, name, birth, reason)
        press(qtbot, dialog, "inviteCreate")
        assert engine.asked == []
        assert text_of(dialog, "inviteError")

    def test_shows_link_code_and_what_becomes_of_it(
        self, window: MainWindow, dialog: QDialog, engine: Recorder, qtbot: QtBot
    ) -> None:
        self.fill(dialog, reason="blood test")
        press(qtbot, dialog, "inviteCreate")
        assert engine.asked == [commands.CreateInvitation("Maria Lopez", "1984-03-27", "blood test")]
        press(qtbot, dialog, "inviteCreate")
        assert len(engine.asked) == 1
        window.receive(self.created())
        assert text_of(dialog, "invitationLink") == "https://chat.example/#AQEBAQ"
        assert text_of(dialog, "invitationCode") == "7K4 92M"
        assert words.full_time(NOON) in text_of(dialog, "invitationExpires")
        assert dialog.findChild(QrCode, "invitationQr") is not None
        for state, said in (("redeemed", "4 tries left"), ("passed", "passed the check"), ("refused", "Refused")):
            window.receive(events.InvitationChanged(b"i" * 16, state, 4))
            assert said in text_of(dialog, "invitationState")
        window.receive(events.InvitationChanged(b"other", "expired", 0))
        assert "Refused" in text_of(dialog, "invitationState")

    def test_an_invitation_that_nobody_asked_for_here_is_not_shown(self, window: MainWindow, dialog: QDialog) -> None:
        window.receive(self.created())
        assert dialog.findChild(QWidget, "invitationLink") is None

    def test_a_failure_is_told_here_and_can_be_tried_again(
        self, window: MainWindow, dialog: QDialog, engine: Recorder, qtbot: QtBot
    ) -> None:
        self.fill(dialog)
        press(qtbot, dialog, "inviteCreate")
        refused(window, engine, WRONG)
        assert text_of(dialog, "inviteError") == "Not done. The relay is away. Try later."
        press(qtbot, dialog, "inviteCreate")
        assert len(engine.asked) == 2

    def test_can_be_cancelled_once(self, window: MainWindow, dialog: QDialog, engine: Recorder, qtbot: QtBot) -> None:
        self.fill(dialog)
        press(qtbot, dialog, "inviteCreate")
        window.receive(self.created())
        press(qtbot, dialog, "inviteCancel")
        press(qtbot, dialog, "inviteCancel")
        assert engine.asked[1:] == [commands.CancelInvitation(b"i" * 16)]

    def test_is_gone_when_it_is_closed(self, window: MainWindow, dialog: QDialog, qtbot: QtBot) -> None:
        press(qtbot, dialog, "inviteDone")
        qtbot.waitUntil(lambda: window.findChild(QDialog, "inviteDialog") is None)


class TestOpenInvitations:
    MINE = events.InvitationRow(b"m" * 16, "Maria Lopez", "blood test", NOON, "redeemed", 3, mine=True)
    THEIRS = events.InvitationRow(b"t" * 16, "Noor Haddad", "", NOON, "open", 1, mine=False)

    @pytest.fixture
    def dialog(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> QDialog:
        press(qtbot, window, "inviteButton")
        press(qtbot, window, "inviteList")
        return dialog_of(window, "invitationsDialog")

    def test_lists_them_and_shows_an_own_one_again(
        self, window: MainWindow, dialog: QDialog, engine: Recorder, qtbot: QtBot
    ) -> None:
        assert engine.asked == [commands.ListInvitations()]
        window.receive(events.InvitationsLoaded((self.MINE, self.THEIRS)))
        table = dialog.findChild(QTreeWidget, "invitationsTable")
        assert table is not None
        first = table.topLevelItem(0)
        assert [first.text(0), first.text(1)] == ["Maria Lopez", "blood test"]
        assert "3 tries left" in first.text(3)
        press(qtbot, dialog, "invitationsShow")
        assert engine.asked[-1] == commands.ShowInvitation(b"m" * 16)
        again = dialog_of(window, "inviteDialog")
        window.receive(events.InvitationCreated(b"m" * 16, "https://chat.example/#AQEBAQ", "123456", NOON))
        assert text_of(again, "invitationLink") == "https://chat.example/#AQEBAQ"

    def test_a_colleagues_is_not_for_this_desk_to_end(
        self, window: MainWindow, dialog: QDialog, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.InvitationsLoaded((self.THEIRS, self.MINE)))
        press(qtbot, dialog, "invitationsCancel")
        assert len(engine.asked) == 1
        table = dialog.findChild(QTreeWidget, "invitationsTable")
        assert table is not None
        table.setCurrentItem(table.topLevelItem(1))
        press(qtbot, dialog, "invitationsCancel")
        assert engine.asked[-1] == commands.CancelInvitation(b"m" * 16)
        window.receive(events.InvitationChanged(b"m" * 16, "cancelled", 3))
        assert engine.asked[-1] == commands.ListInvitations()
        window.receive(events.InvitationsLoaded(()))
        assert not table.isVisible()
        assert "Ctrl+N" in text_of(dialog, "invitationsNone")


class Opened(QObject):
    """The program that the system has for an address."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[QUrl] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.urls.append(url)


class TestInvitationWays:
    LINK = "https://chat.example/#AQEBAQ-_&x=1"

    @pytest.mark.parametrize(("name", "scheme"), [("invitationSms", "sms"), ("invitationMail", "mailto")])
    def test_a_message_carries_the_link_whole_and_nothing_of_the_patient(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot, name: str, scheme: str
    ) -> None:
        press(qtbot, window, "inviteButton")
        dialog = dialog_of(window, "inviteDialog")
        for target, value in (("inviteName", "Maria Lopez"), ("inviteBirthDate", "1984-03-27")):
            field(dialog, target).setText(value)
        field(dialog, "inviteReason").setText("blood test")
        press(qtbot, dialog, "inviteCreate")
        window.receive(events.InvitationCreated(b"i" * 16, self.LINK, "738492", NOON))
        program = Opened()
        QDesktopServices.setUrlHandler(scheme, program, "take")
        try:
            press(qtbot, dialog, name)
        finally:
            QDesktopServices.unsetUrlHandler(scheme)
        (url,) = program.urls
        query = parse_qs(url.query(QUrl.ComponentFormattingOption.FullyEncoded), strict_parsing=True)
        assert self.LINK in query["body"][0]
        said = " ".join(value for values in query.values() for value in values)
        for secret in ("Maria", "Lopez", "1984", "blood", "738492", "Riverside", "clinic", "Clinic"):
            assert secret not in said

    def test_the_card_can_be_scanned_and_has_no_code_and_no_name(self, qapp: object) -> None:
        page = QImage(840, 1190, QImage.Format.Format_RGB32)
        page.fill(Qt.GlobalColor.white)
        painter = QPainter(page)
        invitation = events.InvitationCreated(b"i" * 16, self.LINK, "738492", NOON)
        invitation_ways.paint_card(painter, page.rect(), "Riverside Family Clinic", invitation)
        painter.end()
        rows = modules(self.LINK)
        step = 13 * 42 // len(rows)
        left = (840 - step * len(rows)) // 2
        dark = [y for y in range(1190) if page.pixelColor(left + 4 * step + step // 2, y).lightness() < 60]
        top = next(
            y
            for y in dark
            if all(page.pixelColor(left + 4 * step + 2, y + n).lightness() < 60 for n in range(7 * step - 2))
        )
        seen = [
            bytes(
                page.pixelColor(left + x * step + step // 2, top + (y - 4) * step + step // 2).lightness() < 60
                for x in range(len(rows))
            )
            for y in range(len(rows))
        ]
        assert seen == [bytes(map(bool, row)) for row in rows]
        edge = [page.pixelColor(x, y) for x in (0, 839) for y in range(1190)]
        assert all(colour.lightness() > 250 for colour in edge), "nothing is cut off at the sides"


class TestQr:
    def test_has_a_quiet_zone_and_dark_modules_on_white_in_every_theme(self, window: MainWindow, qtbot: QtBot) -> None:
        window._theme.set_dark(True)
        code = QrCode("https://chat.example/#AQEBAQ", 200, "code", "QR")
        qtbot.addWidget(code)
        image = code.grab().toImage()
        window._theme.set_dark(False)
        step = image.width() // len(code._modules)
        middle = QPoint(step * 4 + step // 2, step * 4 + step // 2)
        assert image.pixelColor(middle).lightness() < 60
        assert image.pixelColor(step * 2, step * 20).lightness() > 250
        assert image.width() == step * len(code._modules)


class TestFiles:
    def test_refuses_in_words_what_cannot_be_sent(self, tmp_path: Path) -> None:
        large, empty, good = tmp_path / "large.bin", tmp_path / "empty.txt", tmp_path / "good.txt"
        with large.open("wb") as file:
            file.truncate(FILE_LIMIT + 1)
        empty.touch()
        good.write_text("x")
        assert "larger than" in refusal(large)
        assert "is empty" in refusal(empty)
        assert "is not a file" in refusal(tmp_path / "missing")
        assert "is not a file" in refusal(tmp_path)
        assert refusal(good) == ""

    def test_a_refused_file_is_told_and_not_previewed(self, window: MainWindow, desk: DeskView, tmp_path: Path) -> None:
        show(window, conversation())
        desk.attach(tmp_path / "missing")
        assert window.findChildren(QDialog) == []
        assert text_of(window, "bannerHappened") == "The file was not attached."

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "etcpasswd"),
            ("C:\\Windows\\x.exe", "CWindowsx.exe"),
            ("a\u202egpj.exe", "a gpj.exe"),
            ("...", "file"),
            ("", "file"),
            ("x" * 500, "x" * 120),
        ],
    )
    def test_a_foreign_name_is_never_a_path(self, name: str, kept: str) -> None:
        assert safe_file_name(name) == kept

    @pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's own file dialog, on a screen that has no windows
    def test_a_received_file_is_saved_where_one_says(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot, tmp_path: Path
    ) -> None:
        row = message(1, "", kind="file", file=FileRow("letter.pdf", "application/pdf", 2048))
        show(window, conversation(), row)
        desk.pane.transcript.file_wanted.emit(row)
        dialog = dialog_of(window, "receivedFileDialog")
        assert text_of(dialog, "fileName") == "letter.pdf"
        press(qtbot, dialog, "saveFileButton")
        chooser = dialog.findChild(QFileDialog, "saveFileDialog")
        assert chooser is not None
        chooser.fileSelected.emit(str(tmp_path / "letter.pdf"))
        assert engine.of(commands.SaveFile) == [
            commands.SaveFile(conversation_id(), row.message, tmp_path / "letter.pdf")
        ]
        window.receive(events.FileProgressed(conversation_id(), row.message, 50, 200))
        assert text_of(dialog, "saveState") == "Fetching: 25 %"
        refused(window, engine, WRONG)
        assert text_of(dialog, "receivedFileError") == "Not done. The relay is away. Try later."
        assert not dialog.findChild(QLabel, "saveState").isVisible()  # type: ignore[union-attr]
        window.receive(events.FileSaved(row.message, tmp_path / "letter.pdf"))
        assert text_of(dialog, "saveState") == "Saved as letter.pdf."

    def test_a_file_goes_to_whom_the_preview_named(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.txt"
        path.write_text("x")
        window.receive(events.ConversationsLoaded((conversation(1, title="One"), conversation(2, title="Two"))))
        desk.open(conversation_id(1))
        desk.attach(path)
        desk.open(conversation_id(2))
        dialog = dialog_of(window, "sendFileDialog")
        assert text_of(dialog, "sendFileDialogTitle") == "Send to One?"
        press(qtbot, dialog, "sendFileConfirm")
        assert engine.of(commands.SendFile) == [commands.SendFile(conversation_id(1), path, "")]


class TestQuestions:
    def test_safety_number(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        for pressed, matches in (("safetyNumberMatches", True), ("safetyNumberDiffers", False)):
            show(window, conversation(level=2))
            press(qtbot, window, "safetyNumberButton")
            dialog = dialog_of(window, "safetyNumberDialog")
            shown = [each.text() for each in dialog.findChildren(QLabel) if each.text().isdigit()]
            assert sorted(shown) == sorted(conversation().safety_number.split())
            press(qtbot, dialog, pressed)
            asked = engine.of(commands.CheckPatient)
            assert asked[-1] == commands.CheckPatient(conversation_id(), "safety-number", matches)
            done(window, engine)
            qtbot.waitUntil(lambda: window.findChild(QDialog, "safetyNumberDialog") is None)

    def test_closing_with_an_outcome(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        show(window, conversation())
        press(qtbot, window, "closeButton")
        dialog = dialog_of(window, "closeDialog")
        field(dialog, "closeOutcome").setText("é" * 33)
        press(qtbot, dialog, "closeConfirm")
        assert engine.of(commands.Close) == []
        field(dialog, "closeOutcome").setText("appointment made")
        press(qtbot, dialog, "closeConfirm")
        assert engine.of(commands.Close) == [commands.Close(conversation_id(), "appointment made")]

    def test_taking_over_asks_first(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        show(window, conversation(status=Status.HELD, holder="<b>Ben</b>"))
        press(qtbot, window, "takeOverButton")
        dialog = dialog_of(window, "takeOverDialog")
        assert engine.of(commands.LoadHolder) == [commands.LoadHolder(conversation_id())]
        assert not find(dialog, "takeOverConfirm").isEnabled()
        window.receive(events.HolderLoaded(conversation_id(), b"b" * 32, "<b>Ben</b>", NOON))
        assert text_of(dialog, "takeOverHolder") == f"<b>Ben</b> has had it since {words.full_time(NOON)}."
        assert text_of(dialog, "takeOverTold").startswith("<b>Ben</b> is told, and the patient reads")
        assert engine.of(commands.TakeOver) == []
        press(qtbot, dialog, "takeOverConfirm")
        assert engine.of(commands.TakeOver) == [commands.TakeOver(conversation_id(), b"b" * 32)]

    def test_who_has_it_meanwhile_is_asked_about(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        held = conversation(status=Status.HELD, holder="Carla")
        show(window, conversation(status=Status.HELD, holder="Ben"))
        press(qtbot, window, "takeOverButton")
        dialog = dialog_of(window, "takeOverDialog")
        window.receive(events.HolderLoaded(conversation_id(), b"b" * 32, "Ben", NOON))
        window.receive(events.ConversationChanged(held))
        assert len(engine.of(commands.LoadHolder)) == 2
        window.receive(events.HolderLoaded(conversation_id(), b"c" * 32, "Carla", 0))
        assert text_of(dialog, "takeOverHolder") == "Carla has it."
        window.receive(events.ConversationChanged(replace(held, blocked=True)))
        window.receive(events.HolderLoaded(conversation_id(), b"c" * 32, "Carla", 0))
        assert text_of(dialog, "takeOverTold") == "Carla is told. To the patient’s blocked device nothing is sent."
        window.receive(events.HolderLoaded(conversation_id(), b"", "", 0))
        assert text_of(dialog, "takeOverHolder") == "No colleague has it any more."
        assert not find(dialog, "takeOverConfirm").isEnabled()

    def test_blocking_asks_first(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        show(window, conversation())
        desk.pane.block_wanted.emit()
        assert engine.of(commands.BlockPatient) == []
        press(qtbot, dialog_of(window, "blockDialog"), "blockConfirm")
        assert engine.of(commands.BlockPatient) == [commands.BlockPatient(conversation_id())]

    def test_export(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot, tmp_path: Path) -> None:
        desk.list.export_wanted.emit()
        dialog = dialog_of(window, "exportDialog")
        path = tmp_path / "evidence.bundle"
        field(dialog, "exportPath").setText(str(path))
        press(qtbot, dialog, "exportConfirm")
        press(qtbot, dialog, "exportConfirm")
        assert engine.of(commands.ExportBundle) == [commands.ExportBundle(path)]
        refused(window, engine, WRONG)
        assert text_of(dialog, "exportError") == "Not done. The relay is away. Try later."
        press(qtbot, dialog, "exportConfirm")
        window.receive(events.BundleExported(path))
        assert text_of(dialog, "exportState") == f"Written to {path}"


class TestDetails:
    def test_nothing_unsigned_counts_as_signed(self, window: MainWindow, desk: DeskView) -> None:
        steps = (("queued", "Patient", NOON), ("refused", "Ben", NOON))
        row = replace(message(1, mine=True, delivery=Delivery.FAILED, receipts=steps), doubt="A message is missing.")
        show(window, conversation(), row)
        desk.pane.transcript.details_wanted.emit(row)
        dialog = dialog_of(window, "messageDetailsDialog")
        tree = dialog.findChild(QTreeWidget, "detailsReceipts")
        assert tree is not None
        lines = [tree.topLevelItem(place) for place in range(2)]
        shown = [[line.text(column) for column in (0, 1, 3)] for line in lines if line is not None]
        assert shown == [
            ["Waiting to be sent", "nobody, for Maria Lopez", "None yet"],
            ["Refused by the relay", "nobody, for Ben", "None yet"],
        ]
        assert text_of(dialog, "detailsDoubt") == "A message is missing."

    def test_shows_every_receipt_and_follows_the_message(self, window: MainWindow, desk: DeskView) -> None:
        row = message(1, mine=True, delivery=Delivery.ACCEPTED, receipts=(("accepted", "relay", NOON),))
        show(window, conversation(), row)
        desk.pane.transcript.details_wanted.emit(row)
        dialog = dialog_of(window, "messageDetailsDialog")
        tree = dialog.findChild(QTreeWidget, "detailsReceipts")
        assert tree is not None
        assert tree.topLevelItemCount() == 1
        more = (*row.receipts, ("delivered", "<b>phone</b>", NOON))
        window.receive(events.MessageChanged(message(1, mine=True, delivery=Delivery.DELIVERED, receipts=more)))
        second = tree.topLevelItem(1)
        assert second is not None
        when = words.full_time(NOON)
        assert [second.text(column) for column in range(4)] == ["Delivered", "<b>phone</b>", when, "Checked"]
        first = tree.topLevelItem(0)
        assert first is not None
        assert first.text(1) == "the relay, for relay"
        assert text_of(dialog, "detailsSummary").endswith("Delivered")
