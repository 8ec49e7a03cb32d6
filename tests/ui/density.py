"""Screens at another density than 1: `python -m tests.ui.density`, with QT_SCALE_FACTOR set, since Qt reads it once.

Says as JSON what it found of each scene: what is cut off, which icons are blurred, and which texts lost their end.
"""

import json
import sys
from collections.abc import Callable, Iterator

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from agent_app.ui.theme import Look, Theme
from agent_app.ui.views import direction
from agent_app.ui.views.basics import Glyph, IconButton
from tests.ui.gallery import SCENES, staged
from tests.ui.test_gallery import cut_off, overlapping, parts

LOOKED_AT = ("unchecked", "conversation-open", "patient", "invitation", "administration-policy")


def holds(image: QImage, icon: QPixmap, ground: QColor) -> bool:
    """Whether the icon stands somewhere in `image` on `ground`, pixel by pixel as it was drawn."""
    wanted = QImage(icon.size(), image.format())
    wanted.fill(ground)
    painter = QPainter(wanted)
    painter.drawPixmap(QRectF(wanted.rect()), icon, QRectF(icon.rect()))
    painter.end()
    rows = [_pixels(wanted, y) for y in range(wanted.height())]
    lines = [_pixels(image, y) for y in range(image.height())]
    middle = len(rows) // 2
    return any(
        all(lines[y + at].startswith(row, x) for at, row in enumerate(rows))
        for y in range(len(lines) - len(rows) + 1)
        for x in _places(lines[y + middle], rows[middle])
    )


def _places(line: bytes, row: bytes) -> Iterator[int]:
    at = line.find(row)
    while at >= 0:
        yield at
        at = line.find(row, at + 4)


def _pixels(image: QImage, y: int) -> bytes:
    return bytes(image.constScanLine(y))[: image.width() * 4]


def blurred(shown: QWidget, theme: Theme) -> Iterator[str]:
    """Icons of widgets that are not what their drawing is at this density."""
    whole = shown.grab().toImage()
    density = whole.devicePixelRatio()
    for each in parts(shown):
        if not isinstance(each, Glyph | IconButton):
            continue
        corner = each.mapTo(shown, each.rect().topLeft())
        area = QRect(corner * density, each.size() * density).adjusted(-2, -2, 2, 2).intersected(whole.rect())
        name, colour = (each.icon, each.colour) if isinstance(each, Glyph) else each.drawn
        size = each.width() if isinstance(each, Glyph) else each.SIZE
        picture = whole.copy(area)
        grounds = {picture.pixel(x, picture.height() // 2) for x in range(picture.width())}
        icon = theme.icon(name, colour, size, density)
        if not any(holds(picture, icon, QColor(ground)) for ground in grounds):
            yield f"the icon {name} of {each.objectName() or each.parent().objectName()}"


def _listening(said: Callable[[str, bool], object]) -> None:
    """Has whatever paints a line that may lose its end say which, and whether it did."""
    real = direction.paint_elided

    def paint_elided(painter: QPainter, area: QRectF, text: str, *place: object) -> None:
        said(text, painter.fontMetrics().horizontalAdvance(text) > area.width())
        real(painter, area, text, *place)  # type: ignore[arg-type]

    for module in list(sys.modules.values()):
        if getattr(module, "paint_elided", None) is real:
            module.paint_elided = paint_elided  # type: ignore[attr-defined]


def main() -> None:
    application = QApplication([])
    painted: dict[str, bool] = {}
    _listening(painted.__setitem__)
    found = {}
    for scene in (scene for scene in SCENES if scene.name in LOOKED_AT):
        painted.clear()
        with staged(application, scene, Look.LIGHT) as shown:
            theme = shown.window().findChild(Theme) or shown.parentWidget().window().findChild(Theme)
            blurs = list(blurred(shown, theme))
            found[scene.name] = {
                "faults": [*cut_off(shown), *overlapping(shown)],
                "icons": sum(isinstance(each, Glyph | IconButton) for each in parts(shown)),
                "blurred": blurs,
                "lines": len(painted),
                "elided": [text for text, elided in painted.items() if elided],
            }
    json.dump({"density": application.devicePixelRatio(), "scenes": found}, sys.stdout)


if __name__ == "__main__":
    main()
