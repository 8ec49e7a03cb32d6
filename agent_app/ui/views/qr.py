"""A QR code, painted from segno's matrix: always dark on white, whatever the theme, because phones expect it."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget


class QrCode(QWidget):
    """Shows `text` as a QR code with its quiet zone, about `side` pixels wide."""

    def __init__(self, text: str, side: int, name: str, label: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
        self._modules = modules(text)
        self._step = max(side // len(self._modules), 2)  # whole pixels, or seams show between modules
        self.setFixedSize(QSize(1, 1) * self._step * len(self._modules))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#ffffff"))
        painter.drawRoundedRect(self.rect(), 12, 12)
        paint_modules(painter, self._modules, QPoint(), self._step)
        painter.end()


def modules(text: str) -> list[bytes]:
    """The rows of `text`'s QR code, one byte a module, with the quiet zone of four."""
    import segno  # with the first code that is shown, and not with the window

    return [bytes(line) for line in segno.make_qr(text, error="m").matrix_iter(border=4)]


def paint_modules(painter: QPainter, rows: list[bytes], corner: QPoint, step: int) -> None:
    """The dark modules, each `step` device units wide, from the upper left `corner`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#101820"))
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                painter.drawRect(corner.x() + x * step, corner.y() + y * step, step, step)
