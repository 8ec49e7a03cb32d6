"""Every screen and dialog of the desk, filled as on a working day: for pictures of them, and for tests of them all.

The window is the real one. The engine's part is said here, so that each screen comes at once and looks the same always.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from PySide6.QtCore import QBuffer, QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QPushButton, QWidget

from agent_app.engine import commands, events
from agent_app.engine.events import Delivery, FileRow, Happening, Notice, Phase, Sentence, Severity, Status, news
from agent_app.ui import words
from agent_app.ui.main_window import MainWindow
from agent_app.ui.models.conversations import ROW
from agent_app.ui.preferences import Preferences
from agent_app.ui.starters import STARTERS
from agent_app.ui.theme import Look, TextSize, Theme
from agent_app.ui.views.desk import DeskView
from tests.ui.samples import MINUTE, NOON, conversation, message, message_id

NOW = NOON + 40 * MINUTE
CLINIC = "Riverside Family Clinic"
PASSPHRASE = "glacier pumpkin sandal ecology rewrite"
FINGERPRINT = "7c51 09be 4d2f a8e3 6b10 f4c9 21d7 8a5e"
ADDRESS = "sealdesk-clinic:1:https://relay.example:7c5109be4d2fa8e36b10f4c921d78a5e"
WORDS = ("anchor", "blossom", "cricket", "dolphin", "ember", "falcon")
RECORDS = Notice(
    Severity.ALARM,
    "The patients' page is not the one that your administrator signed.",
    "Whoever serves it could read what patients write from now on.",
    "Call your administrator now, by telephone. Invite nobody until this is cleared.",
)


class Stage:
    """One window and what a scene does with it. Lives on Qt's thread."""

    def __init__(self, theme: Theme, folder: Path) -> None:
        self.asked: list[commands.Command] = []
        self.window = MainWindow(self.asked.append, theme, lambda: PASSPHRASE, Preferences(folder / "workstation.ini"))
        self.window.show()
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)

    def tell(self, *raised: events.Event) -> None:
        for event in raised:
            self.window.receive(event)

    @property
    def desk(self) -> DeskView:
        assert self.window.desk is not None
        return self.window.desk

    def open(self, row: events.ConversationRow, *rows: events.MessageRow) -> None:
        """The working day's list, with one conversation open."""
        day = [row if known.conversation == row.conversation else known for known in DAY]
        self.tell(_UNLOCKED, _ONLINE, _THERE, events.ConversationsLoaded(tuple(day)))
        self.desk.open(row.conversation)
        self.tell(events.TranscriptLoaded(row.conversation, rows, at_start=True, at_end=True))

    def dialog(self) -> QWidget:
        """The dialog in front."""
        shown = [each for each in self.window.findChildren(QDialog) if each.isVisible()]
        assert len(shown) == 1, [each.objectName() for each in shown]
        return shown[0]


@dataclass(frozen=True)
class Scene:
    """`arrange` brings it up and returns the widget to look at: the window, or a dialog of it."""

    name: str
    arrange: Callable[[Stage], QWidget]


SCENES: list[Scene] = []


def scene(arrange: Callable[[Stage], QWidget]) -> Callable[[Stage], QWidget]:
    SCENES.append(Scene(arrange.__name__.replace("_", "-"), arrange))
    return arrange


@contextmanager
def staged(
    application: QApplication, arranged: Scene, look: Look, size: TextSize = TextSize.NORMAL
) -> Iterator[QWidget]:
    """A scene that stands still: its clock, its sizes, and no cursor that blinks."""
    with TemporaryDirectory() as folder, patch.object(words, "now", lambda: NOW):
        stage = Stage(Theme(application, look, size), Path(folder))
        flash = application.cursorFlashTime()
        application.setCursorFlashTime(0)
        try:
            shown = arranged.arrange(stage)
            settle()
            yield shown
        finally:
            application.setCursorFlashTime(flash)
            stage.window.close()
            stage.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def settle() -> None:
    """Until layouts that were put off are done."""
    for _ in range(5):
        QCoreApplication.sendPostedEvents(None)
        QCoreApplication.processEvents()


