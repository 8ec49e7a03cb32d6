"""The clipboard, for an invitation's link only: marked as a secret, and cleared after a minute or at the lock."""

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

_CLEARED_AFTER = 60_000  # milliseconds
# What clipboard histories look for before they keep a text, on KDE, Windows and macOS.
_SECRET_MARKS = {
    "x-kde-passwordManagerHint": b"secret",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"1",
    "application/x-nspasteboard-concealed-type": b"1",
}


class SecretClipboard(QObject):
    """Lives on Qt's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._timer = QTimer(self, singleShot=True, interval=_CLEARED_AFTER)
        self._timer.timeout.connect(self.clear)

    def copy(self, text: str) -> None:
        marked = QMimeData()
        marked.setText(text)
        for name, value in _SECRET_MARKS.items():
            marked.setData(name, value)
        QGuiApplication.clipboard().setMimeData(marked)
        self._text = text
        self._timer.start()

    def clear(self) -> None:
        """Takes back what was copied, unless somebody has copied something else since."""
        clipboard = QGuiApplication.clipboard()
        if self._text and clipboard.text() == self._text:
            clipboard.clear()
        self._text = ""
        self._timer.stop()
