"""The left side: whose conversations there are, in tabs, narrowed and in the order that somebody chose."""

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QPushButton, QWidget

from agent_app.engine.events import ConversationRow
from agent_app.ui import words
from agent_app.ui.models.conversations import ROW, ConversationModel, Narrowing, Tab
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import IconButton, PlainLabel, button, column, framed, row
from agent_app.ui.views.conversation_delegate import ConversationDelegate
from agent_app.ui.views.empty_list import EmptyList
from agent_app.ui.views.narrowing import NarrowingBar
from agent_app.ui.views.search_box import SearchBox

_MINUTE = 60_000  # milliseconds: how often waiting times are painted anew


class ConversationList(QFrame):
    """Lives on Qt's thread. Signals: `chosen` with a conversation's id; `message_chosen` with (conversation, position);
    `invite_wanted`; `export_wanted`."""

    chosen = Signal(object)
    message_chosen = Signal(object, object)
    invite_wanted = Signal()
    export_wanted = Signal()
    settings_wanted = Signal()
    administration_wanted = Signal()

    def __init__(self, theme: Theme, model: ConversationModel, clinic: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setFixedWidth(theme.px(336))
        self._theme, self._model = theme, model
        self._delegate = ConversationDelegate(theme, self)
        self.view = self._make_view()
        self.search = SearchBox(theme, model)
        self.search.results.conversation_chosen.connect(self.chosen)
        self.search.results.message_chosen.connect(self.message_chosen)
        self.search.begun.connect(self._on_search_begun)
        self._tabs = {tab: self._make_tab(tab) for tab in Tab}
        self._narrowing = NarrowingBar(model)
        self._empty = EmptyList("conversations")
        self._empty.pressed.connect(self._on_next_step)
        head = row(PlainLabel(words.one_line(clinic) or self.tr("Conversations"), "title", "clinicName"), spacing=4)
        head.addStretch()
        head.addWidget(self._make_invite())
        self._menu = self._make_menu()
        head.addWidget(self._menu)
        layout = column(spacing=10, margins=(0, 14, 0, 0))
        head.setContentsMargins(18, 0, 12, 0)
        layout.addLayout(head)
        layout.addWidget(self.search)
        self._inbox = self._make_inbox()
        layout.addWidget(self._inbox, 1)
        layout.addWidget(self.search.found, 1)
        self.setLayout(layout)
        model.counts_changed.connect(self._on_counts_changed)
        self._on_counts_changed()
        clock = QTimer(self)
        clock.timeout.connect(self.view.viewport().update)
        clock.start(_MINUTE)

    def _make_inbox(self) -> QFrame:
        tabs = row(*self._tabs.values(), spacing=2, margins=(12, 0, 12, 0))
        tabs.addStretch()
        layout = column(spacing=10)
        layout.addLayout(tabs)
        layout.addWidget(self._narrowing)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self.view, 1)
        return framed("inbox", layout)

    def _on_search_begun(self, begun: bool) -> None:
        self._inbox.setHidden(begun)

    def step(self, by: int) -> None:
        """Chooses the next conversation or the one before."""
        target = self._model.index(max(self.view.currentIndex().row() + by, 0), 0)
        if target.isValid():
            self._on_chosen(target)

    def mark(self, conversation: bytes) -> None:
        """Marks the conversation that is open. Not Qt's selection: when a row leaves, that moves to its neighbour,
        whom nobody chose to look at."""
        self._delegate.marked = conversation
        self.view.setCurrentIndex(self._model.place(conversation))
        self.view.viewport().update()

    def _make_view(self) -> QListView:
        view = QListView()
        view.setObjectName("conversationList")
        view.setAccessibleName(self.tr("Conversations"))
        view.setModel(self._model)
        view.setItemDelegate(self._delegate)
        view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.clicked.connect(self._on_chosen)
        view.activated.connect(self._on_chosen)
        self._theme.changed.connect(view.viewport().update)
        return view

    def _make_tab(self, tab: Tab) -> QPushButton:
        made = button("", f"tab{tab.value.capitalize()}", "tab", lambda: self._choose_tab(tab))
        made.setCheckable(True)
        made.setAutoExclusive(True)
        made.setChecked(tab is self._model.tab)
        return made

    def _make_invite(self) -> IconButton:
        made = IconButton(self._theme, "invite", self.tr("Invite a patient (Ctrl+N)"), "inviteButton", "accent")
        made.clicked.connect(self.invite_wanted)
        return made

    def show_waiting(self, count: int) -> None:
        """Workstations that ask an administrator to be admitted."""
        self.administration.setText(words.counted(self.tr("Administration…"), count))
        told = self.tr("%n workstations ask to join", "", count) if count else self.tr("More")
        self._menu.setToolTip(told)
        self._menu.setAccessibleName(told)
        self._menu.setText(str(count) if count else "")
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self._menu.setToolButtonStyle(beside if count else Qt.ToolButtonStyle.ToolButtonIconOnly)

    def _make_menu(self) -> IconButton:
        made = IconButton(self._theme, "more", self.tr("More"), "sidebarMenu")
        menu = QMenu(made)
        menu.setObjectName("sidebarMenuItems")
        export = menu.addAction(self.tr("Export evidence…"))
        export.setObjectName("exportAction")
        export.triggered.connect(self.export_wanted)
        self.administration = menu.addAction(self.tr("Administration…"))
        self.administration.setObjectName("administrationAction")
        self.administration.setVisible(False)  # until the role is known
        self.administration.triggered.connect(self.administration_wanted)
        settings = menu.addAction(self.tr("This workstation…"))
        settings.setObjectName("settingsAction")
        settings.triggered.connect(self.settings_wanted)
        made.setMenu(menu)
        made.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        return made

    def _choose_tab(self, tab: Tab) -> None:
        self._tabs[tab].setChecked(True)
        self._model.choose(tab)

    def _on_counts_changed(self) -> None:
        names = {
            Tab.WAITING: self.tr("Waiting"),
            Tab.MINE: self.tr("Mine"),
            Tab.TEAM: self.tr("Team"),
            Tab.CLOSED: self.tr("Closed"),
        }
        for tab, made in self._tabs.items():
            count = self._model.count(tab)
            said = self.tr("{tab}: {count}").format(tab=names[tab], count=count)
            made.setText(f"{names[tab]} {count}" if count and tab is not Tab.CLOSED else names[tab])
            made.setAccessibleName(said)
            made.setToolTip(said)
        is_empty = not self._model.rowCount()
        self.view.setHidden(is_empty)
        self._empty.setVisible(is_empty)
        if is_empty:
            self._empty.show_for(self._model)

    def _on_next_step(self) -> None:
        """What the empty list offers."""
        if self._model.narrowing != Narrowing():
            self._narrowing.clear()
        elif self._model.tab is Tab.MINE:
            self._choose_tab(Tab.WAITING)
        else:
            self.invite_wanted.emit()

    def _on_chosen(self, place: QModelIndex) -> None:
        """A click, Enter, or a step. Every view enters the audit log, so moving the focus alone opens nothing."""
        chosen = place.data(ROW)
        if isinstance(chosen, ConversationRow):
            self.chosen.emit(chosen.conversation)
