"""The relay's only key, and everybody else's signatures: Ed25519 over labelled frames (docs/protocol.md, section 1)."""

import os
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from nacl import bindings
from nacl.exceptions import CryptoError

from relay_server.hashes import frame

_P: Final = 2**255 - 19


def verify(key: bytes, signature: bytes, label: str, *fields: bytes | str | int) -> bool:
    return verify_raw(key, signature, frame(label, *fields))


def verify_raw(key: bytes, signature: bytes, message: bytes) -> bool:
    if len(key) != 32 or len(signature) != 64:
        return False
    try:
        bindings.crypto_sign_open(signature + message, key)
    except CryptoError:
        return False
    return True


def is_x25519_key(key: bytes) -> bool:
    """Canonical and not of small order (section 1)."""
    if len(key) != 32 or int.from_bytes(key, "little") >= _P:
        return False
    try:
        bindings.crypto_scalarmult(bytes([8]) + bytes(30) + bytes([64]), key)
    except (CryptoError, RuntimeError):
        return False
    return True


def is_ml_kem_key(key: bytes) -> bool:
    """An ML-KEM-768 encapsulation key that readers will take (FIPS 203, 7.2)."""
    try:
        MLKEM768PublicKey.from_public_bytes(key)
    except ValueError:
        return False
    return True


class RelayKey:
    """Signs acceptances, checkpoints and cosignatures. It opens nothing: there is no decryption key here."""

    def __init__(self, seed: bytes) -> None:
        self.public, self._secret = bindings.crypto_sign_seed_keypair(seed)

    def sign(self, label: str, *fields: bytes | str | int) -> bytes:
        return self.sign_raw(frame(label, *fields))

    def sign_raw(self, message: bytes) -> bytes:
        return bindings.crypto_sign(message, self._secret)[:64]

    @classmethod
    def kept_in(cls, path: Path) -> "RelayKey":
        """The key in `path`, as `kept_seed` has it: clinics' charters name it."""
        return cls(kept_seed(path))


def kept_seed(path: Path) -> bytes:
    """The 32 bytes in `path`; drawn and kept there, readable by their owner only, where there are none yet.

    Raises PermissionError when others may read them, ValueError when they are not a key.
    """
    if not path.exists():
        _write_once(path, os.urandom(32))
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise PermissionError(f"{path} may be read by others. Run: chmod 600 {path}")
    seed = path.read_bytes()
    if len(seed) != 32:
        raise ValueError(f"{path} is not a relay key. Restore it from your back-up: others know this relay by it.")
    return seed


def _write_once(path: Path, data: bytes) -> None:
    """Whole or not at all: a key cut short by a crash would lock every clinic out at the next start."""
    scratch = path.with_suffix(".new")
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    scratch.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
