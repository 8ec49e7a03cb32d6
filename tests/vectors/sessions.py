"""Vectors of the handshake, the ratchet, slots and sessions: docs/protocol.md, sections 5 to 8.3."""

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from agent_app.protocol import limits, primitives
from agent_app.protocol.double_ratchet import Context, DoubleRatchet, RatchetMessage, kdf_chain, kdf_root
from agent_app.protocol.encoding import encode, pad
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.invitation import Link, Presentation
from agent_app.protocol.keys import LocalDevice, MessageId, SessionId, StreamId, Transcript
from agent_app.protocol.labels import Label
from agent_app.protocol.pqxdh import Agreement, ResponderPrekeys, initiate, respond
from agent_app.protocol.prekeys import Offer, PrekeyPair
from agent_app.protocol.session import BodyKey, PeerSessions
from agent_app.protocol.slot import InitSlot, NextSlot, Proof, SlotPlaintext, read_slot
from tests.vectors.material import (
    CLINIC,
    DAY,
    NOW,
    Case,
    Fields,
    Randomness,
    bundle,
    device,
    device_fields,
    fault,
    flip,
    ok,
    pair_fields,
    prekeys,
)

Side = Literal["initiator", "responder"]
OTHER: dict[Side, Side] = {"initiator": "responder", "responder": "initiator"}


def cases() -> Iterator[Case]:
    yield from _pqxdh()
    yield from _ratchet_kdf()
    yield from _ratchets()
    yield from _slot()
    yield from _sessions()


# The handshake


def _pqxdh() -> Iterator[Case]:
    a, b = device("alice"), device("bob")
    pairs = prekeys(b)
    for name, once in (("with-one-time", True), ("without-one-time", False)):
        verified = bundle(b, pairs, one_time=once).verify(b.certificate, NOW)
        random = Randomness(f"pqxdh/{name}")
        agreement, handshake = initiate(a, verified, random, random.encapsulate)
        own = ResponderPrekeys(pairs.signed, pairs.kem, pairs.one_time if once else None)
        assert respond(b, a.certificate, handshake, own) == agreement
        yield (
            "pqxdh",
            name,
            ok(
                "Both sides come to the same keys.",
                initiator=device_fields(a),
                responder=device_fields(b),
                signed=pair_fields(pairs.signed),
                kem=pair_fields(pairs.kem),
                one_time=pair_fields(pairs.one_time) if once else None,
                now=NOW,
                random=random.drawn,
                ephemeral_secret=random.drawn[:32],
                ephemeral=handshake.ephemeral,
                kem_ciphertext=handshake.kem_ciphertext,
                kem_secret=primitives.kem_decapsulate(pairs.kem.secret, handshake.kem_ciphertext),
                transcript=agreement.transcript,
                root_key=agreement.root_key,
                header_key=agreement.header_key,
                next_header_key=agreement.next_header_key,
                handshake_signature=primitives.sign(a.keys.signing, Label.HANDSHAKE, agreement.transcript),
            ),
        )


# The ratchet


def _ratchet_kdf() -> Iterator[Case]:
    random = Randomness("ratchet-kdf")
    root_key, product, chain = random(32), random(32), random(32)
    new_root, chain_key, header_key = kdf_root(root_key, product)
    yield (
        "ratchet-kdf",
        "root",
        ok(
            "KDF_RK_HE.",
            root_key=root_key,
            dh=product,
            new_root_key=new_root,
            chain_key=chain_key,
            next_header_key=header_key,
        ),
    )
    following, message_key = kdf_chain(chain)
    yield "ratchet-kdf", "chain", ok("KDF_CK.", chain_key=chain, new_chain_key=following, message_key=message_key)


class RatchetScript:
    """Runs two ratchets against each other and writes down every step."""

    def __init__(self, name: str, comment: str) -> None:
        self.name, self.comment = name, comment
        self.random = random = Randomness(f"ratchet/{name}")
        agreement = Agreement(Transcript(random(32)), random(32), random(32), random(32))
        self.context = Context(agreement.transcript, SessionId(random(16)))
        secret = random(32)
        mark = len(random.drawn)
        peer = primitives.dh_public(secret)
        begun = DoubleRatchet.begin(agreement, peer, random)
        self.states: dict[Side, DoubleRatchet] = {
            "initiator": begun,
            "responder": DoubleRatchet.answer(agreement, secret),
        }
        self.start: Fields = {
            "transcript": agreement.transcript,
            "session": self.context.session,
            "root_key": agreement.root_key,
            "header_key": agreement.header_key,
            "next_header_key": agreement.next_header_key,
            "responder_secret": secret,
            "initiator_random": random.drawn[mark:],
        }
        self.steps: list[Fields] = []

    def encrypt(self, by: Side, text: str = "") -> RatchetMessage:
        plaintext, mark = (text or f"{by} {len(self.steps)}").encode(), len(self.random.drawn)
        self.states[by], message = self.states[by].encrypt(self.context, plaintext, self.random)
        self.steps.append(
            {
                "do": "encrypt",
                "by": by,
                "plaintext": plaintext,
                "random": self.random.drawn[mark:],
                "header": message.header,
                "ciphertext": message.ciphertext,
            }
        )
        return message

    def lose(self, by: Side, count: int) -> None:
        for _ in range(count):
            self.states[by], _ = self.states[by].encrypt(self.context, b"", self.random)
        self.steps.append({"do": "lose", "by": by, "count": count})

    def decrypt(self, by: Side, message: RatchetMessage, expect: str = "ok", time: int = NOW) -> None:
        mark = len(self.random.drawn)
        step: Fields = {
            "do": "decrypt",
            "by": by,
            "header": message.header,
            "ciphertext": message.ciphertext,
            "time": time,
        }
        try:
            self.states[by], plaintext = self.states[by].decrypt(self.context, message, self.random, time)
            outcome = "ok"
            step["plaintext"] = plaintext
        except ProtocolError as error:
            outcome = error.code
        assert outcome == expect, (self.name, len(self.steps), outcome)
        self.steps.append({**step, "random": self.random.drawn[mark:], "expect": outcome})

    def pass_(self, by: Side) -> None:
        self.decrypt(OTHER[by], self.encrypt(by))

    def case(self) -> Case:
        return "ratchet", self.name, ok(self.comment, **self.start, steps=self.steps)


