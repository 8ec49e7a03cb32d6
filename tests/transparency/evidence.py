"""One small conversation with all its proofs, as a desk would export it; and bundles with one fault each."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from agent_app.protocol import content, merkle, primitives
from agent_app.protocol.content import LogHead, Message, Position
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.events import Claim, Event, Name, Note, Open, Retract, Text, Verdict
from agent_app.protocol.keys import DeviceId, DeviceKeys, EnvelopeId, LocalDevice, MailboxId, MessageId, Transcript
from agent_app.protocol.labels import Label
from agent_app.protocol.receipt import Accepted, Receipt, ReceiptChain
from agent_app.transparency import bundle, checkpoint, note
from agent_app.transparency.audit import AuditLog, Entry
from agent_app.transparency.bundle import Bundle, Delivery, DeviceLog, EpochKey, Payload, Sent

from .clinic import MINUTE, START, Clinic, Stream, secret


class Scene:
    """Bea, Sam and a patient write to one another; the relay accepts, and everybody answers at once."""

    def __init__(self) -> None:
        self.clinic = Clinic()
        self.bea = self.clinic.admit("Bea")
        self.sam = self.clinic.admit("Sam", "supervisor")
        keys = DeviceKeys.generate(Stream("patient"))
        self.patient = LocalDevice(keys, keys.certify(self.clinic.log.clinic, "patient", START))
        self.nonce = secret("nonce", 16)
        self.conversation = content.conversation_id(self.patient.device, self.clinic.log.clinic, self.nonce)
        self.shared = content.shared_stream(self.conversation)
        self.team = content.team_stream(self.conversation)
        self.everybody = (self.bea, self.sam, self.patient)
        self.sent: list[Sent] = []
        self.messages: list[Message] = []
        self._positions: dict[tuple[bytes, DeviceId], Position] = defaultdict(Position)
        self._chains: dict[tuple[DeviceId, DeviceId], ReceiptChain] = defaultdict(ReceiptChain)
        self._random = Stream("scene")

    @property
    def now(self) -> int:
        return START + len(self.sent) * MINUTE

    def say(self, author: LocalDevice, event: Event, *, team: bool = False) -> Message:
        """The author's next message, delivered to everybody of the stream."""
        members = self.everybody[:2] if team else self.everybody
        stream = self.team if team else self.shared
        others = [device for device in members if device is not author]
        head = self.clinic.log.head
        position = self._positions[stream, author.device]
        said = position.next_content(
            stream,
            MessageId(self._random(16)),
            author.device,
            [device.device for device in others],
            self.now,
            LogHead(head.size, head.root),
            event,
        )
        message = content.sign(author, said)
        self._positions[stream, author.device] = position.sent(message)
        for device in others:
            self._positions[stream, device.device] = self._positions[stream, device.device].seen(message)
        self._keep(message, author, others)
        return message

    def _keep(self, message: Message, author: LocalDevice, others: Sequence[LocalDevice]) -> None:
        deliveries = [self._delivery(author, other) for other in others]
        hashes = [merkle.leaf_hash(delivery.hash) for delivery in deliveries]
        root, count, time = merkle.root(hashes), len(hashes), self.now + 1
        signature = primitives.sign(self.clinic.relay_seed, Label.ACCEPTED, root, count, time)
        complete = []
        for index, (delivery, other) in enumerate(zip(deliveries, others, strict=True)):
            accepted = Accepted(root, count, time, signature, index, tuple(merkle.inclusion_path(hashes, index)))
            complete.append(
                msgspec.structs.replace(delivery, accepted=accepted, delivered=self._receipt(delivery, author, other))
            )
        self.messages.append(message)
        self.sent.append(Sent(message.signed.content, message.signed.signature, tuple(complete)))

    def _delivery(self, author: LocalDevice, other: LocalDevice) -> Delivery:
        envelope, body, slot = EnvelopeId(self._random(16)), self._random(32), self._random(32)
        return Delivery(author.mailbox, other.mailbox, envelope, body, slot, None, None)

    def _receipt(self, delivery: Delivery, author: LocalDevice, other: LocalDevice) -> Receipt:
        pair = other.device, author.device
        self._chains[pair], receipt = self._chains[pair].issue(
            other.keys.mailbox, author.mailbox, delivery.hash, self.now + 2
        )
        return receipt

    def audit(self, device: LocalDevice, *entries: Entry, disclosed: bool = True) -> DeviceLog:
        """A device's audit log with one epoch, witnessed by the relay."""
        log, leaves, key = AuditLog(device.device), [], secret(f"epoch of {device.device.hex()}")
        random = Stream(f"audit {device.device.hex()}")
        leaves.append(log.key_leaf(self.clinic.auditor.public, key, random, random.encapsulate))
        log.append(leaves[-1])
        for entry in entries:
            leaves.append(log.entry_leaf(key, entry, random))
            log.append(leaves[-1])
        signed = log.signed_checkpoint(device.keys.signing)
        line = note.cosign(signed.text, checkpoint.WITNESS_NAME, self.clinic.relay_seed, self.now)
        keys = (EpochKey(0, key),) if disclosed else ()
        return DeviceLog(device.device, tuple(leaves), signed.signed_by(line).format(), keys)

    def export(self, logs: Sequence[DeviceLog], messages: Sequence[Sent] | None = None) -> bytes:
        noted = self.clinic.cosigned((self.clinic.admins[0].cosigning, self.now)).format()
        return bundle.build(
            self.bea, self.now, self.clinic.log.statements, noted, logs, self.sent if messages is None else messages
        )

    def name(self, name: str, device: LocalDevice) -> Name:
        return Name(device.device, name, secret(f"{name} salt"))


