"""How a test sees and uses the window: widgets by their names, real clicks and keys."""

from PySide6.QtCore import QBuffer, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

LEFT = Qt.MouseButton.LeftButton


def find(window: QWidget, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert found is not None, f"no widget is called {name}"
    return found


def press(qtbot: QtBot, window: QWidget, name: str) -> None:
    qtbot.mouseClick(find(window, name), LEFT)


def text_of(window: QWidget, name: str) -> str:
    widget = find(window, name)
    assert isinstance(widget, QLabel | QLineEdit | QAbstractButton)
    return widget.text()


def type_into(qtbot: QtBot, window: QWidget, name: str, text: str) -> None:
    qtbot.keyClicks(find(window, name), text)


def own(widget: QWidget) -> bool:
    """Not a part that Qt puts into another widget, such as the button that clears a field."""
    return not isinstance(widget.parent(), QLineEdit | QAbstractItemView) and "qt_" not in widget.objectName()


def png(width: int = 64, height: int = 48) -> bytes:
    image = QImage(QSize(width, height), QImage.Format.Format_RGB32)
    image.fill(QColor("#aa3366"))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "PNG")
    return bytes(buffer.data().data())
