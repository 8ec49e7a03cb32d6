"""How values become words: times, sizes, states, names. One place, so that screen and screen reader agree."""

import re
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime

from agent_app.engine.events import ActivityChanged, ConversationRow, Delivery, Hit, MessageRow, Notice, Status

_LATEST = 32_503_680_000_000  # the year 3000: a patient may write any time, and no platform's calendar goes on for ever
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


def tr(text: str, disambiguation: str = "", n: int = -1) -> str:
    """For functions that are not an object's. lupdate files what is called here under no name, and elsewhere under
    this module's."""
    said = QCoreApplication.translate("words", text, disambiguation, n)
    return said if said != text.replace("%n", str(n)) else QCoreApplication.translate("", text, disambiguation, n)


def patient() -> str:
    """The engine's name for a device that is not of the clinic; the list's title says whose it is."""
    return QCoreApplication.translate("engine", "Patient")


def one_line(text: str) -> str:
    """Foreign text for one line. Breaks and direction overrides become spaces: `gpj.exe` must not read `exe.jpg`."""
    return _CONTROLS.sub(" ", text).strip()


def in_line(text: str) -> str:
    """As `one_line`, each character for one: places in the text stay what they are."""
    return _CONTROLS.sub(lambda found: " " * len(found[0]), text)


def local_date(time: int) -> date:
    """The day of `time` (milliseconds since 1970 UTC) on this workstation."""
    return datetime.fromtimestamp(min(time, _LATEST) / 1000).astimezone().date()


def clock_time(time: int) -> str:
    return QLocale().toString(QDateTime.fromMSecsSinceEpoch(time).time(), QLocale.FormatType.ShortFormat)


def day_name(day: date, today: date) -> str:
    age = (today - day).days
    if age == 0:
        return tr("Today")
    if age == 1:
        return tr("Yesterday")
    pattern = "dddd" if 0 < age < 7 else "dddd, d MMMM" if day.year == today.year else "d MMMM yyyy"
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)


def short_time(time: int, today: date) -> str:
    """For the narrow column of a list: the clock today, then the weekday, then the date."""
    day = local_date(time)
    age = (today - day).days
    if age == 0:
        return clock_time(time)
    pattern = "ddd" if 0 < age < 7 else "d MMM" if day.year == today.year else "d MMM yyyy"
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)


def full_time(time: int) -> str:
    moment = QDateTime.fromMSecsSinceEpoch(time)
    return QLocale().toString(moment, "d MMM yyyy, ") + QLocale().toString(
        QTime(moment.time()), QLocale.FormatType.ShortFormat
    )


def counted(label: str, count: int) -> str:
    """A label with how many there are behind it, where there are any."""
    return f"{label} ({count})" if count else label


def size(count: int) -> str:
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def initials(name: str) -> str:
    """Up to two letters; empty where the name has none."""
    letters = [word[0] for word in one_line(name).split() if word[0].isalpha()]
    return (letters[0] + letters[-1] if len(letters) > 1 else "".join(letters)).upper()


def delivery(state: Delivery) -> str:
    return {
        Delivery.QUEUED: tr("Waiting to be sent"),
        Delivery.ACCEPTED: tr("Sent"),
        Delivery.DELIVERED: tr("Delivered"),
        Delivery.READ: tr("Read"),
        Delivery.FAILED: tr("Not sent"),
        Delivery.RECEIVED: tr("Received"),
    }[state]


def level(value: int) -> str:
    return (tr("Not checked"), tr("Link only"), tr("Link and code"), tr("Checked"))[min(max(value, 0), 3)]


def role(name: str) -> str:
    """A role of the clinic log; any other name as it is."""
    known = {
        "agent": tr("agent"),
        "supervisor": tr("supervisor"),
        "administrator": tr("administrator"),
        "auditor": tr("auditor"),
    }
    return known.get(name) or one_line(name)


