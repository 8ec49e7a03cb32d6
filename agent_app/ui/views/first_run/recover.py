"""A new administrator's key from both sheets of the recovery kit, on whatever workstation they are typed."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from agent_app.engine.commands import acts
from agent_app.engine.events import news
from agent_app.ui import words
from agent_app.ui.dialogs.administration import sheet_field, too_short
from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import PlainLabel, button, column, row
from agent_app.ui.views.error_line import OF_ADDRESS, ErrorLine
from agent_app.ui.views.screens import Screen


class RecoverScreen(Screen):
    """Signals: `wanted` with an act; `left`; `finished` once the new key is made and open."""

    wanted = Signal(object)
    left = Signal()
    finished = Signal()

    def __init__(self, theme: Theme, suggest: Callable[[], str]) -> None:
        super().__init__(theme, "shield", "recoverScreen", 660)
        self._suggest = suggest
        self._sheets = [sheet_field(f"recoverSheet{number}") for number in (1, 2)]
        self._address = QLineEdit()
        self._address.setObjectName("recoverAddress")
        self._address.setMaxLength(4096)
        self._address.setPlaceholderText("sealdesk-clinic:…")
        self._suggested = PlainLabel("", "words", "recoverPassphrase", wrap=True)
        self._written = QCheckBox(self.tr("I have written it down and locked it away"))
        self._written.setObjectName("recoverWritten")
        self._written.setAccessibleName(self._written.text())
        self._error = ErrorLine("recoverError")
        self._error.watch(*self._sheets, self._address, self._written)
        first, second = self._sheets
        self._faults: dict[str, QWidget] = {"": first, "kit.sheet-1": first, "kit.sheet-2": second}
        self._faults |= dict.fromkeys(OF_ADDRESS, self._address)
        self._done = PlainLabel("", "strong", "recoverDone", wrap=True)
        self._recover = button(self.tr("Make a new key"), "recoverBegin", "primary", self._on_recover)
        self._go_on = button(self.tr("Go on"), "recoverGoOn", "primary", self.finished.emit)
        self._asked, self._form = QWidget(), column(spacing=10)
        self._back = button(self.tr("Back"), "recoverBack", "quiet", self.left.emit)
        self._arrange()
        self.forget()

    def start(self, address: str) -> None:
        """`address` is the clinic's, where this workstation knows it; the sheets have it too."""
        self.forget()
        self._address.setText(address)
        self._suggested.setText(self._suggest())
        self._sheets[0].setFocus()

    def forget(self) -> None:
        """Both sheets together are every key: their words must not stay on a screen that nobody sees."""
        for sheet in self._sheets:
            sheet.setPlainText("")
        self._suggested.setText("")
        self._written.setChecked(False)
        self._error.clear()
        for part in (self._done, self._go_on):
            part.hide()
        for shown in (self._asked, self._back, self._recover):
            shown.show()
        self._recover.setEnabled(True)

    def show_recovered(self, recovered: news.AdministrationRecovered) -> None:
        """The words have done their work; the passphrase opens the new key for what comes next."""
        self.wanted.emit(acts.UnlockAdministration(self._suggested.text()))
        self.forget()
        told = self.tr(
            "{clinic} has a new administrator’s key. The old one counts for nothing any more, and every desk is told. "
            "The sheets stay valid: give them back to their keepers."
        )
        self._done.setText(told.format(clinic=words.one_line(recovered.clinic)))
        self._done.show()
        for part in (self._asked, self._back, self._recover):
            part.hide()
        self._go_on.show()
        self._go_on.setFocus()

    def show_failure(self, failed: news.ActFailed) -> None:
        self._recover.setEnabled(True)
        self._error.refuse(f"{failed.happened} {failed.means}", self._faults.get(failed.code, self._recover))

    def _on_recover(self) -> None:
        first, second = (sheet.toPlainText() for sheet in self._sheets)
        if (short := too_short(self._sheets)) is not None:
            self._error.refuse(*short)
        elif not self._written.isChecked():
            why = self.tr("Write the passphrase down first: nobody can tell it to you again.")
            self._error.refuse(why, self._written)
        else:
            self._error.clear()
            self._recover.setEnabled(False)
            address = self._address.text().strip()
            self.wanted.emit(acts.RecoverAdministration(first, second, address, self._suggested.text()))

    def _arrange(self) -> None:
        told = self.tr(
            "Both keepers come with their sheets. Type the words of each, without their numbers. A new key is made on "
            "this computer."
        )
        self.card.addWidget(PlainLabel(self.tr("Recover the administrator’s key"), "heading", "recoverTitle"))
        self._form.addWidget(PlainLabel(told, "secondary", wrap=True))
        beside = row(spacing=12)
        for number, sheet in enumerate(self._sheets, 1):
            label = field_label(self.tr("Words of sheet {sheet}").format(sheet=number), sheet)
            beside.addLayout(column(label, sheet, spacing=4))
        self._form.addLayout(beside)
        for part in (
            field_label(self.tr("Clinic address, as on the sheets"), self._address),
            self._address,
            PlainLabel(self.tr("The new key’s passphrase"), "caption-strong"),
            self._suggested,
            self._written,
            self._error,
        ):
            self._form.addWidget(part)
        self._asked.setLayout(self._form)
        self.card.addWidget(self._asked)
        self.card.addWidget(self._done)
        foot = row(self._back, spacing=10)
        foot.addStretch()
        foot.addWidget(self._recover)
        foot.addWidget(self._go_on)
        self.card.addLayout(foot)
