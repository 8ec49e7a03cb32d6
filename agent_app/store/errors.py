"""What can go wrong at rest. Every error has a stable `code`; its text says what happened and what to do.

StoreError
├── StoreMissing       store.missing        there is no store in that folder
├── StoreExists        store.exists         there is one already; a new one would bury it
├── StoreInUse         store.in-use         another process holds it
├── StoreUnreadable    store.unreadable     wrong key, or not a Sealdesk store
├── StoreDamaged       store.damaged        truncated or altered
├── StoreTooNew        store.too-new        written by a newer Sealdesk
├── StoreUnavailable   store.unavailable    the disk is full, read-only, or gone
└── StoreConflict      store.conflict       a write that would contradict what is stored
VaultError
├── VaultLocked        vault.locked         the secrets were wiped
├── VaultMissing       vault.missing        the keyring holds no such item
├── VaultExists        vault.exists         it holds one already
├── VaultDamaged       vault.damaged        an item that Sealdesk did not write, or with forbidden parameters
├── WrongPassphrase    vault.wrong-passphrase     also for an item that somebody altered
├── WeakPassphrase     vault.weak-passphrase
├── WrongPin           vault.wrong-pin      `left` says how many tries remain
├── WeakPin            vault.weak-pin
├── PinOver            vault.pin-over       too late for the PIN, or too many wrong ones
├── UnlockDelayed      vault.delayed        too many failures; `seconds` says how long to wait
├── VaultUnavailable   vault.unavailable    too little memory for Argon2id
├── KeyringRefused     vault.keyring-refused      a backend that stores plaintext, or nothing
└── KeyringUnavailable vault.keyring-unavailable  no backend, locked, or it failed
"""


class StoreError(Exception):
    """Base of everything that the encrypted store raises on purpose."""

    code = "store"


class StoreMissing(StoreError):
    code = "store.missing"


class StoreExists(StoreError):
    code = "store.exists"


class StoreInUse(StoreError):
    code = "store.in-use"


class StoreUnreadable(StoreError):
    code = "store.unreadable"


class StoreDamaged(StoreError):
    code = "store.damaged"


class StoreTooNew(StoreError):
    code = "store.too-new"


class StoreUnavailable(StoreError):
    code = "store.unavailable"


class StoreConflict(StoreError):
    code = "store.conflict"


class VaultError(Exception):
    """Base of everything that the vault raises on purpose. None of them carries a secret."""

    code = "vault"


class VaultLocked(VaultError):
    code = "vault.locked"


class VaultMissing(VaultError):
    code = "vault.missing"


class VaultExists(VaultError):
    code = "vault.exists"


class VaultDamaged(VaultError):
    code = "vault.damaged"


class WrongPassphrase(VaultError):
    """`seconds` to wait before the next try; 0 when it may be at once."""

    code = "vault.wrong-passphrase"

    def __init__(self, seconds: int) -> None:
        wait = f" Wait {seconds} seconds before the next try." if seconds else ""
        super().__init__(f"This passphrase does not open the keys. Check it and try again.{wait}")
        self.seconds = seconds


class WeakPassphrase(VaultError):
    code = "vault.weak-passphrase"


class UnlockDelayed(VaultError):
    code = "vault.delayed"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many failed tries. Wait {seconds} seconds, then try again.")
        self.seconds = seconds


class WrongPin(VaultError):
    code = "vault.wrong-pin"

    def __init__(self, left: int) -> None:
        super().__init__(
            "That PIN is wrong. Type the passphrase."
            if left == 0
            else f"That PIN is wrong. Try again; the passphrase is asked for after {left} more."
        )
        self.left = left


class WeakPin(VaultError):
    code = "vault.weak-pin"


class PinOver(VaultError):
    code = "vault.pin-over"

    def __init__(self) -> None:
        super().__init__("The PIN does not open Sealdesk any more. Type the passphrase.")


class VaultUnavailable(VaultError):
    code = "vault.unavailable"


class KeyringRefused(VaultError):
    code = "vault.keyring-refused"


class KeyringUnavailable(VaultError):
    code = "vault.keyring-unavailable"
