"""Sessions of two devices under loss, reordering, duplication, restarts, crossings and renewals."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agent_app.protocol import limits
from agent_app.protocol.encoding import encode
from agent_app.protocol.errors import (
    EncodingError,
    ExpiredPrekeyError,
    InvalidHandshakeError,
    InvalidPrekeyError,
    MalformedError,
    ProtocolError,
    UnknownSessionError,
)
from agent_app.protocol.invitation import Link, Presentation
from agent_app.protocol.keys import LocalDevice, MessageId, SessionId, StreamId, Transcript
from agent_app.protocol.prekeys import Offer, PrekeyPair
from agent_app.protocol.session import BodyKey, PeerSessions, Received
from agent_app.protocol.slot import InitSlot, NextSlot, read_slot
from tests.vectors.material import CLINIC, DAY, NOW, Randomness, bundle, device, prekeys

YEAR = 365 * DAY  # of a network that loses nothing, and no prekey either
DEVICES = [device("alice"), device("bob")]


class Side:
    """One device, and what its store would hold."""

    def __init__(self, number: int, random: Randomness) -> None:
        self.local, self.peer = DEVICES[number], DEVICES[1 - number]
        self.random, self.prekeys = random, dict[int, PrekeyPair]()
        self.accepted: set[Transcript] = set()
        self.sessions = PeerSessions(self.peer.certificate)
        self.published = 0

    def publish(self) -> Any:
        """A bundle of prekeys that nobody has used yet, expiring in a year."""
        self.published += 10
        pairs = prekeys(self.local, self.published, life=YEAR)
        self.prekeys |= pairs.held()
        return bundle(self.local, pairs).verify(self.local.certificate, NOW)

    def initiate(self, bundle_: Any, now: int = NOW) -> None:
        self.sessions = self.sessions.initiate(self.local, bundle_, self.random, now, self.random.encapsulate)

    def offer(self, now: int, life: int = 14 * DAY) -> None:
        self.published += 10
        signed = PrekeyPair.make(self.local, "signed", self.published, now + life, self.random)
        kem = PrekeyPair.make(self.local, "kem-once", self.published + 1, now + life, self.random)
        self.prekeys |= {signed.prekey.id: signed, kem.prekey.id: kem}
        self.sessions = self.sessions.with_offer(signed, kem)

    def send(self, invitation: Presentation | None = None) -> tuple[BodyKey, bytes]:
        r = self.random
        body = BodyKey(r(32), r(32), StreamId(r(32)), MessageId(r(16)))
        self.sessions, slot = self.sessions.encrypt(self.local, body, r, invitation)
        return body, encode(slot)

    def read(self, encoded: bytes, now: int = NOW) -> Received:
        held, known = self.prekeys.get, self.accepted.__contains__
        received = self.sessions.decrypt(self.local, read_slot(encoded), held, known, self.random, now)
        self.sessions = received.sessions
        if received.accepted is not None:
            self.accepted.add(received.accepted.transcript)
            for used in received.accepted.used_up:
                del self.prekeys[used]
        self.sessions = self.sessions.renew(self.local, received, self.random, now, self.random.encapsulate)
        return received

    def restart(self) -> None:
        again = PeerSessions.from_bytes(self.sessions.to_bytes(), self.peer.certificate)
        assert again == self.sessions
        self.sessions = again


def two(name: str = "two") -> tuple[Side, Side]:
    random = Randomness(f"session test/{name}")
    return Side(0, random), Side(1, random)


def pass_(sender: Side, reader: Side, now: int = NOW) -> Received:
    body, slot = sender.send()
    received = reader.read(slot, now)
    assert BodyKey(*(getattr(received.plaintext, name) for name in BodyKey._fields)) == body
    return received


class Sessions(RuleBasedStateMachine):
    """A network that loses nothing for ever, reorders and repeats everything, between two devices that restart."""

    def __init__(self) -> None:
        super().__init__()
        self.sides = two()
        self.sent: list[tuple[int, BodyKey, bytes]] = []
        self.read: set[int] = set()
        self.now, self.begun = NOW, 0

    @precondition(lambda self: self.begun < 4)
    @rule(who=st.integers(0, 1))
    def initiate(self, who: int) -> None:
        self.begun += 1
        self.sides[who].initiate(self.sides[1 - who].publish(), self.now)

    @rule(who=st.integers(0, 1))
    def send(self, who: int) -> None:
        side = self.sides[who]
        if side.sessions.sending is None:
            with pytest.raises(UnknownSessionError):
                side.send()
            return
        if self.begun < 5 and side.sessions.needs_offer(side.local, self.now):
            self.begun += 1
            side.offer(self.now, YEAR)
        body, slot = side.send()
        self.sent.append((who, body, slot))

    @rule(which=st.integers(0, 200))
    def deliver(self, which: int) -> None:
        if not self.sent:
            return
        index = which % len(self.sent)
        self._deliver(index)

    def _deliver(self, index: int) -> None:
        who, body, slot = self.sent[index]
        reader = self.sides[1 - who]
        before = reader.sessions
        if index in self.read:
            with pytest.raises(ProtocolError):
                reader.read(slot, self.now)
            assert reader.sessions == before
            return
        received = reader.read(slot, self.now)
        assert received.plaintext.message_key == body.message_key
        self.read.add(index)

    @rule(who=st.integers(0, 1))
    def restart(self, who: int) -> None:
        self.sides[who].restart()

    @rule()
    def a_week_passes(self) -> None:
        self.now += limits.RENEWAL_AGE if self.now < NOW + 14 * DAY else 0

    @invariant()
    def one_sends_and_at_most_five_receive(self) -> None:
        for side in self.sides:
            sessions = side.sessions
            assert len(sessions.sessions) <= 6
            assert (sessions.sending is None) == (not sessions.sessions)
            assert len({session.id for session in sessions.sessions}) == len(sessions.sessions)

    def teardown(self) -> None:
        """Whatever happened, once the network is quiet all is read, and both can speak in turn."""
        for index in range(len(self.sent)):
            if index not in self.read:
                self._deliver(index)
        for who in (0, 1, 0, 1):
            if self.sides[who].sessions.sending is not None:
                pass_(self.sides[who], self.sides[1 - who], self.now)


TestSessions = Sessions.TestCase
TestSessions.settings = settings(max_examples=60, stateful_step_count=40)


def test_init_until_answered_then_next() -> None:
    a, b = two()
    a.initiate(b.publish())
    for _ in range(2):
        _, slot = a.send()
        assert isinstance(read_slot(slot), InitSlot)
    b.read(slot)
    pass_(b, a)
    assert isinstance(read_slot(a.send()[1]), NextSlot)
    assert isinstance(read_slot(b.send()[1]), NextSlot)


def crossed(name: str) -> tuple[Side, Side]:
    a, b = two(name)
    a.initiate(b.publish())
    b.initiate(a.publish())
    (_, from_a), (_, from_b) = a.send(), b.send()
    a.read(from_b)
    b.read(from_a)
    return a, b


@pytest.mark.parametrize("name", ["one", "two", "three", "four"])
def test_crossed_handshakes_agree_on_the_lower_transcript(name: str) -> None:
    a, b = crossed(name)
    assert a.sessions.sending == b.sessions.sending
    transcripts = {session.id: session.transcript for session in a.sessions.sessions}
    assert a.sessions.sending == min(transcripts, key=lambda id_: transcripts[id_])
    assert len(a.sessions.sessions) == len(b.sessions.sessions) == 2
    pass_(a, b)
    pass_(b, a)


def test_a_new_handshake_after_an_answer_is_no_crossing() -> None:
    """A peer that lost its state begins anew, and its session sends, whatever the transcripts are."""
    for name in ("p", "q", "r", "s"):
        a, b = two(name)
        a.initiate(b.publish())
        pass_(a, b)
        pass_(b, a)
        b.initiate(a.publish())
        assert pass_(b, a).session == a.sessions.sending


def test_the_oldest_of_those_that_receive_goes_first() -> None:
    a, b = two()
    begun = []
    for _ in range(8):
        a.initiate(b.publish())
        begun.append(a.sessions.sending)
    assert [session.id for session in a.sessions.sessions] == begun[-6:]


def test_the_sending_session_is_never_dropped() -> None:
    a, b = two()
    a.initiate(b.publish())
    sending = a.sessions.sending
    slots = []
    for _ in range(7):
        b.initiate(a.publish())
        slots.append(b.send()[1])
    lowest = replace(
        a.sessions,
        sessions=tuple(msgspec.structs.replace(s, transcript=Transcript(bytes(32))) for s in a.sessions.sessions),
    )
    a.sessions = lowest
    for slot in slots:
        a.read(slot)
    assert a.sessions.sending == sending
    assert len(a.sessions.sessions) == 6


def due() -> tuple[Side, Side]:
    """(lower, higher) whose session is seven days old."""
    sides = sorted(two(), key=lambda side: side.local.device)
    lower, higher = sides
    lower.initiate(higher.publish())
    pass_(lower, higher)
    pass_(higher, lower)
    return lower, higher


WEEK = NOW + limits.RENEWAL_AGE


def test_renewal_is_begun_by_the_lower_with_the_offer_of_the_higher() -> None:
    lower, higher = due()
    old = lower.sessions.sending
    assert not higher.sessions.needs_offer(higher.local, WEEK - 1)
    assert higher.sessions.needs_offer(higher.local, WEEK)
    assert not lower.sessions.needs_offer(lower.local, WEEK)
    higher.offer(WEEK)
    assert not higher.sessions.needs_offer(higher.local, WEEK)
    pass_(higher, lower, WEEK)
    new = lower.sessions.sending
    assert new != old
    received = pass_(lower, higher, WEEK)
    assert received.accepted is not None
    assert len(received.accepted.prekeys) == 2
    assert higher.sessions.sending == new
    assert higher.sessions.offer is None
    assert {session.id for session in higher.sessions.sessions} == {old, new}
    pass_(higher, lower, WEEK)


def test_nothing_to_offer_without_a_session() -> None:
    for side in two():
        assert not side.sessions.needs_offer(side.local, WEEK)


def test_an_offer_that_echoes_begins_nothing() -> None:
    lower, higher = due()
    higher.offer(WEEK)
    _, first = higher.send()
    _, echo = higher.send()
    lower.read(first, WEEK)
    new = lower.sessions.sending
    lower.read(echo, WEEK)
    assert lower.sessions.sending == new
    assert len(lower.sessions.sessions) == 2


def test_an_offer_to_the_higher_is_ignored() -> None:
    lower, higher = due()
    lower.offer(WEEK)
    before = higher.sessions.sending
    pass_(lower, higher, WEEK)
    assert higher.sessions.sending == before


def test_an_expired_offer_is_made_anew() -> None:
    lower, higher = due()
    higher.offer(WEEK)
    assert not higher.sessions.needs_offer(higher.local, WEEK + 14 * DAY - 1)
    assert higher.sessions.needs_offer(higher.local, WEEK + 14 * DAY)
    assert lower.sessions.sending is not None


def test_an_offer_that_does_not_verify_leaves_the_message() -> None:
    lower, higher = due()
    higher.offer(WEEK)
    offer = higher.sessions.offer
    assert offer is not None
    higher.sessions = replace(higher.sessions, offer=Offer(offer.kem, offer.signed))
    _, slot = higher.send()
    received = lower.sessions.decrypt(
        lower.local, read_slot(slot), lower.prekeys.get, lower.accepted.__contains__, lower.random, WEEK
    )
    with pytest.raises(InvalidPrekeyError):
        received.sessions.renew(lower.local, received, lower.random, WEEK)


def test_an_expired_offer_is_refused() -> None:
    lower, higher = due()
    higher.offer(WEEK)
    _, slot = higher.send()
    with pytest.raises(ExpiredPrekeyError):
        lower.read(slot, WEEK + 15 * DAY)


def test_due_after_200_messages() -> None:
    _, higher = due()
    for _ in range(limits.SENDS_BEFORE_RENEWAL - 3):
        higher.send()
    assert not higher.sessions.needs_offer(higher.local, NOW)
    higher.send()
    assert higher.sessions.needs_offer(higher.local, NOW)


def test_one_time_secrets_are_named_for_deletion_and_last_resort_ones_are_not() -> None:
    a, b = two()
    a.initiate(b.publish())
    accepted = pass_(a, b).accepted
    assert accepted is not None
    assert (accepted.prekeys, accepted.used_up) == ((10, 11, 12), (11, 12))


def test_an_invitation_is_shown_in_a_new_handshake_only() -> None:
    a, b = two()
    presentation = Presentation(Link(bytes(16), CLINIC).derive(), "1234")
    a.initiate(b.publish())
    _, slot = a.send(presentation)
    received = b.read(slot)
    assert received.plaintext.proof is not None
    assert received.plaintext.proof.invitation == presentation.prove(received.transcript)
    pass_(b, a)
    with pytest.raises(InvalidHandshakeError):
        a.send(presentation)


def test_a_bundle_of_another_device() -> None:
    a, b = two()
    other = device("mallory")
    foreign = bundle(other, prekeys(other)).verify(other.certificate, NOW)
    with pytest.raises(InvalidHandshakeError):
        a.initiate(foreign)
    assert b.sessions.sending is None


def test_a_session_id_is_not_taken_twice() -> None:
    a, b = two()
    bundles = b.publish(), b.publish()

    class Stuck(Randomness):
        def __call__(self, length: int) -> bytes:
            return bytes(16) if length == 16 else super().__call__(length)

    a.random = Stuck("stuck")
    a.initiate(bundles[0])
    with pytest.raises(InvalidHandshakeError):
        a.initiate(bundles[1])


def test_forgetting_skipped_keys_in_every_session() -> None:
    a, b = two()
    a.initiate(b.publish())
    a.send()
    pass_(a, b)
    assert len(b.sessions.sessions[0].ratchet.skipped) == 1
    assert not b.sessions.forget(NOW + 31 * DAY).sessions[0].ratchet.skipped


def test_stored_sessions_belong_to_one_peer() -> None:
    a, b = two()
    a.initiate(b.publish())
    stored = a.sessions.to_bytes()
    with pytest.raises(MalformedError):
        PeerSessions.from_bytes(stored, device("mallory").certificate)
    with pytest.raises(EncodingError):
        PeerSessions.from_bytes(stored[:-1], b.local.certificate)
    with pytest.raises(MalformedError):
        PeerSessions.from_bytes(stored.replace(b"sessions-1", b"sessions-2"), b.local.certificate)
    gone = replace(a.sessions, sending=SessionId(bytes(16))).to_bytes()
    with pytest.raises(MalformedError):
        PeerSessions.from_bytes(gone, b.local.certificate)


def test_no_secret_in_a_trace() -> None:
    a, b = two()
    a.initiate(b.publish())
    shown = repr(a.sessions) + repr(a.local) + repr(b.prekeys)
    assert "DeviceKeys" not in repr(LocalDevice(a.local.keys, a.local.certificate))
    for secret in (a.local.keys.signing, a.sessions.sessions[0].ratchet.root_key, b.prekeys[10].secret):
        assert repr(secret)[2:-1] not in shown