def conversation() -> tuple[Scene, bytes]:
    """From the first message to a retraction, with two audit logs."""
    scene = Scene()
    scene.say(scene.patient, Open(scene.nonce, scene.patient.certificate.encoded, 1, secret("consent")))
    scene.say(scene.bea, scene.name("Bea", scene.bea))
    scene.say(scene.bea, Verdict(scene.patient.device, Transcript(secret("transcript")), "passed", 2, 2))
    scene.say(scene.patient, Text("May I come on Thursday?"))
    scene.say(scene.bea, Claim(), team=True)
    scene.say(scene.sam, Note("Second visit."), team=True)
    scene.say(scene.bea, Text("Thursday at nine."))
    slip = scene.say(scene.bea, Text("Wrong window."))
    scene.say(scene.bea, Retract(slip.content.message, slip.hash))
    scene.say(scene.patient, Text("Thank you!"))
    kept = [sent for sent, message in zip(scene.sent, scene.messages, strict=True) if message is not slip]
    scene.sent, scene.messages = kept, [message for message in scene.messages if message is not slip]
    return scene, scene.export(audits(scene))


def audits(scene: Scene) -> list[DeviceLog]:
    def view(minute: int) -> Entry:
        return Entry(START + minute * MINUTE, "view", scene.conversation, ())

    unlock = Entry(START, "unlock")
    return [scene.audit(scene.bea, unlock, view(1), view(7)), scene.audit(scene.sam, unlock, view(5), disclosed=False)]


def tiny() -> tuple[Scene, bytes]:
    """The least that has every part: one message, one delivery each, one audit log."""
    scene = Scene()
    scene.say(scene.patient, Open(scene.nonce, scene.patient.certificate.encoded, 1, secret("consent")))
    return scene, scene.export([scene.audit(scene.bea, Entry(START, "unlock"))])


@dataclass(frozen=True)
class Forgery:
    """A bundle that a malicious exporter signed. `check` is where the verifier must find it."""

    name: str
    comment: str
    raw: bytes
    check: str


def resigned(scene: Scene, raw: bytes, change: Callable[[Payload], Payload]) -> bytes:
    """The bundle with another payload, signed by its exporter: what only the inner checks can find."""
    payload = encode(change(decode(decode(raw, Bundle).payload, Payload)))
    return encode(Bundle(payload, primitives.sign(scene.bea.keys.signing, Label.BUNDLE, payload)))


def forgeries() -> Iterator[Forgery]:
    scene, raw = conversation()

    def forge(name: str, comment: str, check: str, change: Callable[[Payload], Payload]) -> Forgery:
        return Forgery(name, comment, resigned(scene, raw, change), check)

    def field(**fields: Any) -> Callable[[Payload], Payload]:
        return lambda payload: msgspec.structs.replace(payload, **fields)

    yield from _clinic_forgeries(scene, forge, field)
    yield from _audit_forgeries(scene, forge, field)
    yield from _message_forgeries(scene, forge, field)
    yield from _delivery_forgeries(scene, forge)


Forge = Callable[[str, str, str, Callable[[Payload], Payload]], Forgery]
Field = Callable[..., Callable[[Payload], Payload]]


