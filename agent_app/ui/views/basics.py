"""Small widgets that every view is built from: one label class, one round picture, one icon button."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QFont, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStyle, QToolButton, QVBoxLayout, QWidget

from agent_app.ui import words
from agent_app.ui.theme import Theme, Type
from agent_app.ui.views.shapes import paint_tick

_TINTS = ("#2f6f8f", "#7a5ea8", "#a3563f", "#3f7d4e", "#8a6a1f", "#a24a72", "#4a63a8", "#54717a")


class PlainLabel(QLabel):
    """Text as it is: never markup, never a link, whoever wrote it. `kind` names a step of the type scale."""

    def __init__(self, text: str = "", kind: str = "body", name: str = "", wrap: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setProperty("type", kind)
        self.setWordWrap(wrap)
        if not wrap:  # Qt would put a line where its own language begins, away from what it belongs to
            start = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            self.setAlignment(QStyle.visualAlignment(self.layoutDirection(), start))
        self._urgent = kind == "error"
        self.setText(text)
        if name:
            self.setObjectName(name)

    def setText(self, text: str) -> None:
        """What went wrong in a form is also said, since the focus stands elsewhere."""
        if self._urgent and text and text != self.text():
            announce(self, text, urgent=True)
        super().setText(text)


def announce(widget: QWidget, text: str, *, urgent: bool) -> None:
    """A screen reader says it, wherever the focus is; at once where it is urgent."""
    said = QAccessibleAnnouncementEvent(widget, text)
    kinds = QAccessible.AnnouncementPoliteness
    said.setPoliteness(kinds.Assertive if urgent else kinds.Polite)
    QAccessible.updateAccessibility(said)


def paint_icon(painter: QPainter, theme: Theme, name: str, colour: str, place: QRectF) -> None:
    """On whole pixels of the screen: at a density of 1.5 every other place lies between two of them, and would blur."""
    pixmap = theme.icon(name, colour, round(place.width()), painter.device().devicePixelRatio())
    to_screen = painter.deviceTransform()
    corner = to_screen.map(place.topLeft()).toPoint().toPointF()
    painter.drawPixmap(to_screen.inverted()[0].map(corner), pixmap)


class Glyph(QWidget):
    """An icon that is only looked at: the words beside it say the same."""

    def __init__(self, theme: Theme, name: str, colour: str, size: int) -> None:
        super().__init__()
        self._theme, self.icon, self.colour = theme, name, colour
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, self._theme, self.icon, self.colour, self.rect().toRectF())
        painter.end()


class IconButton(QToolButton):
    """A button that is only an icon; its words are its tooltip and its accessible name."""

    SIZE = 20

    def __init__(self, theme: Theme, icon: str, label: str, name: str, colour: str = "secondary") -> None:
        super().__init__()
        self._theme, self._icon_name, self._colour = theme, icon, colour
        self.setObjectName(name)
        self.setToolTip(label)
        self.setAccessibleName(label)
        self.setIconSize(QSize(self.SIZE, self.SIZE))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._draw)
        self._draw()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.DevicePixelRatioChange):  # it may stand on another screen
            self._draw()
        return super().event(event)

    def show_icon(self, name: str) -> None:
        if name != self._icon_name:
            self._icon_name = name
            self._draw()

    @property
    def drawn(self) -> tuple[str, str]:
        """The icon's name, and the name of its colour as the button stands now."""
        return self._icon_name, self._colour if self.isEnabled() else "outline"

    def _draw(self) -> None:
        icon, density = QIcon(), self.devicePixelRatioF()
        for mode, colour in ((QIcon.Mode.Normal, self._colour), (QIcon.Mode.Disabled, "outline")):
            icon.addPixmap(self._theme.icon(self._icon_name, colour, self.SIZE, density), mode)
        self.setIcon(icon)


