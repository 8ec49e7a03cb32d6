"""Before the desk: joining, founding, unlocking."""

from PySide6.QtWidgets import QWidget

from agent_app.engine import events, notices
from agent_app.engine.events import Phase, news
from agent_app.relay.errors import RelayUnreachable
from agent_app.store.errors import WrongPassphrase
from tests.ui.gallery.day import ADDRESS, CLINIC, FINGERPRINT, NOW, PAGE, UNLOCKED, WORDS
from tests.ui.gallery.stage import Stage, press, scene
from tests.ui.samples import MINUTE


@scene
def join(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.NEW))
    return stage.window


@scene
def new_clinic(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.NEW))
    press(stage.window, "newClinic")
    return stage.window


@scene
def recovery_kit(stage: Stage) -> QWidget:
    new_clinic(stage)
    stage.tell(news.AdministrationChanged(news.Stage.FOUNDED, CLINIC, ADDRESS, FINGERPRINT, True, True))
    sheet = tuple(f"word{place}" for place in range(1, 26))
    asked = tuple((1 + place % 2, 3 + 3 * place) for place in range(8))
    stage.tell(news.KitMade(CLINIC, FINGERPRINT, ADDRESS, (sheet, sheet), asked))
    return stage.window


@scene
def own_approval(stage: Stage) -> QWidget:
    new_clinic(stage)
    stage.tell(events.PhaseChanged(Phase.AWAITING_APPROVAL, CLINIC, "Ana Ruiz"))
    stage.tell(events.EnrolmentRequested("sealdesk-request:1:" + "a7" * 60, WORDS))
    return stage.window


@scene
def self_check(stage: Stage) -> QWidget:
    new_clinic(stage)
    stage.tell(UNLOCKED, news.SelfCheckProgressed(("relay", "patient", "received"), ok=False))
    return stage.window


@scene
def approval(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.AWAITING_APPROVAL, CLINIC, "Ana Ruiz"))
    stage.tell(events.EnrolmentRequested("sealdesk-request:1:" + "a7" * 60, WORDS))
    return stage.window


@scene
def locked(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.LOCKED, CLINIC, "Ana Ruiz"), events.MessagesWait("", 3))
    return stage.window


@scene
def revoked(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.REVOKED, CLINIC, "Ana Ruiz"))
    return stage.window


@scene
def agents(stage: Stage) -> QWidget:
    known = (events.Agent("ana", "Ana Ruiz"), events.Agent("ben", "Ben Okafor"))
    stage.tell(events.AgentsListed(known, "ana"), events.PhaseChanged(Phase.LOCKED, CLINIC, "Ana Ruiz"))
    stage.tell(events.MessagesWait("ana", 1, NOW - 3_600_000), events.MessagesWait("ben", 4))
    return stage.window


@scene
def join_refused(stage: Stage) -> QWidget:
    join(stage)
    press(stage.window, "joinButton")
    return stage.window


@scene
def new_clinic_refused(stage: Stage) -> QWidget:
    new_clinic(stage)
    stage.tell(news.RelayChecked("https://relay.example", notices.told(RelayUnreachable())))
    press(stage.window, "clinicFound")
    return stage.window


@scene
def finish_founding(stage: Stage) -> QWidget:
    new_clinic(stage)
    stage.tell(news.AdministrationChanged(news.Stage.BEGUN, CLINIC, ADDRESS, FINGERPRINT))
    return stage.window


@scene
def kit_refused(stage: Stage) -> QWidget:
    recovery_kit(stage)
    stage.tell(news.KitRefused((1, 4)))
    return stage.window


@scene
def founded(stage: Stage) -> QWidget:
    """Messages get through; the doors can be opened to colleagues and to patients."""
    new_clinic(stage)
    steps = ("relay", "patient", "received", "answered", "receipts", "ended")
    founded = news.AdministrationChanged(news.Stage.FOUNDED, CLINIC, ADDRESS, FINGERPRINT, False, True, PAGE)
    stage.tell(UNLOCKED, founded, news.SelfCheckProgressed(steps, ok=True))
    return stage.window


@scene
def opening(stage: Stage) -> QWidget:
    founded(stage)
    press(stage.window, "selfCheckDone")
    stage.tell(news.DeviceApproved("Ben Okafor", "supervisor", b"d" * 32))
    return stage.window


@scene
def colleague(stage: Stage) -> QWidget:
    """A colleague's workstation is approved while the clinic opens."""
    opening(stage)
    press(stage.window, "openingApprove")
    return stage.dialog()


@scene
def recover(stage: Stage) -> QWidget:
    join(stage)
    press(stage.window, "recoverKey")
    return stage.window


@scene
def recover_refused(stage: Stage) -> QWidget:
    recover(stage)
    press(stage.window, "recoverBegin")
    return stage.window


@scene
def recovered(stage: Stage) -> QWidget:
    recover(stage)
    stage.tell(news.AdministrationRecovered(CLINIC))
    return stage.window


@scene
def pin(stage: Stage) -> QWidget:
    locked(stage)
    stage.tell(events.PinOffered(NOW + 120 * MINUTE))
    return stage.window


@scene
def unlock_refused(stage: Stage) -> QWidget:
    locked(stage)
    wrong = notices.of_error(WrongPassphrase(30), "Sealdesk was not unlocked.")
    stage.tell(events.UnlockFailed(wrong, 30))
    return stage.window
