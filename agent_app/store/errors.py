"""What can go wrong at rest: each a SpokenError.

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
│   └── LongPassphrase vault.long-passphrase
├── WrongPin           vault.wrong-pin      `left` says how many tries remain
│   └── LastPin        vault.last-pin       none
├── WeakPin            vault.weak-pin
├── PinOver            vault.pin-over       too late for the PIN, or too many wrong ones
├── UnlockDelayed      vault.delayed        too many failures; `seconds` says how long to wait
├── VaultUnavailable   vault.unavailable    too little memory for Argon2id
│   └── VaultUnsettled vault.unsettled      a change of keys was cut off: the store says which ones count
├── KeyringRefused     vault.keyring-refused      a backend that stores plaintext, or nothing
└── KeyringUnavailable vault.keyring-unavailable  no backend, locked, or it failed
"""

from agent_app.protocol.errors import SpokenError


class StoreError(SpokenError):
    """Base of everything that the encrypted store raises on purpose. `detail` names the path."""


class StoreMissing(StoreError):
    code = "store.missing"
    sentence = "This desk's store is not where it was."
    action = "Restore the folder, or enrol this device anew."


class StoreExists(StoreError):
    code = "store.exists"
    sentence = "There is a store here already."
    action = "Open it, or choose another folder."


class StoreInUse(StoreError):
    code = "store.in-use"
    sentence = "The store is in use by another Sealdesk."
    action = "Close that one, then try again."


class StoreUnreadable(StoreError):
    code = "store.unreadable"
    sentence = "The store does not open with this key, or is not Sealdesk's."
    action = "Nothing was changed. Tell your administrator."


class StoreDamaged(StoreError):
    code = "store.damaged"
    sentence = "The store is damaged."
    action = "Restore it from a copy, or enrol this device anew."


class StoreTooNew(StoreError):
    code = "store.too-new"
    sentence = "The store was written by a newer Sealdesk."
    action = "Update Sealdesk; nothing was changed."


class StoreUnavailable(StoreError):
    code = "store.unavailable"
    sentence = "The store cannot be read or written."
    action = "Make room on the disk, or make it writable, then try again."


class StoreConflict(StoreError):
    code = "store.conflict"
    sentence = "The store refused a write that contradicts what it holds."
    action = "Nothing was changed. Tell your administrator the time."


class VaultError(SpokenError):
    """Base of everything that the vault raises on purpose. None of them carries a secret."""


class VaultLocked(VaultError):
    code = "vault.locked"
    sentence = "Sealdesk is locked."
    action = "Unlock it with your passphrase."


class VaultMissing(VaultError):
    code = "vault.missing"
    sentence = "The keyring holds no keys for this profile."
    action = "Restore the keyring, or enrol this device anew."


class VaultExists(VaultError):
    code = "vault.exists"
    sentence = "The keyring holds keys for this profile already."
    action = "Unlock them, or choose another profile."


class VaultDamaged(VaultError):
    code = "vault.damaged"
    sentence = "The keyring's item for this profile is damaged."
    action = "Restore the keyring, or enrol this device anew."


class WrongPassphrase(VaultError):
    """`seconds` to wait before the next try; 0 when it may be at once."""

    code = "vault.wrong-passphrase"
    sentence = "This passphrase does not open the keys."
    action = "Check it and try again."

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class WeakPassphrase(VaultError):
    code = "vault.weak-passphrase"
    sentence = "This passphrase would be guessed too soon."
    action = "Use the one that Sealdesk suggests, or add unrelated words."


class LongPassphrase(WeakPassphrase):
    code = "vault.long-passphrase"
    sentence = "This passphrase is too long."
    action = "Take at most a thousand letters."


class UnlockDelayed(VaultError):
    code = "vault.delayed"
    sentence = "Too many tries failed."
    action = "Wait {seconds} s, then try again."

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.seconds = seconds


class WrongPin(VaultError):
    code = "vault.wrong-pin"
    sentence = "That PIN is wrong."
    action = "Try again. Wrong tries left before the passphrase is asked for: {left}."

    def __init__(self, left: int) -> None:
        super().__init__(left=left)
        self.left = left


class LastPin(WrongPin):
    code = "vault.last-pin"
    action = "Type the passphrase."


class WeakPin(VaultError):
    code = "vault.weak-pin"
    sentence = "This PIN has too few digits or too many, or is among those that are tried first."
    action = "Take {shortest} to {longest} digits that are not all alike and do not count up or down."


class PinOver(VaultError):
    code = "vault.pin-over"
    sentence = "The PIN does not open Sealdesk any more."
    action = "Type the passphrase."


class VaultUnavailable(VaultError):
    code = "vault.unavailable"
    sentence = "Unlocking needs {needed} MiB of memory, and so much is not free."
    action = "Close other programs, then try again."


class VaultUnsettled(VaultUnavailable):
    code = "vault.unsettled"
    sentence = "A change of keys was cut off."
    action = "Unlock Sealdesk once, then try again."


class KeyringRefused(VaultError):
    code = "vault.keyring-refused"
    sentence = "The keyring in use keeps secrets in the open, or not at all: {names}."
    action = (
        "Sealdesk keeps keys only in the system's own keyring: GNOME Keyring or KWallet (start and unlock it), macOS "
        "Keychain, or Windows Credential Locker. Remove the other backend from keyringrc.cfg and "
        "PYTHON_KEYRING_BACKEND."
    )


class KeyringUnavailable(VaultError):
    code = "vault.keyring-unavailable"
    sentence = "The system's keyring did not answer."
    action = "Unlock it, then try again."
