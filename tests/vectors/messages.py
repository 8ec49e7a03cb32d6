"""Vectors of bodies, contents and permissions: docs/protocol.md, sections 8.4 and 9."""

import itertools
from collections.abc import Iterator
from typing import Any

import msgspec

from agent_app.protocol import content as contents
from agent_app.protocol import events as e
from agent_app.protocol import primitives
from agent_app.protocol.content import Content, Head, LogHead, Message, Position
from agent_app.protocol.encoding import encode, frame, pad
from agent_app.protocol.envelope import body_hash, seal_body
from agent_app.protocol.events import SignedContent
from agent_app.protocol.keys import (
    BlobId,
    ClinicId,
    ConversationId,
    DeviceId,
    InvitationId,
    LocalDevice,
    MessageHash,
    MessageId,
    StreamId,
    Transcript,
)
from agent_app.protocol.labels import Label
from tests.vectors.material import CLINIC, DAY, NOW, Case, Fields, Randomness, device, fault, flip, ok

LOG = LogHead(3, primitives.labelled_hash(Label.STATEMENT, "the vectors' log"))


def cases() -> Iterator[Case]:
    yield from _body()
    yield from _content()
    yield from _opening()
    yield from _streams()
    yield from _places()
    yield from _permission()
    yield from _earlier()


def _message(random: Randomness, author: LocalDevice, event: e.Event, *recipients: DeviceId) -> Message:
    stream, message = StreamId(random(32)), MessageId(random(16))
    content = Position().next_content(stream, message, author.device, recipients, NOW, LOG, event)
    return contents.sign(author, content)


def _attributes(record: Any, *names: str) -> Fields:
    return {name: getattr(record, name) for name in names}


# Bodies


def _body() -> Iterator[Case]:
    random = Randomness("body")
    author, reader = device("alice"), device("bob")
    for name, text, comment in (
        ("smallest-bucket", "x", "256 bytes."),
        ("larger-bucket", "x" * 900, "2,048 bytes."),
        ("largest-bucket", "x" * 15 * 1024, "The longest text: 16,384 bytes."),
    ):
        message = _message(random, author, e.Text(text), reader.device)
        yield "body", name, ok(comment, **_sealed(random, author, message))
    message = _message(random, author, e.Text("the true one"), reader.device)
    fields = _sealed(random, author, message)
    body, key = fields.pop("body"), fields["key"]
    common = {name: fields[name] for name in ("key", "stream", "sender", "message")}
    encoded = encode(message.signed)
    ad = frame(Label.BODY, fields["stream"], fields["sender"], fields["message"])

    def sealed(padded: bytes) -> bytes:
        return primitives.seal(key, random(24), ad, padded)

    undecryptable, malformed = "message.undecryptable", "encoding.malformed"
    for name, code, comment, bad, changed in (
        ("flipped", undecryptable, "One bit is changed.", flip(body), {}),
        ("truncated", undecryptable, "The last byte is missing.", body[:-1], {}),
        ("other-stream", undecryptable, "Sealed for another stream.", body, {"stream": bytes(32)}),
        ("other-sender", undecryptable, "Sealed by another mailbox.", body, {"sender": reader.mailbox}),
        ("other-message", undecryptable, "Sealed for another message id.", body, {"message": bytes(16)}),
        ("other-key", undecryptable, "Sealed under another key.", body, {"key": bytes(32)}),
        ("bucket-too-large", malformed, "Padded to the bucket after the right one.", sealed(pad(encoded, 1024)), {}),
        ("bucket-odd", malformed, "Padded to no bucket.", sealed(pad(encoded, len(encoded) + 1)), {}),
        ("padding-missing", malformed, "No padding.", sealed(encoded), {}),
        ("padding-not-zeros", malformed, "Something behind 0x80.", sealed(pad(encoded, 511) + b"\x01"), {}),
        ("not-signed-content", malformed, "A content without its signature.", sealed(pad(encode([b"x"]), 256)), {}),
        ("over-limit", "limit.exceeded", "32,809 bytes.", bytes(32_809), {}),
    ):
        yield "body", name, fault(code, comment, **{**common, **changed}, body=bad)


