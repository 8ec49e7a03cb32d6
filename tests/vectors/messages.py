"""Vectors of bodies, contents, permissions and conversations: docs/protocol.md, sections 8.4 to 10."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from agent_app.protocol import content as contents
from agent_app.protocol import events as e
from agent_app.protocol import primitives
from agent_app.protocol.content import Content, Head, LogHead, Message, Position
from agent_app.protocol.conversation import Entry, Stream, reduce
from agent_app.protocol.encoding import encode, frame, pad
from agent_app.protocol.envelope import body_hash, seal_body
from agent_app.protocol.keys import (
    BlobId,
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
from tests.vectors.material import CLINIC, NOW, Case, Fields, Randomness, device, fault, flip, ok

LOG = LogHead(3, primitives.labelled_hash(Label.STATEMENT, "the vectors' log"))


def cases() -> Iterator[Case]:
    yield from _body()
    yield from _content()
    yield from _opening()
    yield from _streams()
    yield from _permission()
    yield from _conversation()


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
    for name, message, comment in (("first", first, "The author's first."), ("second", second, "With a head.")):
        yield "content", name, ok(comment, **_content_fields(author, reader, message))

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
        "sequence-zero": (malformed, signed(encode([*array[:5], 0, *array[6:]])), "Sequences begin with 1."),
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
        "previous-short": (malformed, signed(encode([*array[:5], 2, bytes(16), *array[7:]])), "A hash of 16 bytes."),
        "unknown-event": (malformed, signed(encode([*array[:11], ["wave"]])), "No such event."),
        "recipients-over-limit": (
            "limit.exceeded",
            signed(encode([*array[:4], [bytes(32)] * 51, *array[5:]])),
            "51 recipients.",
        ),
    }
    for name, (code, bad, comment) in faults.items():
        fields = {"certificate": author.certificate.encoded, "recipient": reader.device}
        yield "content", name, fault(code, comment, **fields, content=bad.content, signature=bad.signature)


def _content_fields(author: LocalDevice, reader: LocalDevice, message: Message) -> Fields:
    names = ("stream", "message", "author", "recipients", "sequence", "previous", "clock", "time")
    content = message.content
    return {
        "certificate": author.certificate.encoded,
        "signing_seed": author.keys.signing,
        "recipient": reader.device,
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
    by_agent = message(agent, e.Open(nonce, agent.certificate.encoded, 1, bytes(32)), agents)
    other = device("another patient", "patient")
    swapped = message(other, opened, conversation)
    other_stream = message(patient, opened, agents)
    text = message(patient, e.Text("Hello"), conversation)
    later = contents.sign(patient, msgspec.structs.replace(good.content, sequence=2, previous=bytes(32)))
    for name, code, comment, which, clinic in (
        ("valid", "ok", "A patient's first message.", good, CLINIC),
        ("other-clinic", "message.forged", "The certificate names another clinic.", good, bytes(32)),
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
        e.Note("Be gentle"),
        e.Tag("urgent", True),
        e.PatientLabel("Ada", ()),
        e.Checked(d, "identifiers", True),
        e.Block(d),
        e.Retract(MessageId(bytes(16)), MessageHash(h)),
        e.Invite(b"registration", bytes(64), bytes(16), "1", (), "Ada", ""),
        e.Uninvite(InvitationId(bytes(16))),
        e.History(ConversationId(h), ()),
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
    named = {"name": encode(e.Name(device("bob").device, "Bob", bytes(32)))}
    yield "permission", "name-of-another", ok("Nobody names another device.", author=author, events=named, rows=foreign)


# Conversations


class Timeline:
    """Devices that write in one conversation. What each has seen is said, not guessed."""

    def __init__(self, name: str) -> None:
        self.random = Randomness(f"conversation/{name}")
        self.patient = device("patient", "patient")
        self.roles: dict[str, e.Role] = {
            "patient": "patient",
            "alice": "agent",
            "bob": "agent",
            "carol": "agent",
            "supervisor": "supervisor",
            "auditor": "auditor",
        }
        self.positions: dict[tuple[str, Stream], Position] = {}
        self.messages: list[tuple[Message, Stream, str]] = []
        self.checkers: list[DeviceId] | None = None
        nonce = self.random(16)
        self.conversation = contents.conversation_id(self.patient.device, CLINIC, nonce)
        self.opened = e.Open(nonce, self.patient.certificate.encoded, 1, bytes(32))

    def local(self, name: str) -> LocalDevice:
        return device(name, "patient" if name == "patient" else "agent", cosigning=name == "supervisor")

    def id(self, name: str) -> DeviceId:
        return self.local(name).device

    def write(
        self, name: str, stream: Stream, event: e.Event, *seen: Message, hide: bool = False, **changed: Any
    ) -> Message:
        """`name` writes after having seen `seen`; with `hide`, nobody gets it."""
        position = self.positions.get((name, stream), Position())
        for message in seen:
            position = position.seen(message)
        local = self.local(name)
        which = contents.shared_stream if stream == "shared" else contents.team_stream
        stream_id = which(self.conversation)
        content = position.next_content(stream_id, MessageId(self.random(16)), local.device, (), NOW, LOG, event)
        message = contents.sign(local, msgspec.structs.replace(content, **changed))
        self.positions[name, stream] = position.sent(message)
        if not hide:
            self.messages.append((message, stream, name))
        return message

    def team(self, name: str, event: e.Event, *seen: Message, **changed: Any) -> Message:
        return self.write(name, "team", event, *seen, **changed)

    def shared(self, name: str, event: e.Event, *seen: Message, **changed: Any) -> Message:
        return self.write(name, "shared", event, *seen, **changed)

    def case(self, name: str, comment: str) -> Case:
        entries = [Entry.of(message, stream, self.roles[author]) for message, stream, author in self.messages]
        state = reduce(self.patient.device, entries, self.checkers)
        indices = list(range(len(entries)))
        shuffled = sorted(indices, key=lambda i: entries[i].hash)
        orders = [indices, indices[::-1], shuffled, [*shuffled, *indices]]
        return (
            "conversation",
            name,
            ok(
                comment,
                patient=self.patient.device,
                checkers=self.checkers,
                entries=[_entry(entry) for entry in entries],
                orders=orders,
                state=as_object(state),
            ),
        )


def _entry(entry: Entry) -> Fields:
    fields = as_object(entry)
    return {
        **fields,
        "heads": [[h.device, h.sequence, h.message_hash] for h in entry.heads],
        "event": encode(entry.event),
    }


def as_object(value: Any) -> Any:
    """A record with its fields' names."""
    if isinstance(value, msgspec.Struct):
        return {name: as_object(getattr(value, name)) for name in value.__struct_fields__}
    return [as_object(item) for item in value] if isinstance(value, tuple) else value


