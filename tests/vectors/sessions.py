"""Vectors of sessions, step by step: docs/protocol.md, section 7."""

from collections.abc import Callable, Iterator

import msgspec

from agent_app.protocol import limits
from agent_app.protocol.encoding import encode
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.invitation import Presentation
from agent_app.protocol.keys import LocalDevice, MessageId, SessionId, StreamId, Transcript
from agent_app.protocol.prekeys import PrekeyPair
from agent_app.protocol.session import BodyKey, PeerSessions
from agent_app.protocol.slot import NO_STREAM, InitSlot, read_slot
from tests.vectors.material import (
    DAY,
    NOW,
    Case,
    Fields,
    Randomness,
    bundle,
    device,
    device_fields,
    flip,
    ok,
    pair_fields,
    prekeys,
)


class SessionScript:
    """Runs the sessions of two devices and writes down every step."""

    def __init__(self, name: str, comment: str, first: str = "alice", second: str = "bob") -> None:
        self.name, self.comment, self.time = name, comment, NOW
        self.random = Randomness(f"session/{name}")
        self.locals = {"a": device(first), "b": device(second)}
        self.pairs = {who: prekeys(local) for who, local in self.locals.items()}
        self.held = {who: pairs.held() for who, pairs in self.pairs.items()}
        self.accepted: dict[str, set[Transcript]] = {"a": set(), "b": set()}
        self.sessions = {
            "a": PeerSessions(self.locals["b"].certificate),
            "b": PeerSessions(self.locals["a"].certificate),
        }
        self.steps: list[Fields] = []

    def other(self, who: str) -> str:
        return "b" if who == "a" else "a"

    def initiate(self, who: str, *, one_time: bool = True) -> None:
        other = self.other(who)
        mark, offered = len(self.random.drawn), bundle(self.locals[other], self.pairs[other], one_time=one_time)
        verified = offered.verify(self.locals[other].certificate, self.time)
        self.sessions[who] = self.sessions[who].initiate(
            self.locals[who], verified, self.random, self.time, self.random.encapsulate
        )
        sending = self.sessions[who].sending_session
        assert sending is not None
        self._step("initiate", who, mark, bundle=encode(offered), session=sending.id, transcript=sending.transcript)

    def send(self, who: str, invitation: Presentation | None = None) -> bytes:
        body = self._body()
        mark = len(self.random.drawn)
        self.sessions[who], slot = self.sessions[who].encrypt(self.locals[who], body, self.random, invitation)
        encoded = encode(slot)
        self._step("send", who, mark, **body._asdict(), slot=encoded)
        return encoded

    def signal(self, who: str) -> bytes:
        r = self.random
        body = BodyKey(r(32), r(32), NO_STREAM, MessageId(r(16)))
        mark = len(r.drawn)
        self.sessions[who], slot = self.sessions[who].encrypt_signal(body, r)
        encoded = encode(slot)
        self._step("signal", who, mark, **body._asdict(), slot=encoded)
        return encoded

    def _body(self) -> BodyKey:
        r = self.random
        return BodyKey(r(32), r(32), StreamId(r(32)), MessageId(r(16)))

    def receive(self, who: str, encoded: bytes, expect: str = "ok") -> None:
        mark, local = len(self.random.drawn), self.locals[who]
        result: Fields = {}
        try:
            slot = read_slot(encoded)
            received = self.sessions[who].decrypt(
                local, slot, self.held[who].get, self.accepted[who].__contains__, self.random, self.time
            )
            self.sessions[who] = received.sessions.renew(
                local, received, self.random, self.time, self.random.encapsulate
            )
            outcome = "ok"
            if received.accepted is not None:
                self.accepted[who].add(received.accepted.transcript)
                for used in received.accepted.used_up:
                    del self.held[who][used]
            plaintext = received.plaintext
            result = {
                "session": received.session,
                "accepted": received.accepted and received.accepted.transcript,
                "used_up": received.accepted.used_up if received.accepted else [],
                "message_key": plaintext.message_key,
                "body_hash": plaintext.body_hash,
                "stream": plaintext.stream,
                "message": plaintext.message,
            }
        except ProtocolError as error:
            outcome = error.code
        assert outcome == expect, (self.name, len(self.steps), outcome, expect)
        self._step("receive", who, mark, slot=encoded, expect=outcome, **result)

    def pass_(self, who: str) -> None:
        self.receive(self.other(who), self.send(who))

    def offer(self, who: str, first: int) -> None:
        assert self.sessions[who].needs_offer(self.locals[who], self.time)
        pairs = prekeys(self.locals[who], first)
        self.held[who] |= {pairs.signed.prekey.id: pairs.signed, pairs.kem.prekey.id: pairs.kem}
        self.sessions[who] = self.sessions[who].with_offer(pairs.signed, pairs.kem)
        self._step("offer", who, None, signed=pair_fields(pairs.signed), kem=pair_fields(pairs.kem))

    def forget_sessions(self, who: str) -> None:
        self.sessions[who] = PeerSessions(self.sessions[who].peer)
        self._step("forget-sessions", who, None)

    def forget_prekey(self, who: str, pair: PrekeyPair) -> None:
        del self.held[who][pair.prekey.id]
        self._step("forget-prekey", who, None, id=pair.prekey.id)

    def _step(self, do: str, who: str, mark: int | None, **fields: object) -> None:
        sessions = self.sessions[who]
        random = {} if mark is None else {"random": self.random.drawn[mark:]}
        after = {"sending": sessions.sending, "sessions": [session.id for session in sessions.sessions]}
        self.steps.append({"do": do, "by": who, "time": self.time, **random, **fields, "after": after})

    def case(self) -> Case:
        def start(who: str) -> Fields:
            p = self.pairs[who]
            return {
                **device_fields(self.locals[who]),
                "prekeys": [pair_fields(x) for x in (p.signed, p.kem, p.one_time)],
            }

        return "session", self.name, ok(self.comment, a=start("a"), b=start("b"), steps=self.steps)


