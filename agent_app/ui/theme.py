"""Colours, type and stylesheet: one set for light and one for dark, following the system."""

import re
import sys
import tomllib
from enum import Enum

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from agent_app.ui import resources

_LINUX_FACES = ("Inter", "Cantarell", "Ubuntu", "Noto Sans")
_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "hover",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "secondary",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on-accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
}


class Type(Enum):
    """The type scale: pixels (independent of the screen's density) and weight."""

    CAPTION = (12, QFont.Weight.Normal)
    CAPTION_STRONG = (12, QFont.Weight.DemiBold)
    BODY = (14, QFont.Weight.Normal)
    BODY_STRONG = (14, QFont.Weight.DemiBold)
    TITLE = (17, QFont.Weight.DemiBold)
    HEADING = (24, QFont.Weight.DemiBold)
    DISPLAY = (34, QFont.Weight.DemiBold)


class Theme(QObject):
    """Owns the application's palette, font and stylesheet. Lives on Qt's thread.

    `changed` is raised after the system turned dark or light; whoever paints or holds icons looks again.
    """

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self._application = application
        self._colours: dict[str, QColor] = {}
        self._icons: dict[tuple[str, str, int], QIcon] = {}
        self._fonts: dict[Type, QFont] = {}
        application.setStyle("Fusion")
        application.setFont(_face(application.font()))
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._on_scheme_changed)
        self._apply(hints.colorScheme() == Qt.ColorScheme.Dark)

    @property
    def dark(self) -> bool:
        return self._dark

    def set_dark(self, dark: bool) -> None:
        """Turns dark or light, as the system does of its own accord."""
        self._apply(dark)
        self.changed.emit()

    def colour(self, name: str) -> QColor:
        """A colour by the name it has in resources/styles; KeyError for a name that is not there."""
        return self._colours[name]

    def font(self, kind: Type) -> QFont:
        if kind not in self._fonts:
            self._fonts[kind] = QFont(self._application.font())
            self._fonts[kind].setPixelSize(kind.value[0])
            self._fonts[kind].setWeight(kind.value[1])
        return self._fonts[kind]

    def icon(self, name: str, colour: str = "secondary", size: int = 20) -> QIcon:
        """An icon of resources/icons in one of the theme's colours, sharp at one, two and three times its size."""
        key = (name, colour, size)
        if key not in self._icons:
            icon = QIcon()
            for scale in (1, 2, 3):
                icon.addPixmap(self._pixmap(name, colour, size, scale))
                icon.addPixmap(self._pixmap(name, "outline", size, scale), QIcon.Mode.Disabled)
            self._icons[key] = icon
        return self._icons[key]

    def _pixmap(self, name: str, colour: str, size: int, scale: int) -> QPixmap:
        drawing = resources.read("icons", f"{name}.svg").replace("currentColor", self.colour(colour).name())
        pixmap = QPixmap(QSize(size, size) * scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, size * scale, size * scale))
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        self.set_dark(scheme == Qt.ColorScheme.Dark)

    def _apply(self, dark: bool) -> None:
        self._dark = dark
        self._icons.clear()
        tokens: dict[str, str] = tomllib.loads(resources.read("styles", "dark.toml" if dark else "light.toml"))
        self._colours = {name: QColor(value) for name, value in tokens.items()}
        palette = QPalette()
        for role, name in _ROLES.items():
            palette.setColor(role, self.colour(name))
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, self.colour("secondary"))
        self._application.setPalette(palette)
        sheet = re.sub(r"@([a-z-]+)", lambda found: tokens[found[1]], resources.read("styles", "desk.qss"))
        self._application.setStyleSheet(sheet)


def _face(font: QFont) -> QFont:
    """macOS and Windows have a good face of their own; a bare Linux screen offers DejaVu, too wide to read calmly."""
    chosen = QFont(font)
    if sys.platform == "linux":
        installed = set(QFontDatabase.families())
        if face := next((name for name in _LINUX_FACES if name in installed), None):
            chosen.setFamilies([face, *font.families()])
    chosen.setPixelSize(Type.BODY.value[0])
    return chosen
