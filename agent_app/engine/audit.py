"""This device's audit log: who viewed, claimed, sent, exported, checked (docs/protocol.md, section 15)."""

from collections.abc import Callable, Sequence

from agent_app.protocol.keys import LocalDevice
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import RelayRefused, WitnessBehind
from agent_app.store.logs import AuditEpoch
from agent_app.store.rooms import Store
from agent_app.transparency import note
from agent_app.transparency.audit import AuditLog, Entry, witnessed
from agent_app.transparency.statement import AuditRecipient

EPOCH_LIFE = 24 * 3_600_000  # milliseconds


class WitnessedOtherwise(Exception):
    """The relay has witnessed what this device does not hold: its store was restored from a copy."""


class Audit:
    """Seals entries to the clinic's audit recipient and keeps the tree over them. Owns the present epoch's key."""

    def __init__(
        self, store: Store, local: LocalDevice, recipient: Callable[[], AuditRecipient], random: Callable[[int], bytes]
    ) -> None:
        self._store = store
        self._local = local
        self._recipient = recipient
        self._random = random
        self._log = AuditLog(local.device, store.audit_log.leaves())
        self._epoch: AuditEpoch | None = None

    def begin_epoch(self, now: int) -> None:
        """At each unlock, and after a day: what one key opens is bounded."""
        key = self._random(32)
        leaf = self._log.key_leaf(self._recipient(), key, self._random)
        epoch = AuditEpoch(0 if self._log.epoch is None else self._log.epoch + 1, key, now)
        with self._store.transaction():
            self._store.audit_log.append(self._log.size, leaf)
            self._store.audit_log.begin_epoch(epoch)
        self._log.append(leaf)
        self._epoch = epoch

    def keep_epoch_young(self, now: int) -> None:
        if self._epoch is None or now - self._epoch.begun >= EPOCH_LIFE:
            self.begin_epoch(now)

    def store(self, entry: Entry, ahead: int) -> bytes:
        """Writes the entry's leaf, `ahead` leaves after the log's end, in the open transaction."""
        if self._epoch is None:
            raise RuntimeError("an entry needs an epoch")
        leaf = self._log.entry_leaf(self._epoch.key, entry, self._random, ahead)
        self._store.audit_log.append(self._log.size + ahead, leaf)
        return leaf

    def take_in(self, leaves: Sequence[bytes]) -> None:
        """After the commit."""
        for leaf in leaves:
            self._log.append(leaf)

    @property
    def unwitnessed(self) -> int:
        """Leaves that no witnessed checkpoint covers."""
        newest = self._store.audit_log.newest_checkpoint(witnessed=True)
        return self._log.size - (newest.size if newest else 0)

    async def witness(self, relay: RelayClient, relay_key: bytes, clinic: bytes, now: int) -> None:
        """Has the relay cosign the log's head. Raises WitnessedOtherwise, RelayError or InvalidNoteError."""
        if not self.unwitnessed:
            return
        size = self._log.size
        with self._store.transaction():
            signed = self._log.signed_checkpoint(self._local.keys.signing)
            self._store.audit_log.add_checkpoint(size, signed.format().encode(), now)
        stored = self._store.audit_log.checkpoint_at(size)
        signed = note.parse(stored.note) if stored else signed
        newest = self._store.audit_log.newest_checkpoint(witnessed=True)
        line = await self._ask(relay, clinic, signed, newest.size if newest else 0)
        witnessed(signed, line, relay_key)
        with self._store.transaction():
            self._store.audit_log.witness(size, line.encode())

    async def _ask(self, relay: RelayClient, clinic: bytes, signed: note.Note, old: int) -> str:
        """Once more from the size that the relay names: its answer to an earlier request may have been lost."""
        try:
            return await relay.witness(clinic, self._log.witness_request(old, signed))
        except WitnessBehind as behind:
            if behind.size > self._log.size:
                raise WitnessedOtherwise from behind
            return await self._ask_again(relay, clinic, signed, behind.size)

    async def _ask_again(self, relay: RelayClient, clinic: bytes, signed: note.Note, old: int) -> str:
        try:
            return await relay.witness(clinic, self._log.witness_request(old, signed))
        except RelayRefused as refusal:
            if refusal.problem == "proof-invalid":
                raise WitnessedOtherwise from refusal
            raise
