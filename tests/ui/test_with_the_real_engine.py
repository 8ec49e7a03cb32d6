"""The window before the real engine, a real relay and the system's keyring: from a new workstation to an invitation."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from agent_app.engine.profile import Profile
from agent_app.main import Desk, build_desk
from tests.ui.conftest import administrator

LEFT = Qt.MouseButton.LeftButton


class Person:
    """Somebody at the window: sees widgets by their names, presses and types."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self._window, self._qtbot = desk.window, qtbot

    def widget(self, name: str) -> QWidget:
        found = self._window.findChild(QWidget, name)
        assert found is not None, name
        return found

    def sees(self, name: str) -> None:
        def shown() -> bool:
            found = self._window.findChild(QWidget, name)
            return found is not None and found.isVisible()

        self._qtbot.waitUntil(shown)

    def reads(self, name: str) -> str:
        widget = self.widget(name)
        assert isinstance(widget, QLabel | QLineEdit)
        return widget.text()

    def types(self, name: str, text: str) -> None:
        self._qtbot.keyClicks(self.widget(name), text)

    def presses(self, name: str) -> None:
        self._qtbot.mouseClick(self.widget(name), LEFT)


@pytest.mark.timeout(240)
def test_from_a_new_workstation_to_an_invitation_and_through_a_lock(clinic: str, qtbot: QtBot, tmp_path: Path) -> None:
    desk = build_desk(Profile(tmp_path / "desks", "window-test"))
    person = Person(desk, qtbot)
    desk.start()
    try:
        person.sees("joinScreen")
        passphrase = person.reads("joinSuggested")
        person.types("joinAddress", clinic)
        person.types("joinName", "Ana Ruiz")
        person.presses("joinWritten")
        person.presses("joinButton")

        person.sees("enrolmentQr")
        words = " ".join(line.split()[1] for line in person.reads("enrolmentWords").splitlines())
        administrator(tmp_path, "approve", person.reads("enrolmentRequest"), "--words", words)

        person.sees("desk")
        assert person.reads("clinicName") == "Riverside"
        assert person.reads("statusWho") == "Ana Ruiz · Riverside"
        person.presses("inviteButton")
        for name, text in (("inviteName", "Maria Lopez"), ("inviteBirthDate", "1984-03-27"), ("inviteReason", "test")):
            person.types(name, text)
        person.presses("inviteCreate")
        person.sees("invitationLink")
        assert "#" in person.reads("invitationLink")
        assert len(person.reads("invitationCode")) >= 4

        qtbot.keyClick(person.widget("inviteDone"), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        person.sees("unlockPassphrase")
        person.types("unlockPassphrase", "not this one")
        person.presses("unlockButton")
        person.sees("unlockError")
        qtbot.waitUntil(lambda: person.widget("unlockButton").isEnabled())
        person.types("unlockPassphrase", passphrase)
        person.presses("unlockButton")
        person.sees("desk")
    finally:
        desk.stop()

    again = build_desk(Profile(tmp_path / "desks", "window-test"))
    again.start()
    try:
        Person(again, qtbot).sees("unlockScreen")
    finally:
        again.stop()
