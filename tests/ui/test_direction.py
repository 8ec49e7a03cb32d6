"""Reading from the right: what is painted stands on the other side, is pressed there, and is cut off nowhere."""

from collections.abc import Iterator
from dataclasses import fields, replace

import pytest
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from agent_app.engine.events import ConversationRow, Delivery, FileRow, Hit, MessageRow, SearchFound, Sentence
from agent_app.ui.models.conversations import ROW, ConversationModel
from agent_app.ui.models.search import SearchModel
from agent_app.ui.models.table import Line
from agent_app.ui.theme import Theme, Type
from agent_app.ui.views.basics import PlainLabel
from agent_app.ui.views.charts import Bar, BarChart
from agent_app.ui.views.conversation_delegate import ConversationDelegate
from agent_app.ui.views.direction import paint_elided
from agent_app.ui.views.search_results import SearchDelegate
from agent_app.ui.views.table import Table
from agent_app.ui.views.transcript_layout import lay_out
from tests.ui.painted import ARABIC, WIDTH, Painted, blank, ink
from tests.ui.samples import conversation, hit, message

LEFT, RIGHT = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
GROUND = QColor("#123456")
SPANISH = "¿Puedo cambiar mi cita al jueves?"
LONG = "We can offer you Thursday at ten in the morning, or Friday at any hour that suits you better than that one."
PICTURE = FileRow("wrist.png", "image/png", 184_320)
ROWS = {
    "theirs": message(1, "Hello"),
    "mine": message(1, "Hello", mine=True, author="Ana Ruiz", delivery=Delivery.READ),
    "queued": message(1, "Hello", mine=True, author="Ana Ruiz", delivery=Delivery.QUEUED),
    "failed": message(1, "Hello", mine=True, author="Ana Ruiz", delivery=Delivery.FAILED),
    "note": message(1, "Hello", kind="note", author="Ben Okafor", by_patient=False),
    "file": message(1, "", kind="file", file=PICTURE),
    "my-file": message(1, "Here it is", kind="file", file=PICTURE, mine=True, author="Ana Ruiz"),
    "event": message(1, "Ana Ruiz took the conversation.", kind="event"),
    "deleted": message(1, "", kind="deleted"),
    "doubt": replace(message(1, "Hello"), doubt="A message is missing."),
    "arabic": message(1, ARABIC),
    "spanish": message(1, SPANISH, mine=True, author="Ana Ruiz"),
}


def opposite(found: QRect, width: int) -> QRect:
    return QRect(width - found.right() - 1, found.y(), found.width(), found.height())


def alike(one: QRect, other: QRect, slack: int = 2) -> bool:
    """Letters are not turned themselves, so that edges may differ by what they lean."""
    return all(abs(each(one) - each(other)) <= slack for each in (QRect.left, QRect.right, QRect.top, QRect.bottom))


