"""Freshness: docs/protocol.md section 14.4."""

import pytest

from agent_app.protocol.errors import InvalidNoteError
from agent_app.transparency import checkpoint, freshness, note
from agent_app.transparency.freshness import Bounds, Freshness, State
from agent_app.transparency.note import Note
from agent_app.transparency.statement import Revocation, RoleChange

from . import histories
from .clinic import HOUR, MINUTE, START, Clinic, secret

BOUNDS = Bounds(48 * HOUR, 72 * HOUR)


@pytest.fixture
def clinic() -> Clinic:
    return histories.small()


def ada(clinic: Clinic) -> bytes:
    return clinic.admins[0].cosigning


def sam(clinic: Clinic) -> bytes:
    return clinic.device("Sam", cosigning=True).keys.cosigning


def judge(clinic: Clinic, *notes: Note, now: int) -> Freshness:
    return freshness.judge(clinic.log, notes, now, BOUNDS)


def test_the_second_newest_person_counts(clinic: Clinic) -> None:
    both = clinic.cosigned((ada(clinic), START), (sam(clinic), START + HOUR))

    assert judge(clinic, both, now=START + 48 * HOUR - 1) == Freshness(START, State.FRESH)
    assert judge(clinic, both, now=START + 48 * HOUR) == Freshness(START, State.WARN)
    assert judge(clinic, both, now=START + 72 * HOUR) == Freshness(START, State.STOP)


def test_one_person_is_not_two(clinic: Clinic) -> None:
    twice = [clinic.cosigned((ada(clinic), START)), clinic.cosigned((ada(clinic), START + HOUR))]

    assert judge(clinic, *twice, now=START + HOUR) == Freshness(None, State.STOP)


def test_an_administrator_who_is_also_a_supervisor_is_one_person() -> None:
    clinic = Clinic()
    device = clinic.admit("Ada's desk", "supervisor", person=clinic.admins[0].person)
    alone = clinic.cosigned((device.keys.cosigning, START))

    assert freshness.quorum(clinic.log) == 1
    assert judge(clinic, alone, now=START) == Freshness(START, State.FRESH)


def test_nobody_but_the_relay_is_no_freshness(clinic: Clinic) -> None:
    assert judge(clinic, clinic.head_note(), now=START) == Freshness(None, State.STOP)
    assert judge(clinic, now=START) == Freshness(None, State.STOP)


def test_the_word_of_whoever_may_not_cosign_does_not_count(clinic: Clinic) -> None:
    both = clinic.cosigned((ada(clinic), START), (sam(clinic), START))
    device = clinic.log.roster.active[1].id
    clinic.append(RoleChange(device, "agent"))
    assert freshness.attestations(clinic.log, both) == (freshness.Attestation(clinic.admins[0].person, START),)

    clinic.append(RoleChange(device, "administrator"))
    assert len(freshness.attestations(clinic.log, both)) == 2

    clinic.append(Revocation(device, "left"))
    assert len(freshness.attestations(clinic.log, both)) == 1


def test_a_cosigner_with_a_fast_clock_does_not_vouch_for_tomorrow(clinic: Clinic) -> None:
    edge = clinic.cosigned((ada(clinic), START + 10 * MINUTE), (sam(clinic), START))
    ahead = clinic.cosigned((ada(clinic), START + 10 * MINUTE + 1_000), (sam(clinic), START))

    assert judge(clinic, edge, now=START).state is State.FRESH
    assert judge(clinic, ahead, now=START).state is State.STOP


def test_a_head_that_the_log_has_outgrown_still_vouches(clinic: Clinic) -> None:
    both = clinic.cosigned((ada(clinic), START), (sam(clinic), START))
    clinic.append(RoleChange(clinic.log.roster.active[0].id, "auditor"))

    assert judge(clinic, both, now=START).state is State.FRESH


def test_a_head_that_the_log_never_had_vouches_for_nothing(clinic: Clinic) -> None:
    text = checkpoint.Checkpoint(clinic.log.checkpoint.origin, 2, secret("root")).text
    forked = Note(text, (note.sign(text, "log", secret("log")),))

    with pytest.raises(InvalidNoteError):
        judge(clinic, forked, now=START)


def test_the_policy_sets_the_desks_bounds(clinic: Clinic) -> None:
    assert freshness.desk(clinic.policy) == BOUNDS
    assert Bounds(72 * HOUR, 14 * 24 * HOUR) == freshness.PAGE
