"""What an administrator's machine remembers outside the relay, and a kit that is still to be printed."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from agent_app.engine.clinic_address import ADDRESS_PREFIX, AddressRefused, ClinicAddress
from agent_app.engine.sentence import Sentence
from agent_app.protocol import primitives
from agent_app.protocol.encoding import Bytes32, Record, Uint, decode, encode
from agent_app.protocol.errors import ForkedLogError, RolledBackLogError, UndecryptableError
from agent_app.protocol.labels import Label
from agent_app.store.key_material import AdminSecrets
from agent_app.transparency import statement
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.statement import Action, Hours

_ADDRESS, _CHARTER, _SEEN, _KIT = "clinic-address", "charter", "seen", "kit"
_FOUNDING, _BEGUN = "founding", "begun"


class Refused(Exception):
    """Something that the administrator can put right: `said` tells what and how, in any language, and `code` which
    part of what was typed it is about, where it is about one."""

    def __init__(self, said: str, code: str = "") -> None:
        self.said, self.code = Sentence(said), code
        super().__init__(self.said)


class _Seen(Record, frozen=True):
    size: Uint
    root: Bytes32


@dataclass(frozen=True, slots=True)
class _Founding:
    hours: Hours | None


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
            raise Refused(
                Sentence(
                    "{file} is damaged: it must hold a {prefix} line.",
                    file=self._folder / _ADDRESS,
                    prefix=ADDRESS_PREFIX,
                )
            ) from error

    def charter(self) -> bytes | None:
        path = self._folder / _CHARTER
        return path.read_bytes() if path.is_file() else None

    def found(self, address: ClinicAddress, charter: bytes) -> None:
        """Before the relay hears of it: a founding that was cut off is finished and not begun again."""
        self.end_founding()  # of another clinic, one that was given up
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

    def forget_seen(self) -> None:
        """Before a founding of another clinic: what was seen was not of this one."""
        (self.folder / _SEEN).unlink(missing_ok=True)

    # What is cut off is finished later, and not done twice

    def begin_founding(self, hours: Hours | None) -> None:
        """What belongs to the founding beside its charter."""
        write_private(self.folder / _FOUNDING, encode(hours) if hours is not None else b"")

    def founding(self) -> "_Founding | None":
        """None once it is finished, at the relay too."""
        path = self._folder / _FOUNDING
        if not path.is_file():
            return None
        kept = path.read_bytes()
        return _Founding(decode(kept, Hours) if kept else None)

    def end_founding(self) -> None:
        (self.folder / _FOUNDING).unlink(missing_ok=True)

    def begin(self, raw: bytes) -> None:
        """A statement, signed and about to go to the relay: from now on it may stand in the log."""
        write_private(self.folder / _BEGUN, raw)

    def begun(self, log: ClinicLog) -> Action | None:
        """What was begun, stands in the log, and was not gone through with: the relay's answer never came here."""
        path = self._folder / _BEGUN
        raw = path.read_bytes() if path.is_file() else b""
        return statement.parse(raw).payload.action if raw in log.statements else None

    def end(self) -> None:
        (self.folder / _BEGUN).unlink(missing_ok=True)

    # The kit that nobody has confirmed yet, sealed to the administrator's key

    def keep_kit(self, seed: bytes, secrets: AdminSecrets, random: Callable[[int], bytes]) -> None:
        write_private(self.folder / _KIT, primitives.seal(_kit_key(secrets), random(24), b"kit", seed))

    def kit(self, secrets: AdminSecrets) -> bytes | None:
        """Its seed; None where it was confirmed, or belongs to a founding that was given up."""
        path = self.folder / _KIT
        with suppress(FileNotFoundError, UndecryptableError):
            return primitives.unseal(_kit_key(secrets), b"kit", path.read_bytes())
        return None

    @property
    def kit_pending(self) -> bool:
        return (self._folder / _KIT).is_file()

    def drop_kit(self) -> None:
        (self.folder / _KIT).unlink(missing_ok=True)


def _kit_key(secrets: AdminSecrets) -> bytes:
    return primitives.kdf(secrets.admin, b"", Label.RECOVERY, "pending", 0, length=32)


def write_private(path: Path, content: bytes) -> None:
    """Whole or not at all, and readable by nobody else."""
    unfinished = path.with_name(f".{path.name}.{os.urandom(4).hex()}")  # two windows may write at once
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
