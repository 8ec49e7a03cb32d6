"""Every way by which a patient's text comes into the clipboard: marked as a secret, and taken back."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from agent_app.engine import events
from agent_app.engine.events import FileRow
from agent_app.ui import clipboard
from agent_app.ui.clipboard import SecretClipboard
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.desk import DeskView
from tests.journeys.processes import Program, screen
from tests.ui.conftest import Recorder, show
from tests.ui.driving import find, type_into
from tests.ui.samples import conversation, message

COPY, CUT = QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut
SECRET = "Quetzalcoatlus"


@pytest.fixture(autouse=True)
def _emptied(qapp: QApplication) -> Iterator[None]:
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def is_marked(data: QMimeData) -> bool:
    wanted = ("x-kde-passwordManagerHint", *clipboard._SECRET_MARKS)
    return all(data.data(name).size() for name in wanted)


def taken() -> str:
    """What a way to copy has left in the clipboard; empties it for the next."""
    board = QGuiApplication.clipboard()
    text = board.text()
    assert not text or is_marked(board.mimeData()), f"{text} is not marked"
    board.clear()
    return text


class TestSecretClipboard:
    def test_takes_back_after_a_minute(self, qapp: QApplication) -> None:
        own = SecretClipboard()
        own.copy("https://chat.example/#secret")
        assert is_marked(QGuiApplication.clipboard().mimeData())
        assert own._timer.isActive()
        assert own._timer.interval() == 60_000
        own._timer.timeout.emit()
        assert QGuiApplication.clipboard().text() == ""

    def test_what_somebody_copied_since_is_theirs(self, qapp: QApplication) -> None:
        own = SecretClipboard()
        own.copy("https://chat.example/#secret")
        QGuiApplication.clipboard().setText("a shopping list")
        own.clear()
        assert QGuiApplication.clipboard().text() == "a shopping list"

    def test_the_end_of_the_program_takes_back(self, qapp: QApplication) -> None:
        own = SecretClipboard()
        own.copy("secret")
        qapp.aboutToQuit.emit()
        assert QGuiApplication.clipboard().text() == ""


class TestEveryWidget:
    def planted(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        """As much of the desk as can be open at once, with one word wherever it can show one."""
        file = FileRow(f"{SECRET}.png", "image/png", 99)
        rows = (message(1, SECRET), message(2, SECRET, kind="note"), message(3, SECRET, kind="file", file=file))
        row = conversation(title=SECRET, preview=SECRET, warning=SECRET, holder=SECRET)
        show(window, row, *rows)
        qtbot.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
        window.receive(events.NoticeRaised(events.Notice(events.Severity.WARNING, SECRET, SECRET, SECRET)))
        type_into(qtbot, window, "conversationSearch", SECRET)
        type_into(qtbot, window, "composer", SECRET)

    def copies(self, qtbot: QtBot, widget: QWidget) -> list[str]:
        """What each way to copy leaves, where the widget has one."""
        widget.setFocus()
        qtbot.waitUntil(widget.hasFocus)
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            widget.selectAll()
        elif isinstance(widget, QAbstractItemView):
            widget.setCurrentIndex(widget.model().index(0, 0))
        found = []
        for keys in (COPY, CUT):
            qtbot.keySequence(widget, keys)
            found.append(taken())
            if isinstance(widget, QLineEdit | QPlainTextEdit):
                (widget.setText if isinstance(widget, QLineEdit) else widget.setPlainText)(SECRET)
                widget.selectAll()
        return found

    def test_by_keys(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        self.planted(window, desk, engine, qtbot)
        window.receive(events.ConversationsLoaded((conversation(title=SECRET),)))
        seen = {}
        for widget in window.findChildren(QWidget):
            if isinstance(widget, QLineEdit | QPlainTextEdit | QAbstractItemView) and widget.isVisible():
                seen[widget.objectName()] = self.copies(qtbot, widget)
        find(window, "conversationSearch").setText("")  # type: ignore[attr-defined]
        seen["conversationList"] = self.copies(qtbot, find(window, "conversationList"))
        assert seen["conversationSearch"] == seen["composer"] == [SECRET, SECRET]
        assert seen["transcript"][0] == SECRET
        assert seen["conversationList"][0] == SECRET

    def test_by_keys_in_each_dialog(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        """Whatever a dialog holds: fields with any text in them, and the rows of its lists."""
        show(window, conversation(title=SECRET), message(1, SECRET))
        seen = set()
        for name, open_ in (
            ("inviteDialog", desk._on_invite),
            ("invitationsDialog", desk._on_invitations),
            ("repliesDialog", desk._on_replies),
            ("handOverDialog", desk.pane.hand_over_wanted.emit),
            ("closeDialog", desk.pane.close_wanted.emit),
            ("ownSettingsDialog", desk._on_own_settings),
            ("exportDialog", desk._on_export),
        ):
            open_()
            dialog = find(window, name)
            window.receive(events.RepliesLoaded((events.ReplyRow(b"1" * 16, SECRET, SECRET, SECRET),)))
            window.receive(
                events.InvitationsLoaded((events.InvitationRow(b"i" * 16, SECRET, SECRET, 1, "open", 5, True),))
            )
            dialog.activateWindow()
            for widget in dialog.findChildren(QWidget):
                if isinstance(widget, QLineEdit | QPlainTextEdit | QAbstractItemView) and widget.isVisible():
                    seen.add(name)
                    if isinstance(widget, QLineEdit) and widget.echoMode() == QLineEdit.EchoMode.Normal:
                        widget.setValidator(None)  # type: ignore[arg-type]
                        widget.setText(SECRET)
                        assert SECRET in self.copies(qtbot, widget), widget.objectName()
                    else:
                        self.copies(qtbot, widget)
            dialog.close()
        assert {"inviteDialog", "invitationsDialog", "repliesDialog", "handOverDialog", "closeDialog"} <= seen

    def test_nothing_else_that_shows_text_lets_it_be_selected(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        """A new kind of widget that can be copied from belongs into the test above, and into the watch."""
        self.planted(window, desk, engine, qtbot)
        for widget in window.findChildren(QWidget):
            if isinstance(widget, QLabel):
                selectable = (
                    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
                )
                assert not widget.textInteractionFlags() & selectable, widget.objectName()
            assert not isinstance(widget, QTextEdit), widget.objectName()
            if isinstance(widget, QAbstractItemView):
                assert not widget.dragEnabled(), widget.objectName()
            if isinstance(widget, QLineEdit):
                assert not widget.dragEnabled(), widget.objectName()

    def test_by_the_menu_of_a_field(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        show(window, conversation())
        field = find(window, "conversationSearch")
        assert isinstance(field, QLineEdit)
        for name, left in (("edit-copy", SECRET), ("edit-cut", "")):
            field.setText(SECRET)
            field.setFocus()
            field.selectAll()
            middle = field.rect().center()
            asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, field.mapToGlobal(middle))
            QApplication.sendEvent(field, asked)
            menu = field.findChild(QMenu)
            assert menu is not None
            next(action for action in menu.actions() if action.objectName() == name).trigger()
            with qtbot.waitSignal(menu.destroyed):
                menu.close()
            assert taken() == SECRET
            assert field.text() == left

    def test_by_the_transcripts_menu(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        show(window, conversation(), message(1, SECRET))
        view = desk.pane.transcript
        view.setCurrentIndex(desk.pane.model.index(0))
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), view.mapToGlobal(QPoint(5, 5)))
        QApplication.sendEvent(view.viewport(), asked)
        menu = find(view, "messageMenu")
        next(action for action in menu.actions() if action.objectName() == "copyAction").trigger()
        menu.close()
        assert taken() == SECRET

    def test_a_passphrase_is_not_copied(self, window: MainWindow, qtbot: QtBot) -> None:
        window.receive(events.PhaseChanged(events.Phase.LOCKED))
        field = find(window, "unlockPassphrase")
        assert isinstance(field, QLineEdit)
        field.setText(SECRET)
        field.setFocus()
        field.selectAll()
        for keys in (COPY, CUT):
            qtbot.keySequence(field, keys)
            assert taken() == ""
        assert field.text() == SECRET

    def test_a_lock_takes_it_back(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        show(window, conversation())
        type_into(qtbot, window, "composer", SECRET)
        desk.pane.composer.editor.selectAll()
        qtbot.keySequence(desk.pane.composer.editor, COPY)
        assert QGuiApplication.clipboard().text() == SECRET
        window.lock()
        assert QGuiApplication.clipboard().text() == ""


_ON_A_REAL_SCREEN = f"""
import sys
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QLineEdit
from agent_app.ui.clipboard import SecretClipboard
application = QApplication(sys.argv)
own, board = SecretClipboard(), application.clipboard()
assert board.supportsSelection()
field = QLineEdit({SECRET!r})
field.selectAll()
field.copy()  # as an accessibility bridge or an input method does it
board.setText(field.text(), QClipboard.Mode.Selection)
for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
    assert board.text(mode) == {SECRET!r}
    assert board.mimeData(mode).data("x-kde-passwordManagerHint").data() == b"secret", mode
own.clear()
assert not board.text() and not board.text(QClipboard.Mode.Selection)
"""


def test_what_qt_copies_by_itself_is_marked_before_anybody_can_ask(tmp_path: Path) -> None:
    """On X11, where the window owns what it copied; there is also the middle button's selection."""
    xvfb, display = screen(tmp_path / "xvfb.log")
    where = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    program = Program([sys.executable, "-c", _ON_A_REAL_SCREEN], tmp_path / "copy.log", where)
    try:
        assert program.process.wait(60) == 0, (tmp_path / "copy.log").read_text()
    finally:
        program.stop()
        xvfb.stop()
