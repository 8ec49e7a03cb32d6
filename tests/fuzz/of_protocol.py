"""What devices say to one another: every record, bodies, contents, conversations, invitations, receipts, files."""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import msgspec
from nacl import bindings as sodium

from agent_app.protocol import attachment, content, conversation, envelope, events, invitation, merkle, primitives
from agent_app.protocol.encoding import Bytes32, Record, Uint, decode, encode, frame, pad
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.events import SignedContent
from agent_app.protocol.keys import (
    BlobId,
    DeliveryHash,
    MailboxId,
    MessageId,
    StreamId,
    Transcript,
)
from agent_app.protocol.labels import Label
from agent_app.protocol.receipt import Accepted, Receipt, ReceiptChain
from agent_app.protocol.slot import Slot
from agent_app.relay import wire
from agent_app.transparency import audit, statement
from tests.fuzz.registry import require, target
from tests.fuzz.seeds import VECTORS
from tests.vectors.material import CLINIC, NOW, device

ALICE, BOB, PATIENT = device("alice"), device("bob"), device("patient", "patient")
AUTHORS = {local.device: local for local in (ALICE, BOB, PATIENT, device("another patient", "patient"))}
KEY, NONCE = bytes(32), bytes(24)
PLACE = (StreamId(bytes(32)), MailboxId(bytes(32)), MessageId(bytes(16)))
UNIONS: tuple[Any, ...] = (events.Event, Slot, wire.Frame, audit.Leaf, statement.Action, wire.CosignedNotes)


def _records(kind: type[Record] = Record) -> Iterator[type[Record]]:
    for record in kind.__subclasses__():
        yield record
        yield from _records(record)


@cache
def kinds() -> tuple[Any, ...]:
    """Every structure that the workstation's packages define: none can be forgotten here."""
    ours = [kind for kind in _records() if kind.__module__.startswith("agent_app.")]
    return (*UNIONS, *sorted(ours, key=lambda kind: (kind.__module__, kind.__qualname__)))


ALL_TOPICS = (
    "encoding", "certificate", "prekey", "prekey-bundle", "slot", "slot-plaintext", "content", "opening", "tries",
    "registration", "invitation-proof", "accepted", "receipt", "roster", "enrolment", "audit", "session",
)  # fmt: skip


@target(topics=ALL_TOPICS)
def records(data: bytes) -> None:
    """Each structure either refuses, or has exactly this encoding."""
    for kind in kinds():
        with suppress(ProtocolError):
            require(encode(decode(data, kind)) == data, f"another encoding of {kind}")


def _bodies() -> Iterator[bytes]:
    head = content.LogHead(1, bytes(32))
    for text in ("x", "x" * 5_000):
        place = (PLACE[0], PLACE[2], ALICE.device, [BOB.device], NOW, head, events.Text(text))
        encoded = encode(content.sign(ALICE, content.Position().next_content(*place)).signed)
        yield pad(encoded, envelope.bucket(len(encoded)))


@target(ProtocolError, seeds=_bodies)
def body(data: bytes) -> None:
    """Whoever holds the message key chooses what stands under it."""
    signed = envelope.open_body(primitives.seal(KEY, NONCE, frame(Label.BODY, *PLACE), data), KEY, *PLACE)
    encoded = encode(signed)
    require(pad(encoded, envelope.bucket(len(encoded))) == data, "another padding")


@target(ProtocolError, topics=["content", "opening", "body", "encoding"])
def signed_content(data: bytes) -> None:
    read = content.read(SignedContent(data, bytes(64)))
    require(encode(read) == data, "another encoding")
    author = AUTHORS.get(read.author, ALICE)
    signed = SignedContent(data, primitives.sign(author.keys.signing, Label.CONTENT, data))
    with suppress(ProtocolError):
        content.verify_opening(signed, CLINIC)
    content.Position().seen(content.verify(signed, author.certificate))


def _entries() -> Iterator[bytes]:
    for path in sorted((VECTORS / "conversation").glob("*.json")):
        entries = [_entry(fields) for fields in json.loads(path.read_bytes())["entries"]]
        yield encode(msgspec.convert(entries, tuple[conversation.Entry, ...]))


def _entry(fields: dict[str, Any]) -> list[Any]:
    """The array that `conversation.Entry` is."""
    of = bytes.fromhex
    heads = [[of(device), sequence, of(hash_)] for device, sequence, hash_ in fields["heads"]]
    names = of(fields["hash"]), of(fields["message"]), fields["stream"], of(fields["author"]), fields["role"]
    place = fields["sequence"], of(fields["previous"]), fields["clock"], heads
    return [*names, *place, msgspec.msgpack.decode(of(fields["event"]))]


@target(ProtocolError, seeds=_entries)
def conversation_events(data: bytes) -> None:
    """Any set of events has one state, whatever the order, and the state can be stored and read again."""
    entries = decode(data, tuple[conversation.Entry, ...])
    if len({entry.hash for entry in entries}) != len(entries):
        return  # no two messages have one hash
    state = conversation.reduce(PATIENT.device, entries)
    require(conversation.reduce(PATIENT.device, reversed(entries)) == state, "the order of arrival matters")
    require(decode(encode(state), conversation.Conversation) == state, "the state cannot be read again")


@target(ProtocolError, topics=["invitation-link"])
def invitation_link(data: bytes) -> None:
    fragment = data.decode("utf-8", "surrogateescape")
    link = invitation.Link.parse(fragment)
    require(link.fragment() == fragment, "another spelling")
    link.derive()


