"""The last step of a founding: colleagues' workstations, and the way in from the clinic's website."""

import html
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from agent_app.engine.commands import Command
from agent_app.engine.events import Event, news
from agent_app.ui import words
from agent_app.ui.clipboard import SecretClipboard
from agent_app.ui.dialogs.administration import ApproveDialog
from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import PlainLabel, button, row
from agent_app.ui.views.screens import Screen


class OpeningScreen(Screen):
    """Signal: `finished`. Whoever is approved here stands in the list at once, for the relay has taken it."""

    finished = Signal()

    def __init__(self, theme: Theme, clipboard: SecretClipboard, submit: Callable[[Command], None]) -> None:
        super().__init__(theme, "shield", "openingScreen", 620)
        self._clipboard, self._submit = clipboard, submit
        self._dialog: ApproveDialog | None = None
        self._locked = True
        self._names: list[str] = []
        self._address, self._snippet = self._line("openingAddress"), self._line("openingSnippet")
        self._staff = PlainLabel("", "strong", "openingStaff", wrap=True)
        self._arrange()

    def show_clinic(self, standing: news.AdministrationChanged) -> None:
        self._locked = not standing.unlocked
        self._address.setText(standing.address)
        self._address.setCursorPosition(0)
        self._snippet.setText(snippet(standing.page))
        self._snippet.setCursorPosition(0)

    def forget(self) -> None:
        """No dialog is left over a locked desk."""
        if self._dialog is not None:
            self._dialog.close()

    def receive(self, event: Event) -> None:
        if isinstance(event, news.DeviceApproved):
            self._names.append(f"{words.one_line(event.name)} ({words.role(event.role)})")
            self._staff.setText(self.tr("Approved: {names}.").format(names=", ".join(self._names)))
            self._staff.show()
        elif isinstance(event, news.SecondNeeded):
            told = self.tr("Have that desk unlocked once: until then no desk sends anything.")
            self._staff.setText(f"{self._staff.text()} {told}")
        if self._dialog is not None:
            self._dialog.receive(event)

    def _on_approve(self) -> None:
        self._dialog = ApproveDialog(self._submit, self, locked=self._locked)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()

    def _on_copy(self, field: QLineEdit) -> None:
        self._clipboard.copy(field.text())

    def _forget(self) -> None:
        self._dialog = None

    def _line(self, name: str) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        made.setReadOnly(True)
        return made

    def _arrange(self) -> None:
        self.card.addWidget(PlainLabel(self.tr("Colleagues and website"), "heading", "openingTitle"))
        colleagues = self.tr(
            "On each colleague’s workstation, start Sealdesk, paste this address and give a name. It shows six words: "
            "have them read out, and approve it here, or later in Administration."
        )
        website = self.tr(
            "One tag for the clinic’s website draws a button that opens the patients’ page. If the page is not at the "
            "relay, put its own address there."
        )
        self._staff.hide()
        for title, told, label, field, name in (
            (self.tr("Colleagues"), colleagues, self.tr("Clinic address"), self._address, "openingCopyAddress"),
            (self.tr("Website"), website, self.tr("HTML"), self._snippet, "openingCopySnippet"),
        ):
            self.card.addWidget(PlainLabel(title, "title"))
            self.card.addWidget(PlainLabel(told, "secondary", wrap=True))
            self.card.addWidget(field_label(label, field))
            copy = button(self.tr("Copy"), name, "", partial(self._on_copy, field))
            copy.setAccessibleName(f"{self.tr('Copy')}: {label}")
            line = row(field, copy)
            self.card.addLayout(line)
            if field is self._address:
                approve = row(button(self.tr("Approve a workstation…"), "openingApprove", "", self._on_approve))
                approve.addStretch()
                self.card.addLayout(approve)
                self.card.addWidget(self._staff)
        foot = row(spacing=10)
        foot.addStretch()
        foot.addWidget(button(self.tr("To the desk"), "openingDone", "primary", self.finished.emit))
        self.card.addLayout(foot)


def snippet(page: str) -> str:
    """The tag that draws the page's own button (docs/operations.md)."""
    return f'<script defer src="{html.escape(page)}widget.js"></script>' if page else ""