def cases() -> Iterator[Case]:
    scripts: dict[str, tuple[str, Callable[[SessionScript], None]]] = {
        "begun-and-answered": ("Init slots until the answer, then next slots.", _begun),
        "without-one-time": ("The relay had no one-time prekey left.", _without_one_time),
        "init-repeated": ("Three init slots of one session, the second first.", _init_repeated),
        "crossed": ("Both began: the lower transcript sends, on both sides.", _crossed),
        "replayed": (
            "The first slot again, after the session is gone; its KEM prekey was the last-resort one.",
            _replay,
        ),
        "session-lost": ("A next slot of a session that is gone, and a new handshake.", _session_lost),
        "prekey-gone": ("An init slot whose one-time prekey is destroyed.", _prekey_gone),
        "prekey-expired": (
            "An init slot a millisecond before its signed prekey expires, and one when it does.",
            _prekey_expired,
        ),
        "six-sessions": ("Of a seventh session's predecessors the oldest goes.", _six),
        "renewed": (
            "After 200 messages the higher device offers, the lower begins anew, and echoes are ignored.",
            _renewed,
        ),
        "renewed-unanswered": (
            "The lower never answered: what takes up the offer is no crossing, and sends with a higher transcript too.",
            _renewed_unanswered,
        ),
        "crossed-beside-an-offer": (
            "The lower begins anew with other prekeys than the offered: a crossing, and the lower transcript sends.",
            _crossed_beside_an_offer,
        ),
        "certificate-swapped": ("An init slot with another device's certificate.", _swapped),
        "init-altered": ("Any field of an init slot changed.", _altered),
        "signals": ("What is no message begins, renews and counts nothing.", _signals),
        "signature-of-another": ("A handshake that its initiator did not sign.", _stolen_prekey),
    }
    for name, (comment, script) in scripts.items():
        run = SessionScript(name, comment)
        script(run)
        yield run.case()


