"""A working day without a mouse: the window, its engine, a relay, a colleague and a patient are real."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from agent_app.bridge.engine_thread import EngineThread
from agent_app.engine import commands, events
from agent_app.engine.clinic_address import ClinicAddress
from agent_app.engine.engine import Engine
from agent_app.engine.events import Phase, Status
from agent_app.engine.profile import Profile
from agent_app.main import build_desk
from agent_app.protocol.content import Message
from agent_app.protocol.events import File
from agent_app.protocol.keys import ClinicId
from tests.engine.patient import Patient
from tests.ui.conftest import PASSPHRASE, administrator
from tests.ui.driving import png

CONTROL, ALT, SHIFT = (Qt.KeyboardModifier[f"{name}Modifier"] for name in ("Control", "Alt", "Shift"))
NONE = Qt.KeyboardModifier.NoModifier
Given = TypeVar("Given")


class Keyboard:
    """All that a person has here. After every key the focus is somewhere, and where it is can be seen."""

    def __init__(self, window: QWidget, qtbot: QtBot) -> None:
        self._window, self._qtbot = window, qtbot

    @property
    def focus(self) -> QWidget:
        """Where the keys go. They must not go nowhere, to what nobody sees, or behind a dialog."""

        def settled() -> bool:
            if QApplication.activeWindow() is None:
                self._window.activateWindow()  # as a window manager does once a dialog has closed; there is none here
            found, dialog = QApplication.focusWidget(), QApplication.activeModalWidget()
            return found is not None and found.isVisible() and (dialog is None or dialog.isAncestorOf(found))

        self._qtbot.waitUntil(settled)
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> QWidget:
        QTest.keyClick(self.focus, key, modifier)
        return self.focus

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)

    def to(self, spoken: str) -> QWidget:
        """Tab until a screen reader says `spoken`."""
        passed = []
        for _ in range(60):
            if self.focus.accessibleName().startswith(spoken) and self.focus.isEnabled():
                return self.focus
            passed.append(self.focus.accessibleName() or self.focus.objectName())
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"no Tab leads to {spoken!r}, only to {sorted(set(passed))}")

    def choose(self, spoken: str, item: str) -> None:
        """Opens a button's menu and walks to the item."""
        self.to(spoken)
        QTimer.singleShot(0, lambda: self._in_menu(item))
        QTest.keyClick(self.focus, Qt.Key.Key_Space)  # comes back once the menu has closed

    def _in_menu(self, item: str) -> None:
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            QTimer.singleShot(10, lambda: self._in_menu(item))
            return
        for _ in menu.actions():
            QTest.keyClick(menu, Qt.Key.Key_Down)
            active: QAction | None = menu.activeAction()
            if active is not None and active.text() == item:
                QTest.keyClick(menu, Qt.Key.Key_Return)
                return
        QTest.keyClick(menu, Qt.Key.Key_Escape)

    def waits(self, name: str) -> QWidget:
        def shown() -> bool:
            found = self._window.findChild(QWidget, name)
            return found is not None and found.isVisible()

        self._qtbot.waitUntil(shown)
        found = self._window.findChild(QWidget, name)
        assert found is not None
        return found

    def reads(self, name: str) -> str:
        widget = self.waits(name)
        assert isinstance(widget, QLabel | QLineEdit)
        return widget.text()


class Colleague:
    """A device of the clinic: its engine, and what it says."""

    def __init__(self, folder: Path, name: str, thread: EngineThread, qtbot: QtBot) -> None:
        self.name, self._folder, self._thread, self._qtbot = name, folder, thread, qtbot
        self.told: list[events.Event] = []
        thread.event_raised.connect(self.told.append)

    def join(self, clinic: str, role: str) -> None:
        self._thread.submit(commands.Join(clinic, self.name, PASSPHRASE))
        asked = self.hears(events.EnrolmentRequested)
        administrator(self._folder, "approve", asked.request, "--words", " ".join(asked.words), "--role", role)
        self._qtbot.waitUntil(lambda: self.phase is Phase.UNLOCKED)

    @property
    def phase(self) -> Phase | None:
        return next((each.phase for each in reversed(self.told) if isinstance(each, events.PhaseChanged)), None)

    def hears(self, kind: type[Given]) -> Given:
        self._qtbot.waitUntil(lambda: any(isinstance(each, kind) for each in self.told))
        return next(each for each in reversed(self.told) if isinstance(each, kind))

    @property
    def row(self) -> events.ConversationRow:
        """The one conversation, as it was told of last."""
        rows = [each.row for each in self.told if isinstance(each, events.ConversationChanged)]
        return rows[-1]