def _clinic_forgeries(scene: Scene, forge: Forge, field: Field) -> Iterator[Forgery]:
    statements = scene.clinic.log.statements
    yield forge("other-clinic", "The exporter names another clinic.", "clinic log", field(clinic=secret("clinic")))
    yield forge("no-log", "No clinic log.", "clinic log", field(statements=()))
    yield forge("cut-log", "The last admission is left out.", "clinic log", field(statements=statements[:-1]))
    yield forge("twice", "A statement twice.", "clinic log", field(statements=(*statements, statements[-1])))
    other = Clinic(relay_seed=secret("other relay"))
    text = scene.clinic.log.checkpoint.text
    unsigned = note.Note(text, (note.sign(text, checkpoint.RELAY_NAME, other.relay_seed),)).format()
    yield forge("relay", "Another relay signed the head.", "clinic log", field(checkpoint=unsigned))
    smaller = checkpoint.Checkpoint(scene.clinic.log.checkpoint.origin, 2, scene.clinic.log.root_at(2)).text
    older = note.Note(smaller, (note.sign(smaller, checkpoint.RELAY_NAME, scene.clinic.relay_seed),)).format()
    yield forge("older-head", "A head that the log has outgrown.", "clinic log", field(checkpoint=older))
    yield forge("exporter", "Exported in another device's name.", "exporter", field(exporter=scene.sam.device))
    yield forge("stranger", "Exported by no device of the clinic.", "exporter", field(exporter=scene.patient.device))


def _audit_forgeries(scene: Scene, forge: Forge, field: Field) -> Iterator[Forgery]:
    bea, sam = audits(scene)

    def log(**fields: Any) -> Callable[[Payload], Payload]:
        return field(logs=(msgspec.structs.replace(bea, **fields), sam))

    yield forge("view-removed", "The last view is left out.", "audit logs", log(leaves=bea.leaves[:-1]))
    yield forge(
        "view-hidden", "A view in the middle is left out.", "audit logs", log(leaves=(*bea.leaves[:2], bea.leaves[3]))
    )
    without = _without_line(bea.checkpoint, checkpoint.WITNESS_NAME)
    undersigned = _without_line(bea.checkpoint, checkpoint.device_name(scene.bea.device))
    yield forge("unsigned-log", "The device did not sign.", "audit logs", log(checkpoint=undersigned))
    yield forge("unwitnessed", "No witness.", "audit logs", log(checkpoint=without))
    rewritten = scene.audit(scene.bea, Entry(START, "unlock"))
    unwitnessed = _without_line(rewritten.checkpoint, checkpoint.WITNESS_NAME)
    stolen = msgspec.structs.replace(rewritten, checkpoint=unwitnessed + bea.checkpoint.splitlines(keepends=True)[-1])
    yield forge("rewritten", "A new log under the witness of the old.", "audit logs", field(logs=(stolen, sam)))
    swapped = log(device=scene.sam.device)
    yield forge("device", "A log in another device's name.", "audit logs", swapped)
    yield forge("log-twice", "A log twice.", "audit logs", field(logs=(bea, bea, sam)))
    yield forge("epoch-key", "A wrong epoch key.", "audit entries", log(epoch_keys=(EpochKey(0, secret("other")),)))
    yield forge("epoch", "A key of no epoch.", "audit entries", log(epoch_keys=(EpochKey(7, secret("other")),)))


def _without_line(text: str, name: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if f" {name} " not in line)


def _message_forgeries(scene: Scene, forge: Forge, field: Field) -> Iterator[Forgery]:
    sent = tuple(scene.sent)
    middle = next(i for i, m in enumerate(scene.messages) if m.content.event == Text("Thursday at nine."))

    def but(index: int, **fields: Any) -> Callable[[Payload], Payload]:
        changed = [*sent]
        changed[index] = msgspec.structs.replace(sent[index], **fields)
        return field(messages=tuple(changed))

    text = sent[3].content.replace(b"Thursday", b"Saturday")
    yield forge("words", "Other words under an old signature.", "messages", but(3, content=text))
    yield forge("signature", "No signature.", "messages", but(3, signature=bytes(64)))
    yield forge("opening", "The conversation's opening is left out.", "messages", field(messages=sent[1:]))
    yield forge("message-twice", "A message twice.", "messages", field(messages=(*sent, sent[-1])))
    yield forge("omitted", "A message is left out.", "sequence", field(messages=(*sent[:middle], *sent[middle + 1 :])))
    named = field(messages=(*sent[:3], *sent[4:]))
    yield forge("omitted-named", "A message is left out that others name.", "sequence", named)
    tail = [s for s, m in zip(sent, scene.messages, strict=True) if not isinstance(m.content.event, Retract)]
    yield forge("retraction", "A message is missing and its retraction too.", "sequence", field(messages=tuple(tail)))
    said = decode(sent[middle].content, content.Content)
    past = {"sequence": 6, "previous": secret("past")}

    def under(size: int, root: bytes) -> dict[str, Any]:
        return {"log": LogHead(size, root), "sequence": 99}

    for name, comment, check, fields in (
        ("fork", "The author signed two messages with one number.", "messages", {"event": Text("Friday.")}),
        ("head", "Under a log head that never was.", "messages", under(3, secret("root"))),
        ("future", "Under a log head that is not here.", "messages", under(9, secret("root"))),
        ("before", "From before its author was admitted.", "messages", under(1, scene.clinic.log.root_at(1))),
        ("previous", "A message that follows another past.", "sequence", past),
        ("far", "A message whose number is far ahead.", "sequence", {**past, "sequence": 2**53 - 1}),
    ):
        extra = content.sign(scene.bea, msgspec.structs.replace(said, **fields))
        added = Sent(extra.signed.content, extra.signed.signature, ())
        yield forge(name, comment, check, field(messages=(*sent, added)))


