"""How a row of the transcript is painted, and what a click in it means."""

from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from agent_app.engine.events import Delivery, MessageRow
from agent_app.ui import words
from agent_app.ui.models.transcript import Placement, TranscriptModel
from agent_app.ui.theme import Theme, Type
from agent_app.ui.views.basics import paint_avatar, paint_icon
from agent_app.ui.views.direction import paint_elided, paint_line, visual
from agent_app.ui.views.shapes import paint_delivery, paint_progress, rounded
from agent_app.ui.views.text_block import TextBlock
from agent_app.ui.views.transcript_layout import RowLayout, Side, is_picture, lay_out, side

Index = QModelIndex | QPersistentModelIndex

_GROUNDS = {
    Side.MINE: ("mine", "on-mine", "mine-quiet"),
    Side.THEIRS: ("theirs", "on-theirs", "secondary"),
    Side.COLLEAGUE: ("colleague", "on-colleague", "secondary"),
    Side.NOTE: ("note", "on-note", "note-quiet"),
}


class Laid(NamedTuple):
    """What a layout was made of, and the layout: made anew only when one of these differs."""

    row: MessageRow
    placement: Placement
    picture: QImage | None
    width: int
    reading: Qt.LayoutDirection
    layout: RowLayout


class TranscriptDelegate(QStyledItemDelegate):
    """Paints bubbles, lines and separators. Lives on Qt's thread.

    Signals, each with the row: `retry_wanted` for a failed message, `file_wanted` for a file or a picture.
    """

    retry_wanted = Signal(object)
    file_wanted = Signal(object)

    def __init__(self, theme: Theme, model: TranscriptModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model
        self._laid: dict[bytes, Laid] = {}
        self.seed = b""  # what the patient's tint follows
        self.known = False  # whether the patient was checked: names and pictures stay hidden until then
        self.width = 600
        self.found = b""  # the message that somebody searched for

    def forget(self) -> None:
        """Drops every layout: they hold text."""
        self._laid.clear()

    def layout_of(self, index: Index, reading: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight) -> RowLayout:
        row, placement = self._model.row(index.row()), self._model.placement(index.row())
        picture = self._model.picture(row.message)
        laid = self._laid.get(row.message)
        if laid is not None and laid[:5] == (row, placement, picture, self.width, reading):
            return laid.layout
        layout = lay_out(row, placement, picture, self.known, self.width, self._theme, reading)
        if len(self._laid) > 1000:
            self._laid.clear()
        self._laid[row.message] = Laid(row, placement, picture, self.width, reading, layout)
        return layout

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, round(self.layout_of(index, option.direction).height))

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() != QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent):
            return False
        layout, row = self.layout_of(index, option.direction), self._model.row(index.row())
        spot = event.position() - QPointF(option.rect.topLeft())
        if layout.retry.contains(spot):
            self.retry_wanted.emit(row)
        elif layout.picture.contains(spot) or layout.file.contains(spot):
            self.file_wanted.emit(row)
        else:
            return False
        return True

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._model.row(index.row())
        layout = self.layout_of(index, option.direction)
        painter.save()
        painter.setLayoutDirection(option.direction)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(option.rect.topLeft())
        if layout.day:
            self._paint_divider(painter, QRectF(20, 12, self.width - 40, 20), layout.day, "border", "secondary")
        if not layout.new.isNull():
            self._paint_divider(painter, layout.new, self.tr("New"), "accent", "accent")
        if layout.doubt_text is not None:
            self._paint_doubt(painter, layout.doubt, layout.doubt_text)
        if row.kind != "event":
            self._paint_bubble(painter, row, layout, self._model.placement(index.row()))
        elif layout.text is not None:
            layout.text.paint(painter, layout.text_corner, self._theme.colour("secondary"))
        if option.state & QStyle.StateFlag.State_HasFocus or row.message == self.found:
            self._paint_focus(painter, layout.bubble)
        painter.restore()

    def _paint_divider(self, painter: QPainter, line: QRectF, text: str, edge: str, colour: str) -> None:
        """Words in the middle of a line across the view."""
        painter.setFont(self._theme.font(Type.CAPTION_STRONG))
        taken = painter.fontMetrics().horizontalAdvance(text) / 2 + 14
        painter.setPen(QPen(self._theme.colour(edge), 1))
        y, middle = round(line.center().y()) + 0.5, line.center().x()
        painter.drawLine(QPointF(line.left(), y), QPointF(middle - taken, y))
        painter.drawLine(QPointF(middle + taken, y), QPointF(line.right(), y))
        painter.setPen(self._theme.colour(colour))
        paint_line(painter, line, text, Qt.AlignmentFlag.AlignCenter)

    def _paint_doubt(self, painter: QPainter, box: QRectF, text: TextBlock) -> None:
        painter.setPen(QPen(self._theme.colour("warning"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(self._theme.colour("warning-soft"))
        painter.drawRoundedRect(box, 8, 8)
        reading = painter.layoutDirection()
        spot = visual(QRectF(box.left() + 11, box.center().y() - 8, 16, 16), box, reading)
        paint_icon(painter, self._theme, "warning", "on-warning-soft", spot)
        told = visual(QRectF(box.left() + 38, box.top() + 6, text.width, text.height), box, reading)
        text.paint(painter, told.topLeft(), self._theme.colour("on-warning-soft"))

    def _paint_bubble(self, painter: QPainter, row: MessageRow, layout: RowLayout, placement: Placement) -> None:
        whose = side(row)
        ground, text, quiet = (self._theme.colour(name) for name in _GROUNDS[whose])
        self._paint_author(painter, row, layout, whose)
        if row.kind == "deleted":
            ground, text, quiet = (self._theme.colour(name) for name in ("window", "secondary", "secondary"))
        self._paint_ground(painter, row, layout.bubble, ground, placement)
        if not layout.label.isNull():
            self._paint_label(painter, layout.label, quiet)
        if (picture := self._model.picture(row.message)) is not None and not layout.picture.isNull():
            self._paint_picture(painter, layout.picture, picture)
        if not layout.file.isNull():
            self._paint_file(painter, row, layout.file, text, quiet)
        if layout.text is not None:
            layout.text.paint(painter, layout.text_corner, text)
        self._paint_foot(painter, row, layout, quiet)

    def _paint_author(self, painter: QPainter, row: MessageRow, layout: RowLayout, whose: Side) -> None:
        if layout.avatar.isNull():
            return
        theirs = whose is Side.THEIRS
        seed = self.seed if theirs else row.author.encode()
        name = words.author(row, self._model.patient)
        paint_avatar(painter, layout.avatar, "" if theirs and not self.known else name, seed, self._theme)
        painter.setFont(self._theme.font(Type.CAPTION_STRONG))
        painter.setPen(self._theme.colour("secondary"))
        said = name if theirs else self.tr("{name} · clinic").format(name=name)
        paint_elided(painter, layout.author, said)

    def _paint_ground(
        self, painter: QPainter, row: MessageRow, bubble: QRectF, ground: QColor, placement: Placement
    ) -> None:
        failed = row.delivery is Delivery.FAILED
        edge = {"note": "note-border", "deleted": "outline"}.get(row.kind, "border")
        line = Qt.PenStyle.DashLine if row.kind == "deleted" else Qt.PenStyle.SolidLine
        pen = QPen(self._theme.colour("danger" if failed else edge), 2 if failed else 1, line)
        painter.setPen(Qt.PenStyle.NoPen if row.mine and not failed and row.kind in ("text", "file") else pen)
        painter.setBrush(ground)
        tight = 5.0  # the corner on the writer's side, where a group holds together
        above, below = (16.0 if placement.starts_group else tight), (16.0 if placement.ends_group else tight)
        on_right = row.mine is (painter.layoutDirection() is not Qt.LayoutDirection.RightToLeft)
        painter.drawPath(rounded(bubble, *((16.0, above, below, 16.0) if on_right else (above, 16.0, 16.0, below))))

    def _paint_label(self, painter: QPainter, area: QRectF, colour: QColor) -> None:
        reading = painter.layoutDirection()
        spot = visual(QRectF(area.left(), area.top(), 16, 16), area, reading)
        paint_icon(painter, self._theme, "note", "note-quiet", spot)
        painter.setFont(self._theme.font(Type.CAPTION_STRONG))
        painter.setPen(colour)
        paint_line(painter, visual(area.adjusted(20, 0, 20, 0), area, reading), self.tr("Internal note"))

    def _paint_picture(self, painter: QPainter, area: QRectF, picture: QImage) -> None:
        painter.save()
        path = QPainterPath()
        path.addRoundedRect(area, 10, 10)
        painter.setClipPath(path)
        painter.drawImage(area, picture)
        painter.restore()

    def _paint_file(self, painter: QPainter, row: MessageRow, area: QRectF, text: QColor, quiet: QColor) -> None:
        if row.file is None:
            return
        progress = self._model.progress(row.message)
        reading = painter.layoutDirection()
        tile = visual(QRectF(area.topLeft(), QSize(42, 42)), area, reading)
        shade = QColor(text)
        shade.setAlphaF(0.12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawRoundedRect(tile, 10, 10)
        glyph = "picture" if is_picture(row.file) else "file"
        colour = "on-mine" if row.mine else "secondary"
        spot = QRectF(0, 0, 24, 24)
        spot.moveCenter(tile.center())
        paint_icon(painter, self._theme, glyph, colour, spot)
        lines = visual(area.adjusted(54, 2, 0, -2), area, reading)
        painter.setFont(self._theme.font(Type.BODY_STRONG))
        painter.setPen(text)
        name = painter.fontMetrics().elidedText(
            words.one_line(row.file.name), Qt.TextElideMode.ElideMiddle, int(lines.width())
        )
        paint_line(painter, lines, name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        painter.setFont(self._theme.font(Type.CAPTION))
        painter.setPen(quiet)
        state = self._file_state(row, progress)
        paint_line(painter, lines, state, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        if progress is not None:
            paint_progress(painter, QRectF(area.left(), area.bottom() + 2, area.width(), 3), text, progress)

    def _file_state(self, row: MessageRow, progress: float | None) -> str:
        size = words.size(row.file.size) if row.file is not None else ""
        if progress is not None:
            return self.tr("{size} · {percent} %").format(size=size, percent=round(progress * 100))
        if not row.mine and not self.known:
            return self.tr("{size} · after the patient check").format(size=size)
        return size

    def _paint_foot(self, painter: QPainter, row: MessageRow, layout: RowLayout, quiet: QColor) -> None:
        painter.setFont(self._theme.font(Type.CAPTION))
        painter.setPen(quiet)
        paint_line(painter, layout.foot, words.clock_time(row.time))
        if row.mine:
            ticks = QRectF(layout.foot.right() - 17, layout.foot.center().y() - 4, 16, 8)
            ticks = visual(ticks, layout.foot, painter.layoutDirection())
            read = self._theme.colour("mine-read" if row.kind != "note" else "accent")
            paint_delivery(painter, ticks, row.delivery, quiet, read)
        if not layout.retry.isNull():
            self._paint_retry(painter, layout.retry)

    def _paint_retry(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(self._theme.font(Type.CAPTION_STRONG))
        painter.setPen(self._theme.colour("danger"))
        said = self.tr("Not sent · Retry")
        reading = painter.layoutDirection()
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        paint_line(painter, visual(area.adjusted(0, 0, -4, 0), area, reading), said, end)
        wide = painter.fontMetrics().horizontalAdvance(said)
        spot = visual(QRectF(area.right() - wide - 26, area.center().y() - 8, 16, 16), area, reading)
        paint_icon(painter, self._theme, "retry", "danger", spot)

    def _paint_focus(self, painter: QPainter, bubble: QRectF) -> None:
        painter.setPen(QPen(self._theme.colour("focus"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(bubble.adjusted(-3, -3, 3, 3), 18, 18)