def photo(width: int = 640, height: int = 420) -> bytes:
    image = QImage(QSize(width, height), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    sky = QLinearGradient(0, 0, 0, height)
    sky.setColorAt(0, QColor("#bcd7e6"))
    sky.setColorAt(1, QColor("#e9d9c3"))
    painter.fillRect(image.rect(), sky)
    painter.setBrush(QColor("#c98f6d"))
    painter.drawEllipse(width // 4, height // 4, width // 2, height // 2)
    painter.end()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "PNG")
    return bytes(buffer.data().data())


_UNLOCKED = events.PhaseChanged(Phase.UNLOCKED, CLINIC, "Ana Ruiz")
_ONLINE = events.ConnectionChanged(online=True)
_THERE = events.PresenceChanged(
    True,
    (
        events.ColleaguePresence(b"b" * 32, "Ben Okafor", "available"),
        events.ColleaguePresence(b"c" * 32, "Carla Méndez", "away"),
    ),
)
_TICKED = (("accepted", "Maria Lopez", NOON + 9 * MINUTE), ("delivered", "Maria Lopez", NOON + 9 * MINUTE))


def _row(number: int, minutes: int, title: str, preview: str, **details: object) -> events.ConversationRow:
    made = conversation(number, title=title, preview=preview)
    return replace(made, time=NOW - minutes * MINUTE, identifiers=made.identifiers, **details)  # type: ignore[arg-type]


_GAP = Sentence("Messages are missing here. They may still arrive.")
MARIA = _row(
    0, 2, "Maria Lopez", "Thank you, Thursday at ten is fine.", status=Status.HELD, mine=True, tags=("appointment",)
)
STRANGER = _row(
    1,
    6,
    Sentence("Invited patient {mark}", mark="4be1"),
    "Hello, is this the clinic?",
    level=2,
    unread=1,
    waiting_since=NOW - 6 * MINUTE,
    reason="Blood pressure results",
)
DAY = (
    MARIA,
    STRANGER,
    _row(2, 14, "Samuel Adeyemi", "Could I get a new prescription?", unread=2, waiting_since=NOW - 14 * MINUTE),
    _row(3, 31, "Lucía Fernández", "Photo", status=Status.HELD, holder="Ben Okafor"),
    _row(4, 55, "Tomás Herrera", "My knee is better now.", status=Status.HELD, mine=True, hold="Complaint of 3 May"),
    _row(
        5, 90, Sentence("Visitor {mark}", mark="c07d"), "What are your hours?", level=0, waiting_since=NOW - 90 * MINUTE
    ),
    _row(6, 60 * 26, "Grace Kim", "Good morning", warning=_GAP),
    _row(7, 60 * 30, "Ahmed Hassan", "Thank you!", status=Status.CLOSED, outcome="Answered"),
)


_REPLIES = events.RepliesLoaded(
    tuple(
        events.ReplyRow(bytes([number]) * 16, title, english, spanish)
        for number, (title, _, english, spanish) in enumerate(STARTERS)
    )
)


def _talk(count: int = 99) -> tuple[events.MessageRow, ...]:
    def mine(position: int, text: str, **more: object) -> events.MessageRow:
        return message(position, text, author="Ana Ruiz", mine=True, **more)  # type: ignore[arg-type]

    said = (
        message(1, Sentence("The patient began this conversation."), kind="event", author="Patient"),
        message(2, "Good morning! I would like to see Dr. Patel about my wrist."),
        message(3, Sentence("{author} took the conversation.", author="Ana Ruiz"), kind="event", author="Ana Ruiz"),
        mine(4, "Good morning, Maria. Since when does it hurt?", delivery=Delivery.READ, receipts=_TICKED),
        message(5, "Since Sunday. I can send a photo."),
        message(6, "", kind="file", file=FileRow("wrist.png", "image/png", 184_320)),
        mine(7, "Dr. Patel wants to see her this week. Ben, is Thursday free?", kind="note"),
        message(8, "Thursday at ten.", author="Ben Okafor", kind="note", by_patient=False),
        mine(
            9, "We can offer you Thursday at ten. Would that suit you?", delivery=Delivery.DELIVERED, receipts=_TICKED
        ),
        message(10, "Thank you, Thursday at ten is fine."),
        mine(11, "Then see you on Thursday.", delivery=Delivery.QUEUED),
    )
    return said[:count]


def _details(row: events.ConversationRow) -> events.DetailsLoaded:
    check = Sentence(
        "{author} checked the patient by {how}. {result}",
        author="Ana Ruiz",
        how=Sentence("two identifiers"),
        result=Sentence("They match."),
    )
    return events.DetailsLoaded(
        row.conversation,
        (Happening(NOON, Sentence("The patient passed the check.")), Happening(NOON + 3 * MINUTE, check)),
        (message(6, "", kind="file", file=FileRow("wrist.png", "image/png", 184_320)),),
        "9f2c41d0",
        NOON,
        365,
        may_lift_hold=True,
        may_retract_all=True,
        known_tags=("appointment", "prescription"),
        known_outcomes=(),
    )


# Before the desk


@scene
def join(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.NEW))
    return stage.window