def _begun(run: SessionScript) -> None:
    run.initiate("a")
    run.pass_("a")
    run.pass_("a")
    run.pass_("b")
    run.pass_("a")
    run.pass_("b")


def _without_one_time(run: SessionScript) -> None:
    run.initiate("a", one_time=False)
    run.pass_("a")
    run.pass_("b")


def _init_repeated(run: SessionScript) -> None:
    run.initiate("a")
    first, second, third = (run.send("a") for _ in range(3))
    for slot in (second, first, third):
        run.receive("b", slot)
    run.receive("b", first, "message.undecryptable")
    run.pass_("b")
    run.pass_("a")


def _crossed(run: SessionScript) -> None:
    run.initiate("a")
    run.initiate("b")
    from_a, from_b = run.send("a"), run.send("b")
    run.receive("a", from_b)
    run.receive("b", from_a)
    for _ in range(2):
        run.pass_("a")
        run.pass_("b")


def _replay(run: SessionScript) -> None:
    run.pairs["b"] = _last_resort(run.locals["b"])
    run.held["b"] = run.pairs["b"].held()
    run.initiate("a", one_time=False)
    first = run.send("a")
    run.receive("b", first)
    run.receive("b", first, "message.undecryptable")
    run.forget_sessions("b")
    run.receive("b", first, "handshake.replayed")


def _last_resort(owner: LocalDevice):  # type: ignore[no-untyped-def]
    pairs = prekeys(owner)
    random = Randomness("last-resort")
    kem = PrekeyPair.make(owner, "kem-last", 2, NOW + 14 * DAY, random)
    return type(pairs)(pairs.signed, kem, pairs.one_time)


def _session_lost(run: SessionScript) -> None:
    run.initiate("a")
    run.pass_("a")
    run.pass_("b")
    run.forget_sessions("b")
    run.receive("b", run.send("a"), "message.undecryptable")
    run.initiate("b")
    run.pass_("b")
    run.pass_("a")


def _prekey_gone(run: SessionScript) -> None:
    run.initiate("a")
    slot = run.send("a")
    run.forget_prekey("b", run.pairs["b"].one_time)
    run.receive("b", slot, "prekey.expired")


def _prekey_expired(run: SessionScript) -> None:
    run.initiate("a")
    first = run.send("a")
    run.time = run.pairs["b"].signed.prekey.expires
    run.receive("b", first, "prekey.expired")
    run.time -= 1
    run.receive("b", first)


def _signals(run: SessionScript) -> None:
    higher = "a" if run.locals["a"].device > run.locals["b"].device else "b"
    lower = run.other(higher)
    run.initiate(lower)
    run.pass_(lower)
    run.receive(lower, run.signal(higher))
    run.pass_(lower)  # still an init slot: no message has answered it
    run.pass_(higher)
    late = run.signal(lower)
    for _ in range(limits.SENDS_BEFORE_RENEWAL):
        run.receive(higher, run.signal(lower))
    assert not run.sessions[higher].needs_offer(run.locals[higher], run.time)
    run.receive(higher, late)
    run.receive(higher, late, "message.undecryptable")
    run.pass_(lower)


def _six(run: SessionScript) -> None:
    for number in range(7):
        run.pairs["b"] = prekeys(run.locals["b"], 10 * number + 1)
        run.held["b"] |= run.pairs["b"].held()
        run.steps.append(
            {"do": "publish", "by": "b", "prekeys": [pair_fields(p) for p in run.pairs["b"].held().values()]}
        )
        run.initiate("a")
        run.pass_("a")
    run.pass_("b")


def _renewed(run: SessionScript) -> None:
    higher = "a" if run.locals["a"].device > run.locals["b"].device else "b"
    lower = run.other(higher)
    run.initiate(lower)
    run.pass_(lower)
    for _ in range(limits.SENDS_BEFORE_RENEWAL - 2):
        run.pass_(higher)
    assert not run.sessions[higher].needs_offer(run.locals[higher], run.time)
    run.pass_(higher)
    run.offer(higher, 101)
    first, echo = run.send(higher), run.send(higher)
    run.receive(lower, first)
    run.receive(lower, echo)
    run.pass_(lower)
    run.pass_(higher)
    run.pass_(lower)


