"""Colours, type and stylesheet: light or dark, each with high contrast too, as the system asks or somebody chose."""

import re
import sys
import tomllib
from enum import Enum, StrEnum
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from agent_app.ui import resources

_LINUX_FACES = ("Inter", "Cantarell", "Ubuntu", "Noto Sans")
_POINTING = {"send"}  # icons that point to where one writes on
_OTHER = {"left": "right", "right": "left"}
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


class Look(StrEnum):
    """A set of colours by its file's name in resources/styles, or whichever the system asks for."""

    SYSTEM = ""
    LIGHT = "light"
    DARK = "dark"
    CONTRAST_LIGHT = "contrast-light"
    CONTRAST_DARK = "contrast-dark"


class TextSize(StrEnum):
    """In percent of the usual size. The screen's own scale comes on top, from Qt."""

    NORMAL = "100"
    LARGE = "125"
    LARGEST = "150"


class Theme(QObject):
    """Owns the application's palette, font and stylesheet. Lives on Qt's thread.

    `changed` is raised after the colours have changed; whoever paints or holds icons looks again. The text's size
    holds for the theme's life: layouts are made for it.
    """

    changed = Signal()

    def __init__(self, application: QApplication, look: Look = Look.SYSTEM, size: TextSize = TextSize.NORMAL) -> None:
        super().__init__()
        self._application = application
        self._chosen, self._scale = look, int(size) / 100
        self._colours: dict[str, QColor] = {}
        self._icons: dict[tuple[str, str, int, float], QPixmap] = {}
        self._fonts: dict[Type, QFont] = {}
        application.setStyle("Fusion")
        application.setFont(_face(application.font(), self.px(Type.BODY.value[0])))
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._on_hint_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_hint_changed)
        self._apply(look or self._asked_for())

    @property
    def look(self) -> Look:
        """What is shown: never SYSTEM."""
        return self._look

    @property
    def dark(self) -> bool:
        return self._look in (Look.DARK, Look.CONTRAST_DARK)

    @property
    def contrast(self) -> bool:
        return self._look in (Look.CONTRAST_LIGHT, Look.CONTRAST_DARK)

    def choose(self, look: Look) -> None:
        self._chosen = look
        self._apply(look or self._asked_for())
        self.changed.emit()

    def set_dark(self, dark: bool) -> None:
        """Turns dark or light, as the system does of its own accord."""
        self.choose(Look.DARK if dark else Look.LIGHT)

    def px(self, pixels: int) -> int:
        """A measure that grows with the text."""
        return round(pixels * self._scale)

    def colour(self, name: str) -> QColor:
        """A colour by the name it has in resources/styles; KeyError for a name that is not there."""
        return self._colours[name]

    def font(self, kind: Type) -> QFont:
        if kind not in self._fonts:
            self._fonts[kind] = QFont(self._application.font())
            self._fonts[kind].setPixelSize(self.px(kind.value[0]))
            self._fonts[kind].setWeight(kind.value[1])
        return self._fonts[kind]

    def icon(self, name: str, colour: str, size: int, density: float) -> QPixmap:
        """An icon of resources/icons in one of the theme's colours, drawn for the screen's `density`: any other picture
        of it would be stretched, and blurred. A `size` that four divides is whole at 1.25 and 1.5 too."""
        key = (name, colour, size, density)
        if key not in self._icons:
            self._icons[key] = self._pixmap(name, colour, round(size * density))
            self._icons[key].setDevicePixelRatio(density)
        return self._icons[key]

    def _pixmap(self, name: str, colour: str, side: int) -> QPixmap:
        drawing = resources.read("icons", f"{name}.svg").replace("currentColor", self.colour(colour).name())
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        if name in _POINTING and self._application.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(pixmap.width(), 0)
            painter.scale(-1, 1)
        QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side, side))
        painter.end()
        return pixmap

    def _asked_for(self) -> Look:
        hints = self._application.styleHints()
        dark = hints.colorScheme() == Qt.ColorScheme.Dark
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return Look.CONTRAST_DARK if dark else Look.CONTRAST_LIGHT
        return Look.DARK if dark else Look.LIGHT

    def _on_hint_changed(self) -> None:
        if self._chosen is Look.SYSTEM:
            self.choose(Look.SYSTEM)

    def _apply(self, look: Look) -> None:
        self._look = look
        self._icons.clear()
        tokens: dict[str, str] = tomllib.loads(resources.read("styles", f"{look.value}.toml"))
        self._colours = {name: QColor(value) for name, value in tokens.items()}
        palette = QPalette()
        for role, name in _ROLES.items():
            palette.setColor(role, self.colour(name))
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, self.colour("secondary"))
        self._application.setPalette(palette)
        tokens["icon-expand"] = self._drawn("expand", tokens["secondary"])
        tokens["icon-check"] = self._drawn("check", tokens["on-accent"])
        sheet = re.sub(r"@([a-z-]+)", lambda found: tokens[found[1]], resources.read("styles", "desk.qss"))
        if self._application.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            sheet = re.sub(r"border-(left|right):", lambda found: f"border-{_OTHER[found[1]]}:", sheet)
        self._application.setStyleSheet(re.sub(r"(font-size|min-height): (\d+)px", self._grown, sheet))

    def _drawn(self, name: str, colour: str) -> str:
        """A file with the icon in one colour: a stylesheet takes no other picture."""
        file = Path(_drawings().path()) / f"{name}-{self._look.value}.svg"
        file.write_text(resources.read("icons", f"{name}.svg").replace("currentColor", colour), encoding="utf-8")
        return file.as_posix()

    def _grown(self, found: re.Match[str]) -> str:
        return f"{found[1]}: {self.px(int(found[2]))}px"


@cache
def _drawings() -> QTemporaryDir:
    """Of the process: the stylesheet that names them stays in force after the theme that set it."""
    return QTemporaryDir()


def _face(font: QFont, pixels: int) -> QFont:
    """macOS and Windows have a good face of their own; a bare Linux screen offers DejaVu, too wide to read calmly."""
    chosen = QFont(font)
    if sys.platform == "linux":
        installed = set(QFontDatabase.families())
        if face := next((name for name in _LINUX_FACES if name in installed), None):
            chosen.setFamilies([face, *font.families()])
    chosen.setPixelSize(pixels)
    return chosen
