"""One conversation: header, check, warnings, transcript, composer. It asks by commands and shows what events say."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QWidget

from agent_app.engine import commands, events
from agent_app.ui import words
from agent_app.ui.models.transcript import PAGE, TranscriptModel
from agent_app.ui.pictures import read_picture
from agent_app.ui.spoken import language_of
from agent_app.ui.theme import Theme
from agent_app.ui.views.activity import ActivityLine, TypingWatch
from agent_app.ui.views.banner import Banners
from agent_app.ui.views.basics import announce, column, framed
from agent_app.ui.views.check_bar import CheckBar
from agent_app.ui.views.composer import Composer
from agent_app.ui.views.conversation_header import ConversationHeader
from agent_app.ui.views.draft import DraftKeeping
from agent_app.ui.views.transcript import TranscriptView
from agent_app.ui.views.transcript_layout import PICTURE
from agent_app.ui.views.uploads import Uploads

_NEWEST = 2**53 - 1  # an anchor beyond every position


class ConversationPane(QFrame):
    """Lives on Qt's thread. Signals: `attach_wanted`; `files_given` with paths; `picture_given` with a QImage;
    `file_wanted` and `details_wanted` with a MessageRow; `close_wanted`, `block_wanted`, `number_wanted`,
    `take_over_wanted`, `hand_over_wanted`, `earlier_wanted`, `patient_wanted`; `delete_wanted` with a MessageRow."""

    attach_wanted = Signal()
    files_given = Signal(object)
    picture_given = Signal(object)
    file_wanted = Signal(object)
    details_wanted = Signal(object)
    close_wanted = Signal()
    block_wanted = Signal()
    number_wanted = Signal()
    take_over_wanted = Signal()
    hand_over_wanted = Signal()
    earlier_wanted = Signal()
    patient_wanted = Signal()
    delete_wanted = Signal(object)

    def __init__(self, theme: Theme, submit: Callable[[commands.Command], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversationPane")
        self.setAcceptDrops(True)
        self._submit = submit
        self.row: events.ConversationRow | None = None
        self._said: commands.Command | None = None  # what was sent last from here
        self._unread_from = 0  # the position of the first row that nobody has read here; 0 for none
        self.model = TranscriptModel(self)
        self.header = ConversationHeader(theme)
        self.banners = Banners(theme, "conversationBanners")
        self.check = CheckBar(theme)
        self.transcript = TranscriptView(theme, self.model)
        self.composer = Composer(theme)
        self.draft = DraftKeeping(self.composer, submit, self)
        self.activity = ActivityLine()
        self.uploads = Uploads(theme, submit)
        self.typing = TypingWatch(self.composer, submit, self)
        self.composer.holds_back = self.activity.holds_back
        # A frame, since a layout keeps its margins when nothing in it is shown.
        self._above = framed("above", column(self.banners, self.check, margins=(20, 10, 20, 10)))
        layout = column(self.header, self._above, spacing=0)
        layout.addWidget(self.transcript, 1)
        layout.addWidget(self.activity)
        layout.addWidget(self.uploads)
        layout.addWidget(self.composer)
        self.setLayout(layout)
        self._join_header()
        self._join_transcript()
        self._join_composer()

    def open(self, row: events.ConversationRow, target: int = 0) -> None:
        """Turns to a conversation; its rows, and what was being written in it, follow by events.

        `target` is the position of a message to show, 0 for what is to be read next.
        """
        self._unread_from = 0
        self._said = None  # of another conversation, the window says what became of it
        self.draft.turn_to(row.conversation)
        self.typing.turn_to(row.conversation)
        self.activity.turn_to(row.conversation)
        self.composer.replies.turn_to(row.conversation)
        self.uploads.turn_to(row.conversation)
        self.model.open(row.conversation)
        self.show_for(row)
        self._submit(commands.OpenConversation(row.conversation, target))
        (self.transcript if target else self.composer.editor).setFocus()

    def seek(self, target: int) -> None:
        """Shows a message of the open conversation."""
        if not target:
            return
        if self.model.seek(target):
            self.model.target = target
            self.transcript.land()
        else:
            self._submit(commands.LoadAround(self.model.conversation, target))
        self.transcript.setFocus()

    def take_focus(self) -> None:
        """To where somebody writes; to what is read, where nothing can be written."""
        (self.composer.editor if self.composer.editor.isVisible() else self.transcript).setFocus()

    def seek_unread(self) -> None:
        """To where reading stopped."""
        self.seek(self._unread_from or self.model.unread_from)

    def _show_unread(self) -> None:
        self.transcript.show_unread(self._unread_from, self.row.unread if self.row is not None else 0)

    def show_for(self, row: events.ConversationRow) -> None:
        self.row = row
        self.header.show_for(row)
        self.check.show_for(row)
        self.transcript.show_for(row)
        self.composer.set_attachments(row.level >= 2)
        self.composer.set_closed(self._why_closed(row.status), row.status is events.Status.CLOSED)
        said = events.Notice(events.Severity.WARNING, row.warning, "", "")
        self.banners.replace([said] if row.warning else [])
        self._above.setVisible(bool(row.warning) or row.level < 3)
        self._show_unread()

    def receive(self, event: events.Event) -> None:
        """Takes what concerns the open conversation."""
        self.uploads.receive(event)
        match event:
            case events.TranscriptLoaded():
                self.model.load(event)
                if event.conversation == self.model.conversation:
                    self._unread_from = self._unread_from or event.unread_from
                self.mark_read()
                self._show_unread()
            case events.ActivityChanged():
                self.activity.receive(event)
            case events.MessageAdded(row) if row.conversation == self.model.conversation:
                self._add(row)
            case events.MessageChanged(row) if row.conversation == self.model.conversation:
                self.model.change(row)
            case events.FileProgressed() if event.conversation == self.model.conversation:
                self.model.set_progress(event.message, event.done, event.total)
            case events.PictureLoaded():
                self._show_picture(event)
            case _:
                self._receive_for_composer(event)

    def awaits(self, command: object) -> bool:
        """What was written and did not go is said where it was written."""
        return command is not None and command is self._said

    def _receive_for_composer(self, event: events.Event) -> None:
        match event:
            case events.NoticeRaised(notice, command) if self.awaits(command):
                self._said = None
                self.composer.refuse(words.notice(notice))
            case events.DraftLoaded():
                self.draft.load(event)
            case events.TextReturned():
                self.draft.take_back(event)
            case events.ColleaguesLoaded(colleagues):
                self.composer.mentions.load(one.name for one in colleagues)
            case events.RepliesLoaded(rows):
                self.composer.replies.load(rows)
            case _:
                pass

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A file or a picture dropped anywhere on the conversation is one for it."""
        self.composer.editor.insertFromMimeData(event.mimeData())
        event.acceptProposedAction()

    def mark_read(self) -> None:
        """Says so only when it is so: the newest row stands in sight in the window that somebody looks at."""
        if self.row is None or not self.row.unread or not self.model.rowCount():
            return
        if self.window().isActiveWindow() and self.transcript.at_end:
            self._unread_from = 0
            self._submit(commands.MarkRead(self.row.conversation))

    def _add(self, row: events.MessageRow) -> None:
        self._speak(row)
        if self.model.add(row):
            self.mark_read()
        elif row.mine:
            self.go_to_latest()
        if not self.transcript.at_end:
            if not row.mine and row.kind != "event":
                self._unread_from = self._unread_from or row.position
            self.transcript.say_new_below()
        self._show_unread()

    def _speak(self, row: events.MessageRow) -> None:
        """What others write, to whoever works here: with the window in the background nothing of it is said aloud."""
        if not row.mine and row.kind != "event" and self.window().isActiveWindow():
            announce(self.transcript, words.spoken_message(row, self.model.patient), urgent=False)

    def _show_picture(self, event: events.PictureLoaded) -> None:
        if self.model.find(event.message) is None:
            return
        picture = read_picture(event.content, QSize(PICTURE), self.devicePixelRatioF())
        if picture is not None:
            self.model.set_picture(event.message, picture)

    def go_to_latest(self) -> None:
        if self.model.at_end:
            self.transcript.go_to_end()
        else:
            conversation = self.model.conversation
            self.model.open(conversation)
            self._submit(commands.LoadTranscript(conversation, _NEWEST, older=True, count=PAGE))

    def _why_closed(self, status: events.Status) -> str:
        if status is events.Status.CLOSED:
            return self.tr("This conversation is closed.")
        if status is events.Status.ENDED:
            return self.tr("The patient ended this conversation and erased their copy.")
        return ""

    def _on_replies_opened(self) -> None:
        said = (self.model.row(place) for place in range(self.model.rowCount()))
        self.composer.replies.guessed = language_of(row.text for row in said if row.by_patient)
        self._submit(commands.LoadReplies())

    def _ask(self, make: Callable[[bytes], commands.Command]) -> None:
        if self.row is not None:
            self._submit(make(self.row.conversation))

    def _say(self, make: Callable[[bytes, str], commands.Command], text: str) -> None:
        if self.row is not None:
            self._said = make(self.row.conversation, text)
            self._submit(self._said)

    def _judge(self, matches: bool) -> None:
        self._ask(lambda conversation: commands.CheckPatient(conversation, "identifiers", matches))

    def _join_header(self) -> None:
        self.header.claim_wanted.connect(lambda: self._ask(commands.Claim))
        self.header.release_wanted.connect(lambda: self._ask(commands.Release))
        self.header.reopen_wanted.connect(lambda: self._ask(commands.Reopen))
        self.header.close_wanted.connect(self.close_wanted)
        self.header.block_wanted.connect(self.block_wanted)
        self.header.number_wanted.connect(self.number_wanted)
        self.header.take_over_wanted.connect(self.take_over_wanted)
        self.header.hand_over_wanted.connect(self.hand_over_wanted)
        self.header.earlier_wanted.connect(self.earlier_wanted)
        self.header.details_wanted.connect(self.patient_wanted)
        self.check.number_wanted.connect(self.number_wanted)
        self.check.judged.connect(self._judge)

    def _join_transcript(self) -> None:
        self.model.page_wanted.connect(
            lambda anchor, older: self._submit(commands.LoadTranscript(self.model.conversation, anchor, older, PAGE))
        )
        self.transcript.retry_wanted.connect(lambda row: self._submit(commands.Retry(row.message)))
        self.transcript.picture_wanted.connect(
            lambda row: self._submit(commands.LoadPicture(row.conversation, row.message))
        )
        self.transcript.file_wanted.connect(self._on_file_wanted)
        self.transcript.details_wanted.connect(self.details_wanted)
        self.transcript.delete_wanted.connect(self.delete_wanted)
        self.transcript.end_reached.connect(self.mark_read)
        self.transcript.latest_wanted.connect(self.go_to_latest)
        self.transcript.unread_wanted.connect(self.seek_unread)

    def _join_composer(self) -> None:
        self.composer.text_sent.connect(partial(self._say, commands.SendText))
        self.composer.note_sent.connect(partial(self._say, commands.SendNote))
        self.composer.attach_wanted.connect(self.attach_wanted)
        self.composer.files_given.connect(self.files_given)
        self.composer.reopen_wanted.connect(lambda: self._ask(commands.Reopen))
        self.composer.picture_given.connect(self.picture_given)
        self.composer.replies.opened.connect(self._on_replies_opened)
        self.composer.mentions.opened.connect(lambda: self._submit(commands.LoadColleagues()))

    def _on_file_wanted(self, row: events.MessageRow) -> None:
        if row.mine or (self.row is not None and self.row.level >= 2):
            self.file_wanted.emit(row)
