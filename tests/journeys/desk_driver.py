"""The desk in a process of its own, driven from outside by lines of JSON: real widgets, real clicks, real keys.

Run as `python -m tests.journeys.desk_driver DATA PROFILE`. Each line on standard input is `{"do": name, ...}`; the
answer is one line, `{"ok": value}` or `{"error": sentence}`. Nothing here reaches behind the window.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QTextEdit,
    QWidget,
)

from agent_app.engine.engine import Profile
from agent_app.main import build_desk
from agent_app.ui.language import Interpreter, Language


class Driver(QObject):
    """Reads requests on a thread, acts on Qt's own."""

    line_read = Signal(str)
    input_ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line_read.connect(self._on_line_read)
        self.input_ended.connect(QApplication.quit)
        self._actions: dict[str, Callable[..., Any]] = {
            "click": self.click,
            "type": self.type,
            "key": self.key,
            "choose": self.choose,
            "trigger": self.trigger,
            "read": self.read,
            "rows": self.rows,
            "paper": self.paper,
            "screenshot": self.screenshot,
        }

    def listen(self) -> None:
        threading.Thread(target=self._read_lines, daemon=True).start()

    def _read_lines(self) -> None:
        for line in sys.stdin:
            self.line_read.emit(line)
        self.input_ended.emit()

    def _on_line_read(self, line: str) -> None:
        request = json.loads(line)
        try:
            done = request.pop("do")
            if done in ("click", "type", "key", "choose", "trigger"):
                come_forward()
            answer = {"ok": self._actions[done](**request)}
        except (LookupError, ValueError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        os.write(1, json.dumps(answer).encode() + b"\n")  # no buffer of the driver's may remember what it answered

    def click(self, name: str) -> None:
        widget = find(name)
        if not widget.isEnabled():
            raise ValueError(f"{name} is not enabled")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def type(self, name: str, text: str) -> None:
        widget = find(name)
        widget.setFocus()
        if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit | QAbstractSpinBox):
            widget.selectAll()
        QTest.keyClicks(widget, text)

    def key(self, name: str, key: str, modifier: str = "NoModifier") -> None:
        QTest.keyClick(find(name), getattr(Qt.Key, f"Key_{key}"), Qt.KeyboardModifier[modifier])

    def choose(self, name: str, row: int) -> None:
        view = find(name)
        assert isinstance(view, QAbstractItemView)
        index = model_of(view).index(row, 0)
        if not index.isValid():
            raise ValueError(f"{name} has no row {row}")
        view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        QApplication.processEvents()  # rows may be measured anew once they are in sight
        centre: QPoint = view.visualRect(index).intersected(view.viewport().rect()).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, centre)

    def trigger(self, item: str) -> None:
        """A menu's item, as its shortcut or a click on it would."""
        found = find("mainWindow").findChild(QAction, item)
        if found is None or not found.isEnabled():
            raise ValueError(f"{item} cannot be chosen")
        found.trigger()

    def read(self, name: str) -> dict[str, Any]:
        """What a person finds at a widget: whether it shows, whether it works, its text."""
        try:
            widget = find(name, visible=False)
        except LookupError:  # a screen that is not up has no widgets
            return {"visible": False, "enabled": False, "text": ""}
        text = ""
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            text = widget.text()
        elif isinstance(widget, QPlainTextEdit | QTextEdit):
            text = widget.toPlainText()
        return {"visible": widget.isVisible(), "enabled": widget.isEnabled(), "text": text}

    def rows(self, name: str) -> list[str]:
        """Each row of a list as a screen reader speaks it; a table's cell by cell."""
        view = find(name, visible=False)
        assert isinstance(view, QAbstractItemView)
        model = model_of(view)
        columns = model.columnCount(QModelIndex()) if isinstance(view, QTableView) else 1  # a list's is private to Qt
        return [
            " · ".join(spoken(model.index(row, place)) for place in range(columns))
            for row in range(model.rowCount(QModelIndex()))
        ]

    def paper(self) -> dict[str, list[str]]:
        """What a person reads on the two printed sheets: all of each, and the words that the screen asks for."""
        kit = find("kitScreen")._kit  # type: ignore[attr-defined]
        asked = [kit.sheets[sheet - 1][place - 1] for sheet, place in kit.asked]
        return {"sheets": [" ".join(sheet) for sheet in kit.sheets], "asked": asked}

    def screenshot(self, path: str) -> None:
        window = find("mainWindow")
        come_forward()
        frame = window.frameGeometry()
        screen = QGuiApplication.primaryScreen()
        screen.grabWindow(0, frame.x(), frame.y(), frame.width(), frame.height()).save(path)


def come_forward() -> None:
    """A person acts on the window in front. With no window manager on the screen, it is asked for by hand."""
    window = QApplication.activeModalWidget() or find("mainWindow")
    find("mainWindow").raise_()
    window.raise_()
    window.activateWindow()
    if not QTest.qWaitForWindowActive(window, 60_000):
        raise ValueError("the window does not come to the front")


def spoken(index: QModelIndex) -> str:
    return str(index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data(Qt.ItemDataRole.DisplayRole))


def model_of(view: QAbstractItemView) -> QAbstractItemModel:
    model = view.model()
    assert model is not None
    return model


def find(name: str, visible: bool = True) -> QWidget:
    found = [w for w in QApplication.allWidgets() if w.objectName() == name and (w.isVisible() or not visible)]
    if not found:
        raise LookupError(f"no {'visible ' if visible else ''}widget is called {name}")
    return max(found, key=lambda widget: widget.isVisible())


def main() -> None:
    data, profile = Path(sys.argv[1]), sys.argv[2]
    application = QApplication(sys.argv[:1])
    interpreter = Interpreter(application, Language.SYSTEM)
    desk = build_desk(Profile(data=data, name=profile))
    driver = Driver()
    desk.start()
    driver.listen()
    application.exec()
    desk.stop()
    interpreter.dismiss()


if __name__ == "__main__":
    main()