def _sealed(random: Randomness, author: LocalDevice, message: Message) -> Fields:
    key, nonce = random(32), random(24)
    content = message.content
    place = (content.stream, author.mailbox, content.message)
    body = seal_body(message.signed, key, *place, lambda _: nonce)
    return {
        "content": message.signed.content,
        "signature": message.signed.signature,
        "key": key,
        "nonce": nonce,
        **dict(zip(("stream", "sender", "message"), place, strict=True)),
        "body": body,
        "body_hash": body_hash(body),
    }


# Contents


def _content() -> Iterator[Case]:
    random = Randomness("content")
    author, reader, stranger = device("alice"), device("bob"), device("mallory")
    first = _message(random, author, e.Text("Good morning"), reader.device, stranger.device)
    head = Head(reader.device, 7, MessageHash(random(32)))
    second = contents.sign(
        author,
        Content(
            "SD1",
            first.content.stream,
            MessageId(random(16)),
            author.device,
            (reader.device,),
            2,
            first.hash,
            (head,),
            9,
            NOW,
            LOG,
            e.Claim(),
        ),
    )
    furthest = contents.sign(author, msgspec.structs.replace(first.content, clock=NOW + DAY))
    patient = device("patient", "patient")
    theirs = msgspec.structs.replace(first.content, author=patient.device, clock=NOW + DAY // 2)
    for name, by, message, comment in (
        ("first", author, first, "The author's first."),
        ("second", author, second, "With a head."),
        ("clock-a-day-ahead", author, furthest, "The highest clock that is accepted now."),
        ("clock-of-a-patient", patient, contents.sign(patient, theirs), "A patient's highest: half a day."),
    ):
        yield "content", name, ok(comment, **_content_fields(by, reader, message))

    change = msgspec.structs.replace
    good = first.content
    array = msgspec.msgpack.decode(first.signed.content)

    def signed(content: bytes, by: LocalDevice = author, label: Label = Label.CONTENT) -> e.SignedContent:
        return e.SignedContent(content, primitives.sign(by.keys.signing, label, content))

    signature = first.signed.signature
    forged, malformed = "message.forged", "encoding.malformed"
    faults: dict[str, tuple[str, e.SignedContent, str]] = {
        "signature-flipped": (forged, e.SignedContent(first.signed.content, flip(signature)), "One bit is changed."),
        "content-flipped": (
            forged,
            e.SignedContent(first.signed.content.replace(b"Good", b"Food"), signature),
            "A letter.",
        ),
        "signed-by-another": (forged, signed(first.signed.content, stranger), "In the author's name, by another."),
        "other-label": (forged, signed(first.signed.content, author, Label.MESSAGE), "Signed under another label."),
        "other-author": (forged, signed(encode(change(good, author=stranger.device))), "Names another author."),
        "not-a-recipient": (
            forged,
            signed(encode(change(good, recipients=(stranger.device,)))),
            "Was not meant for us.",
        ),
        "suite": ("suite.unknown", signed(encode(change(good, suite="SD2"))), "Another suite."),
        "sequence-zero": (malformed, signed(encode([*array[:5], 0, bytes(32), *array[7:]])), "Sequences begin with 1."),
        "first-with-previous": (
            malformed,
            signed(encode([*array[:6], bytes(32), *array[7:]])),
            "Nothing is before the first.",
        ),
        "later-without-previous": (
            malformed,
            signed(encode([*array[:5], 2, *array[6:]])),
            "The one before is not named.",
        ),
        "clock-zero": (malformed, signed(encode([*array[:8], 0, *array[9:]])), "Clocks begin with 1."),
        "clock-far": (
            forged,
            signed(encode(change(good, clock=NOW + DAY + 1))),
            "A millisecond more than a day ahead.",
        ),
        "previous-short": (malformed, signed(encode([*array[:5], 2, bytes(16), *array[7:]])), "A hash of 16 bytes."),
        "unknown-event": (malformed, signed(encode([*array[:11], ["wave"]])), "No such event."),
        "recipients-over-limit": (
            "limit.exceeded",
            signed(encode([*array[:4], [bytes(32)] * 51, *array[5:]])),
            "51 recipients.",
        ),
    }
    for name, (code, bad, comment) in faults.items():
        fields = {"certificate": author.certificate.encoded, "recipient": reader.device, "now": NOW}
        yield "content", name, fault(code, comment, **fields, content=bad.content, signature=bad.signature)
    jumped = contents.sign(patient, msgspec.structs.replace(theirs, clock=theirs.clock + 1)).signed
    fields = {"certificate": patient.certificate.encoded, "recipient": reader.device, "now": NOW}
    comment = "A millisecond more than a patient may be ahead."
    bad_fields = {**fields, "content": jumped.content, "signature": jumped.signature}
    yield "content", "clock-far-of-a-patient", fault(forged, comment, **bad_fields)


def _content_fields(author: LocalDevice, reader: LocalDevice, message: Message) -> Fields:
    names = ("stream", "message", "author", "recipients", "sequence", "previous", "clock", "time")
    content = message.content
    return {
        "certificate": author.certificate.encoded,
        "signing_seed": author.keys.signing,
        "recipient": reader.device,
        "now": NOW,
        **_attributes(content, *names),
        "heads": [[h.device, h.sequence, h.message_hash] for h in content.heads],
        "log": [content.log.size, content.log.root],
        "event": encode(content.event),
        "content": message.signed.content,
        "signature": message.signed.signature,
        "message_hash": message.hash,
    }


def _opening() -> Iterator[Case]:
    random = Randomness("opening")
    patient, agent = device("patient", "patient"), device("alice")
    nonce = random(16)
    opened = e.Open(nonce, patient.certificate.encoded, 1, random(32))

    def message(author: LocalDevice, event: e.Event, conversation: ConversationId) -> Message:
        position = Position()
        stream = contents.shared_stream(conversation)
        recipients = (agent.device,)
        return contents.sign(
            author, position.next_content(stream, MessageId(random(16)), author.device, recipients, NOW, LOG, event)
        )

    conversation = contents.conversation_id(patient.device, CLINIC, nonce)
    good = message(patient, opened, conversation)
    agents = contents.conversation_id(agent.device, CLINIC, nonce)
    foreign = LocalDevice(patient.keys, patient.keys.certify(ClinicId(bytes(32)), "patient", NOW))
    elsewhere = contents.conversation_id(foreign.device, CLINIC, nonce)
    of_another_clinic = message(foreign, e.Open(nonce, foreign.certificate.encoded, 1, bytes(32)), elsewhere)
    by_agent = message(agent, e.Open(nonce, agent.certificate.encoded, 1, bytes(32)), agents)
    other = device("another patient", "patient")
    swapped = message(other, opened, conversation)
    other_stream = message(patient, opened, agents)
    text = message(patient, e.Text("Hello"), conversation)
    later = contents.sign(patient, msgspec.structs.replace(good.content, sequence=2, previous=bytes(32)))
    for name, code, comment, which, clinic in (
        ("valid", "ok", "A patient's first message.", good, CLINIC),
        ("other-clinic", "message.forged", "Sent to another clinic.", good, bytes(32)),
        ("certificate-of-another-clinic", "message.forged", "The certificate is.", of_another_clinic, CLINIC),
        ("by-an-agent", "message.forged", "An agent's certificate.", by_agent, CLINIC),
        (
            "certificate-of-another",
            "message.forged",
            "Signed by another than the certificate's device.",
            swapped,
            CLINIC,
        ),
        ("other-stream", "message.forged", "The stream is not this conversation's.", other_stream, CLINIC),
        ("not-first", "message.forged", "Its sequence is 2.", later, CLINIC),
        ("another-event", "encoding.malformed", "A text.", text, CLINIC),
    ):
        result = {"conversation": conversation, "nonce": nonce, "patient": patient.device} if code == "ok" else {}
        signed = _attributes(which.signed, "content", "signature")
        yield "opening", name, fault(code, comment, clinic=clinic, **signed, **result)


def _earlier() -> Iterator[Case]:
    """A patient's first conversation, as an `earlier` event in the second one brings it."""
    random = Randomness("earlier")
    old, new, agent = device("patient", "patient"), device("another patient", "patient"), device("alice")
    stranger = device("nobody")
    nonces = {old.device: random(16), new.device: random(16)}
    ids = {who: contents.conversation_id(who, CLINIC, nonce) for who, nonce in nonces.items()}

    def said(author: LocalDevice, event: e.Event, stream: StreamId, sequence: int = 1) -> SignedContent:
        previous = b"" if sequence == 1 else bytes(32)
        made = Position().next_content(stream, MessageId(random(16)), author.device, (), NOW, LOG, event)
        return contents.sign(author, msgspec.structs.replace(made, sequence=sequence, previous=previous)).signed

    def opened(patient: LocalDevice) -> SignedContent:
        event = e.Open(nonces[patient.device], patient.certificate.encoded, 1, bytes(32))
        return said(patient, event, contents.shared_stream(ids[patient.device]))

    shared = contents.shared_stream(ids[old.device])
    first, reply = said(old, e.Text("Hello"), shared, 2), said(agent, e.Text("Good morning"), shared)
    flipped = SignedContent(first.content, bytes([first.signature[0] ^ 1]) + first.signature[1:])
    noted = said(agent, e.Note("Be gentle"), contents.team_stream(ids[old.device]))
    forged, whole = "message.forged", [opened(old), first, reply]
    cases: dict[str, tuple[str, str, list[SignedContent]]] = {
        "valid": ("ok", "What the patient and an agent said.", whole),
        "opening-alone": ("ok", "Nothing was said in it.", whole[:1]),
        "in-any-order": ("ok", "Only the opening has a place of its own.", [whole[0], reply, first]),
        "without-opening": ("encoding.malformed", "The first is a text.", whole[1:]),
        "of-this-conversation": (forged, "The conversation that it stands in.", [opened(new)]),
        "signature-flipped": (forged, "One message that does not hold spoils all.", [whole[0], flipped, reply]),
        "of-the-team": (forged, "A note of the team's stream.", [*whole, noted]),
        "by-nobody": (forged, "Its author was never admitted.", [*whole, said(stranger, e.Text("Hi"), shared)]),
        "by-another-patient": (forged, "The new device's.", [*whole, said(new, e.Text("Hi"), shared)]),
    }
    for name, (code, comment, messages) in cases.items():
        fields = {
            "clinic": CLINIC,
            "here": ids[new.device],
            "members": [agent.certificate.encoded],
            "messages": [[one.content, one.signature] for one in messages],
        }
        good = {"conversation": ids[old.device], "patient": old.device} if code == "ok" else {}
        yield "earlier", name, fault(code, comment, **fields, **good)


def _streams() -> Iterator[Case]:
    random = Randomness("streams")
    patient, nonce = DeviceId(random(32)), random(16)
    conversation = contents.conversation_id(patient, CLINIC, nonce)
    members = [DeviceId(random(32)) for _ in range(3)]
    yield (
        "stream",
        "ids",
        ok(
            "Conversation and streams; `members` stand in no order.",
            patient=patient,
            clinic=CLINIC,
            nonce=nonce,
            conversation=conversation,
            shared=contents.shared_stream(conversation),
            team=contents.team_stream(conversation),
            members=members,
            direct=contents.direct_stream(members),
        ),
    )


def _places() -> Iterator[Case]:
    random = Randomness("places")
    patient, other, agent = device("patient", "patient"), device("another patient", "patient"), device("alice")
    nonce = random(16)
    conversation = contents.conversation_id(patient.device, CLINIC, nonce)
    shared, team = contents.shared_stream(conversation), contents.team_stream(conversation)
    direct = contents.direct_stream([patient.device, agent.device])
    retract = e.Retract(MessageId(random(16)), MessageHash(random(32)))
    for name, code, comment, author, stream, event in (
        ("shared", "ok", "The patient, in the shared stream.", patient, shared, e.Text("Hello")),
        ("by-an-agent", "ok", "An agent, in the team's stream.", agent, team, e.Note("Be gentle")),
        ("void", "ok", "What an agent may not issue: stored, and void.", agent, team, e.Text("Hello")),
        (
            "patient-in-team",
            "event.not-permitted",
            "The patient, in the team's stream.",
            patient,
            team,
            e.Text("Hello"),
        ),
        ("patient-retracts-in-team", "event.not-permitted", "A retraction, there.", patient, team, retract),
        ("patient-in-direct", "event.not-permitted", "A stream with an agent.", patient, direct, e.Text("Hello")),
        ("another-patient", "event.not-permitted", "Somebody else's conversation.", other, shared, e.Text("Hello")),
    ):
        position = Position().next_content(stream, MessageId(random(16)), author.device, (), NOW, LOG, event)
        signed = _attributes(contents.sign(author, position).signed, "content", "signature")
        known = {"patient": patient.device, "clinic": CLINIC, "nonce": nonce}
        yield "place", name, fault(code, comment, **known, certificate=author.certificate.encoded, **signed)


# Permissions


def sample_events(author: DeviceId) -> list[e.Event]:
    """One of each kind."""
    d, h = DeviceId(bytes(32)), bytes(32)
    return [
        e.Open(bytes(16), b"certificate", 1, h),
        e.Text("Hello"),
        e.File("x.jpg", "image/jpeg", 1, h, h, BlobId(h), bytes(16), bytes(16), ""),
        e.Read((e.ReadMark(d, 1),)),
        e.Check(),
        e.Verdict(d, Transcript(h), "wrong", 0, 2),
        e.Ended(),
        e.Name(author, "Ada", h),
        e.Claim(),
        e.Release(),
        e.Assign(d),
        e.Transfer(d, "She calls back"),
        e.Close("done"),
        e.Reopen(),
        e.HandOver(bytes(16), "They know the laboratory"),
        e.Conclude("done", 7),
        e.Joined(),
        e.Note("Be gentle"),
        e.Tag("urgent", True),
        e.PatientLabel("Ada", ()),
        e.Reason("Blood test"),
        e.Guardian("Anne", "mother"),
        e.Hold(True, "a complaint"),
        e.Checked(d, "identifiers", True),
        e.Block(d),
        e.Retract(MessageId(bytes(16)), MessageHash(h)),
        e.Invite(b"registration", bytes(64), bytes(16), "1", (), "Ada", ""),
        e.Uninvite(InvitationId(bytes(16))),
        e.History(ConversationId(h), ()),
        e.Earlier((e.SignedContent(b"content", bytes(64)),)),
        e.Copied(d),
    ]


def _permission() -> Iterator[Case]:
    author = device("alice").device
    streams: tuple[e.StreamKind, ...] = ("shared", "team", "direct")
    roles: tuple[e.Role, ...] = ("patient", "agent", "supervisor", "administrator", "auditor")
    rows = [
        {
            "event": event.__struct_config__.tag,
            "stream": stream,
            "role": role,
            "permitted": e.is_permitted(event, stream, author, role),
        }
        for event, stream, role in itertools.product(sample_events(author), streams, roles)
    ]
    samples = {event.__struct_config__.tag: encode(event) for event in sample_events(author)}
    yield "permission", "table", ok("Every event, stream and role.", author=author, events=samples, rows=rows)
    foreign = [
        {"event": "name", "stream": s, "role": r, "permitted": False} for s, r in itertools.product(streams, roles)
    ]
    lifts = e.Hold(False, "settled")
    rows = [
        {"event": "hold", "stream": s, "role": r, "permitted": e.is_permitted(lifts, s, author, r)}
        for s, r in itertools.product(streams, roles)
    ]
    comment = "Only a supervisor or an administrator takes a hold off."
    yield "permission", "hold-lifted", ok(comment, author=author, events={"hold": encode(lifts)}, rows=rows)
    named = {"name": encode(e.Name(device("bob").device, "Bob", bytes(32)))}
    yield "permission", "name-of-another", ok("Nobody names another device.", author=author, events=named, rows=foreign)
