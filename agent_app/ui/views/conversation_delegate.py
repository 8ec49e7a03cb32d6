"""How a line of the conversation list is painted."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from agent_app.engine.events import ConversationRow, Status
from agent_app.ui import words
from agent_app.ui.models.conversations import DOING, ROW
from agent_app.ui.theme import Theme, Type
from agent_app.ui.views.basics import paint_avatar, paint_level
from agent_app.ui.views.direction import paint_elided, paint_line, visual

HEIGHT = 76
_AVATAR = 42
_END = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ConversationDelegate(QStyledItemDelegate):
    """Avatar with the level mark, title, when, preview, who has it, how much is unread. Lives on Qt's thread."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.marked = b""  # the conversation that is open

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, self._theme.px(HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(ROW)
        if not isinstance(row, ConversationRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(option.direction)
        area = QRectF(option.rect).adjusted(8, 2, -8, -2)
        self._paint_ground(painter, area, option.state, row.conversation == self.marked)
        inside = visual(area.adjusted(10, 10, -12, -10), area, option.direction)
        self._paint_person(painter, inside, row)
        text = visual(inside.adjusted(_AVATAR + 12, 0, 0, 0), inside, option.direction)
        self._paint_title(painter, text, row)
        self._paint_preview(painter, text, row, index.data(DOING))
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRectF, state: QStyle.StateFlag, marked: bool) -> None:
        if marked or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("selected" if marked else "hover"))
            painter.drawRoundedRect(area, 10, 10)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 9, 9)

    def _paint_person(self, painter: QPainter, inside: QRectF, row: ConversationRow) -> None:
        reading = painter.layoutDirection()
        circle = QRectF(inside.left(), round(inside.center().y() - _AVATAR / 2), _AVATAR, _AVATAR)
        circle = visual(circle, inside, reading)
        paint_avatar(painter, circle, row.title if row.level >= 2 else "", row.conversation, self._theme)
        mark = QRectF(circle.right() - 11, circle.bottom() - 12, 13, 13)
        paint_level(painter, visual(mark, circle, reading), min(max(row.level, 0), 3), self._theme)

    def _line(self, area: QRectF, top: int, height: int) -> QRectF:
        return QRectF(area.left(), area.top() + self._theme.px(top), area.width(), self._theme.px(height))

    def _paint_title(self, painter: QPainter, area: QRectF, row: ConversationRow) -> None:
        self._paint_heading(painter, self._line(area, 0, 18), words.one_line(row.title), row.time)

    def _paint_heading(self, painter: QPainter, line: QRectF, title: str, time: int) -> None:
        when = words.short_time(time, words.today()) if time else ""
        font = self._theme.font(Type.CAPTION)
        painter.setFont(font)
        painter.setPen(self._theme.colour("secondary"))
        paint_line(painter, line, when, _END)
        used = QFontMetricsF(font).horizontalAdvance(when)
        painter.setFont(self._theme.font(Type.BODY_STRONG))
        painter.setPen(self._theme.colour("text"))
        paint_elided(painter, self._before(painter, line, used + 8), title)

    def _before(self, painter: QPainter, line: QRectF, used: float) -> QRectF:
        """What of a line is left where its end is taken."""
        return visual(line.adjusted(0, 0, -used, 0), line, painter.layoutDirection())

    def _paint_preview(self, painter: QPainter, area: QRectF, row: ConversationRow, doing: str) -> None:
        line = self._line(area, 20, 18)
        used = self._paint_unread(painter, line, row.unread)
        painter.setFont(self._theme.font(Type.BODY_STRONG if row.unread else Type.BODY))
        painter.setPen(self._theme.colour("accent" if doing else "text" if row.unread else "secondary"))
        paint_elided(painter, self._before(painter, line, used), doing or words.one_line(row.preview))
        self._paint_standing(painter, self._line(area, 39, 16), row)

    def _paint_standing(self, painter: QPainter, line: QRectF, row: ConversationRow) -> None:
        waits = row.warning or row.status is Status.WAITING or row.waiting_since
        painter.setFont(self._theme.font(Type.CAPTION_STRONG if row.warning or row.mentioned else Type.CAPTION))
        painter.setPen(self._theme.colour("warning" if waits else "accent" if row.mine else "secondary"))
        paint_elided(painter, line, " · ".join(words.standing(row, words.now())))

    def _paint_unread(self, painter: QPainter, line: QRectF, unread: int) -> float:
        if not unread:
            return 0
        font = self._theme.font(Type.CAPTION_STRONG)
        text = str(unread) if unread < 100 else "99+"
        width = max(20, round(QFontMetricsF(font).horizontalAdvance(text)) + 12)
        pill = QRectF(line.right() - width, line.top() - 1, width, 20)
        pill = visual(pill, line, painter.layoutDirection())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(pill, 10, 10)
        painter.setFont(font)
        painter.setPen(self._theme.colour("on-accent"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        return width + 8
