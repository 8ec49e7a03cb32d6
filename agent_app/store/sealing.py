"""Content at rest: each message under a key of its own, each key wrapped under the device's epoch key.

So deleting is destroying 72 bytes: without the wrapped key the sealed content is noise, in a copy of the file too once
the epoch key has changed.
"""

from secrets import token_bytes

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt as _decrypt,
)
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_encrypt as _encrypt,
)
from nacl.exceptions import CryptoError

from agent_app.store.errors import StoreDamaged

_NONCE = 24


class Sealing:
    """Owns the epoch key. `context` binds what is sealed to its row, so that rows cannot be swapped."""

    def __init__(self, epoch_key: bytes) -> None:
        if len(epoch_key) != 32:
            raise ValueError("the epoch key is 32 bytes")
        self._epoch_key = epoch_key

    def seal(self, content: bytes, context: bytes) -> tuple[bytes, bytes]:
        """Answers (wrapped key, sealed content)."""
        key = token_bytes(32)
        return self.wrap(key, context), _seal(key, content, context)

    def open(self, wrapped_key: bytes, sealed: bytes, context: bytes) -> bytes:
        return _open(self.unwrap(wrapped_key, context), sealed, context)

    def wrap(self, key: bytes, context: bytes) -> bytes:
        return _seal(self._epoch_key, key, b"wrap" + context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        return _open(self._epoch_key, wrapped, b"wrap" + context)


def _seal(key: bytes, content: bytes, context: bytes) -> bytes:
    nonce = token_bytes(_NONCE)
    return nonce + _encrypt(content, context, nonce, key)


def _open(key: bytes, sealed: bytes, context: bytes) -> bytes:
    try:
        return _decrypt(sealed[_NONCE:], context, sealed[:_NONCE], key)
    except (CryptoError, ValueError) as error:
        raise StoreDamaged("A stored message does not open under this device's keys. Restore the store.") from error