@target(ProtocolError, topics=["registration", "tries"])
def registration(data: bytes) -> None:
    signature = primitives.sign(ALICE.keys.signing, Label.INVITATION, data)
    verified = invitation.SignedRegistration(data, signature).verify(ALICE.certificate)
    require(encode(verified) == data, "another encoding")


@cache
def _invited() -> tuple[events.Invite, invitation.Checker]:
    link = invitation.Link(bytes(16), CLINIC)
    signed = invitation.register(ALICE, link, [BOB.device], NOW, NOW + 1)
    identifiers = (events.Identifier("birth-date", "1970-01-31"),)
    invite = events.Invite(signed.registration, signed.signature, link.secret, "1234", identifiers, "", "")
    return invite, invitation.Checker.begin(invite, ALICE.certificate, BOB.device)


@target(ProtocolError, topics=["tries"], seeds=lambda: [encode(_invited()[0])])
def invite(data: bytes) -> None:
    event = decode(data, events.Invite)
    signature = primitives.sign(ALICE.keys.signing, Label.INVITATION, event.registration)
    invitation.Checker.begin(msgspec.structs.replace(event, signature=signature), ALICE.certificate, BOB.device)


@target(ProtocolError, topics=["tries", "invitation-proof"])
def invitation_proof(data: bytes) -> None:
    """From somebody who has the link. A try is counted, and its answer is one that can be sent and read."""
    checker, transcript = _invited()[1], Transcript(bytes(32))
    mac = primitives.mac(checker.key, Label.INVITATION_PROOF, transcript)
    proof = msgspec.structs.replace(decode(data, invitation.InvitationProof), invitation=checker.invitation, mac=mac)
    state, verdict = checker.judge(proof, transcript, PATIENT.device, NOW)
    require(verdict is not None and state.tries_left == checker.tries_left - 1, "an uncounted try")
    decode(encode(verdict), events.Event)
    decode(encode(state), invitation.Checker)


@target(ProtocolError, topics=["receipt"])
def receipt(data: bytes) -> None:
    signed = Receipt(data, primitives.sign(BOB.keys.mailbox, Label.RECEIPT, data))
    require(encode(signed.verify(BOB.mailbox, ALICE.mailbox)) == data, "another encoding")
    ReceiptChain().follow(signed, BOB.mailbox, ALICE.mailbox)


def _leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(bytes([number]) * 32) for number in range(count)]


def _acceptances() -> Iterator[bytes]:
    for count in (1, 2, 7):
        path = tuple(merkle.inclusion_path(_leaves(count), 0))
        yield encode(Accepted(merkle.root(_leaves(count)), count, NOW, bytes(64), 0, path))


@target(ProtocolError, topics=["accepted"], seeds=_acceptances)
def accepted(data: bytes) -> None:
    read = decode(data, Accepted)
    signature = primitives.sign(KEY, Label.ACCEPTED, read.root, read.count, read.time)
    signed = msgspec.structs.replace(read, signature=signature)
    signed.verify(primitives.signing_public(KEY), DeliveryHash(bytes(32)))


class _Proof(Record, frozen=True):
    old_size: Uint
    size: Uint
    old_root: Bytes32
    root: Bytes32
    path: tuple[Bytes32, ...]


def _proofs() -> Iterator[bytes]:
    for old, size in ((0, 3), (1, 2), (3, 7), (4, 8), (7, 7)):
        path = tuple(merkle.consistency_proof(_leaves(size), old))
        yield encode(_Proof(old, size, merkle.root(_leaves(old)), merkle.root(_leaves(size)), path))


@target(ProtocolError, seeds=_proofs)
def merkle_proof(data: bytes) -> None:
    proof = decode(data, _Proof)
    with suppress(ProtocolError):
        merkle.verify_inclusion(KEY, proof.old_size, proof.size, proof.path, proof.root)
    merkle.verify_consistency(proof.old_size, proof.old_root, proof.size, proof.root, proof.path)


def _file(size: int, file_hash: bytes) -> events.File:
    return events.File("", "", size, file_hash, KEY, BlobId(bytes(32)), bytes(16), bytes(16), "")


@target(ProtocolError, topics=["attachment"])
def attachment_blob(data: bytes) -> None:
    for size in (0, 1, 1000, 70_000):
        with suppress(ProtocolError):
            list(attachment.open_chunks([data], _file(size, KEY)))


@target(ProtocolError, seeds=lambda: [b"\0\0\5hello\x80" + bytes(2), b"\0\0\0\x80", b"\1\0\0" + bytes(65_600)])
def attachment_padding(data: bytes) -> None:
    """Under the file's own key: three bytes say the size, the rest is plaintext and padding."""
    size, padded = int.from_bytes(data[:3]), data[3:]
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    header = sodium.crypto_secretstream_xchacha20poly1305_init_push(state, KEY)
    pieces = [padded[at : at + attachment.CHUNK] for at in range(0, max(1, len(padded)), attachment.CHUNK)]
    tags = [0] * (len(pieces) - 1) + [sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL]
    sealed = (
        sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, None, tag)
        for piece, tag in zip(pieces, tags, strict=True)
    )
    event = _file(size, primitives.labelled_hash(Label.FILE, padded[:size]))
    opened = b"".join(attachment.open_chunks([header, *sealed], event))
    require(opened == padded[:size], "another file")
