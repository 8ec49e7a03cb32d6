"""Evidence for an auditor: what was said, its receipts, the clinic log, this device's audit log (section 15.1)."""

from collections.abc import Sequence
from pathlib import Path

from agent_app.engine.copies import write_copy
from agent_app.engine.desk import Desk
from agent_app.engine.events import BundleExported
from agent_app.protocol.encoding import decode
from agent_app.protocol.errors import InvalidBundleError
from agent_app.protocol.receipt import Accepted, Receipt
from agent_app.store.events import StoredEvent
from agent_app.transparency import bundle, note
from agent_app.transparency.audit import KeyLeaf, parse_leaf
from agent_app.transparency.bundle import Delivery, DeviceLog, EpochKey, Sent

_UNWITNESSED = "the relay does not witness this device's audit log: it must be enrolled anew"


class Export:
    """The export is itself in the log that it exports, and the relay has witnessed that entry."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._recorded = 0

    def record(self) -> None:
        with self._desk.work() as work:
            work.record("export", b"", "bundle")
        self._recorded = self._desk.store.audit_log.size

    async def write(self, path: Path) -> None:
        """After `record` and a witnessed checkpoint. Raises InvalidBundleError, OSError."""
        raw = self._build()
        await write_copy(self._desk, path, raw)
        self._desk.emit(BundleExported(path))

    def _build(self) -> bytes:
        store = self._desk.store
        messages = [
            self._sent(event)
            for conversation in store.conversations.list()
            for stream in (conversation.shared, conversation.team)
            for event in store.events.in_stream(stream)
            if event.content is not None
        ]
        return _bundle(self._desk, self._log(), messages)

    def _log(self) -> DeviceLog:
        """With the keys to what it holds; it covers the export's own entry.

        A log that was restored from a copy can never be witnessed again: half of one must not pass for the whole.
        """
        log = _witnessed_log(self._desk)
        if len(log.leaves) < self._recorded:
            raise InvalidBundleError(_UNWITNESSED)
        begun = {leaf.epoch for leaf in map(_key_leaf, log.leaves) if leaf is not None}
        keys = (EpochKey(one.epoch, one.key) for one in self._desk.store.audit_log.epochs() if one.epoch in begun)
        return DeviceLog(log.device, log.leaves, log.checkpoint, tuple(keys))

    def _sent(self, event: StoredEvent) -> Sent:
        return Sent(event.content or b"", event.signature or b"", (*self._own_copies(event), *self._received(event)))

    def _own_copies(self, event: StoredEvent) -> list[Delivery]:
        own = self._desk.local.mailbox
        return [
            Delivery(
                own,
                copy.mailbox,
                copy.envelope,
                copy.body_hash,
                copy.slot_hash,
                decode(copy.accepted, Accepted) if copy.accepted else None,
                Receipt(copy.payload, copy.signature) if copy.payload and copy.signature and not copy.reason else None,
            )
            for copy in self._desk.store.deliveries.outgoing_of(event.hash)
            if copy.accepted is not None or (copy.payload is not None and not copy.reason)
        ]

    def _received(self, event: StoredEvent) -> list[Delivery]:
        own = self._desk.local.mailbox
        return [
            Delivery(
                one.sender, own, one.envelope, one.body_hash, one.slot_hash, None, Receipt(one.payload, one.signature)
            )
            for one in self._desk.store.deliveries.incoming_of(event.hash)
        ]


def _key_leaf(raw: bytes) -> KeyLeaf | None:
    leaf = parse_leaf(raw)
    return leaf if isinstance(leaf, KeyLeaf) else None


def sealed_log(desk: Desk) -> bytes:
    """This device's audit log alone, which only the clinic's audit key opens. Raises InvalidBundleError."""
    return _bundle(desk, _witnessed_log(desk), ())


def _bundle(desk: Desk, log: DeviceLog, messages: Sequence[Sent]) -> bytes:
    statements = desk.store.clinic_log.statements()
    head = desk.store.clinic_log.newest_head()
    if head is None or head.size != len(statements):
        raise InvalidBundleError("the relay's note for the clinic log is not here yet")
    return bundle.build(desk.local, desk.clock(), statements, head.note.decode(), [log], messages)


def _witnessed_log(desk: Desk) -> DeviceLog:
    """Up to the newest checkpoint that the relay has witnessed; without keys."""
    newest = desk.store.audit_log.newest_checkpoint(witnessed=True)
    if newest is None or newest.witness is None:
        raise InvalidBundleError(_UNWITNESSED)
    line = note.parse_line(newest.witness.decode().rstrip("\n"))
    text = note.parse(newest.note).signed_by(line).format()
    return DeviceLog(desk.local.device, desk.store.audit_log.leaves()[: newest.size], text, ())