class Phone:
    """The patient, on a thread of their own."""

    def __init__(self, clinic: str, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._thread.start()
        address = ClinicAddress.parse(clinic)
        self.patient: Patient = self.does(self._made(address.origin, ClinicId(address.clinic)))

    async def _made(self, origin: str, clinic: ClinicId) -> Patient:
        return Patient(origin, clinic)

    def does(self, act: Coroutine[Any, Any, Given]) -> Given:
        done: Future[Given] = asyncio.run_coroutine_threadsafe(act, self._loop)
        self._qtbot.waitUntil(done.done)
        return done.result()

    async def begin(self, link: str, code: str, birth_date: str, text: str) -> None:
        await self.patient.come_by(link)
        self._listening = self.patient.listening()
        await self._listening.__aenter__()
        await self.patient.open(code, birth_date)
        await self.patient.say(text)

    def reads(self, text: str) -> None:
        self.does(self.patient.until(lambda patient: text in patient.texts()))

    def shows(self, caption: str) -> None:
        """A file that came with these words."""
        self.does(self.patient.until(lambda patient: any(_is_file(heard, caption) for heard in patient.heard)))

    async def leave(self) -> None:
        await self._listening.__aexit__(None, None, None)
        await self.patient.relay.close()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _is_file(heard: Message, caption: str) -> bool:
    return isinstance(heard.content.event, File) and heard.content.event.caption == caption


@contextmanager
def working(phone: Phone, *threads: EngineThread) -> Iterator[None]:
    for each in threads:
        each.start()
    try:
        yield
    finally:
        phone.stop()
        for each in threads:
            each.stop()


@pytest.mark.timeout(240)
@pytest.mark.qt_log_ignore("This plugin does not support")  # of a menu, by the offscreen platform
def test_a_whole_day(clinic: str, qtbot: QtBot, tmp_path: Path) -> None:
    desk = build_desk(Profile(tmp_path / "workstation", "ana"))
    window, elsewhere = desk.window, Profile(tmp_path / "elsewhere", "ben")
    other = EngineThread(lambda emit: Engine(elsewhere, emit))
    ana, ben = (
        Colleague(tmp_path, "Ana Ruiz", desk.engine_thread, qtbot),
        Colleague(tmp_path, "Ben Okafor", other, qtbot),
    )
    keyboard, phone = Keyboard(window, qtbot), Phone(clinic, qtbot)
    with working(phone, desk.engine_thread, other):
        ana.join(clinic, "agent")
        ben.join(clinic, "agent")
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        keyboard.waits("sidebar")

        # She comes to work.
        keyboard.press(Qt.Key.Key_L, CONTROL)
        qtbot.waitUntil(keyboard.waits("unlockPassphrase").hasFocus)
        keyboard.type(PASSPHRASE)
        keyboard.press(Qt.Key.Key_Return)
        keyboard.waits("sidebar")

        # She invites.
        keyboard.press(Qt.Key.Key_N, CONTROL)
        assert keyboard.focus.accessibleName() == "Name"
        for field, text in (("Name", "Maria Lopez"), ("Birth date", "1984-03-27"), ("Reason", "Wrist")):
            keyboard.to(field)
            keyboard.type(text)
        keyboard.to("Create invitation")
        keyboard.press(Qt.Key.Key_Space)
        link, code = keyboard.reads("invitationLink"), keyboard.reads("invitationCode").replace(" ", "")
        keyboard.to("Done")
        keyboard.press(Qt.Key.Key_Space)

        # The patient comes; she opens the conversation, takes it and checks who it is.
        phone.does(phone.begin(link, code, "1984-03-27", "Good morning, my wrist hurts"))
        for desk_of in (ana, ben):
            desk_of.hears(events.ConversationChanged)
        keyboard.press(Qt.Key.Key_Down, ALT)
        qtbot.waitUntil(lambda: ana.row.level == 2 and "wrist" in ana.row.preview)
        keyboard.to("Claim")
        keyboard.press(Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: ana.row.mine)
        keyboard.to("Matches")
        keyboard.press(Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: ana.row.level == 3)

        # She answers, and leaves a note.
        keyboard.to("Write to the patient")
        keyboard.type("Good morning, Maria")
        keyboard.press(Qt.Key.Key_Return)
        phone.reads("Good morning, Maria")
        keyboard.press(Qt.Key.Key_R, CONTROL | SHIFT)
        keyboard.to("Add the starters")
        keyboard.press(Qt.Key.Key_Space)
        keyboard.to("Close")
        keyboard.press(Qt.Key.Key_Space)
        keyboard.to("Write to the patient")
        keyboard.type("/one")
        keyboard.waits("replyList")
        keyboard.press(Qt.Key.Key_Return)
        keyboard.press(Qt.Key.Key_Return)
        phone.reads("Thank you for writing. I will look into it and answer you here.")
        keyboard.press(Qt.Key.Key_N, CONTROL | SHIFT)
        keyboard.to("Write a note for the team")
        keyboard.type("Thursday is free")
        keyboard.press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: ben.row.preview == "Thursday is free")
        keyboard.press(Qt.Key.Key_N, CONTROL | SHIFT)

        # She sends a picture that she has copied elsewhere.
        keyboard.to("Write to the patient")
        QGuiApplication.clipboard().setImage(QImage.fromData(png()))
        keyboard.press(Qt.Key.Key_V, CONTROL)
        keyboard.waits("sendFileDialog")
        assert keyboard.focus.accessibleName().startswith("Caption")
        keyboard.type("This is the way in")
        keyboard.to("Send")
        keyboard.press(Qt.Key.Key_Space)
        phone.shows("This is the way in")

        # She writes down what the team should know, and looks where her words are.
        keyboard.press(Qt.Key.Key_I, CONTROL)
        keyboard.to("Add a tag")
        keyboard.type("wrist")
        keyboard.press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: ben.row.tags == ("wrist",))
        keyboard.waits("tag0")  # her own window may hear of it later than a colleague's desk
        keyboard.to("Remove the tag wrist")
        keyboard.press(Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: ben.row.tags == ())
        keyboard.press(Qt.Key.Key_I, CONTROL)
        keyboard.to("Messages")
        keyboard.press(Qt.Key.Key_Home)
        keyboard.press(Qt.Key.Key_Return)
        keyboard.waits("messageDetailsDialog")
        keyboard.press(Qt.Key.Key_Escape)

        # She looks at the figures, and comes back.
        keyboard.press(Qt.Key.Key_D, CONTROL | SHIFT)
        keyboard.waits("dashboard")
        keyboard.press(Qt.Key.Key_Escape)
        keyboard.waits("conversationPane")

        # She searches for what was said.
        keyboard.press(Qt.Key.Key_F, CONTROL)
        keyboard.type("wrist")
        keyboard.waits("searchResults")
        keyboard.press(Qt.Key.Key_Down)
        keyboard.press(Qt.Key.Key_Return)
        keyboard.press(Qt.Key.Key_Escape)

        # She closes it, reopens it and hands it over.
        keyboard.to("Close…")
        keyboard.press(Qt.Key.Key_Space)
        keyboard.to("Outcome")
        keyboard.type("Answered")
        keyboard.to("Close conversation")
        keyboard.press(Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: ana.row.status is Status.CLOSED)
        keyboard.to("Reopen")
        keyboard.press(Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: ana.row.status is not Status.CLOSED)
        keyboard.to("Claim")
        keyboard.press(Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: ana.row.mine)
        keyboard.choose("More about this conversation", "Hand over…")
        qtbot.waitUntil(keyboard.waits("handOverConfirm").isEnabled)
        keyboard.to("Note")
        keyboard.type("Please call her")
        keyboard.to("Hand over")
        keyboard.press(Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: ben.row.mine)
        keyboard.to("Take over…")
        keyboard.press(Qt.Key.Key_Space)
        qtbot.waitUntil(keyboard.waits("takeOverConfirm").isEnabled)
        keyboard.to("Take over")
        keyboard.press(Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: ana.row.mine)

        # She goes home.
        keyboard.press(Qt.Key.Key_L, CONTROL)
        qtbot.waitUntil(keyboard.waits("unlockPassphrase").hasFocus)
        assert "Thursday is free" not in " ".join(phone.patient.texts())
        phone.does(phone.leave())
        window.close()
