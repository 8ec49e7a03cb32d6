"""Gives a conversation to a colleague or a team, with a note, and deletes a message."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from agent_app.engine.commands import Assign, Command, HandOver, LoadColleagues, Retract, Transfer
from agent_app.engine.events import Colleague, ColleaguesLoaded, ConversationRow, Event, MessageRow, Team
from agent_app.ui import words
from agent_app.ui.dialogs.form import Form
from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.views.basics import PlainLabel, button

NOTE_LIMIT = 4 * 1024  # bytes, docs/protocol.md section 18


class HandOverDialog(Form):
    """Asks for those it can go to; the note is the team's and never reaches the patient."""

    def __init__(self, conversation: ConversationRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        title = self.tr("Hand over {name}").format(name=words.one_line(conversation.title))
        super().__init__(title, "handOverDialog", submit, parent)
        self._row = conversation
        self._choices: list[Colleague | Team] = []
        self._may_assign = False
        self._to = QComboBox()
        self._to.setObjectName("handOverTo")
        self._note = QLineEdit()
        self._note.setObjectName("handOverNote")
        self.error.watch(self._to, self._note)
        self.faults = {"": self._to, "limit.exceeded": self._note}
        self._none = PlainLabel(self.tr("Nobody else can receive conversations yet."), "secondary", "handOverNone")
        self._give = button(self.tr("Hand over"), "handOverConfirm", "primary", self._on_give)
        told = self.tr("The patient reads who answers from now on. The note stays with the team.")
        self.body.addWidget(PlainLabel(told, "secondary", wrap=True))
        for label, field in ((self.tr("To"), self._to), (self.tr("Note (optional)"), self._note)):
            self.body.addWidget(field_label(label, field))
            self.body.addWidget(field)
        self.body.addWidget(self._none)
        self._none.hide()
        self.add_buttons(button(self.tr("Cancel"), "handOverCancel", "", self.reject), self._give)
        self._judge()
        submit(LoadColleagues())

    def receive(self, event: Event) -> None:
        super().receive(event)
        if isinstance(event, ColleaguesLoaded):
            self._fill(event)

    def _fill(self, event: ColleaguesLoaded) -> None:
        """Who was chosen stays chosen."""
        chosen = self._chosen
        self._may_assign = event.may_assign
        self._choices = [*event.colleagues, *event.teams]
        self._to.clear()
        for one in event.colleagues:
            self._to.addItem(words.one_line(one.name))
        for team in event.teams:
            self._to.addItem(self.tr("Team: {names}").format(names=words.one_line(team.name)))
        if chosen in self._choices:
            self._to.setCurrentIndex(self._choices.index(chosen))
        self._none.setVisible(not self._choices)
        self._judge()

    def _judge(self) -> None:
        self._give.setEnabled(bool(self._choices) and self.request.command is None)

    @property
    def _chosen(self) -> Colleague | Team | None:
        return self._choices[self._to.currentIndex()] if self._choices else None

    def _on_give(self) -> None:
        chosen, note = self._chosen, self._note.text().strip()
        at = self._row.conversation
        if len(note.encode()) > NOTE_LIMIT:
            self.error.refuse(self.tr("This note is too long. Shorten it."), self._note)
        elif isinstance(chosen, Team):
            self.ask(HandOver(at, chosen.team, note), self._give)
        elif chosen is not None and self._may_assign and not self._row.mine and not note:
            self.ask(Assign(at, chosen.device), self._give)
        elif chosen is not None:
            self.ask(Transfer(at, chosen.device, note), self._give)


class DeleteDialog(Form):
    """Deletes one message on every device that hears of it."""

    def __init__(self, message: MessageRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Delete this message?"), "deleteDialog", submit, parent)
        self._message = message.message
        told = self.tr(
            "Its words and files are destroyed here, and on every other device as soon as it is online. What somebody "
            "has read, saved or copied stays with them. That it was deleted stays visible."
        )
        self.body.addWidget(PlainLabel(told, "secondary", wrap=True))
        self._delete = button(self.tr("Delete message"), "deleteConfirm", "danger", self._on_delete)
        self.add_buttons(button(self.tr("Keep it"), "deleteCancel", "", self.reject), self._delete)

    def _on_delete(self) -> None:
        self.ask(Retract(self._message), self._delete)
