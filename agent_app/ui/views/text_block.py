"""Plain text, wrapped and painted. Nothing in it is interpreted, and each paragraph runs in its own direction."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTextCharFormat, QTextLayout, QTextOption

from agent_app.ui.views.direction import direction


class TextBlock:
    """Text laid out for a width, `bold` in the places named. `width` is at most the one asked for, all in pixels."""

    def __init__(self, text: str, font: QFont, width: float, bold: Iterable[tuple[int, int]] = ()) -> None:
        self.paragraphs: list[QTextLayout] = []
        self._tops: list[float] = []
        self.width = self.height = 0.0
        begins, places = 0, list(bold)
        for paragraph in text.split("\n"):
            marks = [(start - begins, end - begins) for start, end in places]
            self._add(paragraph.removesuffix("\r"), font, width, marks)
            begins += len(paragraph) + 1
        for layout in self.paragraphs:
            align(layout, self.width)

    def _add(self, paragraph: str, font: QFont, width: float, bold: list[tuple[int, int]]) -> None:
        layout = QTextLayout(paragraph, font)
        layout.setFormats([each for start, end in bold if (each := emphasis(paragraph, start, end, font))])
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(direction(paragraph))
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += line.height()
            self.width = max(self.width, line.naturalTextWidth())
        layout.endLayout()
        self.paragraphs.append(layout)
        self._tops.append(self.height)
        self.height += height

    def reach(self, reading: Qt.LayoutDirection) -> float:
        """How far the last line reaches, from the side where one begins to read: what stands beside it begins there."""
        lines = self.paragraphs[-1]
        last = lines.lineAt(lines.lineCount() - 1).naturalTextRect()
        return self.width - last.left() if reading is Qt.LayoutDirection.RightToLeft else last.right()

    def paint(self, painter: QPainter, corner: QPointF, colour: QColor) -> None:
        painter.setPen(QPen(colour))
        for layout, top in zip(self.paragraphs, self._tops, strict=True):
            layout.draw(painter, corner + QPointF(0, top))


def emphasis(text: str, start: int, end: int, font: QFont) -> QTextLayout.FormatRange | None:
    """What of `text` is to stand in bold; None where nothing of it is. Qt counts in UTF-16."""
    start, end = max(start, 0), min(end, len(text))
    if start >= end:
        return None
    made = QTextLayout.FormatRange()
    made.start, made.length = units(text[:start]), units(text[start:end])
    strong = QFont(font)
    strong.setWeight(QFont.Weight.DemiBold)
    made.format = QTextCharFormat()
    made.format.setFont(strong)
    return made


def units(text: str) -> int:
    """How many Qt counts in it: two for what stands beyond the first 65,536, such as emoji."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def align(layout: QTextLayout, width: float) -> None:
    """Right-to-left lines end at the right edge of `width`, which is known only after every line was laid out."""
    if layout.textOption().textDirection() != Qt.LayoutDirection.RightToLeft:
        return
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        line.setPosition(line.position() + QPointF(width - line.naturalTextRect().right(), 0))
