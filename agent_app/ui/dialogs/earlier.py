"""Sends what a patient said on an earlier phone to the one that they have now."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from agent_app.engine.commands import Command, ListEarlier, SendHistory
from agent_app.engine.events import ConversationRow, EarlierLoaded, Event
from agent_app.ui import words
from agent_app.ui.dialogs.form import Form
from agent_app.ui.views.basics import PlainLabel, button

_ROW = Qt.ItemDataRole.UserRole


class EarlierDialog(Form):
    """Offers what the engine would send, and nothing else."""

    def __init__(self, conversation: ConversationRow, submit: Callable[[Command], None], parent: QWidget) -> None:
        name = words.one_line(conversation.title)
        title = self.tr("Send {name}’s earlier messages to this phone").format(name=name)
        super().__init__(title, "earlierDialog", submit, parent, 640)
        self._conversation = conversation.conversation
        told = self.tr(
            "This phone is sent what the patient and the clinic wrote in the conversation that you choose. The team’s "
            "notes stay here. The earlier phone will be told, also where it is blocked or in other hands. The audit "
            "log keeps that you sent them."
        )
        self._table = self._make_table()
        self.faults = {"": self._table}
        self._none = PlainLabel(
            self.tr(
                "Nothing can be sent: no other conversation that is whole on this workstation has the same name and "
                "date of birth."
            ),
            "secondary",
            "earlierNone",
            wrap=True,
        )
        self._none.hide()
        self._send = button(self.tr("Send"), "earlierConfirm", "primary", self._on_send)
        self._send.setEnabled(False)
        self.body.addWidget(PlainLabel(told, "secondary", "earlierTold", wrap=True))
        self.body.addWidget(self._table)
        self.body.addWidget(self._none)
        self.add_buttons(button(self.tr("Cancel"), "earlierCancel", "", self.reject), self._send)
        submit(ListEarlier(self._conversation))

    def receive(self, event: Event) -> None:
        super().receive(event)
        if isinstance(event, EarlierLoaded) and event.conversation == self._conversation:
            self._fill(event.rows)

    def _make_table(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setObjectName("earlierTable")
        made.setAccessibleName(self.tr("Earlier conversations"))
        made.setHeaderLabels([self.tr("Last message"), self.tr("State"), self.tr("Preview")])
        made.setRootIsDecorated(False)
        made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        made.setMinimumHeight(160)
        made.itemSelectionChanged.connect(lambda: self._send.setEnabled(bool(made.selectedItems())))
        return made

    def _fill(self, rows: tuple[ConversationRow, ...]) -> None:
        self._table.clear()
        for row in rows:
            state = self.tr("Blocked") if row.blocked else words.status(row)
            item = QTreeWidgetItem([words.full_time(row.time), state, words.one_line(row.preview)])
            item.setData(0, _ROW, row.conversation)
            self._table.addTopLevelItem(item)
            if len(rows) == 1:
                self._table.setCurrentItem(item)
        for place in range(2):
            self._table.resizeColumnToContents(place)
        self._table.setVisible(bool(rows))
        self._none.setVisible(not rows)

    def _on_send(self) -> None:
        """A row that has the focus is not yet one that somebody chose."""
        for chosen in self._table.selectedItems():
            self.ask(SendHistory(self._conversation, chosen.data(0, _ROW)), self._send)
