"""Beside a conversation: who the patient is, how that was checked, what the team knows, and what can be done."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from agent_app.engine import commands, events
from agent_app.ui import words
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import PlainLabel, button, column, row
from agent_app.ui.views.error_line import ErrorLine
from agent_app.ui.views.qr import QrCode
from agent_app.ui.views.request import Request

WIDTH = 316
TAG_LIMIT = 64  # bytes, docs/protocol.md section 18
_FORMS = ("Tag", "Guardian", "Hold")


class PatientPane(QScrollArea):
    """Lives on Qt's thread. Signals: `file_wanted` and `details_wanted` with a MessageRow; `block_wanted`,
    `export_wanted`, `print_wanted`; `compare_wanted` to compare safety numbers by voice, `label_wanted` to write down
    who it is."""

    file_wanted = Signal(object)
    details_wanted = Signal(object)
    block_wanted = Signal()
    other_block_wanted = Signal(bytes)  # of another conversation, whose device is the same patient's
    export_wanted = Signal()
    print_wanted = Signal()
    compare_wanted = Signal()
    label_wanted = Signal()

    def __init__(self, theme: Theme, submit: Callable[[commands.Command], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("patientPane")
        self.setAccessibleName(self.tr("About the patient"))
        self.setFixedWidth(theme.px(WIDTH))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._theme, self._submit = theme, submit
        self._row: events.ConversationRow | None = None
        self._details: events.DetailsLoaded | None = None
        self._qr: QrCode | None = None
        self._shown_tags: tuple[str, ...] = ()
        self._tag_buttons: list[QWidget] = []
        self._make_fields()
        self._requests = (self._tagging, self._guarding, self._holding)
        inside = QWidget()
        inside.setObjectName("patientPaneInside")
        inside.setLayout(self._arranged())
        self.setWidget(inside)

    @property
    def may_retract_all(self) -> bool:
        return self._details is not None and self._details.may_retract_all

    def show_for(self, conversation: events.ConversationRow) -> None:
        """What the list's row says; what it does not carry is asked for, and follows."""
        if self._row is None or self._row.conversation != conversation.conversation:
            self._details = None
            self._guardian.clear()
            self._relation.clear()
            self._forget_what_is_typed()
            self._files.clear()
            self._custody.hide()
            self._checks.setText("")
            self._device.setText("")
            _empty(self._others)
        before, self._row = self._row, conversation
        self._show_identity(conversation)
        self._show_tags(conversation.tags)
        self._show_hold(conversation)
        same = before is not None and before.conversation == conversation.conversation
        if not same or _guardian(before) != _guardian(conversation):  # a message must not undo what is being typed
            self._guardian.setText(conversation.guardian)
            self._relation.setText(conversation.relation)
        if before != conversation:
            self._submit(commands.LoadDetails(conversation.conversation))

    def awaits(self, command: object) -> bool:
        return any(request.awaits(command) for request in self._requests)

    def receive(self, event: events.Event) -> None:
        for request in self._requests:
            request.receive(event)
        if not isinstance(event, events.DetailsLoaded):
            return
        if self._row is None or event.conversation != self._row.conversation:
            return
        self._details = event
        lines = [f"{words.full_time(one.time)}\n{words.one_line(one.text)}" for one in event.checks]
        self._checks.setText("\n\n".join(lines) or self.tr("Nobody has checked this patient yet."))
        self._show_files(event.files)
        since = words.full_time(event.opened)
        self._device.setText(self.tr("Device {name}, here since {time}").format(name=event.device, time=since))
        self._show_others(event.others)
        completer = QCompleter(list(event.known_tags), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._tag.setCompleter(completer)
        self._show_hold(self._row)

    def _forget_what_is_typed(self) -> None:
        """It was meant for another patient."""
        for field in (self._tag, self._reason):
            field.clear()
        for request, error in zip(self._requests, self._errors, strict=True):
            request.end()
            error.clear()

    # Showing

    def _show_identity(self, row_: events.ConversationRow) -> None:
        self._name.setText(words.one_line(row_.title))
        self._level.setText(words.level(row_.level))
        told = [f"{self._kind(kind)} {words.one_line(value)}" for kind, value in row_.identifiers]
        hidden = self.tr("Names and identifiers show once the patient has been checked.")
        self._identifiers.setText("\n".join(told) if row_.level >= 2 else hidden)
        self._block.setEnabled(not row_.blocked)
        self._guardian_box.setVisible(row_.level >= 2)
        groups = row_.safety_number.split()
        self._digits.setText(" ".join(groups[:4]) + "\n" + " ".join(groups[4:]))
        if self._qr is None or self._qr.property("of") != row_.safety_number:
            self._show_qr(row_.safety_number)

    def _show_qr(self, number: str) -> None:
        if self._qr is not None:
            self._qr_place.removeWidget(self._qr)
            self._qr.deleteLater()
            self._qr = None
        if number:
            self._qr = QrCode(number, 132, "patientQr", self.tr("Safety number as a QR code"))
            self._qr.setProperty("of", number)
            self._qr_place.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignHCenter)

    def _show_tags(self, tags: tuple[str, ...]) -> None:
        if tags == self._shown_tags:  # a message must not take the focus from one of them
            return
        self._shown_tags = tags
        if QApplication.focusWidget() in self._tag_buttons:
            self._tag.setFocus()  # what had it goes
        _empty(self._tags)
        before: QWidget = self._label
        self._tag_buttons.clear()
        for place, tag in enumerate(tags):
            spoken = self.tr("Remove the tag {tag}").format(tag=words.one_line(tag))
            made = button(f"{words.one_line(tag)}  ×", f"tag{place}", "quiet", spoken=spoken)
            made.clicked.connect(lambda _checked=False, tag=tag: self._set_tag(tag, False))
            self._tags.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
            self._tag_buttons.append(made)
            self.setTabOrder(before, made)  # it is made late, and stands early
            before = made

    def _show_others(self, others: tuple[events.PatientDevice, ...]) -> None:
        _empty(self._others)
        for place, one in enumerate(others):
            since, level = words.full_time(one.opened), words.level(one.level)
            state = self.tr("Blocked") if one.blocked else level
            told = self.tr("Device {name}, here since {time}").format(name=one.device, time=since)
            self._others.addWidget(PlainLabel(f"{told} · {state}", "caption", f"otherDevice{place}", wrap=True))
            if not one.blocked:
                spoken = self.tr("Block device {name}").format(name=one.device)
                made = button(self.tr("Block…"), f"otherBlock{place}", "danger", spoken=spoken)
                made.clicked.connect(lambda _checked=False, at=one.conversation: self.other_block_wanted.emit(at))
                self._others.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_hold(self, row_: events.ConversationRow) -> None:
        days = self._details.retention_days if self._details else 0
        kept = self.tr("Messages are deleted %n days after they arrive.", "", days)
        unlimited = self.tr("Messages are kept without limit.")
        held = self.tr("On hold: {reason}. Nothing is deleted by age.").format(reason=words.one_line(row_.hold))
        self._hold_told.setText(held if row_.hold else kept if days else unlimited)
        self._hold.setText(self.tr("Take the hold off") if row_.hold else self.tr("Put on hold"))
        self._hold.setEnabled(not row_.hold or (self._details is not None and self._details.may_lift_hold))
        self._reason.setVisible(not row_.hold)

    def _show_files(self, files: tuple[events.MessageRow, ...]) -> None:
        self._files.clear()
        for message in files:
            if message.file is not None:
                item = QListWidgetItem(f"{words.one_line(message.file.name)}  ·  {words.size(message.file.size)}")
                item.setData(Qt.ItemDataRole.UserRole, message)
                self._files.addItem(item)
        self._files.setFixedHeight(self._theme.px(min(32 * len(files) + 4, 132)))
        self._files.setCurrentRow(0)
        for each in (self._files, self._custody):
            each.setVisible(bool(files))
        self._no_files.setVisible(not files)

    # Asking

    def _ask(self, make: Callable[[bytes], commands.Command]) -> None:
        if self._row is not None:
            self._submit(make(self._row.conversation))

    def _set_tag(self, tag: str, present: bool) -> None:
        self._ask(lambda at: commands.SetTag(at, tag, present))

    def _on_tag(self) -> None:
        tag = self._tag.text().strip()
        if len(tag.encode()) > TAG_LIMIT:
            self._errors[0].refuse(self.tr("This tag is too long. Shorten it."), self._tag)
        elif tag and self._row is not None:
            self._tagging.ask(commands.SetTag(self._row.conversation, tag, True), self._tag)

    def _on_guardian(self) -> None:
        name, relation = self._guardian.text(), self._relation.text()
        if self._row is not None:
            self._guarding.ask(commands.SetGuardian(self._row.conversation, name, relation), self._guardian_save)

    def _on_hold(self) -> None:
        if self._row is not None:
            on, reason = not self._row.hold, self._reason.text().strip()
            self._holding.ask(commands.SetHold(self._row.conversation, on, reason if on else ""), self._hold)

    def _on_file(self, item: QListWidgetItem) -> None:
        self.file_wanted.emit(item.data(Qt.ItemDataRole.UserRole))

    def _on_custody(self) -> None:
        if (item := self._files.currentItem()) is not None:
            self.details_wanted.emit(item.data(Qt.ItemDataRole.UserRole))

    # Making

    def _make_fields(self) -> None:
        self._name = PlainLabel("", "title", "patientName", wrap=True)
        self._level = PlainLabel("", "caption-strong", "patientLevel")
        self._identifiers = PlainLabel("", "secondary", "patientIdentifiers", wrap=True)
        self._checks = PlainLabel("", "caption", "patientChecks", wrap=True)
        self._digits = PlainLabel("", "strong", "patientNumber")
        self._device = PlainLabel("", "caption", "patientDevice", wrap=True)
        self._hold_told = PlainLabel("", "caption", "patientHoldTold", wrap=True)
        self._no_files = PlainLabel(self.tr("No files yet."), "caption", "patientNoFiles")
        self._tag = self._line("patientTag", self.tr("Add a tag"), self._on_tag)
        self._guardian = self._line("patientGuardian", self.tr("Name of who writes for the patient"))
        self._relation = self._line("patientRelation", self.tr("Relation, such as mother"))
        self._reason = self._line("patientReason", self.tr("Reason for a hold"))
        self._files = QListWidget()
        self._files.setObjectName("patientFiles")
        self._files.setAccessibleName(self.tr("Files of this conversation"))
        self._files.itemActivated.connect(self._on_file)
        self._custody = button(self.tr("Who had this file…"), "patientCustody", "", self._on_custody)
        self._custody.hide()
        self._hold = button(self.tr("Put on hold"), "patientHold", "", self._on_hold)
        self._block = button(self.tr("Block…"), "patientBlock", "danger", self.block_wanted.emit)
        self._export = button(self.tr("Export this conversation…"), "patientExport", "", self.export_wanted.emit)
        self._print = button(self.tr("Print this conversation…"), "patientPrint", "", self.print_wanted.emit)
        self._label = button(self.tr("Name and birth date…"), "patientLabel", "", self.label_wanted.emit)
        self._compare = button(self.tr("Compare by voice…"), "patientCompare", "", self.compare_wanted.emit)
        self._guardian_save = button(self.tr("Save"), "patientGuardianSave", "", self._on_guardian)
        self._make_requests()
        self._tags, self._qr_place, self._others = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._tags.setSpacing(4)
        self._guardian_box = QFrame()
        heading = PlainLabel(self.tr("Writes for the patient"), "caption-strong")
        parts = (heading, self._guardian, self._relation, self._errors[1], self._guardian_save)
        self._guardian_box.setLayout(column(*parts, spacing=6))

    def _make_requests(self) -> None:
        """Each small form says beside its field what was refused, and keeps what was typed until it is done."""
        submit = self._submit
        tag, guardian, hold = self._errors = tuple(ErrorLine(f"patient{form}Error") for form in _FORMS)
        tag.watch(self._tag)
        guardian.watch(self._guardian, self._relation)
        hold.watch(self._reason)
        self._tagging = Request(submit, tag, self._tag.clear, {"": self._tag, "limit.exceeded": self._tag}.get)
        self._guarding = Request(submit, guardian, lambda: None, self._guardian_fault)
        self._holding = Request(submit, hold, self._reason.clear, self._hold_fault)

    def _guardian_fault(self, code: str) -> QWidget | None:
        """Both have the same limit: what is too long is the longer one."""
        longer = max(self._guardian, self._relation, key=lambda field: len(field.text().encode()))
        return {"": self._guardian, "limit.exceeded": longer}.get(code)

    def _hold_fault(self, code: str) -> QWidget | None:
        about_reason = code in ("", "limit.exceeded") and self._reason.isVisibleTo(self)
        return self._reason if about_reason else None

    def _line(self, name: str, label: str, entered: Callable[[], None] | None = None) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        made.setPlaceholderText(label)
        made.setAccessibleName(label)
        if entered is not None:
            made.returnPressed.connect(entered)
        return made

    def _arranged(self) -> QVBoxLayout:
        layout = column(self._name, self._level, self._identifiers, self._label, spacing=8, margins=(16, 16, 16, 16))
        for heading, parts in (
            (self.tr("Tags"), (self._tags, self._tag, self._errors[0])),
            ("", (self._guardian_box,)),
            (self.tr("Checks"), (self._checks,)),
            (self.tr("Safety number"), (self._digits, self._qr_place, self._compare)),
            (self.tr("Files"), (self._files, self._custody, self._no_files)),
            (self.tr("Kept how long"), (self._hold_told, self._reason, self._errors[2], self._hold)),
            (self.tr("Devices"), (self._device, row(self._block), self._others)),
            ("", (self._export, self._print)),
        ):
            layout.addSpacing(6)
            if heading:
                layout.addWidget(PlainLabel(heading, "caption-strong"))
            for part in parts:
                if isinstance(part, QWidget):
                    layout.addWidget(part)
                else:
                    layout.addLayout(part)
        layout.addStretch()
        return layout

    def _kind(self, kind: str) -> str:
        return self.tr("Born") if kind == "birth-date" else self.tr("Phone")


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.deleteLater()


def _guardian(row_: events.ConversationRow | None) -> tuple[str, str]:
    return (row_.guardian, row_.relation) if row_ is not None else ("", "")
