"""What a screen reader says of itself, though the focus stands elsewhere."""

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from pytestqt.qtbot import QtBot

from agent_app.engine.events import MessageAdded, Notice, NoticeRaised, Severity
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.desk import DeskView
from tests.ui.conftest import show
from tests.ui.driving import press
from tests.ui.samples import conversation, message

ASSERTIVE, POLITE = QAccessible.AnnouncementPoliteness.Assertive, QAccessible.AnnouncementPoliteness.Polite


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, QAccessible.AnnouncementPoliteness]]:
    """The platform's place is taken: whether anybody listens is not ours to say."""
    heard: list[tuple[str, QAccessible.AnnouncementPoliteness]] = []

    def hear(event: QAccessibleAnnouncementEvent) -> None:
        heard.append((event.message(), event.politeness()))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return heard


@pytest.mark.parametrize("severity", list(Severity))
def test_a_notice_is_said_once(window: MainWindow, desk: DeskView, said: list, severity: Severity) -> None:  # type: ignore[type-arg]
    raised = NoticeRaised(Notice(severity, "The message was not sent.", "The relay is away.", "Wait a minute."))
    window.receive(raised)
    window.receive(raised)
    politeness = POLITE if severity is Severity.INFORMATION else ASSERTIVE
    assert said == [("The message was not sent. The relay is away. Wait a minute.", politeness)]


def test_what_is_wrong_in_a_form_is_said(window: MainWindow, desk: DeskView, qtbot: QtBot, said: list) -> None:  # type: ignore[type-arg]
    press(qtbot, window, "inviteButton")
    press(qtbot, window, "inviteCreate")
    assert [(text.startswith("Write the patient’s name"), politeness) for text, politeness in said] == [
        (True, ASSERTIVE)
    ]


def test_what_others_write_is_said_while_somebody_looks(
    window: MainWindow,
    desk: DeskView,
    said: list,  # type: ignore[type-arg]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    show(window, conversation())
    for row in (
        message(1, "My wrist hurts"),
        message(2, "She called before", kind="note", author="Ben Okafor"),
        message(3, "I am on it", mine=True),
        message(4, "Ben Okafor took the conversation.", kind="event"),
        message(5, "not here", number=5),
    ):
        window.receive(MessageAdded(row))
    (first, politeness), (second, _) = said
    assert (first.startswith("Maria Lopez, "), first.endswith("My wrist hurts"), politeness) == (True, True, POLITE)
    assert (second.startswith("Ben Okafor, internal note"), second.endswith("She called before")) == (True, True)
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    window.receive(MessageAdded(message(6, "in the background")))
    assert len(said) == 2
