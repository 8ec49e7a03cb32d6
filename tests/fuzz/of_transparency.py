"""What proves: the clinic log, notes, the audit log, the page's configuration, enrolment, bundles of evidence.

Where the relay reads the same bytes, it must refuse all that a desk refuses: a log that only the relay accepts would
stop its clinic for good.
"""

import io
import re
from contextlib import suppress
from functools import cache

import msgspec
from rich.console import Console

from agent_app.cli import verdict
from agent_app.protocol import primitives
from agent_app.protocol.encoding import decode, encode, frame
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.keys import Certificate, SignedCore
from agent_app.protocol.labels import Label
from agent_app.protocol.prekeys import Prekey
from agent_app.store.passphrase import eff_long
from agent_app.transparency import (
    audit,
    bundle,
    checkpoint,
    enrolment,
    fingerprint,
    note,
    page_config,
    statement,
    verifier,
)
from agent_app.transparency.log import ClinicLog
from relay_server import clinic_log, clock, notes, prekeys, wire
from relay_server.page import relay_origin
from relay_server.problems import Problem
from relay_server.wire import DeviceId, Malformed
from tests.fuzz.registry import is_accepted, require, target
from tests.transparency import evidence
from tests.transparency.clinic import START, secret


@cache
def scene() -> tuple[evidence.Scene, bytes]:
    """A clinic with two devices and a patient, and a bundle of what they wrote."""
    return evidence.conversation()


@cache
def _relay_log() -> clinic_log.ClinicLog:
    first, *rest = scene()[0].clinic.log.statements
    log = clinic_log.ClinicLog.founded(first)
    for raw in rest:
        log, _ = log.extended(raw)
    return log


def _signed(payload: bytes, strangers: int = 1) -> bytes:
    """Under the signatures of all the administrators, and of some who are none."""
    keys = [*(admin.key for admin in scene()[0].clinic.admins), *(secret(f"{n}") for n in range(strangers))]
    return statement.assemble(payload, [statement.sign(payload, key) for key in keys])


@target(ProtocolError, topics=["roster"])
def statement_as_received(data: bytes) -> None:
    read = statement.parse(data)
    require(statement.assemble(encode(read.payload), read.signatures) == data, "another encoding")
    read.signers()
    _same_verdict(data)


def _follows(payload: statement.Payload) -> statement.Payload:
    """At the end of our log, so that its action is judged and not its place."""
    log = scene()[0].clinic.log
    return msgspec.structs.replace(payload, clinic=log.clinic, index=log.size, root_before=log.head.root)


@target(ProtocolError, topics=["roster"])
def statement_by_administrators(data: bytes) -> None:
    payload = encode(_follows(decode(data, statement.Payload)))
    _same_verdict(_signed(payload))
    _same_verdict(_signed(payload, strangers=16))


def _same_verdict(raw: bytes) -> None:
    log = scene()[0].clinic.log
    by_desk = is_accepted(lambda: log.roster.apply(statement.parse(raw), log.head.root), ProtocolError)
    by_relay = is_accepted(lambda: _relay_log().extended(raw), Problem)
    require(by_desk or not by_relay, "the relay takes a statement that desks refuse")


@target(ProtocolError, topics=["roster", "fingerprint"])
def charter(data: bytes) -> None:
    raw = _signed(data)
    by_relay = is_accepted(lambda: clinic_log.ClinicLog.founded(raw), Problem)
    require(is_accepted(lambda: ClinicLog(raw), ProtocolError) or not by_relay, "the relay founds what desks refuse")


@target(topics=["certificate"], seeds=lambda: [decode(scene()[0].bea.certificate.encoded, SignedCore).core])
def certificate_at_the_relay(data: bytes) -> None:
    device = scene()[0].bea
    raw = encode(SignedCore(data, primitives.sign(device.keys.signing, Label.CERTIFICATE, data)))
    with suppress(Malformed):
        core = wire.CERTIFICATE_CORE.decode(data)
        if is_accepted(lambda: clinic_log.certificate_core(raw, core.clinic, core.kind), Problem):
            Certificate.parse(raw)


