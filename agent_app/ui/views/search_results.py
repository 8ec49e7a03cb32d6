"""The list of what a search found, in the conversation list's place while somebody searches."""

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem, QWidget

from agent_app.engine.events import ConversationRow, Hit
from agent_app.ui import words
from agent_app.ui.models.conversations import ROW
from agent_app.ui.models.search import Heading, SearchModel
from agent_app.ui.theme import Theme, Type
from agent_app.ui.views.conversation_delegate import HEIGHT, ConversationDelegate
from agent_app.ui.views.direction import direction, paint_elided, paint_line, visual
from agent_app.ui.views.text_block import align, emphasis, units

Index = QModelIndex | QPersistentModelIndex

_HEADING, _HIT = 36, 78
_LINES, _LINE = 2, 19  # of an excerpt, and the height of each
_MORE = "…"


class SearchDelegate(ConversationDelegate):
    """Conversations as the list has them; messages with the words that were found marked. Lives on Qt's thread."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(theme, parent)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry = index.data(ROW)
        height = _HEADING if isinstance(entry, Heading) else _HIT if isinstance(entry, Hit) else HEIGHT
        return QSize(200, self._theme.px(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(ROW)
        if isinstance(entry, ConversationRow):
            super().paint(painter, option, index)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(option.direction)
        if isinstance(entry, Heading):
            painter.setFont(self._theme.font(Type.CAPTION_STRONG))
            painter.setPen(self._theme.colour("secondary"))
            whole = QRectF(option.rect)
            paint_elided(painter, visual(whole.adjusted(18, 8, -12, 0), whole, option.direction), entry.text)
        elif isinstance(entry, Hit):
            self._paint_hit(painter, option, entry)
        painter.restore()

    def _paint_hit(self, painter: QPainter, option: QStyleOptionViewItem, hit: Hit) -> None:
        area = QRectF(option.rect).adjusted(8, 2, -8, -2)
        self._paint_ground(painter, area, option.state, marked=False)
        inside = visual(area.adjusted(10, 8, -12, -6), area, option.direction)
        self._paint_heading(painter, self._line(inside, 0, 18), words.one_line(hit.title), hit.time)
        self._paint_excerpt(painter, self._line(inside, 20, 2 * _LINE), hit)

    def _paint_excerpt(self, painter: QPainter, area: QRectF, hit: Hit) -> None:
        """Who said it stands before what was said; a note is told apart from what a patient can read."""
        said, shift = words.hit_line(hit)
        font = self._theme.font(Type.BODY)
        layout = QTextLayout(said, font)
        option = QTextOption()
        option.setTextDirection(direction(hit.excerpt))
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(list(self._marks(said, hit, shift)))
        more = QFontMetricsF(font).horizontalAdvance(_MORE)
        layout.beginLayout()
        for number in range(_LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(area.width() - (more if number == _LINES - 1 else 0))
            line.setPosition(QPointF(0, number * self._theme.px(_LINE)))
        layout.endLayout()
        align(layout, area.width())
        painter.setPen(self._theme.colour("secondary"))
        layout.draw(painter, area.topLeft())
        last = layout.lineAt(layout.lineCount() - 1)
        if last.textStart() + last.textLength() < units(said):
            painter.setFont(font)
            taken = last.naturalTextRect().translated(area.topLeft())
            rest = QRectF(taken.right(), taken.top(), more, taken.height())
            paint_line(painter, visual(rest, taken, option.textDirection()), _MORE, Qt.AlignmentFlag.AlignCenter)

    def _marks(self, text: str, hit: Hit, shift: int) -> Iterator[QTextLayout.FormatRange]:
        for start, end in hit.marks:
            if made := emphasis(text, start + shift, end + shift, self._theme.font(Type.BODY)):
                made.format.setForeground(self._theme.colour("on-found"))
                made.format.setBackground(self._theme.colour("found"))
                yield made


class SearchResults(QListView):
    """Lives on Qt's thread. Signals: `conversation_chosen`; `message_chosen` with (conversation, position)."""

    conversation_chosen = Signal(object)
    message_chosen = Signal(object, object)

    def __init__(self, theme: Theme, model: SearchModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchResults")
        self.setAccessibleName(self.tr("What was found"))
        self.setModel(model)
        self.setItemDelegate(SearchDelegate(theme, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self.choose)
        self.activated.connect(self.choose)
        theme.changed.connect(self.viewport().update)

    def choose(self, place: QModelIndex) -> None:
        """Opening is a view, which the audit log keeps: moving through the results opens nothing."""
        entry = place.data(ROW)
        if isinstance(entry, ConversationRow):
            self.conversation_chosen.emit(entry.conversation)
        elif isinstance(entry, Hit):
            self.message_chosen.emit(entry.conversation, entry.position)
