"""Above the list: which of its conversations are shown, and in what order. Two buttons, each with a menu."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from agent_app.ui import words
from agent_app.ui.models.conversations import ConversationModel, Narrowing, Order
from agent_app.ui.views.basics import button, restyle, row

_MOST_TAGS = 30  # in the menu; a longer one is no help


class NarrowingBar(QWidget):
    """Lives on Qt's thread. It changes nothing but what the model shows."""

    def __init__(self, model: ConversationModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._filter, self._sort = button("", "filterButton", "menu"), button("", "sortButton", "menu")
        self._filters, self._sorts = self._menu(self._filter, "filterMenu"), self._menu(self._sort, "sortMenu")
        self._filters.aboutToShow.connect(self._fill)  # the tags are those of now
        self._fill_sorts()
        layout: QHBoxLayout = row(self._filter, spacing=4, margins=(16, 0, 16, 0))
        layout.addStretch()
        layout.addWidget(self._sort)
        self.setLayout(layout)
        self._name()

    def clear(self) -> None:
        self._narrow(Narrowing())

    def _menu(self, opener: QPushButton, name: str) -> QMenu:
        menu = QMenu(opener)
        menu.setObjectName(name)
        opener.setMenu(menu)
        return menu

    def _fill(self) -> None:
        """Each entry leads to what is shown after it was pressed."""
        now = self._model.narrowing
        self._filters.clear()
        self._add(self.tr("All"), "filterAll", now == Narrowing(), Narrowing())
        self._filters.addSeparator()
        unread, unchecked, attention, mentioned = self._labels()
        self._add(unread, "filterUnread", now.unread, replace(now, unread=not now.unread))
        self._add(unchecked, "filterUnchecked", now.unchecked, replace(now, unchecked=not now.unchecked))
        self._add(attention, "filterAttention", now.attention, replace(now, attention=not now.attention))
        self._add(mentioned, "filterMentioned", now.mentioned, replace(now, mentioned=not now.mentioned))
        tags = self._model.tags()[:_MOST_TAGS]
        if tags:
            self._filters.addSeparator()
        for tag in tags:
            label = self.tr("Tag: {tag}").format(tag=words.one_line(tag).replace("&", "&&"))
            self._add(label, "filterTag", now.tag == tag, replace(now, tag="" if now.tag == tag else tag))

    def _add(self, label: str, name: str, on: bool, then: Narrowing) -> None:
        action = self._filters.addAction(label)
        action.setObjectName(name)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda: self._narrow(then))

    def _fill_sorts(self) -> None:
        group = QActionGroup(self)
        for order, label in self._orders().items():
            action: QAction = self._sorts.addAction(label)
            action.setObjectName(f"sort-{order.value}")
            action.setCheckable(True)
            action.setChecked(order is self._model.order)
            group.addAction(action)
            action.triggered.connect(lambda _on, order=order: self._sort_by(order))

    def _labels(self) -> tuple[str, str, str, str]:
        attention, mentioned = self.tr("Needs attention"), self.tr("Mentions you")
        return self.tr("Unread"), self.tr("Patient not checked"), attention, mentioned

    def _orders(self) -> dict[Order, str]:
        return {Order.NEWEST: self.tr("Newest first"), Order.LONGEST_WAITING: self.tr("Longest waiting first")}

    def _narrow(self, narrowing: Narrowing) -> None:
        self._model.narrow(narrowing)
        self._name()

    def _sort_by(self, order: Order) -> None:
        self._model.sort_by(order)
        self._name()

    def _name(self) -> None:
        """The buttons say what is chosen, so that a list that is short is never taken for all there is."""
        chosen = self._model.narrowing
        are = (chosen.unread, chosen.unchecked, chosen.attention, chosen.mentioned)
        parts = [label for label, on in zip(self._labels(), are, strict=True) if on]
        said = " · ".join(filter(None, (*parts, words.one_line(chosen.tag)))) or self.tr("All")
        order = self._orders()[self._model.order]
        self._filter.setText(self.fontMetrics().elidedText(said.replace("&", "&&"), Qt.TextElideMode.ElideRight, 130))
        self._filter.setAccessibleName(self.tr("Show: {what}").format(what=said))
        self._filter.setToolTip(self.tr("Which conversations are shown: {what}").format(what=said))
        self._sort.setText(order)
        self._sort.setAccessibleName(self.tr("Order: {order}").format(order=order))
        restyle(self._filter, active=chosen != Narrowing())
