"""This device's audit log: who viewed, claimed, sent, exported, checked (docs/protocol.md, section 15)."""

import asyncio
from collections.abc import Callable, Sequence

from agent_app.protocol.keys import LocalDevice
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import RelayRefused, WitnessBehind
from agent_app.store.logs import AuditEpoch
from agent_app.store.rooms import Store
from agent_app.transparency import note
from agent_app.transparency.audit import AuditLog, Entry, seal_entry, seal_epoch, witnessed
from agent_app.transparency.statement import AuditRecipient

EPOCH_LIFE = 24 * 3_600_000  # milliseconds
_STEP = 1_000  # leaves that are taken into the tree at a time: some ten milliseconds


class WitnessedOtherwise(Exception):
    """The relay has witnessed what this device does not hold: its store was restored from a copy."""


class Audit:
    """Seals entries to the clinic's audit recipient and keeps the tree over them. Owns the present epoch's key.

    An entry needs the log's size and epoch, which the store knows. The tree is needed to show the log to its witness,
    and is built then: it takes a second where somebody has worked for years, for which nobody waits at an unlock. What
    it proves about the leaves, that their epochs follow one another, is proven before anything is witnessed.
    """

    def __init__(
        self, store: Store, local: LocalDevice, recipient: Callable[[], AuditRecipient], random: Callable[[int], bytes]
    ) -> None:
        self._store = store
        self._local = local
        self._recipient = recipient
        self._random = random
        self._size = store.audit_log.size
        self._log = AuditLog(local.device)  # as far as the tree is built
        self._epoch: AuditEpoch | None = None

    def begin_epoch(self, now: int) -> None:
        """At each unlock, and after a day: what one key opens is bounded."""
        key = self._random(32)
        epoch = AuditEpoch(self._store.audit_log.next_epoch, key, now)
        leaf = seal_epoch(self._recipient(), self._local.device, epoch.epoch, key, self._random)
        with self._store.transaction():
            self._store.audit_log.append(self._size, leaf)
            self._store.audit_log.begin_epoch(epoch)
        self._size += 1
        self._epoch = epoch

    def keep_epoch_young(self, now: int) -> None:
        if self._epoch is None or now - self._epoch.begun >= EPOCH_LIFE:
            self.begin_epoch(now)

    def store(self, entry: Entry, ahead: int) -> bytes:
        """Writes the entry's leaf, `ahead` leaves after the log's end, in the open transaction."""
        if self._epoch is None:
            raise RuntimeError("an entry needs an epoch")
        index = self._size + ahead
        leaf = seal_entry(self._local.device, self._epoch.epoch, self._epoch.key, index, entry, self._random)
        self._store.audit_log.append(index, leaf)
        return leaf

    def take_in(self, leaves: Sequence[bytes]) -> None:
        """After the commit."""
        self._size += len(leaves)

    async def _build(self) -> None:
        """Raises InvalidProofError for a log that cannot have been written so."""
        while leaves := self._store.audit_log.leaves(self._log.size, _STEP):
            for leaf in leaves:
                self._log.append(leaf)
            await asyncio.sleep(0)

    @property
    def unwitnessed(self) -> int:
        """Leaves that no witnessed checkpoint covers."""
        newest = self._store.audit_log.newest_checkpoint(witnessed=True)
        return self._size - (newest.size if newest else 0)

    async def witness(self, relay: RelayClient, relay_key: bytes, clinic: bytes, now: int) -> None:
        """Has the relay cosign the log's head. Raises WitnessedOtherwise, RelayError or InvalidNoteError."""
        if not self.unwitnessed:
            return
        await self._build()
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
