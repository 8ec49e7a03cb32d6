"""From a signed content to fifty devices and back, and every way in which somebody in between could cheat."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.protocol import content, primitives
from agent_app.protocol.content import LogHead, Message, Position
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.envelope import (
    Composed,
    Envelope,
    Opened,
    Recipient,
    body_hash,
    bucket,
    compose,
    open_envelope,
    seal_body,
)
from agent_app.protocol.errors import ForgedError, LimitError, MalformedError, ProtocolError, UndecryptableError
from agent_app.protocol.events import Event, Text
from agent_app.protocol.invitation import Link, Presentation
from agent_app.protocol.keys import LocalDevice, MessageId, StreamId
from agent_app.protocol.session import BodyKey, PeerSessions
from agent_app.protocol.slot import read_slot
from tests.vectors.material import CLINIC, DAY, NOW, Prekeys, Randomness, bundle, device, flip, prekeys

AUTHOR = device("alice")
READERS = [device(f"reader {number}") for number in range(3)]
PREKEYS = {reader.device: prekeys(reader) for reader in READERS}
STREAM = StreamId(b"stream" + bytes(26))


def message(random: Randomness, event: Event | None = None, author: LocalDevice = AUTHOR, **changed: Any) -> Message:
    recipients = [reader.device for reader in READERS]
    place = (STREAM, MessageId(random(16)), author.device, recipients, NOW, LogHead(1, bytes(32)))
    made = Position().next_content(*place, event or Text("Good morning"))
    return content.sign(author, msgspec.structs.replace(made, **changed))


class Exchange:
    """One envelope from the author to the readers."""

    def __init__(self, name: str = "envelope") -> None:
        self.random = Randomness(name)
        self.message = message(self.random)
        self.recipients = [Recipient(self._begun(reader)) for reader in READERS]

    def _begun(self, reader: LocalDevice) -> PeerSessions:
        offered = bundle(reader, PREKEYS[reader.device]).verify(reader.certificate, NOW)
        return PeerSessions(reader.certificate).initiate(AUTHOR, offered, self.random, NOW, self.random.encapsulate)

    def compose(self) -> Composed:
        return compose(AUTHOR, self.message, self.recipients, self.random)

    def carry(self, signed: Message, to: int = 0, **changed: Any) -> tuple[bytes, bytes]:
        """(slot, body) of a message that is made by hand, its slot saying `changed` of it."""
        key, place = self.random(32), (signed.content.stream, AUTHOR.mailbox, signed.content.message)
        body = seal_body(signed.signed, key, *place, self.random)
        carried = BodyKey(key, body_hash(body), signed.content.stream, signed.content.message)._replace(**changed)
        _, slot = self.recipients[to].sessions.encrypt(AUTHOR, carried, self.random)
        return encode(slot), body

    def open(self, slot: bytes, body: bytes, reader: int = 0, peer: LocalDevice = AUTHOR) -> Opened:
        held: Prekeys = PREKEYS[READERS[reader].device]
        known = frozenset[bytes]().__contains__
        sessions = PeerSessions(peer.certificate)
        return open_envelope(READERS[reader], sessions, slot, body, held.held().get, known, self.random, NOW)


def test_every_recipient_reads_the_same_message() -> None:
    exchange = Exchange()
    composed = exchange.compose()
    envelope = decode(encode(composed.envelope), Envelope)
    for number, (reader, addressed) in enumerate(zip(READERS, envelope.slots, strict=True)):
        assert addressed.mailbox == reader.mailbox
        assert exchange.open(addressed.slot, envelope.body, number).message == exchange.message


def test_what_is_sent_again_is_the_same_signed_content_under_a_new_key() -> None:
    exchange = Exchange()
    first, again = exchange.compose(), exchange.compose()
    assert first.envelope.id != again.envelope.id
    assert first.envelope.body != again.envelope.body
    some = compose(AUTHOR, exchange.message, [Recipient(first.sessions[1])], exchange.random)
    slot = some.envelope.slots[0].slot
    assert exchange.open(slot, some.envelope.body, 1).message == exchange.message


def test_the_invitation_is_shown_to_each_over_its_own_transcript() -> None:
    exchange = Exchange()
    link = Link(bytes(16), CLINIC).derive()
    exchange.recipients[0] = replace(exchange.recipients[0], invitation=Presentation(link, "1234"))
    exchange.recipients[1] = replace(exchange.recipients[1], invitation=Presentation(link))
    envelope = exchange.compose().envelope
    proofs = []
    for number in range(3):
        received = exchange.open(envelope.slots[number].slot, envelope.body, number).received
        assert received.plaintext.proof is not None
        proofs.append(received.plaintext.proof.invitation)
    assert proofs[0] is not None
    assert proofs[1] is not None
    assert (proofs[0].code, proofs[1].code, proofs[2]) == ("1234", "", None)
    assert proofs[0].mac != proofs[1].mac


def test_another_body_under_the_same_key() -> None:
    """A recipient knows the message key; together with the relay it could show others what was never written."""
    exchange = Exchange()
    envelope = exchange.compose().envelope
    mine = exchange.open(envelope.slots[0].slot, envelope.body).received.plaintext
    forged = seal_body(exchange.message.signed, mine.message_key, STREAM, AUTHOR.mailbox, mine.message, exchange.random)
    with pytest.raises(ForgedError, match="body hash"):
        exchange.open(envelope.slots[1].slot, forged, 1)


def test_a_clock_that_leaves_no_room() -> None:
    exchange = Exchange()
    exchange.message = message(exchange.random, clock=NOW + DAY + 1)
    envelope = exchange.compose().envelope
    with pytest.raises(ForgedError, match="clock"):
        exchange.open(envelope.slots[0].slot, envelope.body)


def test_a_slot_for_another_recipient() -> None:
    exchange = Exchange()
    envelope = exchange.compose().envelope
    with pytest.raises(ProtocolError):
        exchange.open(envelope.slots[1].slot, envelope.body, 0)


def test_the_sender_is_the_author() -> None:
    """A recipient that passes on somebody else's signed content as its own message."""
    exchange = Exchange()
    foreign = message(exchange.random, author=READERS[1])
    with pytest.raises(ForgedError, match="author"):
        exchange.open(*exchange.carry(foreign))