@scene
def new_clinic(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.NEW))
    stage.window.findChild(QWidget, "newClinic").click()  # type: ignore[union-attr]
    return stage.window


@scene
def recovery_kit(stage: Stage) -> QWidget:
    new_clinic(stage)
    stage.tell(news.AdministrationChanged(news.Stage.FOUNDED, CLINIC, ADDRESS, FINGERPRINT, True, True))
    sheet = tuple(f"word{place}" for place in range(1, 26))
    asked = tuple((1 + place % 2, 3 + 3 * place) for place in range(8))
    stage.tell(news.KitMade(CLINIC, FINGERPRINT, ADDRESS, (sheet, sheet), asked))
    return stage.window


@scene
def own_approval(stage: Stage) -> QWidget:
    new_clinic(stage)
    stage.tell(events.PhaseChanged(Phase.AWAITING_APPROVAL, CLINIC, "Ana Ruiz"))
    stage.tell(events.EnrolmentRequested("sealdesk-request:1:" + "a7" * 60, WORDS))
    return stage.window


@scene
def self_check(stage: Stage) -> QWidget:
    new_clinic(stage)
    stage.tell(_UNLOCKED, news.SelfCheckProgressed(("relay", "patient", "received"), ok=False))
    return stage.window


@scene
def approval(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.AWAITING_APPROVAL, CLINIC, "Ana Ruiz"))
    stage.tell(events.EnrolmentRequested("sealdesk-request:1:" + "a7" * 60, WORDS))
    return stage.window


@scene
def locked(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.LOCKED, CLINIC, "Ana Ruiz", waiting=3))
    return stage.window


@scene
def revoked(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.REVOKED, CLINIC, "Ana Ruiz"))
    return stage.window


# The desk


@scene
def empty(stage: Stage) -> QWidget:
    stage.tell(_UNLOCKED, _ONLINE, _THERE, events.ConversationsLoaded(()))
    return stage.window


@scene
def inbox(stage: Stage) -> QWidget:
    stage.tell(_UNLOCKED, _ONLINE, _THERE, events.ConversationsLoaded(DAY))
    return stage.window


@scene
def conversation_open(stage: Stage) -> QWidget:
    stage.open(MARIA, *_talk())
    stage.tell(events.PictureLoaded(message_id(6), photo()))
    return stage.window


@scene
def unchecked(stage: Stage) -> QWidget:
    first = message(1, Sentence("The patient began this conversation."), kind="event", number=1)
    stage.open(STRANGER, first, message(2, "Hello, is this the clinic?", number=1))
    return stage.window


@scene
def patient(stage: Stage) -> QWidget:
    stage.open(MARIA, *_talk())
    stage.desk.pane.patient_wanted.emit()
    stage.tell(_details(MARIA))
    return stage.window


@scene
def note(stage: Stage) -> QWidget:
    stage.open(MARIA, *_talk(9))
    stage.desk.pane.composer.toggle_note_mode()
    return stage.window


@scene
def trouble(stage: Stage) -> QWidget:
    failed = message(10, "We can offer you Thursday at ten.", author="Ana Ruiz", mine=True, delivery=Delivery.FAILED)
    *before, last = _talk(8)
    missing = Sentence("A message of {who} from before this one is not on this desk.", who="Ben Okafor")
    stage.open(replace(MARIA, warning=_GAP), *before, replace(last, doubt=missing), failed)
    stage.tell(events.ConnectionChanged(online=False), events.PageAlarmChanged(RECORDS))
    return stage.window


@scene
def closed(stage: Stage) -> QWidget:
    stage.open(replace(MARIA, status=Status.CLOSED, outcome="Appointment made"), *_talk(10))
    return stage.window


@scene
def search(stage: Stage) -> QWidget:
    stage.open(MARIA, *_talk())
    QTest.keyClick(stage.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    box = stage.window.findChild(QLineEdit, "conversationSearch")
    assert box is not None
    box.setText("thurs")
    while not (searches := [each for each in stage.asked if isinstance(each, commands.Search)]):
        QTest.qWait(10)  # it lets somebody type on
    asked = searches[-1]
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
        for row in reversed(_talk())
        if "Thurs" in row.text
    )
    stage.tell(events.SearchFound(asked.number, (MARIA.conversation,), hits, 0, False))
    return stage.window


@scene
def canned_replies(stage: Stage) -> QWidget:
    stage.open(MARIA, *_talk())
    editor = stage.desk.pane.composer.editor
    editor.setFocus()
    QTest.keyClicks(editor, "/")
    stage.tell(_REPLIES)
    return stage.window


