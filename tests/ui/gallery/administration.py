"""The administrator's room."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from agent_app.engine import events, notices
from agent_app.engine.events import Sentence, news
from agent_app.store.errors import WrongPassphrase
from agent_app.ui.views.table import Table
from tests.ui.gallery.day import ADDRESS, CLINIC, DAY, FINGERPRINT, ONLINE, PAGE, THERE, UNLOCKED, WORDS
from tests.ui.gallery.stage import SCENES, Scene, Stage, over, press, scene
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
            NOON + MINUTE,
            Sentence("Administrator {number}", number="1"),
            Sentence("{name} was revoked: stolen or lost.", name="Carla Méndez"),
        ),
        news.LogRow(
            NOON,
            Sentence("Administrator {number}", number="1"),
            Sentence("{name} was admitted as {role}.", name="Carla Méndez", role="agent"),
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


def in_the_room(stage: Stage) -> None:
    stage.tell(replace(UNLOCKED, role="administrator"), ONLINE, THERE, events.ConversationsLoaded(DAY))
    stage.desk.show_administration()
    stage.tell(news.AdministrationChanged(news.Stage.FOUNDED, CLINIC, ADDRESS, FINGERPRINT, page=PAGE), _CLINIC)


def _section(stage: Stage, name: str) -> QWidget:
    press(stage.desk.administration, f"{name}Tab")
    return stage.window


for _name in ("devices", "staff", "policy", "hours", "relayState", "clinicLog", "recovery"):
    _shown = {"relayState": "relay", "clinicLog": "log"}.get(_name, _name)
    SCENES.append(Scene(f"administration-{_shown}", partial(_section, name=_name), in_the_room))


@scene
def administration_elsewhere(stage: Stage) -> QWidget:
    """The key is not on this workstation."""
    in_the_room(stage)
    stage.tell(news.AdministrationChanged(news.Stage.NONE))
    return stage.window


@scene
def administration_waiting(stage: Stage) -> QWidget:
    """Two workstations ask to join."""
    in_the_room(stage)
    stage.tell(news.RequestsWaiting((news.WaitingRow(b"1" * 16, NOON), news.WaitingRow(b"2" * 16, NOON + 9 * MINUTE))))
    return _section(stage, "devices")


# What an administrator confirms


def _choose(stage: Stage, section: str, table: str, key: bytes) -> None:
    _section(stage, section)
    found = stage.desk.administration.findChild(Table, table)
    assert found is not None
    found.choose(key)


def _asked(stage: Stage, pressed: str) -> QWidget:
    press(stage.desk.administration, pressed)
    return stage.dialog()


@over(in_the_room)
def approve_device(stage: Stage) -> QWidget:
    _section(stage, "devices")
    shown = _asked(stage, "deviceApprove")
    request = "sealdesk-enrol:" + "a7" * 60
    field = shown.findChild(QLineEdit, "approveRequest")
    assert field is not None
    field.setText(request)
    stage.tell(news.RequestRead(request, "Dolores Prieto", WORDS))
    return shown


@over(in_the_room)
def revoke_stolen(stage: Stage) -> QWidget:
    _choose(stage, "devices", "devicesTable", _BEN)
    return _asked(stage, "deviceStolen")


@over(in_the_room)
def end_access(stage: Stage) -> QWidget:
    _choose(stage, "devices", "devicesTable", _BEN)
    return _asked(stage, "deviceLeft")


@over(in_the_room)
def act_refused(stage: Stage) -> QWidget:
    shown = end_access(stage)
    stage.tell(news.ActFailed("The administrator's key was not opened.", notices.told(WrongPassphrase(0))))
    return shown


@over(in_the_room)
def breach_scope(stage: Stage) -> QWidget:
    title = Sentence("Breach scope of {name}", name="Carla Méndez")
    reason = Sentence("stolen or lost")
    lines = (
        Sentence("Device: {name}, number {number}", name="Carla Méndez", number=_CARLA.hex()),
        Sentence("Clinic: {name}", name=CLINIC),
        Sentence(
            "Revoked at {time}: {reason}. Desks that have heard of it encrypt nothing to it.",
            time="2026-11-24 06:01 UTC",
            reason=reason,
        ),
        Sentence("It could read all that was said before too: the policy let new devices have it."),
        Sentence("What was deleted or never reached this desk is not counted; the device may still have it."),
    )
    stage.tell(news.BreachScopeReported(_CARLA, title, lines))
    return stage.dialog()


@over(in_the_room)
def change_role(stage: Stage) -> QWidget:
    _choose(stage, "staff", "staffTable", _BEN)
    return _asked(stage, "staffRole")


@over(in_the_room)
def change_team(stage: Stage) -> QWidget:
    _section(stage, "staff")
    return _asked(stage, "teamNew")


def _confirming(stage: Stage, section: str, pressed: str) -> QWidget:
    _section(stage, section)
    return _asked(stage, pressed)


for _name, _at, _pressed in (
    ("change-policy", "policy", "policySave"),
    ("state-policy-anew", "policy", "policyAnew"),
    ("tell-hours", "hours", "hoursSave"),
    ("vouch-for-log", "relayState", "relayVouch"),
    ("renew-kit", "recovery", "recoveryAnew"),
):
    SCENES.append(Scene(_name, partial(_confirming, section=_at, pressed=_pressed), in_the_room))