def _conversation() -> Iterator[Case]:
    scripts: dict[str, tuple[str, Callable[[Timeline], None]]] = {
        "empty": ("Nothing has arrived.", lambda t: None),
        "opened": ("Waiting.", lambda t: void(t.shared("patient", t.opened))),
        "claimed": ("One claim that nobody has seen yet.", lambda t: void(t.team("alice", e.Claim()))),
        "claim-confirmed": ("Bob has seen it.", _claim_confirmed),
        "claims-rival": ("Neither had seen the other: the first in order.", _claims_rival),
        "claim-seen-first-wins": ("Carol saw the later in order before its rival came.", _claim_seen_first),
        "claims-both-confirmed": ("Each was seen alone by somebody: the first in order.", _claims_both_confirmed),
        "own-sight-confirms-nothing": ("The claimant's own next event is no witness.", _own_sight),
        "released": ("Released, and claimed by somebody else.", _released),
        "late-claim": ("A claim that had not seen the release belongs to the past.", _late_claim),
        "assigned": ("Assigned; a claim after it is void.", _assigned),
        "transferred": ("Transferred with a note.", _transferred),
        "closed": ("Closed with an outcome, although somebody claims.", _closed),
        "reopened": ("Reopened: waiting, until claimed.", _reopened),
        "ended": ("The patient has ended it, and an agent reopens in vain.", _ended),
        "levels": ("Two verdicts: the higher counts.", _levels),
        "checked": ("An agent's check is level 3.", _checked),
        "check-fails": ("An agent's check that does not match outranks a verdict.", _check_fails),
        "blocked": ("A block outranks verdicts with any clock, and counts until a check matches.", _blocked),
        "unblocked": ("A later check that matches.", _unblocked),
        "verdict-of-no-checker": ("Only the invitation's checkers judge.", _no_checker),
        "verdict-of-another-patient": ("A verdict on another device.", _other_verdict),
        "labels-and-tags": ("The last in order wins.", _labels),
        "not-permitted": ("What a patient, an agent or an auditor may not do.", _not_permitted),
        "retracted": ("By its author; by a colleague in vain; by a supervisor.", _retracted),
        "retracted-before-arrival": (
            "A supervisor's word stands at once; an author's waits for the message.",
            _early_retract,
        ),
        "retracted-otherwise-named": ("Another message id, or another stream, retracts nothing.", _wrong_retract),
        "read": ("The furthest mark of each reader.", _read_marks),
        "gap": ("Two are missing in the middle, one at the start.", _gap),
        "fork": ("Two messages in one place.", _fork),
        "fork-by-previous": ("One that continues something else than we hold.", _fork_by_previous),
        "clock-lies": ("A link to an event whose clock is not lower is no sight.", _clock_lies),
        "head-lies": ("A head with another sequence names nothing.", _head_lies),
    }
    for name, (comment, script) in scripts.items():
        timeline = Timeline(name)
        script(timeline)
        yield timeline.case(name, comment)


