"""Rows that look like a clinic's, for tests of what the window makes of them."""

import hashlib

from agent_app.engine.events import ConversationRow, Delivery, FileRow, Hit, MessageRow, Status

NOON = 1_795_500_000_000  # milliseconds since 1970 UTC, in November 2026
MINUTE = 60_000


def conversation_id(number: int = 0) -> bytes:
    return hashlib.sha256(b"conversation %d" % number).digest()


def message_id(position: int) -> bytes:
    return hashlib.sha256(b"message %d" % position).digest()[:16]


def conversation(
    number: int = 0,
    *,
    title: str = "Maria Lopez",
    level: int = 3,
    status: Status = Status.WAITING,
    holder: str = "",
    mine: bool = False,
    unread: int = 0,
    preview: str = "Thank you!",
    warning: str = "",
) -> ConversationRow:
    return ConversationRow(
        conversation_id(number),
        title,
        level,
        status,
        holder,
        mine,
        unread,
        preview,
        NOON + number * MINUTE,
        (("birth-date", "1984-03-27"), ("phone", "5550142987")),
        "48213 90417 66502 13879 02744 58190 37361",
        warning,
    )


def message(
    position: int = 1,
    text: str = "Good morning",
    *,
    kind: str = "text",
    author: str = "Patient",
    mine: bool = False,
    time: int | None = None,
    delivery: Delivery | None = None,
    file: FileRow | None = None,
    receipts: tuple[tuple[str, str, int], ...] = (),
    number: int = 0,
    by_patient: bool | None = None,
) -> MessageRow:
    """Row `position` of conversation `number`."""
    return MessageRow(
        conversation_id(number),
        message_id(position),
        position,
        kind,
        author,
        mine,
        NOON + position * MINUTE if time is None else time,
        delivery or (Delivery.DELIVERED if mine else Delivery.RECEIVED),
        text,
        file,
        receipts,
        author == "Patient" if by_patient is None else by_patient,
    )


def messages(first: int, last: int) -> tuple[MessageRow, ...]:
    """Rows `first` to `last`, both included, of a lively conversation."""
    return tuple(
        message(
            position,
            f"Message number {position}" + " and some more words" * (position % 7),
            author="Ana Ruiz" if position % 3 == 0 else "Patient",
            mine=position % 3 == 0,
        )
        for position in range(first, last + 1)
    )


def hit(text: str, mark: tuple[int, int], *, number: int = 0, position: int = 40) -> Hit:
    """A message of the patient's that was found."""
    return Hit(conversation_id(number), position, False, "Patient", False, True, NOON, "Maria Lopez", text, (mark,))
