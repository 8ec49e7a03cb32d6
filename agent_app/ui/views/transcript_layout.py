"""Where everything of one transcript row stands. Geometry only; the delegate paints it and finds clicks in it."""

from dataclasses import dataclass, field, fields
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage

from agent_app.engine.events import Delivery, FileRow, MessageRow
from agent_app.ui import words
from agent_app.ui.models.transcript import Placement
from agent_app.ui.theme import Theme, Type
from agent_app.ui.views.direction import visual
from agent_app.ui.views.text_block import TextBlock

SIDE = 20  # from the view's edge to avatars and bubbles
AVATAR = 32
INDENT = AVATAR + 10  # bubbles of others leave room for the avatar
PAD_X, PAD_Y = 13, 9
WIDEST = 580  # longer lines tire the eye
PICTURE = QSize(300, 300)
FILE_TILE = 42
FILE_WIDTH = 300
TICKS = 18
_DAY_HEIGHT, _NEW_HEIGHT = 44, 32
_GROUP_GAP, _ROW_GAP = 12, 3


class Side(Enum):
    """Whose a bubble is; each has a ground of its own."""

    MINE = "mine"
    THEIRS = "theirs"
    COLLEAGUE = "colleague"
    NOTE = "note"


@dataclass(slots=True)
class RowLayout:
    """Rectangles in the row's own coordinates; those that a row lacks are null."""

    height: float
    day: str = ""
    new: QRectF = field(default_factory=QRectF)  # the line above what was not read
    doubt: QRectF = field(default_factory=QRectF)  # what is not as it should be with the message below
    doubt_text: TextBlock | None = None
    bubble: QRectF = field(default_factory=QRectF)
    avatar: QRectF = field(default_factory=QRectF)
    author: QRectF = field(default_factory=QRectF)
    label: QRectF = field(default_factory=QRectF)  # "Internal note"
    picture: QRectF = field(default_factory=QRectF)
    file: QRectF = field(default_factory=QRectF)
    text: TextBlock | None = None
    text_corner: QPointF = field(default_factory=QPointF)
    foot: QRectF = field(default_factory=QRectF)  # time and ticks
    retry: QRectF = field(default_factory=QRectF)

    def turn(self, width: int) -> None:
        """For reading from the right: everything on the other side of a view of this width."""
        whole, reading = QRectF(0, 0, width, self.height), Qt.LayoutDirection.RightToLeft
        for each in fields(self):
            part = getattr(self, each.name)
            if isinstance(part, QRectF) and not part.isNull():
                setattr(self, each.name, visual(part, whole, reading))
        if self.text is not None:
            self.text_corner.setX(width - self.text_corner.x() - self.text.width)


def side(row: MessageRow) -> Side:
    if row.kind == "note":
        return Side.NOTE
    if row.mine:
        return Side.MINE
    return Side.THEIRS if row.by_patient else Side.COLLEAGUE


def is_picture(file: FileRow | None) -> bool:
    return file is not None and file.media_type in ("image/jpeg", "image/png", "image/webp", "image/gif")


def lay_out(
    row: MessageRow,
    placement: Placement,
    picture: QImage | None,
    pictures: bool,
    width: int,
    theme: Theme,
    reading: Qt.LayoutDirection,
) -> RowLayout:
    """`pictures` says whether pictures may be shown at all; `width` and `reading` are the view's."""
    top = _DAY_HEIGHT if placement.starts_day else _GROUP_GAP if placement.starts_group else _ROW_GAP
    new = _NEW_HEIGHT if placement.starts_new else 0
    day = ""
    if placement.starts_day:
        day = words.day_name(words.local_date(row.time), words.today())
    doubt, doubt_text = _lay_out_doubt(row, float(top + new), width, theme)
    new_and_doubt = new + (doubt.height() + 8 if doubt_text else 0)
    if row.kind == "event":
        made = _lay_out_line(row, (top if placement.starts_day else _ROW_GAP) + new_and_doubt, width, theme)
    else:
        shown = picture if pictures else None
        made = _lay_out_bubble(row, placement, shown, top + new_and_doubt, width, theme, reading)
    made.doubt, made.doubt_text = doubt, doubt_text
    if new:
        made.new = QRectF(SIDE, (_DAY_HEIGHT if day else _ROW_GAP) + 4, width - 2 * SIDE, 20)
    made.day = day
    if reading is Qt.LayoutDirection.RightToLeft:
        made.turn(width)
    return made


