"""What an administrator does to a clinic's log, without a terminal: found it, append to it, vouch for it."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agent_app.engine.clinic_address import ADDRESS_PREFIX, AddressRefused, ClinicAddress
from agent_app.engine.provisioning import fetch_clinic
from agent_app.protocol.content import LogHead
from agent_app.protocol.encoding import Bytes32, Record, Uint, decode, encode
from agent_app.protocol.errors import ForkedLogError, InvalidNoteError, RolledBackLogError
from agent_app.protocol.keys import ClinicId
from agent_app.protocol.merkle import EMPTY_ROOT
from agent_app.protocol.primitives import signing_public
from agent_app.relay.client import RelayClient
from agent_app.relay.errors import LogStale, RelayBusy
from agent_app.store.key_material import AdminSecrets
from agent_app.transparency import checkpoint, freshness, note, statement
from agent_app.transparency.audit import RecipientSecret
from agent_app.transparency.freshness import Freshness
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.note import Note
from agent_app.transparency.statement import Action, Administrator, Charter, Policy, Relay

DEFAULT_POLICY = Policy(120, 0, True, True, 48, 72)
TRIES = 3
_PATIENCE = 5.0  # seconds

_ADDRESS, _CHARTER, _SEEN = "clinic-address", "charter", "seen"


class Refused(Exception):
    """Something that the administrator can put right. The message says how."""


class _Seen(Record, frozen=True):
    size: Uint
    root: Bytes32


class Notebook:
    """An administrator's own memory, outside the relay: which clinic, and how far its log was seen (14.5)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder

    def address(self) -> ClinicAddress:
        try:
            return ClinicAddress.parse((self._folder / _ADDRESS).read_text("ascii"))
        except FileNotFoundError:
            raise Refused("This profile administers no clinic yet. Run `sealdesk-admin init` first.") from None
        except AddressRefused as error:
            raise Refused(f"{self._folder / _ADDRESS} is damaged: it must hold a {ADDRESS_PREFIX} line.") from error

    def charter(self) -> bytes | None:
        path = self._folder / _CHARTER
        return path.read_bytes() if path.is_file() else None

    def found(self, address: ClinicAddress, charter: bytes) -> None:
        """Before the relay hears of it: a founding that was cut off is finished and not begun again."""
        write_private(self.folder / _ADDRESS, address.text().encode() + b"\n")
        write_private(self.folder / _CHARTER, charter)

    def seen(self) -> _Seen | None:
        path = self.folder / _SEEN
        return decode(path.read_bytes(), _Seen) if path.is_file() else None

    def remember(self, log: ClinicLog, before: _Seen | None) -> None:
        """Raises RolledBackLogError or ForkedLogError where the log is no extension of what was seen `before` it was
        asked for. What this administrator did meanwhile in another window is no rollback."""
        if before is not None:
            if log.size < before.size:
                raise RolledBackLogError(f"from {before.size} statements to {log.size}")
            if log.root_at(before.size) != before.root:
                raise ForkedLogError(f"at size {before.size}")
        seen = self.seen()
        if seen is None or log.size > seen.size:
            write_private(self.folder / _SEEN, encode(_Seen(log.size, log.head.root)))


@dataclass(frozen=True, slots=True)
class Founding:
    """A clinic that exists on this machine and nowhere else yet."""

    charter: bytes
    clinic: ClinicId
    recipient: RecipientSecret


def found(
    name: str, time_zone: str, relay: Relay, secrets: AdminSecrets, now: int, random: Callable[[int], bytes]
) -> Founding:
    """The charter of a clinic with one administrator."""
    recipient = RecipientSecret(random(32), random(64))
    administrator = Administrator(signing_public(secrets.admin), signing_public(secrets.cosigning), secrets.person)
    charter = Charter(name, time_zone, (administrator,), 1, relay, recipient.public, DEFAULT_POLICY)
    payload = statement.prepare(b"", 0, EMPTY_ROOT, now, charter)
    raw = statement.assemble(payload, [statement.sign(payload, secrets.admin)])
    return Founding(raw, ClinicLog(raw).clinic, recipient)


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

    async def append(self, action: Callable[[ClinicLog], Action], secrets: AdminSecrets) -> ClinicLog:
        """Signs, appends and vouches for what `action` makes of the present log; again when somebody was quicker."""
        for _ in range(TRIES):
            log = await self.read()
            payload = statement.prepare(log.clinic, log.size, log.head.root, self._clock(), action(log))
            raw = statement.assemble(payload, [statement.sign(payload, secrets.admin)])
            index = log.size
            log.append(raw)  # what the roster refuses is refused here, and never sent
            try:
                await self._relay.append_statement(log.clinic, index, raw)
            except LogStale:
                continue
            except RelayBusy as busy:
                await asyncio.sleep(min(busy.after, _PATIENCE))
                continue
            self._notebook.remember(log, None)
            await self.cosign(log, secrets)
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


def write_private(path: Path, content: bytes) -> None:
    """Whole or not at all, and readable by nobody else."""
    unfinished = path.with_name(f".{path.name}.{os.urandom(4).hex()}")  # two windows may write at once
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
