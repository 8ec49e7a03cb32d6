"""What is painted, looked at as pixels."""

from dataclasses import replace
from unicodedata import bidirectional
from zlib import crc32

import pytest
from PySide6.QtCore import QBuffer, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from agent_app.engine.events import ConversationRow, Delivery, FileRow, Status
from agent_app.ui.models.conversations import ConversationModel
from agent_app.ui.pictures import read_picture
from agent_app.ui.theme import Theme, Type
from agent_app.ui.views.basics import PlainLabel
from agent_app.ui.views.conversation_delegate import HEIGHT, ConversationDelegate
from agent_app.ui.views.text_block import TextBlock
from agent_app.ui.words import spoken_message
from tests.ui.painted import ARABIC, WIDTH, Painted, blank, ink
from tests.ui.samples import NOON, conversation, message


def painted_text(text: str, theme: Theme, width: float = 500) -> tuple[TextBlock, QRect]:
    block = TextBlock(text, theme.font(Type.BODY), width)
    image = blank(QSize(int(width) + 20, int(block.height) + 20))
    painter = QPainter(image)
    block.paint(painter, QPointF(10, 10), QColor("white"))
    painter.end()
    return block, ink(image, QColor("#123456"))


class TestText:
    @pytest.mark.parametrize("text", ["<img src=x>", "<b>bold</b>", "&lt;&amp;", "[a](http://b.example)", "**x**"])
    def test_is_what_was_written(self, theme: Theme, text: str) -> None:
        """Interpreted, each of these would be narrower or empty."""
        block, found = painted_text(text, theme)
        wide = QFontMetricsF(theme.font(Type.BODY)).horizontalAdvance(text)
        assert block.width == pytest.approx(wide, abs=2)
        assert found.width() == pytest.approx(wide, abs=5)

    def test_a_label_interprets_nothing(self, qtbot: QtBot) -> None:
        label = PlainLabel("<img src=x onerror=alert(1)><a href='x'>here</a>")
        qtbot.addWidget(label)
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert label.sizeHint().width() > QFontMetricsF(label.font()).horizontalAdvance("<img src=x onerror=aler")
        assert not label.openExternalLinks()

    def test_right_to_left_stands_at_the_right_edge(self, theme: Theme) -> None:
        assert bidirectional(ARABIC[0]) == "AL"
        words = " ".join(ARABIC.split()[:3])  # whichever of the system's fonts they are set in
        block, found = painted_text(
            f"{words}\nA much longer line that runs from left to right, as this one does", theme
        )
        top_line = painted_text(words, theme)[1]
        assert block.width > top_line.width() * 1.5
        image = blank(QSize(520, int(block.height) + 20))
        painter = QPainter(image)
        block.paint(painter, QPointF(10, 10), QColor("white"))
        painter.end()
        arabic = ink(image.copy(0, 0, 520, int(10 + block.height / 2)), QColor("#123456"))
        assert arabic.right() == pytest.approx(10 + block.width, abs=4)
        assert found.right() <= 10 + block.width + 2

    @pytest.mark.parametrize("before", ["", "Please, ", "\U0001f600 ", f"{ARABIC} ", "first\r\nsecond "])
    def test_what_names_somebody_is_bold_and_nothing_else(self, theme: Theme, before: str) -> None:
        named, after = "@Ben Okafor", ", look"
        text = f"{before}{named}{after}"
        block = TextBlock(text, theme.font(Type.BODY), 600, [(len(before), len(before) + len(named))])
        formats = [
            (layout.text().encode("utf-16-le"), each) for layout in block.paragraphs for each in layout.formats()
        ]
        assert [
            paragraph[2 * each.start : 2 * (each.start + each.length)].decode("utf-16-le")
            for paragraph, each in formats
        ] == [named]
        assert formats[0][1].format.font().weight() == QFont.Weight.DemiBold
        assert "\r" not in "".join(layout.text() for layout in block.paragraphs)

    @pytest.mark.parametrize("reading", list(Qt.LayoutDirection)[:2])
    def test_a_note_shows_whom_it_names(self, theme: Theme, reading: Qt.LayoutDirection) -> None:
        plain = message(1, f"{ARABIC} @Ben Okafor", kind="note", author="Ana Ruiz", mine=True)
        start = len(ARABIC) + 1
        before, after = (
            Painted(theme, row, reading=reading) for row in (plain, replace(plain, mentions=((start, start + 11),)))
        )
        assert after.image() != before.image()
        assert after.layout().text.width > before.layout().text.width  # type: ignore[union-attr]
        assert ink(after.image(), QColor("#123456")).right() < WIDTH - 1

    def test_long_words_break_rather_than_leave_the_bubble(self, theme: Theme) -> None:
        block, found = painted_text("x" * 400, theme, 200)
        assert block.width <= 200
        assert found.width() <= 202
        assert block.height > 5 * QFontMetricsF(theme.font(Type.BODY)).height()


