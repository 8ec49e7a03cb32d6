"""Ways to hand an invitation's link over: a text message, an e-mail, a printed card.

Nothing here names the patient or the reason; only the card, which is given by hand, bears the clinic's name. The code
travels by none of these ways.
"""

from urllib.parse import quote

from PySide6.QtCore import QMarginsF, QPoint, QRect, QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QFont, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from agent_app.engine.events import InvitationCreated
from agent_app.ui import words
from agent_app.ui.views.qr import modules, paint_modules

_INK, _QUIET = QColor("#101820"), QColor("#4a5560")


def message(link: str) -> str:
    return words.tr("Here is your link to our secure chat. It works for three days: {link}").format(link=link)


def sms(link: str) -> QUrl:
    """RFC 5724, without a number: the agent picks it in the program that opens."""
    return QUrl.fromEncoded(f"sms:?body={quote(message(link), safe='')}".encode())


def mail(link: str) -> QUrl:
    """RFC 6068, without an address."""
    subject = quote(words.tr("Your link to our secure chat"), safe="")
    return QUrl.fromEncoded(f"mailto:?subject={subject}&body={quote(message(link), safe='')}".encode())


def open_elsewhere(url: QUrl) -> bool:
    """Whether the system has a program for it."""
    return QDesktopServices.openUrl(url)


def print_card(clinic: str, invitation: InvitationCreated, parent: QWidget) -> None:
    """Asks for a printer and prints one A6 card. Nothing is written to a disk of ours."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(words.tr("Card"))  # print queues keep names, and show them
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A6))
    printer.setPageMargins(QMarginsF(8, 8, 8, 8), QPageLayout.Unit.Millimeter)
    dialog = QPrintDialog(printer, parent)
    dialog.setObjectName("invitationPrint")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: _print(printer, clinic, invitation))
    QDialog.open(dialog)


def _print(printer: QPrinter, clinic: str, invitation: InvitationCreated) -> None:
    painter = QPainter()
    if painter.begin(printer):
        paint_card(painter, painter.viewport(), clinic, invitation)
        painter.end()


def paint_card(painter: QPainter, page: QRect, clinic: str, invitation: InvitationCreated) -> None:
    """Paints the card into `page`, in device units, black on white whatever the theme."""
    unit = page.width() / 20
    below = _line(painter, page, page.top(), clinic, 1.3 * unit, _INK, bold=True)
    below = _line(painter, page, below, words.tr("Secure chat with us"), 1.1 * unit, _INK)
    rows = modules(invitation.link)
    step = max(int(13 * unit) // len(rows), 1)
    corner = QPoint(page.left() + (page.width() - step * len(rows)) // 2, round(below + unit / 2))
    paint_modules(painter, rows, corner, step)
    below = corner.y() + step * len(rows) + unit / 2
    for text in (
        words.tr("Scan this with your phone’s camera and press the button."),
        words.tr("You also need a code: we tell it to you, it is not on this card."),
        words.tr("Valid until {time}").format(time=words.full_time(invitation.expires)),
        words.tr("Not for emergencies."),
    ):
        below = _line(painter, page, below, text, 0.85 * unit, _QUIET)
    _line(painter, page, below + unit / 3, invitation.link, 0.5 * unit, _QUIET, wrap=Qt.TextFlag.TextWrapAnywhere)


def _line(
    painter: QPainter,
    page: QRect,
    top: float,
    text: str,
    size: float,
    colour: QColor,
    bold: bool = False,
    wrap: Qt.TextFlag = Qt.TextFlag.TextWordWrap,
) -> float:
    """Paints `text`, wrapped and centred, and returns where the next line begins."""
    font = QFont(painter.font())
    font.setPixelSize(max(round(size), 1))
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(colour)
    place = QRectF(page.left(), top, page.width(), max(page.bottom() - top, 1))
    return painter.drawText(place, int(Qt.AlignmentFlag.AlignHCenter | wrap), text).bottom() + size * 0.35
