"""What an administrator confirms: each act in one sentence, with the passphrase where the key is locked."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from agent_app.engine.commands import Command, acts
from agent_app.engine.events import Event, news
from agent_app.ui import words
from agent_app.ui.dialogs.sheet import Sheet, field_label
from agent_app.ui.views.basics import PlainLabel, button, column, row
from agent_app.ui.views.error_line import ErrorLine
from agent_app.ui.views.screens import passphrase_field

SHEET_WORDS = 25
ROLES = ("agent", "supervisor", "administrator", "auditor")


class ActDialog(Sheet):
    """Confirms one act. It stays until the relay has the act, or says why not; a passphrase typed here is not kept."""

    def __init__(
        self,
        title: str,
        told: str,
        name: str,
        act: acts.Act | None,
        submit: Callable[[Command], None],
        parent: QWidget,
        *,
        locked: bool,
        confirm: str,
        kind: str = "primary",
    ) -> None:
        super().__init__(title, name, parent, 500)
        self._submit, self._act, self._locked = submit, act, locked
        self._waiting = self._asked = False
        self._told = PlainLabel(told, "secondary", f"{name}Told", wrap=True)
        self._passphrase = passphrase_field("actPassphrase")
        self._label = field_label(self.tr("Administrator’s passphrase"), self._passphrase)
        self._error = ErrorLine("actError")
        self._error.watch(self._passphrase)
        self._confirm = button(confirm, "actConfirm", kind, self._on_confirm)
        self._confirm.setDefault(True)
        self.body.addWidget(self._told)

    def finish(self) -> None:
        """Lays out the rest, under whatever a dialog of its own kind has added."""
        for part in (self._label, self._passphrase, self._error):
            self.body.addWidget(part)
        self._label.setVisible(self._locked)
        self._passphrase.setVisible(self._locked)
        self.add_buttons(button(self.tr("Cancel"), "actCancel", "", self.reject), self._confirm)

    def act(self) -> acts.Act | None:
        """What is confirmed; None while something is missing."""
        return self._act

    def receive(self, event: Event) -> None:
        match event:
            case news.AdministrationChanged() if self._waiting and event.unlocked:
                self._waiting = False
                self._ask()
            case news.ActFailed():
                self.refuse(f"{event.happened} {event.means}", event.code)
            case news.LogGrew() | news.LogVouched() if self._asked:
                self.accept()

    def refuse(self, why: str, code: str = "") -> None:
        """Whoever mistyped the passphrase types it again; else only what the act itself asks can be at fault."""
        self._waiting = self._asked = False
        self._confirm.setEnabled(True)
        self._error.refuse(why, self._passphrase if self._locked else self.at_fault(code) or self._confirm)

    def at_fault(self, code: str) -> QWidget | None:
        """The field of the act that a refusal with this code is about, where it has one."""
        return None

    def _on_confirm(self) -> None:
        if self.act() is None:
            return
        self._error.clear()
        if not self._locked:
            self._confirm.setEnabled(False)
            self._ask()
        elif passphrase := self._passphrase.text():
            self._passphrase.setText("")  # not clear(): that could be undone
            self._confirm.setEnabled(False)
            self._waiting = True
            self._submit(acts.UnlockAdministration(passphrase))
        else:
            self.refuse(self.tr("Type the administrator’s passphrase."))

    def _ask(self) -> None:
        """The key is open now; a second try needs no passphrase."""
        self._locked = False
        self._label.hide()
        self._passphrase.hide()
        if (act := self.act()) is not None:
            self._asked = True
            self._submit(act)


def confirm(
    title: str,
    told: str,
    act: acts.Act,
    submit: Callable[[Command], None],
    parent: QWidget,
    *,
    locked: bool,
    label: str,
    kind: str = "primary",
) -> ActDialog:
    made = ActDialog(title, told, "actDialog", act, submit, parent, locked=locked, confirm=label, kind=kind)
    made.finish()
    return made


class ApproveDialog(ActDialog):
    """A workstation's six words, as somebody reads them from its screen: nothing can be approved without them."""

    def __init__(self, submit: Callable[[Command], None], parent: QWidget, *, locked: bool) -> None:
        super().__init__(
            words.tr("Approve a workstation"),
            words.tr("Have somebody at the new workstation read out the six words on its screen, and type them."),
            "approveDialog",
            None,
            submit,
            parent,
            locked=locked,
            confirm=words.tr("Approve"),
        )
        self._read: news.RequestRead | None = None
        self._spoken = line_field("approveWords", 200, self._on_changed)
        self._request = line_field("approveRequest", 16_384, self._on_changed)
        self._not_found = ErrorLine("approveError")
        self._request.setPlaceholderText("sealdesk-enrol:…")
        self._find = button(self.tr("Look it up"), "approveFind", "", self._on_find)
        self._paste = button(self.tr("It is not listed: paste its request…"), "approvePaste", "quiet", self._on_paste)
        self._name = PlainLabel("", "strong", "approveName", wrap=True)
        self._role = roles("approveRole")
        self._role_label = field_label(self.tr("Role"), self._role)
        self._request_label = field_label(self.tr("Request"), self._request)
        self._arrange()
        self.finish()
        self._show(None)

    def act(self) -> acts.Act | None:
        return acts.ApproveDevice(self._read.request, self._role.currentData()) if self._read else None

    def receive(self, event: Event) -> None:
        if isinstance(event, news.RequestRead):
            if event.words == self._spoken.text():
                self._show(event)
        else:
            if isinstance(event, news.ActFailed) and self._read is None:
                self._find.setEnabled(True)
                self._refuse_words(f"{event.happened} {event.means}")
            else:
                super().receive(event)

    def at_fault(self, code: str) -> QWidget | None:
        return None if code else self._role

    def _refuse_words(self, why: str) -> None:
        """Beside what was looked up, and back to it."""
        self._not_found.refuse(why, self._request if self._request.text().strip() else self._spoken)

    def _arrange(self) -> None:
        self.body.addWidget(field_label(self.tr("Words on its screen"), self._spoken))
        self.body.addLayout(row(self._spoken, self._find, spacing=8))
        aside = row(self._paste)
        aside.addStretch()
        self.body.addLayout(aside)
        for part in (self._request_label, self._request, self._not_found, self._name, self._role_label, self._role):
            self.body.addWidget(part)
        self._request.hide()
        self._request_label.hide()
        self._spoken.returnPressed.connect(self._on_find)
        self._request.returnPressed.connect(self._on_find)
        self._find.setAutoDefault(False)
        self._paste.setAutoDefault(False)

    def _show(self, read: news.RequestRead | None) -> None:
        self._read = read
        for part in (self._name, self._role_label, self._role):
            part.setVisible(read is not None)
        self._confirm.setEnabled(read is not None)
        self._find.setEnabled(read is None)
        if read is not None:
            told = self.tr("These are the words of the workstation of {name}.")
            self._name.setText(told.format(name=words.one_line(read.name)))
            self._role.setFocus()

    def _on_changed(self) -> None:
        self._show(None)
        self._not_found.clear()
        self._error.clear()

    def _on_find(self) -> None:
        if not self._spoken.text().strip():
            self._refuse_words(self.tr("Type the six words from its screen first."))
        elif self._read is None:
            self._not_found.clear()
            self._find.setEnabled(False)
            self._submit(acts.ReadRequest(self._spoken.text(), self._request.text().strip()))

    def _on_paste(self) -> None:
        self._paste.hide()
        self._request_label.show()
        self._request.show()
        self._request.setFocus()