@scene
def uploading(stage: Stage) -> QWidget:
    """A file on its way, a colleague who writes elsewhere, and the first letter of an emoji's name."""
    stage.open(MARIA, *_talk())
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
    stage.open(MARIA, *_talk())
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
def agents(stage: Stage) -> QWidget:
    known = (events.Agent("ana", "Ana Ruiz"), events.Agent("ben", "Ben Okafor"))
    stage.tell(events.AgentsListed(known, "ana"), events.PhaseChanged(Phase.LOCKED, CLINIC, "Ana Ruiz", waiting=1))
    return stage.window


_ANA, _BEN, _CARLA = b"a" * 32, b"b" * 32, b"c" * 32
_CLINIC = news.ClinicLoaded(
    FINGERPRINT,
    (
        news.DeviceRow(_ANA, "Ana Ruiz", "administrator", NOON, own=True),
        news.DeviceRow(_BEN, "Ben Okafor", "supervisor", NOON, heard=NOON, held=2),
        news.DeviceRow(_CARLA, "Carla Méndez", "agent", NOON, "stolen", NOON + MINUTE, held=1),
    ),
    (news.TeamRow(b"t" * 16, "Ben Okafor, Ana Ruiz", (_BEN, _ANA)),),
    news.PolicyRow(120, 365, True, True, 48, 72),
    (
        news.LogRow(
            NOON + MINUTE, "Administrator 1", Sentence("{name} was revoked: stolen or lost.", name="Carla Méndez")
        ),
        news.LogRow(
            NOON, "Administrator 1", Sentence("{name} was admitted as {role}.", name="Carla Méndez", role="agent")
        ),
    ),
    "https://relay.example",
    "ab" * 32,
    NOON,
    (),
    "https://relay.example/",
    NOON,
    "",
)


def _administration(stage: Stage, section: int) -> QWidget:
    stage.tell(replace(_UNLOCKED, role="administrator"), _ONLINE, _THERE, events.ConversationsLoaded(DAY))
    stage.desk.show_administration()
    stage.tell(news.AdministrationChanged(news.Stage.FOUNDED, CLINIC, ADDRESS, FINGERPRINT), _CLINIC)
    room = stage.desk.administration
    tabs = [each for each in room.findChildren(QPushButton) if each.property("kind") == "tab"]
    tabs[section].click()
    return stage.window


for _place, _name in enumerate(("devices", "staff", "policy", "hours", "relay", "log", "recovery")):
    SCENES.append(Scene(f"administration-{_name}", partial(_administration, section=_place)))


# Dialogs


def _over_maria(stage: Stage) -> None:
    stage.open(MARIA, *_talk())


