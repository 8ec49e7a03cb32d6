"""The whole window: phases, the list, a conversation, the composer, and what a lock leaves behind."""

import gc
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QMimeData, QObject, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from agent_app.engine import commands, events
from agent_app.engine.events import Delivery, FileRow, Notice, Phase, PhaseChanged, Severity, Status, TranscriptLoaded
from agent_app.ui.dialogs.files import SendFileDialog
from agent_app.ui.dialogs.invite import InviteDialog
from agent_app.ui.main_window import MainWindow
from agent_app.ui.models.transcript import SLACK, WINDOW
from agent_app.ui.views.composer import NOTE_LIMIT, TEXT_LIMIT
from agent_app.ui.views.desk import DeskView
from tests.ui.conftest import PASSPHRASE, UNLOCKED, Recorder, show
from tests.ui.samples import conversation, conversation_id, message, messages

LEFT = Qt.MouseButton.LeftButton
PLANTED = "Quetzalcoatlus"


def find(window: QWidget, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert found is not None, f"no widget is called {name}"
    return found


def press(qtbot: QtBot, window: QWidget, name: str) -> None:
    qtbot.mouseClick(find(window, name), LEFT)


def text_of(window: QWidget, name: str) -> str:
    widget = find(window, name)
    assert isinstance(widget, QLabel | QLineEdit | QAbstractButton)
    return widget.text()


def type_into(qtbot: QtBot, window: QWidget, name: str, text: str) -> None:
    qtbot.keyClicks(find(window, name), text)


class TestPhases:
    def test_a_new_profile_is_asked_to_join(self, window: MainWindow, engine: Recorder, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.NEW))
        assert text_of(window, "joinSuggested") == PASSPHRASE
        type_into(qtbot, window, "joinAddress", "sealdesk-clinic:abc")
        type_into(qtbot, window, "joinName", "Ana Ruiz")
        press(qtbot, window, "joinButton")
        assert find(window, "joinError").isVisible()
        assert engine.asked == []
        qtbot.mouseClick(find(window, "joinWritten"), LEFT)
        press(qtbot, window, "joinButton")
        assert engine.asked == [commands.Join("sealdesk-clinic:abc", "Ana Ruiz", PASSPHRASE)]
        assert not find(window, "joinButton").isEnabled()

    def test_a_passphrase_of_ones_own_is_typed_twice(self, window: MainWindow, engine: Recorder, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.NEW))
        type_into(qtbot, window, "joinAddress", "sealdesk-clinic:abc")
        type_into(qtbot, window, "joinName", "Ana")
        qtbot.mouseClick(find(window, "joinOwn"), LEFT)
        type_into(qtbot, window, "joinPassphrase", "four score and seven")
        type_into(qtbot, window, "joinRepeat", "four score and eight")
        press(qtbot, window, "joinButton")
        assert engine.asked == []
        find(window, "joinRepeat").setText("four score and seven")  # type: ignore[attr-defined]
        press(qtbot, window, "joinButton")
        assert engine.asked == [commands.Join("sealdesk-clinic:abc", "Ana", "four score and seven")]

    def test_a_refused_join_says_why_and_can_be_tried_again(self, window: MainWindow, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.NEW))
        window.receive(
            events.NoticeRaised(Notice(Severity.WARNING, "Not joined.", "No such clinic.", "Copy it again."))
        )
        assert "Copy it again." in text_of(window, "joinError")
        assert find(window, "joinButton").isEnabled()

    def test_waiting_for_approval_shows_words_and_request_and_forgets_the_passphrase(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        window.receive(PhaseChanged(Phase.NEW))
        window.receive(PhaseChanged(Phase.AWAITING_APPROVAL))
        window.receive(events.EnrolmentRequested("sealdesk-enrol:AAAA", ("one", "two", "three", "four", "five", "six")))
        window.receive(events.EnrolmentRequested("sealdesk-enrol:BBBB", ("one", "two", "three", "four", "five", "six")))
        assert find(window, "approvalScreen").isVisible()
        assert text_of(window, "enrolmentWords").split() == [
            "1",
            "one",
            "2",
            "two",
            "3",
            "three",
            "4",
            "four",
            "5",
            "five",
            "6",
            "six",
        ]
        assert text_of(window, "enrolmentRequest") == "sealdesk-enrol:BBBB"
        assert find(window, "enrolmentQr").width() > 100
        assert text_of(window, "joinSuggested") == ""

    def test_unlock_sends_the_passphrase_and_keeps_nothing_of_it(
        self, window: MainWindow, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(PhaseChanged(Phase.LOCKED, "Riverside", "Ana", 3))
        assert text_of(window, "unlockWaiting") == "3 messages wait, sealed, until you unlock."
        field = find(window, "unlockPassphrase")
        assert isinstance(field, QLineEdit)
        assert field.echoMode() is QLineEdit.EchoMode.Password
        type_into(qtbot, window, "unlockPassphrase", "a secret")
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert engine.asked == [commands.Unlock("a secret")]
        field.undo()
        assert field.text() == ""
        assert not find(window, "unlockButton").isEnabled()

    def test_a_wrong_passphrase_says_so_and_makes_one_wait(self, window: MainWindow, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.LOCKED))
        wrong = Notice(Severity.WARNING, "That passphrase is not right.", "", "Type it again.")
        window.receive(events.UnlockFailed(wrong, 1))
        assert text_of(window, "unlockError") == "That passphrase is not right. Type it again."
        assert text_of(window, "unlockButton") == "Wait 1 s"
        assert not find(window, "unlockPassphrase").isEnabled()
        qtbot.waitUntil(lambda: find(window, "unlockButton").isEnabled())
        assert text_of(window, "unlockButton") == "Unlock"

    def test_an_unlock_that_fails_otherwise_can_be_tried_again(self, window: MainWindow, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.LOCKED))
        type_into(qtbot, window, "unlockPassphrase", "x")
        press(qtbot, window, "unlockButton")
        window.receive(events.NoticeRaised(Notice(Severity.WARNING, "The keyring is closed.", "", "Open it.")))
        assert find(window, "unlockButton").isEnabled()
        assert "Open it." in text_of(window, "unlockError")

    def test_the_waiting_count_grows_while_somebody_types(self, window: MainWindow, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.LOCKED, waiting=1))
        type_into(qtbot, window, "unlockPassphrase", "half")
        window.receive(PhaseChanged(Phase.LOCKED, waiting=2))
        assert text_of(window, "unlockPassphrase") == "half"
        assert text_of(window, "unlockWaiting").startswith("2 messages")

    def test_a_revoked_device_shows_nothing_else(self, window: MainWindow, desk: DeskView) -> None:
        window.receive(PhaseChanged(Phase.REVOKED))
        assert find(window, "revokedScreen").isVisible()
        assert window.desk is None