class TestTranscript:
    @pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
    def test_every_kind_of_row_stands_on_the_other_side(self, theme: Theme, row: MessageRow) -> None:
        left, right = Painted(theme, row), Painted(theme, row, reading=RIGHT)
        for each in fields(left.layout()):
            part, turned = getattr(left.layout(), each.name), getattr(right.layout(), each.name)
            if isinstance(part, QRectF) and not part.isNull():
                assert turned.size() == part.size(), each.name
                assert turned.left() == pytest.approx(WIDTH - part.right()), each.name
        day = 44  # its line runs from edge to edge
        before = ink(left.image().copy(0, day, WIDTH, left.height() - day), GROUND)
        after = ink(right.image().copy(0, day, WIDTH, right.height() - day), GROUND)
        assert alike(after, opposite(before, WIDTH)), (before, after)

    def test_ticks_stand_where_the_time_ends(self, theme: Theme) -> None:
        for reading in (LEFT, RIGHT):
            painted = Painted(theme, ROWS["mine"], reading=reading)
            foot = painted.layout().foot.toRect()
            read = theme.colour("mine-read").rgb()
            image = painted.image().copy(foot)
            columns = [x for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) == read]
            assert columns
            middle = image.width() / 2
            assert all(x > middle for x in columns) if reading is LEFT else all(x < middle for x in columns)

    @pytest.mark.parametrize("reading", [LEFT, RIGHT], ids=["left", "right"])
    def test_a_press_means_what_is_painted_there(self, theme: Theme, qtbot: QtBot, reading: Qt.LayoutDirection) -> None:
        failed, file = (Painted(theme, ROWS[name], reading=reading) for name in ("failed", "file"))
        with qtbot.waitSignal(failed.delegate.retry_wanted):
            assert failed.press(failed.layout().retry.center())
        with qtbot.waitSignal(file.delegate.file_wanted):
            assert file.press(file.layout().file.center())
        for painted, spot in ((failed, failed.layout().retry.center()), (file, file.layout().file.center())):
            assert not painted.press(QPointF(WIDTH - spot.x(), spot.y()))

    @pytest.mark.parametrize("text", [SPANISH, ARABIC, LONG, f"{ARABIC} " * 4, f"{LONG}\nYes?", f"{ARABIC}\nOK", "OK"])
    @pytest.mark.parametrize("width", [300, 420, 700])
    @pytest.mark.parametrize("reading", [LEFT, RIGHT], ids=["left", "right"])
    def test_the_time_never_stands_on_what_was_written(
        self, theme: Theme, text: str, width: int, reading: Qt.LayoutDirection
    ) -> None:
        row = message(1, text, mine=True, author="Ana Ruiz")
        painted = Painted(theme, row)
        placement = painted.model.placement(0)
        made = lay_out(row, placement, None, True, width, theme, reading)
        assert made.text is not None
        image = blank(QSize(width, int(made.height)))
        painter = QPainter(image)
        made.text.paint(painter, made.text_corner, QColor("white"))
        painter.end()
        written = ink(image, GROUND)
        assert made.bubble.adjusted(6, 6, -6, -6).toRect().contains(written)
        assert ink(image.copy(made.foot.toRect()), GROUND).isNull()

    @pytest.mark.parametrize("reading", [LEFT, RIGHT], ids=["left", "right"])
    def test_a_message_runs_in_its_own_direction(self, theme: Theme, reading: Qt.LayoutDirection) -> None:
        """Its shorter line begins at the left in Spanish and at the right in Arabic, whoever reads it."""
        for text, on_left in ((f"{LONG}\n{SPANISH[:9]}", True), (f"{ARABIC} {ARABIC}\n{ARABIC[:9]}", False)):
            layout = Painted(theme, message(1, text), reading=reading).layout()
            assert layout.text is not None
            image = blank(QSize(WIDTH, int(layout.height)))
            painter = QPainter(image)
            layout.text.paint(painter, layout.text_corner, QColor("white"))
            painter.end()
            bottom = int(layout.text_corner.y() + layout.text.height - 18)
            last = ink(image.copy(0, bottom, WIDTH, 18), GROUND)
            whole = ink(image, GROUND)
            gaps = last.left() - whole.left(), whole.right() - last.right()
            assert (gaps[0] < gaps[1]) is on_left


def painted(
    delegate: QStyledItemDelegate, model: ConversationModel | SearchModel, place: int, reading: Qt.LayoutDirection
) -> QImage:
    option = QStyleOptionViewItem()
    option.direction = reading
    option.rect = QRect(0, 0, 320, delegate.sizeHint(option, model.index(place)).height())
    made = blank(option.rect.size())
    painter = QPainter(made)
    delegate.paint(painter, option, model.index(place))
    painter.end()
    return made


