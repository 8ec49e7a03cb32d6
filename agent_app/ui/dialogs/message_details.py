"""How far one message came: each signed step, by which device, when."""

from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from agent_app.engine.events import CustodyLoaded, MessageRow
from agent_app.ui import words
from agent_app.ui.dialogs.sheet import Sheet
from agent_app.ui.views.basics import PlainLabel, button

_STEPS = 12  # of custody, the latest
_SIGNED = ("accepted", "delivered", "rejected", "read")  # the engine keeps none whose signature does not hold


class MessageDetailsDialog(Sheet):
    """Shows the receipts of one message, and follows it while it travels."""

    def __init__(self, message: MessageRow, patient: str, parent: QWidget) -> None:
        super().__init__(self.tr("Message details"), "messageDetailsDialog", parent, 820)
        self._message, self._patient = message.message, patient
        self._told = PlainLabel("", "secondary", "detailsSummary", wrap=True)
        self._steps = QTreeWidget()
        self._steps.setObjectName("detailsReceipts")
        self._steps.setAccessibleName(self.tr("Signed receipts"))
        self._steps.setHeaderLabels([self.tr("Step"), self.tr("Signed by"), self.tr("When"), self.tr("Signature")])
        self._steps.setRootIsDecorated(False)
        self._steps.setMinimumHeight(180)
        self._steps.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._none = PlainLabel(self.tr("No receipts yet."), "secondary", "detailsNone")
        self._doubt = PlainLabel("", "error", "detailsDoubt", wrap=True)
        self._custody = PlainLabel("", "caption", "detailsCustody", wrap=True)
        self._custody.hide()
        for each in (self._told, self._doubt, self._steps, self._none, self._custody):
            self.body.addWidget(each)
        self.add_buttons(button(self.tr("Close"), "detailsClose", "primary", self.accept))
        self.show_for(message)

    def show_for(self, message: MessageRow) -> None:
        if message.message != self._message:
            return
        author = self.tr("You") if message.mine else words.author(message, self._patient)
        state = words.delivery(message.delivery)
        lines = [f"{author}, {words.full_time(message.time)} · {state}"]
        if not message.mine:
            lines.append(self.tr("The author’s signature was checked before it was shown."))
        self._told.setText("\n".join(lines))
        self._doubt.setText(words.one_line(message.doubt))
        self._doubt.setVisible(bool(message.doubt))
        self._steps.clear()
        for step, device, time in message.receipts:
            checked = self.tr("Checked") if step in _SIGNED else self.tr("None yet")
            item = QTreeWidgetItem([self._step(step), self._signer(step, device), words.full_time(time), checked])
            self._steps.addTopLevelItem(item)
        self._steps.setVisible(bool(message.receipts))
        self._none.setVisible(message.mine and not message.receipts)

    def show_custody(self, event: CustodyLoaded) -> None:
        """What became of it, as far as this desk's receipts and its own audit log tell."""
        if event.message == self._message:
            lines = [f"{words.full_time(step.time)}  {words.one_line(step.text)}" for step in event.steps]
            shown, more = lines[-_STEPS:], len(lines) - _STEPS
            if more > 0:
                shown.insert(0, self.tr("%n earlier steps are not shown.", "", more))
            self._custody.setText("\n".join(shown))
            self._custody.setVisible(bool(lines))

    def _signer(self, step: str, device: str) -> str:
        """The relay signs that it has a copy for somebody; everything after, that device itself."""
        whose = words.one_line(self._patient if device == words.patient() else device)
        if step == "accepted":
            return self.tr("the relay, for {name}").format(name=whose)
        return whose if step in _SIGNED else self.tr("nobody, for {name}").format(name=whose)

    def _step(self, step: str) -> str:
        return {
            "queued": self.tr("Waiting to be sent"),
            "accepted": self.tr("Accepted by the relay"),
            "delivered": self.tr("Delivered"),
            "read": self.tr("Read"),
            "refused": self.tr("Refused by the relay"),
            "rejected": self.tr("Refused"),
        }.get(step, words.one_line(step))
