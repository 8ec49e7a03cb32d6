"""Short questions before something that others will notice: comparing, closing, blocking, exporting."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QFileDialog, QGridLayout, QLineEdit, QWidget

from agent_app.engine.commands import BlockPatient, CheckPatient, Close, Command, ExportBundle, LoadHolder, TakeOver
from agent_app.engine.events import BundleExported, ConversationChanged, ConversationRow, Event, HolderLoaded
from agent_app.ui import words
from agent_app.ui.dialogs.form import Form
from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.views.basics import PlainLabel, announce, button, framed, row

OUTCOME_LIMIT = 64  # bytes, docs/protocol.md section 18


class SafetyNumberDialog(Form):
    """The digits that clinic and patient compare by voice, always read out by the clinic."""

    def __init__(self, conversation: ConversationRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Compare the safety number"), "safetyNumberDialog", submit, parent, 520)
        self._conversation = conversation.conversation
        told = self.tr("Call the patient on a number you know. Read these digits to them; they look at their screen.")
        self.body.addWidget(PlainLabel(told, "secondary", wrap=True))
        digits = QGridLayout()
        digits.setSpacing(14)
        for place, group in enumerate(conversation.safety_number.split()):
            digits.addWidget(PlainLabel(group, "words"), place // 4, place % 4, Qt.AlignmentFlag.AlignCenter)
        digits.setContentsMargins(18, 16, 18, 16)
        frame = QWidget()
        frame.setObjectName("safetyNumber")
        frame.setAccessibleName(conversation.safety_number)
        frame.setLayout(digits)
        self.body.addWidget(framed("panel", row(frame)))
        self._differ = button(self.tr("They differ"), "safetyNumberDiffers", "danger", lambda: self._judge(False))
        self._match = button(self.tr("They match"), "safetyNumberMatches", "primary", lambda: self._judge(True))
        self.add_buttons(button(self.tr("Not now"), "safetyNumberLater", "", self.reject), self._differ, self._match)

    def _judge(self, matches: bool) -> None:
        pressed = self._match if matches else self._differ
        self.ask(CheckPatient(self._conversation, "safety-number", matches), pressed)


class CloseDialog(Form):
    """Closes a conversation with what came of it."""

    def __init__(self, conversation: ConversationRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Close this conversation?"), "closeDialog", submit, parent)
        self._conversation = conversation.conversation
        self._outcome = QLineEdit()
        self._outcome.setObjectName("closeOutcome")
        self._outcome.setPlaceholderText(self.tr("For example: appointment made"))
        self.error.watch(self._outcome)
        self.faults = {"": self._outcome, "limit.exceeded": self._outcome}
        usual = [
            self.tr("Answered"),
            self.tr("Appointment made"),
            self.tr("Prescription renewed"),
            self.tr("Referred to a doctor"),
            self.tr("No answer needed"),
        ]
        self._outcome.setCompleter(QCompleter(usual, self._outcome))
        self._outcome.completer().setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._close = button(self.tr("Close conversation"), "closeConfirm", "primary", self._on_close)
        told = self.tr("It opens again when the patient writes, or when somebody of the team reopens it.")
        self.body.addWidget(PlainLabel(told, "secondary", wrap=True))
        self.body.addWidget(field_label(self.tr("Outcome (optional)"), self._outcome))
        self.body.addWidget(self._outcome)
        self.add_buttons(button(self.tr("Cancel"), "closeCancel", "", self.reject), self._close)

    def _on_close(self) -> None:
        outcome = self._outcome.text().strip()
        if len(outcome.encode()) > OUTCOME_LIMIT:
            self.error.refuse(self.tr("This outcome is too long. Shorten it."), self._outcome)
        else:
            self.ask(Close(self._conversation, outcome), self._close)


class TakeOverDialog(Form):
    """Takes a conversation from a colleague: one who went home, or is ill. Only from whom it names."""

    def __init__(self, conversation: ConversationRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Take over this conversation?"), "takeOverDialog", submit, parent)
        self._conversation = conversation.conversation
        self._reachable = not conversation.blocked
        self._holder = b""
        self._has_it = PlainLabel("", "", "takeOverHolder", wrap=True)
        self._told = PlainLabel("", "secondary", "takeOverTold", wrap=True)
        self._take = button(self.tr("Take over"), "takeOverConfirm", "primary", self._on_take)
        self._take.setEnabled(False)
        for each in (self._has_it, self._told):
            self.body.addWidget(each)
        self.add_buttons(button(self.tr("Cancel"), "takeOverCancel", "", self.reject), self._take)
        submit(LoadHolder(self._conversation))

    def receive(self, event: Event) -> None:
        super().receive(event)
        match event:
            case HolderLoaded() if event.conversation == self._conversation:
                self._show(event)
            case ConversationChanged(row) if row.conversation == self._conversation and self.request.command is None:
                self._reachable = not row.blocked
                self._submit(LoadHolder(self._conversation))
            case _:
                pass

    def _show(self, event: HolderLoaded) -> None:
        self._holder, name = event.device, words.one_line(event.name)
        self._take.setEnabled(bool(self._holder) and self.request.command is None)
        if not self._holder:
            self._has_it.setText(self.tr("No colleague has it any more."))
        elif event.since:
            since = words.full_time(event.since)
            self._has_it.setText(self.tr("{name} has had it since {time}.").format(name=name, time=since))
        else:
            self._has_it.setText(self.tr("{name} has it.").format(name=name))
        both = self.tr("{name} is told, and the patient reads that you answer from now on.")
        told = both if self._reachable else self.tr("{name} is told. To the patient’s blocked device nothing is sent.")
        self._told.setText(told.format(name=name) if self._holder else "")

    def _on_take(self) -> None:
        self.ask(TakeOver(self._conversation, self._holder), self._take)


class BlockDialog(Form):
    """Blocks a patient's device: for a lost phone, or somebody who is not who they say."""

    def __init__(self, conversation: ConversationRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        title = self.tr("Block this device of {name}?").format(name=words.one_line(conversation.title))
        super().__init__(title, "blockDialog", submit, parent)
        self._conversation = conversation.conversation
        told = self.tr(
            "The whole team sees that it is blocked, and nothing more is sent to it. Invite the patient again."
        )
        self.body.addWidget(PlainLabel(told, "secondary", wrap=True))
        self._block = button(self.tr("Block device"), "blockConfirm", "danger", self._on_block)
        self.add_buttons(button(self.tr("Cancel"), "blockCancel", "", self.reject), self._block)

    def _on_block(self) -> None:
        self.ask(BlockPatient(self._conversation), self._block)


class ExportDialog(Form):
    """Writes an evidence bundle that an auditor checks offline."""

    def __init__(self, folder: Path, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Export evidence"), "exportDialog", submit, parent, 520)
        told = self.tr(
            "A bundle holds messages, receipts and the audit log of this device. Whoever gets the file can read the "
            "messages in it. The export itself is written to the audit log."
        )
        self._path = QLineEdit(str(folder / "sealdesk-evidence.bundle"))
        self._path.setObjectName("exportPath")
        self.error.watch(self._path)
        self.faults = {"": self._path, "file.unusable": self._path}
        self._state = PlainLabel("", "strong", "exportState", wrap=True)
        self._state.hide()
        self._export = button(self.tr("Export"), "exportConfirm", "primary", self._on_export)
        self.body.addWidget(PlainLabel(told, "secondary", wrap=True))
        self.body.addWidget(field_label(self.tr("File"), self._path))
        browse = button(self.tr("Browse…"), "exportBrowse", "", self._on_browse)
        self.body.addLayout(row(self._path, browse))
        self.body.addWidget(self._state)
        self.add_buttons(button(self.tr("Close"), "exportClose", "", self.reject), self._export)

    def receive(self, event: Event) -> None:
        super().receive(event)
        if isinstance(event, BundleExported) and self.request.command is not None:
            self.request.end()
            self._state.setText(self.tr("Written to {path}").format(path=words.one_line(str(event.path))))
            self._state.show()
            announce(self._state, self._state.text(), urgent=False)

    def _on_export(self) -> None:
        path = self._path.text().strip()
        self._state.hide()
        if path:
            self.ask(ExportBundle(Path(path)), self._export)
        else:
            self.error.refuse(self.tr("Say where the file is to be written."), self._path)

    def _on_browse(self) -> None:
        chooser = QFileDialog(self, self.tr("Export evidence"), self._path.text())
        chooser.setObjectName("exportFileDialog")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self._path.setText)
        chooser.open()