def _delivery_forgeries(scene: Scene, forge: Forge) -> Iterator[Forgery]:
    def deliver(name: str, comment: str, index: int, change: Callable[[Delivery], Delivery]) -> Forgery:
        """Changes the first delivery of a message."""

        def changed(payload: Payload) -> Payload:
            messages = [*payload.messages]
            first, *rest = messages[index].deliveries
            messages[index] = msgspec.structs.replace(messages[index], deliveries=(change(first), *rest))
            return msgspec.structs.replace(payload, messages=tuple(messages))

        return forge(name, comment, "deliveries", changed)

    def replaced(**fields: Any) -> Callable[[Delivery], Delivery]:
        return lambda delivery: msgspec.structs.replace(delivery, **fields)

    def accepted(**fields: Any) -> Callable[[Delivery], Delivery]:
        return lambda d: msgspec.structs.replace(d, accepted=msgspec.structs.replace(d.accepted, **fields))

    box = MailboxId(secret("box"))
    yield deliver("body", "Another body.", 0, replaced(body_hash=secret("body")))
    yield deliver("slot", "Another slot.", 0, replaced(slot_hash=secret("slot")))
    yield deliver("sender", "Another sender.", 0, replaced(sender=box))
    yield deliver("recipient", "Another recipient.", 0, replaced(recipient=box))
    yield deliver("accepted-time", "Accepted earlier than the relay said.", 0, accepted(time=START))
    yield deliver("accepted-path", "A path to another leaf.", 0, accepted(index=1))
    first, later = scene.sent[0].deliveries[0], scene.sent[3].deliveries[0]
    yield deliver("receipt", "The receipt of another message.", 0, replaced(delivered=later.delivered))
    _, other = ReceiptChain().issue(scene.bea.keys.mailbox, scene.patient.mailbox, first.hash, START + 5)
    yield forge("receipt-before", "A second receipt before the one that follows.", "deliveries", _behind(other))
    yield forge("receipt-moved", "A receipt, moved to another delivery.", "deliveries", _moved)
    yield forge("delivery-twice", "A delivery twice.", "deliveries", _doubled)
    yield forge("borrowed", "Another author's delivery.", "deliveries", _borrowed)
    _, invented = ReceiptChain().issue(scene.patient.keys.mailbox, scene.patient.mailbox, first.hash, START)
    yield deliver("invented", "The sender signed the receipt.", 0, replaced(delivered=invented))
    bea, patient = scene.bea.keys.mailbox, scene.patient.mailbox
    _, second = ReceiptChain().issue(bea, patient, later.hash, START)
    yield deliver("receipt-number", "Two receipts with one number.", 3, replaced(delivered=second))
    _, unchained = ReceiptChain(1, secret("other past")).issue(bea, patient, later.hash, START)
    yield deliver("receipt-chain", "A receipt of another past.", 3, replaced(delivered=unchained))


def _with_deliveries(payload: Payload, changes: dict[int, tuple[Delivery, ...]]) -> Payload:
    messages = [
        msgspec.structs.replace(sent, deliveries=changes.get(index, sent.deliveries))
        for index, sent in enumerate(payload.messages)
    ]
    return msgspec.structs.replace(payload, messages=tuple(messages))


def _moved(payload: Payload) -> Payload:
    first, later = payload.messages[0].deliveries[0], payload.messages[3].deliveries[0]
    moved = msgspec.structs.replace(first, delivered=later.delivered)
    bare = msgspec.structs.replace(later, delivered=None)
    return _with_deliveries(payload, {0: (moved,), 3: (bare,)})


def _behind(other: Receipt) -> Callable[[Payload], Payload]:
    """Another receipt of the first delivery, in a bundle that names the following receipt first."""

    def changed(payload: Payload) -> Payload:
        first = msgspec.structs.replace(payload.messages[0].deliveries[0], delivered=other)
        messages = _with_deliveries(payload, {0: (first,)}).messages
        return msgspec.structs.replace(payload, messages=(*messages[1:], messages[0]))

    return changed


def _doubled(payload: Payload) -> Payload:
    bare = msgspec.structs.replace(payload.messages[0].deliveries[0], delivered=None)
    return _with_deliveries(payload, {0: (bare, bare)})


def _borrowed(payload: Payload) -> Payload:
    """What Bea sent to Sam, shown as what the patient sent to Sam."""
    others = payload.messages[1].deliveries
    return _with_deliveries(payload, {0: (others[0],), 1: others[1:]})
