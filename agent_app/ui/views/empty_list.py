"""What stands in the list's place when there is nothing in it: why, and the next step."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from agent_app.ui.models.conversations import ConversationModel, Narrowing, Tab
from agent_app.ui.views.basics import PlainLabel, button, column


class EmptyList(QFrame):
    """Lives on Qt's thread. Signal: `pressed`, when somebody takes the step that is offered."""

    pressed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyList")
        self._why = PlainLabel("", "strong", f"{name}Empty", wrap=True)
        self._hint = PlainLabel("", "secondary", f"{name}EmptyHint", wrap=True)
        self._step = button("", f"{name}NextStep", "quiet", self.pressed.emit, self.tr("Next step"))
        layout = column(spacing=8, margins=(24, 48, 24, 24))
        for label in (self._why, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addWidget(self._step, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self.setLayout(layout)

    def show_for(self, model: ConversationModel) -> None:
        self._say(*(self._narrowed() if model.narrowing != Narrowing() else self._of(model)))

    def say(self, why: str, hint: str) -> None:
        """With no step to offer."""
        self._say(why, hint, "")

    def _say(self, why: str, hint: str, step: str) -> None:
        self._why.setText(why)
        self._hint.setText(hint)
        self._step.setText(step)
        self._step.setAccessibleName(step or self.tr("Next step"))
        self._step.setVisible(bool(step))

    def _narrowed(self) -> tuple[str, str, str]:
        return (
            self.tr("Nothing here is like that."),
            self.tr("Some conversations are hidden by what you chose above."),
            self.tr("Show all"),
        )

    def _of(self, model: ConversationModel) -> tuple[str, str, str]:
        invite = self.tr("Invite a patient")
        match model.tab:
            case Tab.WAITING:
                return self.tr("Nobody is waiting."), self.tr("Whoever writes next appears here at once."), invite
            case Tab.MINE if model.count(Tab.WAITING):
                waiting = self.tr("Take one from those who wait: open it and press Claim.")
                return self.tr("Nothing is with you."), waiting, self.tr("Show who waits")
            case Tab.MINE:
                return self.tr("Nothing is with you."), self.tr("And nobody is waiting."), ""
            case Tab.CLOSED:
                closed = self.tr("A conversation comes here when somebody closes it, or the patient ends it.")
                return self.tr("Nothing has been closed yet."), closed, ""
            case Tab.TEAM:
                return self.tr("No conversation is open."), self.tr("A patient begins one with an invitation."), invite
