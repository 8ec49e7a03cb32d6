"""Several agents at one workstation, in the window: who is listed, who is asked for, and what does not cross over."""

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from agent_app.engine import commands
from agent_app.engine.events import Agent, AgentsListed, Phase, PhaseChanged, PinOffered
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.desk import DeskView
from tests.ui.conftest import Recorder
from tests.ui.driving import find, press, text_of, type_into

ANA, BRUNO = Agent("default", "Ana Ruiz"), Agent("agent-0b", "Bruno Keller")


def locked(window: MainWindow) -> None:
    window.receive(AgentsListed((ANA, BRUNO), "default"))
    window.lock()
    window.receive(PhaseChanged(Phase.LOCKED))


def test_a_locked_desk_lists_the_others_and_asks_for_the_one_that_is_pressed(
    window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
) -> None:
    assert not find(window, "agentChoice").isVisible()
    locked(window)
    assert text_of(window, "unlockWho").startswith("Ana Ruiz")
    press(qtbot, window, "agent-agent-0b")
    assert engine.asked[-1] == commands.SwitchAgent("agent-0b")


def test_what_was_typed_for_one_is_not_there_for_the_other(window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
    locked(window)
    window.receive(PinOffered(1_795_500_000_000))
    type_into(qtbot, window, "unlockPassphrase", "4802")
    window.receive(AgentsListed((ANA, BRUNO), "agent-0b"))
    window.receive(PhaseChanged(Phase.LOCKED))
    window.receive(PinOffered(0))
    field = find(window, "unlockPassphrase")
    assert isinstance(field, QLineEdit)
    assert (field.text(), field.accessibleName()) == ("", "Passphrase")
    assert text_of(window, "unlockWho").startswith("Bruno Keller")


def test_somebody_new_joins_by_the_join_screen_and_the_others_stay_one_click_away(
    window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
) -> None:
    locked(window)
    press(qtbot, window, "agentNew")
    assert engine.asked[-1] == commands.SwitchAgent("")
    window.receive(AgentsListed((ANA, BRUNO), "agent-1c"))
    window.receive(PhaseChanged(Phase.NEW))
    assert find(window, "joinScreen").isVisible()
    assert not find(window, "agentNew").isVisible()
    press(qtbot, window, "agent-default")
    assert engine.asked[-1] == commands.SwitchAgent("default")


def test_who_is_alone_is_asked_nothing(window: MainWindow) -> None:
    window.receive(AgentsListed((), "default"))
    window.receive(PhaseChanged(Phase.NEW))
    assert not find(window, "agentChoice").isVisible()
