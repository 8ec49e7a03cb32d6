"""Plain text, wrapped and painted. Nothing in it is interpreted, and each paragraph runs in its own direction."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTextLayout, QTextOption

from agent_app.ui.views.direction import direction


class TextBlock:
    """Text laid out for a width. `size` is what it takes: `width` at most the one asked for, all in pixels."""

    def __init__(self, text: str, font: QFont, width: float) -> None:
        self._lines: list[QTextLayout] = []
        self._tops: list[float] = []
        self.width = self.height = 0.0
        for paragraph in text.split("\n"):
            self._add(paragraph, font, width)
        for layout in self._lines:
            align(layout, self.width)

    def _add(self, paragraph: str, font: QFont, width: float) -> None:
        layout = QTextLayout(paragraph, font)
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
        self._lines.append(layout)
        self._tops.append(self.height)
        self.height += height

    def reach(self, reading: Qt.LayoutDirection) -> float:
        """How far the last line reaches, from the side where one begins to read: what stands beside it begins there."""
        lines = self._lines[-1]
        last = lines.lineAt(lines.lineCount() - 1).naturalTextRect()
        return self.width - last.left() if reading is Qt.LayoutDirection.RightToLeft else last.right()

    def paint(self, painter: QPainter, corner: QPointF, colour: QColor) -> None:
        painter.setPen(QPen(colour))
        for layout, top in zip(self._lines, self._tops, strict=True):
            layout.draw(painter, corner + QPointF(0, top))


def align(layout: QTextLayout, width: float) -> None:
    """Right-to-left lines end at the right edge of `width`, which is known only after every line was laid out."""
    if layout.textOption().textDirection() != Qt.LayoutDirection.RightToLeft:
        return
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        line.setPosition(line.position() + QPointF(width - line.naturalTextRect().right(), 0))
