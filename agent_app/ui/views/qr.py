"""A QR code, painted from segno's matrix: always dark on white, whatever the theme, because phones expect it."""

import segno
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget


class QrCode(QWidget):
    """Shows `text` as a QR code with its quiet zone, about `side` pixels wide."""

    def __init__(self, text: str, side: int, name: str, label: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
        self._modules = [bytes(line) for line in segno.make_qr(text, error="m").matrix_iter(border=4)]
        self._step = max(side // len(self._modules), 2)  # whole pixels, or seams show between modules
        self.setFixedSize(QSize(1, 1) * self._step * len(self._modules))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#ffffff"))
        painter.drawRoundedRect(self.rect(), 12, 12)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setBrush(QColor("#101820"))
        step = self._step
        for y, line in enumerate(self._modules):
            for x, dark in enumerate(line):
                if dark:
                    painter.drawRect(x * step, y * step, step, step)
        painter.end()
