"""Who types, looks and answers, as the desk shows it."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from agent_app.engine.commands import Command, SendText, SetPresence, Typing
from agent_app.engine.events import ActivityChanged, ColleaguePresence, ConversationsLoaded, PresenceChanged
from agent_app.ui.main_window import MainWindow
from agent_app.ui.models.conversations import DOING
from agent_app.ui.views.conversation_pane import ConversationPane
from agent_app.ui.views.desk import DeskView
from agent_app.ui.views.presence import PresenceMenu
from tests.ui.conftest import Recorder, show
from tests.ui.samples import conversation

HERE = conversation().conversation


@pytest.fixture
def asked(engine: Recorder) -> list[Command]:
    return engine.asked


@pytest.fixture
def pane(window: MainWindow, desk: DeskView) -> ConversationPane:
    show(window, conversation())
    return desk.pane


def of(kind: Callable[..., Any], asked: list[Command]) -> list[Any]:
    return [command for command in asked if isinstance(command, kind)]  # type: ignore[arg-type]


def test_it_says_who_types_looks_and_answers(pane: ConversationPane) -> None:
    assert not pane.activity.isVisible()
    pane.receive(ActivityChanged(HERE, patient_typing=True, viewing=("<b>Bruno</b>",)))
    assert pane.activity.text() == "The patient is typing…  ·  <b>Bruno</b> is viewing"
    pane.receive(ActivityChanged(HERE, patient_typing=False, viewing=("Bruno",), replying=("Bruno",)))
    assert pane.activity.text() == "Bruno is replying"
    pane.receive(ActivityChanged(b"other" * 6 + b"xx", patient_typing=True))
    assert pane.activity.text() == "Bruno is replying"
    pane.receive(ActivityChanged(HERE, patient_typing=False))
    assert not pane.activity.isVisible()


def test_a_reply_waits_for_a_second_word_while_a_colleague_writes(
    qtbot: QtBot, pane: ConversationPane, asked: list[Command]
) -> None:
    pane.receive(ActivityChanged(HERE, patient_typing=False, replying=("Bruno",)))
    qtbot.keyClicks(pane.composer.editor, "Hello")
    qtbot.keyClick(pane.composer.editor, Qt.Key.Key_Return)
    assert of(SendText, asked) == []
    assert pane.composer.text == "Hello"
    assert "Send again" in pane.activity.text()
    qtbot.keyClick(pane.composer.editor, Qt.Key.Key_Return)
    assert of(SendText, asked) == [SendText(HERE, "Hello")]


def test_typing_is_said_once_and_its_end(qtbot: QtBot, pane: ConversationPane, asked: list[Command]) -> None:
    qtbot.keyClicks(pane.composer.editor, "Hello")
    assert of(Typing, asked) == [Typing(HERE, on=True)]
    qtbot.keyClick(pane.composer.editor, Qt.Key.Key_Return)
    assert of(Typing, asked) == [Typing(HERE, on=True), Typing(HERE, on=False)]


def test_a_note_and_a_draft_are_nobodys_typing(qtbot: QtBot, pane: ConversationPane, asked: list[Command]) -> None:
    pane.composer.resume("what was there", note=False)
    pane.composer.set_note_mode(True)
    qtbot.keyClicks(pane.composer.editor, "for the team")
    assert of(Typing, asked) == []


def test_presence_is_chosen_and_colleagues_are_shown(
    qtbot: QtBot, pane: ConversationPane, asked: list[Command]
) -> None:
    menu = PresenceMenu(asked.append, pane, lambda: None)
    qtbot.addWidget(menu.button)
    colleagues = (ColleaguePresence(b"b" * 32, "Bruno", "away"), ColleaguePresence(b"c" * 32, "Cleo", "offline"))
    menu.show_for(PresenceChanged(True, colleagues))
    texts = [action.text() for action in menu.button.menu().actions() if action.text()]
    assert texts == ["Available", "Away", "Your settings…", "Bruno · Away", "Cleo · Not here"]
    next(action for action in menu.button.menu().actions() if action.objectName() == "presenceAway").trigger()
    assert of(SetPresence, asked) == [SetPresence(False)]
    menu.show_for(PresenceChanged(False, ()))
    assert menu.button.text() == "Away"


def test_the_list_says_who_writes_in_the_previews_place_and_in_a_screen_readers_line(
    window: MainWindow, desk: DeskView
) -> None:
    window.receive(ConversationsLoaded((conversation(), conversation(1))))
    rows, changed = desk.conversations, []
    rows.dataChanged.connect(lambda first, *_: changed.append(first.row()))
    there = rows.place(conversation(1).conversation)
    for now, said in (
        (ActivityChanged(conversation(1).conversation, patient_typing=True), "The patient is typing…"),
        (ActivityChanged(conversation(1).conversation, True, (), ("<b>Ana\u202e</b>",)), "<b>Ana </b> is replying…"),
        (ActivityChanged(conversation(1).conversation, patient_typing=False, viewing=("Ana",)), ""),
    ):
        window.receive(now)
        assert there.data(DOING) == said
        assert (said or "Thank you!") in there.data(Qt.ItemDataRole.AccessibleTextRole)
        assert rows.place(HERE).data(DOING) == ""
    assert changed == [there.row()] * 3
    window.receive(ActivityChanged(b"not here" * 4, patient_typing=True))
    assert len(changed) == 3


def test_the_status_line_says_whether_the_clinic_is_open(window: MainWindow, desk: DeskView) -> None:
    label = desk.findChild(QLabel, "clinicHours")
    assert isinstance(label, QLabel)
    for clinic_open, said in ((None, ""), (True, "Open to patients"), (False, "Closed: patients read when you open")):
        window.receive(PresenceChanged(True, (), clinic_open))
        assert label.isVisibleTo(desk) is (clinic_open is not None)
        if said:
            assert label.text() == said
