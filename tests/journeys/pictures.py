"""A photograph as phones make them: a JPEG that carries where it was taken."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter


def photograph(path: Path, secret: str) -> Path:
    """Writes a JPEG whose EXIF segment holds `secret`, and returns its path."""
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    gradient = QLinearGradient(0, 0, 640, 480)
    gradient.setColorAt(0, QColor("#9fc5e8"))
    gradient.setColorAt(1, QColor("#2f6f8f"))
    painter.fillRect(image.rect(), gradient)
    painter.setBrush(QColor("#e8e2d0"))
    painter.drawRoundedRect(250, 120, 140, 260, 24, 24)
    painter.setBrush(QColor("#c2492f"))
    painter.drawRoundedRect(270, 320, 180, 70, 18, 18)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG")
    jpeg = bytes(data.data())
    exif = b"Exif\0\0" + secret.encode()
    path.write_bytes(jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + jpeg[2:])
    return path
