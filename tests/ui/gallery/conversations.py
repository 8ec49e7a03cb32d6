"""The desk: its list, a conversation, what is written."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from agent_app.engine import commands, events, notices
from agent_app.engine.events import Delivery, Sentence, Status
from agent_app.ui.models.conversations import ROW
from tests.ui.gallery.day import (
    DAY,
    GAP,
    MARIA,
    ONLINE,
    RECORDS,
    REPLIES,
    STRANGER,
    THERE,
    UNLOCKED,
    details,
    photo,
    talk,
)
from tests.ui.gallery.stage import Stage, scene
from tests.ui.samples import message, message_id, messages


@scene
def empty(stage: Stage) -> QWidget:
    stage.tell(UNLOCKED, ONLINE, THERE, events.ConversationsLoaded(()))
    return stage.window


@scene
def inbox(stage: Stage) -> QWidget:
    stage.tell(UNLOCKED, ONLINE, THERE, events.ConversationsLoaded(DAY))
    return stage.window


@scene
def conversation_open(stage: Stage) -> QWidget:
    stage.open(MARIA, *talk())
    stage.tell(events.PictureLoaded(message_id(6), photo()))
    return stage.window


@scene
def unread(stage: Stage) -> QWidget:
    """Somebody has scrolled away from what is not read yet."""
    row = replace(MARIA, unread=24)
    stage.open(row)
    stage.tell(events.TranscriptLoaded(row.conversation, messages(1, 60), True, True, target=37, unread_from=37))
    stage.desk.pane.transcript.verticalScrollBar().setValue(0)
    return stage.window


@scene
def unchecked(stage: Stage) -> QWidget:
    first = message(1, Sentence("The patient began this conversation."), kind="event", number=1)
    stage.open(STRANGER, first, message(2, "Hello, is this the clinic?", number=1))
    return stage.window


@scene
def patient(stage: Stage) -> QWidget:
    stage.open(MARIA, *talk())
    stage.desk.pane.patient_wanted.emit()
    stage.tell(details(MARIA))
    return stage.window


@scene
def note(stage: Stage) -> QWidget:
    stage.open(MARIA, *talk(9))
    stage.desk.pane.composer.toggle_note_mode()
    return stage.window


@scene
def trouble(stage: Stage) -> QWidget:
    failed = message(10, "We can offer you Thursday at ten.", author="Ana Ruiz", mine=True, delivery=Delivery.FAILED)
    *before, last = talk(8)
    missing = Sentence("A message of {who} from before this one is not on this desk.", who="Ben Okafor")
    stage.open(replace(MARIA, warning=GAP), *before, replace(last, doubt=missing), failed)
    stage.tell(events.ConnectionChanged(online=False), events.PageAlarmChanged(RECORDS))
    return stage.window


@scene
def closed(stage: Stage) -> QWidget:
    stage.open(replace(MARIA, status=Status.CLOSED, outcome="Appointment made"), *talk(10))
    return stage.window


def _search(stage: Stage, text: str) -> commands.Search:
    QTest.keyClick(stage.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    box = stage.window.findChild(QLineEdit, "conversationSearch")
    assert box is not None
    box.setText(text)
    while not (searches := [each for each in stage.asked if isinstance(each, commands.Search) and each.text == text]):
        QTest.qWait(10)  # it lets somebody type on
    return searches[-1]


@scene
def search(stage: Stage) -> QWidget:
    stage.open(MARIA, *talk())
    asked = _search(stage, "thurs")
    hits = tuple(
        events.Hit(
            row.conversation,
            row.position,
            row.kind == "note",
            row.author,
            row.mine,
            row.by_patient,
            row.time,
            "Maria Lopez",
            row.text,
            ((row.text.index("Thurs"), row.text.index("Thurs") + 5),),
        )
        for row in reversed(talk())
        if "Thurs" in row.text
    )
    stage.tell(events.SearchFound(asked.number, (MARIA.conversation,), hits, 0, False))
    return stage.window


@scene
def canned_replies(stage: Stage) -> QWidget:
    stage.open(MARIA, *talk())
    editor = stage.desk.pane.composer.editor
    editor.setFocus()
    QTest.keyClicks(editor, "/")
    stage.tell(REPLIES)
    return stage.window


@scene
def uploading(stage: Stage) -> QWidget:
    """A file on its way, a colleague who writes elsewhere, and the first letter of an emoji's name."""
    stage.open(MARIA, *talk())
    elsewhere = stage.desk.conversations.index(1).data(ROW)
    stage.tell(
        events.ActivityChanged(elsewhere.conversation, patient_typing=False, replying=("Ben Okafor",)),
        events.UploadProgressed(MARIA.conversation, b"u" * 16, "Appointment card.pdf", 45, 100),
    )
    stage.desk.pane.composer.editor.setFocus()
    QTest.keyClicks(stage.desk.pane.composer.editor, "Thank you :f")
    return stage.window


@scene
def mention(stage: Stage) -> QWidget:
    """A note for a colleague, half written, and a conversation that names whoever looks."""
    stage.open(MARIA, *talk())
    elsewhere = stage.desk.conversations.index(1).data(ROW)
    stage.tell(events.ConversationChanged(replace(elsewhere, unread=1, mentioned=True)))
    editor = stage.desk.pane.composer.editor
    editor.setFocus()
    stage.desk.pane.composer.set_note_mode(True)
    QTest.keyClicks(editor, "The result is in, @")
    names = ("Ben Okafor", "Carla Méndez")
    stage.tell(events.ColleaguesLoaded(tuple(events.Colleague(b"", name, "agent") for name in names), (), False))
    return stage.window


@scene
def activity(stage: Stage) -> QWidget:
    """The patient writes, and a colleague looks on."""
    stage.open(MARIA, *talk())
    stage.tell(events.ActivityChanged(MARIA.conversation, patient_typing=True, viewing=("Ben Okafor",)))
    return stage.window


@scene
def held_by_another(stage: Stage) -> QWidget:
    stage.open(replace(MARIA, mine=False, holder="Ben Okafor"), *talk(6))
    return stage.window


@scene
def blocked(stage: Stage) -> QWidget:
    stage.open(replace(MARIA, status=Status.CLOSED, blocked=True, outcome=""), *talk(6))
    return stage.window


@scene
def nothing_sent(stage: Stage) -> QWidget:
    """Sending is stopped, and everybody is told why."""
    stage.open(MARIA, *talk(9))
    stage.tell(events.SendingChanged(notices.STALE))
    return stage.window


@scene
def nothing_found(stage: Stage) -> QWidget:
    stage.open(MARIA, *talk())
    asked = _search(stage, "zebra")
    stage.tell(events.SearchFound(asked.number, (), (), 0, False))
    return stage.window
