"""Canned replies with a slash: chosen without leaving the text, filled from what is known, sent by Send alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QListView, QListWidget, QPlainTextEdit
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from agent_app.engine import commands, events
from agent_app.engine.events import RepliesLoaded, ReplyRow
from agent_app.protocol import limits
from agent_app.ui.language import Language
from agent_app.ui.main_window import MainWindow
from agent_app.ui.models.replies import TEXT, ReplyModel
from agent_app.ui.placeholders import fill, first_unfilled
from agent_app.ui.spoken import language_of
from agent_app.ui.starters import STARTERS
from agent_app.ui.views.desk import DeskView
from agent_app.ui.views.emoji_picker import EMOJI, EmojiModel
from tests.ui.conftest import Recorder, done, refused, show
from tests.ui.driving import find, press, text_of, type_into
from tests.ui.samples import conversation, conversation_id, message

ROWS = (
    ReplyRow(b"1" * 16, "Álbum", "Look at our album, {patient}.", ""),
    ReplyRow(b"2" * 16, "Greeting", "Hello {patient}, this is {agent} at {clinic}.", "Hola, {patient}."),
    ReplyRow(b"3" * 16, "Time", "See you on {day}.", "Hasta el {day}."),
)
ALT = Qt.KeyboardModifier.AltModifier
RETURN, TAB, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape


@pytest.fixture
def editor(window: MainWindow, desk: DeskView) -> QPlainTextEdit:
    """The composer's, in an open conversation, with the replies at hand."""
    show(window, conversation())
    window.receive(RepliesLoaded(ROWS))
    return desk.pane.composer.editor


def opened(desk: DeskView) -> bool:
    return desk.pane.composer.replies.isVisible()


def titles(desk: DeskView) -> list[str]:
    view = find(desk, "replyList")
    assert isinstance(view, QListView)
    return [str(view.model().index(place, 0).data()) for place in range(view.model().rowCount())]


def sent(engine: Recorder) -> list[commands.Command]:
    return [*engine.of(commands.SendText), *engine.of(commands.SendNote)]


