"""How people compare a clinic's fingerprint: docs/protocol.md section 14.1.

200 of its 256 bits, in ten groups of four letters: enough that nobody finds a second clinic with the same text.
"""

import base64
import binascii
import hmac

from agent_app.protocol.errors import InvalidKeyError

_BYTES = 25
_EXPECTED = "a clinic's fingerprint has ten groups of four letters or digits"


def to_text(clinic: bytes) -> str:
    """`abcd efgh ...`"""
    letters = base64.b32encode(clinic[:_BYTES]).decode().lower()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def matches(clinic: bytes, text: str) -> bool:
    """Whether `text`, as typed or pasted by a person, names `clinic`.

    Groups may be parted by spaces or hyphens; case does not matter; the full 64 hex digits will do as well.
    Raises InvalidKeyError when the text is no fingerprint at all.
    """
    letters = "".join(text.split()).replace("-", "").lower()
    try:
        if len(letters) == 64:
            return hmac.compare_digest(clinic, bytes.fromhex(letters))
        shortened = base64.b32decode(letters.upper())
    except (ValueError, binascii.Error) as error:
        raise InvalidKeyError(
            "this is not a clinic's fingerprint: it has ten groups of four letters or digits"
        ) from error
    if len(shortened) != _BYTES:
        raise InvalidKeyError(_EXPECTED)
    return hmac.compare_digest(clinic[:_BYTES], shortened)