class TestTranscriptRows:
    @pytest.mark.parametrize("kind", ["text", "note", "event", "deleted"])
    @pytest.mark.parametrize("mine", [True, False])
    def test_every_kind_is_painted_inside_its_row(self, theme: Theme, kind: str, mine: bool) -> None:
        painted = Painted(theme, message(1, "Hello " * 30, kind=kind, mine=mine))
        image = painted.image()
        found = ink(image, QColor("#123456"))
        assert 30 < painted.height() < 400
        assert found.width() > 100
        assert found.right() < WIDTH - 1

    @pytest.mark.parametrize("kind", ["text", "event"])
    def test_a_doubt_stands_above_its_message_and_is_spoken(self, theme: Theme, kind: str) -> None:
        plain = message(1, "Hello", kind=kind)
        doubted = replace(plain, doubt="<b>A message</b> is not on this desk.")
        before, after = Painted(theme, plain), Painted(theme, doubted)
        layout = after.layout()
        assert after.height() > before.height()
        assert layout.doubt.bottom() < layout.bubble.top()
        assert layout.bubble.size() == before.layout().bubble.size()
        assert ink(after.image(), QColor("#123456")).top() <= layout.doubt.top() + 1
        assert spoken_message(doubted).startswith("<b>A message</b> is not on this desk. ")

    def test_mine_stand_right_and_theirs_left(self, theme: Theme) -> None:
        painted = Painted(theme, message(1, "Hi"), message(2, "Hi", mine=True, author="Ana Ruiz"))
        assert painted.layout(0).bubble.left() < 100
        assert painted.layout(1).bubble.right() > WIDTH - 60

    def test_longer_text_takes_more_room(self, theme: Theme) -> None:
        painted = Painted(theme, message(1, "Hi"), message(2, "Hi " * 600))
        assert painted.height(1) > 4 * painted.height(0)

    def test_each_step_of_a_message_looks_different(self, theme: Theme) -> None:
        steps = [Delivery.QUEUED, Delivery.ACCEPTED, Delivery.DELIVERED, Delivery.READ, Delivery.FAILED]
        images = [Painted(theme, message(1, mine=True, delivery=step)).image() for step in steps]
        for place, image in enumerate(images):
            assert all(image != other for other in images[place + 1 :])

    def test_read_differs_from_delivered_by_colour_alone_in_the_ticks(self, theme: Theme) -> None:
        delivered, read = (
            Painted(theme, message(1, mine=True, delivery=step)).image() for step in (Delivery.DELIVERED, Delivery.READ)
        )
        assert contains(read, theme.colour("mine-read"))
        assert not contains(delivered, theme.colour("mine-read"))

    def test_a_note_has_a_ground_of_its_own(self, theme: Theme) -> None:
        assert contains(Painted(theme, message(1, kind="note", mine=True)).image(), theme.colour("note"))
        assert not contains(Painted(theme, message(1, mine=True)).image(), theme.colour("note"))

    def test_a_failed_message_offers_retry_where_it_says_so(self, theme: Theme, qtbot: QtBot) -> None:
        row = message(1, mine=True, delivery=Delivery.FAILED)
        painted = Painted(theme, row)
        assert contains(painted.image(), theme.colour("danger"))
        with qtbot.waitSignal(painted.delegate.retry_wanted) as wanted:
            assert painted.press(painted.layout().retry.center())
        assert wanted.args == [row]
        with qtbot.assertNotEmitted(painted.delegate.retry_wanted):
            assert not painted.press(painted.layout().bubble.center())

    def test_a_file_shows_a_harmless_name_and_opens_on_a_press(self, theme: Theme, qtbot: QtBot) -> None:
        row = message(1, "", kind="file", file=FileRow("a\u202egpj.exe", "application/pdf", 2048))
        painted = Painted(theme, row)
        assert painted.layout().file.width() >= 100
        painted.image()
        with qtbot.waitSignal(painted.delegate.file_wanted) as wanted:
            painted.press(painted.layout().file.center())
        assert wanted.args == [row]

    def test_a_picture_is_shown_only_of_a_checked_patient(self, theme: Theme) -> None:
        row = message(1, "", kind="file", file=FileRow("arm.png", "image/png", 2048))
        red = QImage(QSize(200, 100), QImage.Format.Format_RGB32)
        red.fill(QColor("#ff0000"))
        for known in (True, False):
            painted = Painted(theme, row, known=known)
            painted.model.set_picture(row.message, red)
            assert contains(painted.image(), QColor("#ff0000")) is known
            assert painted.layout().picture.isNull() is not known

    def test_an_unchecked_patient_has_no_initials(self, theme: Theme) -> None:
        known, unknown = (Painted(theme, message(1, "Hi"), known=flag).image() for flag in (True, False))
        assert known.copy(0, 0, 55, 100) != unknown.copy(0, 0, 55, 100)

    def test_the_other_width_is_laid_out_anew(self, theme: Theme) -> None:
        painted = Painted(theme, message(1, "word " * 60))
        wide = painted.height()
        painted.delegate.width = 320
        assert painted.height() > wide


