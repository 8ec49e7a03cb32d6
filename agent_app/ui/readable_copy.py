"""A conversation that leaves the desk to be read: as text, as PDF, or on paper. The engine records each."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QBuffer, QFileDevice, QIODevice, QMarginsF, QObject, QSaveFile, Qt, Signal
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from agent_app.engine import commands, events
from agent_app.engine.events import ConversationCopied, ConversationExported, Notice, Severity
from agent_app.ui import words


class ReadableCopy(QObject):
    """Lives on Qt's thread, and keeps of a copy nothing. Signal: `notice_raised` with a Notice."""

    notice_raised = Signal(object)

    def __init__(self, submit: Callable[[commands.Command], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._submit = submit
        self._wanted: tuple[bytes, Callable[[str], None]] | None = None  # of which conversation, and what to do with it

    @property
    def _window(self) -> QWidget:
        """Asked for, not kept: two that hold one another outlive a lock until a collection comes by."""
        return cast("QWidget", self.parent())

    def export(self, conversation: bytes) -> None:
        """To where somebody says: the copy can be read by whoever has the file."""
        chooser = QFileDialog(self._window, self.tr("Export this conversation so that people can read it"))
        chooser.setObjectName("exportConversationDialog")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilters([self.tr("PDF (*.pdf)"), self.tr("Text (*.txt)")])
        chooser.setDefaultSuffix("pdf")
        chooser.filterSelected.connect(lambda chosen: chooser.setDefaultSuffix("txt" if ".txt" in chosen else "pdf"))
        chooser.selectFile(self.tr("conversation"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda chosen: self._on_file(conversation, Path(chosen)))
        chooser.open()

    def print(self, conversation: bytes) -> None:
        """Asks for a printer first: what is not printed is not recorded as if it were."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.tr("Conversation"))  # print queues keep names, and show them
        dialog = QPrintDialog(printer, self._window)
        dialog.setObjectName("conversationPrint")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_to(printer, conversation))
        QDialog.open(dialog)

    def print_to(self, printer: QPrinter, conversation: bytes) -> None:
        self._wanted = (conversation, lambda text: document(text).print_(printer))
        self._submit(commands.CopyConversation(conversation, "print"))

    def receive(self, event: events.Event) -> None:
        if isinstance(event, ConversationExported):
            self._say_written(event.path)
        elif isinstance(event, ConversationCopied) and self._wanted is not None:
            wanted, use = self._wanted
            if wanted == event.conversation:
                self._wanted = None
                use(event.text)

    def _on_file(self, conversation: bytes, path: Path) -> None:
        if path.suffix.lower() == ".pdf":
            self._wanted = (conversation, lambda text: self._write(path, text))
            self._submit(commands.CopyConversation(conversation, "export"))
        else:
            self._submit(commands.ExportConversation(conversation, path))

    def _write(self, path: Path, text: str) -> None:
        if not write(path, pdf(text)):
            means = self.tr("The file cannot be written there.")
            action = self.tr("Choose another place, or make room there.")
            self.notice_raised.emit(Notice(Severity.WARNING, self.tr("The copy was not written."), means, action))
        else:
            self._say_written(path)

    def _say_written(self, path: Path) -> None:
        happened = self.tr("Written to {path}").format(path=words.one_line(str(path)))
        means = self.tr("Whoever has this file can read it.")
        action = self.tr("Hand it over, then delete it.")
        self.notice_raised.emit(Notice(Severity.INFORMATION, happened, means, action))


def write(path: Path, content: bytes) -> bool:
    """The whole file or none, for nobody else to read. Answers whether it is written: why not, the system would say in
    a language of its own."""
    file = QSaveFile(str(path))
    owner = QFileDevice.Permission.ReadOwner | QFileDevice.Permission.WriteOwner
    if not (file.open(QIODevice.OpenModeFlag.WriteOnly) and file.setPermissions(owner)):
        return False
    file.write(content)
    return file.commit()


def document(text: str) -> QTextDocument:
    """Plain text, whoever wrote it: never markup, so nothing in it is fetched."""
    made = QTextDocument()
    made.setDefaultFont(QFont("Noto Sans", 10))
    made.setPlainText(text)
    return made


def pdf(text: str) -> bytes:
    """A4, numbered pages."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(18, 18, 18, 18),
            QPageLayout.Unit.Millimeter,
        )
    )
    document(text).print_(writer)
    buffer.close()
    return bytes(buffer.data().data())
