"""The verifier: docs/protocol.md section 15.1. A sound bundle passes, a forged one never does."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_app.protocol.errors import InvalidKeyError
from agent_app.protocol.events import Name, Open, Retract, Text
from agent_app.transparency import verifier
from agent_app.transparency.audit import RecipientSecret
from agent_app.transparency.bundle import EpochKey
from agent_app.transparency.report import Report
from agent_app.transparency.statement import Role

from .clinic import MINUTE, START, secret
from .evidence import Forgery, Scene, conversation, forgeries, tiny

SCENE, RAW = conversation()
TINY_SCENE, TINY = tiny()
FORGERIES = list(forgeries())


def verify(raw: bytes, auditor: RecipientSecret | None = None) -> Report:
    return verifier.verify(raw, lambda clinic: clinic == SCENE.clinic.log.clinic, auditor)


def test_a_sound_bundle_passes() -> None:
    report = verify(RAW)

    assert report.faults == ()
    assert report.passed
    assert (len(report.messages), report.retracted, report.earlier) == (9, 1, ())
    assert report.names == {SCENE.bea.device: "Bea"}
    assert report.cosigned == 1
    assert report.period == (START, START + 9 * MINUTE)
    assert all(delivery.delivered for message in report.messages for delivery in message.deliveries)


def test_the_auditors_key_opens_what_the_exporter_did_not_disclose() -> None:
    disclosed, opened = verify(RAW), verify(RAW, SCENE.clinic.auditor)

    assert [(log.entries, len(log.opened)) for log in disclosed.logs] == [(3, 3), (2, 0)]
    assert [(log.entries, len(log.opened)) for log in opened.logs] == [(3, 3), (2, 2)]
    assert opened.passed


def test_another_clinics_audit_key_is_a_wrong_question() -> None:
    with pytest.raises(InvalidKeyError):
        verify(RAW, RecipientSecret(secret("other"), secret("other", 64)))


def test_another_fingerprint_fails_and_nothing_else_is_believed() -> None:
    report = verifier.verify(RAW, lambda clinic: False)

    assert [fault.check.value for fault in report.faults] == ["clinic"]
    assert report.messages == ()


@pytest.mark.parametrize("forgery", FORGERIES, ids=[forgery.name for forgery in FORGERIES])
def test_a_malicious_exporter_is_found_out(forgery: Forgery) -> None:
    report = verify(forgery.raw)

    assert not report.passed
    assert report.faults[0].check.value == forgery.check


def test_an_epoch_key_that_was_not_sealed_to_the_auditor_is_found_out() -> None:
    scene = Scene()
    empty = scene.audit(scene.bea)
    raw = scene.export([msgspec.structs.replace(empty, epoch_keys=(EpochKey(0, secret("another key")),))], [])

    assert verify(raw).passed  # nothing was sealed with it, so nothing contradicts it
    assert [fault.check.value for fault in verify(raw, scene.clinic.auditor).faults] == ["audit entries"]


def test_a_name_that_does_not_open_its_commitment_is_not_used() -> None:
    scene = Scene()
    scene.say(scene.bea, Name(scene.bea.device, "Somebody else", secret("Bea salt")), team=True)

    report = verify(scene.export([]))

    assert report.passed
    assert report.names == {}


@pytest.mark.parametrize(
    ("retractor", "role", "team", "explained"),
    [
        ("bea", "agent", False, True),
        ("bea", "auditor", False, False),
        ("sam", "supervisor", False, True),
        ("sam", "administrator", False, True),
        ("sam", "agent", False, False),
        ("sam", "auditor", False, False),
        ("sam", "supervisor", True, False),
    ],
)
def test_a_missing_message_is_explained_by_who_may_retract_it(
    retractor: str, role: Role, *, team: bool, explained: bool
) -> None:
    scene = Scene()
    scene.say(scene.patient, Open(scene.nonce, scene.patient.certificate.encoded, 1, secret("consent")))
    scene.say(scene.bea, scene.name("Bea", scene.bea))
    slip = scene.say(scene.bea, Text("Wrong window."))
    scene.say(scene.bea, Text("Good morning."))
    by = getattr(scene, retractor)
    scene.clinic.set_role(by, role)
    scene.say(by, Retract(slip.content.message, slip.hash), team=team)
    without = [sent for sent, message in zip(scene.sent, scene.messages, strict=True) if message is not slip]

    report = verify(scene.export([], without))

    assert report.passed is explained
    assert report.retracted == int(explained)


def test_every_flipped_byte_of_a_tiny_bundle_fails() -> None:
    assert verify(TINY).passed
    for position in range(len(TINY)):
        damaged = bytearray(TINY)
        damaged[position] ^= 1 << position % 8
        assert not verify(bytes(damaged)).passed, f"byte {position} of {len(TINY)}"


@settings(max_examples=200, deadline=None)
@given(position=st.integers(0, len(RAW) - 1), mask=st.integers(1, 255))
def test_any_change_of_a_byte_fails(position: int, mask: int) -> None:
    damaged = bytearray(RAW)
    damaged[position] ^= mask

    assert not verify(bytes(damaged)).passed


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(RAW) - 1))
def test_a_bundle_cut_short_fails(length: int) -> None:
    assert not verify(RAW[:length]).passed


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_noise_is_a_report_and_never_a_crash(raw: bytes) -> None:
    assert [fault.check.value for fault in verify(raw).faults] == ["form"]
