"""The desk: everything that shows patients. It lives only while the device is unlocked, and takes all of it along."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QStackedWidget, QWidget

from agent_app.engine import commands, events
from agent_app.ui import words
from agent_app.ui.clipboard import SecretClipboard
from agent_app.ui.dialogs.earlier import EarlierDialog
from agent_app.ui.dialogs.files import AT_ONCE, FILE_LIMIT, Offered, ReceivedFileDialog, SendFileDialog, refusal
from agent_app.ui.dialogs.form import Form
from agent_app.ui.dialogs.hand_over import DeleteDialog, HandOverDialog
from agent_app.ui.dialogs.invitations import InvitationsDialog
from agent_app.ui.dialogs.invite import InviteDialog
from agent_app.ui.dialogs.label_patient import LabelDialog
from agent_app.ui.dialogs.message_details import MessageDetailsDialog
from agent_app.ui.dialogs.own_settings import OwnSettingsDialog
from agent_app.ui.dialogs.questions import BlockDialog, CloseDialog, ExportDialog, SafetyNumberDialog, TakeOverDialog
from agent_app.ui.dialogs.replies import RepliesDialog
from agent_app.ui.dialogs.sheet import Sheet
from agent_app.ui.language import in_words
from agent_app.ui.models.conversations import ConversationModel, Order, Tab
from agent_app.ui.pictures import as_png
from agent_app.ui.readable_copy import ReadableCopy
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import PlainLabel, button, column, row
from agent_app.ui.views.conversation_list import ConversationList
from agent_app.ui.views.conversation_pane import ConversationPane
from agent_app.ui.views.patient_pane import PatientPane
from agent_app.ui.views.presence import PresenceMenu
from agent_app.ui.views.status_line import StatusLine

if TYPE_CHECKING:
    from agent_app.ui.views.administration.room import AdministrationRoom
    from agent_app.ui.views.dashboard import Dashboard
    from agent_app.ui.views.review import ReviewView

_PATIENT_SHOWN, _TAB, _ORDER = "patientShown", "inboxTab", "inboxOrder"
_REVIEWERS = ("supervisor", "administrator", "auditor")
AnyRoom = TypeVar("AnyRoom", "Dashboard", "ReviewView", "AdministrationRoom")


class DeskView(QWidget):
    """Lives on Qt's thread, from unlock to lock. Asks through `submit`; changes through `receive` alone.

    Signals: `lock_wanted`; `notice_raised` with a Notice of the window's own.
    """

    lock_wanted = Signal()
    settings_wanted = Signal()
    kit_wanted = Signal()
    kit_made = Signal()
    recovery_wanted = Signal()
    notice_raised = Signal(object)

    def __init__(
        self,
        theme: Theme,
        submit: Callable[[commands.Command], None],
        clipboard: SecretClipboard,
        phase: events.PhaseChanged,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("desk")
        self._theme, self._submit, self._clipboard = theme, submit, clipboard
        self._clinic, self._agent = phase.clinic, phase.agent
        self._dialog: Sheet | None = None
        self._awaiting: list[Callable[[object], bool]] = []  # of what says beside its fields what became of a command
        self.conversations = self._inbox_as_left(parent.window())
        self.list = ConversationList(theme, self.conversations, phase.clinic)
        self.pane = ConversationPane(theme, submit)
        self.status = StatusLine(theme, phase.clinic, phase.agent)
        self.presence = PresenceMenu(submit, self.status, self._on_own_settings)
        self._preferences = events.PreferencesChanged(sound=True, do_not_disturb=False, pin=False)
        self.status.add(self.presence.button)
        self._place = QStackedWidget()
        self._place.addWidget(self._welcome())
        self._place.addWidget(self.pane)
        both = row(self.list, spacing=0)
        both.addWidget(self._place, 1)
        self.patient = PatientPane(theme, submit)
        self.patient.setVisible(bool(parent.window().property(_PATIENT_SHOWN)))
        both.addWidget(self.patient)
        self._awaiting += [self.patient.awaits, self.pane.awaits]
        self._work = QWidget()
        self._work.setLayout(both)
        self._rooms = QStackedWidget()
        self._rooms.addWidget(self._work)
        self.copy = ReadableCopy(submit, self)
        self._beside_inbox: list[Dashboard | ReviewView | AdministrationRoom | ReadableCopy] = [self.copy]
        self._audit = button(self.tr("Audit"), "auditButton", "quiet", self.show_review)
        self._audit.setToolTip(self.tr("Audit logs and weekly review (Ctrl+Shift+U)"))
        self.status.add(self._audit)
        self.show_role(phase.role)
        figures = button(self.tr("Figures"), "figuresButton", "quiet", self.show_figures)
        figures.setToolTip(self.tr("Waiting times and counts (Ctrl+Shift+D)"))
        self.status.add(figures)
        layout = column(self._rooms, self.status, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self._join()
        self._bind_keys()

    def receive(self, event: events.Event) -> None:
        self.patient.receive(event)
        self._show_in_inbox(event)
        if isinstance(event, events.news.RequestsWaiting):
            self.list.show_waiting(len(event.requests))
        for each in self._beside_inbox:
            each.receive(event)
        self._tell_dialog(event)

    def _show_in_inbox(self, event: events.Event) -> None:
        match event:
            case (
                events.ConversationsLoaded()
                | events.ConversationsAdded()
                | events.ConversationChanged()
                | events.PreviewsLoaded()
            ):
                self.conversations.receive(event)
                self._follow()
            case events.ConnectionChanged():
                self.status.show_connection(event)
            case events.PreferencesChanged():
                self._preferences = event
            case events.PresenceChanged():
                self.presence.show_for(event)
                self.status.show_hours(event.clinic_open)
            case events.PageAlarmChanged(alarm):
                self.status.show_page(alarm)
            case events.SearchFound():
                self.list.search.model.receive(event)
            case events.DetailsLoaded():
                self.pane.transcript.may_delete_all = self.patient.may_retract_all
            case events.ActivityChanged():
                self.conversations.receive(event)
                self.pane.receive(event)
            case events.TextReturned():
                self.pane.receive(event)
                self._say_returned(event.conversation)
            case _:
                self.pane.receive(event)

    # Rooms beside the inbox: each is loaded and built when somebody first goes there, since nobody waits for it in the
    # morning, and begins by asking for all that it shows.

    @cached_property
    def dashboard(self) -> "Dashboard":
        from agent_app.ui.views.dashboard import Dashboard

        made = self._beside(Dashboard(self._theme, self._submit))
        self._awaiting.append(made.awaits)
        return made

    @cached_property
    def review(self) -> "ReviewView":
        from agent_app.ui.views.review import ReviewView

        made = self._beside(ReviewView(self._submit))
        self._awaiting.append(made.awaits)
        return made

    @cached_property
    def administration(self) -> "AdministrationRoom":
        from agent_app.ui.views.administration.room import AdministrationRoom

        made = self._beside(AdministrationRoom(self._submit))
        made.kit_made.connect(self.kit_made)
        made.kit_wanted.connect(self.kit_wanted)
        made.recovery_wanted.connect(self.recovery_wanted)
        return made

    def open(self, conversation: bytes, target: int = 0) -> None:
        """`target` is the position of a message to show, 0 for what is to be read next."""
        row = self.conversations.find(conversation)
        if row is None:
            return
        self._rooms.setCurrentWidget(self._work)
        if self.pane.row is not None and self.pane.row.conversation == conversation:
            self.pane.seek(target)
        else:
            self.list.mark(conversation)
            self._place.setCurrentWidget(self.pane)
            self.pane.open(row, target)
            self._show_patient(row)

    def attach(self, *paths: Path) -> None:
        """Shows the files with the patient's name; only Send there sends them."""
        taken = {path: refusal(path) for path in paths[:AT_ONCE]}
        why_not = [why for why in taken.values() if why]
        if len(paths) > AT_ONCE:
            many = self.tr("No more than {most} files go at once. Attach the others after these.")
            why_not.append(many.format(most=AT_ONCE))
        if why_not:
            self._say_not_attached(" ".join(why_not))
        self._offer([Offered.at(path) for path, why in taken.items() if not why])

    def attach_picture(self, picture: QImage) -> None:
        """As `attach`, for what was copied and is no file. It stays in memory."""
        content, name = as_png(picture), self.tr("Picture.png")
        if not content or len(content) > FILE_LIMIT:
            limit = words.size(FILE_LIMIT)
            self._say_not_attached(
                self.tr("The picture is larger than {limit}. Copy a part of it.").format(limit=limit)
            )
        else:
            send = partial(_send_picture, content, name)
            self._offer([Offered(name, len(content), send, lambda: content)])

    def keep_draft(self) -> None:
        self.pane.draft.keep()

    def end(self) -> None:
        """Out of sight now, destroyed as soon as the widget that asked for it has returned."""
        self._leave_inbox()
        self.hide()
        for dialog in self.findChildren(QDialog):
            dialog.hide()
        self.deleteLater()

    def window_activated(self) -> None:
        self.pane.mark_read()

    # Inside

    def _inbox_as_left(self, window: QWidget) -> ConversationModel:
        """Part and order of the list outlive a lock, as the window does: desks lock every other minute."""
        made = ConversationModel(self)
        made.tab = Tab(window.property(_TAB) or made.tab)
        made.order = Order(window.property(_ORDER) or made.order)
        return made

    def _leave_inbox(self) -> None:
        """Not what it was narrowed to: a tag may be about a patient."""
        self.window().setProperty(_TAB, self.conversations.tab.value)
        self.window().setProperty(_ORDER, self.conversations.order.value)

    def _beside(self, room: AnyRoom) -> AnyRoom:
        self._rooms.addWidget(room)
        self._beside_inbox.append(room)
        room.left.connect(lambda: self._rooms.setCurrentWidget(self._work))
        return room

    def _offer(self, offered: Sequence[Offered]) -> None:
        """What is sent goes to whom the preview named, whatever is open by then."""
        row = self.pane.row
        if offered and row is not None and row.level >= 2:
            send = partial(self._send_to, row.conversation)
            self._show(SendFileDialog(self._theme, offered, row.title, send, self))

    def _send_to(self, conversation: bytes, offered: Sequence[Offered], caption: str) -> None:
        for place, each in enumerate(offered):
            self._submit(each.send(conversation, "" if place else caption))

    def _say_not_attached(self, why: str) -> None:
        text = self.tr("The file was not attached.")
        self.notice_raised.emit(events.Notice(events.Severity.WARNING, text, why, ""))

    def _say_returned(self, conversation: bytes) -> None:
        """Where to look for it, for whoever has turned to another conversation."""
        row = self.conversations.find(conversation)
        if row is not None and self.pane.row is not None and self.pane.row.conversation != conversation:
            text = self.tr("What you wrote to {name} was not sent.").format(name=words.one_line(row.title))
            means, action = self.tr("It is kept there as a draft."), self.tr("Open the conversation to see to it.")
            self.notice_raised.emit(events.Notice(events.Severity.WARNING, text, means, action))

    def _follow(self) -> None:
        """The open conversation's header, bar and composer say what its row says."""
        if self.pane.row is not None:
            row = self.conversations.find(self.pane.row.conversation)
            if row is not None:
                self.pane.show_for(row)
                self._show_patient(row)
                self.pane.mark_read()

    def _show_patient(self, row: events.ConversationRow) -> None:
        """While it is folded away it asks for nothing."""
        if self.patient.isVisibleTo(self):
            self.patient.show_for(row)

    def _on_patient_wanted(self) -> None:
        if self.pane.row is not None:
            shown = not self.patient.isVisibleTo(self)
            if not shown and self.patient.isAncestorOf(self.window().focusWidget()):
                self.pane.take_focus()  # what had it goes
            self.patient.setVisible(shown)
            self.window().setProperty(_PATIENT_SHOWN, shown)  # the window outlives a lock, and this view does not
            self._show_patient(self.pane.row)

    def show_role(self, role: str) -> None:
        """What a role may not do is not offered; the engine refuses it all the same."""
        self._audit.setVisible(role in _REVIEWERS)
        self.list.administration.setVisible(role == "administrator")

    def show_review(self) -> None:
        if self._audit.isVisibleTo(self):
            self._rooms.setCurrentWidget(self.review)
            self.review.begin()

    def show_administration(self) -> None:
        if self.list.administration.isVisible():
            self._rooms.setCurrentWidget(self.administration)
            self.administration.begin()

    def show_figures(self) -> None:
        self._rooms.setCurrentWidget(self.dashboard)
        self.dashboard.begin()

    def awaits(self, command: object) -> bool:
        """Whether a form that is open says by itself what became of it."""
        dialog = isinstance(self._dialog, Form) and self._dialog.awaits(command)
        return dialog or any(awaits(command) for awaits in self._awaiting)

    def _tell_dialog(self, event: events.Event) -> None:
        if isinstance(self._dialog, Form):
            self._dialog.receive(event)
        elif isinstance(self._dialog, MessageDetailsDialog) and isinstance(event, events.MessageChanged):
            self._dialog.show_for(event.row)
        elif isinstance(self._dialog, MessageDetailsDialog) and isinstance(event, events.CustodyLoaded):
            self._dialog.show_custody(event)

    def _show(self, dialog: Sheet) -> None:
        if self._dialog is not None:
            self._dialog.close()
        self._dialog = dialog
        dialog.finished.connect(lambda: self._forget(dialog))
        dialog.open()

    def _forget(self, dialog: Sheet) -> None:
        if self._dialog is dialog:
            self._dialog = None

    def _welcome(self) -> QWidget:
        made = QWidget()
        made.setObjectName("welcome")
        told = PlainLabel(self.tr("Choose a conversation"), "title", "welcomeTitle")
        hint = PlainLabel(self.tr("or invite a patient with Ctrl+N"), "secondary")
        layout = column(spacing=6)
        layout.addStretch()
        for part in (told, hint):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        made.setLayout(layout)
        return made

    def _join(self) -> None:
        self.status.lock_wanted.connect(self.lock_wanted)
        self.list.chosen.connect(self.open)
        self.list.message_chosen.connect(self.open)
        self.list.search.model.asked.connect(
            lambda text, number, before: self._submit(commands.Search(text, number, before))
        )
        self.list.invite_wanted.connect(self._on_invite)
        self.list.export_wanted.connect(self._on_export)
        self.list.administration_wanted.connect(self.show_administration)
        self.list.settings_wanted.connect(self.settings_wanted)
        self.pane.attach_wanted.connect(self._on_attach)
        self.pane.files_given.connect(self._attach_soon)
        self.pane.picture_given.connect(
            lambda picture: QTimer.singleShot(0, self, lambda: self.attach_picture(picture))
        )
        self.pane.composer.replies.opened.connect(self._on_replies_opened)
        self.pane.composer.replies.edit_wanted.connect(self._on_replies)
        self.pane.file_wanted.connect(self._on_file)
        self.pane.details_wanted.connect(self._on_details)
        self.pane.close_wanted.connect(lambda: self._ask(CloseDialog))
        self.pane.block_wanted.connect(lambda: self._ask(BlockDialog))
        self.pane.take_over_wanted.connect(lambda: self._ask(TakeOverDialog))
        self.pane.hand_over_wanted.connect(lambda: self._ask(HandOverDialog))
        self.pane.earlier_wanted.connect(lambda: self._ask(EarlierDialog))
        self.pane.patient_wanted.connect(self._on_patient_wanted)
        self.pane.delete_wanted.connect(lambda message: self._show(DeleteDialog(message, self._submit, self)))
        self.patient.block_wanted.connect(lambda: self._ask(BlockDialog))
        self.patient.other_block_wanted.connect(self._on_other_block)
        self.patient.file_wanted.connect(self._on_file)
        self.patient.details_wanted.connect(self._on_details)
        self.patient.export_wanted.connect(lambda: self._on_copy(self.copy.export))
        self.patient.print_wanted.connect(lambda: self._on_copy(self.copy.print))
        self.patient.compare_wanted.connect(lambda: self._ask(SafetyNumberDialog))
        self.patient.label_wanted.connect(lambda: self._ask(LabelDialog))
        self.copy.notice_raised.connect(self.notice_raised)
        self.pane.number_wanted.connect(lambda: self._ask(SafetyNumberDialog))

    def _bind_keys(self) -> None:
        for keys, do in (
            ("Ctrl+N", self._on_invite),
            ("Ctrl+Shift+I", self._on_invitations),
            ("Ctrl+.", self._on_own_settings),
            ("Ctrl+Shift+R", self._on_replies),
            ("Ctrl+E", self.pane.composer.emoji.begin),
            ("Ctrl+F", self.list.search.focus),
            ("Ctrl+K", self.list.search.focus),
            ("Alt+Down", lambda: self.list.step(1)),
            ("Alt+Up", lambda: self.list.step(-1)),
            ("Alt+Home", self.pane.seek_unread),
            ("Alt+End", self.pane.go_to_latest),
            ("Ctrl+I", self._on_patient_wanted),
            ("Ctrl+Shift+D", self.show_figures),
            ("Ctrl+Shift+U", self.show_review),
            ("Ctrl+Shift+A", self.show_administration),
            ("Ctrl+Shift+N", self.pane.composer.toggle_note_mode),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    def _ask(self, make: Callable[..., Sheet]) -> None:
        if self.pane.row is not None:
            self._show(make(self.pane.row, self._submit, self))

    def _on_invite(self) -> None:
        self._invite()

    def _invite(self, again: bytes = b"") -> None:
        dialog = InviteDialog(self._submit, self._clipboard, self._clinic, self, again)
        dialog.list_wanted.connect(self._on_invitations)
        self._show(dialog)

    def _on_invitations(self) -> None:
        dialog = InvitationsDialog(self._submit, self)
        dialog.show_wanted.connect(self._invite)
        self._show(dialog)

    def _on_own_settings(self) -> None:
        self._show(OwnSettingsDialog(self._preferences, self._submit, self))

    def _on_replies(self) -> None:
        self._show(RepliesDialog(self._submit, self))

    def _on_replies_opened(self) -> None:
        """Says what placeholders stand for now. A name that is hidden, or unknown, is left to be asked for."""
        row = self.pane.row
        named = row is not None and row.level >= 2 and row.title != in_words(events.Sentence("Patient"))
        self.pane.composer.replies.known = {
            "patient": words.one_line(row.title) if row is not None and named else "",
            "agent": words.one_line(self._agent),
            "clinic": words.one_line(self._clinic),
        }

    def _on_export(self) -> None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._show(ExportDialog(Path(documents), self._submit, self))

    def _on_other_block(self, conversation: bytes) -> None:
        row = self.conversations.find(conversation)
        if row is not None:
            self._show(BlockDialog(row, self._submit, self))

    def _on_copy(self, make: Callable[[bytes], None]) -> None:
        if self.pane.row is not None:
            make(self.pane.row.conversation)

    def _on_details(self, message: events.MessageRow) -> None:
        self._show(MessageDetailsDialog(message, self.pane.model.patient, self))
        if message.kind in ("text", "file", "note"):
            self._submit(commands.LoadCustody(message.message))

    def _on_file(self, message: events.MessageRow) -> None:
        picture = self.pane.model.picture(message.message)
        self._show(ReceivedFileDialog(self._theme, message, picture, self._submit, self))

    def _on_attach(self) -> None:
        chooser = QFileDialog(self, self.tr("Attach a file"))
        chooser.setObjectName("attachDialog")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.filesSelected.connect(lambda chosen: self._attach_soon([Path(each) for each in chosen]))
        chooser.open()

    def _attach_soon(self, paths: list[Path]) -> None:
        """After the dialog or the drop that is still under way has ended."""
        QTimer.singleShot(0, self, lambda: self.attach(*paths))


def _send_picture(content: bytes, name: str, to: bytes, caption: str) -> commands.Command:
    return commands.SendPicture(to, content, name, caption)
