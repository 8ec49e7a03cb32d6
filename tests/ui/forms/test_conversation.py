"""What is asked about a conversation: closing it, handing it over, its number, its files, and what is written in it."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QTreeWidget

from agent_app.engine import events
from agent_app.ui.dialogs import earlier, files, hand_over, questions
from agent_app.ui.views.composer import Composer
from tests.ui.conftest import UNLOCKED, show
from tests.ui.driving import find
from tests.ui.forms.form import House, Row, at_desk, notice, notice_about, over
from tests.ui.samples import conversation, conversation_id, message


def handing_over(house: House) -> None:
    over("hand_over_wanted")(house)
    colleagues = (events.Colleague(b"b" * 32, "Ben Okafor", "agent"), events.Colleague(b"c" * 32, "Carla", "agent"))
    house.tell(events.ColleaguesLoaded(colleagues, (), True))
    to = find(house.window, "handOverTo")
    assert isinstance(to, QComboBox)
    to.setCurrentIndex(1)


def taking_over(house: House) -> None:
    over("take_over_wanted")(house)
    house.tell(events.HolderLoaded(conversation_id(), b"b" * 32, "Ben Okafor", 0))


def sending_earlier(house: House) -> None:
    at_desk(house, level=3)
    house.desk.pane.earlier_wanted.emit()
    house.tell(events.EarlierLoaded(conversation_id(), (conversation(4),)))
    table = find(house.window, "earlierTable")
    assert isinstance(table, QTreeWidget)
    table.topLevelItem(0).setSelected(True)


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


def returned(house: House) -> None:
    """The engine gives back what it could not send, then says why."""
    house.tell(events.TextReturned(conversation_id(), "Hello", False))
    notice(house)


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
    "take over": Row(
        questions.TakeOverDialog,
        taking_over,
        "takeOverConfirm",
        "takeOverError",
        "takeOverConfirm",
        {},
        notice,
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
    "received file": Row(
        files.ReceivedFileDialog,
        received_file,
        "saveFileButton",
        "receivedFileError",
        "saveFileButton",
        {},
        notice,
    ),
    "written": Row(Composer, at_desk, "sendButton", "composerError", "composer", {"composer": "Hello"}, returned),
}

ROWS |= {
    "close, relay away": ROWS["close"].about("closeConfirm", notice_about("relay.unreachable")),
    "close, refused as too long": ROWS["close"].about("closeOutcome", notice_about("limit.exceeded")),
    "hand over, refused as too long": ROWS["hand over"].about("handOverNote", notice_about("limit.exceeded")),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_refused_is_said_where_it_happened_and_costs_nothing(house: House, said: list[str], name: str) -> None:
    ROWS[name].refuse_twice(house, said)