class TestLists:
    @pytest.mark.parametrize(
        "row",
        [
            conversation(0, title="Maria Lopez Fernández de la Vega y Santillana", preview=LONG, unread=7),
            conversation(0, title=f"{ARABIC} {ARABIC}", preview=f"{ARABIC} {ARABIC}", unread=120),
            conversation(0, title="Ana", preview="Yes"),
            conversation(0, title=ARABIC[:7], preview=ARABIC[:11]),
            replace(conversation(0), title=Sentence("Visitor {mark}", mark="c07d"), level=0, warning="Missing."),
        ],
        ids=["long", "long-arabic", "short", "arabic", "visitor"],
    )
    def test_a_conversation_stands_on_the_other_side(self, theme: Theme, row: ConversationRow) -> None:
        model = ConversationModel()
        model.load((row,))
        left, right = (painted(ConversationDelegate(theme), model, 0, reading) for reading in (LEFT, RIGHT))
        for top, bottom in ((0, 76), (12, 30), (32, 50), (51, 67)):  # all of it, and each line
            before, after = (ink(each.copy(0, top, 320, bottom - top), GROUND) for each in (left, right))
            assert alike(after, opposite(before, 320), 3), (top, before, after)

    @pytest.mark.parametrize("reading", [LEFT, RIGHT], ids=["left", "right"])
    @pytest.mark.parametrize("title", [f"Maria {LONG}", f"{ARABIC} {ARABIC}"], ids=["spanish", "arabic"])
    def test_a_long_title_leaves_the_time_alone(self, theme: Theme, reading: Qt.LayoutDirection, title: str) -> None:
        model = ConversationModel()
        rows = [conversation(0, title=each) for each in (title, "")]
        images = []
        for row in rows:
            model.load((row,))
            images.append(painted(ConversationDelegate(theme), model, 0, reading))
        said, when = (each.copy(72, 12, 226, 18) if reading is LEFT else each.copy(22, 12, 226, 18) for each in images)
        alone = ink(when, GROUND)
        beside = alone.adjusted(-6, 0, 0, 0) if reading is LEFT else alone.adjusted(0, 0, 6, 0)
        assert said.copy(beside) == when.copy(beside)
        assert ink(said, GROUND).width() > 200

    @pytest.mark.parametrize(
        "words", [LONG, f"{ARABIC} {ARABIC} {ARABIC}", "Thursday"], ids=["long", "arabic", "short"]
    )
    def test_a_hit_keeps_within_its_row(self, theme: Theme, words: str) -> None:
        found = hit(words, (3, 8))
        model = SearchModel(ConversationModel())
        model.ask("words")
        model.receive(SearchFound(1, (), (found,), 0, False))
        places = [place for place in range(model.rowCount()) if isinstance(model.index(place).data(ROW), Hit)]
        left, right = (painted(SearchDelegate(theme), model, places[0], reading) for reading in (LEFT, RIGHT))
        for image in (left, right):
            assert QRect(16, 0, 288, image.height()).contains(ink(image, GROUND))
        heading = QRect(0, 8, 320, 20)
        before, after = (ink(each.copy(heading), GROUND) for each in (left, right))
        assert alike(after, opposite(before, 320), 3)

    @pytest.mark.parametrize("reading", [LEFT, RIGHT], ids=["left", "right"])
    def test_what_is_cut_off_is_the_end(self, theme: Theme, reading: Qt.LayoutDirection) -> None:
        """Three dots stand there: at the left of an Arabic line, at the right of a Spanish one."""
        for text, dots_left in ((LONG, False), (f"{ARABIC} {ARABIC}", True)):
            image = self.line(theme, text, 160, reading)
            ends = [ink(image.copy(x, 0, 8, 24), GROUND).height() for x in (0, image.width() - 8)]
            assert (ends[0] <= 3) is dots_left, ends
            assert (ends[1] <= 3) is not dots_left, ends

    def line(self, theme: Theme, text: str, width: int, reading: Qt.LayoutDirection) -> QImage:
        """Only what has ink, across."""
        image = blank(QSize(width, 24))
        painter = QPainter(image)
        painter.setLayoutDirection(reading)
        painter.setFont(theme.font(Type.BODY))
        painter.setPen(QColor("white"))
        paint_elided(painter, QRectF(image.rect()), text)
        painter.end()
        found = ink(image, GROUND)
        return image.copy(found.left(), 0, found.width(), 24)


@pytest.fixture
def leftwards(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(RIGHT)
    yield
    qapp.setLayoutDirection(LEFT)


class TestWidgets:
    def chart(self, theme: Theme, qtbot: QtBot, reading: Qt.LayoutDirection) -> QImage:
        made = BarChart(theme, "chart", "Chart", lambda value: f"{value:.0f} min")
        qtbot.addWidget(made)
        made.setLayoutDirection(reading)
        made.resize(520, 220)
        made.show_bars([Bar("Mon", "Monday", 1), Bar("Tue", "Tuesday", 2, mark=3)], (0, 1, 2, 3, 4))
        return made.grab().toImage()

    def test_a_chart_begins_on_the_other_side(self, theme: Theme, qtbot: QtBot) -> None:
        left, right = (self.chart(theme, qtbot, reading) for reading in (LEFT, RIGHT))
        lit = [self.columns(image, theme.colour("accent")) for image in (left, right)]
        assert lit[0]
        assert len(lit[1] ^ {519 - x for x in lit[0]}) <= 8  # the edges of two bars
        scale = [ink(image.copy(x, 0, 60, 190), image.pixelColor(1, 1)) for image, x in ((left, 0), (right, 460))]
        assert alike(scale[1], opposite(scale[0], 60), 4)

    def columns(self, image: QImage, colour: QColor) -> set[int]:
        return {x for x in range(image.width()) if image.pixelColor(x, 150) == colour}

    @pytest.mark.parametrize("reading", [LEFT, RIGHT], ids=["left", "right"])
    def test_a_chosen_line_stays_chosen(self, qtbot: QtBot, reading: Qt.LayoutDirection) -> None:
        table = Table("table", "Table", ("One", "Two"), (100,))
        qtbot.addWidget(table)
        table.setLayoutDirection(reading)
        table.load([Line(1, ("a", "b")), Line(2, ("c", "d"))])
        table.choose(2)
        table.load([Line(2, ("c", "d")), Line(3, ("e", "f"))])
        assert table.key == 2
        assert [index.row() for index in table.selectionModel().selectedRows()] == [0]

    def test_a_name_stands_beside_its_picture(self, theme: Theme, qtbot: QtBot, leftwards: None) -> None:
        """Whatever its own language: Qt would put a Spanish name at the left, away from the avatar at the right."""
        label = PlainLabel(SPANISH)
        qtbot.addWidget(label)
        label.resize(600, label.sizeHint().height())
        label.setStyleSheet(f"background: {GROUND.name()}")
        found = ink(label.grab().toImage(), GROUND)
        assert found.right() > 590
        assert found.left() > 300
