"""The clinic log's replica: no size is forgotten, no second root believed (docs/protocol.md section 14.5)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_app.protocol.content import LogHead
from agent_app.protocol.errors import (
    ForkedLogError,
    InvalidStatementError,
    LimitError,
    ProtocolError,
    RolledBackLogError,
    StaleLogError,
)
from agent_app.protocol.keys import ClinicId
from agent_app.transparency import log as log_module
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.statement import STATEMENTS, RoleChange

from . import histories
from .clinic import Clinic, secret


@pytest.fixture
def clinic() -> Clinic:
    return histories.small()


def test_a_log_comes_back_from_its_statements(clinic: Clinic) -> None:
    again = ClinicLog.replay(clinic.log.statements, clinic.log.clinic, seen=9)

    assert (again.head, again.roster, again.seen) == (clinic.log.head, clinic.log.roster, 9)


def test_a_fingerprint_that_is_not_the_charters_is_refused(clinic: Clinic) -> None:
    with pytest.raises(InvalidStatementError):
        ClinicLog.replay(clinic.log.statements, ClinicId(secret("clinic")))
    with pytest.raises(InvalidStatementError):
        ClinicLog.replay((), clinic.log.clinic)


def test_a_messages_head_is_compared_with_our_own_past(clinic: Clinic) -> None:
    log = clinic.log
    for size in range(1, log.size + 1):
        log.compare(LogHead(size, log.root_at(size)))
        with pytest.raises(ForkedLogError):
            log.compare(LogHead(size, secret("root")))
    with pytest.raises(StaleLogError):
        log.compare(LogHead(log.size + 1, secret("root")))
    with pytest.raises(ForkedLogError):
        log.compare(LogHead(0, log.root_at(0)))


def test_a_relay_that_goes_back_is_caught(clinic: Clinic) -> None:
    log, past = clinic.log, LogHead(2, clinic.log.root_at(2))
    log.observe(log.head)
    with pytest.raises(RolledBackLogError):
        log.observe(past)


def test_a_relay_cannot_go_back_behind_a_size_that_was_never_fetched(clinic: Clinic) -> None:
    log = clinic.log
    with pytest.raises(StaleLogError):
        log.observe(LogHead(log.size + 3, secret("root")))
    with pytest.raises(RolledBackLogError):
        log.observe(log.head)

    assert log.seen == log.size + 3
    with pytest.raises(RolledBackLogError):
        ClinicLog.replay(log.statements, seen=log.seen).observe(log.head)


def test_what_is_fetched_again_must_be_what_is_here(clinic: Clinic) -> None:
    bea = clinic.log.roster.active[0].id
    log = ClinicLog.replay(clinic.log.statements)
    clinic.append(RoleChange(bea, "auditor"))

    assert log.extend(0, clinic.log.statements) == 1
    assert log.extend(2, clinic.log.statements[2:]) == 0
    with pytest.raises(ForkedLogError):
        log.extend(1, [clinic.log.statements[2]])
    with pytest.raises(StaleLogError):
        log.extend(log.size + 1, [])
    assert log.statements == clinic.log.statements


def test_a_log_has_an_end(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "STATEMENTS", STATEMENTS._replace(value=3))
    with pytest.raises(LimitError):
        clinic.append(RoleChange(clinic.log.roster.active[0].id, "auditor"))
    assert clinic.log.size == 3


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2), st.data())
def test_a_flipped_byte_in_any_statement_is_refused(index: int, data: st.DataObject) -> None:
    statements = list(histories.small().log.statements)
    position = data.draw(st.integers(0, len(statements[index]) - 1))
    damaged = bytearray(statements[index])
    damaged[position] ^= data.draw(st.integers(1, 255))
    statements[index] = bytes(damaged)
    known = histories.small().log.clinic

    with pytest.raises(ProtocolError):
        ClinicLog.replay(statements, known)
