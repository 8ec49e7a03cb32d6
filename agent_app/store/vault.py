"""A device's, or an administrator's, secrets in the operating system's keyring, sealed under a passphrase (section 17).

The keyring alone opens nothing, and the passphrase alone opens nothing.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Generic, TypeVar

from keyring.backend import KeyringBackend
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id

from agent_app.protocol import primitives
from agent_app.protocol.encoding import Bytes16, Record, Uint, decode, encode, frame
from agent_app.protocol.errors import ProtocolError, UndecryptableError
from agent_app.protocol.labels import Label
from agent_app.store import passphrase as passphrases
from agent_app.store.errors import (
    VaultDamaged,
    VaultExists,
    VaultMissing,
    VaultUnavailable,
    VaultUnsettled,
    WrongPassphrase,
)
from agent_app.store.key_material import Secrets
from agent_app.store.keyrings import answered, known_keyring
from agent_app.store.unlocking import FailedUnlocks, UnlockDelay

S = TypeVar("S", bound=Secrets)

MIB = 1 << 20
LONGEST_ITEM = 1_200  # characters
WINDOWS_LIMIT = 2_560  # bytes of a credential; its keyring writes UTF-16
USER = "sealdesk"
_SLOTS = ("1", "2")
_SUITE = "SD1-vault"


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id's parameters. An item that asks for less is too cheap to guess, for more could stop the machine."""

    opslimit: int = 3
    memlimit: int = 256 * MIB

    def __post_init__(self) -> None:
        if not (3 <= self.opslimit <= 8 and 64 * MIB <= self.memlimit <= 1024 * MIB):
            raise ValueError("Argon2id wants opslimit 3 to 8 and memlimit 64 MiB to 1 GiB")


class _Item(Record, frozen=True):
    suite: str
    opslimit: Uint
    memlimit: Uint
    salt: Bytes16
    sealed: bytes


class Vault(Generic[S]):
    """One profile's keyring item. `kind` is DeviceSecrets or AdminSecrets; `folder` keeps the count of failed tries.

    Every call blocks: on the keyring, and for as long as Argon2id takes. `keyring` is the system's own unless a caller
    brings one; no setting of a person reaches that argument.
    """

    def __init__(
        self, kind: type[S], profile: str, folder: Path, keyring: KeyringBackend | None = None, cost: Cost = Cost()
    ) -> None:
        self._kind = kind
        self._profile = profile
        self.keyring = keyring if keyring is not None else known_keyring()
        self._cost = cost
        self.delay = UnlockDelay(folder)
        self.failed_unlocks = FailedUnlocks(folder)

    def exists(self) -> bool:
        return bool(self._items())

    def create(self, secrets: S, passphrase: str) -> None:
        """Stores new secrets. Raises VaultExists rather than bury old ones, and WeakPassphrase."""
        passphrases.require_strength(passphrase)
        if self.exists():
            raise VaultExists
        self._write(_SLOTS[0], seal_item(secrets, passphrase, self._cost))

    def seconds_to_wait(self, now: int) -> int:
        """Until the next try is allowed; 0 when it may be now."""
        return self.delay.seconds(now)

    def open(self, passphrase: str, now: int, fits: Callable[[S], bool] | None = None) -> S:
        """The secrets. Raises UnlockDelayed, VaultMissing, VaultDamaged, or WrongPassphrase, which is also recorded.

        When a change of passphrase was cut off and both items are there, whichever passphrase is given last remains.
        When a change of secrets was, one passphrase opens both: then `fits` says which ones the store is under, and
        only those remain. Without `fits` VaultUnsettled is raised, and nothing is changed.
        """
        items = self._readable_items()
        self.delay.begin(now)
        unsealed = {slot: _unsealed(item, passphrase, self._kind) for slot, item in items.items()}
        opened = {slot: secrets for slot, secrets in unsealed.items() if secrets is not None}
        if not opened:
            self.failed_unlocks.record(now)
            raise WrongPassphrase(self.delay.seconds(now))
        self.delay.passed()
        slot = _only(opened, fits)
        for other in opened.keys() - {slot}:
            opened[other].wipe()
        self.keep_only(slot)
        return opened[slot]

    def add(self, secrets: S, passphrase: str) -> str:
        """Writes an item beside the present one, read back and opened. Answers its slot, for `keep_only`."""
        free = next(slot for slot in _SLOTS if slot not in self._items())
        self._write(free, seal_item(secrets, passphrase, self._cost))
        open_item(self._items()[free], passphrase, self._kind).wipe()
        return free

    def change_passphrase(self, old: str, new: str, now: int) -> None:
        """The new item is written, read back and opened before the old one is removed: at every moment one opens."""
        passphrases.require_strength(new)
        secrets = self.open(old, now)
        try:
            self.keep_only(self.add(secrets, new))
        finally:
            secrets.wipe()

    def remove(self) -> None:
        """Removes the secrets for good."""
        for slot in self._items():
            self._delete(slot)

    def _readable_items(self) -> dict[str, "_Item"]:
        found = self._items()
        if not found:
            raise VaultMissing
        readable = {slot: item for slot, text in found.items() if (item := _parse(text)) is not None}
        if not readable:
            raise VaultDamaged
        return readable

    def keep_only(self, kept: str) -> None:
        """Removes the other items: what `add` began is whole then."""
        for slot in self._items():
            if slot != kept:
                self._delete(slot)

    def _items(self) -> dict[str, str]:
        found = {slot: self._read(slot) for slot in _SLOTS}
        return {slot: text for slot, text in found.items() if text is not None}

    # A service name for each item: Windows stores a second user of one service by moving the first.

    def _service(self, slot: str) -> str:
        return f"sealdesk {self._kind.purpose} {self._profile} {slot}"

    def _read(self, slot: str) -> str | None:
        return answered(lambda: self.keyring.get_password(self._service(slot), USER))

    def _write(self, slot: str, text: str) -> None:
        answered(lambda: self.keyring.set_password(self._service(slot), USER, text))

    def _delete(self, slot: str) -> None:
        answered(lambda: self.keyring.delete_password(self._service(slot), USER))


