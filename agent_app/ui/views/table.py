"""A table of plain text: one line is chosen, and stays chosen when it is loaded anew."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from agent_app.ui.models.table import Line, TableModel


class Table(QTableView):
    """Lives on Qt's thread. `widths` are of all columns but the last, which takes the rest. Signal: `moved`."""

    moved = Signal()

    def __init__(self, name: str, spoken: str, heads: Sequence[str], widths: Sequence[int]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.lines = TableModel(heads, self)
        self.setModel(self.lines)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)  # Tab leads out of it
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setWordWrap(False)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        for place, width in enumerate(widths):
            head.resizeSection(place, width)
        head.setSectionResizeMode(len(heads) - 1, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(lambda *_: self.moved.emit())

    @property
    def key(self) -> object:
        """Of the chosen line; None for none."""
        return self.lines.key(self.currentIndex().row())

    def load(self, lines: Iterable[Line]) -> None:
        chosen = self.key
        self.lines.load(lines)
        self.choose(chosen)
        self.moved.emit()

    def choose(self, key: object) -> None:
        """Nothing where it is not shown. Qt's own selectRow chooses nothing where one reads from the right."""
        if (row := self.lines.row(key)) >= 0:
            self.setCurrentIndex(self.lines.index(row, 0))
