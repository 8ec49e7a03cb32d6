"""What an administrator does to a clinic's log, without a terminal: found it, append to it, vouch for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent_app.engine.administration.notebook import Notebook, Refused
from agent_app.engine.clinic_address import ClinicAddress
from agent_app.engine.provisioning import fetch_clinic
from agent_app.engine.sentence import Sentence
from agent_app.protocol.content import LogHead
from agent_app.protocol.errors import InvalidNoteError
from agent_app.protocol.keys import ClinicId
from agent_app.protocol.limits import RECIPIENTS
from agent_app.protocol.merkle import EMPTY_ROOT
from agent_app.protocol.primitives import signing_public
from agent_app.relay.client import RelayClient, checked_origin
from agent_app.relay.errors import LogStale, RelayBusy
from agent_app.store.key_material import AdminSecrets
from agent_app.transparency import checkpoint, freshness, note, statement
from agent_app.transparency.audit import RecipientSecret
from agent_app.transparency.freshness import Freshness
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.note import Note
from agent_app.transparency.roster import Roster
from agent_app.transparency.statement import Action, Administrator, Charter, Policy, Relay

if TYPE_CHECKING:
    from httpx import AsyncBaseTransport

DEFAULT_POLICY = Policy(120, 0, True, True, 48, 72)
TRIES = 3
_PATIENCE = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Founding:
    """A clinic that exists on this machine and nowhere else yet."""

    charter: bytes
    clinic: ClinicId
    recipient: RecipientSecret


def found(
    name: str, time_zone: str, relay: Relay, secrets: AdminSecrets, recipient: RecipientSecret, now: int
) -> Founding:
    """The charter of a clinic with one administrator."""
    administrator = public_half(secrets)
    charter = Charter(name, time_zone, (administrator,), 1, relay, recipient.public, DEFAULT_POLICY)
    payload = statement.prepare(b"", 0, EMPTY_ROOT, now, charter)
    raw = statement.assemble(payload, [statement.sign(payload, secrets.admin)])
    return Founding(raw, ClinicLog(raw).clinic, recipient)


def public_half(secrets: AdminSecrets) -> Administrator:
    """An administrator as the log names them."""
    return Administrator(signing_public(secrets.admin), signing_public(secrets.cosigning), secrets.person)


async def named_relay(origin: str, clock: Callable[[], int], network: "AsyncBaseTransport | None" = None) -> Relay:
    """The relay as it names itself; its key goes into the charter, and from then on it can be no other."""
    client = RelayClient(origin, clock, transport=network)
    try:
        identity = await client.identity()
    finally:
        await client.close()
    if identity.origin != checked_origin(origin):
        raise Refused(
            Sentence(
                "The relay calls itself {origin}. Use that address, or correct the relay's --origin.",
                origin=identity.origin,
            ),
            "relay.origin",
        )
    return Relay(identity.key, identity.origin)


@asynccontextmanager
async def reached(
    notebook: Notebook,
    address: ClinicAddress,
    clock: Callable[[], int],
    network: "AsyncBaseTransport | None" = None,
) -> AsyncIterator["Administration"]:
    """The clinic at its relay, for as long as it is needed."""
    relay = RelayClient(address.origin, clock, transport=network)
    try:
        yield Administration(notebook, address, relay, clock)
    finally:
        await relay.close()


def _require_room(before: Roster, after: Roster) -> None:
    """A message goes to every receiving device, and has so many recipients at most. Raises Refused."""
    had, has = ([member.role != "auditor" for member in roster.active].count(True) for roster in (before, after))
    if has > max(had, RECIPIENTS.value):
        raise Refused(
            Sentence(
                "A clinic may have {most} devices that receive messages; this one would be left out of them. "
                "End the access of another first. Auditors' devices are not counted.",
                most=RECIPIENTS.value,
            )
        )


class Administration:
    """One clinic and its relay. Every reading of the log is proven from the charter."""

    def __init__(
        self, notebook: Notebook, address: ClinicAddress, relay: RelayClient, clock: Callable[[], int]
    ) -> None:
        self._notebook = notebook
        self._address = address
        self._relay = relay
        self._clock = clock

    async def found(self, charter: bytes) -> None:
        """Posts the charter; posting it again is harmless."""
        await self._relay.found_clinic(charter)

    async def read(self) -> ClinicLog:
        """The log, up to the head that the relay signs. Raises RelayError or a ProtocolError."""
        before = self._notebook.seen()
        founded = await fetch_clinic(self._address, self._relay)
        log = founded.log
        self._notebook.remember(log, before)
        stated, signed = checkpoint.opened(founded.note, checkpoint.clinic_origin(log.clinic))
        if not signed.verify([checkpoint.relay_key(log.roster.relay.key)]):
            raise InvalidNoteError("the head is not signed by the clinic's relay")
        log.compare(LogHead(stated.size, stated.root))
        return log

    async def append(
        self,
        action: Callable[[ClinicLog], Action],
        secrets: AdminSecrets,
        voucher: Callable[[], AdminSecrets] | None = None,
    ) -> ClinicLog:
        """Signs, appends and vouches for what `action` makes of the present log; again when somebody was quicker.

        `voucher` says whose word counts afterwards, where the statement takes it from whoever signed. What was cut off
        after the relay had taken it, and is asked for again, stands in the log once.
        """
        log = await self.post(action, secrets, voucher)
        self._notebook.end()
        return log

    async def post(
        self,
        action: Callable[[ClinicLog], Action],
        secrets: AdminSecrets,
        voucher: Callable[[], AdminSecrets] | None = None,
    ) -> ClinicLog:
        """As `append`, for whoever has more to do: it counts as begun until the notebook is told of its end."""
        for _ in range(TRIES):
            log = await self.read()
            wanted = action(log)
            if self._notebook.begun(log) == wanted:
                await self.cosign(log, secrets if voucher is None else voucher())
                return log
            payload = statement.prepare(log.clinic, log.size, log.head.root, self._clock(), wanted)
            raw = statement.assemble(payload, [statement.sign(payload, secrets.admin)])
            index = log.size
            before = log.roster
            log.append(raw)  # what the roster refuses is refused here, and never sent
            _require_room(before, log.roster)
            self._notebook.begin(raw)
            try:
                await self._relay.append_statement(log.clinic, index, raw)
            except LogStale:
                continue
            except RelayBusy as busy:
                await asyncio.sleep(min(busy.after, _PATIENCE))
                continue
            self._notebook.remember(log, None)
            await self.cosign(log, secrets if voucher is None else voucher())
            return log
        raise Refused("Other administrators are changing the log at this moment. Try again in a minute.")

    async def cosign(self, log: ClinicLog, secrets: AdminSecrets) -> None:
        """This administrator's word, at this moment, that the head is what it should be (14.4)."""
        text = log.checkpoint.text
        own = signing_public(secrets.cosigning)
        line = note.cosign(text, checkpoint.cosigner_name(own), secrets.cosigning, self._clock())
        await self._relay.add_cosignature(log.clinic, Note(text, (line,)).format())

    async def freshness(self, log: ClinicLog) -> Freshness:
        """What all who vouch amount to, for whichever head they did. Raises RelayError or a ProtocolError."""
        notes = [note.parse(text) for text in await self._relay.cosigned_notes(log.clinic)]
        return freshness.judge(log, notes, self._clock(), freshness.desk(log.roster.policy))