def seal_item(secrets: Secrets, passphrase: str, cost: Cost) -> str:
    """The keyring item of section 17."""
    salt = token_bytes(16)
    key = stretch(passphrase, salt, cost.opslimit, cost.memlimit)
    sealed = primitives.seal(key, token_bytes(24), frame(Label.VAULT, secrets.purpose), secrets.encode())
    text = base64.b64encode(encode(_Item(_SUITE, cost.opslimit, cost.memlimit, salt, sealed))).decode("ascii")
    if len(text) >= LONGEST_ITEM or len(text.encode("utf-16")) > WINDOWS_LIMIT:
        raise VaultDamaged(f"an item of {len(text)} characters is more than a keyring must hold")
    return text


def open_item(text: str, passphrase: str, kind: type[S]) -> S:
    """What `seal_item` sealed. Raises VaultDamaged or WrongPassphrase."""
    item = _parse(text)
    if item is None:
        raise VaultDamaged
    secrets = _unsealed(item, passphrase, kind)
    if secrets is None:
        raise WrongPassphrase(0)
    return secrets


def _only(opened: dict[str, S], fits: Callable[[S], bool] | None) -> str:
    if len(opened) > 1 and fits is None:
        raise VaultUnsettled
    for slot, secrets in opened.items():
        if len(opened) == 1 or (fits is not None and fits(secrets)):
            return slot
    raise VaultDamaged


def _parse(text: str) -> "_Item | None":
    """None for whatever Sealdesk would not have written: parameters out of bounds never reach Argon2id."""
    if len(text) >= LONGEST_ITEM:
        return None
    try:
        item = decode(base64.b64decode(text, validate=True), _Item)
        Cost(item.opslimit, item.memlimit)
    except (ValueError, ProtocolError):
        return None
    return item if item.suite == _SUITE else None


def _unsealed(item: _Item, passphrase: str, kind: type[S]) -> S | None:
    key = stretch(passphrase, item.salt, item.opslimit, item.memlimit)
    try:
        return kind.decode(primitives.unseal(key, frame(Label.VAULT, kind.purpose), item.sealed))
    except UndecryptableError:
        return None


def stretch(passphrase: str, salt: bytes, opslimit: int, memlimit: int) -> bytes:
    """32 bytes by Argon2id. Raises VaultUnavailable where memory is short."""
    try:
        return argon2id.kdf(32, passphrases.normalised(passphrase), salt, opslimit, memlimit)
    except (CryptoError, MemoryError) as error:
        raise VaultUnavailable(needed=memlimit // MIB) from error
