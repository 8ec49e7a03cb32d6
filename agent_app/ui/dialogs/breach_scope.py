"""The breach-scope report on the screen; saved as PDF or text, or printed. That it was made is in the audit log."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QPlainTextEdit, QWidget

from agent_app.engine.events import news
from agent_app.ui import readable_copy, words
from agent_app.ui.dialogs.sheet import Sheet
from agent_app.ui.views.basics import PlainLabel, announce, button
from agent_app.ui.views.error_line import ErrorLine


class BreachScopeDialog(Sheet):
    """Shows one report; what is saved is what stands there."""

    def __init__(self, report: news.BreachScopeReported, parent: QWidget) -> None:
        title = words.one_line(report.title)
        super().__init__(title, "breachScopeDialog", parent, 640)
        self._number = report.device[:4].hex()
        self.text = "\n\n".join((title, *map(words.one_line, report.lines))) + "\n"
        shown = QPlainTextEdit("\n\n".join(map(words.one_line, report.lines)))
        shown.setObjectName("breachScopeText")
        shown.setAccessibleName(title)
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setProperty("kind", "field")
        shown.setMinimumHeight(340)
        self._told = PlainLabel(
            self.tr("It names no patient. That it was made stands in this desk’s audit log."), "secondary", wrap=True
        )
        self._told.setObjectName("breachScopeTold")
        self.body.addWidget(shown)
        self.body.addWidget(self._told)
        self._error = ErrorLine("breachScopeError")
        self.body.addWidget(self._error)
        self._save = button(self.tr("Save as…"), "breachScopeSave", "primary", self._on_save)
        self.add_buttons(
            button(self.tr("Close"), "breachScopeClose", "", self.reject),
            button(self.tr("Print…"), "breachScopePrint", "", self._on_print),
            self._save,
        )

    def save(self, path: Path) -> None:
        """As PDF unless the name ends otherwise."""
        is_text = path.suffix.lower() == ".txt"
        content = self.text.encode() if is_text else readable_copy.pdf(self.text)
        if not readable_copy.write(path, content):
            told = self.tr("The file cannot be written there.")
            self._error.refuse(told + " " + self.tr("Choose another place, or make room there."), self._save)
        else:
            self._error.clear()
            self._told.setText(self.tr("Written to {path}").format(path=words.one_line(str(path))))
            announce(self._told, self._told.text(), urgent=False)

    def _on_save(self) -> None:
        chooser = QFileDialog(self, self.tr("Save the breach-scope report"))
        chooser.setObjectName("breachScopeFile")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilters([self.tr("PDF (*.pdf)"), self.tr("Text (*.txt)")])
        chooser.setDefaultSuffix("pdf")
        chooser.filterSelected.connect(lambda chosen: chooser.setDefaultSuffix("txt" if ".txt" in chosen else "pdf"))
        chooser.selectFile(self.tr("breach-scope-{number}").format(number=self._number))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        chooser.open()

    def _on_print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.tr("Report"))  # print queues keep names, and show them
        dialog = QPrintDialog(printer, self)
        dialog.setObjectName("breachScopePrinter")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: readable_copy.document(self.text).print_(printer))
        QDialog.open(dialog)
