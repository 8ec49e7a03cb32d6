"""What is being uploaded for the open conversation: how far it is, and a way to cancel it."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from agent_app.engine.commands import CancelUpload, Command
from agent_app.engine.events import Event, UploadEnded, UploadProgressed
from agent_app.ui import words
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import IconButton, PlainLabel, column, row


class UploadLine(QFrame):
    def __init__(self, theme: Theme, cancel: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("uploadLine")
        self._said = PlainLabel("", "caption", "uploadText")
        self._bar = QProgressBar()
        self._bar.setObjectName("uploadProgress")
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(140)
        self._cancel = IconButton(theme, "close", self.tr("Cancel"), "uploadCancel")
        self._cancel.clicked.connect(cancel)
        layout = row(spacing=10)
        layout.addWidget(self._said, 1)
        layout.addWidget(self._bar)
        layout.addWidget(self._cancel)
        self.setLayout(layout)

    def show_for(self, now: UploadProgressed) -> None:
        percent = now.done * 100 // now.total if now.total else 0
        name = words.one_line(now.name)
        self._said.setText(self.tr("Sending {name} · {percent} %").format(name=name, percent=percent))
        self._bar.setValue(percent)
        self._bar.setAccessibleName(self._said.text())
        self._cancel.setAccessibleName(self.tr("Cancel sending {name}").format(name=name))


class Uploads(QFrame):
    """Lives on Qt's thread. One line for each upload of the open conversation; those of others go on unseen."""

    def __init__(self, theme: Theme, submit: Callable[[Command], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("uploads")
        self._theme, self._submit = theme, submit
        self._conversation = b""
        self._lines: dict[bytes, tuple[bytes, UploadLine]] = {}  # by upload, with its conversation
        self._column = column(spacing=4, margins=(20, 6, 20, 0))
        self.setLayout(self._column)
        self.hide()

    def turn_to(self, conversation: bytes) -> None:
        self._conversation = conversation
        self._look()

    def receive(self, event: Event) -> None:
        match event:
            case UploadProgressed():
                self._line(event).show_for(event)
            case UploadEnded(_, upload) if upload in self._lines:
                _, line = self._lines.pop(upload)
                line.hide()
                line.deleteLater()
            case _:
                return
        self._look()

    def _line(self, event: UploadProgressed) -> UploadLine:
        if event.upload not in self._lines:
            upload, submit = event.upload, self._submit
            line = UploadLine(self._theme, lambda: submit(CancelUpload(upload)))
            self._lines[upload] = (event.conversation, line)
            self._column.addWidget(line)
        return self._lines[event.upload][1]

    def _look(self) -> None:
        for conversation, line in self._lines.values():
            line.setVisible(conversation == self._conversation)
        self.setVisible(any(conversation == self._conversation for conversation, _ in self._lines.values()))
