"""The administrator's room."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QPushButton, QWidget

from agent_app.engine import events
from agent_app.engine.events import Sentence, news
from tests.ui.gallery.day import ADDRESS, CLINIC, DAY, FINGERPRINT, ONLINE, THERE, UNLOCKED
from tests.ui.gallery.stage import SCENES, Scene, Stage
from tests.ui.samples import MINUTE, NOON

_ANA, _BEN, _CARLA = b"a" * 32, b"b" * 32, b"c" * 32
_CLINIC = news.ClinicLoaded(
    FINGERPRINT,
    (
        news.DeviceRow(_ANA, "Ana Ruiz", "administrator", NOON, own=True),
        news.DeviceRow(_BEN, "Ben Okafor", "supervisor", NOON, heard=NOON, held=2),
        news.DeviceRow(_CARLA, "Carla Méndez", "agent", NOON, "stolen", NOON + MINUTE, held=1),
    ),
    (news.TeamRow(b"t" * 16, "Ben Okafor, Ana Ruiz", (_BEN, _ANA)),),
    news.PolicyRow(120, 365, True, True, 48, 72),
    (
        news.LogRow(
            NOON + MINUTE, "Administrator 1", Sentence("{name} was revoked: stolen or lost.", name="Carla Méndez")
        ),
        news.LogRow(
            NOON, "Administrator 1", Sentence("{name} was admitted as {role}.", name="Carla Méndez", role="agent")
        ),
    ),
    "https://relay.example",
    "ab" * 32,
    NOON,
    (),
    "https://relay.example/",
    NOON,
    "",
)


def _administration(stage: Stage, section: int) -> QWidget:
    stage.tell(replace(UNLOCKED, role="administrator"), ONLINE, THERE, events.ConversationsLoaded(DAY))
    stage.desk.show_administration()
    stage.tell(news.AdministrationChanged(news.Stage.FOUNDED, CLINIC, ADDRESS, FINGERPRINT), _CLINIC)
    room = stage.desk.administration
    tabs = [each for each in room.findChildren(QPushButton) if each.property("kind") == "tab"]
    tabs[section].click()
    return stage.window


for _place, _name in enumerate(("devices", "staff", "policy", "hours", "relay", "log", "recovery")):
    SCENES.append(Scene(f"administration-{_name}", partial(_administration, section=_place)))