def _ratchets() -> Iterator[Case]:
    scripts: dict[str, tuple[str, Callable[[RatchetScript], None]]] = {
        "in-order": ("Turn by turn, and twice in a row.", _in_order),
        "out-of-order": ("The last comes first, across a change of chains.", _out_of_order),
        "lost": ("Some never come.", _lost),
        "replayed": ("Each is read once, skipped ones too.", _replayed),
        "tampered": ("Whatever is changed, the state stays as it was, and the true message is read after.", _tampered),
        "too-many-skipped": ("1,000 may be skipped at once, 1,001 may not, over both chains together.", _too_many),
        "skipped-dropped": ("Of more than 1,000 skipped keys the oldest are dropped.", _dropped),
        "skipped-expired": ("A skipped key lives for 30 days.", _expired),
    }
    for name, (comment, script) in scripts.items():
        run = RatchetScript(name, comment)
        script(run)
        yield run.case()


def _in_order(run: RatchetScript) -> None:
    for by in ("initiator", "initiator", "responder", "initiator", "responder", "responder", "initiator"):
        run.pass_(by)  # type: ignore[arg-type]


def _out_of_order(run: RatchetScript) -> None:
    first, second, third = (run.encrypt("initiator") for _ in range(3))
    run.decrypt("responder", third)
    run.pass_("responder")
    fourth, fifth = run.encrypt("initiator"), run.encrypt("initiator")
    for message in (fifth, first, fourth, second):
        run.decrypt("responder", message)


def _lost(run: RatchetScript) -> None:
    run.pass_("initiator")
    run.lose("initiator", 3)
    run.pass_("initiator")
    run.lose("responder", 2)
    run.pass_("responder")
    run.lose("initiator", 1)
    run.pass_("initiator")


def _replayed(run: RatchetScript) -> None:
    first, second = run.encrypt("initiator"), run.encrypt("initiator")
    run.decrypt("responder", second)
    run.decrypt("responder", first)
    for message in (first, second):
        run.decrypt("responder", message, "message.undecryptable")
    run.pass_("responder")
    run.pass_("initiator")
    for message in (first, second):
        run.decrypt("responder", message, "message.undecryptable")


def _tampered(run: RatchetScript) -> None:
    for _ in range(2):
        message = run.encrypt("initiator")
        for bad in (
            RatchetMessage(flip(message.header), message.ciphertext),
            RatchetMessage(message.header, flip(message.ciphertext)),
            RatchetMessage(message.header, message.ciphertext[:-1]),
            RatchetMessage(flip(message.header, 0), message.ciphertext),
        ):
            run.decrypt("responder", bad, "message.undecryptable")
        run.decrypt("responder", message)
        run.pass_("responder")


def _too_many(run: RatchetScript) -> None:
    run.pass_("initiator")
    run.lose("initiator", 1)
    late = run.encrypt("initiator")
    run.lose("initiator", 998)
    exact = run.encrypt("initiator")
    run.lose("initiator", 1)
    beyond = run.encrypt("initiator")
    run.decrypt("responder", beyond, "message.undecryptable")
    run.decrypt("responder", exact)
    run.decrypt("responder", late)
    run.decrypt("responder", beyond)
    run.pass_("responder")
    run.lose("initiator", 600)
    run.pass_("responder")
    run.lose("responder", 1)
    run.lose("initiator", 1001)
    both = run.encrypt("initiator")
    run.decrypt("responder", both, "message.undecryptable")


def _dropped(run: RatchetScript) -> None:
    run.pass_("initiator")
    oldest = run.encrypt("initiator")
    second = run.encrypt("initiator")
    run.lose("initiator", 900)
    run.pass_("initiator")
    run.lose("initiator", 99)
    run.pass_("initiator")
    run.decrypt("responder", oldest, "message.undecryptable")
    run.decrypt("responder", second)