def void(_: object) -> None:
    return None


def _claim_confirmed(t: Timeline) -> None:
    t.team("bob", e.Note("I have seen it"), t.team("alice", e.Claim()))


def _claims_rival(t: Timeline) -> None:
    a, b = t.team("alice", e.Claim()), t.team("bob", e.Claim())
    t.team("carol", e.Note("Both of you?"), a, b)


def _first_and_second(t: Timeline) -> tuple[str, str]:
    first, second = sorted(("alice", "bob"), key=t.id)
    return first, second


def _claim_seen_first(t: Timeline) -> None:
    first, second = _first_and_second(t)
    late = t.team(second, e.Claim())
    t.team("carol", e.Note(f"{second} has it"), late)
    early = t.team(first, e.Claim())
    t.team("carol", e.Note("And now the other"), early)


def _claims_both_confirmed(t: Timeline) -> None:
    first, second = _first_and_second(t)
    t.team("carol", e.Note("Second"), t.team(second, e.Claim()))
    t.team("supervisor", e.Note("First"), t.team(first, e.Claim()))


def _own_sight(t: Timeline) -> None:
    first, second = _first_and_second(t)
    t.team(second, e.Claim())
    t.team(second, e.Note("It is mine"))
    t.team(first, e.Claim())


def _released(t: Timeline) -> None:
    claim = t.team("alice", e.Claim())
    release = t.team("alice", e.Release())
    t.team("bob", e.Claim(), claim, release)


def _late_claim(t: Timeline) -> None:
    claim = t.team("alice", e.Claim())
    t.team("alice", e.Release())
    t.team("bob", e.Claim(), claim)


def _assigned(t: Timeline) -> None:
    assign = t.team("supervisor", e.Assign(t.id("alice")))
    t.team("bob", e.Claim(), assign)


def _transferred(t: Timeline) -> None:
    t.team("alice", e.Claim())
    t.team("alice", e.Transfer(t.id("bob"), "She speaks Spanish"))


def _closed(t: Timeline) -> None:
    t.team("alice", e.Claim())
    close = t.team("alice", e.Close("appointment made"))
    t.team("bob", e.Claim(), close)


def _reopened(t: Timeline) -> None:
    close = t.team("alice", e.Close("appointment made"))
    reopen = t.team("bob", e.Reopen(), close)
    t.team("carol", e.Claim(), close, reopen)


def _ended(t: Timeline) -> None:
    t.shared("patient", t.opened)
    t.shared("patient", e.Ended())
    t.team("alice", e.Reopen())
    t.team("alice", e.Claim())


def _verdict(t: Timeline, outcome: e.Outcome, level: int) -> e.Verdict:
    return e.Verdict(t.patient.device, Transcript(bytes(32)), outcome, level, 1)


def _levels(t: Timeline) -> None:
    t.shared("alice", _verdict(t, "wrong", 0))
    passed = t.shared("alice", _verdict(t, "passed", 2))
    t.shared("bob", _verdict(t, "passed", 1), passed)


def _checked(t: Timeline) -> None:
    t.shared("alice", _verdict(t, "passed", 1))
    t.team("bob", e.Checked(t.patient.device, "safety-number", True))


def _check_fails(t: Timeline) -> None:
    t.shared("alice", _verdict(t, "passed", 2))
    t.team("bob", e.Checked(t.patient.device, "identifiers", False))


def _blocked(t: Timeline) -> None:
    t.team("bob", e.Block(t.patient.device))
    for _ in range(3):
        t.shared("alice", e.Text("Hello?"))
    t.shared("alice", _verdict(t, "passed", 2))
    t.team("alice", e.Block(t.id("another patient")))


