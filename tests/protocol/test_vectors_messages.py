"""The shared vectors of bodies, contents, permissions, conversations, invitations, files and receipts."""

from typing import Any

import msgspec

from agent_app.protocol import attachment, content, envelope, invitation, receipt
from agent_app.protocol.content import Content, Head, LogHead
from agent_app.protocol.conversation import Entry, reduce
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.events import Event, File, Identifier, Invite, SignedContent, is_permitted
from agent_app.protocol.keys import (
    Certificate,
    ClinicId,
    ConversationId,
    DeviceId,
    DeviceKeys,
    EnvelopeId,
    InvitationId,
    LocalDevice,
    MailboxId,
    MessageId,
    StreamId,
    Transcript,
)
from agent_app.protocol.receipt import Accepted, Receipt, ReceiptChain
from agent_app.protocol.safety_number import safety_number
from tests.protocol.reader import Replay, Vector, unhex, vectors
from tests.vectors.files import accept
from tests.vectors.material import plain


@vectors("body")
def test_body(v: Vector) -> None:
    place = (StreamId(v.b("stream")), MailboxId(v.b("sender")), MessageId(v.b("message")))
    with v.expecting():
        signed = envelope.open_body(v.b("body"), v.b("key"), *place)
        assert signed == SignedContent(v.b("content"), v.b("signature"))
        assert envelope.seal_body(signed, v.b("key"), *place, Replay(v["nonce"])) == v.b("body")
        assert envelope.body_hash(v.b("body")) == v.b("body_hash")


@vectors("content")
def test_content(v: Vector) -> None:
    author = Certificate.parse(v.b("certificate"))
    with v.expecting():
        message = content.verify(SignedContent(v.b("content"), v.b("signature")), author)
        content.require_recipient(message.content, DeviceId(v.b("recipient")))
        content.require_clock(message.content, author, v["now"])
        made = Content(
            "SD1",
            StreamId(v.b("stream")),
            MessageId(v.b("message")),
            DeviceId(v.b("author")),
            tuple(DeviceId(unhex(recipient)) for recipient in v["recipients"]),
            v["sequence"],
            v.b("previous"),
            tuple(Head(unhex(device), sequence, unhex(hash_)) for device, sequence, hash_ in v["heads"]),
            v["clock"],
            v["time"],
            LogHead(v["log"][0], unhex(v["log"][1])),
            decode(v.b("event"), Event),
        )
        keys = DeviceKeys(v.b("signing_seed"), bytes(32), bytes(32), b"")
        assert content.sign(LocalDevice(keys, author), made) == message
        assert message.hash == v.b("message_hash")


@vectors("opening")
def test_opening(v: Vector) -> None:
    with v.expecting():
        opening = content.verify_opening(SignedContent(v.b("content"), v.b("signature")), ClinicId(v.b("clinic")))
        assert opening.conversation == v.b("conversation")
        assert opening.patient.device == v.b("patient")


@vectors("earlier")
def test_earlier(v: Vector) -> None:
    members = {one.device: one for one in (Certificate.parse(unhex(encoded)) for encoded in v["members"])}
    signed = [SignedContent(unhex(text), unhex(signature)) for text, signature in v["messages"]]
    with v.expecting():
        opening, messages = content.verify_earlier(
            signed, ClinicId(v.b("clinic")), ConversationId(v.b("here")), lambda device, size: members.get(device)
        )
        assert opening.conversation == v.b("conversation")
        assert opening.patient.device == v.b("patient")
        assert [message.signed for message in messages] == signed


@vectors("stream")
def test_stream(v: Vector) -> None:
    conversation = content.conversation_id(DeviceId(v.b("patient")), ClinicId(v.b("clinic")), v.b("nonce"))
    assert conversation == v.b("conversation")
    assert content.shared_stream(ConversationId(conversation)) == v.b("shared")
    assert content.team_stream(ConversationId(conversation)) == v.b("team")
    members = [DeviceId(unhex(member)) for member in v["members"]]
    for order in (members, members[::-1], [*members, members[0]]):
        assert content.direct_stream(order) == v.b("direct")


@vectors("place")
def test_place(v: Vector) -> None:
    patient, clinic = DeviceId(v.b("patient")), ClinicId(v.b("clinic"))
    shared = content.shared_stream(content.conversation_id(patient, clinic, v.b("nonce")))
    author = Certificate.parse(v.b("certificate"))
    message = content.verify(SignedContent(v.b("content"), v.b("signature")), author)
    with v.expecting():
        content.require_place(message.content, author, shared if author.device == patient else None)


@vectors("permission")
def test_permission(v: Vector) -> None:
    events = {name: decode(unhex(event), Event) for name, event in v["events"].items()}
    for row in v["rows"]:
        permitted = is_permitted(events[row["event"]], row["stream"], DeviceId(v.b("author")), row["role"])
        assert permitted == row["permitted"], row


def _entry(fields: Any) -> Entry:
    values = {name: unhex(fields[name]) for name in ("hash", "message", "author", "previous")}
    heads = tuple(Head(unhex(device), sequence, unhex(hash_)) for device, sequence, hash_ in fields["heads"])
    numbers = {name: fields[name] for name in ("stream", "role", "sequence", "clock", "standing")}
    return Entry(**values, **numbers, heads=heads, event=decode(unhex(fields["event"]), Event))


