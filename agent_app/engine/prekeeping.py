"""Keeps prekeys fresh at the relay (docs/protocol.md, sections 4 and 16.6)."""

from agent_app.engine.desk import Desk
from agent_app.engine.generation import RESET_PREKEYS
from agent_app.engine.peers import Peers
from agent_app.protocol import limits
from agent_app.protocol.prekeys import PrekeyKind
from agent_app.relay import wire
from agent_app.relay.client import RelayClient
from agent_app.store.sessions import OwnPrekey

AT_THE_RELAY = 50
REFILL_BELOW = 25
ROTATE_AFTER = 7 * limits.DAY
_CURRENT: dict[PrekeyKind, str] = {"signed": "current-signed", "kem-last": "current-kem-last"}


class Prekeeping:
    """Makes, publishes, rotates and destroys this device's prekeys. A secret is stored before its key is shown."""

    def __init__(self, desk: Desk, relay: RelayClient, peers: Peers) -> None:
        self._desk = desk
        self._relay = relay
        self._peers = peers

    def destroy_expired(self) -> None:
        """Expired secrets go whether the relay can be reached or not: a thief of the device must not find them."""
        with self._desk.store.transaction():
            self._desk.store.sessions.destroy_expired(self._desk.clock())

    async def tend(self) -> None:
        """Publishes what is missing. After a rollback the relay first drops what it holds. Raises RelayError."""
        reset = bool(self._desk.store.settings.number(RESET_PREKEYS))
        rotated = [self._rotate(kind) for kind in _CURRENT]
        left = wire.PrekeysLeft(0, 0) if reset else await self._relay.prekeys_left()
        self._make("one-time", left.one_time)
        self._make("kem-once", left.kem_once)
        pending = self._desk.store.sessions.not_uploaded()
        if not (pending or reset or any(rotated)):
            return
        await self._publish(pending, reset=reset)
        with self._desk.store.transaction():
            self._desk.store.sessions.mark_uploaded([key.id for key in pending])
            self._desk.store.settings.set_number(RESET_PREKEYS, 0)

    def _rotate(self, kind: PrekeyKind) -> bool:
        current = self._current(kind)
        if current is not None and self._desk.clock() - current.created < ROTATE_AFTER:
            return not current.uploaded
        with self._desk.store.transaction():
            (pair,) = self._peers.make_prekeys((kind,), uploaded=False)
            self._desk.store.settings.set_number(_CURRENT[kind], pair.prekey.id)
        return True

    def _make(self, kind: PrekeyKind, left: int) -> None:
        """Up to what the relay keeps, counting those that were made and not yet confirmed."""
        waiting = sum(key.kind == kind for key in self._desk.store.sessions.not_uploaded())
        if left + waiting < REFILL_BELOW:
            with self._desk.store.transaction():
                self._peers.make_prekeys((kind,) * (AT_THE_RELAY - left - waiting), uploaded=False)

    def _current(self, kind: PrekeyKind) -> OwnPrekey | None:
        return self._desk.store.sessions.prekey(self._desk.store.settings.number(_CURRENT[kind]))

    async def _publish(self, pending: tuple[OwnPrekey, ...], *, reset: bool) -> None:
        signed, kem_last = self._current("signed"), self._current("kem-last")
        if signed is None or kem_last is None:
            raise RuntimeError("there is always a current signed and last-resort prekey after rotation")
        once = [tuple(k.published for k in pending if k.kind == kind) for kind in ("one-time", "kem-once")]
        certificate = self._desk.local.certificate.encoded
        await self._relay.publish_prekeys(
            wire.Prekeys(certificate, signed.published, kem_last.published, once[0], once[1], reset)
        )