def status(row: ConversationRow) -> str:
    if row.status is Status.HELD:
        return tr("With you") if row.mine else tr("With {name}").format(name=one_line(row.holder))
    return {
        Status.WAITING: tr("Waiting"),
        Status.CLOSED: tr("Closed"),
        Status.ENDED: tr("Ended by the patient"),
    }[row.status]


def span(milliseconds: int) -> str:
    """How long, as roughly as somebody at a counter would say it."""
    minutes = max(milliseconds, 0) // 60_000
    if minutes < 60:
        return tr("{count} min").format(count=minutes)
    if minutes < 48 * 60:
        return tr("{count} h").format(count=minutes // 60)
    return tr("%n days", "", minutes // (24 * 60))


def standing(row: ConversationRow, now: int) -> list[str]:
    """How a conversation stands: what is wrong, who has it, how long the patient has waited, what it is about."""
    waits = span(now - row.waiting_since) if row.waiting_since else ""
    if waits and row.status is not Status.WAITING:
        waits = tr("waits {time}").format(time=waits)
    named = tr("You are mentioned") if row.mentioned else ""
    parts = [tr("Needs attention") if row.warning else "", named, status(row), waits, one_line(row.reason)]
    return [part for part in (*parts, *map(one_line, row.tags)) if part]


def now() -> int:
    return QDateTime.currentMSecsSinceEpoch()


def today() -> date:
    return local_date(now())


def doing(now: ActivityChanged) -> str:
    """Who writes in a conversation at this moment, for its line of the list."""
    if now.replying:
        return tr("{names} is replying…").format(names=", ".join(map(one_line, now.replying)))
    return tr("The patient is typing…") if now.patient_typing else ""


def spoken_conversation(row: ConversationRow, happening: str = "") -> str:
    """A line of the conversation list as a screen reader says it: all that is painted there."""
    unread = tr("%n unread", "", row.unread) if row.unread else ""
    when = short_time(row.time, local_date(now())) if row.time else ""
    parts = [one_line(row.title), level(row.level), *standing(row, now()), unread]
    parts += [happening or one_line(row.preview), when]
    return ", ".join(part for part in parts if part)


def author(row: MessageRow, patient: str) -> str:
    """Who wrote it, on one line; `patient` is the conversation's title."""
    return one_line(patient if patient and row.by_patient else row.author)


def notice(raised: Notice) -> str:
    """All of a notice in one line."""
    return one_line(" ".join(part for part in (raised.happened, raised.means, raised.action) if part))


def spoken_message(row: MessageRow, patient: str = "") -> str:
    """A row of the transcript as a screen reader says it."""
    doubt = f"{one_line(row.doubt)} " if row.doubt else ""
    if row.kind in ("event", "deleted"):
        return doubt + content(row)
    writer = tr("You") if row.mine else author(row, patient)
    kind = tr("internal note") if row.kind == "note" else ""
    state = delivery(row.delivery) if row.mine else ""
    head = ", ".join(part for part in (writer, kind, clock_time(row.time), state) if part)
    return f"{doubt}{head}: {content(row)}"


def hit_line(hit: Hit) -> tuple[str, int]:
    """Who said it and what, for one found message, and where in the line the excerpt begins."""
    writer = tr("You") if hit.mine else tr("Patient") if hit.by_patient else one_line(hit.author)
    if hit.note:
        writer = tr("{name}, internal note").format(name=writer)
    lead = f"{writer}: "
    return lead + in_line(hit.excerpt), len(lead)


def spoken_hit(hit: Hit) -> str:
    """A found message as a screen reader says it: all that is painted there."""
    return ", ".join((one_line(hit.title), short_time(hit.time, local_date(now())), hit_line(hit)[0]))


def content(row: MessageRow) -> str:
    if row.kind == "deleted":
        return row.text or tr("This message was deleted.")
    if row.file is not None:
        return ", ".join(part for part in (one_line(row.file.name), size(row.file.size), row.text) if part)
    return row.text
