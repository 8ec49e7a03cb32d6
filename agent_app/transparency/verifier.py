"""Judges a bundle: docs/protocol.md section 15.1. No network, no clock, nothing believed beyond the fingerprint.

The charter's hash is the fingerprint; the charter names administrators, relay and auditor; the administrators
admit devices; devices sign messages and audit logs; the relay signs heads, receipts and witness lines. Each step
is checked before the next one relies on it. A fault in a later step does not hide faults elsewhere.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from agent_app.protocol import primitives
from agent_app.protocol.errors import InvalidBundleError, InvalidKeyError
from agent_app.protocol.keys import ClinicId
from agent_app.protocol.labels import Label
from agent_app.transparency import audit, bundle, checkpoint, testimony
from agent_app.transparency.audit import AuditLog, Entry, EntryLeaf, KeyLeaf, RecipientSecret
from agent_app.transparency.bundle import Bundle, DeviceLog, Payload
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.note import NoteKey
from agent_app.transparency.report import Check, Faults, LogEvidence, Report


def verify(raw: bytes, is_clinic: Callable[[ClinicId], bool], auditor: RecipientSecret | None = None) -> Report:
    """The report on a bundle's bytes; every fault is in it.

    `is_clinic` says whether a fingerprint is the one that the auditor was told. `auditor` opens the audit
    entries. Raises InvalidKeyError when it is not the secret of this clinic's audit recipient: that is a wrong
    question, and no verdict on the bundle.
    """
    faults = Faults()
    parsed = _parsed(raw, faults)
    if parsed is None:
        return Report(faults.found)
    signed, payload = parsed
    log = _clinic_log(payload, is_clinic, faults)
    if log is None:
        return Report(faults.found, payload.clinic, exporter=payload.exporter, exported=payload.time)
    if auditor is not None and auditor.public != log.roster.audit_recipient:
        raise InvalidKeyError("the audit key is not the one that this clinic's charter names")
    return _Examination(signed, payload, log, auditor, faults).report()


def _parsed(raw: bytes, faults: Faults) -> tuple[Bundle, Payload] | None:
    with faults.during(Check.FORM, "the file"):
        return bundle.parse(raw)
    return None


def _clinic_log(payload: Payload, is_clinic: Callable[[ClinicId], bool], faults: Faults) -> ClinicLog | None:
    """The clinic log, where it is the right clinic's and every statement holds: the rest stands on it."""
    with faults.during(Check.LOG, "the clinic log"):
        log = ClinicLog.replay(payload.statements, payload.clinic)
        if is_clinic(log.clinic):
            return log
        faults.add(Check.CLINIC, "the charter", "It is another clinic's than the fingerprint says.")
    return None


@dataclass
class _Examination:
    signed: Bundle
    payload: Payload
    log: ClinicLog
    auditor: RecipientSecret | None
    faults: Faults

    def report(self) -> Report:
        cosigned = self._head()
        self._exporter()
        logs = tuple(evidence for part in self.payload.logs if (evidence := self._audit(part)) is not None)
        for device, times in Counter(part.device for part in self.payload.logs).items():
            if times > 1:
                self.faults.add(Check.AUDIT, device.hex()[:8], "Its audit log is in the bundle twice.")
        heard = testimony.hear(self.payload.messages, self.log, self.faults)
        return Report(
            self.faults.found,
            self.log.clinic,
            self.log.roster,
            cosigned,
            self.payload.exporter,
            self.payload.time,
            logs,
            heard.messages,
            heard.retracted,
            heard.earlier,
            heard.names,
        )

    @property
    def _witnesses(self) -> list[NoteKey]:
        return [checkpoint.witness_key(relay.key) for _, relay in self.log.roster.relays]

    def _head(self) -> int:
        """The clinic log's checkpoint. Returns how many people cosigned it."""
        with self.faults.during(Check.LOG, "the checkpoint"):
            stated, note = checkpoint.opened(self.payload.checkpoint, self.log.checkpoint.origin)
            if stated != self.log.checkpoint:
                raise InvalidBundleError("the checkpoint is not of these statements")
            if not note.verify([checkpoint.relay_key(self.log.roster.relay.key)]):
                raise InvalidBundleError("the relay did not sign the checkpoint")
            persons = {checkpoint.cosigner_key(key): person for key, person in self.log.roster.cosigners().items()}
            return len({persons[line.key] for line in note.verify(persons)})
        return 0

    def _exporter(self) -> None:
        where = f"device {self.payload.exporter.hex()[:8]}"
        member = self.log.roster.member(self.payload.exporter)
        if member is None:
            self.faults.add(Check.EXPORTER, where, "The exporter is no device of this clinic.")
        elif not primitives.verify(
            member.certificate.core.signing, self.signed.signature, Label.BUNDLE, self.signed.payload
        ):
            self.faults.add(Check.EXPORTER, where, "The exporter's signature does not verify: something was changed.")

    def _audit(self, part: DeviceLog) -> LogEvidence | None:
        where = f"device {part.device.hex()[:8]}"
        with self.faults.during(Check.AUDIT, where):
            witnessed = self._audit_head(part)
            leaves = [audit.parse_leaf(raw) for raw in part.leaves]
            opened: list[tuple[int, Entry]] = []
            with self.faults.during(Check.ENTRIES, where):
                keys = self._epoch_keys(part, leaves)
                for index, leaf in enumerate(leaves):
                    if isinstance(leaf, EntryLeaf) and leaf.epoch in keys:
                        opened.append((index, audit.open_entry(keys[leaf.epoch], part.device, index, leaf)))
            entries = sum(isinstance(leaf, EntryLeaf) for leaf in leaves)
            return LogEvidence(part.device, len(leaves), entries, witnessed, tuple(opened))
        return None

    def _audit_head(self, part: DeviceLog) -> int:
        """Checks leaves, device's signature and witness. Returns the witness's time."""
        member = self.log.roster.member(part.device)
        if member is None:
            raise InvalidBundleError("an audit log of no device of this clinic")
        rebuilt = AuditLog(part.device, part.leaves)
        stated, note = checkpoint.opened(part.checkpoint, rebuilt.checkpoint.origin)
        if stated != rebuilt.checkpoint:
            raise InvalidBundleError("entries were added, changed or left out after the checkpoint")
        if not note.verify([checkpoint.device_key(part.device, member.certificate.core.signing)]):
            raise InvalidBundleError("the device did not sign its checkpoint")
        times = [line.time for line in note.verify(self._witnesses) if line.time is not None]
        if not times:
            raise InvalidBundleError("the relay did not witness the checkpoint")
        return max(times)

    def _epoch_keys(self, part: DeviceLog, leaves: list[audit.Leaf]) -> dict[int, bytes]:
        begun = {leaf.epoch: leaf for leaf in leaves if isinstance(leaf, KeyLeaf)}
        keys = {given.epoch: given.key for given in part.epoch_keys}
        if len(keys) != len(part.epoch_keys) or not keys.keys() <= begun.keys():
            raise InvalidBundleError("a key for no epoch, or a second one")
        if self.auditor is not None:
            sealed = {epoch: audit.open_epoch(self.auditor, part.device, leaf) for epoch, leaf in begun.items()}
            if any(not primitives.equal(sealed[epoch], key) for epoch, key in keys.items()):
                raise InvalidBundleError("an epoch's key is not the one that was sealed to the auditor")
            return sealed
        return keys
