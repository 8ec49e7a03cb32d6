"""The shared vectors of the handshake, the ratchet, slots and sessions."""

from typing import Any

from agent_app.protocol import primitives
from agent_app.protocol.double_ratchet import Context, DoubleRatchet, RatchetMessage, kdf_chain, kdf_root
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.keys import Certificate, DeviceKeys, LocalDevice, MessageId, SessionId, StreamId, Transcript
from agent_app.protocol.labels import Label
from agent_app.protocol.pqxdh import Agreement, Handshake, ResponderPrekeys, initiate, respond
from agent_app.protocol.prekeys import Bundle, Offer, Prekey, PrekeyPair
from agent_app.protocol.session import BodyKey, PeerSessions
from agent_app.protocol.slot import InitSlot, NextSlot, Proof, SlotPlaintext, read_slot
from tests.protocol.reader import Expecting, Replay, Vector, unhex, vectors
from tests.vectors import mlkem


def _local(fields: Any) -> LocalDevice:
    names = ("signing_seed", "identity_secret", "mailbox_seed", "cosigning_seed")
    keys = DeviceKeys(*(unhex(fields[name]) for name in names))
    return LocalDevice(keys, Certificate.parse(unhex(fields["certificate"])))


def _pair(fields: Any) -> PrekeyPair:
    return PrekeyPair(decode(unhex(fields["prekey"]), Prekey), unhex(fields["secret"]))


@vectors("pqxdh")
def test_pqxdh(v: Vector) -> None:
    initiator, responder = _local(v["initiator"]), _local(v["responder"])
    one_time = _pair(v["one_time"]) if v["one_time"] else None
    pairs = ResponderPrekeys(_pair(v["signed"]), _pair(v["kem"]), one_time)
    expected = Agreement(Transcript(v.b("transcript")), v.b("root_key"), v.b("header_key"), v.b("next_header_key"))
    random = Replay(v["random"])
    once = encode(one_time.prekey) if one_time else None
    certificate = responder.certificate
    offered = Bundle(certificate.encoded, encode(pairs.signed.prekey), encode(pairs.kem.prekey), once)
    agreement, handshake = initiate(
        initiator, offered.verify(certificate, v["now"]), random, lambda key: mlkem.encapsulate(key, random(32))
    )
    random.done()
    assert agreement == expected
    one_time_id = one_time.prekey.id if one_time else None
    ids = (pairs.signed.prekey.id, one_time_id, pairs.kem.prekey.id)
    assert handshake == Handshake(v.b("ephemeral"), *ids, v.b("kem_ciphertext"))
    assert respond(responder, initiator.certificate, handshake, pairs) == expected
    signature = primitives.sign(initiator.keys.signing, Label.HANDSHAKE, expected.transcript)
    assert signature == v.b("handshake_signature")


@vectors("ratchet-kdf")
def test_ratchet_kdf(v: Vector) -> None:
    if "root_key" in v:
        expected = (v.b("new_root_key"), v.b("chain_key"), v.b("next_header_key"))
        assert kdf_root(v.b("root_key"), v.b("dh")) == expected
    else:
        assert kdf_chain(v.b("chain_key")) == (v.b("new_chain_key"), v.b("message_key"))


@vectors("ratchet")
def test_ratchet(v: Vector) -> None:
    agreement = Agreement(Transcript(v.b("transcript")), v.b("root_key"), v.b("header_key"), v.b("next_header_key"))
    context = Context(agreement.transcript, SessionId(v.b("session")))
    secret = v.b("responder_secret")
    states = {
        "initiator": DoubleRatchet.begin(agreement, primitives.dh_public(secret), Replay(v["initiator_random"])),
        "responder": DoubleRatchet.answer(agreement, secret),
    }
    for step in v["steps"]:
        by = step["by"]
        states[by] = decode(encode(states[by]), DoubleRatchet)  # the program may restart before any step
        if step["do"] == "lose":
            for _ in range(step["count"]):
                states[by], _ = states[by].encrypt(context, b"", bytes)
            continue
        random, message = Replay(step["random"]), RatchetMessage(unhex(step["header"]), unhex(step["ciphertext"]))
        if step["do"] == "encrypt":
            states[by], made = states[by].encrypt(context, unhex(step["plaintext"]), random)
            assert made == message
        else:
            with Expecting(step["expect"]):
                states[by], plaintext = states[by].decrypt(context, message, random, step["time"])
                assert plaintext == unhex(step["plaintext"])
        random.done()