def _named(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return {name: _named(getattr(value, name)) for name in value.__struct_fields__}
    return [_named(item) for item in value] if isinstance(value, tuple) else plain(value)


@vectors("conversation")
def test_conversation(v: Vector) -> None:
    entries = [_entry(fields) for fields in v["entries"]]
    checkers = None if v["checkers"] is None else [DeviceId(unhex(checker)) for checker in v["checkers"]]
    for order in v["orders"]:
        state = reduce(DeviceId(v.b("patient")), [entries[index] for index in order], checkers)
        assert _named(state) == v["state"]


@vectors("invitation-link")
def test_invitation_link(v: Vector) -> None:
    with v.expecting():
        link = invitation.Link.parse(v["fragment"])
        assert link == invitation.Link(v.b("secret"), ClinicId(v.b("clinic")))
        assert link.fragment() == v["fragment"]
        keys = link.derive()
        assert (keys.id, keys.key, keys.token) == (v.b("invitation"), v.b("key"), v.b("token"))
        assert keys.token_hash == v.b("token_hash")


@vectors("registration")
def test_registration(v: Vector) -> None:
    issuer = Certificate.parse(v.b("issuer_certificate"))
    with v.expecting():
        signed = invitation.SignedRegistration(v.b("registration"), v.b("signature"))
        registration = signed.verify(issuer)
        invitation.require_unexpired(registration, v["now"])
        fields = {name: getattr(registration, name) for name in registration.__struct_fields__}
        assert plain(fields) == v["fields"]
        keys = DeviceKeys(v.b("issuer_signing_seed"), bytes(32), bytes(32), b"")
        link = invitation.Link(v.b("secret"), registration.clinic)
        terms = (registration.checkers, registration.created, registration.expires)
        assert invitation.register(LocalDevice(keys, issuer), link, *terms) == signed


@vectors("invitation-proof")
def test_invitation_proof(v: Vector) -> None:
    link = invitation.Link(v.b("secret"), ClinicId(v.b("clinic")))
    identifiers = tuple(Identifier(kind, value) for kind, value in v["identifiers"])
    proof = invitation.Presentation(link.derive(), v["code"], identifiers).prove(Transcript(v.b("transcript")))
    assert encode(proof) == v.b("proof")
    assert (proof.invitation, proof.mac) == (InvitationId(v.b("invitation")), v.b("mac"))


@vectors("tries")
def test_tries(v: Vector) -> None:
    invite = decode(v.b("invite"), Invite)
    issuer = Certificate.parse(v.b("issuer_certificate"))
    checker = invitation.Checker.begin(invite, issuer, DeviceId(v.b("checker")))
    for step in v["steps"]:
        checker = decode(encode(checker), invitation.Checker)
        if step["do"] == "present":
            proof = decode(unhex(step["proof"]), invitation.InvitationProof)
            names = Transcript(unhex(step["transcript"])), DeviceId(unhex(step["patient"]))
            checker, verdict = checker.judge(proof, *names, step["time"])
            assert (verdict and encode(verdict).hex()) == step["verdict"]
        else:
            checker = checker.cancel() if step["do"] == "cancel" else checker.exhaust()
        assert {"tries_left": checker.tries_left, "state": checker.state} == step["after"]


@vectors("safety-number")
def test_safety_number(v: Vector) -> None:
    assert list(safety_number(ClinicId(v.b("clinic")), DeviceId(v.b("patient")))) == v["groups"]


@vectors("padme")
def test_padme(v: Vector) -> None:
    for length, padded in v["rows"]:
        assert attachment.padme(length) == padded


def _file(v: Vector) -> File:
    secrets = (v.b("key"), v.b("blob_hash"), v.b("read_secret"), v.b("delete_secret"))
    return File("a.jpg", "image/jpeg", v["size"], v.b("file_hash"), *secrets, "")  # type: ignore[arg-type]


@vectors("attachment")
def test_attachment(v: Vector) -> None:
    blob, file = v.b("blob"), _file(v)
    with v.expecting():
        plaintext = bytes(i % 251 for i in range(v["size"]))
        assert attachment.open_file(blob, file) == plaintext
        sealed = b"".join(attachment.seal_chunks([plaintext], v["size"], v.b("key"), v.b("header")))
        assert sealed == blob
        assert attachment.read_hash(file.read_secret) == v.b("read_hash")
        assert attachment.delete_hash(file.delete_secret) == v.b("delete_hash")


@vectors("delivery-hash")
def test_delivery_hash(v: Vector) -> None:
    mailboxes = MailboxId(v.b("sender")), MailboxId(v.b("recipient"))
    delivery = receipt.delivery_hash(*mailboxes, EnvelopeId(v.b("envelope")), v.b("body"), v.b("slot"))
    assert delivery == v.b("delivery")


@vectors("accepted")
def test_accepted(v: Vector) -> None:
    with v.expecting():
        accepted = decode(v.b("receipt"), Accepted)
        accepted.verify(v.b("relay"), v.b("delivery"))  # type: ignore[arg-type]
        deliveries: list[Any] = [unhex(delivery) for delivery in v["deliveries"]]
        assert accept(v.b("relay_seed"), deliveries, accepted.time)[accepted.index] == accepted


@vectors("receipt")
def test_receipt(v: Vector) -> None:
    pair = MailboxId(v.b("recipient")), MailboxId(v.b("sender"))
    receipts = [decode(unhex(encoded), Receipt) for encoded in v["receipts"]]
    chain = ReceiptChain()
    for earlier in receipts[:-1]:
        chain, _ = chain.follow(earlier, *pair)
    with v.expecting():
        chain, payload = chain.follow(receipts[-1], *pair)
        issued = ReceiptChain()
        for delivery, reason, expected in zip(v["deliveries"], v["reasons"], receipts, strict=True):
            issued, made = issued.issue(v.b("mailbox_seed"), pair[1], unhex(delivery), v["time"], reason)  # type: ignore[arg-type]
            assert made == expected
        assert issued == chain
        assert (payload.status, payload.delivery.hex()) == ("delivered", v["deliveries"][-1])
