"""Naming a colleague in a note: @ opens who there is, and the list says where one is named."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from agent_app.engine import commands
from agent_app.engine.events import Colleague, ColleaguesLoaded
from agent_app.ui import words
from agent_app.ui.main_window import MainWindow
from agent_app.ui.models.conversations import ConversationModel, Narrowing
from agent_app.ui.views.desk import DeskView
from tests.ui.conftest import Recorder, show
from tests.ui.driving import find, press
from tests.ui.samples import conversation, conversation_id

PEOPLE = ColleaguesLoaded(
    tuple(Colleague(name.encode(), name, "agent") for name in ("Ben Okafor", "Carla Méndez", "Carla Méndez")), (), False
)


def writing(window: MainWindow, desk: DeskView) -> QPlainTextEdit:
    show(window, conversation())
    return desk.pane.composer.editor


def test_an_at_in_a_note_opens_who_there_is_and_enter_names_one(
    window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
) -> None:
    editor = writing(window, desk)
    press(qtbot, window, "noteMode")
    qtbot.keyClicks(editor, "Please, @")
    assert engine.of(commands.LoadColleagues) == [commands.LoadColleagues()]
    window.receive(PEOPLE)
    picker = find(desk, "mentionPicker")
    assert picker.isVisible()
    qtbot.keyClicks(editor, "men")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.toPlainText() == "Please, @Carla Méndez "
    assert engine.of(commands.SendNote) == []
    assert not picker.isVisible()
    qtbot.keyClicks(editor, "look")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert engine.of(commands.SendNote) == [commands.SendNote(conversation_id(), "Please, @Carla Méndez look")]


def test_to_a_patient_an_at_is_an_at(window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
    editor = writing(window, desk)
    window.receive(PEOPLE)
    qtbot.keyClicks(editor, "Write to @b")
    assert not find(desk, "mentionPicker").isVisible()
    assert engine.of(commands.LoadColleagues) == []
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert engine.of(commands.SendText) == [commands.SendText(conversation_id(), "Write to @b")]


def test_the_list_says_where_one_is_named_and_can_show_only_that() -> None:
    named, other = replace(conversation(1, unread=1), mentioned=True), conversation(2)
    model = ConversationModel()
    model.load((named, other))
    assert "You are mentioned" in words.spoken_conversation(named)
    assert "You are mentioned" not in words.spoken_conversation(other)
    model.narrow(Narrowing(mentioned=True))
    assert model.rowCount() == 1
