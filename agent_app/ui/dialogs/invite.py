"""Inviting a patient: who, then a QR code and a link to hand over, and a code to speak."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from agent_app.engine.commands import CancelInvitation, Command, CreateInvitation, ShowInvitation
from agent_app.engine.events import Event, InvitationChanged, InvitationCreated, InvitationRow
from agent_app.ui import words
from agent_app.ui.clipboard import SecretClipboard
from agent_app.ui.dialogs import invitation_ways
from agent_app.ui.dialogs.form import Form
from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.views.basics import PlainLabel, button, column, row
from agent_app.ui.views.birth_date import BirthDateField
from agent_app.ui.views.qr import QrCode

NAME_LIMIT = 200  # bytes of UTF-8, docs/protocol.md section 18
REASON_LIMIT = 200


class InviteDialog(Form):
    """Asks for an invitation, or for `again`, an own one that is open, and shows the one that comes.

    Lives on Qt's thread. Signal: `list_wanted`, for the open ones.
    """

    list_wanted = Signal()

    def __init__(
        self,
        submit: Callable[[Command], None],
        clipboard: SecretClipboard,
        clinic: str,
        parent: QWidget,
        again: bytes = b"",
    ) -> None:
        super().__init__(self.tr("Invite a patient"), "inviteDialog", submit, parent, 590)
        self._clipboard, self._clinic = clipboard, clinic
        self._invitation = b""
        self._name = self._field("inviteName", self.tr("As it stands in your records"))
        self._birth = BirthDateField("inviteBirthDate")
        self._reason = self._field("inviteReason", self.tr("Only the team sees this"))
        self.error.watch(self._name, self._birth, self._reason)
        self.faults = {"limit.exceeded": self._name, "birth-date.refused": self._birth}
        self._create = button(self.tr("Create invitation"), "inviteCreate", "primary", self._on_create)
        self._page = self._form()
        self.body.addWidget(self._page)
        self._state = PlainLabel("", "strong", "invitationState", wrap=True)
        self._cancel = button(self.tr("Cancel invitation"), "inviteCancel", "danger", self._on_cancel)
        self._done = button(self.tr("Done"), "inviteDone", "", self.accept)
        self._cancel.hide()
        self._done.setText(self.tr("Close"))
        self._list = button(self.tr("Open invitations…"), "inviteList", "quiet", self.list_wanted.emit)
        self.add_buttons(self._list, self._cancel, self._done, self._create)
        self._name.setFocus()
        if again:
            self._page.setEnabled(False)
            self.ask(ShowInvitation(again), self._create)

    def receive(self, event: Event) -> None:
        super().receive(event)
        self._say_whether_creating()
        match event:
            case InvitationCreated() if self.request.command is not None:
                self._show(event)
            case InvitationChanged() if event.invitation == self._invitation:
                self._state.setText(state_words(event))
                self._cancel.setEnabled(event.state in ("open", "redeemed"))
            case _:
                pass

    def _field(self, name: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        field.setPlaceholderText(hint)
        field.setMaxLength(NAME_LIMIT)
        return field

    def _form(self) -> QWidget:
        told = PlainLabel(
            self.tr("The patient gets a link, and proves who they are by birth date and a code that you speak."),
            "secondary",
            wrap=True,
        )
        layout = column(told, spacing=6)
        for text, field in (
            (self.tr("Name"), self._name),
            (self.tr("Birth date"), self._birth),
            (self.tr("Reason (optional)"), self._reason),
        ):
            layout.addSpacing(4)
            layout.addWidget(field_label(text, field))
            layout.addWidget(field)
            if field is self._birth:
                layout.addWidget(self._birth.told)
        layout.addStretch()
        page = QWidget()
        page.setLayout(layout)
        return page

    def _on_create(self) -> None:
        name, reason = self._name.text().strip(), self._reason.text().strip()
        if not name or len(name.encode()) > NAME_LIMIT:
            self.error.refuse(name_refusal(name), self._name)
        elif len(reason.encode()) > REASON_LIMIT:
            self.error.refuse(self.tr("The reason is too long. Shorten it."), self._reason)
        elif why := self._birth.refusal():
            self.error.refuse(why, self._birth)
        else:
            self.ask(CreateInvitation(name, self._birth.written, reason), self._create)
            self._say_whether_creating()

    def _say_whether_creating(self) -> None:
        asked = self.request.command is not None
        self._create.setText(self.tr("Creating…") if asked else self.tr("Create invitation"))

    def at_fault(self, code: str) -> QWidget | None:
        """Only what is not right yet can be corrected."""
        self._page.setEnabled(True)
        return super().at_fault(code)

    def done_with(self) -> None:
        """A cancelled invitation stays in sight, with its new state."""
        self._cancel.setEnabled(False)

    def _on_cancel(self) -> None:
        self.ask(CancelInvitation(self._invitation), self._cancel)

    def _show(self, created: InvitationCreated) -> None:
        self.request.end()
        self._invitation = created.invitation
        for each in (self._create, self._list):
            each.hide()
        self._cancel.show()
        self._done.setText(self.tr("Done"))
        self._state.setText(self.tr("Waiting for the patient"))
        result = self._result(created)
        self.body.replaceWidget(self._page, result)
        self._page.deleteLater()
        self._page.hide()
        self._page = result
        self._done.setFocus()  # what had it is gone; and a key that was meant for the form must do no harm

    def _result(self, created: InvitationCreated) -> QWidget:
        link = QLineEdit(created.link)
        link.setObjectName("invitationLink")
        link.setReadOnly(True)
        link.setCursorPosition(0)
        copy = button(self.tr("Copy link"), "invitationCopy", "", lambda: self._on_copy(created.link, copy))
        link.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # its copy would stay in clipboard histories
        left = QrCode(created.link, 232, "invitationQr", self.tr("QR code of the invitation’s link"))
        layout = QVBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        beside = QHBoxLayout()
        beside.setSpacing(20)
        beside.addWidget(left, 0, Qt.AlignmentFlag.AlignTop)
        beside.addLayout(self._code(created), 1)
        layout.addLayout(beside)
        layout.addWidget(field_label(self.tr("Link"), link))
        layout.addLayout(row(link, copy))
        layout.addLayout(self._ways(created))
        page = QWidget()
        page.setLayout(layout)
        return page

    def _ways(self, created: InvitationCreated) -> QVBoxLayout:
        """What else can carry the link. The code goes by none of them."""
        self._not_opened = PlainLabel("", "error", "invitationNotOpened", wrap=True)
        self._not_opened.hide()
        line = row(
            button(
                self.tr("Text message…"), "invitationSms", "", lambda: self._open(invitation_ways.sms(created.link))
            ),
            button(self.tr("E-mail…"), "invitationMail", "", lambda: self._open(invitation_ways.mail(created.link))),
            button(self.tr("Print a card…"), "invitationCard", "", lambda: self._on_print(created)),
        )
        line.addStretch()
        made = column()
        made.addLayout(line)
        made.addWidget(self._not_opened)
        return made

    def _open(self, url: QUrl) -> None:
        opened = invitation_ways.open_elsewhere(url)
        self._not_opened.setText(self.tr("This workstation has no program for it. Copy the link, or print a card."))
        self._not_opened.setVisible(not opened)

    def _on_print(self, created: InvitationCreated) -> None:
        invitation_ways.print_card(self._clinic, created, self)

    def _code(self, created: InvitationCreated) -> QVBoxLayout:
        code = PlainLabel(created.code, "display", "invitationCode")
        code.setAccessibleName(self.tr("Code to speak: {code}").format(code=" ".join(created.code)))
        spoken = PlainLabel(
            self.tr("Say this code on the phone or in person. Never send it together with the link."),
            "secondary",
            wrap=True,
        )
        until = self.tr("Valid until {time}").format(time=words.full_time(created.expires))
        made = column(
            PlainLabel(self.tr("Code to speak"), "caption-strong"),
            code,
            spoken,
            PlainLabel(until, "caption", "invitationExpires"),
            self._state,
            spacing=8,
        )
        made.addStretch()
        return made

    def _on_copy(self, link: str, pressed: QPushButton) -> None:
        self._clipboard.copy(link)
        pressed.setText(self.tr("Copied for a minute"))


def state_words(invitation: InvitationChanged | InvitationRow) -> str:
    return {
        "open": words.tr("Waiting for the patient"),
        "redeemed": words.tr("The patient has opened it · %n tries left", "", invitation.tries_left),
        "passed": words.tr("The patient has passed the check"),
        "refused": words.tr("Refused: too many wrong answers"),
        "expired": words.tr("Expired"),
        "cancelled": words.tr("Cancelled"),
    }.get(invitation.state, "")


def name_refusal(name: str) -> str:
    return words.tr("This name is too long. Shorten it.") if name else words.tr("Write the patient’s name.")
