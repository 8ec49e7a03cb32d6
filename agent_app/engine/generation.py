"""Has this device's past been restored from a copy? (docs/protocol.md, section 7, rollback)

A restored store would encrypt again with keys that were used, and count tries again that were spent. Its generation,
kept at the relay, is what a back-up cannot take back.
"""

from agent_app.engine import notices
from agent_app.engine.desk import Desk
from agent_app.engine.events import NoticeRaised
from agent_app.protocol import primitives
from agent_app.protocol.errors import MalformedError
from agent_app.protocol.labels import Label
from agent_app.relay.client import RelayClient
from agent_app.relay.wire import SignedGeneration

RESET_PREKEYS = "reset-prekeys"
"""Set until the relay has dropped the prekeys whose secrets are gone, through however many restarts."""


class Generation:
    """Raised at each start and after every 64 sends: stored, then shown to the relay, then used."""

    def __init__(self, desk: Desk, relay: RelayClient) -> None:
        self._desk = desk
        self._relay = relay

    async def begin(self) -> None:
        """At each start. Sessions and prekeys are destroyed when the device was rolled back."""
        signed = await self._relay.generation()
        known = self._verified(signed) if signed is not None else 0
        if known > self._desk.store.settings.generation:
            self.rolled_back(known)
        await self.advance()

    async def advance(self) -> None:
        """Raises RelayError: then nothing may be sent under the new generation."""
        with self._desk.store.transaction():
            self._desk.store.settings.generation += 1
        generation = self._desk.store.settings.generation
        local = self._desk.local
        signature = primitives.sign(local.keys.mailbox, Label.GENERATION, local.mailbox, generation)
        await self._relay.put_generation(SignedGeneration(generation, signature))

    def rolled_back(self, known: int) -> None:
        with self._desk.work() as work:
            self._desk.store.sessions.destroy_all()
            self._desk.store.invitations.exhaust()
            self._desk.store.settings.generation = known
            self._desk.store.settings.set_number(RESET_PREKEYS, 1)
            work.record("rollback", b"", str(known))
            work.tell(NoticeRaised(notices.RESTORED))

    def _verified(self, signed: SignedGeneration) -> int:
        """Only our own signature counts: a relay could else make us destroy our sessions at will."""
        mailbox = self._desk.local.mailbox
        if not primitives.verify(mailbox, signed.signature, Label.GENERATION, mailbox, signed.generation):
            raise MalformedError("generation")
        return signed.generation
