"""Canned replies: added, changed, deleted; a few are offered to begin with."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from agent_app.engine.commands import REPLY_TITLE, Command, DeleteReply, LoadReplies, SaveReply
from agent_app.engine.events import Event, RepliesLoaded, ReplyRow
from agent_app.ui import words
from agent_app.ui.dialogs.form import Form
from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.placeholders import NAMES
from agent_app.ui.starters import STARTERS
from agent_app.ui.views.basics import PlainLabel, announce, button, column, row
from agent_app.ui.views.editor import PlainTextField

_ROW = Qt.ItemDataRole.UserRole


class RepliesDialog(Form):
    """A list, and the reply that is chosen in it. Lives on Qt's thread."""

    def __init__(self, submit: Callable[[Command], None], parent: QWidget) -> None:
        super().__init__(self.tr("Canned replies"), "repliesDialog", submit, parent, 760)
        self._id = b""  # of the one that is shown; empty while it is a new one
        self._list = self._make_list()
        self._title = QLineEdit()
        self._title.setObjectName("replyTitle")
        self._title.setMaxLength(REPLY_TITLE)
        self._english, self._spanish = self._field("replyEnglish"), self._field("replySpanish")
        self._state = PlainLabel("", "strong", "replyState", wrap=True)
        self._add = button(self.tr("New reply"), "replyAdd", "", self._on_add)
        self._starters = button(self.tr("Add the starters"), "replyStarters", "quiet", self._on_starters)
        self._delete = button(self.tr("Delete"), "replyDelete", "danger", self._on_delete)
        self._save = button(self.tr("Save"), "replySave", "primary", self._on_save)
        self._lay_out()
        self.error.watch(self._title, self._english, self._spanish)
        self.faults = {
            "": self._title,
            "reply.title": self._title,
            "reply.english": self._english,
            "reply.spanish": self._spanish,
        }
        self._on_add()
        submit(LoadReplies())

    def receive(self, event: Event) -> None:
        if isinstance(event, RepliesLoaded):
            self._fill(event.rows, event.saved)
        super().receive(event)

    def done_with(self) -> None:
        """The list is told anew."""

    def _lay_out(self) -> None:
        placeholders = ", ".join(f"{{{name}}}" for name in NAMES)
        told = self.tr(
            "Type / in the composer to insert one. {placeholders} are filled in; anything else in braces is asked for. "
            "They stay on this device."
        ).replace("{placeholders}", placeholders)
        self.body.addWidget(PlainLabel(told, "secondary", "repliesHint", wrap=True))
        right = column(spacing=6)
        for label, field in (
            (self.tr("Title"), self._title),
            (self.tr("English"), self._english),
            (self.tr("Español"), self._spanish),
        ):
            right.addWidget(field_label(label, field))
            right.addWidget(field)
        right.addWidget(self._state)
        both = row(spacing=16)
        both.addLayout(column(self._list, self._add, self._starters, spacing=8))
        both.addLayout(right, 1)
        self.body.addLayout(both)
        self.add_buttons(self._delete, button(self.tr("Close"), "repliesClose", "", self.reject), self._save)

    def _make_list(self) -> QListWidget:
        made = QListWidget()
        made.setObjectName("repliesList")
        made.setAccessibleName(self.tr("Canned replies"))
        made.setFixedWidth(220)
        made.setMinimumHeight(240)
        made.currentItemChanged.connect(self._on_chosen)
        return made

    def _field(self, name: str) -> PlainTextField:
        made = PlainTextField()
        made.setObjectName(name)
        made.setTabChangesFocus(True)
        made.setProperty("kind", "field")
        made.setFixedHeight(92)
        return made

    def _fill(self, rows: tuple[ReplyRow, ...], saved: bytes) -> None:
        """The one that was just saved is shown, or the one that was; what is being written stays."""
        done = isinstance(self.request.command, SaveReply) and bool(saved)  # and not a starter
        if done:
            self._id = saved
        self._list.blockSignals(True)
        self._list.clear()
        for one in rows:
            item = QListWidgetItem(words.one_line(one.title), self._list)
            item.setData(_ROW, one)
            if one.reply == self._id:
                self._list.setCurrentItem(item)
        self._list.blockSignals(False)
        self._starters.setVisible(not rows)
        if done:
            self._state.setText(self.tr("Saved."))
            announce(self._state, self._state.text(), urgent=False)
        elif self._id and self._id not in {one.reply for one in rows}:
            self._on_add()
        self._judge()

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        chosen = item.data(_ROW) if item is not None else None
        if isinstance(chosen, ReplyRow):
            self._show_reply(chosen)

    def _show_reply(self, shown: ReplyRow) -> None:
        self._id = shown.reply
        self._title.setText(shown.title)
        self._english.setPlainText(shown.english)
        self._spanish.setPlainText(shown.spanish)
        self._state.setText("")
        self._judge()

    def _on_add(self) -> None:
        self._list.setCurrentRow(-1)
        self._show_reply(ReplyRow(b"", "", "", ""))
        self._title.setFocus()

    def _on_save(self) -> None:
        texts = self._title.text(), self._english.toPlainText(), self._spanish.toPlainText()
        self._state.setText("")
        if not texts[0].strip():
            self.error.refuse(self.tr("Give the reply a title."), self._title)
        elif not any(text.strip() for text in texts[1:]):
            self.error.refuse(self.tr("Write the reply in English or in Spanish."), self._english)
        else:
            self.ask(SaveReply(self._id, *texts), self._save)

    def _on_starters(self) -> None:
        spanish = QLocale().language() is QLocale.Language.Spanish
        for title, titulo, english, spoken in STARTERS:
            self._submit(SaveReply(b"", titulo if spanish else title, english, spoken))

    def _on_delete(self) -> None:
        self.ask(DeleteReply(self._id), self._delete)

    def _judge(self) -> None:
        self._delete.setEnabled(bool(self._id))
