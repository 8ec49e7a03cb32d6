"""What a screen reader says of itself, though the focus stands elsewhere."""

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from pytestqt.qtbot import QtBot

from agent_app.engine.events import Notice, NoticeRaised, Severity
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.desk import DeskView
from tests.ui.driving import press

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
