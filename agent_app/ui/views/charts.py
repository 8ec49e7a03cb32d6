"""A chart of bars, painted by hand. Whoever cannot see it has the same figures in the table beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from agent_app.ui.theme import Theme, Type
from agent_app.ui.views.direction import paint_elided, paint_line, visual

_LEFT, _TOP, _RIGHT, _BOTTOM = 64.0, 14.0, 12.0, 26.0
_WIDEST = 44.0


@dataclass(frozen=True, slots=True)
class Bar:
    """`height` is filled, the lowest `part` of it hatched; `mark` is a line across. All in the chart's own unit."""

    label: str
    spoken: str
    height: float
    part: float = 0
    mark: float | None = None


class BarChart(QWidget):
    """Lives on Qt's thread. Left and Right walk over the bars and say each; so does the mouse.

    What differs, differs in shape: solid, hatched, a line. Colour carries nothing alone.
    """

    def __init__(self, theme: Theme, name: str, label: str, unit: Callable[[float], str]) -> None:
        super().__init__()
        self._theme, self._unit = theme, unit
        self._bars: tuple[Bar, ...] = ()
        self._steps: tuple[float, ...] = (0, 1)
        self._chosen = -1
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(190)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(520, 220)

    def show_bars(self, bars: Sequence[Bar], steps: tuple[float, ...]) -> None:
        """`steps` are the values that the lines behind stand for, from 0 to above the highest bar."""
        self._bars, self._steps, self._chosen = tuple(bars), steps, -1
        self.setAccessibleDescription("")
        self.update()

    @property
    def chosen(self) -> Bar | None:
        return self._bars[self._chosen] if 0 <= self._chosen < len(self._bars) else None

    # Keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._bars:
            super().keyPressEvent(event)
            return
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            step = -step
        self._choose(min(max(self._chosen + step, 0), len(self._bars) - 1))
        spot = self.mapToGlobal(self._slot(self._chosen).center().toPoint())
        QToolTip.showText(spot, self._spoken(), self)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = next((at for at in range(len(self._bars)) if self._slot(at).contains(event.position())), -1)
        if found != self._chosen:
            self._choose(found)
            QToolTip.showText(event.globalPosition().toPoint(), self._spoken(), self)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._choose(-1)

    def _choose(self, place: int) -> None:
        self._chosen = place
        self.setAccessibleDescription(self._spoken())
        self.update()

    def _spoken(self) -> str:
        return self.chosen.spoken if self.chosen is not None else ""

    # Painting

    def _plot(self) -> QRectF:
        whole = QRectF(self.rect())
        return visual(whole.adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM), whole, self.layoutDirection())

    def _slot(self, place: int) -> QRectF:
        """The whole column of a bar, from the right where one reads from the right."""
        plot = self._plot()
        wide = plot.width() / max(len(self._bars), 1)
        column = QRectF(plot.left() + place * wide, plot.top(), wide, plot.height())
        return visual(column, plot, self.layoutDirection())

    def _y(self, value: float) -> float:
        plot = self._plot()
        return plot.bottom() - plot.height() * min(value / self._steps[-1], 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(Type.CAPTION))
        self._paint_lines(painter)
        for place, bar in enumerate(self._bars):
            self._paint_bar(painter, place, bar)
        self._paint_labels(painter)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    def _paint_lines(self, painter: QPainter) -> None:
        plot = self._plot()
        for value in self._steps:
            y = round(self._y(value)) + 0.5
            painter.setPen(QPen(self._theme.colour("border" if value else "outline"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(self._theme.colour("secondary"))
            area = visual(QRectF(6, y - 9, _LEFT - 14, 18), QRectF(self.rect()), self.layoutDirection())
            paint_line(painter, area, self._unit(value), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _paint_bar(self, painter: QPainter, place: int, bar: Bar) -> None:
        slot = self._slot(place)
        if place == self._chosen:
            painter.fillRect(slot, self._theme.colour("hover"))
        wide = min(max(slot.width() * 0.68, 1.5), _WIDEST)
        left = slot.center().x() - wide / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent"))
        top, middle = self._y(bar.height), self._y(bar.part)
        painter.drawRect(QRectF(left, top, wide, middle - top))
        if bar.part:
            self._paint_hatched(painter, QRectF(left, middle, wide, self._y(0) - middle))
        if bar.mark is not None:
            self._paint_mark(painter, QPointF(slot.center().x(), self._y(bar.mark)), wide, top)

    def _paint_mark(self, painter: QPainter, middle: QPointF, wide: float, top: float) -> None:
        """Above a bar on a stem; on a bar inside a seam, or it would be lost in the dark of it."""
        reach = QPointF(wide / 2 + 2, 0)
        if middle.y() < top:
            painter.setPen(QPen(self._theme.colour("text"), 1))
            painter.drawLine(middle, QPointF(middle.x(), top))
        for colour, width in (("window", 6.0), ("text", 2.5)):
            painter.setPen(QPen(self._theme.colour(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(middle - reach, middle + reach)

    def _paint_hatched(self, painter: QPainter, area: QRectF) -> None:
        colour = QColor(self._theme.colour("accent"))
        painter.setPen(QPen(colour, 1))
        painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))
        painter.drawRect(area)

    def _paint_labels(self, painter: QPainter) -> None:
        """As many as fit, evenly."""
        if not self._bars:
            return
        painter.setPen(self._theme.colour("secondary"))
        slot = self._slot(0).width()
        widest = max(painter.fontMetrics().horizontalAdvance(bar.label) for bar in self._bars) + 14
        named = all(bar.label for bar in self._bars) and len(self._bars) <= 8
        every = 1 if named else max(round(widest / slot + 0.5), 1)
        for place in range(0, len(self._bars), every):
            around = self._slot(place)
            area = QRectF(around.center().x() - slot * every / 2, around.bottom() + 4, slot * every, 18)
            paint_elided(painter, area, self._bars[place].label, Qt.AlignmentFlag.AlignCenter)


def count_steps(highest: float) -> tuple[float, ...]:
    """Four to five lines at 1, 2 or 5 times a power of ten."""
    return _steps(highest, [base * 10**power for power in range(9) for base in (1, 2, 5)])


def span_steps(highest: float) -> tuple[float, ...]:
    """As `count_steps`, in milliseconds at what a clock counts by."""
    minutes = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400, 43200, 144000, 525600)
    return _steps(highest, [minute * 60_000 for minute in minutes])


def _steps(highest: float, sizes: Sequence[int]) -> tuple[float, ...]:
    step = next((size for size in sizes if size * 5 >= highest), sizes[-1])
    lines = max(-(-int(highest) // step), 1)
    return tuple(step * line for line in range(min(lines, 12) + 1))
