"""What a lock leaves behind, and who can use the window by keyboard, ear and eye."""

import gc
import time
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from agent_app.engine import commands, events
from agent_app.engine.events import FileRow, Notice, Phase, PhaseChanged, Severity
from agent_app.ui.dialogs.invite import InviteDialog
from agent_app.ui.main_window import MainWindow
from agent_app.ui.models.conversations import Narrowing, Order, Tab
from agent_app.ui.views.desk import DeskView
from tests.ui.conftest import UNLOCKED, Recorder, show
from tests.ui.driving import find, own, png, press, text_of, type_into
from tests.ui.samples import conversation, conversation_id, hit, message, messages

PLANTED = "Quetzalcoatlus"


def ending(timer: QTimer) -> float:
    """When it ends, in milliseconds of a clock that knows of no pause in between."""
    return time.monotonic() * 1000 + timer.remainingTime()


class TestLock:
    def plant(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        """Puts the word wherever the desk can hold one."""
        file = FileRow(f"{PLANTED}.png", "image/png", 99)
        rows = (
            message(1, f"I saw a {PLANTED}"),
            message(2, f"{PLANTED}?", kind="note", author=PLANTED),
            message(3, PLANTED, kind="file", file=file),
        )
        show(window, conversation(title=PLANTED, preview=PLANTED, warning=PLANTED, holder=PLANTED), *rows)
        window.receive(events.PictureLoaded(rows[2].message, png()))
        type_into(qtbot, window, "conversationSearch", PLANTED)
        search = desk.list.search.model
        search.ask(PLANTED)
        found = hit(f"I saw a {PLANTED}", (8, 12))
        window.receive(events.SearchFound(search._number, (conversation_id(),), (found,), 0, more=False))
        assert search.rowCount() == 4
        window.receive(events.NoticeRaised(Notice(Severity.WARNING, f"{PLANTED}.pdf was not sent.", "", "")))
        qtbot.keyClicks(desk.pane.composer.editor, PLANTED)
        desk._on_invite()
        dialog = window.findChild(InviteDialog)
        assert dialog is not None
        for name in ("inviteName", "inviteReason"):
            type_into(qtbot, dialog, name, PLANTED)
        type_into(qtbot, dialog, "inviteBirthDate", "1984-03-27")
        press(qtbot, dialog, "inviteCreate")
        window.receive(events.InvitationCreated(b"i", f"https://x/#{PLANTED}", PLANTED, 1_795_500_000_000))
        press(qtbot, dialog, "invitationCopy")

    def test_leaves_nothing_on_the_screen_in_widgets_models_memory_or_clipboard(
        self, window: MainWindow, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(UNLOCKED)
        desk = window.desk  # not by the fixture, which would keep it alive
        assert desk is not None
        self.plant(window, desk, qtbot)
        assert places_of(PLANTED)
        assert rows_of(PLANTED)
        assert PLANTED in QGuiApplication.clipboard().text()
        qtbot.keyClick(desk.pane.composer.editor, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert engine.asked[-1] == commands.Lock()
        assert find(window, "unlockScreen").isVisible()
        assert not any(dialog.isVisible() for dialog in QApplication.topLevelWidgets() if isinstance(dialog, QDialog))
        engine.asked.clear()
        del desk
        gc.disable()  # nothing may wait for a collection that comes when it likes
        try:
            qtbot.waitUntil(lambda: not rows_of(PLANTED))
        finally:
            gc.enable()
        assert places_of(PLANTED) == []
        assert PLANTED not in QGuiApplication.clipboard().text()

    def test_is_heard_by_a_dialog_too(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        desk._on_invite()
        dialog = window.findChild(InviteDialog)
        assert dialog is not None
        qtbot.keyClick(find(dialog, "inviteName"), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert engine.asked == [commands.Lock()]
        assert window.desk is None

    def test_by_the_button_that_goes_away_with_it(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        press(qtbot, window, "lockButton")
        assert engine.asked == [commands.Lock()]
        qtbot.waitUntil(lambda: window.findChild(QWidget, "desk") is None)

    def test_when_nobody_is_there(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        window._watch.start(1)
        qtbot.waitUntil(lambda: engine.asked == [commands.SetPresence(available=False), commands.Lock()])
        assert window.desk is None

    def test_a_sign_of_life_puts_it_off(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        window._watch.start(100)
        timer = window._watch._timer
        ends = ending(timer)
        qtbot.waitUntil(lambda: timer.remainingTime() < 99_900)
        qtbot.keyClick(find(window, "conversationSearch"), Qt.Key.Key_A)
        assert ending(timer) > ends + 50

    def test_away_comes_by_itself_and_goes_with_the_first_sign_of_life(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window._watch.start(100)
        assert window._watch._leaving.interval() == 50_000
        window._watch._leaving.setInterval(0)  # they are over
        qtbot.waitUntil(lambda: engine.asked == [commands.SetPresence(available=False)])
        window.receive(events.PresenceChanged(available=False, colleagues=()))
        qtbot.keyClick(find(window, "conversationSearch"), Qt.Key.Key_A)
        assert commands.SetPresence(available=True) in engine.asked

    def test_who_chose_to_be_away_stays_away(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.PresenceChanged(available=False, colleagues=()))
        window._watch.start(100)
        with qtbot.waitSignal(window._watch.presence_changed):
            window._watch._leaving.setInterval(0)  # half of that is over
        qtbot.keyClick(find(window, "conversationSearch"), Qt.Key.Key_A)
        assert engine.of(commands.SetPresence) == []

    def test_a_locked_window_does_not_count_down(self, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
        window.lock()
        assert not window._watch._timer.isActive()
        window.lock()
        assert engine.asked == [commands.Lock()]

    def test_events_that_come_after_it_show_nothing(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        show(window, conversation(), message(1))
        window.lock()
        window.receive(events.MessageAdded(message(2, PLANTED)))
        window.receive(events.ConversationChanged(conversation(title=PLANTED)))
        assert places_of(PLANTED) == []

    def test_what_the_engine_said_before_it_heard_opens_nothing(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.lock()
        window.receive(UNLOCKED)
        assert window.desk is None
        window.receive(PhaseChanged(Phase.LOCKED))
        assert text_of(window, "unlockWho") == "Ana Ruiz · Riverside Family Clinic"
        type_into(qtbot, window, "unlockPassphrase", "right")
        press(qtbot, window, "unlockButton")
        window.receive(UNLOCKED)
        assert window.desk is not None

    def test_follows_the_policy_of_the_clinic(self, window: MainWindow, desk: DeskView) -> None:
        timer = window._watch._timer
        assert timer.interval() == 120_000
        window.receive(replace(UNLOCKED, idle_lock_seconds=45))
        assert timer.interval() == 45_000
        assert window.desk is desk

    def test_unlocking_again_starts_afresh(self, window: MainWindow, desk: DeskView, engine: Recorder) -> None:
        show(window, conversation(), message(1))
        window.lock()
        window.receive(PhaseChanged(Phase.LOCKED))
        window.receive(UNLOCKED)
        assert window.desk is not None
        assert window.desk is not desk
        assert window.desk.pane.model.rowCount() == 0
        assert find(window.desk, "welcome").isVisible()

    def test_the_list_is_found_as_it_was_left(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        """Its part and its order; what it was narrowed to may be a patient's tag, and is forgotten."""
        show(window, conversation())
        press(qtbot, window, "tabMine")
        desk.conversations.sort_by(Order.LONGEST_WAITING)
        desk.conversations.narrow(Narrowing(tag="blood test"))
        window.lock()
        window.receive(PhaseChanged(Phase.LOCKED))
        window.receive(UNLOCKED)
        assert window.desk is not None
        found = window.desk.conversations
        assert (found.tab, found.order, found.narrowing) == (Tab.MINE, Order.LONGEST_WAITING, Narrowing())
        tab = find(window.desk, "tabMine")
        assert isinstance(tab, QAbstractButton)
        assert tab.isChecked()
        assert text_of(window.desk, "sortButton") == "Longest waiting first"


class TestAccess:
    def test_everything_that_acts_has_a_name_and_words(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        show(window, conversation(level=1), message(1))
        desk._on_invite()
        acting = [
            each
            for each in window.findChildren(QWidget)
            if isinstance(each, QAbstractButton | QLineEdit | QAbstractItemView) and own(each)
        ]
        assert len(acting) > 25
        assert [type(each).__name__ for each in acting if not each.objectName()] == []
        assert [each.objectName() for each in acting if not each.accessibleName()] == []

    def test_the_keyboard_reaches_everything_in_a_conversation(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        show(window, conversation(level=2), message(1))
        wanted = {
            "inviteButton",
            "conversationSearch",
            "tabWaiting",
            "filterButton",
            "sortButton",
            "conversationList",
            "claimButton",
            "closeButton",
            "safetyNumberButton",
            "matchesButton",
            "differsButton",
            "transcript",
            "composer",
            "attachButton",
            "lockButton",
        }
        reached: set[str] = set()
        for _ in range(60):
            focus = QApplication.focusWidget()
            assert focus is not None
            reached.add(focus.objectName())
            qtbot.keyClick(focus, Qt.Key.Key_Tab)
        assert wanted <= reached

    def test_shortcuts(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        window.receive(events.ConversationsLoaded((conversation(1), conversation(2))))
        control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
        qtbot.keyClick(window, Qt.Key.Key_Down, alt)
        qtbot.keyClick(window, Qt.Key.Key_Down, alt)
        opened = engine.of(commands.OpenConversation)
        assert [command.conversation for command in opened] == [conversation_id(2), conversation_id(1)]  # type: ignore[attr-defined]
        qtbot.keyClick(window, Qt.Key.Key_K, control)
        assert find(window, "conversationSearch").hasFocus()
        qtbot.keyClick(window, Qt.Key.Key_N, control)
        assert window.findChild(InviteDialog) is not None

    def test_dark_and_light_turn_without_losing_anything(self, window: MainWindow, desk: DeskView) -> None:
        show(window, conversation(), *messages(1, 30))
        light = window.grab().toImage().pixelColor(window.width() // 2, window.height() // 2)
        window._theme.set_dark(True)
        dark = window.grab().toImage().pixelColor(window.width() // 2, window.height() // 2)
        window._theme.set_dark(False)
        assert light.lightness() > 150 > 100 > dark.lightness()
        assert desk.pane.model.rowCount() == 30


def places_of(text: str) -> list[str]:
    """Every widget and every model that holds the text, in whatever property or role."""
    widgets = QApplication.allWidgets()
    objects: list[QObject] = [*widgets, *(child for widget in widgets for child in widget.findChildren(QObject))]
    found = [
        f"{type(each).__name__}.{name}" for each in objects for name in strings(each) if text in strings(each)[name]
    ]
    for view in widgets:
        if isinstance(view, QAbstractItemView) and (model := view.model()) is not None:
            cells = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
            found += [f"{view.objectName()} row" for cell in cells if text in cell]
    return found


def strings(thing: QObject) -> dict[str, str]:
    described = thing.metaObject()
    properties = [described.property(number) for number in range(described.propertyCount())]
    values = {each.name(): each.read(thing) for each in properties if each.typeName() == "QString"}
    return {name: value for name, value in values.items() if isinstance(value, str)}


def rows_of(text: str) -> list[object]:
    """Rows that are still in memory, wherever."""
    kinds = (events.MessageRow, events.ConversationRow, events.InvitationCreated)
    return [each for each in gc.get_objects() if isinstance(each, kinds) and text in f"{fields(each)}"]


def fields(row: object) -> list[object]:
    return [getattr(row, name) for name in type(row).__slots__]  # type: ignore[attr-defined]
