"""Above a transcript: whose it is, who has it, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QMenu, QWidget

from agent_app.engine.events import ConversationRow, Status
from agent_app.ui import words
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import Avatar, IconButton, PlainLabel, button, column, row
from agent_app.ui.views.check_bar import LevelMark


class ConversationHeader(QFrame):
    """Signals: `claim_wanted`, `release_wanted`, `close_wanted`, `reopen_wanted`, `number_wanted`, `block_wanted`,
    `take_over_wanted`, `hand_over_wanted`, `earlier_wanted`, `details_wanted`."""

    claim_wanted = Signal()
    release_wanted = Signal()
    close_wanted = Signal()
    reopen_wanted = Signal()
    number_wanted = Signal()
    block_wanted = Signal()
    take_over_wanted = Signal()
    hand_over_wanted = Signal()
    earlier_wanted = Signal()
    details_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversationHeader")
        self._theme = theme
        self._avatar = Avatar(theme, 42)
        self._title = PlainLabel("", "title", "conversationTitle")
        self._level = PlainLabel("", "caption", "conversationLevel")
        self._status = PlainLabel("", "caption", "conversationStatus")
        self._mark = LevelMark(theme)
        self._claim = button(self.tr("Claim"), "claimButton", "primary", self.claim_wanted.emit)
        self._take_over = button(self.tr("Take over…"), "takeOverButton", "", self.take_over_wanted.emit)
        self._release = button(self.tr("Release"), "releaseButton", "", self.release_wanted.emit)
        self._close = button(self.tr("Close…"), "closeButton", "", self.close_wanted.emit)
        self._reopen = button(self.tr("Reopen"), "reopenButton", "", self.reopen_wanted.emit)
        line = row(self._mark, self._level, self._status, spacing=6)
        line.addStretch()
        said = column(self._title, spacing=2)
        said.addLayout(line)
        layout = row(self._avatar, spacing=12, margins=(20, 12, 12, 12))
        layout.addLayout(said, 1)
        deeds = (self._claim, self._take_over, self._release, self._close, self._reopen)
        for each in (*deeds, self._make_menu(), self._make_details()):
            layout.addWidget(each)
        for deed in deeds:
            deed.setAutoDefault(False)
        self.setLayout(layout)

    def show_for(self, conversation: ConversationRow) -> None:
        title, level = words.one_line(conversation.title), min(max(conversation.level, 0), 3)
        self._avatar.show_person(title, conversation.conversation, level >= 2)
        self._title.setText(title)
        self._mark.level = level
        self._mark.update()
        self._level.setText(words.level(level))
        self._status.setText(f"·  {words.status(conversation)}")
        status = conversation.status
        self._claim.setVisible(status is Status.WAITING)
        self._take_over.setVisible(status is Status.HELD and not conversation.mine)
        self._release.setVisible(status is Status.HELD and conversation.mine)
        self._close.setVisible(status in (Status.WAITING, Status.HELD))
        self._reopen.setVisible(status is Status.CLOSED)
        self._hand_over.setEnabled(status in (Status.WAITING, Status.HELD))
        self._earlier.setEnabled(level == 3)
        self._number.setEnabled(bool(conversation.safety_number))

    def _make_menu(self) -> IconButton:
        made = IconButton(self._theme, "more", self.tr("More about this conversation"), "conversationMenu")
        menu = QMenu(made)
        menu.setObjectName("conversationMenuItems")
        self._hand_over: QAction = menu.addAction(self.tr("Hand over…"), self.hand_over_wanted.emit)
        self._hand_over.setObjectName("handOverAction")
        self._earlier: QAction = menu.addAction(
            self.tr("Send earlier messages to this phone…"), self.earlier_wanted.emit
        )
        self._earlier.setObjectName("sendEarlierAction")
        self._number: QAction = menu.addAction(self.tr("Compare safety number…"), self.number_wanted.emit)
        self._number.setObjectName("safetyNumberAction")
        menu.addSeparator()
        block = menu.addAction(self.tr("Block this patient’s device…"), self.block_wanted.emit)
        block.setObjectName("blockAction")
        made.setMenu(menu)
        made.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        return made

    def _make_details(self) -> IconButton:
        made = IconButton(self._theme, "information", self.tr("About the patient (Ctrl+I)"), "patientPaneButton")
        made.clicked.connect(self.details_wanted)
        return made
