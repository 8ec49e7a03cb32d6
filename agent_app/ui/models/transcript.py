"""A transcript, as a window of rows that slides over a conversation of any length.

Measured with 100,000 messages: all rows in one view take seconds to open and to append to; some 400 take milliseconds.
So the model keeps about `WINDOW` rows. What lies beyond is asked of the engine when the view nears an edge, and the far
edge is dropped. `at_start` and `at_end` say whether the conversation's own ends are inside.
"""

from bisect import bisect_left
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from agent_app.engine.events import MessageRow, TranscriptLoaded
from agent_app.ui import words
from agent_app.ui.clipboard import FOR_TEAM

Index = QModelIndex | QPersistentModelIndex

WINDOW = 400
SLACK = 100  # trimmed only beyond WINDOW + SLACK, so that a busy conversation does not drop a row with each one it adds
PAGE = 100
_GROUP_PAUSE = 5 * 60_000  # milliseconds after which the same author begins a new group


@dataclass(frozen=True, slots=True)
class Placement:
    """How a row stands among its neighbours."""

    starts_day: bool
    starts_group: bool
    ends_group: bool
    starts_new: bool = False  # the first that was not read when the conversation was opened


class TranscriptModel(QAbstractListModel):
    """Rows of one conversation, ordered by position. Lives on Qt's thread.

    `page_wanted` is raised with (anchor position, older) when rows beyond an edge should be asked for.
    """

    page_wanted = Signal(object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.conversation = b""
        self.patient = ""  # the title under which the list knows them
        self.at_start = True
        self.at_end = True
        self._rows: list[MessageRow] = []
        self._positions: list[int] = []
        self._at: dict[bytes, int] = {}  # message to position
        self._pictures: dict[bytes, QImage] = {}
        self._progress: dict[bytes, float] = {}
        self._asked: tuple[int, bool] | None = None
        self._sought = 0
        self.target = 0  # the position that a view turns to after a reset; 0 for the end
        self.unread_from = 0  # of the first message that was not read when the conversation was opened; 0 for none

    # What views read

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return words.content(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                new = [words.tr("New from here")] if self.placement(index.row()).starts_new else []
                return ". ".join((*new, words.spoken_message(row, self.patient)))
            case _ if role == FOR_TEAM:
                return row.kind == "note"
        return None

    def row(self, place: int) -> MessageRow:
        return self._rows[place]

    def place(self, message: bytes) -> int | None:
        """The message's row number; None where it lies outside the window."""
        position = self._at.get(message)
        return None if position is None else bisect_left(self._positions, position)

    def placement(self, place: int) -> Placement:
        row = self._rows[place]
        before = self._rows[place - 1] if place else None
        after = self._rows[place + 1] if place + 1 < len(self._rows) else None
        starts_new = 0 < self.unread_from <= row.position and (before is None or before.position < self.unread_from)
        return Placement(
            starts_day=before is None or words.local_date(before.time) != words.local_date(row.time),
            starts_group=starts_new or before is None or not _together(before, row),
            ends_group=after is None or not _together(row, after),
            starts_new=starts_new,
        )

    def find(self, message: bytes) -> MessageRow | None:
        place = self.place(message)
        return None if place is None else self._rows[place]

    def place_at(self, position: int) -> int:
        """The row number of the first row at `position` or after it; the last where there is none."""
        return min(bisect_left(self._positions, position), len(self._rows) - 1)

    def picture(self, message: bytes) -> QImage | None:
        return self._pictures.get(message)

    def progress(self, message: bytes) -> float | None:
        """The part of a file that has travelled, 0 to 1; None when nothing is under way."""
        return self._progress.get(message)

    # What the engine said

    def open(self, conversation: bytes) -> None:
        """Empties the window and turns to another conversation, whose newest rows are under way."""
        self.beginResetModel()
        self.conversation = conversation
        self._replace((), at_start=True, at_end=True)
        self.target = self.unread_from = self._sought = 0
        self._pictures.clear()
        self._progress.clear()
        self.endResetModel()

    def load(self, page: TranscriptLoaded) -> None:
        """Takes the page that was asked for at an edge; or, in place of what is here, the newest rows or those around
        a message that was sought.

        A page that is neither answers a question from before the window moved; taking it would leave a hole.
        """
        if page.conversation != self.conversation:
            return
        asked, self._asked = self._asked, None
        if self._rows and asked == (self._positions[0], True) and not _reaches(page, self._positions[0]):
            self._insert(0, page.rows)
            self.at_start = page.at_start
            self._trim(at_end=True)
        elif self._rows and asked == (self._positions[-1], False) and _follows(page, self._positions[-1]):
            self._insert(len(self._rows), page.rows)
            self.at_end = page.at_end
            self._trim(at_end=False)
        elif page.at_end or (page.target and (not self._rows or page.target == self._sought)):
            self.beginResetModel()
            self._replace(page.rows, page.at_start, page.at_end)
            self.target, self._sought = page.target, 0
            self.unread_from = self.unread_from or page.unread_from
            self.endResetModel()

    def add(self, row: MessageRow) -> bool:
        """Adds a new row where its position puts it; False when that lies outside the window."""
        if row.conversation != self.conversation:
            return False
        if row.message in self._at:
            self.change(row)
            return True
        place = bisect_left(self._positions, row.position)
        if (place == len(self._rows) and not self.at_end) or (place == 0 and self._rows and not self.at_start):
            return False
        self._insert(place, (row,))
        self._trim(at_end=False)
        return True

    def change(self, row: MessageRow) -> None:
        place = self.place(row.message)
        if place is not None and row.position == self._positions[place]:
            self._rows[place] = row
            self.dataChanged.emit(self.index(place), self.index(place))

    def set_picture(self, message: bytes, picture: QImage) -> None:
        self._pictures[message] = picture
        self._announce(message)

    def set_progress(self, message: bytes, done: int, total: int) -> None:
        if done < total:
            self._progress[message] = done / total
        else:
            self._progress.pop(message, None)
        self._announce(message)

    def seek(self, position: int) -> bool:
        """Whether the message is in the window; where it is not, the next page around it takes the window's place."""
        self._sought = position
        return self.holds(position)

    def holds(self, position: int) -> bool:
        """Whether a row of that position lies in the window."""
        return bool(self._rows) and self._positions[0] <= position <= self._positions[-1]

    def want_page(self, older: bool) -> None:
        """Asks for the rows beyond an edge, once until they come."""
        if not self._rows or (self.at_start if older else self.at_end):
            return
        wanted = (self._positions[0 if older else -1], older)
        if self._asked != wanted:
            self._asked = wanted
            self.page_wanted.emit(*wanted)

    # Inside

    def _announce(self, message: bytes) -> None:
        place = self.place(message)
        if place is not None:
            self.dataChanged.emit(self.index(place), self.index(place))

    def _replace(self, rows: tuple[MessageRow, ...], at_start: bool, at_end: bool) -> None:
        self._rows = list(rows)
        self._positions = [row.position for row in rows]
        self._at = {row.message: row.position for row in rows}
        self.at_start, self.at_end = at_start, at_end
        self._asked = None

    def _insert(self, place: int, rows: tuple[MessageRow, ...]) -> None:
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), place, place + len(rows) - 1)
        self._rows[place:place] = rows
        self._positions[place:place] = [row.position for row in rows]
        self._at.update((row.message, row.position) for row in rows)
        self.endInsertRows()
        self._announce_neighbours(place, place + len(rows) - 1)

    def _trim(self, at_end: bool) -> None:
        surplus = len(self._rows) - WINDOW
        if surplus <= SLACK:
            return
        first = WINDOW if at_end else 0
        self.beginRemoveRows(QModelIndex(), first, first + surplus - 1)
        for row in self._rows[first : first + surplus]:
            del self._at[row.message]
            self._pictures.pop(row.message, None)
            self._progress.pop(row.message, None)
        del self._rows[first : first + surplus]
        del self._positions[first : first + surplus]
        if at_end:
            self.at_end = False
        else:
            self.at_start = False
        self.endRemoveRows()
        self._announce_neighbours(first, first - 1)

    def _announce_neighbours(self, first: int, last: int) -> None:
        """Rows beside a change may begin or end a day or a group that they did not before."""
        for place in (first - 1, last + 1):
            if 0 <= place < len(self._rows):
                self.dataChanged.emit(self.index(place), self.index(place))


def _reaches(page: TranscriptLoaded, position: int) -> bool:
    return bool(page.rows) and page.rows[-1].position >= position


def _follows(page: TranscriptLoaded, position: int) -> bool:
    return not page.rows or page.rows[0].position > position


def _together(first: MessageRow, second: MessageRow) -> bool:
    return (
        first.author == second.author
        and (first.mine, first.by_patient) == (second.mine, second.by_patient)
        and (first.kind == "note") == (second.kind == "note")
        and {first.kind, second.kind} <= {"text", "file", "note", "deleted"}
        and second.time - first.time < _GROUP_PAUSE
        and words.local_date(first.time) == words.local_date(second.time)
    )
