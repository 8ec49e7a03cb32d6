"""A transcript's rows as pixels."""

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from agent_app.engine.events import MessageRow, TranscriptLoaded
from agent_app.ui.models.transcript import TranscriptModel
from agent_app.ui.theme import Theme
from agent_app.ui.views.transcript_delegate import TranscriptDelegate
from agent_app.ui.views.transcript_layout import RowLayout
from tests.ui.samples import conversation_id

WIDTH = 700
ARABIC = "هل يمكنني تغيير موعدي إلى يوم الخميس؟"


class Painted:
    """A transcript of the given rows, painted row by row, for who reads from the left unless told otherwise."""

    def __init__(
        self,
        theme: Theme,
        *rows: MessageRow,
        known: bool = True,
        reading: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight,
    ) -> None:
        self.reading = reading
        self.model = TranscriptModel()
        self.model.open(conversation_id())
        self.model.load(TranscriptLoaded(conversation_id(), rows, True, True))
        self.delegate = TranscriptDelegate(theme, self.model)
        self.model.patient = "Maria Lopez"
        self.delegate.known, self.delegate.width = known, WIDTH

    def layout(self, place: int = 0) -> RowLayout:
        return self.delegate.layout_of(self.model.index(place), self.reading)

    def option(self) -> QStyleOptionViewItem:
        made = QStyleOptionViewItem()
        made.direction = self.reading
        return made

    def height(self, place: int = 0) -> int:
        return self.delegate.sizeHint(self.option(), self.model.index(place)).height()

    def image(self, place: int = 0, density: float = 1.0) -> QImage:
        option = self.option()
        option.rect = QRect(0, 0, WIDTH, self.height(place))
        made = blank(option.rect.size() * density)
        made.setDevicePixelRatio(density)
        painter = QPainter(made)
        self.delegate.paint(painter, option, self.model.index(place))
        painter.end()
        return made

    def press(self, spot: QPointF, place: int = 0) -> bool:
        option = self.option()
        option.rect = QRect(0, 0, WIDTH, self.height(place))
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(QEvent.Type.MouseButtonRelease, spot, spot, left, left, none)
        return self.delegate.editorEvent(event, self.model, option, self.model.index(place))


def blank(size: QSize) -> QImage:
    made = QImage(size, QImage.Format.Format_RGB32)
    made.fill(QColor("#123456"))
    return made


def ink(image: QImage, ground: QColor) -> QRect:
    """The smallest rectangle outside which everything is `ground`."""
    pixels = memoryview(image.convertToFormat(QImage.Format.Format_RGB32).constBits()).cast("I")
    wide, high, plain = image.width(), image.height(), ground.rgb()
    rows = [y for y in range(high) if pixels[y * wide : (y + 1) * wide].tolist() != [plain] * wide]
    columns = [x for x in range(wide) if pixels[x::wide].tolist() != [plain] * high]
    return QRect(columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1) if rows else QRect()