@vectors("slot-plaintext")
def test_slot_plaintext(v: Vector) -> None:
    with v.expecting():
        plaintext = SlotPlaintext.from_bytes(v.b("plaintext"))
        made = SlotPlaintext(
            v.b("message_key"),
            v.b("body_hash"),
            StreamId(v.b("stream")),
            MessageId(v.b("message")),
            decode(v.b("proof"), Proof) if v["proof"] else None,
            decode(v.b("offer"), Offer) if v["offer"] else None,
        )
        assert plaintext == made
        assert made.to_bytes() == v.b("plaintext")


@vectors("slot")
def test_slot(v: Vector) -> None:
    with v.expecting():
        slot = read_slot(v.b("slot"))
        assert isinstance(slot, InitSlot if v["kind"] == "init" else NextSlot)
        for name in slot.__struct_fields__:
            value = getattr(slot, name)
            assert (value.hex() if isinstance(value, bytes) else value) == v[name]


class _Side:
    """One device of a session vector."""

    def __init__(self, fields: Any, peer: Any) -> None:
        self.local = _local(fields)
        self.prekeys = {pair.prekey.id: pair for pair in map(_pair, fields["prekeys"])}
        self.accepted: set[Transcript] = set()
        self.sessions = PeerSessions(Certificate.parse(unhex(peer["certificate"])))

    def play(self, step: Any) -> None:
        self.sessions = PeerSessions.from_bytes(self.sessions.to_bytes(), self.sessions.peer)
        random = Replay(step.get("random", ""))
        getattr(self, step["do"].replace("-", "_"))(step, random)
        random.done()
        after = step.get("after")
        if after is not None:
            sending = self.sessions.sending
            assert (sending and sending.hex()) == after["sending"]
            assert [session.id.hex() for session in self.sessions.sessions] == after["sessions"]

    def initiate(self, step: Any, random: Replay) -> None:
        bundle = decode(unhex(step["bundle"]), Bundle).verify(self.sessions.peer, step["time"])
        self.sessions = self.sessions.initiate(
            self.local, bundle, random, step["time"], lambda key: mlkem.encapsulate(key, random(32))
        )

    def send(self, step: Any, random: Replay) -> None:
        body = BodyKey(*(unhex(step[name]) for name in BodyKey._fields))
        self.sessions, slot = self.sessions.encrypt(self.local, body, random)
        assert encode(slot).hex() == step["slot"]

    def signal(self, step: Any, random: Replay) -> None:
        body = BodyKey(*(unhex(step[name]) for name in BodyKey._fields))
        self.sessions, slot = self.sessions.encrypt_signal(body, random)
        assert encode(slot).hex() == step["slot"]

    def receive(self, step: Any, random: Replay) -> None:
        with Expecting(step["expect"]):
            slot, now = read_slot(unhex(step["slot"])), step["time"]
            held, known = self.prekeys.get, self.accepted.__contains__
            received = self.sessions.decrypt(self.local, slot, held, known, random, now)
            self.sessions = received.sessions.renew(
                self.local, received, random, now, lambda key: mlkem.encapsulate(key, random(32))
            )
            accepted = received.accepted
            assert (accepted and accepted.transcript.hex()) == step["accepted"]
            assert list(accepted.used_up if accepted else ()) == step["used_up"]
            if accepted is not None:
                self.accepted.add(accepted.transcript)
                for used in accepted.used_up:
                    del self.prekeys[used]
            assert received.session.hex() == step["session"]
            for name in BodyKey._fields:
                assert getattr(received.plaintext, name).hex() == step[name]

    def offer(self, step: Any, random: Replay) -> None:
        assert self.sessions.needs_offer(self.local, step["time"])
        signed, kem = _pair(step["signed"]), _pair(step["kem"])
        self.prekeys |= {signed.prekey.id: signed, kem.prekey.id: kem}
        self.sessions = self.sessions.with_offer(signed, kem)
        assert not self.sessions.needs_offer(self.local, step["time"])

    def publish(self, step: Any, random: Replay) -> None:
        self.prekeys |= {pair.prekey.id: pair for pair in map(_pair, step["prekeys"])}

    def forget_sessions(self, step: Any, random: Replay) -> None:
        self.sessions = PeerSessions(self.sessions.peer)

    def forget_prekey(self, step: Any, random: Replay) -> None:
        del self.prekeys[step["id"]]


@vectors("session")
def test_session(v: Vector) -> None:
    sides = {"a": _Side(v["a"], v["b"]), "b": _Side(v["b"], v["a"])}
    for step in v["steps"]:
        sides[step["by"]].play(step)
