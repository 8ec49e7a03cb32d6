"""One conversation in the window: rows, composer, files, and paging through a long one."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QDialog,
    QLabel,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from agent_app.engine import commands, events
from agent_app.engine.events import Delivery, FileRow, Status, TranscriptLoaded
from agent_app.ui.dialogs.files import SendFileDialog
from agent_app.ui.main_window import MainWindow
from agent_app.ui.models.transcript import SLACK, WINDOW
from agent_app.ui.views.composer import NOTE_LIMIT, TEXT_LIMIT
from agent_app.ui.views.desk import DeskView
from tests.ui.conftest import Recorder, show
from tests.ui.driving import LEFT, find, png, press, text_of, type_into
from tests.ui.samples import conversation, conversation_id, message, messages


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
        assert "100 %" in text_of(window, "composerCount")
        composer.editor.setPlainText("é" * (limit // 2) + "x")
        assert not find(window, "sendButton").isEnabled()
        composer.editor.entered.emit()
        assert engine.of(commands.SendText) == engine.of(commands.SendNote) == []
        assert "Too long" in text_of(window, "composerCount")

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
            (conversation(status=Status.HELD, holder="Ben"), {"takeOverButton", "closeButton"}),
            (conversation(status=Status.CLOSED), {"reopenButton"}),
            (conversation(status=Status.ENDED), set()),
        ],
    )
    def test_the_header_offers_what_can_be_done(
        self, window: MainWindow, desk: DeskView, row: events.ConversationRow, buttons: set[str]
    ) -> None:
        show(window, row)
        all_of_them = ("claimButton", "takeOverButton", "releaseButton", "closeButton", "reopenButton")
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

    def test_what_was_not_read_is_shown_from_its_beginning_and_is_unread_until_its_end_was_seen(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(unread=40),)))
        desk.open(conversation_id())
        window.receive(
            TranscriptLoaded(conversation_id(), messages(1, 60), at_start=True, at_end=True, target=21, unread_from=21)
        )
        view = desk.pane.transcript
        first = view.visualRect(desk.pane.model.index(20))
        assert 0 <= first.top() < 10
        assert not view.at_end
        assert engine.of(commands.MarkRead) == []
        assert engine.of(commands.LoadTranscript) == []
        qtbot.keyClick(window, Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier)
        assert view.at_end
        assert engine.of(commands.MarkRead) == [commands.MarkRead(conversation_id())]
        qtbot.keyClick(window, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
        assert 0 <= view.visualRect(desk.pane.model.index(20)).top() < 10

    def test_a_message_that_was_found_is_shown_among_its_neighbours(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(),)))
        desk.open(conversation_id(), 50)
        assert engine.of(commands.OpenConversation) == [commands.OpenConversation(conversation_id(), 50)]
        assert desk.pane.transcript.hasFocus()
        window.receive(TranscriptLoaded(conversation_id(), messages(1, 99), at_start=True, at_end=False, target=50))
        view = desk.pane.transcript

        def is_in_sight(place: int) -> bool:
            return view.viewport().rect().contains(view.visualRect(desk.pane.model.index(place)))

        assert is_in_sight(49)
        assert view.currentIndex().row() == 49
        desk.open(conversation_id(), 10)
        assert is_in_sight(9)
        assert engine.of(commands.LoadAround) == []
        desk.open(conversation_id(), 500)
        assert engine.of(commands.LoadAround) == [commands.LoadAround(conversation_id(), 500)]
        around = TranscriptLoaded(conversation_id(), messages(450, 549), at_start=False, at_end=False, target=500)
        window.receive(around)
        assert is_in_sight(50)
        assert len(engine.of(commands.OpenConversation)) == 1

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

    # PySide 6.12 wants a point in fractions here, which 6.11 does not take.
    @pytest.mark.filterwarnings("ignore:.*QDragEnterEvent:DeprecationWarning")
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


class TestSeveralFiles:
    """Dropped or chosen together, they are offered together."""

    def drop(self, window: MainWindow, paths: list[Path], qtbot: QtBot) -> None:
        dropped = QMimeData()
        dropped.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        pane = find(window, "conversationPane")
        QApplication.sendEvent(pane, QDragEnterEvent(QPoint(20, 9), copy, dropped, LEFT, none))
        QApplication.sendEvent(pane, QDropEvent(QPointF(20, 9), copy, dropped, LEFT, none))
        qtbot.waitUntil(lambda: window.findChild(SendFileDialog) is not None)

    def written(self, folder: Path, *names: str) -> list[Path]:
        for name in names:
            (folder / name).write_bytes(png() if name.endswith("png") else b"for you")
        return [folder / name for name in names]

    def test_go_by_one_press_without_those_that_were_taken_out(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot, tmp_path: Path
    ) -> None:
        show(window, conversation())
        wrist, letter, wrong = self.written(tmp_path, "wrist.png", "letter.txt", "wrong.txt")
        self.drop(window, [wrist, letter, wrong], qtbot)
        dialog = find(window, "sendFileDialog")
        assert len(dialog.findChildren(QLabel, "fileName")) == 3
        assert len(dialog.findChildren(QLabel, "filePreview")) == 1
        assert find(dialog, "fileOut2").accessibleName() == "Take out wrong.txt"
        qtbot.keyClick(find(dialog, "fileOut2"), Qt.Key.Key_Space)
        assert engine.of(commands.SendFile) == []
        type_into(qtbot, dialog, "fileCaption", "as we said")
        press(qtbot, dialog, "sendFileConfirm")
        assert engine.of(commands.SendFile) == [
            commands.SendFile(conversation_id(), wrist, "as we said"),
            commands.SendFile(conversation_id(), letter, ""),
        ]

    def test_one_that_cannot_be_sent_is_named_and_the_others_are_offered(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot, tmp_path: Path
    ) -> None:
        show(window, conversation())
        kept, empty = self.written(tmp_path, "letter.txt", "empty.txt")
        empty.write_bytes(b"")
        self.drop(window, [kept, empty, tmp_path / "gone.txt"], qtbot)
        named = find(window, "sendFileDialog").findChildren(QLabel, "fileName")
        assert [each.text() for each in named] == ["letter.txt"]
        said = text_of(window, "bannerAction")
        assert "empty.txt is empty." in said
        assert "gone.txt is not a file" in said

    def test_with_the_last_one_goes_the_question(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot, tmp_path: Path
    ) -> None:
        show(window, conversation())
        self.drop(window, self.written(tmp_path, "a.txt", "b.txt"), qtbot)
        for name in ("fileOut0", "fileOut1"):
            press(qtbot, find(window, "sendFileDialog"), name)
        qtbot.waitUntil(lambda: window.findChild(SendFileDialog) is None)
        assert engine.of(commands.SendFile) == []

    def test_too_many_are_not_read_at_all(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot, tmp_path: Path
    ) -> None:
        show(window, conversation())
        self.drop(window, self.written(tmp_path, *(f"{number}.txt" for number in range(12))), qtbot)
        assert len(find(window, "sendFileDialog").findChildren(QLabel, "fileName")) == 10
        assert "No more than 10 files go at once." in text_of(window, "bannerAction")


class TestUnread:
    """What is not read and out of sight is offered with its count, until it is in sight or read."""

    def button(self, window: MainWindow) -> QToolButton:
        found = find(window, "unreadButton")
        assert isinstance(found, QToolButton)
        return found

    def test_is_offered_while_it_is_out_of_sight(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, replace(conversation(), unread=31))
        window.receive(TranscriptLoaded(conversation_id(), messages(1, 60), True, True, target=30, unread_from=30))
        view, offered = desk.pane.transcript, self.button(window)
        assert not offered.isVisible()
        view.verticalScrollBar().setValue(0)
        assert offered.isVisible()
        assert offered.text() == offered.accessibleName() == "31 unread"
        assert offered.y() > view.height() / 2, "it lies below"
        press(qtbot, window, "unreadButton")
        assert not offered.isVisible()
        first = view.visualRect(desk.pane.model.index(desk.pane.model.place_at(30)))
        assert view.viewport().rect().contains(first.center())
        view.setCurrentIndex(desk.pane.model.index(45))
        view.scrollTo(desk.pane.model.index(45), QAbstractItemView.ScrollHint.PositionAtTop)
        assert offered.isVisible()
        assert offered.y() < view.height() / 2, "it lies above"
        view.go_to_end()
        assert engine.of(commands.MarkRead) == [commands.MarkRead(conversation_id())]
        window.receive(events.ConversationChanged(replace(conversation(), unread=0)))
        assert not offered.isVisible()

    def test_what_comes_while_somebody_reads_above_is_counted(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        show(window, conversation(), *messages(1, 60))
        desk.pane.transcript.verticalScrollBar().setValue(0)
        assert not self.button(window).isVisible()
        window.receive(events.MessageAdded(message(61, "Are you there?")))
        window.receive(events.ConversationChanged(replace(conversation(), unread=1)))
        assert self.button(window).isVisible()
        assert self.button(window).text() == "1 unread"
        qtbot.keyClick(window, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
        assert not self.button(window).isVisible()


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
