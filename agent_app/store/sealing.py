"""Content at rest: each message under a key of its own, each key wrapped under the device's epoch key.

So deleting is destroying 72 bytes: without the wrapped key the sealed content is noise, in a copy of the file too once
the epoch key has changed.
"""

from secrets import token_bytes

from agent_app.protocol import primitives
from agent_app.protocol.errors import UndecryptableError
from agent_app.store.errors import StoreDamaged

_MARK = b"epoch"


class Sealing:
    """Owns the epoch key. `context` binds what is sealed to its row, so that rows cannot be swapped."""

    def __init__(self, epoch_key: bytes) -> None:
        if len(epoch_key) != 32:
            raise ValueError("the epoch key is 32 bytes")
        self._epoch_key = epoch_key

    def renew(self, epoch_key: bytes) -> None:
        """From now on everything is wrapped under this one; what lies in the store must be already."""
        self._epoch_key = epoch_key

    def mark(self) -> bytes:
        """Tells later whether a key is this one, and nothing of it."""
        return self.wrap(bytes(32), _MARK)

    def made(self, mark: bytes) -> bool:
        try:
            return self.unwrap(mark, _MARK) == bytes(32)
        except StoreDamaged:
            return False

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
    return primitives.seal(key, token_bytes(primitives.NONCE), context, content)


def _open(key: bytes, sealed: bytes, context: bytes) -> bytes:
    try:
        return primitives.unseal(key, context, sealed)
    except UndecryptableError as error:
        raise StoreDamaged("something stored does not open under this device's keys") from error
