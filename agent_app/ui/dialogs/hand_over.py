"""Gives a conversation to a colleague or a team, with a note, and deletes a message."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from agent_app.engine.commands import Assign, Command, HandOver, LoadColleagues, Retract, Transfer
from agent_app.engine.events import Colleague, ColleaguesLoaded, ConversationRow, Event, MessageRow, Team
from agent_app.ui import words
from agent_app.ui.dialogs.sheet import Sheet, field_label
from agent_app.ui.views.basics import PlainLabel, button

NOTE_LIMIT = 4 * 1024  # bytes, docs/protocol.md section 18


class HandOverDialog(Sheet):
    """Asks for those it can go to; the note is the team's and never reaches the patient."""

    def __init__(self, conversation: ConversationRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        title = self.tr("Hand over {name}").format(name=words.one_line(conversation.title))
        super().__init__(title, "handOverDialog", parent)
        self._row, self._submit = conversation, submit
        self._choices: list[Colleague | Team] = []
        self._may_assign = False
        self._to = QComboBox()
        self._to.setObjectName("handOverTo")
        self._note = QLineEdit()
        self._note.setObjectName("handOverNote")
        self._note.textChanged.connect(self._judge)
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
        if not isinstance(event, ColleaguesLoaded):
            return
        self._may_assign = event.may_assign
        self._choices = [*event.colleagues, *event.teams]
        self._to.clear()
        for one in event.colleagues:
            self._to.addItem(words.one_line(one.name))
        for team in event.teams:
            self._to.addItem(self.tr("Team: {names}").format(names=words.one_line(team.name)))
        self._none.setVisible(not self._choices)
        self._judge()

    def _judge(self) -> None:
        self._give.setEnabled(bool(self._choices) and len(self._note.text().encode()) <= NOTE_LIMIT)

    def _on_give(self) -> None:
        chosen, note = self._choices[self._to.currentIndex()], self._note.text().strip()
        at = self._row.conversation
        if isinstance(chosen, Team):
            self._submit(HandOver(at, chosen.team, note))
        elif self._may_assign and not self._row.mine and not note:
            self._submit(Assign(at, chosen.device))
        else:
            self._submit(Transfer(at, chosen.device, note))
        self.accept()


class DeleteDialog(Sheet):
    """Deletes one message on every device that hears of it."""

    def __init__(self, message: MessageRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Delete this message?"), "deleteDialog", parent)
        self._message, self._submit = message.message, submit
        told = self.tr(
            "Its words and files are destroyed here, and on every other device as soon as it is online. What somebody "
            "has read, saved or copied stays with them. That it was deleted stays visible."
        )
        self.body.addWidget(PlainLabel(told, "secondary", wrap=True))
        self.add_buttons(
            button(self.tr("Keep it"), "deleteCancel", "", self.reject),
            button(self.tr("Delete message"), "deleteConfirm", "danger", self._on_delete),
        )

    def _on_delete(self) -> None:
        self._submit(Retract(self._message))
        self.accept()
