"""Audit logs: docs/protocol.md section 15."""

import pytest

from agent_app.protocol import merkle
from agent_app.protocol.encoding import encode
from agent_app.protocol.errors import EncodingError, InvalidNoteError, InvalidProofError, UndecryptableError
from agent_app.protocol.keys import DeviceId
from agent_app.transparency import audit, checkpoint, note
from agent_app.transparency.audit import AuditLog, Entry, EntryLeaf, KeyLeaf, RecipientSecret

from . import histories
from .clinic import START, Clinic, Stream, secret

CLINIC = histories.small()
DEVICE = CLINIC.device("Bea")
RECIPIENT = CLINIC.log.roster.audit_recipient
KEY = secret("epoch key")
VIEW = Entry(START, "view", secret("conversation"), ("one", "two"))


def filled(entries: int = 3) -> tuple[AuditLog, list[bytes]]:
    log, leaves, random = AuditLog(DEVICE.device), [], Stream("audit")
    leaves.append(log.key_leaf(RECIPIENT, KEY, random))
    log.append(leaves[-1])
    for _ in range(entries):
        leaves.append(log.entry_leaf(KEY, VIEW, random))
        log.append(leaves[-1])
    return log, leaves


def key_leaf(raw: bytes) -> KeyLeaf:
    leaf = audit.parse_leaf(raw)
    assert isinstance(leaf, KeyLeaf)
    return leaf


def entry_leaf(raw: bytes) -> EntryLeaf:
    leaf = audit.parse_leaf(raw)
    assert isinstance(leaf, EntryLeaf)
    return leaf


def test_the_auditor_opens_epoch_and_entries() -> None:
    _, leaves = filled()

    key = audit.open_epoch(CLINIC.auditor, DEVICE.device, key_leaf(leaves[0]))

    assert key == KEY
    assert [audit.open_entry(key, DEVICE.device, i, entry_leaf(leaves[i])) for i in (1, 2, 3)] == [VIEW] * 3


def test_nobody_else_opens_an_epoch() -> None:
    _, leaves = filled()
    leaf = key_leaf(leaves[0])
    half = RecipientSecret(CLINIC.auditor.x25519, secret("other", 64))
    other_half = RecipientSecret(secret("other"), CLINIC.auditor.ml_kem)

    for stranger in (half, other_half):
        with pytest.raises(UndecryptableError):
            audit.open_epoch(stranger, DEVICE.device, leaf)
    with pytest.raises(UndecryptableError):
        audit.open_epoch(CLINIC.auditor, DeviceId(secret("device")), leaf)


def test_an_entry_opens_only_in_its_place_and_of_its_device() -> None:
    _, leaves = filled()
    leaf = entry_leaf(leaves[1])

    with pytest.raises(UndecryptableError):
        audit.open_entry(KEY, DEVICE.device, 2, leaf)
    with pytest.raises(UndecryptableError):
        audit.open_entry(KEY, DeviceId(secret("device")), 1, leaf)
    with pytest.raises(UndecryptableError):
        audit.open_entry(secret("other key"), DEVICE.device, 1, leaf)


def test_epochs_follow_one_another_and_hold_their_entries() -> None:
    log, leaves = filled(1)
    assert log.epoch == 0

    with pytest.raises(InvalidProofError):
        log.append(leaves[0])
    with pytest.raises(InvalidProofError):
        log.append(encode(EntryLeaf(1, bytes(41))))
    with pytest.raises(InvalidProofError):
        AuditLog(DEVICE.device).append(leaves[1])
    with pytest.raises(InvalidProofError):
        AuditLog(DEVICE.device).entry_leaf(KEY, VIEW, Stream("audit"))
    with pytest.raises(EncodingError):
        log.append(b"noise")
    assert log.size == 2

    log.append(log.key_leaf(RECIPIENT, KEY, Stream("second")))
    assert (log.epoch, log.size) == (1, 3)


def test_several_entries_are_sealed_for_one_transaction() -> None:
    log, _ = filled(0)
    both = [log.entry_leaf(KEY, VIEW, Stream(f"entry {ahead}"), ahead) for ahead in (0, 1)]
    for leaf in both:
        log.append(leaf)

    assert audit.open_entry(KEY, DEVICE.device, 2, entry_leaf(both[1])) == VIEW


def test_a_witness_can_check_that_the_log_only_grew() -> None:
    log, _ = filled(6)
    signed = log.signed_checkpoint(DEVICE.keys.signing)

    old, proof, submitted = checkpoint.parse_add_checkpoint(log.witness_request(3, signed))
    stated = checkpoint.parse(submitted.text, checkpoint.audit_origin(DEVICE.device))

    assert submitted.verify([checkpoint.device_key(DEVICE.device, DEVICE.certificate.core.signing)])
    merkle.verify_consistency(old, log.checkpoint_at(3).root, stated.size, stated.root, proof)
    rewritten, _ = filled(2)
    other = log.checkpoint_at(2).root if rewritten.checkpoint.root != log.checkpoint_at(3).root else b""
    with pytest.raises(InvalidProofError):
        merkle.verify_consistency(old, other, stated.size, stated.root, proof)


def test_only_the_relays_answer_is_taken_as_witness() -> None:
    log, _ = filled()
    signed = log.signed_checkpoint(DEVICE.keys.signing)
    good = note.cosign(signed.text, checkpoint.WITNESS_NAME, CLINIC.relay_seed, START)
    other = note.cosign(signed.text, checkpoint.WITNESS_NAME, secret("other relay"), START)
    plain = note.sign(signed.text, checkpoint.WITNESS_NAME, CLINIC.relay_seed)

    assert len(audit.witnessed(signed, good.line, CLINIC.relay.key).signatures) == 2
    for line in (other.line, plain.line, "", "noise"):
        with pytest.raises(InvalidNoteError):
            audit.witnessed(signed, line, CLINIC.relay.key)


def test_a_clinics_recipient_is_the_auditors_public_half() -> None:
    assert Clinic().auditor.public == RECIPIENT