def button(
    label: str, name: str, kind: str = "", pressed: Callable[[], object] | None = None, spoken: str = ""
) -> QPushButton:
    """A push button with a stable name. `kind` is "primary", "danger", "quiet", "tab" or "" for the plain one."""
    made = QPushButton(label)
    made.setObjectName(name)
    made.setAccessibleName(spoken or label)
    made.setProperty("kind", kind)
    made.setAutoDefault(kind == "primary")
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if pressed is not None:
        made.clicked.connect(lambda _checked=False: pressed())
    return made


def column(*parts: QWidget, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    made = QVBoxLayout()
    made.setSpacing(spacing)
    made.setContentsMargins(*margins)
    for part in parts:
        made.addWidget(part)
    return made


def row(*parts: QWidget, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    made = QHBoxLayout()
    made.setSpacing(spacing)
    made.setContentsMargins(*margins)
    for part in parts:
        made.addWidget(part)
    return made


def framed(name: str, inside: QVBoxLayout | QHBoxLayout) -> QFrame:
    made = QFrame()
    made.setObjectName(name)
    made.setLayout(inside)
    return made


def restyle(widget: QWidget, **properties: object) -> None:
    """Sets properties that the stylesheet selects by, and lets it look again where one differs, at the children too."""
    changed = {name: value for name, value in properties.items() if widget.property(name) != value}
    if not changed:
        return
    for name, value in changed.items():
        widget.setProperty(name, value)
    for part in (widget, *widget.findChildren(QWidget)):
        part.style().unpolish(part)
        part.style().polish(part)


class Avatar(QWidget):
    """A round picture with a person's initials, or a neutral figure while who they are is hidden."""

    def __init__(self, theme: Theme, diameter: int = 40) -> None:
        super().__init__()
        self._theme = theme
        self._title, self._seed, self._known = "", b"", False
        self.setFixedSize(diameter, diameter)
        theme.changed.connect(self.update)

    def show_person(self, title: str, seed: bytes, known: bool) -> None:
        self._title, self._seed, self._known = title, seed, known
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_avatar(painter, QRectF(self.rect()), self._title if self._known else "", self._seed, self._theme)
        painter.end()


def paint_avatar(painter: QPainter, rect: QRectF, title: str, seed: bytes, theme: Theme) -> None:
    """`title` empty draws the neutral figure. The tint follows `seed`, so a person keeps theirs."""
    letters = words.initials(title)
    tint = _tint(seed, theme) if letters else theme.colour("outline")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawEllipse(rect)
    if letters:
        font = QFont(theme.font(Type.BODY_STRONG))
        font.setPixelSize(round(rect.width() * 0.38))
        painter.setFont(font)
        painter.setPen(theme.colour("surface") if theme.contrast else QColor("#ffffff"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letters)
    else:
        _paint_figure(painter, rect, theme.colour("surface"))
    painter.restore()


def _tint(seed: bytes, theme: Theme) -> QColor:
    return theme.colour("text") if theme.contrast else QColor(_TINTS[sum(seed) % len(_TINTS)])


def _paint_figure(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    unit, centre = rect.width(), rect.center()
    painter.setBrush(colour)
    painter.drawEllipse(centre - QPointF(0, unit * 0.12), unit * 0.15, unit * 0.15)
    shoulders = QRectF(0, 0, unit * 0.52, unit * 0.42)
    shoulders.moveCenter(centre + QPointF(0, unit * 0.27))
    painter.drawChord(shoulders, 0, 180 * 16)


def paint_level(painter: QPainter, rect: QRectF, level: int, theme: Theme) -> None:
    """The level mark: an empty ring, a half, a full disc, and a disc with a tick. Shape says it as well as colour."""
    colour = theme.colour(("secondary", "warning", "accent", "accent")[level])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("surface"))
    painter.drawEllipse(rect.adjusted(-2, -2, 2, 2))
    painter.setPen(colour)
    painter.drawEllipse(rect)
    painter.setBrush(colour)
    if level == 1:
        painter.drawChord(rect, -90 * 16, -180 * 16)
    elif level >= 2:
        painter.drawEllipse(rect)
    if level == 3:
        paint_tick(painter, rect.adjusted(3, 3, -3, -3), theme.colour("on-accent"), 1.6)
    painter.restore()