def _renewed_unanswered(run: SessionScript) -> None:
    higher = "a" if run.locals["a"].device > run.locals["b"].device else "b"
    lower = run.other(higher)
    run.initiate(higher)
    run.pass_(higher)
    run.time += limits.RENEWAL_AGE
    run.offer(higher, 101)
    run.pass_(higher)
    begun = run.sessions[lower].sending_session
    unanswered = run.sessions[higher].sending_session
    assert begun is not None
    assert unanswered is not None
    assert unanswered.transcript < begun.transcript  # the name is chosen so: otherwise any rule would do
    run.pass_(lower)
    assert run.sessions[higher].sending == begun.id
    run.pass_(higher)
    run.pass_(lower)


def _crossed_beside_an_offer(run: SessionScript) -> None:
    higher = "a" if run.locals["a"].device > run.locals["b"].device else "b"
    lower = run.other(higher)
    run.initiate(higher)
    run.time += limits.RENEWAL_AGE
    run.offer(higher, 101)
    late = run.send(higher)
    run.initiate(lower)
    ours, theirs = run.sessions[higher].sending_session, run.sessions[lower].sending_session
    assert ours is not None
    assert theirs is not None
    assert ours.transcript < theirs.transcript  # the name is chosen so
    run.pass_(lower)
    assert run.sessions[higher].sending == ours.id
    run.receive(lower, late)
    run.pass_(higher)
    run.pass_(lower)


def _swapped(run: SessionScript) -> None:
    run.initiate("a")
    slot = read_slot(run.send("a"))
    assert isinstance(slot, InitSlot)
    mallory = device("mallory").certificate.encoded
    run.receive("b", encode(msgspec.structs.replace(slot, certificate=mallory)), "message.forged")
    run.receive("b", encode(slot))


def _altered(run: SessionScript) -> None:
    run.initiate("a")
    slot = read_slot(run.send("a"))
    assert isinstance(slot, InitSlot)
    change = msgspec.structs.replace
    basepoint = (9).to_bytes(32, "little")
    for bad, code in (
        (change(slot, session=SessionId(flip(slot.session))), "message.undecryptable"),
        (change(slot, ephemeral=basepoint), "message.undecryptable"),
        (change(slot, ephemeral=bytes(32)), "key.invalid"),
        (change(slot, one_time_id=None), "message.undecryptable"),
        (change(slot, signed_id=2), "handshake.invalid"),
        (change(slot, kem_id=1), "handshake.invalid"),
        (change(slot, one_time_id=1), "handshake.invalid"),
        (change(slot, kem_ciphertext=flip(slot.kem_ciphertext)), "message.undecryptable"),
        (change(slot, header=flip(slot.header)), "message.undecryptable"),
        (change(slot, ciphertext=flip(slot.ciphertext)), "message.undecryptable"),
    ):
        run.receive("b", encode(bad), code)
    run.receive("b", encode(slot))
    second = read_slot(run.send("a"))
    assert isinstance(second, InitSlot)
    run.receive("b", encode(change(second, ephemeral=basepoint)), "message.undecryptable")
    run.receive("b", encode(second))


def _stolen_prekey(run: SessionScript) -> None:
    """Somebody with b's prekey secrets, and a's identity secret, but not a's signing key."""
    thief = LocalDevice(
        msgspec.structs.replace(run.locals["a"].keys, signing=device("mallory").keys.signing),
        run.locals["a"].certificate,
    )
    honest, run.locals["a"] = run.locals["a"], thief
    run.initiate("a")
    slot = run.send("a")
    run.locals["a"] = honest
    run.steps.clear()
    run.receive("b", slot, "handshake.invalid")
