"""The transcript: a list that holds still while rows come and go above and below what somebody reads."""

from PySide6.QtCore import QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QStyle, QToolButton, QWidget

from agent_app.engine.events import ConversationRow, Delivery, MessageRow
from agent_app.ui.clipboard import copy_row
from agent_app.ui.models.transcript import TranscriptModel
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import IconButton
from agent_app.ui.views.transcript_delegate import TranscriptDelegate
from agent_app.ui.views.transcript_layout import is_picture

_NEAR = 600  # pixels from an edge at which the next page is asked for
_AT_END = 40  # pixels from the end that still count as being there
_PICTURE_BYTES = 12 * 1024 * 1024  # larger ones are saved, not shown


class TranscriptView(QListView):
    """Lives on Qt's thread.

    Signals: `retry_wanted`, `file_wanted`, `details_wanted`, `delete_wanted` and `picture_wanted` with a MessageRow;
    `end_reached` when the newest row came into sight; `latest_wanted` when somebody asks to return to it,
    `unread_wanted` to go where reading stopped.
    """

    retry_wanted = Signal(object)
    file_wanted = Signal(object)
    details_wanted = Signal(object)
    delete_wanted = Signal(object)
    picture_wanted = Signal(object)
    end_reached = Signal()
    latest_wanted = Signal()
    unread_wanted = Signal()

    def __init__(self, theme: Theme, model: TranscriptModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transcript")
        self.setAccessibleName(self.tr("Messages"))
        self._rows = model
        self.may_delete_all = False  # what others wrote, too: a supervisor's or administrator's desk
        self._delegate = TranscriptDelegate(theme, model, self)
        self._delegate.retry_wanted.connect(self.retry_wanted)
        self._delegate.file_wanted.connect(self.file_wanted)
        self._asked: set[bytes] = set()
        self._anchor: tuple[bytes, int] | None = None  # the first row in sight, and where its top is
        self._restoring = False
        self._landing: int | None = None  # the place to turn to as soon as heights are known
        self._sticks = True  # whether the newest row is kept in sight
        self._unread = (0, 0)  # the position of the first row that is not read, and how many there are
        self._latest, self._to_unread = self._make_latest(theme), self._make_unread(theme)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self._prepare()
        theme.changed.connect(self.viewport().update)
        model.rowsInserted.connect(self._restore)
        model.rowsRemoved.connect(self._restore)
        model.modelReset.connect(self._on_model_reset)
        model.dataChanged.connect(self._measure_again)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    @property
    def at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return self._rows.at_end and bar.value() >= bar.maximum() - _AT_END

    def show_for(self, row: ConversationRow) -> None:
        """Takes over whose conversation it is, and whether the patient was checked."""
        if (row.title, row.level >= 2) != (self._rows.patient, self._delegate.known):
            self._rows.patient, self._delegate.known = row.title, row.level >= 2
            self._delegate.forget()
            self._measure_again()
        self._delegate.seed = row.conversation
        self._look_around()

    def go_to_end(self) -> None:
        self._sticks = True
        self.scrollToBottom()

    def land(self) -> None:
        """Turns to the model's target: what was not read at the top, what was sought in the middle and marked."""
        place, unread = self._rows.place_at(self._rows.target), self._rows.target == self._rows.unread_from
        if place >= 0:
            self._delegate.found = b"" if unread else self._rows.row(place).message
            self._landing = place
            self._restore()

    def say_new_below(self) -> None:
        """New rows came where nobody looks."""
        self._latest.setVisible(True)

    def show_unread(self, first: int, count: int) -> None:
        """Offers the way to what is not read, while it is out of sight."""
        if (first, count) != self._unread:
            self._unread = (first, count)
            self._to_unread.setText(self.tr("%n unread", "", count))
            self._to_unread.setAccessibleName(self._to_unread.text())
            self._offer_unread()

    def _offer_unread(self) -> None:
        first, count = self._unread
        bottom = self._rows.row(self._row_below()).position if self._rows.rowCount() else 0
        above = first <= bottom
        seen = (
            first
            and self._rows.holds(first)
            and self.viewport().rect().intersects(self.visualRect(self._rows.index(self._rows.place_at(first))))
        )
        self._to_unread.show_icon("up" if above else "down")
        self._to_unread.setVisible(bool(first and count and self._rows.rowCount() and not seen))
        self._place_unread(above)

    def _row_below(self) -> int:
        """The last row in sight."""
        last = self.indexAt(QPoint(self.width() // 2, self.viewport().height() - 2)).row()
        return last if last >= 0 else self._rows.rowCount() - 1

    def _place_unread(self, above: bool) -> None:
        room, there = self.viewport().geometry(), QRect(QPoint(), self._to_unread.sizeHint())
        there.moveCenter(room.center())
        there.moveTop(room.top() + 12 if above else room.bottom() - 12 - there.height())
        self._to_unread.setGeometry(there)

    # Holding still

    def _remember(self) -> None:
        """After each movement, not before each change: Qt measures anew as soon as anybody asks where a row is."""
        top = self.indexAt(QPoint(self.width() // 2, 4))
        self._anchor = (self._rows.row(top.row()).message, self.visualRect(top).top()) if top.isValid() else None

    def _restore(self) -> None:
        self._restoring = True
        self.executeDelayedItemsLayout()
        if self._landing is not None:
            self._land(self._landing)
        elif self._sticks:
            self.scrollToBottom()
        elif self._anchor is not None:
            message, top = self._anchor
            place = self._rows.place(message)
            if place is not None:
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + self.visualRect(self._rows.index(place)).top() - top)
        self._restoring = False
        self._remember()
        self._look_around()

    def _land(self, place: int) -> None:
        self._landing = None
        unread = self._rows.target == self._rows.unread_from
        hint = QAbstractItemView.ScrollHint
        self.setCurrentIndex(self._rows.index(place))
        self.scrollTo(self._rows.index(place), hint.PositionAtTop if unread else hint.PositionAtCenter)
        self._sticks = self.at_end

    def _measure_again(self) -> None:
        """A row may have grown: Qt asks for its size only when it is told to."""
        self.scheduleDelayedItemsLayout()
        self._restore()

    def _on_model_reset(self) -> None:
        self._delegate.forget()
        self._asked.clear()
        self._sticks = True
        self._latest.setVisible(False)
        self._delegate.found = b""
        if self._rows.target and self._rows.rowCount():
            self.land()
        else:
            self._restore()

    def _on_scrolled(self, value: int) -> None:
        if self._restoring:
            return
        self._sticks = self._rows.at_end and value >= self.verticalScrollBar().maximum() - _AT_END
        self._remember()
        self._look_around()

    def _look_around(self) -> None:
        bar = self.verticalScrollBar()
        if bar.value() < _NEAR:
            self._rows.want_page(older=True)
        if bar.value() > bar.maximum() - _NEAR:
            self._rows.want_page(older=False)
        if self.at_end:
            self._latest.setVisible(False)
            self.end_reached.emit()
        elif bar.maximum() - bar.value() > self.height():
            self._latest.setVisible(True)
        self._offer_unread()
        if self._delegate.known:
            self._ask_for_pictures()

    def _ask_for_pictures(self) -> None:
        first = self.indexAt(QPoint(self.width() // 2, 1)).row()
        for place in range(max(first, 0), self._row_below() + 1):
            row = self._rows.row(place)
            if row.message not in self._asked and _is_shown(row):
                self._asked.add(row.message)
                self.picture_wanted.emit(row)

    # Keys, menu, size

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._current()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self._activate(row)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self._current()
        if row is not None and row.file is None:
            self.details_wanted.emit(row)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        row = self._current()
        if row is None:
            return
        menu = QMenu(self)
        menu.setObjectName("messageMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if row.delivery is Delivery.FAILED:
            menu.addAction(self.tr("Retry"), lambda: self.retry_wanted.emit(row)).setObjectName("retryAction")
        if row.file is not None and self._delegate.known:
            menu.addAction(self.tr("Open file…"), lambda: self.file_wanted.emit(row)).setObjectName("fileAction")
        copied = QPersistentModelIndex(self.currentIndex())
        menu.addAction(self.tr("Copy text"), lambda: copy_row(copied)).setObjectName("copyAction")
        details = menu.addAction(self.tr("Message details…"), lambda: self.details_wanted.emit(row))
        details.setObjectName("detailsAction")
        if row.kind in ("text", "file", "note") and (row.mine or self.may_delete_all):
            menu.addSeparator()
            delete = menu.addAction(self.tr("Delete message…"), lambda: self.delete_wanted.emit(row))
            delete.setObjectName("deleteAction")
        menu.popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._delegate.width = self.viewport().width()
        self._restoring = True
        super().resizeEvent(event)
        self._measure_again()
        room, there = self.viewport().geometry(), self._latest.rect()
        there.moveBottomRight(room.bottomRight() - QPoint(16, 12))
        self._latest.move(QStyle.visualRect(self.layoutDirection(), room, there).topLeft())
        self._offer_unread()

    def _activate(self, row: MessageRow) -> None:
        if row.delivery is Delivery.FAILED:
            self.retry_wanted.emit(row)
        elif row.file is not None:
            self.file_wanted.emit(row)
        else:
            self.details_wanted.emit(row)

    def _current(self) -> MessageRow | None:
        current = self.currentIndex()
        return self._rows.row(current.row()) if current.isValid() else None

    def _make_latest(self, theme: Theme) -> QToolButton:
        made = IconButton(theme, "down", self.tr("Newest messages (Alt+End)"), "latestButton", "accent")
        made.setParent(self)
        made.setProperty("kind", "floating")
        made.resize(40, 40)
        made.hide()
        made.clicked.connect(self.latest_wanted)
        return made

    def _make_unread(self, theme: Theme) -> IconButton:
        made = IconButton(theme, "up", self.tr("First unread message (Alt+Home)"), "unreadButton", "accent")
        made.setParent(self)
        made.setProperty("kind", "floating")
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.hide()
        made.clicked.connect(self.unread_wanted)
        return made

    def _prepare(self) -> None:
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalScrollBar().setSingleStep(28)
        self.setMouseTracking(True)


def _is_shown(row: MessageRow) -> bool:
    return row.kind == "file" and is_picture(row.file) and row.file is not None and row.file.size <= _PICTURE_BYTES
