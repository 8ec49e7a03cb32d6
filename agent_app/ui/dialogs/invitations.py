"""The invitations that may still be used: show one again, or cancel it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from agent_app.engine.commands import CancelInvitation, Command, ListInvitations
from agent_app.engine.events import Event, InvitationChanged, InvitationRow, InvitationsLoaded
from agent_app.ui import words
from agent_app.ui.dialogs.form import Form
from agent_app.ui.dialogs.invite import state_words
from agent_app.ui.views.basics import PlainLabel, button

_ROW = Qt.ItemDataRole.UserRole


class InvitationsDialog(Form):
    """Lives on Qt's thread. Signal: `show_wanted` with an invitation's id."""

    show_wanted = Signal(bytes)

    def __init__(self, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Open invitations"), "invitationsDialog", submit, parent, 760)
        self._table = QTreeWidget()
        self._table.setObjectName("invitationsTable")
        self._table.setAccessibleName(self.tr("Open invitations"))
        self._table.setHeaderLabels([self.tr("Name"), self.tr("Reason"), self.tr("Valid until"), self.tr("State")])
        self._table.setRootIsDecorated(False)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setMinimumHeight(220)
        self.faults = {"": self._table, "invitation.invalid": self._table}
        self._table.currentItemChanged.connect(lambda *_: self._judge())
        self._table.itemActivated.connect(lambda *_: self._on_show())
        self._none = PlainLabel(
            self.tr("No invitation is open. Invite a patient with Ctrl+N."), "secondary", "invitationsNone", wrap=True
        )
        self._none.hide()
        self._show_again = button(self.tr("Show link and code"), "invitationsShow", "primary", self._on_show)
        self._cancel = button(self.tr("Cancel invitation"), "invitationsCancel", "danger", self._on_cancel)
        self.body.addWidget(self._table)
        self.body.addWidget(self._none)
        self.add_buttons(self._cancel, button(self.tr("Close"), "invitationsClose", "", self.reject), self._show_again)
        self._judge()
        submit(ListInvitations())

    def done_with(self) -> None:
        """The list is told anew."""

    def receive(self, event: Event) -> None:
        super().receive(event)
        match event:
            case InvitationsLoaded(rows):
                self._fill(rows)
            case InvitationChanged():
                self._submit(ListInvitations())
            case _:
                pass

    def _fill(self, rows: tuple[InvitationRow, ...]) -> None:
        chosen = self._chosen()
        self._table.clear()
        for row in rows:
            item = QTreeWidgetItem(
                [words.one_line(row.name), words.one_line(row.reason), words.full_time(row.expires), state_words(row)]
            )
            item.setData(0, _ROW, row)
            self._table.addTopLevelItem(item)
            if self._table.topLevelItemCount() == 1 or (chosen and row.invitation == chosen.invitation):
                self._table.setCurrentItem(item)
        for place in range(4):
            self._table.resizeColumnToContents(place)
        self._table.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._judge()

    def _chosen(self) -> InvitationRow | None:
        item = self._table.currentItem()
        row = item.data(0, _ROW) if item else None
        return row if isinstance(row, InvitationRow) else None

    def _judge(self) -> None:
        """A colleague's invitation is listed, since its tries are counted here; only its issuer shows or ends it."""
        row = self._chosen()
        for each in (self._show_again, self._cancel):
            each.setEnabled(row is not None and row.mine)

    def _on_show(self) -> None:
        row = self._chosen()
        if row is not None and row.mine:
            self.accept()
            self.show_wanted.emit(row.invitation)

    def _on_cancel(self) -> None:
        row = self._chosen()
        if row is not None and row.mine:
            self.ask(CancelInvitation(row.invitation), self._cancel)