class TestTheList:
    @pytest.mark.parametrize(
        ("typed", "shown"), [("/", True), ("Hi /", True), ("Hi\n/gr", True), ("and/or", False), ("1/2", False)]
    )
    def test_opens_with_a_slash_at_the_start_or_after_a_space(
        self, desk: DeskView, editor: QPlainTextEdit, qtbot: QtBot, typed: str, shown: bool
    ) -> None:
        editor.setPlainText(typed[:-1])
        editor.moveCursor(editor.textCursor().MoveOperation.End)
        qtbot.keyClicks(editor, typed[-1])
        assert opened(desk) is shown
        assert editor.hasFocus()

    def test_narrows_as_somebody_types_and_asks_once_for_what_there_is(
        self, desk: DeskView, editor: QPlainTextEdit, engine: Recorder, qtbot: QtBot
    ) -> None:
        qtbot.keyClicks(editor, "/")
        assert titles(desk) == ["Álbum", "Greeting", "Time"]
        qtbot.keyClicks(editor, "alb")
        assert titles(desk) == ["Álbum"]
        for _ in "alb":
            qtbot.keyClick(editor, Qt.Key.Key_Backspace)
        qtbot.keyClicks(editor, "hasta")
        assert titles(desk) == ["Time"]
        assert engine.of(commands.LoadReplies) == [commands.LoadReplies()]

    def test_with_none_that_fits_enter_sends_nothing(
        self, desk: DeskView, editor: QPlainTextEdit, engine: Recorder, qtbot: QtBot
    ) -> None:
        qtbot.keyClicks(editor, "/xyz")
        qtbot.keyClick(editor, RETURN)
        assert text_of(desk, "replyNone").startswith("No reply has these words.")
        assert (editor.toPlainText(), sent(engine)) == ("/xyz", [])

    def test_escape_closes_it_until_there_is_another_slash(
        self, desk: DeskView, editor: QPlainTextEdit, engine: Recorder, qtbot: QtBot
    ) -> None:
        qtbot.keyClicks(editor, "/a")
        qtbot.keyClick(editor, ESCAPE)
        qtbot.keyClicks(editor, "bc")
        assert not opened(desk)
        qtbot.keyClick(editor, RETURN)
        assert sent(engine) == [commands.SendText(conversation_id(), "/abc")]
        qtbot.keyClicks(editor, "/")
        assert opened(desk)

    def test_closes_when_somebody_goes_elsewhere(
        self, window: MainWindow, desk: DeskView, editor: QPlainTextEdit, qtbot: QtBot
    ) -> None:
        for leave in (
            lambda: qtbot.keyClick(editor, Qt.Key.Key_Home),
            lambda: find(window, "conversationSearch").setFocus(),
            lambda: desk.open(conversation_id(1)),
        ):
            editor.clear()
            editor.setFocus()
            window.receive(events.ConversationsLoaded((conversation(), conversation(1))))
            qtbot.keyClicks(editor, "/")
            assert opened(desk)
            leave()
            assert not opened(desk)

    def test_without_any_it_says_where_they_come_from(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        show(window, conversation())
        press(qtbot, window, "repliesButton")
        assert text_of(desk, "replyNone") == "One moment…"
        window.receive(RepliesLoaded(()))
        assert "Ctrl+Shift+R" in text_of(desk, "replyNone")

    def test_its_model_keeps_the_rules(self, qtmodeltester: ModelTester) -> None:
        model = ReplyModel()
        qtmodeltester.check(model)
        model.load(ROWS)
        model.narrow("e")
        model.speak(Language.SPANISH)
        qtmodeltester.check(model)
        assert [model.index(at).data(TEXT) for at in range(3)][-1] == "Look at our album, {patient}."


class TestChoosing:
    @pytest.mark.parametrize("key", [RETURN, Qt.Key.Key_Enter, TAB])
    def test_inserts_where_the_slash_stood_and_sends_nothing(
        self, desk: DeskView, editor: QPlainTextEdit, engine: Recorder, qtbot: QtBot, key: Qt.Key
    ) -> None:
        editor.setPlainText("😀 ok ")
        editor.moveCursor(editor.textCursor().MoveOperation.End)
        qtbot.keyClicks(editor, "/gre")
        qtbot.keyClick(editor, key)
        said = "😀 ok Hello Maria Lopez, this is Ana Ruiz at Riverside Family Clinic."
        assert (editor.toPlainText(), opened(desk), sent(engine)) == (said, False, [])
        assert editor.hasFocus()
        qtbot.keyClick(editor, RETURN)
        assert sent(engine) == [commands.SendText(conversation_id(), said)]

    def test_a_key_that_is_held_down_sends_nothing(
        self, editor: QPlainTextEdit, engine: Recorder, qtbot: QtBot
    ) -> None:
        qtbot.keyClicks(editor, "/gre")
        for repeated in (False, True, True):
            kind, none = QEvent.Type.KeyPress, Qt.KeyboardModifier.NoModifier
            QApplication.sendEvent(editor, QKeyEvent(kind, RETURN, none, "\r", repeated))
        assert editor.toPlainText().startswith("Hello Maria")
        assert sent(engine) == []

    def test_up_and_down_go_round(self, desk: DeskView, editor: QPlainTextEdit, qtbot: QtBot) -> None:
        qtbot.keyClicks(editor, "/")
        for key, title in ((Qt.Key.Key_Up, "Time"), (Qt.Key.Key_Down, "Álbum"), (Qt.Key.Key_Down, "Greeting")):
            qtbot.keyClick(editor, key)
            view = find(desk, "replyList")
            assert isinstance(view, QListView)
            assert view.currentIndex().data() == title

    def test_a_click_does_as_enter_does(self, desk: DeskView, editor: QPlainTextEdit, qtbot: QtBot) -> None:
        qtbot.keyClicks(editor, "/gre")
        view = find(desk, "replyList")
        assert isinstance(view, QListView)
        middle = view.visualRect(view.model().index(0, 0)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        assert editor.toPlainText().startswith("Hello Maria")
        assert editor.hasFocus()

    def test_a_name_that_is_hidden_is_not_filled_in(
        self, window: MainWindow, desk: DeskView, editor: QPlainTextEdit, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationChanged(conversation(title="Visitor 3fa2", level=1)))
        qtbot.keyClicks(editor, "/alb")
        qtbot.keyClick(editor, RETURN)
        assert editor.toPlainText() == "Look at our album, {patient}."
        assert editor.textCursor().selectedText() == "{patient}"

    def test_of_a_note_it_stays_a_note(
        self, window: MainWindow, editor: QPlainTextEdit, engine: Recorder, qtbot: QtBot
    ) -> None:
        press(qtbot, window, "noteMode")
        editor.setFocus()
        qtbot.keyClicks(editor, "/gre")
        qtbot.keyClick(editor, RETURN)
        qtbot.keyClick(editor, RETURN)
        assert engine.of(commands.SendText) == []
        assert len(engine.of(commands.SendNote)) == 1


class TestTheLanguage:
    def test_alt_l_turns_it_for_this_conversation(
        self, window: MainWindow, desk: DeskView, editor: QPlainTextEdit, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(), conversation(1))))
        qtbot.keyClicks(editor, "/gre")
        qtbot.keyClick(editor, Qt.Key.Key_L, ALT)
        assert text_of(desk, "replyHeading").endswith("Español")
        qtbot.keyClick(editor, RETURN)
        assert editor.toPlainText() == "Hola, Maria Lopez."
        desk.open(conversation_id(1))
        qtbot.keyClicks(editor, "/")
        assert text_of(desk, "replyHeading").endswith("English")
        desk.open(conversation_id())
        qtbot.keyClicks(editor, "/")
        assert text_of(desk, "replyHeading").endswith("Español")

    def test_begins_with_what_the_patient_writes(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        show(window, conversation(), message(1, "Hola, tengo una cita mañana", by_patient=True))
        window.receive(RepliesLoaded(ROWS))
        qtbot.keyClicks(desk.pane.composer.editor, "/gre")
        assert text_of(desk, "replyHeading").endswith("Español")

    @pytest.mark.parametrize(
        ("said", "language"),
        [
            (["Hola, ¿puedo cambiar mi cita?"], Language.SPANISH),
            (["Can you call me, please?", "Gracias"], Language.ENGLISH),
            (["ok", "👍", ""], None),
            ([], None),
        ],
    )
    def test_is_guessed_only_where_it_shows(self, said: list[str], language: Language | None) -> None:
        assert language_of(said) is language


class TestPlaceholders:
    def test_one_that_is_left_is_selected_and_send_asks_once(
        self, desk: DeskView, editor: QPlainTextEdit, engine: Recorder, qtbot: QtBot
    ) -> None:
        qtbot.keyClicks(editor, "/time")
        qtbot.keyClick(editor, RETURN)
        assert editor.textCursor().selectedText() == "{day}"
        editor.moveCursor(editor.textCursor().MoveOperation.End)
        qtbot.keyClick(editor, RETURN)
        assert sent(engine) == []
        assert text_of(desk, "composerHint").startswith("{day} is not filled in.")
        assert editor.textCursor().selectedText() == "{day}"
        qtbot.keyClicks(editor, "Monday")
        assert text_of(desk, "composerHint").startswith("Enter sends")
        qtbot.keyClick(editor, RETURN)
        assert sent(engine) == [commands.SendText(conversation_id(), "See you on Monday.")]

    def test_whoever_insists_sends_it(self, editor: QPlainTextEdit, engine: Recorder, qtbot: QtBot) -> None:
        type_into(qtbot, editor.window(), "composer", "Write {name}")
        qtbot.keyClick(editor, RETURN)
        assert sent(engine) == []
        qtbot.keyClick(editor, RETURN)
        assert sent(engine) == [commands.SendText(conversation_id(), "Write {name}")]

    @given(st.text(max_size=40), st.text(max_size=40))
    def test_what_is_filled_in_is_never_filled_again(self, name: str, clinic: str) -> None:
        filled = fill("{patient} at {clinic}, {other}", {"patient": name, "clinic": clinic})
        assert filled == f"{name or '{patient}'} at {clinic or '{clinic}'}, {{other}}"

    @given(st.text(max_size=60))
    def test_any_text_is_text(self, text: str) -> None:
        assert fill(text, {}) == text
        assert first_unfilled(text) in text


class TestEmoji:
    def test_opens_with_a_name_in_either_language_and_not_with_a_colon_alone(
        self, desk: DeskView, editor: QPlainTextEdit, engine: Recorder, qtbot: QtBot
    ) -> None:
        picker = find(desk, "emojiPicker")
        qtbot.keyClicks(editor, "Hours:")
        assert not picker.isVisible()
        qtbot.keyClicks(editor, " 10:30 :")
        assert not picker.isVisible()
        qtbot.keyClicks(editor, "gra")
        assert picker.isVisible()
        qtbot.keyClick(editor, RETURN)
        assert (editor.toPlainText(), sent(engine)) == ("Hours: 10:30 🙏", [])
        qtbot.keyClicks(editor, " :xyz")
        assert not picker.isVisible()
        qtbot.keyClicks(editor, " :corazon")  # on a keyboard that has no ó
        assert picker.isVisible()

    def test_by_its_key_it_shows_all_and_the_arrows_choose(
        self, window: MainWindow, desk: DeskView, editor: QPlainTextEdit, qtbot: QtBot
    ) -> None:
        qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        assert find(desk, "emojiPicker").isVisible()
        qtbot.keyClick(editor, Qt.Key.Key_Down)
        qtbot.keyClick(editor, TAB)
        assert editor.toPlainText() == EMOJI[1][0]
        press(qtbot, window, "emojiButton")
        assert find(desk, "emojiPicker").isVisible()
        qtbot.keyClick(editor, ESCAPE)
        assert not find(desk, "emojiPicker").isVisible()
        assert editor.toPlainText() == f"{EMOJI[1][0]} "  # the button's colon went with it

    def test_its_model_keeps_the_rules(self, qtmodeltester: ModelTester) -> None:
        model = EmojiModel()
        qtmodeltester.check(model)
        model.narrow("c")
        qtmodeltester.check(model)
        assert 1 < model.rowCount() < len(EMOJI)


class TestTheDialog:
    def test_adds_changes_and_deletes(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        dialog = find(window, "repliesDialog")
        window.receive(RepliesLoaded(()))
        press(qtbot, dialog, "replySave")
        assert engine.of(commands.SaveReply) == []
        assert text_of(dialog, "repliesError") == "Give the reply a title."
        for name, text in (("replyTitle", "Thanks"), ("replyEnglish", "Thank you"), ("replySpanish", "Gracias")):
            type_into(qtbot, dialog, name, text)
        press(qtbot, dialog, "replySave")
        assert engine.of(commands.SaveReply) == [commands.SaveReply(b"", "Thanks", "Thank you", "Gracias")]
        window.receive(RepliesLoaded((ReplyRow(b"9" * 16, "Thanks", "Thank you", "Gracias"), *ROWS), b"9" * 16))
        assert text_of(dialog, "replyState") == "Saved."
        done(window, engine)
        type_into(qtbot, dialog, "replyEnglish", "!")
        press(qtbot, dialog, "replySave")
        assert engine.of(commands.SaveReply)[1:] == [commands.SaveReply(b"9" * 16, "Thanks", "Thank you!", "Gracias")]
        press(qtbot, dialog, "replyDelete")
        assert engine.of(commands.DeleteReply) == [commands.DeleteReply(b"9" * 16)]
        window.receive(RepliesLoaded(ROWS))
        assert text_of(dialog, "replyTitle") == ""
        assert not find(dialog, "replyDelete").isEnabled()

    def test_what_is_refused_stays_to_be_mended(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        desk._on_replies()
        dialog = find(window, "repliesDialog")
        window.receive(RepliesLoaded(ROWS))
        type_into(qtbot, dialog, "replyTitle", "Thanks")
        type_into(qtbot, dialog, "replyEnglish", "Thank you")
        press(qtbot, dialog, "replySave")
        notice = events.Notice(events.Severity.WARNING, "The reply was not kept.", "It has no text.", "Write it.")
        refused(window, engine, notice)
        assert "It has no text." in text_of(dialog, "repliesError")
        assert text_of(dialog, "replyTitle") == "Thanks"

    def test_the_starters_are_offered_while_there_is_none(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        desk._on_replies()
        dialog = find(window, "repliesDialog")
        window.receive(RepliesLoaded(()))
        press(qtbot, dialog, "replyStarters")
        assert len(engine.of(commands.SaveReply)) == len(STARTERS)
        window.receive(RepliesLoaded(ROWS[:1], ROWS[0].reply))
        assert not find(dialog, "replyDelete").isEnabled()  # what is shown is a new one still
        window.receive(RepliesLoaded(ROWS))
        assert not find(dialog, "replyStarters").isVisible()
        names = find(dialog, "repliesList")
        assert isinstance(names, QListWidget)
        assert [names.item(place).text() for place in range(names.count())] == ["Álbum", "Greeting", "Time"]

    def test_the_starters_fit_the_limits(self) -> None:
        for title, titulo, english, spanish in STARTERS:
            assert max(len(title.encode()), len(titulo.encode())) <= commands.REPLY_TITLE
            assert 0 < max(len(english.encode()), len(spanish.encode())) <= limits.TEXT.value
