"""Pictures from outside, read with bounds: few formats, few pixels, little memory. What does not fit is not shown."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter

_FORMATS = {b"jpeg", b"png", b"webp", b"gif"}  # an SVG or a PDF is a program, not a picture
_PIXELS = 64_000_000  # phones take 50; more is a bomb or a poster
_MEGABYTES = _PIXELS * 4 // 2**20  # Qt's own bound while it decodes, should a header lie


def read_picture(content: bytes, room: QSize, density: float = 1.0) -> QImage | None:
    """The picture, upright, no larger than `room` at the screen's `density`; None when it is not one we show."""
    QImageReader.setAllocationLimit(_MEGABYTES)
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    if reader.format().data() not in _FORMATS or not size.isValid() or size.width() * size.height() > _PIXELS:
        return None
    reader.setScaledSize(_fitting(size, room * density, _turned(reader)))
    picture = reader.read()
    if picture.isNull():
        return None
    picture.setDevicePixelRatio(density)
    return picture


def as_png(picture: QImage) -> bytes:
    """The picture as a file that is none: in memory. Empty where it cannot be written so."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return bytes(buffer.data().data()) if QImageWriter(buffer, QByteArray(b"png")).write(picture) else b""


def _turned(reader: QImageReader) -> bool:
    """Whether the camera was held upright, so that width and height change places after reading."""
    return bool(reader.transformation().value & 4)


def _fitting(size: QSize, room: QSize, turned: bool) -> QSize:
    limit = room.transposed() if turned else room
    if size.width() <= limit.width() and size.height() <= limit.height():
        return size
    return size.scaled(limit, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
