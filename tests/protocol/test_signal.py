"""Signals: what is true only for the moment, and what it must never do."""

from dataclasses import replace

import pytest

from agent_app.protocol import envelope, limits
from agent_app.protocol import signal as s
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.errors import (
    ForgedError,
    MalformedError,
    NotPermittedError,
    UndecryptableError,
    UnknownSessionError,
)
from agent_app.protocol.keys import LocalDevice, MailboxId, MessageId, StreamId
from agent_app.protocol.session import BodyKey, PeerSessions, Received
from agent_app.protocol.signal import Signal
from agent_app.protocol.slot import NO_STREAM, NextSlot, read_slot
from tests.protocol.reader import Replay, Vector, unhex, vectors
from tests.vectors.material import NOW, Randomness, bundle, device, prekeys

STREAM = StreamId(b"s" * 32)
TYPING = s.Typing(STREAM, True)


@vectors("signal")
def test_signal(v: Vector) -> None:
    place = MailboxId(v.b("sender")), MessageId(v.b("message"))
    with v.expecting():
        signal = s.open_signal(v.b("body"), v.b("key"), *place)
        assert (signal.time, encode(signal.hint)) == (v["time"], v.b("hint"))
        assert s.seal_signal(signal, v.b("key"), *place, Replay(v["nonce"])) == v.b("body")
        assert envelope.body_hash(v.b("body")) == v.b("body_hash")
        assert s.HOLDS[type(signal.hint)] == v["holds"]


@vectors("signal-permission")
def test_signal_permission(v: Vector) -> None:
    hints = {name: decode(unhex(hint), s.Hint) for name, hint in v["hints"].items()}
    for row in v["rows"]:
        assert s.is_permitted(hints[row["hint"]], row["author"], row["reader"]) == row["permitted"], row


@vectors("signal-age")
def test_signal_age(v: Vector) -> None:
    signal = Signal("SD1", v["time"], decode(v.b("hint"), s.Hint))
    for row in v["rows"]:
        assert (signal.is_current(row["now"]), signal.ends(row["now"])) == (row["current"], row["ends"])


class Pair:
    """Two devices with a session that `b` began and `a` answered."""

    def __init__(self, a: LocalDevice, b: LocalDevice) -> None:
        self.random = Randomness("signals")
        self.a, self.b = a, b
        offered = prekeys(a)
        self.held = offered.held()
        verified = bundle(a, offered).verify(a.certificate, NOW)
        self.from_b = PeerSessions(a.certificate).initiate(b, verified, self.random, NOW, self.random.encapsulate)
        self.from_a = PeerSessions(b.certificate)

    def message(self, sender: LocalDevice) -> None:
        r = self.random
        body = BodyKey(r(32), r(32), STREAM, MessageId(r(16)))
        if sender is self.b:
            self.from_b, slot = self.from_b.encrypt(self.b, body, r)
            self.from_a = self.read(self.a, encode(slot)).sessions
        else:
            self.from_a, slot = self.from_a.encrypt(self.a, body, r)
            self.from_b = self.read(self.b, encode(slot)).sessions

    def read(self, reader: LocalDevice, slot: bytes) -> Received:
        sessions = self.from_a if reader is self.a else self.from_b
        held = self.held.get if reader is self.a else lambda _: None
        return sessions.decrypt(reader, read_slot(slot), held, lambda _: False, self.random, NOW)


@pytest.fixture
def pair() -> Pair:
    made = Pair(device("alice"), device("patient", "patient"))
    made.message(made.b)
    return made


def test_a_signal_goes_through_the_session_and_counts_as_no_message(pair: Pair) -> None:
    pair.message(pair.a)
    before = pair.from_b.sending_session
    assert before is not None
    made = s.compose(pair.b, TYPING, [pair.from_b], pair.random, NOW)
    received = pair.read(pair.a, made.envelope.slots[0].slot)
    assert s.open_received(received, made.envelope.body) == Signal("SD1", NOW, TYPING)
    sent, taken = made.sessions[0].sending_session, received.sessions.session(before.id)
    heard = pair.from_a.session(before.id)
    assert sent is not None
    assert taken is not None
    assert heard is not None
    assert (sent.sent, taken.received) == (before.sent, heard.received)
    assert sent.ratchet != before.ratchet


