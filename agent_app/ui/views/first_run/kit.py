"""The recovery kit on paper: two sheets to save or print, and four words of each typed back."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit

from agent_app.engine.events import news
from agent_app.ui import readable_copy, words
from agent_app.ui.dialogs.sheet import field_label
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import PlainLabel, button, column, restyle, row
from agent_app.ui.views.error_line import ErrorLine
from agent_app.ui.views.screens import Screen

_ACROSS = 5  # words in a row


class KitScreen(Screen):
    """Signals: `answered` with the words typed back; `skipped`. Nothing is on the disk unless the person saves it."""

    answered = Signal(tuple)
    skipped = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "shield", "kitScreen", 660)
        self._kit: news.KitMade | None = None
        self._fields: list[QLineEdit] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._error = ErrorLine("kitError")
        told = self.tr(
            "If the administrator’s key is lost, these two sheets make a new one. Give them to two people who keep "
            "them apart. One sheet alone opens nothing. Delete the files after printing."
        )
        self.card.addWidget(PlainLabel(self.tr("Recovery kit"), "heading", "kitTitle"))
        self.card.addWidget(PlainLabel(told, "secondary", wrap=True))
        self._saves = (
            button(self.tr("Save sheet 1…"), "kitSave1", "", lambda: self._choose(1)),
            button(self.tr("Save sheet 2…"), "kitSave2", "", lambda: self._choose(2)),
        )
        buttons = row(*self._saves)
        buttons.addStretch()
        self.card.addLayout(buttons)
        self.card.addWidget(PlainLabel(self.tr("Type these words back from the paper"), "caption-strong"))
        self.card.addLayout(self._grid)
        self.card.addWidget(self._error)
        foot = row(button(self.tr("Later"), "kitLater", "quiet", self.skipped.emit), spacing=10)
        foot.addStretch()
        foot.addWidget(button(self.tr("Confirm"), "kitConfirm", "primary", self._on_confirm))
        self.card.addLayout(foot)

    def show_kit(self, kit: news.KitMade) -> None:
        self.forget()
        self._kit = kit
        for index, (sheet, place) in enumerate(kit.asked):
            field = QLineEdit()
            field.setObjectName(f"kitWord{index}")
            field.setMaxLength(40)
            name = self.tr("Sheet {sheet}, word {place}").format(sheet=sheet, place=place)
            self._grid.addLayout(column(field_label(name, field), field, spacing=3), index // 4, index % 4)
            self._fields.append(field)
        self._error.clear()
        self._error.watch(*self._fields)

    def show_wrong(self, refused: news.KitRefused) -> None:
        for index, field in enumerate(self._fields):
            restyle(field, invalid="true" if index in refused.wrong else "false")
        if first := next((field for index, field in enumerate(self._fields) if index in refused.wrong), None):
            self._error.refuse(self.tr("The marked words are not on the sheets. Look at the paper again."), first)

    def forget(self) -> None:
        """The words must not stay in a window that nobody looks at."""
        self._kit = None
        self._error.clear()
        self._fields.clear()
        while (item := self._grid.takeAt(0)) is not None:
            while (inner := item.layout()) is not None and (part := inner.takeAt(0)) is not None:
                if (widget := part.widget()) is not None:
                    widget.deleteLater()

    def save(self, sheet: int, path: Path) -> None:
        """Writes one sheet as a PDF, because the person chose the place."""
        if self._kit is not None and not readable_copy.write(path, sheet_pdf(self._kit, sheet)):
            why = self.tr("The sheet cannot be written there. Choose another place.")
            self._error.refuse(why, self._saves[sheet - 1])

    def _choose(self, sheet: int) -> None:
        name = self.tr("recovery-sheet-{sheet}").format(sheet=sheet)
        chooser = QFileDialog(self, self.tr("Save sheet {sheet}").format(sheet=sheet), f"{name}.pdf")
        chooser.setObjectName("kitFileDialog")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(partial(self._on_chosen, sheet))
        chooser.open()

    def _on_chosen(self, sheet: int, path: str) -> None:
        self.save(sheet, Path(path))

    def _on_confirm(self) -> None:
        self.answered.emit(tuple(field.text() for field in self._fields))


def sheet_pdf(kit: news.KitMade, sheet: int) -> bytes:
    """One page A4, made in memory: the words of a sheet stand in no file that others can read."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(300)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(20, 20, 20, 20), QPageLayout.Unit.Millimeter)
    painter = QPainter(writer)
    _paint_sheet(painter, float(writer.width()), kit, sheet)
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def _paint_sheet(painter: QPainter, width: float, kit: news.KitMade, sheet: int) -> None:
    """Whose it is, what it is for, and 25 numbered words."""
    lines = (
        (22, words.tr("Sealdesk recovery kit, sheet {sheet} of 2").format(sheet=sheet)),
        (13, words.one_line(kit.clinic)),
        (10, words.tr("Fingerprint: {code}").format(code=kit.fingerprint)),
        (8, kit.address),
        (11, words.tr("Keep this sheet apart from the other one and from every computer. Alone it opens nothing.")),
        (11, words.tr("Both together make a new administrator’s key. In Sealdesk, choose Recover; or run:")),
        (11, "sealdesk-admin recover"),
    )
    y = 0.0
    for size, text in lines:
        y += _line(painter, QRectF(0, y, width, 400), size, text) + 30
    for place, word in enumerate(kit.sheets[sheet - 1]):
        box = QRectF(place % _ACROSS * width / _ACROSS, y + 60 + place // _ACROSS * 130, width / _ACROSS, 120)
        _line(painter, box, 13, f"{place + 1} {word}")


def _line(painter: QPainter, box: QRectF, size: int, text: str) -> float:
    font = QFont(painter.font())
    font.setPointSize(size)
    painter.setFont(font)
    flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWrapAnywhere if size == 8 else Qt.AlignmentFlag.AlignLeft
    drawn = painter.boundingRect(box, flags | Qt.TextFlag.TextWordWrap, text)
    painter.drawText(drawn, flags | Qt.TextFlag.TextWordWrap, text)
    return drawn.height()
