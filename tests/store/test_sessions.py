"""Ratchet state, prekeys and handshakes."""

import pytest

from agent_app.protocol.keys import SessionId, Transcript
from agent_app.store.errors import StoreConflict
from agent_app.store.rooms import Store
from agent_app.store.sessions import Accepted, OwnPrekey, Peer
from tests.store.samples import device, mailbox, of


def session(number: int) -> SessionId:
    return SessionId(of("session", number, 16))


def prekey(number: int, kind: str = "one-time", *, created: int = 0, expires: int = 100) -> OwnPrekey:
    return OwnPrekey(number, kind, of("secret", number), of("published", number), created, expires)


def accepted(number: int, signed: int = 1, kem: int = 2) -> Accepted:
    return Accepted(Transcript(of("transcript", number)), device(1), session(number), signed, kem, 5)


def test_a_slots_session_leads_to_its_peer_and_state(store: Store) -> None:
    with store.transaction():
        store.sessions.save(device(1), b"one", [session(1), session(2)], 1)
        store.sessions.save(device(2), b"two", [session(3)], 1)
        store.sessions.save(device(1), b"three", [session(2), session(4)], 2)
    assert store.sessions.load(device(1)) == b"three"
    assert store.sessions.peers() == (device(1), device(2))
    owners = {number: store.sessions.peer_of(session(number)) for number in (1, 2, 3, 4)}
    assert owners == {1: None, 2: device(1), 3: device(2), 4: device(1)}


def test_a_session_id_of_one_peer_cannot_be_taken_by_another(store: Store) -> None:
    with store.transaction():
        store.sessions.save(device(1), b"one", [session(1)], 1)
        with pytest.raises(StoreConflict):
            store.sessions.save(device(2), b"two", [session(1)], 1)


def test_revocation_deletes_every_session_with_a_device(store: Store) -> None:
    with store.transaction():
        store.sessions.save(device(1), b"one", [session(1)], 1)
        store.sessions.delete(device(1))
    assert store.sessions.load(device(1)) is None
    assert store.sessions.peer_of(session(1)) is None


def test_a_peer_keeps_its_certificate_and_mailbox(store: Store) -> None:
    peer = Peer(device(1), mailbox(1), "patient", b"certificate")
    with store.transaction():
        store.sessions.add_peer(peer)
        store.sessions.add_peer(peer)
        for changed in (Peer(device(1), mailbox(2), "patient", b"c"), Peer(device(2), mailbox(1), "patient", b"c")):
            with pytest.raises(StoreConflict):
                store.sessions.add_peer(changed)
    assert store.sessions.peer_by_mailbox(mailbox(1)) == store.sessions.peer(device(1)) == peer


def test_prekey_ids_are_never_used_again(store: Store) -> None:
    with store.transaction():
        first = store.sessions.allocate_ids(3)
        store.sessions.add_prekeys(prekey(id) for id in first)
        for id in first:
            store.sessions.destroy_prekey(id)
        store.sessions.destroy_all()
        second = store.sessions.allocate_ids(2)
    assert not set(first) & set(second)
    assert 0 not in first


def test_the_newest_prekey_of_its_kind_is_current(store: Store) -> None:
    with store.transaction():
        store.sessions.add_prekeys([prekey(2, "signed", created=9), prekey(3, "signed", created=7), prekey(4)])
    assert store.sessions.current_prekey("signed") == store.sessions.prekey(2)
    assert store.sessions.current_prekey("kem-last") is None
    assert store.sessions.unused_prekeys("one-time") == 1


def test_what_the_relay_does_not_have_yet_is_known(store: Store) -> None:
    with store.transaction():
        store.sessions.add_prekeys([prekey(1), prekey(2)])
        store.sessions.mark_uploaded([1])
    assert [key.id for key in store.sessions.not_uploaded()] == [2]
    held = store.sessions.prekey(1)
    assert held is not None
    assert held.uploaded is True


def test_a_handshake_is_accepted_once(store: Store) -> None:
    with store.transaction():
        store.sessions.accept(accepted(1))
        with pytest.raises(StoreConflict):
            store.sessions.accept(accepted(1))
    assert store.sessions.accepted(accepted(1).transcript) == accepted(1)


def test_a_transcript_outlives_every_prekey_it_used(store: Store) -> None:
    with store.transaction():
        store.sessions.add_prekeys([prekey(1, "signed", expires=10), prekey(2, "kem-last", expires=20)])
        store.sessions.accept(accepted(1, signed=1, kem=2))
    with store.transaction():
        assert store.sessions.destroy_expired(10) == 1
    assert store.sessions.prekey(1) is None
    assert store.sessions.accepted(accepted(1).transcript) is not None
    with store.transaction():
        assert store.sessions.destroy_expired(20) == 1
    assert store.sessions.accepted(accepted(1).transcript) is None


def test_after_a_rollback_sessions_and_prekeys_are_gone_and_replays_still_refused(store: Store) -> None:
    with store.transaction():
        store.sessions.save(device(1), b"one", [session(1)], 1)
        store.sessions.add_prekeys([prekey(1)])
        store.sessions.accept(accepted(1))
        store.sessions.destroy_all()
    assert store.sessions.peers() == ()
    assert store.sessions.unused_prekeys("one-time") == 0
    assert store.sessions.accepted(accepted(1).transcript) is not None


def test_a_trace_holds_no_secret() -> None:
    assert "secret" not in repr(prekey(1)).replace("secret=", "")
