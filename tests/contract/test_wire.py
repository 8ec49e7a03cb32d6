"""Desk and relay share a specification and no code: here each reads what the other writes, byte for byte."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.protocol import attachment, encoding, limits, primitives, receipt
from agent_app.protocol.encoding import encode
from agent_app.protocol.envelope import AddressedSlot, Envelope
from agent_app.protocol.invitation import Registration, SignedRegistration
from agent_app.protocol.keys import (
    ClinicId,
    DeliveryHash,
    DeviceId,
    DeviceKeys,
    EnvelopeId,
    InvitationId,
    LocalDevice,
    MailboxId,
)
from agent_app.protocol.labels import PREFIX, Label
from agent_app.protocol.prekeys import PrekeyPair
from agent_app.protocol.receipt import Accepted, ReceiptChain
from agent_app.relay import wire as desk
from agent_app.transparency import statement as statements
from agent_app.transparency.statement import (
    Administrator,
    Administrators,
    Admission,
    AuditRecipient,
    Charter,
    Policy,
    PolicyChange,
    Relay,
    RelayChange,
    Revocation,
    RoleChange,
    Team,
)
from relay_server import hashes
from relay_server import wire as relay
from relay_server.limits import Limits
from relay_server.writer import Acceptance

ids = st.binary(min_size=32, max_size=32)
shorts = st.binary(min_size=16, max_size=16)
signatures = st.binary(min_size=64, max_size=64)
numbers = st.integers(0, 2**53 - 1)
POLICY = Policy(120, 0, True, False, 48, 72)


def random(count: int) -> bytes:
    return bytes(range(count))


LOCAL_KEYS = DeviceKeys(b"a" * 32, b"b" * 32, b"c" * 32, b"d" * 32)
LOCAL = LocalDevice(LOCAL_KEYS, LOCAL_KEYS.certify(ClinicId(b"k" * 32), "agent", 7))


def read_by_relay(shape: relay.Shape[Any], data: bytes) -> Any:
    """What the relay makes of the desk's bytes; it writes the very same bytes again."""
    value = shape.decode(data)
    assert relay.encode(value) == data
    return value


slots_ = st.lists(st.tuples(ids, st.binary(min_size=1)), min_size=1, max_size=4)


@given(st.lists(st.tuples(shorts, st.binary(min_size=1, max_size=99), slots_), min_size=1, max_size=4))
def test_envelopes(drawn: Sequence[tuple[bytes, bytes, list[tuple[bytes, bytes]]]]) -> None:
    envelopes = tuple(
        Envelope(EnvelopeId(id_), body, tuple(AddressedSlot(MailboxId(m), s) for m, s in slots))
        for id_, body, slots in drawn
    )
    read = read_by_relay(relay.ENVELOPES, desk.encode(envelopes))
    assert [(e.id, e.body, [(s.mailbox, s.slot) for s in e.slots]) for e in read] == drawn


@given(ids, ids, shorts, st.binary(max_size=300), st.binary(max_size=300))
def test_the_name_of_a_delivery(sender: bytes, recipient: bytes, id_: bytes, body: bytes, slot: bytes) -> None:
    ours = receipt.delivery_hash(MailboxId(sender), MailboxId(recipient), EnvelopeId(id_), body, slot)
    assert ours == hashes.delivery_hash(sender, recipient, id_, hashes.body_hash(body), slot)


@given(st.lists(ids, min_size=1, max_size=20), numbers)
def test_a_receipt_of_acceptance_stands_alone_for_each_delivery(deliveries: list[bytes], time: int) -> None:
    class Key:
        def sign(self, label: str, *fields: bytes | int) -> bytes:
            return primitives.sign(b"r" * 32, Label(label), *fields)

    acceptance = Acceptance(deliveries, time, Key())  # type: ignore[arg-type]
    public = primitives.signing_public(b"r" * 32)
    for index, delivery in enumerate(deliveries):
        data = relay.encode((bytes(16), (acceptance.receipt(index), None), ((bytes(32), "revoked"),)))
        (accepted, refused) = desk.decode(desk.EnvelopeAnswer, data).accepted
        assert isinstance(accepted, Accepted)
        assert refused is None
        accepted.verify(public, DeliveryHash(delivery))


