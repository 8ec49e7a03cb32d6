"""Dialogs over an open conversation."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from agent_app.engine import events
from agent_app.engine.events import Happening, Sentence
from tests.ui.gallery.day import DAY, MARIA, NOW, REPLIES, photo, talk
from tests.ui.gallery.stage import Stage, over, press, settle
from tests.ui.samples import MINUTE, NOON, message_id


def over_maria(stage: Stage) -> None:
    stage.open(MARIA, *talk())


@over(over_maria)
def settings(stage: Stage) -> QWidget:
    stage.desk.settings_wanted.emit()
    return stage.dialog()


@over(over_maria)
def own_settings(stage: Stage) -> QWidget:
    stage.tell(events.PreferencesChanged(sound=True, do_not_disturb=False, pin=True))
    QTest.keyClick(stage.window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    return stage.dialog()


@over(over_maria)
def replies(stage: Stage) -> QWidget:
    QTest.keyClick(stage.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    stage.tell(REPLIES)
    return stage.dialog()


@over(over_maria)
def invite(stage: Stage) -> QWidget:
    stage.desk.list.invite_wanted.emit()
    return stage.dialog()


@over(over_maria)
def invitation(stage: Stage) -> QWidget:
    shown = invite(stage)
    for name, text in (("inviteName", "Maria Lopez"), ("inviteBirthDate", "1984-03-27")):
        shown.findChild(QWidget, name).setText(text)  # type: ignore[union-attr]
    shown.findChild(QWidget, "inviteCreate").click()  # type: ignore[union-attr]
    link = "https://chat.riverside.example/#9Jd2kQ0vR7mYxTzLw4bN5cHsGfPaUeXo"
    stage.tell(events.InvitationCreated(b"i" * 16, link, "482 915", NOW + 3 * 24 * 60 * MINUTE))
    stage.tell(events.InvitationChanged(b"i" * 16, "redeemed", 4))
    return shown


@over(over_maria)
def invitations(stage: Stage) -> QWidget:
    shown = invite(stage)
    shown.list_wanted.emit()  # type: ignore[attr-defined]
    rows = (
        events.InvitationRow(b"i" * 16, "Maria Lopez", "", NOW + 60 * MINUTE, "open", 5, True),
        events.InvitationRow(b"j" * 16, "Omar Haddad", "Vaccination", NOW + 900 * MINUTE, "redeemed", 1, False),
    )
    stage.tell(events.InvitationsLoaded(rows))
    settle()
    return stage.dialog()


@over(over_maria)
def hand_over(stage: Stage) -> QWidget:
    stage.desk.pane.hand_over_wanted.emit()
    colleagues = (events.Colleague(b"b" * 32, "Ben Okafor", "supervisor"),)
    stage.tell(events.ColleaguesLoaded(colleagues, (events.Team(b"t" * 16, "Ben Okafor, Carla Méndez"),), True))
    return stage.dialog()


@over(over_maria)
def take_over(stage: Stage) -> QWidget:
    stage.tell(events.ConversationChanged(replace(MARIA, mine=False, holder="Ben Okafor")))
    stage.desk.pane.take_over_wanted.emit()
    stage.tell(events.HolderLoaded(MARIA.conversation, b"b" * 32, "Ben Okafor", NOW - 1000 * MINUTE))
    return stage.dialog()


@over(over_maria)
def close(stage: Stage) -> QWidget:
    stage.desk.pane.close_wanted.emit()
    return stage.dialog()


@over(over_maria)
def block(stage: Stage) -> QWidget:
    stage.desk.pane.block_wanted.emit()
    return stage.dialog()


@over(over_maria)
def safety_number(stage: Stage) -> QWidget:
    stage.desk.pane.number_wanted.emit()
    return stage.dialog()


@over(over_maria)
def delete(stage: Stage) -> QWidget:
    stage.desk.pane.delete_wanted.emit(talk()[3])
    return stage.dialog()


@over(over_maria)
def message_details(stage: Stage) -> QWidget:
    stage.desk.pane.details_wanted.emit(talk()[8])
    wrote = Happening(NOON + 8 * MINUTE, Sentence("{who} wrote it.", who="Ana Ruiz"))
    got = Happening(NOON + 9 * MINUTE, Sentence("It was received by {who}.", who="Maria Lopez"))
    stage.tell(events.CustodyLoaded(message_id(9), (wrote, got)))
    return stage.dialog()


@over(over_maria)
def earlier(stage: Stage) -> QWidget:
    stage.desk.pane.earlier_wanted.emit()
    stage.tell(events.EarlierLoaded(MARIA.conversation, (replace(DAY[7], title="Maria Lopez"),)))
    return stage.dialog()


@over(over_maria)
def send_file(stage: Stage) -> QWidget:
    picture = QImage.fromData(photo())
    stage.desk.attach_picture(picture)
    return stage.dialog()


@over(over_maria)
def send_files(stage: Stage) -> QWidget:
    with TemporaryDirectory() as folder:
        files = {"wrist.png": photo(), "referral.pdf": b"%PDF-1.7" * 300, "elbow.png": photo(420, 640)}
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        stage.desk.attach(*(Path(folder, name) for name in files))
    return stage.dialog()


@over(over_maria)
def received_file(stage: Stage) -> QWidget:
    stage.tell(events.PictureLoaded(message_id(6), photo()))
    stage.desk.pane.file_wanted.emit(talk()[5])
    return stage.dialog()


@over(over_maria)
def export(stage: Stage) -> QWidget:
    stage.desk.list.export_wanted.emit()
    return stage.dialog()


@over(over_maria)
def conversation_menu(stage: Stage) -> QWidget:
    menu = stage.window.findChild(QMenu, "conversationMenuItems")
    assert menu is not None
    menu.popup(stage.window.mapToGlobal(stage.window.rect().center()))
    return menu


@over(over_maria)
def label_patient(stage: Stage) -> QWidget:
    stage.desk.patient.label_wanted.emit()
    return stage.dialog()


@over(over_maria)
def invite_refused(stage: Stage) -> QWidget:
    shown = invite(stage)
    press(shown, "inviteCreate")
    return shown


@over(over_maria)
def pin_refused(stage: Stage) -> QWidget:
    shown = own_settings(stage)
    press(shown, "ownSettingsPinSet")
    return shown