class RoleDialog(ActDialog):
    """Another role for one device."""

    def __init__(
        self, device: news.DeviceRow, submit: Callable[[Command], None], parent: QWidget, *, locked: bool
    ) -> None:
        told = words.tr("What {name} may do from now on. Every desk enforces it once it has heard.")
        super().__init__(
            words.tr("Change the role"),
            told.format(name=words.one_line(device.name)),
            "roleDialog",
            None,
            submit,
            parent,
            locked=locked,
            confirm=words.tr("Change the role"),
        )
        self._device = device
        self._role = roles("roleChoice")
        self._role.setCurrentIndex(ROLES.index(device.role) if device.role in ROLES else 0)
        self.body.addWidget(field_label(self.tr("Role"), self._role))
        self.body.addWidget(self._role)
        self.finish()

    def act(self) -> acts.Act | None:
        return acts.ChangeRole(self._device.device, self._role.currentData())

    def at_fault(self, code: str) -> QWidget | None:
        return None if code else self._role


class TeamDialog(ActDialog):
    """Who is in a team; nobody ends it."""

    def __init__(
        self,
        team: news.TeamRow | None,
        staff: Sequence[news.DeviceRow],
        submit: Callable[[Command], None],
        parent: QWidget,
        *,
        locked: bool,
    ) -> None:
        super().__init__(
            words.tr("Team"),
            words.tr("Conversations can be handed to a team. It is called by its members; with none it ends."),
            "teamDialog",
            None,
            submit,
            parent,
            locked=locked,
            confirm=words.tr("Set the team"),
        )
        self._team = team
        self._boxes: list[tuple[bytes, QCheckBox]] = []
        for number, one in enumerate(staff):
            box = QCheckBox(f"{words.one_line(one.name)} · {words.role(one.role)}")
            box.setObjectName(f"teamMember{number}")
            box.setAccessibleName(box.text())
            box.setChecked(team is not None and one.device in team.devices)
            self._boxes.append((one.device, box))
            self.body.addWidget(box)
        self.finish()

    def act(self) -> acts.Act | None:
        chosen = tuple(device for device, box in self._boxes if box.isChecked())
        if not chosen and self._team is None:
            self.refuse(self.tr("Choose who is in the team."))
            return None
        return acts.SetTeam(self._team.team if self._team else b"", chosen)

    def at_fault(self, code: str) -> QWidget | None:
        return self._boxes[0][1] if self._boxes and not code else None


