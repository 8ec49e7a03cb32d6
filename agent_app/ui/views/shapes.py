"""Shapes that are painted by hand: ticks, progress, a bubble's outline."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from agent_app.engine.events import Delivery
from agent_app.ui.views.direction import visual


def paint_tick(painter: QPainter, area: QRectF, colour: QColor, width: float) -> None:
    pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline(
        [
            QPointF(area.left(), area.center().y()),
            QPointF(area.left() + area.width() * 0.36, area.bottom()),
            QPointF(area.right(), area.top()),
        ]
    )


def paint_delivery(painter: QPainter, area: QRectF, state: Delivery, quiet: QColor, read: QColor) -> None:
    """A clock, a tick, two ticks, two coloured ticks, a mark: shape says it where colour does not."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    reading = painter.layoutDirection()
    last = visual(QRectF(area.right() - 10, area.top(), 10, area.height()), area, reading)
    round_one = visual(QRectF(area.right() - 11, area.top(), 11, area.height()), area, reading).center()
    match state:
        case Delivery.QUEUED:
            _paint_clock(painter, round_one, quiet)
        case Delivery.ACCEPTED:
            paint_tick(painter, last, quiet, 1.7)
        case Delivery.DELIVERED | Delivery.READ:
            colour, width = (read, 2.1) if state is Delivery.READ else (quiet, 1.7)
            for left in (area.right() - 16, area.right() - 10):
                paint_tick(painter, visual(QRectF(left, area.top(), 10, area.height()), area, reading), colour, width)
        case Delivery.FAILED:
            _paint_mark(painter, round_one, quiet)
        case Delivery.RECEIVED:
            pass


def _paint_clock(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.3))
    painter.drawEllipse(centre, 5.5, 5.5)
    painter.drawPolyline([centre - QPointF(0, 3), centre, centre + QPointF(2.4, 1.2)])


def _paint_mark(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawEllipse(centre, 6, 6)
    painter.drawLine(centre - QPointF(0, 3), centre + QPointF(0, 0.6))
    painter.drawPoint(centre + QPointF(0, 3.2))


def paint_progress(painter: QPainter, area: QRectF, colour: QColor, part: float) -> None:
    """`part` from 0 to 1, from the side where one begins to read."""
    shade = QColor(colour)
    shade.setAlphaF(0.2)
    painter.setPen(Qt.PenStyle.NoPen)
    for width, ground in ((area.width(), shade), (area.width() * part, colour)):
        painter.setBrush(ground)
        bar = visual(QRectF(area.left(), area.top(), width, area.height()), area, painter.layoutDirection())
        painter.drawRoundedRect(bar, 1.5, 1.5)


def rounded(area: QRectF, top_left: float, top_right: float, bottom_right: float, bottom_left: float) -> QPainterPath:
    """A rectangle whose corners are each as round as it says."""
    path = QPainterPath(QPointF(area.left() + top_left, area.top()))
    path.lineTo(area.right() - top_right, area.top())
    path.quadTo(area.topRight(), QPointF(area.right(), area.top() + top_right))
    path.lineTo(area.right(), area.bottom() - bottom_right)
    path.quadTo(area.bottomRight(), QPointF(area.right() - bottom_right, area.bottom()))
    path.lineTo(area.left() + bottom_left, area.bottom())
    path.quadTo(area.bottomLeft(), QPointF(area.left(), area.bottom() - bottom_left))
    path.lineTo(area.left(), area.top() + top_left)
    path.quadTo(area.topLeft(), QPointF(area.left() + top_left, area.top()))
    return path
