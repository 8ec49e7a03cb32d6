"""Checkpoints that this relay signs, has cosigned, and witnesses: docs/protocol.md, 14.4, 15, 16.15 to 16.18."""

import re
from collections.abc import Sequence
from typing import Final

from relay_server import clock, notes
from relay_server.clinic_log import Device
from relay_server.clinics import Clinic
from relay_server.hashes import is_consistent
from relay_server.notes import Checkpoint, Line
from relay_server.problems import ConsistencyInvalid, NoteInvalid, NotFound, Revoked, WitnessConflict
from relay_server.reading import Reading
from relay_server.signing import RelayKey
from relay_server.storage import Connection
from relay_server.wire import DeviceId
from relay_server.writer import Transaction, Writer

_SKEW: Final = 600
"""Seconds that a cosigner's clock may be ahead (14.4)."""
_AUDIT_ORIGIN: Final = re.compile(r"sealdesk/audit/([0-9a-f]{64})")


Cosigned = Sequence[tuple[int, str]]


def clinic_origin(clinic: Clinic) -> str:
    return f"sealdesk/clinic/{clinic.log.fingerprint.hex()}"


class Witness:
    """Lives on the event loop; what it has seen is on disk before it signs."""

    def __init__(self, writer: Writer, reading: Reading, key: RelayKey) -> None:
        self._writer = writer
        self._reading = reading
        self._key = key

    async def head_note(self, clinic: Clinic) -> str:
        """The log's head, signed by the relay, with the cosignatures over this very head."""
        head = Checkpoint(clinic_origin(clinic), clinic.log.size, clinic.log.root)
        sql = "SELECT line FROM cosignature WHERE clinic = ? AND size = ? ORDER BY seconds DESC LIMIT ?"
        rows = await self._reading.run(lambda c: c.rows(sql, clinic.number, head.size, notes.MAX_LINES - 1))
        return head.text + "\n" + str(notes.signed(head, self._key)) + "".join(row[0] for row in rows)

    async def cosignatures(self, clinic: Clinic) -> Cosigned:
        """Each cosigner's newest line and the size that it is over, newest first."""
        sql = "SELECT size, line FROM cosignature WHERE clinic = ? ORDER BY size DESC, seconds DESC LIMIT ?"
        return await self._reading.run(lambda c: c.rows(sql, clinic.number, notes.MAX_LINES))

    def cosigned_notes(self, clinic: Clinic, cosigned: Cosigned) -> list[str]:
        """One note for each size, for freshness (14.4). `clinic` is the one after the lines were read: meanwhile the
        log may have grown, and its new head been cosigned."""
        lines: dict[int, list[str]] = {}
        for size, line in cosigned:
            lines.setdefault(size, []).append(line)
        heads = (Checkpoint(clinic_origin(clinic), size, clinic.log.roots[size]) for size in lines)
        return [head.text + "\n" + "".join(lines[head.size]) for head in heads]

    async def add_cosignature(self, clinic: Clinic, note: bytes) -> None:
        """16.17. Keeps the newest of each cosigner. Raises NoteInvalid."""
        checkpoint = notes.parse(note, clinic_origin(clinic))
        log = clinic.log
        if checkpoint.size > log.size or log.roots[checkpoint.size] != checkpoint.root:
            raise NoteInvalid("The checkpoint is not one of this log.")
        cosigner, seconds, line = _cosigner(checkpoint, log.cosigners())
        if seconds > clock.now() // 1000 + _SKEW:
            raise NoteInvalid("The cosignature is more than ten minutes ahead of this relay's clock.")
        row = (clinic.number, cosigner, seconds, checkpoint.size, str(line))

        def write(transaction: Transaction) -> None:
            transaction.connection.run(
                "INSERT INTO cosignature (clinic, cosigner, seconds, size, line) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (clinic, cosigner) DO UPDATE SET seconds = excluded.seconds, size = excluded.size,"
                " line = excluded.line WHERE excluded.seconds >= cosignature.seconds",
                *row,
            )

        await self._writer.work(write)

    async def witness(self, clinic: Clinic, request: bytes) -> str:
        """16.18: the relay's line over an audit log's head that extends the last one it saw. Raises a Problem."""
        old, proof, note = notes.parse_add_checkpoint(request)
        device = _device(clinic, note)
        checkpoint = notes.parse(note, f"sealdesk/audit/{device.id.hex()}")
        if not checkpoint.signed_by(f"sealdesk/device/{device.id.hex()}", device.signing):
            raise NoteInvalid("The checkpoint is not signed by its device.")
        if old > checkpoint.size:
            raise NoteInvalid("The old size is beyond the checkpoint's.")

        def write(transaction: Transaction) -> None:
            _remember(transaction.connection, device, old, proof, checkpoint)

        await self._writer.work(write)
        return str(notes.witnessed(checkpoint, self._key, clock.now() // 1000))


def _cosigner(checkpoint: Checkpoint, entitled: set[bytes]) -> tuple[bytes, int, Line]:
    for key in entitled:
        found = checkpoint.cosigned_by(f"sealdesk/cosigner/{key.hex()}", key)
        if found is not None:
            return key, *found
    raise NoteInvalid("The note carries no valid cosignature of one of the clinic's cosigners.")


def _device(clinic: Clinic, note: bytes) -> Device:
    named = _AUDIT_ORIGIN.fullmatch(notes.origin_of(note))
    device = clinic.log.devices.get(DeviceId(bytes.fromhex(named[1]))) if named else None
    if device is None:
        raise NotFound("This clinic has no such device.")
    if not device.active:
        raise Revoked("This device was revoked.")
    return device


def _remember(connection: Connection, device: Device, old: int, proof: list[bytes], new: Checkpoint) -> None:
    row = connection.one("SELECT size, root FROM witnessed WHERE device = ?", device.id)
    size, root = row or (0, b"")
    if old != size:
        raise WitnessConflict("The last witnessed size is another.", witnessed=size)
    if size and size == new.size and root != new.root:
        raise WitnessConflict("Another root was witnessed at this size.", witnessed=size)
    if size and not is_consistent(size, root, new.size, new.root, proof):
        raise ConsistencyInvalid("The proof does not show that this log extends what was witnessed.")
    if not size and proof:
        raise ConsistencyInvalid("From nothing there is nothing to prove.")
    connection.run(
        "INSERT INTO witnessed (device, size, root) VALUES (?, ?, ?)"
        " ON CONFLICT (device) DO UPDATE SET size = excluded.size, root = excluded.root",
        *(device.id, new.size, new.root),
    )
