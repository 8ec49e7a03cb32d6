"""Before the desk: joining, founding, unlocking."""

from PySide6.QtWidgets import QWidget

from agent_app.engine import events
from agent_app.engine.events import Phase, news
from tests.ui.gallery.day import ADDRESS, CLINIC, FINGERPRINT, UNLOCKED, WORDS
from tests.ui.gallery.stage import Stage, scene


@scene
def join(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.NEW))
    return stage.window


@scene
def new_clinic(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.NEW))
    stage.window.findChild(QWidget, "newClinic").click()  # type: ignore[union-attr]
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
    stage.tell(events.PhaseChanged(Phase.LOCKED, CLINIC, "Ana Ruiz", waiting=3))
    return stage.window


@scene
def revoked(stage: Stage) -> QWidget:
    stage.tell(events.PhaseChanged(Phase.REVOKED, CLINIC, "Ana Ruiz"))
    return stage.window


@scene
def agents(stage: Stage) -> QWidget:
    known = (events.Agent("ana", "Ana Ruiz"), events.Agent("ben", "Ben Okafor"))
    stage.tell(events.AgentsListed(known, "ana"), events.PhaseChanged(Phase.LOCKED, CLINIC, "Ana Ruiz", waiting=1))
    return stage.window