def _expired(run: RatchetScript) -> None:
    early, late = run.encrypt("initiator"), run.encrypt("initiator")
    run.pass_("initiator")
    run.decrypt("responder", early, time=NOW + 30 * DAY)
    run.decrypt("responder", late, "message.undecryptable", time=NOW + 30 * DAY + 1)


# Slots


def _plaintext(random: Randomness, proof: Proof | None = None, offer: Offer | None = None) -> SlotPlaintext:
    return SlotPlaintext(random(32), random(32), StreamId(random(32)), MessageId(random(16)), proof, offer)


def _slot() -> Iterator[Case]:
    random = Randomness("slot")
    a, b = device("alice"), device("bob")
    pairs = prekeys(b)
    presentation = Presentation(Link(random(16), CLINIC).derive(), "481526")
    transcript = Transcript(random(32))
    proof = Proof(primitives.sign(a.keys.signing, Label.HANDSHAKE, transcript), None)
    invited = Proof(proof.handshake, presentation.prove(transcript))
    offer = Offer.of(pairs.signed, pairs.kem)
    for name, comment, plaintext in (
        ("next", "160 bytes.", _plaintext(random)),
        ("init", "512 bytes.", _plaintext(random, proof)),
        ("init-invited", "512 bytes, with an invitation's proof.", _plaintext(random, invited)),
        ("next-with-offer", "2,048 bytes.", _plaintext(random, None, offer)),
        ("init-with-offer", "2,048 bytes.", _plaintext(random, invited, offer)),
    ):
        parts = {
            "message_key": plaintext.message_key,
            "body_hash": plaintext.body_hash,
            "stream": plaintext.stream,
            "message": plaintext.message,
        }
        encodings = {
            "proof": plaintext.proof and encode(plaintext.proof),
            "offer": plaintext.offer and encode(plaintext.offer),
        }
        yield "slot-plaintext", name, ok(comment, **parts, **encodings, plaintext=plaintext.to_bytes())

    good = _plaintext(random)
    encoded = encode(good)
    for name, comment, bad in (
        ("short", "One byte too short.", pad(encoded, 159)),
        ("long", "One byte too long.", pad(encoded, 161)),
        ("as-init", "A next slot's plaintext in an init slot's length.", pad(encoded, 512)),
        ("no-marker", "No 0x80 before the zeros.", encoded + bytes(160 - len(encoded))),
        ("not-zeros", "Something else than zeros behind 0x80.", pad(encoded, 160)[:-1] + b"\x01"),
        ("only-zeros", "Nothing but zeros.", bytes(160)),
    ):
        yield "slot-plaintext", name, fault("encoding.malformed", comment, plaintext=bad)

    handshake = (random(32), 1, 3, 2, random(1088))
    init = InitSlot(SessionId(random(16)), a.certificate.encoded, *handshake, random(80), random(552))
    following = NextSlot(SessionId(random(16)), random(80), random(200))
    without = msgspec.structs.replace(init, one_time_id=None)
    for name, comment, slot in (
        ("init", "Begins a session.", init),
        ("init-without-one-time", "nil where the relay had no one-time prekey.", without),
        ("next", "Continues one.", following),
    ):
        fields = {key: getattr(slot, key) for key in slot.__struct_fields__}
        yield "slot", name, ok(comment, kind=name.split("-")[0], **fields, slot=encode(slot))
    array = msgspec.msgpack.decode(encode(following))
    long = msgspec.msgpack.decode(encode(init))
    for name, code, comment, bad in (
        ("unknown", "encoding.malformed", "A kind that does not exist.", encode(["last", *array[1:]])),
        ("header-short", "encoding.malformed", "A header of 79 bytes.", encode([*array[:2], array[2][1:], array[3]])),
        ("session-long", "encoding.malformed", "A session id of 17 bytes.", encode([array[0], bytes(17), *array[2:]])),
        ("ciphertext-short", "encoding.malformed", "A ciphertext of 39 bytes.", encode([*array[:3], bytes(39)])),
        (
            "kem-short",
            "encoding.malformed",
            "A KEM ciphertext of 1,087 bytes.",
            encode([*long[:7], bytes(1087), *long[8:]]),
        ),
        ("id-large", "encoding.malformed", "A prekey id of 2^32.", encode([*long[:4], 2**32, *long[5:]])),
        ("over-limit", "limit.exceeded", "4,097 bytes.", encode(["next", bytes(4000)]) + bytes(88)),
    ):
        yield "slot", name, fault(code, comment, slot=bad)


# Sessions


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


def _sessions() -> Iterator[Case]:
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
        "six-sessions": ("Of a seventh session's predecessors the oldest goes.", _six),
        "renewed": (
            "After 200 messages the higher device offers, the lower begins anew, and echoes are ignored.",
            _renewed,
        ),
        "certificate-swapped": ("An init slot with another device's certificate.", _swapped),
        "init-altered": ("Any field of an init slot changed.", _altered),
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