class SheetsDialog(Sheet):
    """Both old sheets, typed in, for two new ones; their words are gone when it is closed."""

    def __init__(self, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Print the recovery kit anew"), "sheetsDialog", parent, 620)
        self._submit = submit
        told = self.tr(
            "Both keepers come with their sheets: the kit is nowhere else. Type the words of each, without their "
            "numbers. The old sheets still fit each other afterwards: destroy both."
        )
        self.body.addWidget(PlainLabel(told, "secondary", wrap=True))
        self._sheets = [sheet_field(f"renewSheet{number}") for number in (1, 2)]
        beside = row(spacing=12)
        for number, sheet in enumerate(self._sheets, 1):
            label = field_label(self.tr("Words of sheet {sheet}").format(sheet=number), sheet)
            beside.addLayout(column(label, sheet, spacing=4))
        self.body.addLayout(beside)
        self._error = ErrorLine("sheetsError")
        self._error.watch(*self._sheets)
        self.body.addWidget(self._error)
        self._make = button(self.tr("Make new sheets"), "sheetsMake", "primary", self._on_make)
        self.add_buttons(button(self.tr("Cancel"), "sheetsCancel", "", self.reject), self._make)

    def receive(self, event: Event) -> None:
        if isinstance(event, news.ActFailed):
            self._make.setEnabled(True)
            first, second = self._sheets
            faults: dict[str, QWidget] = {"": first, "kit.sheet-1": first, "kit.sheet-2": second}
            self._error.refuse(f"{event.happened} {event.means}", faults.get(event.code, self._make))

    def _on_make(self) -> None:
        if (short := too_short(self._sheets)) is not None:
            self._error.refuse(*short)
        else:
            self._error.clear()
            self._make.setEnabled(False)
            self._submit(acts.RenewKit(*(sheet.toPlainText() for sheet in self._sheets)))


def too_short(sheets: Sequence[QPlainTextEdit]) -> tuple[str, QPlainTextEdit] | None:
    """Which sheet lacks words, in a sentence; None where each may be whole."""
    for number, sheet in enumerate(sheets, 1):
        count = len(sheet.toPlainText().split())
        if count < SHEET_WORDS:
            told = words.tr("Sheet {sheet}: %n of {all} words are here. Type all of them, in their order.", "", count)
            return told.format(sheet=number, all=SHEET_WORDS), sheet
    return None


def sheet_field(name: str) -> QPlainTextEdit:
    """For the words of a recovery sheet: nothing of them can be undone back onto the screen."""
    made = QPlainTextEdit()
    made.setObjectName(name)
    made.setProperty("kind", "field")
    made.setTabChangesFocus(True)
    made.setUndoRedoEnabled(False)
    made.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    made.setFixedHeight(made.fontMetrics().lineSpacing() * 7)
    return made


def line_field(name: str, most: int, changed: Callable[[], None]) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    made.setMaxLength(most)
    made.textChanged.connect(changed)
    return made


def roles(name: str) -> QComboBox:
    made = QComboBox()
    made.setObjectName(name)
    made.view().setObjectName(f"{name}List")
    made.view().setAccessibleName(words.tr("Role"))
    for role in ROLES:
        made.addItem(words.role(role), role)
    return made
