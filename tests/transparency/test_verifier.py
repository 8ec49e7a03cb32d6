"""The verifier: docs/protocol.md section 15.1. A sound bundle passes, a forged one never does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_app.protocol.errors import InvalidKeyError
from agent_app.transparency import verifier
from agent_app.transparency.audit import RecipientSecret
from agent_app.transparency.report import Report

from .clinic import MINUTE, START, secret
from .evidence import Forgery, conversation, forgeries, tiny

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
