"""Where an agent writes: a reply to the patient, or a note that never reaches them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QImage, QTextCursor
from PySide6.QtWidgets import QFrame, QWidget

from agent_app.ui.placeholders import first_unfilled
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import IconButton, PlainLabel, button, column, framed, restyle, row
from agent_app.ui.views.editor import Editor
from agent_app.ui.views.emoji_picker import EmojiPicker
from agent_app.ui.views.error_line import ErrorLine
from agent_app.ui.views.mention_picker import MentionPicker
from agent_app.ui.views.reply_picker import ReplyPicker

TEXT_LIMIT = 15 * 1024  # bytes of UTF-8, docs/protocol.md section 18
NOTE_LIMIT = 4 * 1024
_NEAR_LIMIT = 0.8  # the part of the limit from which the count is shown


class Composer(QWidget):
    """Lives on Qt's thread.

    Signals: `text_sent` and `note_sent` with the text, `attach_wanted`, `files_given` with paths, `picture_given` with
    a QImage that has no file, `reopen_wanted`; `changed` when there is another text, or another reader for it.
    """

    changed = Signal()
    text_sent = Signal(str)
    note_sent = Signal(str)
    attach_wanted = Signal()
    files_given = Signal(object)
    picture_given = Signal(object)
    reopen_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = Editor()
        self.holds_back: Callable[[], bool] = lambda: False  # whether a reply is to wait for a second word
        self.replies, self.emoji = ReplyPicker(theme, self.editor), EmojiPicker(theme, self.editor)
        self.mentions = MentionPicker(theme, self.editor)
        self._note_mode = False
        self._was_note = False  # written for the team, and turned into a reply since
        self._asked: set[str] = set()  # what somebody was asked about the text as it stands
        self._attachments = self._closed = self._said = False
        self._reply = button(self.tr("Reply"), "replyMode", "tab", lambda: self.set_note_mode(False))
        self._note = button(self.tr("Internal note"), "noteMode", "tab", lambda: self.set_note_mode(True))
        self._told = PlainLabel("", "caption", "composerHint")
        self._error = ErrorLine("composerError")
        self._error.watch(self.editor)
        self._count = PlainLabel("", "caption", "composerCount")
        self._attach = IconButton(theme, "attach", self.tr("Attach a file"), "attachButton")
        self._canned = IconButton(theme, "replies", self.tr("Canned replies (/)"), "repliesButton")
        self._smile = IconButton(theme, "emoji", self.tr("Emoji (Ctrl+E, or : and its name)"), "emojiButton")
        self._send = IconButton(theme, "send", self.tr("Send (Enter)"), "sendButton", "on-accent")
        self._closed_text = PlainLabel("", "secondary", "composerClosed")
        self._reopen = button(self.tr("Reopen"), "reopenHere", "", self.reopen_wanted.emit)
        self._box = self._make_box()
        shut = row(self._closed_text, self._reopen, margins=(16, 10, 10, 10))
        shut.setStretch(0, 1)
        self._shut = framed("panel", shut)
        self.setLayout(column(self._box, self._shut, margins=(20, 10, 20, 16)))
        self._join()
        self.set_note_mode(False)
        self.set_closed("")

    def clear(self) -> None:
        self.editor.clear()
        self.set_note_mode(False)

    @property
    def text(self) -> str:
        return self.editor.toPlainText()

    @property
    def note_mode(self) -> bool:
        return self._note_mode

    @property
    def for_team(self) -> bool:
        """Whether what stands there was written for the team, even where it was turned into a reply since."""
        return self._note_mode or self._was_note

    def resume(self, text: str, note: bool, *, anew: bool = False) -> None:
        """Puts back what was being written, before what has been written since, unless `anew` says that `text` is all.

        What was a note stays one.
        """
        since = self.text
        self.set_note_mode(note or (self._note_mode and bool(since)))
        self.editor.setPlainText(text if anew else text + since)
        self.editor.moveCursor(QTextCursor.MoveOperation.End)

    def set_note_mode(self, note: bool) -> None:
        self._was_note = self.for_team and bool(self.text.strip())
        self._note_mode = self.mentions.in_note = note
        self.editor.holds_note = self.for_team
        self._note.setChecked(note)
        self._reply.setChecked(not note)
        asked = self.tr("Write a note for the team") if note else self.tr("Write to the patient")
        self.editor.setPlaceholderText(self.tr("{asked} · @ names a colleague").format(asked=asked) if note else asked)
        self.editor.setAccessibleName(asked)
        self._asked.clear()
        self._say_mode()
        restyle(self._box, mode="note" if note else "reply")
        self._judge()
        self.changed.emit()

    def _say_mode(self) -> None:
        self._said = False
        self._told.setText(
            self.tr("Only the team sees this. It is never sent to the patient.")
            if self._note_mode
            else self.tr("Enter sends · Shift+Enter starts a new line")
        )
        restyle(self._told, type="caption")

    def toggle_note_mode(self) -> None:
        self.set_note_mode(not self._note_mode)
        self.editor.setFocus()

    def set_attachments(self, allowed: bool) -> None:
        self._attachments = allowed
        self._judge()

    def set_closed(self, why: str, can_reopen: bool = False) -> None:
        """Puts a sentence in the place of the editor; empty opens it again. What stands in it is left to be copied."""
        self._closed = bool(why)
        self._closed_text.setText(why)
        self._shut.setVisible(bool(why))
        self._reopen.setVisible(can_reopen)
        self.editor.setReadOnly(bool(why))
        self._judge()

    def _make_box(self) -> QFrame:
        for mode in (self._reply, self._note):
            mode.setCheckable(True)
            mode.setAutoExclusive(True)
        self._send.setProperty("kind", "send")
        modes = row(self._reply, self._note, spacing=4)
        modes.addStretch()
        modes.addWidget(self._count)
        foot = row(self._attach, self._canned, self._smile, self._told, spacing=4)
        foot.addStretch()
        foot.addWidget(self._send)
        layout = column(spacing=6, margins=(12, 8, 8, 8))
        layout.addLayout(modes)
        layout.addWidget(self.replies)
        layout.addWidget(self.emoji)
        layout.addWidget(self.mentions)
        layout.addWidget(self.editor)
        layout.addWidget(self._error)
        layout.addLayout(foot)
        return framed("composerBox", layout)

    def _join(self) -> None:
        self.editor.entered.connect(self._on_send)
        self.editor.textChanged.connect(self._on_text_changed)
        self.editor.textChanged.connect(self.changed)
        self.editor.note_pasted.connect(lambda: self.set_note_mode(True))
        self.editor.files_given.connect(self._on_files_given)
        self.editor.picture_given.connect(self._on_picture_given)
        self.editor.focused.connect(lambda there: restyle(self._box, focused=there))
        self._send.clicked.connect(self._on_send)
        self._attach.clicked.connect(self.attach_wanted)
        self._canned.clicked.connect(lambda: self.replies.begin("/"))
        self._smile.clicked.connect(lambda: self.emoji.begin())

    def _on_files_given(self, paths: list[Path]) -> None:
        if self._may_attach():
            self.files_given.emit(paths)

    def _on_picture_given(self, picture: QImage) -> None:
        if self._may_attach():
            self.picture_given.emit(picture)

    def _may_attach(self) -> bool:
        """Says why not, where what was dropped or pasted goes nowhere."""
        may = self._attach.isEnabled()
        if not may:
            self._say(self._attach_words())
        return may

    def _on_text_changed(self) -> None:
        if not self.text.strip():
            self._was_note = False
            self.editor.holds_note = self.for_team
        self._asked.clear()
        if self._said:
            self._say_mode()
        self._judge()

    def _on_send(self) -> None:
        if self._send.isEnabled() and not self._asks() and (self._note_mode or not self.holds_back()):
            sent = self.note_sent if self._note_mode else self.text_sent
            sent.emit(self.text.strip())
            self.editor.clear()
            self.editor.setFocus()

    def _asks(self) -> bool:
        """Whether Send asks instead of sending: once for each doubt, until the text changes."""
        doubt = next((doubt for doubt in self._doubts() if doubt not in self._asked), "")
        if doubt:
            self.editor.select_unfilled()
            self._asked.add(doubt)
            self._say(doubt)
        return bool(doubt)

    def _say(self, text: str) -> None:
        """In the hint's place, until the text or its reader changes."""
        self._said = True
        self._told.setText(text)
        restyle(self._told, type="error")
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.editor, text))

    def refuse(self, why: str) -> None:
        """What was written did not go; it is back, or comes back."""
        self._error.refuse(why, self.editor)

    def _doubts(self) -> list[str]:
        doubts = []
        if unfilled := first_unfilled(self.text):
            doubts.append(
                self.tr("{placeholder} is not filled in. Send again to send it so.").format(placeholder=unfilled)
            )
        if self._was_note and not self._note_mode:
            doubts.append(self.tr("This was written for the team. Send again to send it to the patient."))
        return doubts

    def _judge(self) -> None:
        """Whether what stands there may be sent; says how much is too much."""
        size = len(self.text.strip().encode())
        limit = NOTE_LIMIT if self._note_mode else TEXT_LIMIT
        self._box.setVisible(not self._closed or bool(size))
        self._send.setEnabled(0 < size <= limit and not self._closed)
        self._attach.setEnabled(self._attachments and not self._note_mode and not self._closed)
        for each in (self._canned, self._smile):
            each.setEnabled(not self._closed)
        self._attach.setToolTip(self._attach_words())
        self._count.setVisible(size > limit * _NEAR_LIMIT)
        full = self.tr("{percent} % of what fits in one message").format(percent=size * 100 // limit)
        self._count.setText(self.tr("Too long: shorten it, or send it in parts") if size > limit else full)
        kind = "error" if size > limit else "caption"
        if self._count.property("type") != kind:
            restyle(self._count, type=kind)

    def _attach_words(self) -> str:
        if self._note_mode:
            return self.tr("Files go to the patient. Choose Reply to attach one.")
        if not self._attachments:
            return self.tr("Check the patient first: files are off until then.")
        return self.tr("Attach a file")
