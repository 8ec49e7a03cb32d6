"""The roster's replay: docs/protocol.md section 14.2. Every rule has a history that breaks it and nothing else."""

import pytest

from agent_app.protocol.errors import ProtocolError
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.statement import Revocation, RoleChange, Team

from . import histories
from .clinic import Clinic
from .histories import TEAM, History

FAULTY = list(histories.faulty())
SOUND = list(histories.sound())


@pytest.mark.parametrize("history", SOUND, ids=[history.name for history in SOUND])
def test_a_sound_history_is_replayed_whole(history: History) -> None:
    log = ClinicLog.replay(history.statements)

    assert log.statements == history.statements
    assert log.roster.size == log.size == len(history.statements)


@pytest.mark.parametrize("history", FAULTY, ids=[history.name for history in FAULTY])
def test_one_fault_is_refused_and_changes_nothing(history: History) -> None:
    *before, last = history.statements
    if not before:
        with pytest.raises(ProtocolError) as refused:
            ClinicLog(last)
        assert refused.value.code == history.expect
        return
    log = ClinicLog.replay(before)
    roster, head = log.roster, log.head

    with pytest.raises(ProtocolError) as refused:
        log.append(last)

    assert refused.value.code == history.expect
    assert (log.roster, log.head, log.statements) == (roster, head, tuple(before))


def test_a_role_is_judged_under_the_head_that_an_event_names() -> None:
    clinic = Clinic()
    bea = clinic.admit("Bea")
    clinic.set_role(bea, "supervisor")
    clinic.revoke(bea)

    roles = [clinic.log.roster.role_at(bea.device, size) for size in range(6)]

    assert roles == [None, None, "agent", "supervisor", None, None]


def test_a_revoked_device_stays_known_and_is_not_active() -> None:
    clinic = Clinic()
    bea = clinic.admit("Bea")
    clinic.append(Revocation(bea.device, "left"))

    member = clinic.log.roster.by_mailbox(bea.mailbox)

    assert member is not None
    assert member.revoked is not None
    assert (member.id, member.active, member.revoked.reason, member.role) == (bea.device, False, "left", "agent")
    assert clinic.log.roster.active == ()


def test_a_team_holds_its_active_devices_and_may_end() -> None:
    clinic = Clinic()
    bea, sam = clinic.admit("Bea"), clinic.admit("Sam")
    clinic.append(Team(TEAM, (bea.device, sam.device)))
    clinic.revoke(sam)
    assert [member.id for member in clinic.log.roster.team(TEAM)] == [bea.device]

    clinic.append(Team(TEAM, ()))

    assert clinic.log.roster.team(TEAM) == ()


def test_an_earlier_roster_is_not_changed_by_what_follows() -> None:
    clinic = Clinic()
    bea = clinic.admit("Bea")
    before = clinic.log.roster
    clinic.append(RoleChange(bea.device, "auditor"))
    clinic.revoke(bea)

    assert before.role_at(bea.device, 2) == "agent"
    assert [member.id for member in before.active] == [bea.device]


def test_the_relay_is_the_one_of_the_head() -> None:
    (history,) = (history for history in SOUND if history.name == "quorum")
    roster = ClinicLog.replay(history.statements).roster

    assert roster.relay_at(2).origin == "https://relay.example"
    assert roster.relay_at(3).origin == roster.relay.origin == "https://second.example"