@target(topics=["prekey-bundle", "prekey"])
def prekey_at_the_relay(data: bytes) -> None:
    owner = scene()[0].bea
    try:
        read = decode(data, Prekey)
    except ProtocolError:
        return
    now = clock.now()
    fields = (owner.device, read.kind, read.id, read.public, now + 86_400_000)
    signature = primitives.sign(owner.keys.signing, Label.PREKEY, *fields)
    signed = Prekey(*fields[1:], signature)
    place = (read.kind, DeviceId(owner.device), owner.certificate.core.signing)
    by_relay = is_accepted(lambda: prekeys._prekey(encode(signed), *place), Problem, Malformed)
    by_desk = is_accepted(lambda: signed.verify(owner.certificate, now), ProtocolError)
    require(by_desk or not by_relay, "the relay hands out what desks refuse")


def _note_keys() -> list[note.NoteKey]:
    made = scene()[0].clinic
    public = primitives.signing_public
    relay = public(made.relay_seed)
    return [
        checkpoint.relay_key(relay),
        checkpoint.witness_key(relay),
        checkpoint.cosigner_key(public(made.admins[0].cosigning)),
    ]


def _notes() -> list[bytes]:
    made = scene()[0].clinic
    return [made.head_note().format().encode(), made.cosigned((made.admins[0].cosigning, START)).format().encode()]


@target(ProtocolError, topics=["note", "freshness"], seeds=_notes)
def signed_note(data: bytes) -> None:
    read = note.parse(data)
    require(read.format().encode() == data, "another encoding")
    read.verify(_note_keys())
    origin = checkpoint.clinic_origin(scene()[0].clinic.log.clinic)
    require(checkpoint.parse(read.text, origin).text == read.text, "another checkpoint")


@target(Problem, topics=["note", "freshness"], seeds=_notes)
def note_at_the_relay(data: bytes) -> None:
    origin = notes.origin_of(data)
    read = notes.parse(data, origin)
    require((read.text + "\n" + "".join(map(str, read.lines))).encode() == data, "another encoding")
    for key in _note_keys():
        read.signed_by(key.name, key.public)
        read.cosigned_by(key.name, key.public)
    require(is_accepted(lambda: checkpoint.opened(data, origin), ProtocolError), "the relay reads what desks refuse")


def _requests() -> list[bytes]:
    signed = scene()[0].clinic.head_note()
    proofs: list[list[bytes]] = [[], [bytes(32)], [bytes(32)] * 63]
    return [checkpoint.add_checkpoint(size, proof, signed).encode() for size, proof in enumerate(proofs)]


@target(Problem, ProtocolError, topics=["audit"], seeds=_requests)
def add_checkpoint(data: bytes) -> None:
    """The witness's request, read by the relay and by the desk's own reader."""
    old, proof, rest = notes.parse_add_checkpoint(data)
    notes.parse(rest, notes.origin_of(rest))
    ours = checkpoint.parse_add_checkpoint(data.decode())
    require((old, tuple(proof), note.parse(rest)) == ours, "two readings")
    require(checkpoint.add_checkpoint(*ours).encode() == data, "another encoding")


@target(ProtocolError, topics=["page-config"])
def page_configuration(data: bytes) -> None:
    origin = relay_origin(data)
    require(
        origin is None or re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?", origin), "breaks out of the page's policy"
    )
    page_config.verify(data, scene()[0].clinic.log.roster)


def _config_payload() -> list[bytes]:
    fields = ("SD1", "page", scene()[0].clinic.log.clinic, "https://relay.example:8443", "9 to 5", "555-0100", START)
    return [encode(fields)]


