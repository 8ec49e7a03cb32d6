"""Files: what is about to be sent and to whom; what was received."""

import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QLineEdit, QScrollArea, QWidget

from agent_app.engine.commands import Command, SaveFile, SendFile
from agent_app.engine.events import Event, FileProgressed, FileSaved, MessageRow, NoticeRaised
from agent_app.ui import words
from agent_app.ui.dialogs.form import Form
from agent_app.ui.dialogs.sheet import Sheet, field_label
from agent_app.ui.pictures import read_picture
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import Glyph, IconButton, PlainLabel, announce, button, column, framed, row
from agent_app.ui.views.transcript_layout import is_picture

FILE_LIMIT = 25 * 1024 * 1024  # docs/protocol.md section 18
CAPTION_LIMIT = 1024
_PREVIEW, _THUMBNAIL = QSize(420, 320), QSize(48, 48)
_LIST_HEIGHT = 330
AT_ONCE = 10  # files; each is read for its preview


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
    """What is about to be sent: `size` in bytes, `picture` reads its content where that may be one; `send` makes the
    command from a conversation and a caption."""

    name: str
    size: int
    send: Callable[[bytes, str], Command] = field(repr=False)
    picture: Callable[[], bytes] | None = field(default=None, repr=False)

    @classmethod
    def at(cls, path: Path) -> "Offered":
        looks_so = (mimetypes.guess_type(path.name)[0] or "").startswith("image/")
        size = path.stat().st_size
        return cls(path.name, size, lambda to, said: SendFile(to, path, said), path.read_bytes if looks_so else None)


class SendFileDialog(Sheet):
    """Shows files with the patient's name before anything leaves: each can be taken out, and all go by one press.

    Accepting it calls `send` with those that are left and the caption.
    """

    def __init__(
        self,
        theme: Theme,
        offered: Sequence[Offered],
        patient: str,
        send: Callable[[Sequence[Offered], str], None],
        parent: QWidget,
    ) -> None:
        super().__init__(self.tr("Send to {name}?").format(name=words.one_line(patient)), "sendFileDialog", parent)
        self._theme, self._send = theme, send
        self._lines: dict[QWidget, Offered] = {}
        self._caption = QLineEdit()
        self._caption.setObjectName("fileCaption")
        self._caption.setMaxLength(CAPTION_LIMIT)
        one = len(offered) == 1
        pictures = self._show_one(offered[0]) if one else self._show_list(offered)
        if pictures:
            told = self.tr("Where and when it was taken is removed before it is sent.")
            self.body.addWidget(PlainLabel(told, "caption", wrap=True))
        label = self.tr("Caption (optional)") if one else self.tr("Caption of the first file (optional)")
        self.body.addWidget(field_label(label, self._caption))
        self.body.addWidget(self._caption)
        self._confirm = button(self.tr("Send"), "sendFileConfirm", "primary", self.accept)
        self._confirm.setDefault(True)
        self.add_buttons(button(self.tr("Cancel"), "sendFileCancel", "", self.reject), self._confirm)
        self._caption.setFocus()
        self.accepted.connect(self._on_accepted)

    def _show_one(self, offered: Offered) -> bool:
        picture = self._read(offered, _PREVIEW)
        if picture is not None:
            self.body.addWidget(_preview(picture), 0, Qt.AlignmentFlag.AlignHCenter)
        line = _file_line(self._theme, offered.name, offered.size, "picture" if picture else "file")
        self._lines[line] = offered
        self.body.addWidget(line)
        return picture is not None

    def _show_list(self, offered: Sequence[Offered]) -> bool:
        """Only as high as a few; more are scrolled."""
        inside, pictures = column(spacing=8), 0
        for place, each in enumerate(offered):
            picture = self._read(each, _THUMBNAIL)
            pictures += picture is not None
            spoken = self.tr("Take out {name}").format(name=words.one_line(each.name))
            take_out = IconButton(self._theme, "close", spoken, f"fileOut{place}")
            line = _file_line(self._theme, each.name, each.size, "picture" if picture else "file", picture, take_out)
            take_out.clicked.connect(partial(self._on_taken_out, line))
            self._lines[line] = each
            inside.addWidget(line)
        inside.addStretch()
        held = QWidget()
        held.setObjectName("fileListInside")
        held.setLayout(inside)
        area = QScrollArea()
        area.setObjectName("fileList")
        area.setAccessibleName(self.tr("Files to send"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its buttons take it
        area.setWidgetResizable(True)
        area.setWidget(held)
        area.setFixedHeight(min(inside.sizeHint().height(), self._theme.px(_LIST_HEIGHT)))
        self.body.addWidget(area)
        return pictures > 0

    def _read(self, offered: Offered, room: QSize) -> QImage | None:
        try:
            content = offered.picture() if offered.picture is not None else b""
        except OSError:  # it went in the meantime: sending it says so
            return None
        return read_picture(content, room, self.devicePixelRatioF()) if content else None

    def _on_taken_out(self, line: QWidget) -> None:
        del self._lines[line]
        line.hide()
        line.deleteLater()
        if self._lines:
            self._confirm.setFocus()
        else:
            self.reject()

    def _on_accepted(self) -> None:
        self._send(list(self._lines.values()), self._caption.text().strip())


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
    shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return shown


def _file_line(
    theme: Theme,
    name: str,
    size: int,
    icon: str,
    picture: QImage | None = None,
    take_out: QWidget | None = None,
) -> QWidget:
    glyph: QWidget = Glyph(theme, icon, "accent", 24)
    if picture is not None:
        glyph = _preview(picture)
        glyph.setFixedWidth(_THUMBNAIL.width())
    said = column(
        PlainLabel(words.one_line(name), "strong", "fileName", wrap=True),
        PlainLabel(words.size(size), "caption", "fileSize"),
        spacing=2,
    )
    layout = row(spacing=12, margins=(14, 10, 14, 10))
    place = row(glyph)
    if take_out is not None and picture is None:  # names stand below one another, beside a picture or none
        place.setContentsMargins(12, 0, 12, 0)
    layout.addLayout(place)
    layout.addLayout(said, 1)
    if take_out is not None:
        layout.addWidget(take_out)
    return framed("panel", layout)
