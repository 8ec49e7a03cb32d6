"""Whose conversation it is: name and identifiers, as they stand in the clinic's records."""

import re
from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from agent_app.engine.commands import Command, LabelPatient
from agent_app.engine.events import ConversationRow
from agent_app.ui import words
from agent_app.ui.dialogs.form import Form
from agent_app.ui.dialogs.invite import NAME_LIMIT, name_refusal
from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.views.basics import PlainLabel, button
from agent_app.ui.views.birth_date import BirthDateField

_PHONE = re.compile(r"[0-9]{4,20}")
_BETWEEN_DIGITS = re.compile(r"[\s().+/-]+")


class LabelDialog(Form):
    """Writes down who the team takes the patient for. That says nothing yet of whether it is them: the check does."""

    def __init__(self, conversation: ConversationRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Whose conversation is this?"), "labelDialog", submit, parent, 480)
        self._conversation = conversation.conversation
        known = dict(conversation.identifiers)
        shown = conversation.title if conversation.level >= 2 else ""
        self._name = self._field("labelName", words.one_line(shown))
        self._birth = BirthDateField("labelBirthDate", known.get("birth-date", ""))
        self._phone = self._field("labelPhone", known.get("phone", ""))
        self.error.watch(self._name, self._birth, self._phone)
        self.faults = {
            "": self._name,
            "limit.exceeded": self._name,
            "birth-date.refused": self._birth,
            "phone.refused": self._phone,
        }
        told = self.tr(
            "The team sees it; the patient does not. It shows once the patient has been checked, and the check "
            "compares what they say with it."
        )
        self.body.addWidget(PlainLabel(told, "secondary", wrap=True))
        for text, field in (
            (self.tr("Name"), self._name),
            (self.tr("Birth date"), self._birth),
            (self.tr("Phone number"), self._phone),
        ):
            self.body.addWidget(field_label(text, field))
            self.body.addWidget(field)
            if field is self._birth:
                self.body.addWidget(self._birth.told)
        self._save = button(self.tr("Save"), "labelSave", "primary", self._on_save)
        self.add_buttons(button(self.tr("Cancel"), "labelCancel", "", self.reject), self._save)
        self._name.setFocus()

    def _field(self, name: str, text: str) -> QLineEdit:
        made = QLineEdit(text)
        made.setObjectName(name)
        made.setMaxLength(NAME_LIMIT)
        return made

    def _on_save(self) -> None:
        name, birth = " ".join(self._name.text().split()), self._birth.text().strip()
        phone = _BETWEEN_DIGITS.sub("", self._phone.text())
        if not name or len(name.encode()) > NAME_LIMIT:
            self.error.refuse(name_refusal(name), self._name)
        elif phone and not _PHONE.fullmatch(phone):
            self.error.refuse(self.tr("Write the phone number in digits."), self._phone)
        elif birth and (why := self._birth.refusal()):
            self.error.refuse(why, self._birth)
        else:
            self.ask(LabelPatient(self._conversation, name, self._birth.written, phone), self._save)
