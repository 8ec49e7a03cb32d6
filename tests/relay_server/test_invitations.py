"""How patients' mailboxes are opened: docs/protocol.md, 11.3, 16.4 and 16.5."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.relay_server.clinic import HOUR, Device, decode, envelope, now
from tests.relay_server.relays import Owner, Practice, Refused, RelayProcess, relay_process


def patient_of(practice: Practice) -> Owner:
    return practice.owner(Device(practice.clinic.fingerprint, kind="patient"))


def redeem(practice: Practice, owner: Owner, token: bytes) -> object:
    return owner.post("/v1/mailboxes", ["invitation", practice.clinic.fingerprint, token])


def test_an_invitation_is_redeemed_once_and_repeated_by_its_redeemer(practice: Practice) -> None:
    agent = practice.agent()
    token = os.urandom(32)
    registration = agent.device.invitation(token)
    agent.post("/v1/invitations", registration)
    agent.post("/v1/invitations", registration)
    patient, thief = patient_of(practice), patient_of(practice)

    assert redeem(practice, patient, token) == registration
    assert redeem(practice, patient, token) == registration
    with pytest.raises(Refused, match="invitation-invalid"):
        redeem(practice, thief, token)
    assert patient.send(envelope(agent.mailbox))[0][2] == []
    with pytest.raises(Refused, match="mailbox-unbound"):
        thief.send(envelope(agent.mailbox))


def test_of_many_redeemers_at_once_one_wins(practice: Practice) -> None:
    agent = practice.agent()
    token = os.urandom(32)
    agent.post("/v1/invitations", agent.device.invitation(token))
    racers = [patient_of(practice) for _ in range(6)]

    def outcome(racer: Owner) -> str:
        try:
            redeem(practice, racer, token)
        except Refused as refused:
            return refused.name
        return "redeemed"

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(outcome, racers)) == ["invitation-invalid"] * 5 + ["redeemed"]


def test_what_kills_an_invitation(relay: RelayProcess, practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    cancelled, orphaned, foreign = (os.urandom(32) for _ in range(3))
    registration = agent.device.invitation(cancelled)
    agent.post("/v1/invitations", registration)
    colleague.post("/v1/invitations/cancel", [decode(registration[0])[2]])
    agent.post("/v1/invitations", registration)  # the issuer's retry, who has not heard of it
    colleague.post("/v1/invitations", colleague.device.invitation(orphaned))
    practice.append(["revoke", colleague.device.id, "left"])
    elsewhere = relay.practice().agent()
    elsewhere.post("/v1/invitations", elsewhere.device.invitation(foreign))
    patient = patient_of(practice)
    for token in (cancelled, orphaned, foreign, os.urandom(32)):
        with pytest.raises(Refused, match="invitation-invalid"):
            redeem(practice, patient, token)


def test_what_was_redeemed_outlives_its_issuer_and_a_cancellation(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    token = os.urandom(32)
    registration = agent.device.invitation(token, checkers=[colleague.device.id])
    agent.post("/v1/invitations", registration)
    patient = patient_of(practice)
    redeem(practice, patient, token)
    colleague.post("/v1/invitations/cancel", [decode(registration[0])[2]])
    practice.append(["revoke", agent.device.id, "left"])
    assert redeem(practice, patient, token) == registration
    assert patient.send(envelope(colleague.mailbox))[0][2] == []


def test_registrations_must_hold(practice: Practice) -> None:
    agent, colleague, gone = practice.agent(), practice.agent(), practice.agent()
    practice.append(["revoke", gone.device.id, "left"])
    patient = practice.patient(agent)
    token = os.urandom(32)
    checkers = [Device(practice.clinic.fingerprint).id, gone.device.id]
    unsigned = agent.device.invitation(token)
    for bad in (
        agent.device.invitation(token, issuer=colleague.device.id),
        colleague.device.invitation(token),
        agent.device.invitation(token, clinic=os.urandom(32)),
        agent.device.invitation(token, checkers=[]),
        agent.device.invitation(token, checkers=[agent.device.id] * 2),
        agent.device.invitation(token, checkers=[agent.device.id, *checkers[:1]]),
        agent.device.invitation(token, checkers=checkers[1:]),
        agent.device.invitation(token, expires=now() + 72 * HOUR + 60_000),
        agent.device.invitation(token, created=now() - HOUR, expires=now() - 1),
        agent.device.invitation(token, created=now() + HOUR),
        [unsigned[0], os.urandom(64)],
        [unsigned[0][:-1], unsigned[1]],
    ):
        with pytest.raises(Refused) as refused:
            agent.post("/v1/invitations", bad)
        assert refused.value.name in ("malformed", "not-permitted")
    with pytest.raises(Refused, match="not-permitted"):
        patient.post("/v1/invitations", patient.device.invitation(token))
    with pytest.raises(Refused, match="not-permitted"):
        patient.post("/v1/invitations/cancel", [os.urandom(16)])
    agent.post("/v1/invitations", unsigned)
    with pytest.raises(Refused, match="not-permitted"):
        colleague.post("/v1/invitations", colleague.device.invitation(token))


def test_a_mailbox_belongs_to_one_clinic_and_a_device_to_its_log(relay: RelayProcess, practice: Practice) -> None:
    other = relay.practice()
    agent, stranger = practice.agent(), other.agent()
    visitor = practice.visitor()
    token = os.urandom(32)
    stranger.post("/v1/invitations", stranger.device.invitation(token))
    twin = other.owner(visitor.device)
    with pytest.raises(Refused, match="mailbox-bound"):
        redeem(other, twin, token)
    with pytest.raises(Refused, match="mailbox-bound"):
        agent.post("/v1/mailboxes", ["intake", practice.clinic.fingerprint])
    with pytest.raises(Refused, match="not-found"):
        visitor.post("/v1/mailboxes", ["intake", os.urandom(32)])


def test_a_visitor_may_redeem_later_and_stays_invited(practice: Practice) -> None:
    agent = practice.agent()
    agent.put("/v1/prekeys", agent.device.prekeys(once=3))
    visitor = practice.visitor()

    def one_time() -> object:
        return decode(visitor.post("/v1/prekeys/take", [agent.mailbox])[0][1])[3]

    assert one_time() is None
    token = os.urandom(32)
    agent.post("/v1/invitations", agent.device.invitation(token))
    redeem(practice, visitor, token)
    assert one_time() is not None
    assert visitor.post("/v1/mailboxes", ["intake", practice.clinic.fingerprint]) is None
    assert one_time() is not None


def test_intake_is_limited_by_network(own_folder: Path) -> None:
    with relay_process(own_folder, "--limits", "intake_address_hour=2") as relay:
        practice = relay.practice()
        first = practice.visitor()
        practice.visitor()
        with pytest.raises(Refused) as refused:
            practice.visitor()
        assert (refused.value.status, refused.value.name) == (429, "too-many")
        assert 1_700 <= int(refused.value.headers["retry-after"]) <= 1_800
        assert first.post("/v1/mailboxes", ["intake", practice.clinic.fingerprint]) is None
        agent = practice.agent()
        practice.patient(agent)


@pytest.mark.parametrize("limit", ["intake_address_hour", "intake_clinic_hour"])
def test_where_intake_is_closed_an_invitation_still_opens_a_mailbox(own_folder: Path, limit: str) -> None:
    with relay_process(own_folder, "--limits", f"{limit}=0") as relay:
        practice = relay.practice()
        with pytest.raises(Refused) as refused:
            practice.visitor()
        assert (refused.value.status, refused.value.name) == (403, "intake-closed")
        practice.patient(practice.agent())


def test_open_invitations_are_limited(own_folder: Path) -> None:
    with relay_process(own_folder, "--limits", "invitations=2") as relay:
        practice = relay.practice()
        agent = practice.agent()
        for _ in range(2):
            agent.post("/v1/invitations", agent.device.invitation(os.urandom(32)))
        with pytest.raises(Refused, match="limit-exceeded"):
            agent.post("/v1/invitations", agent.device.invitation(os.urandom(32)))