def test_a_signature_of_another_content() -> None:
    exchange = Exchange()
    other = message(exchange.random, Text("Good night"))
    mixed = replace(
        exchange.message, signed=msgspec.structs.replace(exchange.message.signed, signature=other.signed.signature)
    )
    with pytest.raises(ForgedError, match="signature"):
        exchange.open(*exchange.carry(mixed))


def test_a_recipient_that_is_not_named() -> None:
    exchange = Exchange()
    others = message(exchange.random, recipients=(READERS[1].device,))
    with pytest.raises(ForgedError, match="recipients"):
        exchange.open(*exchange.carry(others))
    exchange.message = others
    with pytest.raises(ForgedError, match="recipients"):
        exchange.compose()


@pytest.mark.parametrize("field", ["stream", "message"])
def test_a_slot_that_names_another_place(field: str) -> None:
    """The body was sealed for the place that the content names, so a slot that names another does not open it."""
    exchange = Exchange()
    with pytest.raises(UndecryptableError):
        exchange.open(*exchange.carry(exchange.message, **{field: b"o" * (32 if field == "stream" else 16)}))


@pytest.mark.parametrize("field", ["stream", "message"])
def test_a_body_sealed_for_another_place_than_its_content_names(field: str) -> None:
    exchange = Exchange()
    key, content_ = exchange.random(32), exchange.message.content
    place: dict[str, Any] = {"stream": content_.stream, "sender": AUTHOR.mailbox, "message": content_.message}
    place[field] = b"\x01" * len(place[field])
    body = seal_body(exchange.message.signed, key, **place, random=exchange.random)
    carried = BodyKey(key, body_hash(body), place["stream"], place["message"])
    _, slot = exchange.recipients[0].sessions.encrypt(AUTHOR, carried, exchange.random)
    with pytest.raises(ForgedError, match="stream or message id"):
        exchange.open(encode(slot), body)


def test_a_sender_under_another_mailbox() -> None:
    exchange = Exchange()
    key, content_ = exchange.random(32), exchange.message.content
    body = seal_body(exchange.message.signed, key, STREAM, READERS[2].mailbox, content_.message, exchange.random)
    carried = BodyKey(key, body_hash(body), STREAM, content_.message)
    _, slot = exchange.recipients[0].sessions.encrypt(AUTHOR, carried, exchange.random)
    with pytest.raises(UndecryptableError):
        exchange.open(encode(slot), body)


@given(st.integers(0, 5000), st.integers(0, 7))
def test_any_flipped_bit_is_one_clear_error(index: int, bit: int) -> None:
    exchange = Exchange()
    envelope = exchange.compose().envelope
    slot, body = envelope.slots[0].slot, envelope.body
    with pytest.raises(ProtocolError):
        exchange.open(flip(slot, index % len(slot), 1 << bit), body)
    with pytest.raises(ProtocolError):
        exchange.open(slot, flip(body, index % len(body), 1 << bit))


def test_a_proof_in_a_next_slot_and_an_init_slot_without() -> None:
    exchange = Exchange()
    sessions = exchange.recipients[0].sessions
    session = sessions.sending_session
    assert session is not None
    answered = msgspec.structs.replace(session, received=1)
    as_next = replace(sessions, sessions=(answered,))
    exchange.recipients[0] = Recipient(as_next)
    envelope = exchange.compose().envelope
    with pytest.raises(UndecryptableError):
        exchange.open(envelope.slots[0].slot, envelope.body)
    # The same ciphertext, without a proof, in an init slot:
    _, init = sessions.encrypt(AUTHOR, BodyKey(bytes(32), bytes(32), STREAM, MessageId(bytes(16))), exchange.random)
    ahead = read_slot(envelope.slots[0].slot)
    unproven = msgspec.structs.replace(init, header=ahead.header, ciphertext=ahead.ciphertext)
    with pytest.raises(MalformedError, match="proof"):
        exchange.open(encode(unproven), envelope.body)


def test_fifty_at_most() -> None:
    exchange = Exchange()
    exchange.recipients *= 17
    with pytest.raises(LimitError):
        exchange.compose()


@given(st.integers(0, 32_767))
def test_buckets_are_powers_of_two_with_room_for_the_padding(size: int) -> None:
    length = bucket(size)
    assert length > size
    assert length in (256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768)
    assert length == 256 or length // 2 <= size


def test_nothing_above_the_largest_bucket() -> None:
    with pytest.raises(LimitError):
        bucket(32_768)


def test_the_longest_text_to_fifty_devices_fits() -> None:
    random = Randomness("long")
    recipients = tuple(device(f"reader {n}").device for n in range(50))
    longest = message(random, Text("x" * 15 * 1024), recipients=recipients)
    body = seal_body(longest.signed, bytes(32), STREAM, AUTHOR.mailbox, longest.content.message, random)
    assert len(body) == 32_768 + primitives.SEAL_OVERHEAD