def _unblocked(t: Timeline) -> None:
    block = t.team("bob", e.Block(t.patient.device))
    t.team("alice", e.Checked(t.patient.device, "safety-number", True), block)


def _no_checker(t: Timeline) -> None:
    t.checkers = [t.id("alice")]
    t.shared("alice", _verdict(t, "passed", 1))
    t.shared("bob", _verdict(t, "passed", 2))


def _other_verdict(t: Timeline) -> None:
    other = e.Verdict(device("another patient", "patient").device, Transcript(bytes(32)), "passed", 2, 1)
    t.shared("alice", other)


def _labels(t: Timeline) -> None:
    birthday = (e.Identifier("birth-date", "1980-02-29"),)
    first = t.team("alice", e.PatientLabel("Ada L.", ()))
    t.team("bob", e.PatientLabel("Ada Lovelace", birthday), first)
    on = t.team("alice", e.Tag("urgent", True))
    t.team("alice", e.Tag("lab", True))
    t.team("alice", e.Tag("é", True))
    t.team("bob", e.Tag("urgent", False), on)
    t.team("bob", e.Tag("call back", True))


def _not_permitted(t: Timeline) -> None:
    t.team("patient", e.Claim())
    t.shared("alice", e.Claim())
    t.team("auditor", e.Close("nothing to see"))
    t.team("alice", e.Text("in the wrong stream"))
    t.shared("alice", e.Ended())
    t.shared("alice", e.Name(t.id("bob"), "Bob", bytes(32)))
    t.roles["carol"] = "patient"
    t.shared("carol", e.Text("another patient's"))
    t.shared("patient", e.Text("first"))
    t.shared("patient", t.opened)


def _retracted(t: Timeline) -> None:
    own, other, third = (t.shared("alice", e.Text(text)) for text in ("own", "other", "third"))
    t.shared("alice", e.Retract(own.content.message, own.hash))
    t.shared("bob", e.Retract(other.content.message, other.hash), other)
    t.shared("supervisor", e.Retract(third.content.message, third.hash), third)


def _early_retract(t: Timeline) -> None:
    hidden = [t.write("alice", "shared", e.Text(text), hide=True) for text in ("one", "two")]
    t.shared("supervisor", e.Retract(hidden[0].content.message, hidden[0].hash), hidden[0])
    t.shared("alice", e.Retract(hidden[1].content.message, hidden[1].hash))


def _wrong_retract(t: Timeline) -> None:
    one, two = t.shared("alice", e.Text("one")), t.shared("alice", e.Text("two"))
    t.shared("supervisor", e.Retract(MessageId(bytes(16)), one.hash))
    t.team("supervisor", e.Retract(two.content.message, two.hash))


def _read_marks(t: Timeline) -> None:
    alice, bob = t.id("alice"), t.id("bob")
    t.shared("patient", e.Read((e.ReadMark(alice, 3), e.ReadMark(bob, 1))))
    t.shared("patient", e.Read((e.ReadMark(alice, 2),)))
    t.shared("bob", e.Read((e.ReadMark(t.patient.device, 5),)))


def _gap(t: Timeline) -> None:
    t.shared("alice", e.Text("1"))
    for text in ("2", "3"):
        t.shared("alice", e.Text(text), hide=True)
    t.shared("alice", e.Text("4"))
    t.team("bob", e.Note("1"), hide=True)
    t.team("bob", e.Note("2"))


def _fork(t: Timeline) -> None:
    t.team("alice", e.Note("before"))
    before = t.positions["alice", "team"]
    t.team("alice", e.Claim())
    t.positions["alice", "team"] = before
    t.team("alice", e.Close("to you I say this"))


def _fork_by_previous(t: Timeline) -> None:
    t.shared("alice", e.Text("1"))
    t.shared("alice", e.Text("2"), previous=bytes(32))


def _clock_lies(t: Timeline) -> None:
    first, second = _first_and_second(t)
    claim = t.team(second, e.Claim(), clock=5)
    t.team("carol", e.Note("I saw it, says my head, and my clock says not"), claim, clock=5)
    t.team(first, e.Claim(), clock=4)


def _head_lies(t: Timeline) -> None:
    first, second = _first_and_second(t)
    claim = t.team(second, e.Claim())
    lie = Head(claim.content.author, 2, claim.hash)
    t.team("carol", e.Note("Seen?"), clock=9, heads=(lie,))
    t.team(first, e.Claim())