class TestConversationRows:
    def test_every_state_is_painted_and_differs(self, theme: Theme) -> None:
        rows = [
            conversation(0, level=0),
            conversation(0, level=1),
            conversation(0, level=2),
            conversation(0, level=3),
            conversation(0, level=3, unread=4),
            conversation(0, level=3, status=Status.HELD, mine=True),
            conversation(0, level=3, warning="A message is missing."),
            conversation(0, title=ARABIC),
            replace(conversation(0), reason="Knee"),
            replace(conversation(0), waiting_since=NOON),
            replace(conversation(0), tags=("billing",)),
        ]
        images = [self.image(theme, row) for row in rows]
        for place, image in enumerate(images):
            assert all(image != other for other in images[place + 1 :])

    def image(self, theme: Theme, row: ConversationRow) -> QImage:
        model = ConversationModel()
        model.load((row,))
        delegate = ConversationDelegate(theme)
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, 320, HEIGHT)
        assert delegate.sizeHint(option, model.index(0)).height() == HEIGHT
        made = blank(option.rect.size())
        painter = QPainter(made)
        delegate.paint(painter, option, model.index(0))
        painter.end()
        return made


class TestPictures:
    ROOM = QSize(300, 300)

    def encoded(self, width: int, height: int, kind: str = "PNG") -> bytes:
        image = QImage(QSize(width, height), QImage.Format.Format_RGB32)
        image.fill(QColor("#336699"))
        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        assert image.save(buffer, kind)
        return bytes(buffer.data().data())

    def test_fits_the_room_and_keeps_its_shape(self) -> None:
        picture = read_picture(self.encoded(1200, 600, "JPG"), self.ROOM)
        assert picture is not None
        assert picture.size() == QSize(300, 150)

    def test_a_small_one_is_not_blown_up(self) -> None:
        picture = read_picture(self.encoded(40, 20), self.ROOM)
        assert picture is not None
        assert picture.size() == QSize(40, 20)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"not a picture",
            b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><rect width='9' height='9'/></svg>",
            b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n",
            b"BM" + bytes(60),
        ],
    )
    def test_what_is_not_one_of_four_formats_is_not_shown(self, content: bytes) -> None:
        assert read_picture(content, self.ROOM) is None

    @pytest.mark.parametrize("side", [9_000, 60_000, 2**31 - 1])
    def test_one_that_would_fill_the_memory_is_not_even_tried(self, side: int) -> None:
        """Qt would refuse it too, with a warning; and a warning fails this run."""
        content = bytearray(self.encoded(10, 10))
        content[16:24] = side.to_bytes(4, "big") * 2
        content[29:33] = crc32(content[12:29]).to_bytes(4, "big")
        assert read_picture(bytes(content), self.ROOM) is None

    @pytest.mark.qt_log_ignore("JPEG|Bogus Huffman")
    def test_one_that_breaks_off_is_no_harm(self) -> None:
        whole = self.encoded(400, 400, "JPG")
        for length in range(0, len(whole), 97):
            picture = read_picture(whole[:length], self.ROOM)
            assert picture is None or picture.width() <= 300


def contains(image: QImage, colour: QColor) -> bool:
    wanted = colour.rgb()
    return any(close(image.pixel(x, y), wanted) for y in range(image.height()) for x in range(image.width()))


def close(one: int, other: int) -> bool:
    return all(abs((one >> shift & 255) - (other >> shift & 255)) <= 3 for shift in (0, 8, 16))