@target(ProtocolError, seeds=_config_payload)
def page_configuration_by_administrator(data: bytes) -> None:
    admin = scene()[0].clinic.admins[0].key
    read = decode(data, page_config.PageConfig)
    page_configuration(page_config.build(read.clinic, read.origin, read.hours, read.phone, read.time, admin))


@target(ProtocolError, topics=["enrolment"])
def enrolment_request(data: bytes) -> None:
    request = enrolment.parse(data)
    require(encode(request) == data, "another encoding")
    enrolment.words(data, eff_long())
    encode(enrolment.admission(request, "agent"))


@target(ProtocolError, topics=["fingerprint"])
def typed_fingerprint(data: bytes) -> None:
    fingerprint.matches(scene()[0].clinic.log.clinic, data.decode("utf-8", "surrogateescape"))


# The audit log


@target(ProtocolError, topics=["audit"])
def audit_leaf(data: bytes) -> None:
    leaf = audit.parse_leaf(data)
    require(encode(leaf) == data, "another encoding")
    if isinstance(leaf, audit.KeyLeaf):
        audit.open_epoch(scene()[0].clinic.auditor, scene()[0].bea.device, leaf)


@target(ProtocolError, topics=["audit"], seeds=lambda: [encode(evidence.audits(scene()[0])[0].leaves)])
def audit_leaves(data: bytes) -> None:
    audit.AuditLog(scene()[0].bea.device, decode(data, tuple[bytes, ...])).checkpoint.text.encode()


@target(ProtocolError, seeds=lambda: [encode(audit.Entry(START, "view", bytes(32), ("x",)))])
def audit_entry(data: bytes) -> None:
    device = scene()[0].bea.device
    sealed = primitives.seal(bytes(32), bytes(24), frame(Label.AUDIT_ENTRY, device, 1), data)
    require(encode(audit.open_entry(bytes(32), device, 1, audit.EntryLeaf(0, sealed))) == data, "another encoding")


@target(ProtocolError, seeds=lambda: [scene()[0].clinic.auditor.to_text().encode()])
def audit_key_file(data: bytes) -> None:
    secret_ = audit.RecipientSecret.from_text(data.decode("ascii", "replace"))  # as sealdesk-verify reads it
    require(audit.RecipientSecret.from_text(secret_.to_text()) == secret_, "another secret")
    encode(secret_.public)


def _witness_lines() -> list[bytes]:
    made = scene()[0]
    text = made.clinic.head_note().text
    return [note.cosign(text, checkpoint.WITNESS_NAME, made.clinic.relay_seed, START).line.encode()]


@target(ProtocolError, seeds=_witness_lines)
def witness_line(data: bytes) -> None:
    made = scene()[0].clinic
    relay = primitives.signing_public(made.relay_seed)
    audit.witnessed(made.head_note(), data.decode("utf-8", "replace"), relay)


# Bundles


def _judge(raw: bytes) -> None:
    made = scene()[0]
    report = verifier.verify(raw, lambda clinic: True, made.clinic.auditor)
    console = Console(file=io.StringIO(), width=100)
    verdict.show(report, console, verdict.Filter(conversation="0"))
    for message in report.messages[:1]:
        verdict.show_message(report, message, console)
    verdict.as_json(report, verdict.Filter(), None)


def _bundles() -> list[bytes]:
    return [evidence.tiny()[1], scene()[1]]


@target(ProtocolError, topics=["bundle"], seeds=_bundles)
def evidence_bundle(data: bytes) -> None:
    bundle.is_recognisable(data)
    _judge(data)


@target(ProtocolError, seeds=lambda: [decode(raw, bundle.Bundle).payload for raw in _bundles()])
def evidence_by_exporter(data: bytes) -> None:
    """An exporter signs what it likes; every inner signature is judged by itself."""
    signature = primitives.sign(scene()[0].bea.keys.signing, Label.BUNDLE, data)
    _judge(encode(bundle.Bundle(data, signature)))
