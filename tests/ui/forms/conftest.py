import pytest
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from agent_app.ui.main_window import MainWindow
from tests.ui.conftest import Recorder
from tests.ui.forms.form import House


@pytest.fixture
def house(window: MainWindow, engine: Recorder, qtbot: QtBot) -> House:
    return House(window, engine, qtbot)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: heard.append(event.message()))
    return heard