def _lay_out_line(row: MessageRow, top: float, width: int, theme: Theme) -> RowLayout:
    """A line across the middle: something that happened."""
    text = TextBlock(words.content(row), theme.font(Type.CAPTION), min(WIDEST, width - 2 * SIDE - 60))
    bubble = QRectF(0, top + 4, text.width + 28, text.height + 12)
    bubble.moveLeft((width - bubble.width()) / 2)
    corner = QPointF(bubble.left() + 14, bubble.top() + 6)
    return RowLayout(bubble.bottom() + 4, bubble=bubble, text=text, text_corner=corner)


def _lay_out_doubt(row: MessageRow, top: float, width: int, theme: Theme) -> tuple[QRectF, TextBlock | None]:
    if not row.doubt:
        return QRectF(), None
    text = TextBlock(words.one_line(row.doubt), theme.font(Type.CAPTION_STRONG), min(WIDEST, width - 2 * SIDE - 60))
    box = QRectF(0, top + 4, text.width + 52, text.height + 12)
    box.moveLeft((width - box.width()) / 2)
    return box, text


def _lay_out_bubble(
    row: MessageRow,
    placement: Placement,
    picture: QImage | None,
    top: float,
    width: int,
    theme: Theme,
    reading: Qt.LayoutDirection,
) -> RowLayout:
    made = RowLayout(0)
    room = min(WIDEST, (width - 2 * SIDE - INDENT) * 0.8) - 2 * PAD_X
    if placement.starts_group and not row.mine:
        made.author = QRectF(SIDE + INDENT + 2, top, width - 2 * SIDE - INDENT, 18)
        made.avatar = QRectF(SIDE, top + 20, AVATAR, AVATAR)
        top += 20
    inside, y = _stack(made, row, picture, room, theme, reading)
    bubble = QRectF(0, top, inside + 2 * PAD_X, y + PAD_Y)
    bubble.moveLeft(width - SIDE - bubble.width() if row.mine else SIDE + INDENT)
    _move_into(made, bubble)
    made.bubble = bubble
    made.height = bubble.bottom() + 1
    if row.delivery is Delivery.FAILED:
        made.retry = QRectF(width - SIDE - 220, bubble.bottom() + 3, 220, 22)
        made.height = made.retry.bottom() + 2
    return made


def _stack(
    made: RowLayout, row: MessageRow, picture: QImage | None, room: float, theme: Theme, reading: Qt.LayoutDirection
) -> tuple[float, float]:
    """Stacks a bubble's parts from its own corner; returns the widest part and the height so far."""
    y, widest = float(PAD_Y), 0.0
    if row.kind == "note":
        made.label = QRectF(0, y, 126, 17)
        y, widest = y + 20, 126.0
    if picture is not None:
        shown = picture.deviceIndependentSize()
        made.picture = QRectF(0, y, shown.width(), shown.height())
        y, widest = made.picture.bottom() + 6, max(widest, made.picture.width())
    elif row.file is not None and row.kind == "file":
        made.file = QRectF(0, y, min(FILE_WIDTH, room), FILE_TILE)
        y, widest = made.file.bottom() + 6, max(widest, made.file.width())
    foot = foot_width(row, theme)
    text = row.text if row.kind == "file" else words.content(row)
    if text:
        made.text = TextBlock(text, theme.font(Type.BODY), room, row.mentions)
        made.text_corner = QPointF(0, y)
        y, widest = y + made.text.height, max(widest, made.text.width)
        beside = made.text.reach(reading) + 12 + foot
        if beside <= room:  # a short last line keeps the time beside it
            widest = max(widest, beside)
            y -= 17
    widest = max(widest, foot)
    made.foot = QRectF(widest - foot, y, foot, 16)
    return widest, y + 16


def foot_width(row: MessageRow, theme: Theme) -> float:
    width = QFontMetricsF(theme.font(Type.CAPTION)).horizontalAdvance(words.clock_time(row.time))
    return width + (TICKS + 4 if row.mine else 0)


def _move_into(made: RowLayout, bubble: QRectF) -> None:
    corner = QPointF(bubble.left() + PAD_X, bubble.top())
    for part in (made.label, made.picture, made.file, made.foot):
        part.translate(corner)
    made.text_corner += corner
