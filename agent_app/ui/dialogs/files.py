"""Files: what is about to be sent and to whom; what was received."""

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget

from agent_app.engine.commands import Command, SaveFile
from agent_app.engine.events import Event, FileProgressed, FileSaved, MessageRow, NoticeRaised
from agent_app.ui import words
from agent_app.ui.dialogs.form import Form
from agent_app.ui.dialogs.sheet import Sheet, field_label
from agent_app.ui.pictures import read_picture
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import Glyph, PlainLabel, announce, button, column, framed, row
from agent_app.ui.views.transcript_layout import is_picture

FILE_LIMIT = 25 * 1024 * 1024  # docs/protocol.md section 18
CAPTION_LIMIT = 1024
_PREVIEW = QSize(420, 320)


def refusal(path: Path) -> str:
    """Why a file cannot be sent, and what to do; empty when it can."""
    if not path.is_file():
        return words.tr("{name} is not a file that can be read. Choose another.").format(name=words.one_line(path.name))
    size = path.stat().st_size
    if size > FILE_LIMIT:
        limit, name = words.size(FILE_LIMIT), words.one_line(path.name)
        return words.tr("{name} is larger than {limit}. Send a smaller one.").format(name=name, limit=limit)
    return "" if size else words.tr("{name} is empty.").format(name=words.one_line(path.name))


@dataclass(frozen=True, slots=True)
class Offered:
    """What is about to be sent: `size` in bytes, and its content where that may be a picture."""

    name: str
    size: int
    picture: bytes = field(default=b"", repr=False)

    @classmethod
    def at(cls, path: Path) -> "Offered":
        looks_so = (mimetypes.guess_type(path.name)[0] or "").startswith("image/")
        return cls(path.name, path.stat().st_size, path.read_bytes() if looks_so else b"")


class SendFileDialog(Sheet):
    """Shows a file with the patient's name before anything leaves. Accepting it calls `send` with the caption."""

    def __init__(
        self, theme: Theme, offered: Offered, patient: str, send: Callable[[str], None], parent: QWidget
    ) -> None:
        super().__init__(self.tr("Send to {name}?").format(name=words.one_line(patient)), "sendFileDialog", parent)
        self._send = send
        self._caption = QLineEdit()
        self._caption.setObjectName("fileCaption")
        self._caption.setMaxLength(CAPTION_LIMIT)
        picture = read_picture(offered.picture, _PREVIEW, self.devicePixelRatioF()) if offered.picture else None
        if picture is not None:
            self.body.addWidget(_preview(picture), 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(_file_line(theme, offered.name, offered.size, "picture" if picture else "file"))
        if picture is not None:
            told = self.tr("Where and when it was taken is removed before it is sent.")
            self.body.addWidget(PlainLabel(told, "caption", wrap=True))
        self.body.addWidget(field_label(self.tr("Caption (optional)"), self._caption))
        self.body.addWidget(self._caption)
        send_button = button(self.tr("Send"), "sendFileConfirm", "primary", self.accept)
        send_button.setDefault(True)
        self.add_buttons(button(self.tr("Cancel"), "sendFileCancel", "", self.reject), send_button)
        self.accepted.connect(self._on_accepted)

    def _on_accepted(self) -> None:
        self._send(self._caption.text().strip())


class ReceivedFileDialog(Form):
    """A file that came or went, with a picture of it where there is one, to save outside Sealdesk."""

    def __init__(
        self,
        theme: Theme,
        message: MessageRow,
        picture: QImage | None,
        submit: Callable[[Command], None],
        parent: QWidget,
    ) -> None:
        name = message.file.name if message.file else ""
        super().__init__(words.one_line(name), "receivedFileDialog", submit, parent)
        self._message = message
        if picture is not None:
            self.body.addWidget(_preview(picture), 0, Qt.AlignmentFlag.AlignHCenter)
        size = message.file.size if message.file else 0
        self.body.addWidget(_file_line(theme, name, size, "picture" if is_picture(message.file) else "file"))
        told = self.tr("A saved copy is outside Sealdesk: it is not encrypted, and this is noted in the audit log.")
        self.body.addWidget(PlainLabel(told, "caption", wrap=True))
        self._state = PlainLabel("", "strong", "saveState", wrap=True)
        self._state.hide()
        self.body.addWidget(self._state)
        self._save = button(self.tr("Save a copy…"), "saveFileButton", "primary", self._on_save)
        self.add_buttons(button(self.tr("Close"), "receivedFileClose", "", self.reject), self._save)

    def receive(self, event: Event) -> None:
        super().receive(event)
        match event:
            case FileProgressed(_, message, done, total) if message == self._message.message and total:
                self._say(self.tr("Fetching: {percent} %").format(percent=done * 100 // total))
            case FileSaved(message, path) if message == self._message.message:
                self._say(self.tr("Saved as {name}.").format(name=words.one_line(path.name)))
                announce(self._state, self._state.text(), urgent=False)
                if self.request.command is not None:
                    self.request.end()
            case NoticeRaised() if self.error.isVisibleTo(self):
                self._state.hide()
            case _:
                pass

    def _say(self, text: str) -> None:
        self._state.setText(text)
        self._state.show()

    def _on_save(self) -> None:
        chooser = QFileDialog(self, self.tr("Save a copy"))
        chooser.setObjectName("saveFileDialog")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._message.file is not None:
            chooser.selectFile(safe_file_name(self._message.file.name))
        chooser.fileSelected.connect(self._on_selected)
        chooser.open()

    def _on_selected(self, chosen: str) -> None:
        self.ask(SaveFile(self._message.conversation, self._message.message, Path(chosen)), self._save)


def safe_file_name(name: str) -> str:
    """A foreign name as a mere suggestion: its last part, without what a file system or an eye could take amiss."""
    kept = "".join(letter for letter in words.one_line(name) if letter not in '<>:"/\\|?*').strip(". ")
    return kept[:120] or "file"


def _preview(picture: QImage) -> QLabel:
    shown = QLabel()
    shown.setObjectName("filePreview")
    shown.setAccessibleName(words.tr("Preview of the picture"))
    shown.setPixmap(QPixmap.fromImage(picture))
    return shown


def _file_line(theme: Theme, name: str, size: int, icon: str) -> QWidget:
    glyph = Glyph(theme, icon, "accent", 24)
    said = column(
        PlainLabel(words.one_line(name), "strong", "fileName", wrap=True),
        PlainLabel(words.size(size), "caption", "fileSize"),
        spacing=2,
    )
    layout = row(glyph, spacing=12, margins=(14, 10, 14, 10))
    layout.addLayout(said, 1)
    return framed("panel", layout)