def test_it_begins_no_session(pair: Pair) -> None:
    with pytest.raises(UnknownSessionError):
        s.compose(pair.b, TYPING, [pair.from_b], pair.random, NOW)  # nobody has answered yet
    with pytest.raises(UnknownSessionError):
        s.compose(pair.b, TYPING, [PeerSessions(pair.a.certificate)], pair.random, NOW)


def test_it_carries_no_offer_though_the_session_is_due(pair: Pair) -> None:
    offered = prekeys(pair.a, 50)
    due = replace(pair.from_a.with_offer(offered.signed, offered.kem))
    made = s.compose(pair.a, TYPING, [due], pair.random, NOW)
    received = pair.read(pair.b, made.envelope.slots[0].slot)
    assert received.plaintext.offer is None
    assert len(made.envelope.slots[0].slot) < 320


@pytest.mark.parametrize("hint", [s.Viewing(STREAM), s.Viewing(None), s.Replying(STREAM, True), s.Presence("away")])
def test_the_teams_hints_cannot_be_sealed_to_a_patient(pair: Pair, hint: s.Hint) -> None:
    with pytest.raises(NotPermittedError):
        s.compose(pair.a, hint, [pair.from_a], pair.random, NOW)


def test_a_patient_can_seal_nothing_but_typing(pair: Pair) -> None:
    pair.message(pair.a)
    for hint in (s.Viewing(STREAM), s.Replying(STREAM, True), s.Presence("away"), s.Queue(1, None)):
        with pytest.raises(NotPermittedError):
            s.compose(pair.b, hint, [pair.from_b], pair.random, NOW)


def test_nobody_can_make_a_message_of_a_signal_or_a_signal_of_a_message(pair: Pair) -> None:
    made = s.compose(pair.a, TYPING, [pair.from_a], pair.random, NOW)
    received = pair.read(pair.b, made.envelope.slots[0].slot)
    with pytest.raises(UndecryptableError):
        envelope.open_received(pair.b, received, made.envelope.body, NOW)
    body = BodyKey(pair.random(32), pair.random(32), STREAM, MessageId(pair.random(16)))
    _, slot = pair.from_a.encrypt(pair.a, body, pair.random)
    assert not pair.read(pair.b, encode(slot)).plaintext.is_signal


def test_another_body_is_forged(pair: Pair) -> None:
    made = s.compose(pair.a, TYPING, [pair.from_a], pair.random, NOW)
    received = pair.read(pair.b, made.envelope.slots[0].slot)
    known = received.plaintext
    other = s.seal_signal(
        Signal("SD1", NOW, s.Queue(0, None)), known.message_key, pair.a.mailbox, known.message, pair.random
    )
    with pytest.raises(ForgedError):
        s.open_received(received, other)


def test_a_signal_that_carries_a_session_is_refused(pair: Pair) -> None:
    """By whoever does not follow the rule: an init slot whose plaintext names no stream."""
    body = BodyKey(pair.random(32), pair.random(32), NO_STREAM, MessageId(pair.random(16)))
    with pytest.raises(ValueError, match="neither begins"):
        pair.from_b.encrypt(pair.b, body, pair.random)


def test_all_are_of_one_size(pair: Pair) -> None:
    hints = (TYPING, s.Queue(None, None), s.Queue(9_999, 1_440))
    made = [s.compose(pair.a, hint, [pair.from_a], pair.random, NOW).envelope for hint in hints]
    assert len({(len(one.body), len(one.slots[0].slot)) for one in made}) == 1


def test_a_slot_of_a_signal_is_as_long_as_that_of_a_message(pair: Pair) -> None:
    made = s.compose(pair.a, TYPING, [pair.from_a], pair.random, NOW)
    body = BodyKey(pair.random(32), pair.random(32), STREAM, MessageId(pair.random(16)))
    _, slot = pair.from_a.encrypt(pair.a, body, pair.random)
    assert isinstance(slot, NextSlot)
    assert len(encode(slot)) == len(made.envelope.slots[0].slot)


def test_at_most_fifty_are_told(pair: Pair) -> None:
    with pytest.raises(Exception, match="recipients"):
        s.compose(pair.a, TYPING, [pair.from_a] * (limits.RECIPIENTS.value + 1), pair.random, NOW)


def test_what_is_too_long_is_refused_before_it_is_opened() -> None:
    with pytest.raises(MalformedError):
        s.open_signal(bytes(297), bytes(32), MailboxId(bytes(32)), MessageId(bytes(16)))