@given(
    ids, ids, st.sampled_from(["", "no-session", "undecryptable", "replayed", "not-permitted", "malformed"]), numbers
)
def test_signed_receipts(sender: bytes, delivery: bytes, reason: receipt.Reason, time: int) -> None:
    _, signed = ReceiptChain().issue(b"m" * 32, MailboxId(sender), DeliveryHash(delivery), time, reason)
    (read,) = read_by_relay(relay.RECEIPTS, desk.encode((signed,)))
    payload = read_by_relay(relay.RECEIPT_PAYLOAD, read.payload)
    assert (payload.sender, payload.delivery, payload.reason, payload.time) == (sender, delivery, reason, time)


@given(st.lists(st.sampled_from(["one-time", "kem-once"]), max_size=6), st.booleans())
def test_prekeys(kinds: list[str], reset: bool) -> None:
    def made(kind: Any, id_: int) -> bytes:
        return encode(PrekeyPair.make(LOCAL, kind, id_, 99, random).prekey)

    once = {
        kind: tuple(made(kind, 10 + n) for n, k in enumerate(kinds) if k == kind) for kind in ("one-time", "kem-once")
    }
    prekeys = desk.Prekeys(
        LOCAL.certificate.encoded, made("signed", 1), made("kem-last", 2), once["one-time"], once["kem-once"], reset
    )
    read = read_by_relay(relay.PUBLISH_PREKEYS, desk.encode(prekeys))
    assert read.reset is reset
    certificate = read_by_relay(relay.CERTIFICATE, read.certificate)
    assert read_by_relay(relay.CERTIFICATE_CORE, certificate.core).mailbox == LOCAL.mailbox
    for data in (read.signed, read.kem_last, *read.one_time, *read.kem_once):
        assert read_by_relay(relay.PREKEY, data).expires == 99
    bundle = relay.encode(
        ((LOCAL.mailbox, relay.encode((read.certificate, read.signed, read.kem_last, None))), (ids_of(1), None))
    )
    taken = desk.decode(tuple[desk.TakenBundle, ...], bundle)
    assert taken[1].bundle is None


def ids_of(number: int) -> bytes:
    return number.to_bytes(32, "big")


@given(ids, shorts, ids, ids, st.lists(ids, min_size=1, max_size=3, unique=True), signatures)
def test_registrations(
    clinic: bytes, id_: bytes, hash_: bytes, issuer: bytes, checkers: list[bytes], sig: bytes
) -> None:
    names = tuple(map(DeviceId, checkers))
    registration = Registration("SD1", ClinicId(clinic), InvitationId(id_), hash_, DeviceId(issuer), names, 1, 2)
    read = read_by_relay(relay.SIGNED_REGISTRATION, desk.encode(SignedRegistration(encode(registration), sig)))
    assert read_by_relay(relay.REGISTRATION, read.registration).checkers == checkers


ADMINISTRATORS = (Administrator(ids_of(1), ids_of(2), bytes(16)),)
ACTIONS = [
    Charter(
        "n", "UTC", ADMINISTRATORS, 1, Relay(ids_of(3), "https://r"), AuditRecipient(ids_of(4), bytes(1184)), POLICY
    ),
    Administrators(ADMINISTRATORS, 1),
    RelayChange(ids_of(3), "https://r"),
    PolicyChange(POLICY),
    Admission(LOCAL.certificate.encoded, bytes(16), "supervisor", ids_of(5)),
    Revocation(DeviceId(ids_of(6)), "stolen"),
    RoleChange(DeviceId(ids_of(6)), "auditor"),
    Team(bytes(16), (DeviceId(ids_of(6)),)),
]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: type(action).__name__)
def test_statements(action: statements.Action) -> None:
    charter = isinstance(action, Charter)
    payload = statements.prepare(b"" if charter else ids_of(9), 0 if charter else 3, ids_of(8), 1_000, action)
    raw = statements.assemble(payload, [statements.sign(payload, b"s" * 32)])
    read = read_by_relay(relay.STATEMENT, raw)
    assert read_by_relay(relay.STATEMENT_PAYLOAD, read.payload).time == 1_000
    assert read_by_relay(relay.APPEND_STATEMENT, desk.encode((3, raw))).statement == raw
    assert read_by_relay(relay.REGISTER_CLINIC, desk.encode((raw,))).charter == raw
    page = desk.decode(desk.LogPage, relay.encode((1, [raw], "note")))
    assert page.statements == (raw,)


