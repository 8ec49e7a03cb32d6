"""Short questions before something that others will notice: comparing, closing, blocking, exporting."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QFileDialog, QGridLayout, QLineEdit, QWidget

from agent_app.engine.commands import BlockPatient, CheckPatient, Close, Command, ExportBundle
from agent_app.engine.events import BundleExported, ConversationRow, Event, NoticeRaised
from agent_app.ui import words
from agent_app.ui.dialogs.sheet import Sheet, field_label
from agent_app.ui.views.basics import PlainLabel, button, framed, row

OUTCOME_LIMIT = 64  # bytes, docs/protocol.md section 18


class SafetyNumberDialog(Sheet):
    """The digits that clinic and patient compare by voice, always read out by the clinic."""

    def __init__(self, conversation: ConversationRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Compare the safety number"), "safetyNumberDialog", parent, 520)
        self._conversation, self._submit = conversation.conversation, submit
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
        self.add_buttons(
            button(self.tr("Not now"), "safetyNumberLater", "", self.reject),
            button(self.tr("They differ"), "safetyNumberDiffers", "danger", lambda: self._judge(False)),
            button(self.tr("They match"), "safetyNumberMatches", "primary", lambda: self._judge(True)),
        )

    def _judge(self, matches: bool) -> None:
        self._submit(CheckPatient(self._conversation, "safety-number", matches))
        self.accept()


class CloseDialog(Sheet):
    """Closes a conversation with what came of it."""

    def __init__(self, conversation: ConversationRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Close this conversation?"), "closeDialog", parent)
        self._conversation, self._submit = conversation.conversation, submit
        self._outcome = QLineEdit()
        self._outcome.setObjectName("closeOutcome")
        self._outcome.setPlaceholderText(self.tr("For example: appointment made"))
        self._outcome.textChanged.connect(self._judge)
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

    def _judge(self, text: str) -> None:
        self._close.setEnabled(len(text.strip().encode()) <= OUTCOME_LIMIT)

    def _on_close(self) -> None:
        self._submit(Close(self._conversation, self._outcome.text().strip()))
        self.accept()


class BlockDialog(Sheet):
    """Blocks a patient's device: for a lost phone, or somebody who is not who they say."""

    def __init__(self, conversation: ConversationRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        title = self.tr("Block this device of {name}?").format(name=words.one_line(conversation.title))
        super().__init__(title, "blockDialog", parent)
        self._conversation, self._submit = conversation.conversation, submit
        told = self.tr(
            "The whole team sees that it is blocked, and nothing more is sent to it. Invite the patient again."
        )
        self.body.addWidget(PlainLabel(told, "secondary", wrap=True))
        self.add_buttons(
            button(self.tr("Cancel"), "blockCancel", "", self.reject),
            button(self.tr("Block device"), "blockConfirm", "danger", self._on_block),
        )

    def _on_block(self) -> None:
        self._submit(BlockPatient(self._conversation))
        self.accept()


class ExportDialog(Sheet):
    """Writes an evidence bundle that an auditor checks offline."""

    def __init__(self, folder: Path, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Export evidence"), "exportDialog", parent, 520)
        self._submit = submit
        told = self.tr(
            "A bundle holds messages, receipts and the audit log of this device. Whoever gets the file can read the "
            "messages in it. The export itself is written to the audit log."
        )
        self._path = QLineEdit(str(folder / "sealdesk-evidence.bundle"))
        self._path.setObjectName("exportPath")
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
        match event:
            case BundleExported(path):
                self._say(self.tr("Written to {path}").format(path=path))
            case NoticeRaised(notice) if not self._export.isEnabled():
                self._say(words.notice(notice))
            case _:
                pass

    def _say(self, text: str) -> None:
        self._state.setText(text)
        self._state.show()
        self._export.setEnabled(True)

    def _on_export(self) -> None:
        path = self._path.text().strip()
        if path:
            self._export.setEnabled(False)
            self._submit(ExportBundle(Path(path)))

    def _on_browse(self) -> None:
        chooser = QFileDialog(self, self.tr("Export evidence"), self._path.text())
        chooser.setObjectName("exportFileDialog")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self._path.setText)
        chooser.open()
