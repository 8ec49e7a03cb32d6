"""Invitations, and tries that are stored before they are answered."""

import pytest

from agent_app.protocol.keys import Transcript
from agent_app.store.errors import StoreConflict
from agent_app.store.invitations import Try
from agent_app.store.rooms import Store
from tests.store.samples import device, invitation, of


def attempt(number: int, outcome: str = "wrong", *, left: int = 2, to: int = 0) -> Try:
    return Try(Transcript(of("transcript", number)), invitation(to).id, device(number), outcome, 0, left, number)


@pytest.fixture
def invited(store: Store) -> Store:
    with store.transaction():
        store.invitations.add(invitation())
    return store


def test_an_invitation_is_kept_whole(invited: Store) -> None:
    assert invited.invitations.get(invitation().id) == invitation()
    assert invited.invitations.get(invitation(1).id) is None
    with invited.transaction(), pytest.raises(StoreConflict):
        invited.invitations.add(invitation())


def test_only_what_may_still_be_used_is_open(store: Store) -> None:
    with store.transaction():
        for number in (1, 2, 3):
            store.invitations.add(invitation(number, expires=100 * number))
        store.invitations.set_state(invitation(3).id, "passed")
    assert [held.id for held in store.invitations.open(100)] == [invitation(2).id]
    assert [held.id for held in store.invitations.open(99)] == [invitation(2).id, invitation(1).id]


def test_what_has_ended_stays_ended(invited: Store) -> None:
    with invited.transaction():
        invited.invitations.set_state(invitation().id, "passed")
        invited.invitations.set_state(invitation().id, "cancelled")
        invited.invitations.set_state(invitation().id, "open")
    held = invited.invitations.get(invitation().id)
    assert held is not None
    assert held.state == "passed"


def test_what_the_relay_does_not_know_yet_is_known(invited: Store) -> None:
    assert [held.id for held in invited.invitations.unregistered()] == [invitation().id]
    with invited.transaction():
        invited.invitations.mark_registered(invitation().id)
    assert invited.invitations.unregistered() == ()


def test_each_try_takes_one_and_a_known_transcript_none(invited: Store) -> None:
    with invited.transaction():
        invited.invitations.record_try(attempt(1))
        with pytest.raises(StoreConflict):
            invited.invitations.record_try(attempt(1, "passed"))
    assert invited.invitations.stored_try(attempt(1).transcript) == attempt(1)
    assert invited.invitations.tries_left(invitation().id) == 2


def test_a_refusal_takes_no_try(invited: Store) -> None:
    with invited.transaction():
        invited.invitations.record_try(attempt(1))
        for number in (4, 5):
            invited.invitations.record_try(attempt(number, "refused", left=0))
    assert invited.invitations.tries_left(invitation().id) == 2
    assert [held.outcome for held in invited.invitations.tries(invitation().id)] == ["wrong", "refused", "refused"]
    with invited.transaction():
        for number in (2, 3, 6):
            invited.invitations.record_try(attempt(number))
    assert invited.invitations.tries_left(invitation().id) == 0


def test_a_try_against_an_unknown_invitation_is_refused(invited: Store) -> None:
    assert invited.invitations.tries_left(invitation(9).id) == 0
    with invited.transaction(), pytest.raises(StoreConflict):
        invited.invitations.record_try(attempt(1, to=9))


def test_after_a_rollback_a_checker_has_no_tries(invited: Store) -> None:
    with invited.transaction():
        invited.invitations.record_try(attempt(1))
        invited.invitations.exhaust()
    assert invited.invitations.tries_left(invitation().id) == 0


def test_a_trace_holds_no_name_and_no_code() -> None:
    assert "Ada" not in repr(invitation())
    assert "4711" not in repr(invitation())