def test_calls_that_have_no_structure_of_their_own_here() -> None:
    assert read_by_relay(relay.CHALLENGE_REQUEST, desk.encode((ids_of(1),))).mailbox == ids_of(1)
    token = desk.encode((ids_of(1), ids_of(2), "count", bytes(64)))
    assert read_by_relay(relay.TOKEN_REQUEST, token).scope == "count"
    redeem = read_by_relay(relay.OPEN_MAILBOX, desk.encode(("invitation", ids_of(1), ids_of(2))))
    assert (redeem.clinic, redeem.token) == (ids_of(1), ids_of(2))
    assert isinstance(read_by_relay(relay.OPEN_MAILBOX, desk.encode(("intake", ids_of(1)))), relay.Intake)
    assert read_by_relay(relay.TAKE_PREKEYS, desk.encode((ids_of(1), ids_of(2)))) == [ids_of(1), ids_of(2)]
    assert read_by_relay(relay.DISCARD, desk.encode((1, 2**53 - 1))) == [1, 2**53 - 1]
    assert read_by_relay(relay.CANCEL_INVITATION, desk.encode((bytes(16),))).invitation == bytes(16)
    generation = desk.encode(desk.SignedGeneration(65, bytes(64)))
    assert read_by_relay(relay.SIGNED_GENERATION, generation).generation == 65


@given(numbers, ids, shorts, numbers, st.binary(max_size=99), st.binary(max_size=99))
def test_frames(position: int, sender: bytes, id_: bytes, time: int, body: bytes, slot: bytes) -> None:
    stream = relay.envelope_frame(position, sender, id_, time, body, slot) + relay.HEARTBEAT
    stream += relay.receipt_frame(position, body, bytes(64)) + relay.head_frame(3, sender) + relay.lease_frame()
    for reason in ("stopping", "revoked", "expired"):
        stream += relay.end_frame(reason)  # type: ignore[arg-type]
    assert list(desk.FrameReader().feed(stream)) == [
        desk.EnvelopeFrame(position, sender, id_, time, body, slot),
        None,
        desk.ReceiptFrame(position, body, bytes(64)),
        desk.HeadFrame(3, sender),
        desk.LeaseFrame(),
        desk.EndFrame("stopping"),
        desk.EndFrame("revoked"),
        desk.EndFrame("expired"),
    ]


def test_what_one_side_refuses_the_other_refuses() -> None:
    long_form = b"\x91\xcc\x05"
    with pytest.raises(relay.Malformed):
        relay.DISCARD.decode(long_form)
    with pytest.raises(desk.RelayNonsense):
        desk.decode(desk.Waiting, long_form)
    with pytest.raises(relay.Malformed):
        relay.CHALLENGE_REQUEST.decode(msgspec.msgpack.encode([ids_of(1), 1]))


@given(
    st.sampled_from(list(Label)), st.lists(st.one_of(st.binary(max_size=40), st.text(max_size=20), numbers), max_size=4)
)
def test_frames_of_what_is_signed_and_hashed(label: Label, fields: list[bytes | str | int]) -> None:
    assert PREFIX == "sealdesk/1/"
    assert encoding.frame(label, *fields) == hashes.frame(str(label.value), *fields)


def test_the_largest_file_that_may_be_sent_is_one_that_the_relay_takes() -> None:
    assert attachment.blob_length(limits.FILE.value) <= Limits().blob