class TestNotices:
    ALARM = Notice(Severity.ALARM, "The log exists in two versions.", "Nothing is sent.", "Call.")

    def test_an_alarm_cannot_be_dismissed_and_outlives_a_lock(self, window: MainWindow, desk: DeskView) -> None:
        window.receive(events.NoticeRaised(self.ALARM))
        window.receive(events.NoticeRaised(Notice(Severity.WARNING, "A small thing.", "", "")))
        banners = window.findChildren(QWidget, "banner")
        assert [text_of(banner, "bannerHappened") for banner in banners].count(self.ALARM.happened) == 1
        alarm = next(each for each in banners if text_of(each, "bannerHappened") == self.ALARM.happened)
        assert alarm.findChild(QWidget, "bannerDismiss") is None
        window.lock()
        window.receive(PhaseChanged(Phase.LOCKED))
        window.receive(UNLOCKED)
        shown = [each for each in window.findChildren(QWidget, "banner") if each.isVisible()]
        assert [text_of(each, "bannerHappened") for each in shown] == [self.ALARM.happened]

    def test_a_warning_can_be_dismissed(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        window.receive(events.NoticeRaised(Notice(Severity.WARNING, "A small thing.", "", "")))
        press(qtbot, window, "bannerDismiss")
        assert not find(window, "notices").isVisible()

    def test_the_same_notice_twice_is_one_banner_and_many_make_room(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        def shown() -> list[QWidget]:
            return [each for each in window.findChildren(QWidget, "banner") if each.isVisible()]

        window.receive(events.NoticeRaised(self.ALARM))
        for number in range(20):
            window.receive(events.NoticeRaised(self.ALARM))
            window.receive(events.NoticeRaised(Notice(Severity.WARNING, f"Thing {number}.", "", "")))
        qtbot.waitUntil(lambda: len(shown()) == 4)
        said = [text_of(each, "bannerHappened") for each in shown()]
        assert said.count(self.ALARM.happened) == 1
        assert "Thing 19." in said

    def test_a_new_device_is_announced_and_called_by_its_name_once_that_is_known(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        window.receive(events.DeviceAdmitted("Device 64646464", "agent", b"d" * 32))
        window.receive(events.DeviceNamed("Nobody", b"e" * 32))
        assert text_of(window, "bannerHappened") == "Device 64646464 was added to the clinic as agent."
        window.receive(events.DeviceNamed("Mallory", b"d" * 32))
        assert text_of(window, "bannerHappened") == "Mallory was added to the clinic as agent."
        press(qtbot, window, "bannerDismiss")
        window.receive(events.DeviceNamed("Mallory again", b"d" * 32))
        assert not find(window, "notices").isVisible()

    def test_an_alarm_ends_when_messages_are_sent_again(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        def says(*expected: Notice) -> None:
            def said() -> set[str]:
                shown = [each for each in window.findChildren(QWidget, "banner") if each.isVisible()]
                return {text_of(each, "bannerHappened") for each in shown}

            qtbot.waitUntil(lambda: said() == {notice.happened for notice in expected})

        small = Notice(Severity.WARNING, "A small thing.", "", "")
        passing = Notice(Severity.WARNING, "The log has grown.", "Nothing is sent.", "Wait.")
        window.receive(events.NoticeRaised(small))
        window.receive(events.NoticeRaised(self.ALARM))
        window.receive(events.SendingChanged(self.ALARM))
        says(small, self.ALARM)
        window.receive(events.SendingChanged(passing))
        says(small, passing)
        window.receive(events.SendingChanged(None))
        says(small)
        # One that was raised before a lock, and cleared during it.
        window.receive(events.NoticeRaised(self.ALARM))
        window.lock()
        window.receive(PhaseChanged(Phase.LOCKED))
        window.receive(UNLOCKED)
        says(self.ALARM)
        window.receive(events.SendingChanged(None))
        says()

    def test_the_connection_is_shown_also_when_it_was_known_before(self, window: MainWindow) -> None:
        window.receive(events.ConnectionChanged(True, "relay.example"))
        window.receive(UNLOCKED)
        assert text_of(window, "connectionStatus") == "Online · relay.example"
        window.receive(events.ConnectionChanged(False))
        assert text_of(window, "connectionStatus").startswith("Offline")
        assert text_of(window, "statusWho") == "Ana Ruiz · Riverside Family Clinic"


class TestList:
    def test_a_click_opens_and_opens_once(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(1, title="One"), conversation(2, title="Two"))))
        view = find(window, "conversationList")
        assert isinstance(view, QAbstractItemView)
        place = view.visualRect(view.model().index(1, 0)).center()
        qtbot.mouseClick(view.viewport(), LEFT, pos=place)
        qtbot.mouseClick(view.viewport(), LEFT, pos=place)
        assert engine.asked == [commands.OpenConversation(conversation_id(1))]
        assert text_of(window, "conversationTitle") == "One"

    def test_enter_opens_and_arrows_only_move(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(1), conversation(2), conversation(3))))
        view = find(window, "conversationList")
        view.setFocus()
        qtbot.keyClick(view, Qt.Key.Key_Down)
        assert engine.asked == []
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert engine.asked == [commands.OpenConversation(conversation_id(2))]

    def test_a_conversation_that_leaves_the_tab_opens_no_other(
        self, window: MainWindow, desk: DeskView, engine: Recorder
    ) -> None:
        """Each view stands in the audit log; a neighbour that slides into place was not viewed by anybody."""
        window.receive(events.ConversationsLoaded((conversation(1), conversation(2), conversation(3))))
        desk.open(conversation_id(2))
        window.receive(events.ConversationChanged(conversation(2, status=Status.CLOSED)))
        assert engine.of(commands.OpenConversation) == [commands.OpenConversation(conversation_id(2))]
        assert desk.pane.row is not None
        assert desk.pane.row.status is Status.CLOSED

    def test_tabs_count_and_choose(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        rows = (conversation(1), conversation(2, status=Status.HELD, mine=True), conversation(3, status=Status.CLOSED))
        window.receive(events.ConversationsLoaded(rows))
        assert text_of(window, "tabOpen") == "Open 2"
        press(qtbot, window, "tabMine")
        view = find(window, "conversationList")
        assert isinstance(view, QAbstractItemView)
        assert view.model().rowCount() == 1
        type_into(qtbot, window, "conversationSearch", "nobody")
        assert find(window, "conversationsEmpty").isVisible()


class TestConversation:
    def test_rows_change_only_by_events(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        editor = desk.pane.composer.editor
        qtbot.keyClicks(editor, "Hello")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        assert engine.of(commands.SendText) == [commands.SendText(conversation_id(), "Hello")]
        assert desk.pane.model.rowCount() == 0
        window.receive(events.MessageAdded(message(1, "Hello", mine=True, delivery=Delivery.QUEUED)))
        assert desk.pane.model.rowCount() == 1
        window.receive(events.MessageChanged(message(1, "Hello", mine=True, delivery=Delivery.READ)))
        assert desk.pane.model.row(0).delivery is Delivery.READ

    def test_events_of_another_conversation_leave_this_one_alone(self, window: MainWindow, desk: DeskView) -> None:
        show(window, conversation(), message(1))
        window.receive(events.MessageAdded(message(2, number=5)))
        window.receive(TranscriptLoaded(conversation_id(5), (message(9, number=5),), True, True))
        assert desk.pane.model.rowCount() == 1

    def test_shift_and_enter_starts_a_line_and_sends_nothing(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        editor = desk.pane.composer.editor
        low = editor.height()
        qtbot.keyClicks(editor, "one")
        qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        qtbot.keyClicks(editor, "two")
        assert editor.toPlainText() == "one\ntwo"
        assert editor.height() > low
        assert engine.of(commands.SendText) == []

    def test_a_note_is_another_command_and_looks_it(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        press(qtbot, window, "noteMode")
        box = find(window, "composerBox")
        assert box.property("mode") == "note"
        assert not find(window, "attachButton").isEnabled()
        qtbot.keyClicks(desk.pane.composer.editor, "only us")
        press(qtbot, window, "sendButton")
        assert engine.of(commands.SendNote) == [commands.SendNote(conversation_id(), "only us")]
        assert engine.of(commands.SendText) == []

    def test_another_conversation_starts_as_a_reply_with_nothing_written(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(1), conversation(2))))
        desk.open(conversation_id(1))
        desk.pane.composer.set_note_mode(True)
        qtbot.keyClicks(desk.pane.composer.editor, "for the first")
        desk.open(conversation_id(2))
        assert desk.pane.composer.text == ""
        assert find(window, "composerBox").property("mode") == "reply"

    @pytest.mark.parametrize(("note", "limit"), [(False, TEXT_LIMIT), (True, NOTE_LIMIT)])
    def test_what_is_too_long_is_not_sent(
        self, window: MainWindow, desk: DeskView, engine: Recorder, note: bool, limit: int
    ) -> None:
        show(window, conversation())
        composer = desk.pane.composer
        composer.set_note_mode(note)
        composer.editor.setPlainText("é" * (limit // 2))
        assert find(window, "sendButton").isEnabled()
        composer.editor.setPlainText("é" * (limit // 2) + "x")
        assert not find(window, "sendButton").isEnabled()
        composer.editor.entered.emit()
        assert engine.of(commands.SendText) == engine.of(commands.SendNote) == []
        assert f"{limit + 1} of {limit}" in text_of(window, "composerCount")

    def test_until_the_check_names_and_files_are_held_back(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.txt"
        path.write_text("x")
        row = message(1, "", kind="file", file=FileRow("arm.jpg", "image/jpeg", 9))
        show(window, conversation(level=1), row)
        assert find(window, "checkBar").isVisible()
        assert not find(window, "attachButton").isEnabled()
        desk.attach(path)
        desk.pane.transcript.file_wanted.emit(row)
        assert window.findChildren(QDialog) == []
        assert engine.of(commands.LoadPicture) == []
        press(qtbot, window, "matchesButton")
        assert engine.of(commands.CheckPatient) == [commands.CheckPatient(conversation_id(), "identifiers", True)]
        assert find(window, "checkBar").isVisible()
        window.receive(events.ConversationChanged(conversation(level=3)))
        assert not find(window, "checkBar").isVisible()
        assert find(window, "attachButton").isEnabled()
        assert engine.of(commands.LoadPicture) == [commands.LoadPicture(conversation_id(), row.message)]

    def test_does_not_match_is_said_too(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation(level=2))
        press(qtbot, window, "differsButton")
        assert engine.of(commands.CheckPatient) == [commands.CheckPatient(conversation_id(), "identifiers", False)]

    @pytest.mark.parametrize(
        ("row", "buttons"),
        [
            (conversation(), {"claimButton", "closeButton"}),
            (conversation(status=Status.HELD, mine=True), {"releaseButton", "closeButton"}),
            (conversation(status=Status.HELD, holder="Ben"), {"closeButton"}),
            (conversation(status=Status.CLOSED), {"reopenButton"}),
            (conversation(status=Status.ENDED), set()),
        ],
    )
    def test_the_header_offers_what_can_be_done(
        self, window: MainWindow, desk: DeskView, row: events.ConversationRow, buttons: set[str]
    ) -> None:
        show(window, row)
        all_of_them = ("claimButton", "releaseButton", "closeButton", "reopenButton")
        assert {name for name in all_of_them if find(window, name).isVisible()} == buttons
        assert find(window, "composer").isVisible() is (row.status in (Status.WAITING, Status.HELD))

    def test_claim_release_and_reopen_are_asked(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        press(qtbot, window, "claimButton")
        window.receive(events.ConversationChanged(conversation(status=Status.HELD, mine=True)))
        press(qtbot, window, "releaseButton")
        window.receive(events.ConversationChanged(conversation(status=Status.CLOSED)))
        press(qtbot, window, "reopenHere")
        asked = [type(command) for command in engine.asked if not isinstance(command, commands.OpenConversation)]
        assert asked == [commands.Claim, commands.Release, commands.Reopen]

    def test_a_warning_of_the_conversation_stands_above_it(self, window: MainWindow, desk: DeskView) -> None:
        show(window, conversation(warning="A message is missing."))
        assert text_of(desk.pane, "bannerHappened") == "A message is missing."
        window.receive(events.ConversationChanged(conversation()))
        assert not find(window, "conversationBanners").isVisible()

    def test_read_is_said_when_it_is_so(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation(unread=2), *messages(1, 60))
        qtbot.waitUntil(lambda: engine.of(commands.MarkRead) != [])
        window.receive(events.ConversationChanged(conversation(unread=0)))
        engine.asked.clear()
        desk.pane.transcript.verticalScrollBar().setValue(0)
        window.receive(events.MessageAdded(message(61)))
        window.receive(events.ConversationChanged(conversation(unread=1)))
        assert engine.of(commands.MarkRead) == []
        assert find(window, "latestButton").isVisible()
        press(qtbot, window, "latestButton")
        assert engine.of(commands.MarkRead) == [commands.MarkRead(conversation_id())]

    def test_retry_by_key(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        row = message(1, mine=True, delivery=Delivery.FAILED)
        show(window, conversation(), row)
        view = desk.pane.transcript
        view.setFocus()
        view.setCurrentIndex(desk.pane.model.index(0))
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert engine.of(commands.Retry) == [commands.Retry(row.message)]

    def test_a_picture_that_came_is_shown_and_a_bad_one_is_not(self, window: MainWindow, desk: DeskView) -> None:
        good, bad = (message(number, "", kind="file", file=FileRow("a.png", "image/png", 99)) for number in (1, 2))
        show(window, conversation(), good, bad)
        window.receive(events.PictureLoaded(good.message, png()))
        window.receive(events.PictureLoaded(bad.message, b"<svg/>"))
        window.receive(events.PictureLoaded(b"unknown", png()))
        assert desk.pane.model.picture(good.message) is not None
        assert desk.pane.model.picture(bad.message) is None

    @pytest.mark.parametrize("target", ["conversationPane", "transcript", "composer"])
    def test_dropped_files_are_shown_before_they_go(
        self, target: str, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot, tmp_path: Path
    ) -> None:
        path = tmp_path / "referral.txt"
        path.write_text("to the specialist")
        show(window, conversation())
        dropped = QMimeData()
        dropped.setUrls([QUrl.fromLocalFile(str(path))])
        copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        under = find(window, target)
        under = under.viewport() if isinstance(under, QAbstractScrollArea) else under
        QApplication.sendEvent(under, QDragEnterEvent(QPoint(20, 9), copy, dropped, LEFT, none))
        QApplication.sendEvent(under, QDropEvent(QPointF(20, 9), copy, dropped, LEFT, none))
        qtbot.waitUntil(lambda: window.findChild(SendFileDialog) is not None)
        dialog = window.findChild(SendFileDialog)
        assert dialog is not None
        assert text_of(dialog, "sendFileDialogTitle") == "Send to Maria Lopez?"
        assert engine.of(commands.SendFile) == []
        type_into(qtbot, dialog, "fileCaption", "please read")
        press(qtbot, dialog, "sendFileConfirm")
        assert engine.of(commands.SendFile) == [commands.SendFile(conversation_id(), path, "please read")]


class TestPaging:
    """A conversation of 5,000 rows behind the window."""

    LAST = 5_000

    @pytest.fixture
    def scrolled(self, window: MainWindow, desk: DeskView, engine: Recorder) -> DeskView:
        show(window, conversation())
        window.receive(
            TranscriptLoaded(conversation_id(), messages(self.LAST - 99, self.LAST), at_start=False, at_end=True)
        )
        return desk

    def answer(self, window: MainWindow, engine: Recorder) -> int:
        """Answers every page that was asked for; returns how many there were."""
        wanted = engine.of(commands.LoadTranscript)
        engine.asked.clear()
        for page in wanted:
            assert isinstance(page, commands.LoadTranscript)
            if page.older:
                last = min(page.anchor - 1, self.LAST)
                first = max(last - page.count + 1, 1)
            else:
                first = page.anchor + 1
                last = min(first + page.count - 1, self.LAST)
            rows = messages(first, last)
            window.receive(TranscriptLoaded(page.conversation, rows, first == 1, last == self.LAST))
        return len(wanted)

    def top(self, desk: DeskView) -> tuple[int, int]:
        """The first row in sight, and where its top is."""
        view = desk.pane.transcript
        index = view.indexAt(QPoint(view.width() // 2, 10))
        return desk.pane.model.row(index.row()).position, view.visualRect(index).top()

    def test_starts_at_the_newest(self, scrolled: DeskView) -> None:
        assert scrolled.pane.transcript.at_end

    def test_what_one_reads_holds_still_while_older_rows_come(
        self, window: MainWindow, scrolled: DeskView, engine: Recorder
    ) -> None:
        bar = scrolled.pane.transcript.verticalScrollBar()
        for _ in range(12):
            bar.setValue(min(300, bar.maximum()))
            before = self.top(scrolled)
            if self.answer(window, engine):
                after = self.top(scrolled)
                assert after == before
        assert scrolled.pane.model.rowCount() <= WINDOW + SLACK
        assert scrolled.pane.model.row(0).position < self.LAST - 900

    def test_back_down_to_the_newest(self, window: MainWindow, scrolled: DeskView, engine: Recorder) -> None:
        bar = scrolled.pane.transcript.verticalScrollBar()
        for _ in range(10):
            bar.setValue(0)
            self.answer(window, engine)
        assert not scrolled.pane.model.at_end
        for _ in range(20):
            bar.setValue(bar.maximum())
            self.answer(window, engine)
        assert scrolled.pane.transcript.at_end
        assert scrolled.pane.model.row(scrolled.pane.model.rowCount() - 1).position == self.LAST

    def test_what_one_reads_holds_still_while_new_rows_come(
        self, window: MainWindow, scrolled: DeskView, engine: Recorder
    ) -> None:
        scrolled.pane.transcript.verticalScrollBar().setValue(1500)
        before = self.top(scrolled)
        for position in range(self.LAST + 1, self.LAST + 20):
            window.receive(events.MessageAdded(message(position)))
        assert self.top(scrolled) == before

    def test_at_the_end_new_rows_are_followed(self, window: MainWindow, scrolled: DeskView) -> None:
        for position in range(self.LAST + 1, self.LAST + 5):
            window.receive(events.MessageAdded(message(position, "long " * 90)))
            assert scrolled.pane.transcript.at_end

    def test_an_own_message_brings_one_back_to_the_newest(
        self, window: MainWindow, scrolled: DeskView, engine: Recorder
    ) -> None:
        bar = scrolled.pane.transcript.verticalScrollBar()
        for _ in range(10):
            bar.setValue(0)
            self.answer(window, engine)
        engine.asked.clear()
        window.receive(events.MessageAdded(message(self.LAST + 1, mine=True)))
        self.answer(window, engine)
        assert scrolled.pane.model.row(scrolled.pane.model.rowCount() - 1).position == self.LAST
        assert scrolled.pane.transcript.at_end

    def test_a_picture_that_grows_a_row_above_does_not_move_what_one_reads(
        self, window: MainWindow, desk: DeskView
    ) -> None:
        picture = message(1, "", kind="file", file=FileRow("a.png", "image/png", 99))
        show(window, conversation(), picture, *messages(2, 90))
        desk.pane.transcript.verticalScrollBar().setValue(800)
        before = self.top(desk)
        window.receive(events.PictureLoaded(picture.message, png(300, 300)))
        assert self.top(desk) == before


class TestLock:
    def plant(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        """Puts the word wherever the desk can hold one."""
        file = FileRow(f"{PLANTED}.png", "image/png", 99)
        rows = (
            message(1, f"I saw a {PLANTED}"),
            message(2, f"{PLANTED}?", kind="note", author=PLANTED),
            message(3, PLANTED, kind="file", file=file),
        )
        show(window, conversation(title=PLANTED, preview=PLANTED, warning=PLANTED, holder=PLANTED), *rows)
        window.receive(events.PictureLoaded(rows[2].message, png()))
        type_into(qtbot, window, "conversationSearch", PLANTED)
        window.receive(events.NoticeRaised(Notice(Severity.WARNING, f"{PLANTED}.pdf was not sent.", "", "")))
        qtbot.keyClicks(desk.pane.composer.editor, PLANTED)
        desk._on_invite()
        dialog = window.findChild(InviteDialog)
        assert dialog is not None
        for name in ("inviteName", "inviteReason"):
            type_into(qtbot, dialog, name, PLANTED)
        type_into(qtbot, dialog, "inviteBirthDate", "1984-03-27")
        press(qtbot, dialog, "inviteCreate")
        window.receive(events.InvitationCreated(b"i", f"https://x/#{PLANTED}", PLANTED, 1_795_500_000_000))
        press(qtbot, dialog, "invitationCopy")

    def test_leaves_nothing_on_the_screen_in_widgets_models_memory_or_clipboard(
        self, window: MainWindow, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(UNLOCKED)
        desk = window.desk  # not by the fixture, which would keep it alive
        assert desk is not None
        self.plant(window, desk, qtbot)
        assert places_of(PLANTED)
        assert rows_of(PLANTED)
        assert PLANTED in QGuiApplication.clipboard().text()
        qtbot.keyClick(desk.pane.composer.editor, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert engine.asked[-1] == commands.Lock()
        assert find(window, "unlockScreen").isVisible()
        assert not any(dialog.isVisible() for dialog in QApplication.topLevelWidgets() if isinstance(dialog, QDialog))
        engine.asked.clear()
        del desk
        gc.disable()  # nothing may wait for a collection that comes when it likes
        try:
            qtbot.waitUntil(lambda: not rows_of(PLANTED))
        finally:
            gc.enable()
        assert places_of(PLANTED) == []
        assert PLANTED not in QGuiApplication.clipboard().text()

    def test_is_heard_by_a_dialog_too(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        desk._on_invite()
        dialog = window.findChild(InviteDialog)
        assert dialog is not None
        qtbot.keyClick(find(dialog, "inviteName"), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert engine.asked == [commands.Lock()]
        assert window.desk is None

    def test_by_the_button_that_goes_away_with_it(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        press(qtbot, window, "lockButton")
        assert engine.asked == [commands.Lock()]
        qtbot.waitUntil(lambda: window.findChild(QWidget, "desk") is None)

    def test_when_nobody_is_there(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        window._watch.start(1)
        qtbot.waitUntil(lambda: engine.asked == [commands.Lock()])
        assert window.desk is None

    def test_a_sign_of_life_puts_it_off(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        window._watch.start(100)
        timer = window._watch._timer
        qtbot.waitUntil(lambda: timer.remainingTime() < 99_900)
        qtbot.keyClick(find(window, "conversationSearch"), Qt.Key.Key_A)
        assert timer.remainingTime() > 99_900

    def test_a_locked_window_does_not_count_down(self, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
        window.lock()
        assert not window._watch._timer.isActive()
        window.lock()
        assert engine.asked == [commands.Lock()]

    def test_events_that_come_after_it_show_nothing(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        show(window, conversation(), message(1))
        window.lock()
        window.receive(events.MessageAdded(message(2, PLANTED)))
        window.receive(events.ConversationChanged(conversation(title=PLANTED)))
        assert places_of(PLANTED) == []

    def test_what_the_engine_said_before_it_heard_opens_nothing(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.lock()
        window.receive(UNLOCKED)
        assert window.desk is None
        window.receive(PhaseChanged(Phase.LOCKED))
        assert text_of(window, "unlockWho") == "Ana Ruiz · Riverside Family Clinic"
        type_into(qtbot, window, "unlockPassphrase", "right")
        press(qtbot, window, "unlockButton")
        window.receive(UNLOCKED)
        assert window.desk is not None

    def test_follows_the_policy_of_the_clinic(self, window: MainWindow, desk: DeskView) -> None:
        timer = window._watch._timer
        assert timer.interval() == 120_000
        window.receive(replace(UNLOCKED, idle_lock_seconds=45))
        assert timer.interval() == 45_000
        assert window.desk is desk

    def test_unlocking_again_starts_afresh(self, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
        show(window, conversation(), message(1))
        window.lock()
        window.receive(PhaseChanged(Phase.LOCKED))
        window.receive(UNLOCKED)
        assert window.desk is not None
        assert window.desk is not desk
        assert window.desk.pane.model.rowCount() == 0
        assert find(window.desk, "welcome").isVisible()


class TestAccess:
    def test_everything_that_acts_has_a_name_and_words(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        show(window, conversation(level=1), message(1))
        desk._on_invite()
        acting = [
            each
            for each in window.findChildren(QWidget)
            if isinstance(each, QAbstractButton | QLineEdit | QAbstractItemView) and own(each)
        ]
        assert len(acting) > 25
        assert [type(each).__name__ for each in acting if not each.objectName()] == []
        assert [each.objectName() for each in acting if not each.accessibleName()] == []

    def test_the_keyboard_reaches_everything_in_a_conversation(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        show(window, conversation(level=2), message(1))
        wanted = {
            "inviteButton",
            "conversationSearch",
            "tabOpen",
            "conversationList",
            "claimButton",
            "closeButton",
            "safetyNumberButton",
            "matchesButton",
            "differsButton",
            "transcript",
            "composer",
            "attachButton",
            "lockButton",
        }
        reached: set[str] = set()
        for _ in range(60):
            focus = QApplication.focusWidget()
            assert focus is not None
            reached.add(focus.objectName())
            qtbot.keyClick(focus, Qt.Key.Key_Tab)
        assert wanted <= reached

    def test_shortcuts(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        window.receive(events.ConversationsLoaded((conversation(1), conversation(2))))
        control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
        qtbot.keyClick(window, Qt.Key.Key_Down, alt)
        qtbot.keyClick(window, Qt.Key.Key_Down, alt)
        opened = engine.of(commands.OpenConversation)
        assert [command.conversation for command in opened] == [conversation_id(2), conversation_id(1)]  # type: ignore[attr-defined]
        qtbot.keyClick(window, Qt.Key.Key_K, control)
        assert find(window, "conversationSearch").hasFocus()
        qtbot.keyClick(window, Qt.Key.Key_N, control)
        assert window.findChild(InviteDialog) is not None

    def test_dark_and_light_turn_without_losing_anything(self, window: MainWindow, desk: DeskView) -> None:
        show(window, conversation(), *messages(1, 30))
        light = window.grab().toImage().pixelColor(window.width() // 2, window.height() // 2)
        window._theme.set_dark(True)
        dark = window.grab().toImage().pixelColor(window.width() // 2, window.height() // 2)
        window._theme.set_dark(False)
        assert light.lightness() > 150 > 100 > dark.lightness()
        assert desk.pane.model.rowCount() == 30


def own(widget: QWidget) -> bool:
    """Not a part that Qt puts into another widget, such as the button that clears a field."""
    return not isinstance(widget.parent(), QLineEdit | QAbstractItemView) and "qt_" not in widget.objectName()


def png(width: int = 64, height: int = 48) -> bytes:
    image = QImage(QSize(width, height), QImage.Format.Format_RGB32)
    image.fill(QColor("#aa3366"))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def places_of(text: str) -> list[str]:
    """Every widget and every model that holds the text, in whatever property or role."""
    widgets = QApplication.allWidgets()
    objects: list[QObject] = [*widgets, *(child for widget in widgets for child in widget.findChildren(QObject))]
    found = [
        f"{type(each).__name__}.{name}" for each in objects for name in strings(each) if text in strings(each)[name]
    ]
    for view in widgets:
        if isinstance(view, QAbstractItemView) and (model := view.model()) is not None:
            cells = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
            found += [f"{view.objectName()} row" for cell in cells if text in cell]
    return found


def strings(thing: QObject) -> dict[str, str]:
    described = thing.metaObject()
    properties = [described.property(number) for number in range(described.propertyCount())]
    values = {each.name(): each.read(thing) for each in properties if each.typeName() == "QString"}
    return {name: value for name, value in values.items() if isinstance(value, str)}


def rows_of(text: str) -> list[object]:
    """Rows that are still in memory, wherever."""
    kinds = (events.MessageRow, events.ConversationRow, events.InvitationCreated)
    return [each for each in gc.get_objects() if isinstance(each, kinds) and text in f"{fields(each)}"]


def fields(row: object) -> list[object]:
    return [getattr(row, name) for name in type(row).__slots__]  # type: ignore[attr-defined]
