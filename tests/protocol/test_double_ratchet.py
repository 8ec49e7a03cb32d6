"""The ratchet under loss, reordering, duplication, forgery and restart."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_app.protocol import limits, primitives
from agent_app.protocol.double_ratchet import Context, DoubleRatchet, RatchetMessage
from agent_app.protocol.encoding import decode, encode, frame
from agent_app.protocol.errors import UndecryptableError
from agent_app.protocol.keys import SessionId, Transcript
from agent_app.protocol.labels import Label
from agent_app.protocol.pqxdh import Agreement
from tests.vectors.material import NOW, Randomness, flip

CONTEXT = Context(Transcript(bytes(32)), SessionId(bytes(16)))


@dataclass
class Pair:
    """Two ratchets, and every message that either has sent."""

    random: Randomness = field(default_factory=lambda: Randomness("ratchet test"))
    states: list[DoubleRatchet] = field(default_factory=list)
    sent: list[tuple[int, bytes, RatchetMessage]] = field(default_factory=list)

    def __post_init__(self) -> None:
        agreement = Agreement(CONTEXT.transcript, self.random(32), self.random(32), self.random(32))
        secret = self.random(32)
        begun = DoubleRatchet.begin(agreement, primitives.dh_public(secret), self.random)
        self.states = [begun, DoubleRatchet.answer(agreement, secret)]

    def send(self, side: int) -> RatchetMessage:
        plaintext = f"{side}: {len(self.sent)}".encode()
        self.states[side], message = self.states[side].encrypt(CONTEXT, plaintext, self.random)
        self.sent.append((side, plaintext, message))
        return message

    def read(self, side: int, message: RatchetMessage, now: int = NOW, context: Context = CONTEXT) -> bytes:
        state = decode(encode(self.states[side]), DoubleRatchet)
        self.states[side], plaintext = state.decrypt(context, message, self.random, now)
        return plaintext

    def pass_(self, side: int) -> None:
        message = self.send(side)
        assert self.read(1 - side, message) == self.sent[-1][1]


SCHEDULE = st.lists(
    st.tuples(st.sampled_from(["send", "read", "forge"]), st.integers(0, 1), st.integers(0, 99)), max_size=80
)


@given(SCHEDULE)
@settings(max_examples=150)
def test_every_message_is_read_exactly_once(schedule: list[tuple[str, int, int]]) -> None:
    pair, read = Pair(), set[int]()
    can_send = [True, False]
    for what, side, which in schedule:
        if what == "send" and can_send[side]:
            pair.send(side)
        elif what != "send" and pair.sent:
            index = which % len(pair.sent)
            sender, plaintext, message = pair.sent[index]
            reader = 1 - sender
            before = pair.states[reader]
            if what == "forge":
                message = RatchetMessage(message.header, flip(message.ciphertext, which % len(message.ciphertext)))
            if what == "forge" or index in read:
                with pytest.raises(UndecryptableError):
                    pair.read(reader, message)
                assert pair.states[reader] is before
            else:
                assert pair.read(reader, message) == plaintext
                read.add(index)
                can_send[reader] = True
    for index, (sender, plaintext, message) in enumerate(pair.sent):
        if index not in read:
            assert pair.read(1 - sender, message) == plaintext


def test_the_responder_speaks_second() -> None:
    with pytest.raises(ValueError, match="speaks second"):
        Pair().send(1)


@pytest.mark.parametrize(
    "context", [Context(Transcript(b"x" * 32), CONTEXT.session), Context(CONTEXT.transcript, SessionId(b"x" * 16))]
)
def test_a_message_belongs_to_its_session(context: Context) -> None:
    pair = Pair()
    with pytest.raises(UndecryptableError):
        pair.read(1, pair.send(0), context=context)


def test_own_messages_do_not_come_back() -> None:
    """A relay that mirrors a message to its sender."""
    pair = Pair()
    pair.pass_(0)
    pair.pass_(1)
    message = pair.send(0)
    with pytest.raises(UndecryptableError):
        pair.read(0, message)


def test_more_than_1000_skipped_are_refused_before_any_key_is_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = Pair()
    pair.pass_(0)
    for _ in range(1002):
        message = pair.send(0)
    derived: list[bytes] = []
    original = primitives.hmac_sha256
    monkeypatch.setattr(
        "agent_app.protocol.double_ratchet.hmac_sha256", lambda k, d: (derived.append(d), original(k, d))[1]
    )
    with pytest.raises(UndecryptableError, match="too many"):
        pair.read(1, message)
    assert not derived


def test_both_chains_count_together() -> None:
    pair = Pair()
    pair.pass_(0)
    for _ in range(600):
        pair.send(0)
    pair.pass_(1)
    for _ in range(401):
        message = pair.send(0)
    assert pair.read(1, message)  # 600 of the old chain and 400 of the new: 1,000
    pair = Pair()
    pair.pass_(0)
    for _ in range(600):
        pair.send(0)
    pair.pass_(1)
    for _ in range(402):
        message = pair.send(0)
    with pytest.raises(UndecryptableError, match="too many"):
        pair.read(1, message)


def test_never_more_than_1000_skipped_keys_are_kept() -> None:
    pair = Pair()
    for _ in range(3):
        for _ in range(600):
            last = pair.send(0)
        pair.read(1, last)
        pair.pass_(1)
    assert len(pair.states[1].skipped) == limits.SKIPPED_KEYS.value
    with pytest.raises(UndecryptableError):
        pair.read(1, pair.sent[0][2])


def test_forgetting_drops_only_what_is_old() -> None:
    pair = Pair()
    pair.send(0)
    pair.read(1, pair.send(0), now=NOW)
    pair.send(0)
    pair.read(1, pair.send(0), now=NOW + 5)
    assert [key.time for key in pair.states[1].skipped] == [NOW, NOW + 5]
    assert len(pair.states[1].forget(NOW + limits.SKIPPED_KEY_LIFE).skipped) == 2
    kept = pair.states[1].forget(NOW + 5 + limits.SKIPPED_KEY_LIFE)
    assert [key.time for key in kept.skipped] == [NOW + 5]
    assert kept.forget(NOW + limits.SKIPPED_KEY_LIFE) is kept


def test_the_same_number_skipped_in_two_chains() -> None:
    pair, skipped = Pair(), []
    for _ in range(2):
        skipped.append(pair.send(0))
        pair.pass_(0)
        pair.pass_(1)
    assert [key.number for key in pair.states[1].skipped] == [0, 0]
    assert pair.read(1, skipped[1]) == pair.sent[3][1]
    assert pair.read(1, skipped[0]) == pair.sent[0][1]


@pytest.mark.parametrize("public", [bytes(32), (2**255 - 19 + 9).to_bytes(32, "little")])
def test_a_ratchet_key_that_is_refused(public: bytes) -> None:
    """The peer itself sends it: the header is authentic, and still it is the one error."""
    pair = Pair()
    state, message = pair.states[0], pair.send(0)
    header = primitives.seal(
        state.sending_header_key or b"", bytes(24), frame(Label.HEADER, CONTEXT.session), public + bytes(8)
    )
    with pytest.raises(UndecryptableError):
        pair.read(1, RatchetMessage(header, message.ciphertext))


def test_a_new_secret_with_every_turn() -> None:
    pair, secrets = Pair(), set[bytes]()
    for turn in range(6):
        pair.pass_(turn % 2)
        secrets |= {state.secret for state in pair.states}
    assert len(secrets) == 7  # the initiator's first, and one a turn


def test_no_secret_in_a_trace() -> None:
    pair = Pair()
    assert repr(pair.states[0]) == "DoubleRatchet(sent=0, received=0, skipped=0)"
