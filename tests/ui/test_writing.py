"""What is being written: kept through a lock, given back, and pictures that were pasted rather than attached."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QSize, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from agent_app.engine import commands, events
from agent_app.engine.events import DraftLoaded, Phase, PhaseChanged, TextReturned
from agent_app.ui.clipboard import marked
from agent_app.ui.dialogs import files
from agent_app.ui.dialogs.files import SendFileDialog
from agent_app.ui.main_window import MainWindow
from agent_app.ui.pictures import as_png
from agent_app.ui.views.desk import DeskView
from tests.ui.conftest import UNLOCKED, Recorder, show
from tests.ui.driving import find, press, text_of, type_into
from tests.ui.samples import conversation, conversation_id, message, messages


def kept(engine: Recorder) -> list[commands.Command]:
    return engine.of(commands.SaveDraft)


class TestDrafts:
    def test_a_pause_keeps_what_stands_there_once(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        type_into(qtbot, window, "composer", "Your res")
        assert kept(engine) == []
        qtbot.waitUntil(lambda: kept(engine) != [])
        desk.keep_draft()
        assert kept(engine) == [commands.SaveDraft(conversation_id(), "Your res", note=False)]
        desk.pane.composer.clear()
        desk.keep_draft()
        assert kept(engine)[1:] == [commands.SaveDraft(conversation_id(), "", note=False)]

    def test_a_lock_keeps_it_first(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        show(window, conversation())
        press(qtbot, window, "noteMode")
        type_into(qtbot, window, "composer", "Ask Dr. We")
        window.lock()
        assert engine.asked[-2:] == [
            commands.SaveDraft(conversation_id(), "Ask Dr. We", note=True),
            commands.Lock(),
        ]
        window.receive(PhaseChanged(Phase.LOCKED))
        window.receive(UNLOCKED)
        show(window, conversation())
        assert text_of_composer(window) == ""
        window.receive(DraftLoaded(conversation_id(), "Ask Dr. We", note=True))
        assert text_of_composer(window) == "Ask Dr. We"
        type_into(qtbot, window, "composer", "ber")
        press(qtbot, window, "sendButton")
        assert engine.of(commands.SendNote) == [commands.SendNote(conversation_id(), "Ask Dr. Weber")]
        assert engine.of(commands.SendText) == []

    def test_closing_the_window_keeps_it(self, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
        show(window, conversation())
        desk.pane.composer.editor.setPlainText("half")
        window.close()
        assert kept(engine) == [commands.SaveDraft(conversation_id(), "half", note=False)]

    def test_each_conversation_has_its_own(self, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
        window.receive(events.ConversationsLoaded((conversation(1), conversation(2))))
        desk.open(conversation_id(1))
        desk.pane.composer.editor.setPlainText("for the first")
        desk.open(conversation_id(2))
        assert text_of_composer(window) == ""
        assert kept(engine) == [commands.SaveDraft(conversation_id(1), "for the first", note=False)]
        window.receive(DraftLoaded(conversation_id(1), "for the first", note=False))
        assert text_of_composer(window) == ""
        desk.open(conversation_id(1))
        window.receive(DraftLoaded(conversation_id(1), "for the first", note=False))
        assert text_of_composer(window) == "for the first"
        desk.keep_draft()
        assert len(kept(engine)) == 1

    def test_what_was_sent_is_not_kept_again(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        window.receive(DraftLoaded(conversation_id(), "Hello", note=False))
        press(qtbot, window, "sendButton")
        desk.keep_draft()
        assert engine.of(commands.SendText) == [commands.SendText(conversation_id(), "Hello")]
        assert kept(engine) == []

    def test_a_draft_that_comes_late_loses_nothing_and_makes_no_note_a_reply(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        press(qtbot, window, "noteMode")
        type_into(qtbot, window, "composer", "new")
        window.receive(DraftLoaded(conversation_id(), "old and ", note=False))
        assert text_of_composer(window) == "old and new"
        assert desk.pane.composer.note_mode


class TestReturned:
    """What the engine could not send comes back to whoever wrote it."""

    def test_it_stands_in_the_composer_again_as_what_it_was(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        press(qtbot, window, "noteMode")
        type_into(qtbot, window, "composer", "Ask her brother")
        press(qtbot, window, "sendButton")
        assert text_of_composer(window) == ""
        press(qtbot, window, "replyMode")
        window.receive(TextReturned(conversation_id(), "Ask her brother", note=True))
        assert (text_of_composer(window), desk.pane.composer.note_mode) == ("Ask her brother", True)
        desk.keep_draft()
        assert kept(engine) == [commands.SaveDraft(conversation_id(), "Ask her brother", note=True)]

    def test_it_stands_before_what_was_written_since(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        show(window, conversation())
        type_into(qtbot, window, "composer", "first")
        press(qtbot, window, "sendButton")
        press(qtbot, window, "noteMode")
        type_into(qtbot, window, "composer", "then")
        window.receive(TextReturned(conversation_id(), "first", note=False))
        assert (text_of_composer(window), desk.pane.composer.note_mode) == ("first\nthen", True)

    def test_it_is_no_other_conversations_and_joins_the_draft_that_was_left(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(1), conversation(2))))
        desk.open(conversation_id(1))
        type_into(qtbot, window, "composer", "first")
        press(qtbot, window, "sendButton")
        type_into(qtbot, window, "composer", "then")
        desk.open(conversation_id(2))
        window.receive(TextReturned(conversation_id(1), "first", note=False))
        assert text_of_composer(window) == ""
        assert kept(engine)[-1] == commands.SaveDraft(conversation_id(1), "first\nthen", note=False)
        assert text_of(window, "bannerHappened") == "What you wrote to Maria Lopez was not sent."

    def test_the_engines_draft_and_its_return_are_one_text(self, window: MainWindow, desk: DeskView) -> None:
        show(window, conversation())
        window.receive(TextReturned(conversation_id(), "first", note=False))
        window.receive(DraftLoaded(conversation_id(), "first", note=False))
        assert text_of_composer(window) == "first"

    def test_of_an_ended_conversation_it_can_be_read_and_copied_but_not_sent(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation(status=events.Status.ENDED))
        assert not find(window, "composer").isVisible()
        window.receive(TextReturned(conversation_id(), "first", note=False))
        assert find(window, "composer").isVisible()
        assert find(window, "composerClosed").isVisible()
        assert not find(window, "sendButton").isEnabled()
        qtbot.keyClick(find(window, "composer"), Qt.Key.Key_Return)
        type_into(qtbot, window, "composer", "x")
        assert text_of_composer(window) == "first"
        assert engine.of(commands.SendText) == []


class TestPastedPictures:
    def pasted(self, desk: DeskView) -> None:
        picture = QMimeData()
        made = QImage(QSize(40, 30), QImage.Format.Format_RGB32)
        made.fill(Qt.GlobalColor.darkCyan)
        picture.setImageData(made)
        desk.pane.composer.editor.insertFromMimeData(picture)

    def test_markup_is_text(self, window: MainWindow, desk: DeskView) -> None:
        show(window, conversation())
        pasted = QMimeData()
        pasted.setHtml("<b>bold</b>")
        pasted.setText("<b>bold</b>")
        desk.pane.composer.editor.insertFromMimeData(pasted)
        assert desk.pane.composer.text == "<b>bold</b>"

    def test_a_picture_is_shown_before_it_goes_from_memory(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        show(window, conversation())
        self.pasted(desk)
        qtbot.waitUntil(lambda: window.findChild(SendFileDialog) is not None)
        dialog = find(window, "sendFileDialog")
        assert text_of(dialog, "sendFileDialogTitle") == "Send to Maria Lopez?"
        assert find(dialog, "filePreview").isVisible()
        window.receive(events.ConversationsLoaded((conversation(), conversation(1))))
        desk.open(conversation_id(1))
        type_into(qtbot, dialog, "fileCaption", "like this")
        press(qtbot, dialog, "sendFileConfirm")
        (sent,) = engine.of(commands.SendPicture)
        assert isinstance(sent, commands.SendPicture)
        assert (sent.conversation, sent.name, sent.caption) == (conversation_id(), "Picture.png", "like this")
        assert QImage.fromData(sent.content).size() == QSize(40, 30)

    def test_before_the_check_and_in_a_note_there_is_nothing_to_attach(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        offered: list[object] = []
        desk.pane.picture_given.connect(offered.append)
        show(window, conversation(level=1))
        self.pasted(desk)
        assert text_of(desk, "composerHint") == "Check the patient first: files are off until then."
        window.receive(events.ConversationChanged(conversation(level=3)))
        press(qtbot, window, "noteMode")
        self.pasted(desk)
        assert text_of(desk, "composerHint") == "Files go to the patient. Choose Reply to attach one."
        type_into(qtbot, window, "composer", "x")
        assert text_of(desk, "composerHint").startswith("Only the team sees this.")
        assert offered == []
        press(qtbot, window, "replyMode")
        self.pasted(desk)
        assert len(offered) == 1

    def test_nothing_is_dropped_into_a_conversation_that_is_closed(self, window: MainWindow, desk: DeskView) -> None:
        show(window, conversation(status=events.Status.CLOSED))
        desk.pane.composer.editor.insertFromMimeData(marked("dropped"))
        assert desk.pane.composer.text == ""

    def test_one_that_is_too_large_is_refused_in_words(
        self, window: MainWindow, desk: DeskView, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("agent_app.ui.views.desk.FILE_LIMIT", 100)
        show(window, conversation())
        desk.attach_picture(QImage(QSize(400, 300), QImage.Format.Format_RGB32))
        assert window.findChild(SendFileDialog) is None
        assert text_of(window, "bannerHappened") == "The file was not attached."
        assert files.FILE_LIMIT == 25 * 1024 * 1024

    def test_what_is_no_picture_makes_no_file(self) -> None:
        assert as_png(QImage()) == b""


class TestUploads:
    def test_it_says_how_far_it_is_and_cancel_asks_the_engine(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(), conversation(1))))
        desk.open(conversation_id())
        name = "results\u202e<b>.pdf"
        window.receive(events.UploadProgressed(conversation_id(), b"u" * 16, name, 30, 120))
        assert text_of(desk, "uploadText") == "Sending results <b>.pdf · 25 %"
        press(qtbot, window, "uploadCancel")
        assert engine.of(commands.CancelUpload) == [commands.CancelUpload(b"u" * 16)]
        assert find(desk, "uploads").isVisible()  # until the engine says that it ended
        desk.open(conversation_id(1))
        assert not find(desk, "uploads").isVisible()
        desk.open(conversation_id())
        window.receive(events.UploadProgressed(conversation_id(), b"u" * 16, name, 120, 120))
        assert text_of(desk, "uploadText").endswith("100 %")
        window.receive(events.UploadEnded(conversation_id(), b"u" * 16))
        window.receive(events.UploadEnded(conversation_id(), b"never heard of"))
        assert not find(desk, "uploads").isVisible()


class TestWhoWrote:
    def test_a_colleague_called_patient_is_not_the_patient(self, window: MainWindow, desk: DeskView) -> None:
        impostor = message(2, author="Patient", by_patient=False)
        show(window, conversation(title="Maria Lopez"), message(1), impostor)
        said = [desk.pane.model.index(place).data(Qt.ItemDataRole.AccessibleTextRole) for place in (0, 1)]
        assert said[0].startswith("Maria Lopez, ")
        assert said[1].startswith("Patient, ")
        assert desk.pane.model.placement(0).ends_group
        assert desk.pane.model.placement(1).starts_group


class TestRoom:
    @pytest.mark.parametrize(
        ("level", "warning"), [(2, ""), (3, "A message is missing."), (2, "A message is missing.")]
    )
    def test_what_stands_above_the_messages_keeps_its_distance(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot, level: int, warning: str
    ) -> None:
        show(window, conversation(level=level, warning=warning), *messages(1, 60))
        lowest = find(window, "checkBar") if level < 3 else find(desk.pane, "banner")

        def room() -> int:
            end = lowest.mapTo(desk.pane, QPoint(0, lowest.height())).y()
            return desk.pane.transcript.y() - end

        qtbot.waitUntil(lambda: room() == 10)

    def test_with_nothing_above_they_begin_under_the_header(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        show(window, conversation(level=3), *messages(1, 60))
        qtbot.waitUntil(lambda: desk.pane.transcript.y() == desk.pane.header.geometry().bottom() + 1)


def text_of_composer(window: MainWindow) -> str:
    assert window.desk is not None
    return window.desk.pane.composer.text
