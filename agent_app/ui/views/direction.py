"""Reading from the right: where a part stands, and how a line of text runs.

Rows are laid out as for reading from the left, and turned here. Who reads from the right sees avatars, bubbles and
marks on the other side; what somebody wrote runs in its own direction, whatever the window's.
"""

from unicodedata import bidirectional

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

_START = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def direction(text: str) -> Qt.LayoutDirection:
    """That of the first character which has one."""
    return Qt.LayoutDirection.RightToLeft if _is_right_to_left(text) else Qt.LayoutDirection.LeftToRight


def _is_right_to_left(text: str) -> bool:
    strong = (bidirectional(letter) for letter in text)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


def visual(part: QRectF, whole: QRectF, reading: Qt.LayoutDirection) -> QRectF:
    """`part` of `whole`, on the other side where one reads from the right. As QStyle.visualRect, which rounds."""
    if reading is not Qt.LayoutDirection.RightToLeft:
        return part
    turned = QRectF(part)
    turned.moveLeft(whole.left() + whole.right() - part.right())
    return turned


def paint_line(painter: QPainter, area: QRectF, text: str, place: Qt.AlignmentFlag = _START) -> None:
    """One line of text. `place` is meant for reading from the left, and turned as the painter's direction says."""
    run = Qt.TextFlag.TextForceRightToLeft if _is_right_to_left(text) else Qt.TextFlag.TextForceLeftToRight
    turned = QStyle.visualAlignment(painter.layoutDirection(), place) | Qt.AlignmentFlag.AlignAbsolute
    painter.drawText(area, int(turned) | int(run) | int(Qt.TextFlag.TextSingleLine), text)


def paint_elided(painter: QPainter, area: QRectF, text: str, place: Qt.AlignmentFlag = _START) -> None:
    """As `paint_line`, with the end of what does not fit left out."""
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
    paint_line(painter, area, shown, place)
