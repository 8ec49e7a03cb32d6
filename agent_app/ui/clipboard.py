"""The clipboard: what Sealdesk puts there is marked as a secret, and taken back after a minute, at a lock, at the end.

Marked where it is copied, since a history may look at once. What Qt copies by a way of its own (an accessibility
bridge, the middle button's selection) is marked as soon as Qt tells of it: on X11 and Wayland before anybody can look.
"""

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QClipboard, QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QWidget

FOR_TEAM = Qt.ItemDataRole.UserRole + 100  # what a model answers for a row that no patient may read
_CLEARED_AFTER = 60_000  # milliseconds
_OURS = "application/x-sealdesk-text"  # holds b"note" for what is for the team alone
# What clipboard histories look for before they keep a text, on KDE and on Windows.
_SECRET_MARKS = {
    "x-kde-passwordManagerHint": b"secret",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"1",
}
_MODES = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)


def marked(text: str, *, note: bool = False) -> QMimeData:
    made = QMimeData()
    made.setText(text)
    made.setData(_OURS, b"note" if note else b"text")
    for name, value in _SECRET_MARKS.items():
        made.setData(name, value)
    return made


def is_note(data: QMimeData) -> bool:
    """Whether this was copied from what is for the team alone."""
    return bool(data.data(_OURS).data() == b"note")


def copy_row(index: QModelIndex | QPersistentModelIndex) -> None:
    text = index.data(Qt.ItemDataRole.DisplayRole)
    if text:
        QGuiApplication.clipboard().setMimeData(marked(str(text), note=bool(index.data(FOR_TEAM))))


class SecretClipboard(QObject):
    """Watches the clipboard, and the copying of the widget that has the focus. Lives on Qt's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._copied: dict[QClipboard.Mode, str] = {}
        self._timer = QTimer(self, singleShot=True, interval=_CLEARED_AFTER)
        self._timer.timeout.connect(self.clear)
        QGuiApplication.clipboard().changed.connect(self._on_changed)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)
            application.aboutToQuit.connect(self.clear)

    def copy(self, text: str, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
        QGuiApplication.clipboard().setMimeData(marked(text), mode)

    def clear(self) -> None:
        """Takes back what was copied, unless somebody has copied something else since."""
        clipboard = QGuiApplication.clipboard()
        copied, self._copied = self._copied, {}
        for mode, text in copied.items():
            if clipboard.text(mode) == text:
                clipboard.clear(mode)
        self._timer.stop()

    def _on_changed(self, mode: QClipboard.Mode) -> None:
        clipboard = QGuiApplication.clipboard()
        data = clipboard.mimeData(mode) if mode in _MODES else None
        if data is None or not data.hasText():
            return
        owned = clipboard.ownsSelection() if mode == QClipboard.Mode.Selection else clipboard.ownsClipboard()
        if data.hasFormat(_OURS):
            self._copied[mode] = data.text()
            self._timer.start()
        elif owned:
            self.copy(data.text(), mode)

    # Qt's own ways to copy, of the widget that has the keys

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QLineEdit | QAbstractItemView):
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.matches(QKeySequence.StandardKey.Copy):
                return self._copy_of(watched)
            if event.matches(QKeySequence.StandardKey.Cut) and isinstance(watched, QLineEdit):
                return self._cut(watched)
        if isinstance(event, QContextMenuEvent) and isinstance(watched, QLineEdit):
            return self._offer_menu(watched, event)
        return False

    def _copy_of(self, watched: QObject) -> bool:
        if isinstance(watched, QAbstractItemView):
            copy_row(watched.currentIndex())
        elif isinstance(watched, QLineEdit) and _may_copy(watched):
            self.copy(watched.selectedText())
        return True

    def _cut(self, field: QLineEdit) -> bool:
        if _may_copy(field) and not field.isReadOnly():
            self.copy(field.selectedText())
            field.del_()
        return True

    def _offer_menu(self, field: QLineEdit, event: QContextMenuEvent) -> bool:
        """Qt's menu, with Cut and Copy going our way."""
        if field.contextMenuPolicy() != Qt.ContextMenuPolicy.DefaultContextMenu:
            return False
        menu = field.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in menu.actions():
            do = {"edit-copy": self._copy_of, "edit-cut": self._cut}.get(action.objectName())
            if do is not None:
                action.triggered.disconnect()
                action.triggered.connect(lambda _checked=False, do=do: do(field))
        menu.popup(event.globalPos())
        return True


def _may_copy(field: QLineEdit) -> bool:
    return field.hasSelectedText() and field.echoMode() == QLineEdit.EchoMode.Normal
