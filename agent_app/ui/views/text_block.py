"""Plain text, wrapped and painted. Nothing in it is interpreted, and each paragraph runs in its own direction."""

from unicodedata import bidirectional

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTextLayout, QTextOption


class TextBlock:
    """Text laid out for a width. `size` is what it takes: `width` at most the one asked for, all in pixels."""

    def __init__(self, text: str, font: QFont, width: float) -> None:
        self._lines: list[QTextLayout] = []
        self._tops: list[float] = []
        self.width = self.height = 0.0
        for paragraph in text.split("\n"):
            self._add(paragraph, font, width)
        for layout in self._lines:
            _align(layout, self.width)

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

    @property
    def last_width(self) -> float:
        """How far the last line reaches: what is written beside it begins there."""
        last = self._lines[-1]
        return last.lineAt(last.lineCount() - 1).naturalTextRect().right()

    def paint(self, painter: QPainter, corner: QPointF, colour: QColor) -> None:
        painter.setPen(QPen(colour))
        for layout, top in zip(self._lines, self._tops, strict=True):
            layout.draw(painter, corner + QPointF(0, top))


def direction(text: str) -> Qt.LayoutDirection:
    """That of the first character which has one."""
    return Qt.LayoutDirection.RightToLeft if _is_right_to_left(text) else Qt.LayoutDirection.LeftToRight


def _is_right_to_left(text: str) -> bool:
    strong = (bidirectional(letter) for letter in text)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


def _align(layout: QTextLayout, width: float) -> None:
    """Right-to-left lines end at the block's right edge, which is known only after every line was laid out."""
    if layout.textOption().textDirection() != Qt.LayoutDirection.RightToLeft:
        return
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        line.setPosition(line.position() + QPointF(width - line.naturalTextRect().right(), 0))
