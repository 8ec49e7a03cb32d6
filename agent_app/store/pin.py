"""A PIN that reopens a locked device within ten minutes of its passphrase (section 17).

A PIN is too short to protect anything alone. What it opens is in no file: the secrets stay in this program's memory,
sealed under a key made of the PIN, by Argon2id, and of a fresh random half that lies in the keyring and not in memory.
Memory alone opens nothing, nor does the keyring alone. Who can read both needs no more guesses than there are PINs, and
is not held to three tries: that is what the PIN costs, and why it lasts ten minutes and somebody has to ask for it.
"""

import base64
from collections.abc import Callable
from itertools import pairwise

from keyring.backend import KeyringBackend

from agent_app.protocol import primitives
from agent_app.protocol.encoding import Bytes16, Bytes32, Record, frame
from agent_app.protocol.errors import UndecryptableError
from agent_app.protocol.labels import Label
from agent_app.store.errors import LastPin, PinOver, WeakPin, WrongPin
from agent_app.store.key_material import DeviceSecrets
from agent_app.store.keyrings import answered
from agent_app.store.vault import MIB, USER, Cost, Vault, stretch

LIFE = 600_000  # milliseconds from the passphrase
TRIES = 3
SHORTEST, LONGEST = 4, 12  # digits
_COST = Cost(3, 64 * MIB)
_PURPOSE = "pin"
_AAD = frame(Label.VAULT, _PURPOSE)


class PinKey(Record, frozen=True):
    """What the encrypted store keeps of a PIN, so that its owner need not type it at each unlock."""

    salt: Bytes16
    stretched: Bytes32

    def __repr__(self) -> str:
        return "PinKey(...)"


def pin_key(pin: str, random: Callable[[int], bytes]) -> PinKey:
    """Raises WeakPin for what would be tried first. Takes as long as Argon2id does."""
    if not (SHORTEST <= len(pin) <= LONGEST and pin.isascii() and pin.isdigit()):
        raise WeakPin(shortest=SHORTEST, longest=LONGEST)
    if {int(b) - int(a) for a, b in pairwise(pin)} in ({0}, {1}, {-1}):
        raise WeakPin(shortest=SHORTEST, longest=LONGEST)
    salt = random(16)
    return PinKey(salt, _stretched(pin, salt))


class PinWindow:
    """One device's secrets, sealed, for as long as the PIN may open them. Every call blocks on the keyring."""

    def __init__(
        self,
        secrets: DeviceSecrets,
        key: PinKey,
        ends: int,
        profile: str,
        keyring: KeyringBackend,
        random: Callable[[int], bytes],
    ) -> None:
        """`ends` in milliseconds since 1970 UTC. Raises KeyringUnavailable."""
        self._keyring = keyring
        self._service = f"sealdesk {_PURPOSE} {profile}"
        self._salt = key.salt
        self._begins, self.ends = ends - LIFE, ends
        self._tries = TRIES
        half = random(32)
        text = base64.b64encode(half).decode("ascii")
        answered(lambda: keyring.set_password(self._service, USER, text))
        self._sealed = primitives.seal(_key(key.stretched, half), random(primitives.NONCE), _AAD, secrets.encode())

    def is_open(self, now: int) -> bool:
        """A clock that was set back closes it too."""
        return self._tries > 0 and self._begins <= now < self.ends

    def open(self, pin: str, now: int) -> DeviceSecrets:
        """Raises PinOver, or WrongPin with the tries that are left. A try is counted before it is made."""
        if not self.is_open(now):
            raise PinOver
        self._tries -= 1
        text = answered(lambda: self._keyring.get_password(self._service, USER))
        if text is None:
            raise PinOver
        try:
            half = base64.b64decode(text, validate=True)
            opened = primitives.unseal(_key(_stretched(pin, self._salt), half), _AAD, self._sealed)
        except (UndecryptableError, ValueError):
            raise (WrongPin if self._tries else LastPin)(self._tries) from None
        self._tries = TRIES
        return DeviceSecrets.decode(opened)

    def close(self) -> None:
        """For good: the half in the keyring is deleted, and the rest forgotten."""
        self._tries, self._sealed = 0, b""
        if answered(lambda: self._keyring.get_password(self._service, USER)) is not None:
            answered(lambda: self._keyring.delete_password(self._service, USER))


def reopen(vault: Vault[DeviceSecrets], window: PinWindow, pin: str, now: int) -> DeviceSecrets:
    """As `Vault.open`, by the PIN: a failure slows the next try down and is told to the audit log, whichever it was."""
    if not window.is_open(now):
        raise PinOver
    vault.delay.begin(now)
    try:
        secrets = window.open(pin, now)
    except WrongPin:
        vault.failed_unlocks.record(now)
        raise
    vault.delay.passed()
    return secrets


def _stretched(pin: str, salt: bytes) -> bytes:
    return stretch(pin, salt, _COST.opslimit, _COST.memlimit)


def _key(stretched: bytes, half: bytes) -> bytes:
    return primitives.kdf(stretched, half, Label.VAULT, _PURPOSE, length=32)
