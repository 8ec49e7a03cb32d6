"""What is written for the team goes to a patient by no slip of a hand: pasted, dropped, turned, kept, held down."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt, QUrl
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from agent_app.engine import commands
from agent_app.engine.events import ConversationsLoaded, DraftLoaded, RepliesLoaded, ReplyRow, TextReturned
from agent_app.ui.clipboard import marked
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.desk import DeskView
from tests.ui.conftest import Recorder, show
from tests.ui.driving import find, press, text_of, type_into
from tests.ui.samples import conversation, conversation_id, message

COPY, CUT = QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut
RETURN = Qt.Key.Key_Return


class TestPasting:
    def test_a_note_that_is_copied_and_pasted_stays_one(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation(), message(1, "for the team", kind="note"))
        desk.pane.transcript.setFocus()
        desk.pane.transcript.setCurrentIndex(desk.pane.model.index(0))
        qtbot.keySequence(desk.pane.transcript, COPY)
        editor = desk.pane.composer.editor
        self.paste_and_send(qtbot, editor)
        assert engine.of(commands.SendText) == []
        assert engine.of(commands.SendNote) == [commands.SendNote(conversation_id(), "for the team")]

    def test_so_does_one_that_is_being_written(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        press(qtbot, window, "noteMode")
        type_into(qtbot, window, "composer", "for the team")
        editor = desk.pane.composer.editor
        editor.selectAll()
        qtbot.keySequence(editor, CUT)
        press(qtbot, window, "replyMode")
        self.paste_and_send(qtbot, editor)
        assert engine.of(commands.SendText) == []
        assert engine.of(commands.SendNote) == [commands.SendNote(conversation_id(), "for the team")]

    def paste_and_send(self, qtbot: QtBot, editor: QPlainTextEdit) -> None:
        editor.setFocus()
        qtbot.keySequence(editor, QKeySequence.StandardKey.Paste)
        qtbot.keyClick(editor, Qt.Key.Key_Return)


class TestTurning:
    def test_what_was_begun_as_a_note_goes_to_a_patient_only_on_a_second_word(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        press(qtbot, window, "noteMode")
        type_into(qtbot, window, "composer", "call her brother")
        press(qtbot, window, "replyMode")
        editor = desk.pane.composer.editor
        qtbot.keyClick(editor, RETURN)
        assert engine.of(commands.SendText) == []
        assert text_of(desk, "composerHint").startswith("This was written for the team.")
        qtbot.keyClicks(editor, "!")
        qtbot.keyClick(editor, RETURN)  # another text: asked anew
        for repeated in (True, True):
            kind, none = QEvent.Type.KeyPress, Qt.KeyboardModifier.NoModifier
            QApplication.sendEvent(editor, QKeyEvent(kind, RETURN, none, "\r", repeated))
        assert engine.of(commands.SendText) == []
        qtbot.keyClick(editor, RETURN)
        assert engine.of(commands.SendText) == [commands.SendText(conversation_id(), "call her brother!")]

    def test_it_is_kept_and_comes_back_as_a_note(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        press(qtbot, window, "noteMode")
        type_into(qtbot, window, "composer", "call her brother")
        press(qtbot, window, "replyMode")
        desk.keep_draft()
        assert engine.of(commands.SaveDraft) == [commands.SaveDraft(conversation_id(), "call her brother", note=True)]
        window.receive(ConversationsLoaded((conversation(), conversation(1))))
        desk.open(conversation_id(1))
        desk.open(conversation_id())
        window.receive(DraftLoaded(conversation_id(), "call her brother", note=True))
        assert desk.pane.composer.note_mode

    def test_a_new_text_after_it_is_a_reply_like_any_other(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        press(qtbot, window, "noteMode")
        type_into(qtbot, window, "composer", "call her brother")
        desk.pane.composer.editor.clear()
        press(qtbot, window, "replyMode")
        type_into(qtbot, window, "composer", "Hello")
        qtbot.keyClick(desk.pane.composer.editor, RETURN)
        assert engine.of(commands.SendText) == [commands.SendText(conversation_id(), "Hello")]

    def test_one_that_returns_to_a_reply_makes_it_a_note(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        type_into(qtbot, window, "composer", "Hello")
        window.receive(TextReturned(conversation_id(), "call her brother", note=True))
        qtbot.keyClick(desk.pane.composer.editor, RETURN)
        assert engine.of(commands.SendText) == []
        assert len(engine.of(commands.SendNote)) == 1

    def test_a_canned_reply_leaves_it_a_note(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        window.receive(RepliesLoaded((ReplyRow(b"1" * 16, "Brother", "call her brother", ""),)))
        press(qtbot, window, "noteMode")
        editor = desk.pane.composer.editor
        editor.setFocus()
        qtbot.keyClicks(editor, "/bro")
        for _ in ("inserts", "sends"):
            qtbot.keyClick(editor, RETURN)
        assert engine.of(commands.SendText) == []
        assert engine.of(commands.SendNote) == [commands.SendNote(conversation_id(), "call her brother")]


class TestDropping:
    def test_no_file_and_no_picture_comes_out_of_a_note(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot, tmp_path: Path
    ) -> None:
        offered: list[object] = []
        desk.pane.files_given.connect(offered.append)
        desk.pane.picture_given.connect(offered.append)
        show(window, conversation())
        press(qtbot, window, "noteMode")
        plan = tmp_path / "plan.txt"
        plan.write_text("for the team")
        file, picture = QMimeData(), QMimeData()
        file.setUrls([QUrl.fromLocalFile(str(plan))])
        picture.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
        for dropped in (file, picture):
            desk.pane.composer.editor.insertFromMimeData(dropped)
        assert offered == []
        assert engine.of(commands.SendFile) == engine.of(commands.SendPicture) == []

    def test_text_that_is_dragged_from_a_note_makes_a_reply_one(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        type_into(qtbot, window, "composer", "Hello ")
        desk.pane.composer.editor.insertFromMimeData(marked("call her brother", note=True))
        qtbot.keyClick(find(window, "composer"), RETURN)
        assert engine.of(commands.SendText) == []
        assert engine.of(commands.SendNote) == [commands.SendNote(conversation_id(), "Hello call her brother")]
