"""The agents of one workstation, at the foot of every screen before the desk: whom to hand the keyboard to."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QWidget

from agent_app.engine.events import Agent, AgentsListed, MessagesWait
from agent_app.ui import words
from agent_app.ui.views.basics import PlainLabel, button, row


class AgentChoice(QWidget):
    """Names, and how much waits for each. Signal: `agent_wanted` with the profile, "" for somebody new."""

    agent_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("agentChoice")
        self._title = PlainLabel(self.tr("Others at this workstation"), "caption-strong", "agentChoiceTitle")
        self._names = QScrollArea()
        self._names.setObjectName("agentNames")
        self._names.setAccessibleName(self._title.text())
        self._names.setFrameShape(QFrame.Shape.NoFrame)
        self._names.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its names take it
        self._names.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._names.setWidgetResizable(True)
        self._new = button(self.tr("Add an agent…"), "agentNew", "quiet", partial(self.agent_wanted.emit, ""))
        layout = row(self._title, self._names, self._new, spacing=12, margins=(20, 4, 20, 12))
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._waiting: dict[str, int] = {}
        self._buttons: dict[str, tuple[Agent, QPushButton]] = {}
        self.show_agents(AgentsListed((), ""))

    def show_agents(self, event: AgentsListed) -> None:
        others = [agent for agent in event.agents if agent.profile != event.current]
        names = row(spacing=8)
        self._buttons.clear()
        for agent in others:
            choice = button("", f"agent-{agent.profile}", "", partial(self.agent_wanted.emit, agent.profile))
            self._buttons[agent.profile] = agent, choice
            self._name(agent.profile)
            names.addWidget(choice)
        names.addStretch()
        strip = QWidget()
        strip.setObjectName("agentStrip")
        strip.setLayout(names)
        self._names.setWidget(strip)
        self._names.setFixedHeight(strip.sizeHint().height() + 4)
        self._title.setVisible(bool(others))
        self._new.setVisible(any(agent.profile == event.current for agent in event.agents))  # else this one is new
        self.setEnabled(bool(event.agents))

    def show_waiting(self, event: MessagesWait) -> None:
        """A count that is no longer known to be true is not shown."""
        self._waiting[event.profile] = 0 if event.asked else event.count or 0
        self._name(event.profile)

    def _name(self, profile: str) -> None:
        if profile in self._buttons:
            agent, choice = self._buttons[profile]
            name, count = words.one_line(agent.name), self._waiting.get(profile, 0)
            choice.setText(f"{name} ({count})" if count else name)
            said = self.tr("{name}: %n messages wait", "", count).format(name=name)
            choice.setAccessibleName(said if count else name)
