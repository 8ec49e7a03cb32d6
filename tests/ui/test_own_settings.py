"""The unlock screen by PIN, and the dialog in which an agent sets one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from agent_app.engine import commands, events
from agent_app.engine.events import Notice, Phase, PhaseChanged, PinOffered, PreferencesChanged, Severity
from agent_app.ui.dialogs.own_settings import OwnSettingsDialog
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.desk import DeskView
from tests.ui.conftest import UNLOCKED, Recorder, refused
from tests.ui.driving import find, press, text_of, type_into

UNTIL = 1_795_500_000_000


class TestUnlockByPin:
    def test_it_is_asked_for_while_it_is_offered_and_the_passphrase_stays_one_click_away(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.lock()
        window.receive(PhaseChanged(Phase.LOCKED))
        window.receive(PinOffered(UNTIL))
        field = find(window, "unlockPassphrase")
        assert field.accessibleName() == "PIN"
        type_into(qtbot, window, "unlockPassphrase", "480213")
        press(qtbot, window, "unlockButton")
        assert engine.asked[-1] == commands.UnlockByPin("480213")
        window.receive(events.UnlockFailed(Notice(Severity.WARNING, "Not unlocked.", "That PIN is wrong.", ""), 0))
        assert "wrong" in text_of(window, "unlockError")
        press(qtbot, window, "unlockOther")
        assert field.accessibleName() == "Passphrase"
        type_into(qtbot, window, "unlockPassphrase", "right")
        press(qtbot, window, "unlockButton")
        assert engine.asked[-1] == commands.Unlock("right")

    def test_once_it_is_over_the_passphrase_is_asked_for_and_what_was_typed_is_gone(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        window.lock()
        window.receive(PinOffered(UNTIL))
        type_into(qtbot, window, "unlockPassphrase", "4802")
        window.receive(PinOffered(0))
        field = find(window, "unlockPassphrase")
        assert isinstance(field, QLineEdit)
        assert (field.accessibleName(), field.text()) == ("Passphrase", "")
        assert not find(window, "unlockOther").isVisible()

    def test_opens_the_desk(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        window.lock()
        window.receive(PhaseChanged(Phase.LOCKED))
        window.receive(PinOffered(UNTIL))
        type_into(qtbot, window, "unlockPassphrase", "480213")
        qtbot.keyClick(find(window, "unlockPassphrase"), Qt.Key.Key_Return)
        window.receive(UNLOCKED)
        assert window.desk is not None


class TestSettings:
    def dialog(self, window: MainWindow, qtbot: QtBot, *, pin: bool = False) -> OwnSettingsDialog:
        window.receive(PreferencesChanged(sound=True, do_not_disturb=False, pin=pin))
        qtbot.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
        found = window.findChild(OwnSettingsDialog)
        assert found is not None
        return found

    def test_a_pin_is_typed_twice_and_leaves_the_fields(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        dialog = self.dialog(window, qtbot)
        type_into(qtbot, dialog, "ownSettingsPin", "48x0213")
        type_into(qtbot, dialog, "ownSettingsPinAgain", "480214")
        press(qtbot, dialog, "ownSettingsPinSet")
        assert "differ" in text_of(dialog, "ownSettingsError")
        for name in ("ownSettingsPin", "ownSettingsPinAgain"):
            type_into(qtbot, dialog, name, "480213")
        press(qtbot, dialog, "ownSettingsPinSet")
        assert engine.asked[-1] == commands.SetPin("480213")
        assert {find(dialog, name).property("text") for name in ("ownSettingsPin", "ownSettingsPinAgain")} == {""}

    def test_what_the_engine_refuses_is_said_in_it(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        dialog = self.dialog(window, qtbot)
        for name in ("ownSettingsPin", "ownSettingsPinAgain"):
            type_into(qtbot, dialog, name, "1111")
        press(qtbot, dialog, "ownSettingsPinSet")
        refused(window, engine, Notice(Severity.WARNING, "The PIN was not changed.", "Too simple.", ""))
        assert "Too simple" in text_of(dialog, "ownSettingsError")

    def test_a_pin_that_is_set_can_be_removed(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        dialog = self.dialog(window, qtbot, pin=True)
        press(qtbot, dialog, "ownSettingsPinRemove")
        assert engine.asked[-1] == commands.SetPin("")
        window.receive(PreferencesChanged(sound=True, do_not_disturb=False, pin=False))
        assert not find(dialog, "ownSettingsPinRemove").isVisible()

    def test_notifications_are_chosen(self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot) -> None:
        dialog = self.dialog(window, qtbot)
        sound, undisturbed = find(dialog, "ownSettingsSound"), find(dialog, "ownSettingsDoNotDisturb")
        assert isinstance(sound, QCheckBox)
        assert isinstance(undisturbed, QCheckBox)
        assert (sound.isChecked(), undisturbed.isChecked()) == (True, False)
        press(qtbot, dialog, "ownSettingsDoNotDisturb")
        assert engine.asked[-1] == commands.SetNotifications(sound=True, do_not_disturb=True)
