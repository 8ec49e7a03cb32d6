"""Before the desk: joining, founding, the kit, recovery, unlocking."""

import pytest

from agent_app.engine import events
from agent_app.engine.events import Phase, news
from agent_app.ui.views.first_run import clinic, kit, recover
from agent_app.ui.views.join_screen import JoinScreen
from agent_app.ui.views.screens import UnlockScreen
from tests.ui.conftest import UNLOCKED
from tests.ui.driving import find, press
from tests.ui.forms.form import SHEET, WRONG, House, Row, act_failed, act_failed_about, notice, notice_about
from tests.ui.gallery.day import ADDRESS, CLINIC, FINGERPRINT, WORDS
from tests.ui.samples import NOON


def joining(house: House) -> None:
    house.tell(events.PhaseChanged(Phase.NEW))
    press(house.qtbot, house.window, "joinOwn")


def founding(house: House) -> None:
    house.tell(events.PhaseChanged(Phase.NEW))
    press(house.qtbot, house.window, "newClinic")


def written(house: House) -> None:
    founding(house)
    press(house.qtbot, house.window, "clinicWritten")


def finishing(house: House) -> None:
    founding(house)
    house.tell(news.AdministrationChanged(news.Stage.BEGUN, CLINIC, ADDRESS, FINGERPRINT))


def with_kit(house: House) -> None:
    founding(house)
    house.tell(news.AdministrationChanged(news.Stage.FOUNDED, CLINIC, ADDRESS, FINGERPRINT, True, True))
    sheet = tuple(SHEET.split())
    house.tell(news.KitMade(CLINIC, FINGERPRINT, ADDRESS, (sheet, sheet), tuple((1, place) for place in range(1, 9))))
    house.qtbot.waitUntil(find(house.window, "kitWord7").isVisible)


def own_approval(house: House) -> None:
    founding(house)
    house.tell(events.PhaseChanged(Phase.AWAITING_APPROVAL, CLINIC, "Ana Ruiz"))
    house.tell(events.EnrolmentRequested("sealdesk-request:1:" + "a7" * 60, WORDS))


def checking(house: House) -> None:
    founding(house)
    house.tell(UNLOCKED)


def recovering(house: House) -> None:
    house.tell(events.PhaseChanged(Phase.NEW))
    press(house.qtbot, house.window, "recoverKey")
    press(house.qtbot, house.window, "recoverWritten")


def locked(house: House) -> None:
    house.tell(events.PhaseChanged(Phase.LOCKED, CLINIC, "Ana Ruiz"))


def locked_with_pin(house: House) -> None:
    locked(house)
    house.tell(events.PinOffered(NOON))


def unlock_failed(house: House) -> None:
    house.tell(events.UnlockFailed(WRONG, 0))


_JOIN = {"joinAddress": ADDRESS, "joinName": "Ana Ruiz", "joinPassphrase": "a b c", "joinRepeat": "a b c"}
_FOUND = {"newClinicName": CLINIC, "clinicRelay": "https://relay.example", "clinicHoursField": "8:00-17:00"}
_RECOVER = {"recoverSheet1": SHEET, "recoverSheet2": SHEET, "recoverAddress": ADDRESS}


ROWS = {
    "join": Row(JoinScreen, joining, "joinButton", "joinError", "joinAddress", _JOIN, notice),
    "join, two passphrases": Row(
        JoinScreen,
        joining,
        "joinButton",
        "joinError",
        "joinRepeat",
        {**_JOIN, "joinRepeat": "c"},
        said="The two passphrases differ.",
    ),
    "join, no name": Row(
        JoinScreen, joining, "joinButton", "joinError", "joinName", {**_JOIN, "joinName": ""}, said="Write your name."
    ),
    "found": Row(clinic.ClinicScreen, written, "clinicFound", "clinicError", "clinicRelay", _FOUND, act_failed),
    "found without a name": Row(
        clinic.ClinicScreen,
        written,
        "clinicFound",
        "clinicError",
        "newClinicName",
        {**_FOUND, "newClinicName": ""},
        said="Something is missing.",
    ),
    "found, no hours": Row(
        clinic.ClinicScreen,
        written,
        "clinicFound",
        "clinicError",
        "clinicHoursField",
        {**_FOUND, "clinicHoursField": "9 to 5"},
        said="“9 to 5” are no hours.",
    ),
    "found, not written": Row(
        clinic.ClinicScreen,
        founding,
        "clinicFound",
        "clinicError",
        "clinicWritten",
        _FOUND,
        said="Write the passphrase down first.",
    ),
    "finish": Row(
        clinic.FinishScreen,
        finishing,
        "finishOpen",
        "finishError",
        "finishPassphrase",
        {"finishPassphrase": "wrong"},
        act_failed,
        cleared=("finishPassphrase",),
    ),
    "kit": Row(
        kit.KitScreen,
        with_kit,
        "kitConfirm",
        "kitError",
        "kitWord2",
        {f"kitWord{place}": "word" for place in range(8)},
        lambda house: house.tell(news.KitRefused((2, 5))),
        said="The marked words are not on the sheets.",
    ),
    "own approval": Row(clinic.OwnApprovalScreen, own_approval, "ownApprove", "ownError", "ownApprove", {}, act_failed),
    "self-check": Row(
        clinic.SelfCheckScreen, checking, "selfCheckRun", "selfCheckError", "selfCheckRun", {}, act_failed
    ),
    "recover": Row(
        recover.RecoverScreen, recovering, "recoverBegin", "recoverError", "recoverSheet1", _RECOVER, act_failed
    ),
    "recover, a word short": Row(
        recover.RecoverScreen,
        recovering,
        "recoverBegin",
        "recoverError",
        "recoverSheet1",
        {**_RECOVER, "recoverSheet1": "one"},
        said="Sheet 1: 1 of 25 words are here.",
    ),
    "unlock": Row(
        UnlockScreen,
        locked,
        "unlockButton",
        "unlockError",
        "unlockPassphrase",
        {"unlockPassphrase": "wrong"},
        unlock_failed,
        cleared=("unlockPassphrase",),
    ),
    "unlock by PIN": Row(
        UnlockScreen,
        locked_with_pin,
        "unlockButton",
        "unlockError",
        "unlockPassphrase",
        {"unlockPassphrase": "1111"},
        unlock_failed,
        cleared=("unlockPassphrase",),
    ),
}

ROWS |= {
    "join, weak passphrase": ROWS["join"].about("joinPassphrase", notice_about("vault.weak-passphrase")),
    "join, long name": ROWS["join"].about("joinName", notice_about("limit.exceeded")),
    "join, relay away": ROWS["join"].about("joinButton", notice_about("relay.unreachable")),
    "found, long name": ROWS["found"].about("newClinicName", act_failed_about("limit.exceeded")),
    "found, hours": ROWS["found"].about("clinicHoursField", act_failed_about("hours.unreadable")),
    "found, zone": ROWS["found"].about("clinicZone", act_failed_about("time-zone.unknown")),
    "found, keyring": ROWS["found"].about("clinicFound", act_failed_about("vault.keyring-unavailable")),
    "recover, the second misread": ROWS["recover"].about("recoverSheet2", act_failed_about("kit.sheet-2")),
    "recover, address": ROWS["recover"].about("recoverAddress", act_failed_about("address.refused")),
    "recover, relay away": ROWS["recover"].about("recoverBegin", act_failed_about("relay.unreachable")),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_refused_is_said_where_it_happened_and_costs_nothing(house: House, said: list[str], name: str) -> None:
    ROWS[name].refuse_twice(house, said)
