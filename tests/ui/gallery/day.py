"""What a working day has: its people, what was said, what the engine tells of it."""

from dataclasses import replace

from PySide6.QtCore import QBuffer, QSize
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from agent_app.engine import events
from agent_app.engine.events import Delivery, FileRow, Happening, Notice, Phase, Sentence, Severity, Status
from agent_app.ui.starters import STARTERS
from tests.ui.samples import MINUTE, NOON, conversation, message

NOW = NOON + 40 * MINUTE
CLINIC = "Riverside Family Clinic"
PASSPHRASE = "glacier pumpkin sandal ecology rewrite"
FINGERPRINT = "7c51 09be 4d2f a8e3 6b10 f4c9 21d7 8a5e"
ADDRESS = "sealdesk-clinic:1:https://relay.example:7c5109be4d2fa8e36b10f4c921d78a5e"
PAGE = "https://chat.riverside.example/"
WORDS = ("anchor", "blossom", "cricket", "dolphin", "ember", "falcon")
RECORDS = Notice(
    Severity.ALARM,
    "The patients' page is not the one that your administrator signed.",
    "Whoever serves it could read what patients write from now on.",
    "Call your administrator now, by telephone. Invite nobody until this is cleared.",
)


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


UNLOCKED = events.PhaseChanged(Phase.UNLOCKED, CLINIC, "Ana Ruiz")
ONLINE = events.ConnectionChanged(online=True)
THERE = events.PresenceChanged(
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


GAP = Sentence("Messages are missing here. They may still arrive.")
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
    _row(3, 31, "Lucía Fernández", Sentence("Photo"), status=Status.HELD, holder="Ben Okafor"),
    _row(4, 55, "Tomás Herrera", "My knee is better now.", status=Status.HELD, mine=True, hold="Complaint of 3 May"),
    _row(
        5, 90, Sentence("Visitor {mark}", mark="c07d"), "What are your hours?", level=0, waiting_since=NOW - 90 * MINUTE
    ),
    _row(6, 60 * 26, "Grace Kim", "Good morning", warning=GAP),
    _row(7, 60 * 30, "Ahmed Hassan", "Thank you!", status=Status.CLOSED, outcome="Answered"),
)


REPLIES = events.RepliesLoaded(
    tuple(
        events.ReplyRow(bytes([number]) * 16, title, english, spanish)
        for number, (title, _, english, spanish) in enumerate(STARTERS)
    )
)


def talk(count: int = 99) -> tuple[events.MessageRow, ...]:
    def mine(position: int, text: str, **more: object) -> events.MessageRow:
        return message(position, text, author="Ana Ruiz", mine=True, **more)  # type: ignore[arg-type]

    said = (
        message(1, Sentence("The patient began this conversation."), kind="event", author="Patient"),
        message(2, "Good morning! I would like to see Dr. Patel about my wrist."),
        message(3, Sentence("{author} took the conversation.", author="Ana Ruiz"), kind="event", author="Ana Ruiz"),
        mine(4, "Good morning, Maria. Since when does it hurt?", delivery=Delivery.READ, receipts=_TICKED),
        message(5, "Since Sunday. I can send a photo."),
        message(6, "", kind="file", file=FileRow("wrist.png", "image/png", 184_320)),
        replace(
            mine(7, "Dr. Patel wants to see her this week. @Ben Okafor, is Thursday free?", kind="note"),
            mentions=((38, 49),),
        ),
        message(8, "Thursday at ten.", author="Ben Okafor", kind="note", by_patient=False),
        mine(
            9, "We can offer you Thursday at ten. Would that suit you?", delivery=Delivery.DELIVERED, receipts=_TICKED
        ),
        message(10, "Thank you, Thursday at ten is fine."),
        mine(11, "Then see you on Thursday.", delivery=Delivery.QUEUED),
    )
    return said[:count]


def details(row: events.ConversationRow) -> events.DetailsLoaded:
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
