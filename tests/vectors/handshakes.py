"""Vectors of the handshake, the ratchet and slots: docs/protocol.md, sections 5, 6 and 8."""

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from agent_app.protocol import primitives
from agent_app.protocol.double_ratchet import Context, DoubleRatchet, RatchetMessage, kdf_chain, kdf_root
from agent_app.protocol.encoding import encode, pad
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.invitation import Link, Presentation
from agent_app.protocol.keys import MessageId, SessionId, StreamId, Transcript
from agent_app.protocol.labels import Label
from agent_app.protocol.pqxdh import Agreement, ResponderPrekeys, initiate, respond
from agent_app.protocol.prekeys import Offer
from agent_app.protocol.slot import NO_STREAM, InitSlot, NextSlot, Proof, SlotPlaintext
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

    yield from _signal_plaintexts(good)

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


def _signal_plaintexts(good: SlotPlaintext) -> Iterator[Case]:
    """A stream of zeros says that a signal is carried."""
    random = Randomness("slot-plaintext/signals")
    parts = [good.message_key, good.body_hash, NO_STREAM, good.message]
    names = ("message_key", "body_hash", "stream", "message")
    signal = SlotPlaintext(*parts, None, None)  # type: ignore[arg-type]
    fields = {**dict(zip(names, parts, strict=True)), "proof": None, "offer": None}
    yield "slot-plaintext", "signal", ok("A signal's: the stream is zeros.", **fields, plaintext=signal.to_bytes())
    offer = [random(200), random(1273)]
    for name, comment, bad in (
        ("init-signal", "A signal begins no session.", pad(encode([*parts, [random(64), None], None]), 512)),
        ("signal-offer", "A signal renews none.", pad(encode([*parts, None, offer]), 2048)),
    ):
        yield "slot-plaintext", name, fault("encoding.malformed", comment, plaintext=bad)