@scene
def settings(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.desk.settings_wanted.emit()
    return stage.dialog()


@scene
def own_settings(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.tell(events.PreferencesChanged(sound=True, do_not_disturb=False, pin=True))
    QTest.keyClick(stage.window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    return stage.dialog()


@scene
def replies(stage: Stage) -> QWidget:
    _over_maria(stage)
    QTest.keyClick(stage.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    stage.tell(_REPLIES)
    return stage.dialog()


@scene
def invite(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.desk.list.invite_wanted.emit()
    return stage.dialog()


@scene
def invitation(stage: Stage) -> QWidget:
    shown = invite(stage)
    for name, text in (("inviteName", "Maria Lopez"), ("inviteBirthDate", "1984-03-27")):
        shown.findChild(QWidget, name).setText(text)  # type: ignore[union-attr]
    shown.findChild(QWidget, "inviteCreate").click()  # type: ignore[union-attr]
    link = "https://chat.riverside.example/#9Jd2kQ0vR7mYxTzLw4bN5cHsGfPaUeXo"
    stage.tell(events.InvitationCreated(b"i" * 16, link, "482 915", NOW + 3 * 24 * 60 * MINUTE))
    stage.tell(events.InvitationChanged(b"i" * 16, "redeemed", 4))
    return shown


@scene
def invitations(stage: Stage) -> QWidget:
    shown = invite(stage)
    shown.list_wanted.emit()  # type: ignore[attr-defined]
    rows = (
        events.InvitationRow(b"i" * 16, "Maria Lopez", "", NOW + 60 * MINUTE, "open", 5, True),
        events.InvitationRow(b"j" * 16, "Omar Haddad", "Vaccination", NOW + 900 * MINUTE, "redeemed", 1, False),
    )
    stage.tell(events.InvitationsLoaded(rows))
    settle()
    return stage.dialog()


@scene
def hand_over(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.desk.pane.hand_over_wanted.emit()
    colleagues = (events.Colleague(b"b" * 32, "Ben Okafor", "supervisor"),)
    stage.tell(events.ColleaguesLoaded(colleagues, (events.Team(b"t" * 16, "Ben Okafor, Carla Méndez"),), True))
    return stage.dialog()


@scene
def close(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.desk.pane.close_wanted.emit()
    return stage.dialog()


@scene
def block(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.desk.pane.block_wanted.emit()
    return stage.dialog()


@scene
def safety_number(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.desk.pane.number_wanted.emit()
    return stage.dialog()


@scene
def delete(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.desk.pane.delete_wanted.emit(_talk()[3])
    return stage.dialog()


@scene
def message_details(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.desk.pane.details_wanted.emit(_talk()[8])
    wrote = Happening(NOON + 8 * MINUTE, Sentence("{who} wrote it.", who="Ana Ruiz"))
    got = Happening(NOON + 9 * MINUTE, Sentence("It was received by {who}.", who="Maria Lopez"))
    stage.tell(events.CustodyLoaded(message_id(9), (wrote, got)))
    return stage.dialog()


@scene
def earlier(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.desk.pane.earlier_wanted.emit()
    stage.tell(events.EarlierLoaded(MARIA.conversation, (replace(DAY[7], title="Maria Lopez"),)))
    return stage.dialog()


@scene
def send_file(stage: Stage) -> QWidget:
    _over_maria(stage)
    picture = QImage.fromData(photo())
    stage.desk.attach_picture(picture)
    return stage.dialog()


@scene
def received_file(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.tell(events.PictureLoaded(message_id(6), photo()))
    stage.desk.pane.file_wanted.emit(_talk()[5])
    return stage.dialog()


@scene
def export(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.desk.list.export_wanted.emit()
    return stage.dialog()


@scene
def conversation_menu(stage: Stage) -> QWidget:
    _over_maria(stage)
    menu = stage.window.findChild(QMenu, "conversationMenuItems")
    assert menu is not None
    menu.popup(stage.window.mapToGlobal(stage.window.rect().center()))
    return menu


_FEW = events.Spans(3, 2 * MINUTE, 9 * MINUTE)


@scene
def figures(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.desk.show_figures()
    asked = stage.asked[-1]
    assert isinstance(asked, commands.LoadFigures)
    days = tuple(
        events.DayFigures(
            asked.first + timedelta(days=day), 9 + 7 * day % 16, 8 + 7 * day % 16, 5 + 5 * day % 13, day % 4
        )
        for day in range(7)
    )
    hours = tuple(
        events.HourFigures(hour, events.Spans(5 + hour, (2 + hour % 5) * MINUTE, (11 + 3 * hour % 17) * MINUTE))
        if 7 < hour < 18
        else events.HourFigures(hour, events.Spans(0, 0, 0))
        for hour in range(24)
    )
    agents = tuple(events.AgentFigures(name, _FEW) for name in ("Ana Ruiz", "Ben Okafor", "Carla Méndez"))
    whole = events.Spans(112, 3 * MINUTE, 19 * MINUTE)
    counts = events.Counts(waiting=3, claimed=4, closed=1312, unverified=2)
    stage.tell(
        events.FiguresLoaded(
            asked.first, asked.last, NOW, counts, days, whole, whole, hours, agents, may_see_agents=True
        )
    )
    return stage.window


@scene
def review(stage: Stage) -> QWidget:
    _over_maria(stage)
    stage.tell(replace(_UNLOCKED, role="supervisor"))
    stage.desk.show_review()
    asked = stage.asked[-1]
    assert isinstance(asked, commands.LoadReview)
    rows = (
        events.AuditRow(
            NOW - MINUTE,
            "Ben Okafor",
            Sentence("A conversation was viewed."),
            "c07d12aa",
            Sentence("Viewed, but not claimed or answered there within a day."),
        ),
        events.AuditRow(
            NOW - 90 * MINUTE,
            "Ana Ruiz",
            Sentence("Something was exported."),
            "",
            Sentence("Something was taken out of the desk."),
        ),
    )
    before = Sentence("{first} to {last}: {count} exceptions.", first="2026-11-09", last="2026-11-15", count="3")
    stage.tell(
        events.ReviewLoaded(
            asked.first,
            asked.last,
            ("Ana Ruiz", "Ben Okafor"),
            rows,
            0,
            "",
            (Happening(NOON - 10_000 * MINUTE, before),),
        )
    )
    return stage.window
