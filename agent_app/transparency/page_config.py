"""The patient page's configuration, signed by an administrator: docs/protocol.md section 17.1.

Who hosts the page can always serve other code; who can only change a file beside it must not be able to point
patients at another relay or clinic.
"""

import base64
import binascii
from typing import Annotated, Literal

import msgspec

from agent_app.protocol import primitives
from agent_app.protocol.encoding import B32, Record, Uint, decode, encode
from agent_app.protocol.errors import (
    InvalidStatementError,
    MalformedError,
    NotCanonicalError,
    RefusedStatementError,
)
from agent_app.protocol.keys import SUITE, ClinicId, check_suite
from agent_app.protocol.labels import Label
from agent_app.protocol.limits import NAME, NOTE, Limit
from agent_app.transparency.roster import Roster

CONFIG = Limit("page configuration", 16 * 1024, "an origin, hours and a telephone number")


class PageConfig(Record, frozen=True):
    """What the page needs to know before it knows anything. `time` in milliseconds."""

    suite: str
    kind: Literal["page"]
    clinic: Annotated[ClinicId, B32]
    origin: str
    hours: str
    phone: str
    time: Uint


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    payload: str
    administrator: str
    signature: str


def build(clinic: ClinicId, origin: str, hours: str, phone: str, time: int, admin: bytes) -> bytes:
    """The file's text, ASCII JSON; `admin` is an administrator's 32-byte seed."""
    payload = encode(PageConfig(SUITE, "page", clinic, origin, hours, phone, time))
    signature = primitives.sign(admin, Label.PAGE_CONFIG, payload)
    texts = base64.b64encode(payload).decode(), base64.b64encode(signature).decode()
    fields = _File(texts[0], primitives.signing_public(admin).hex(), texts[1])
    return msgspec.json.encode(fields) + b"\n"


def verify(raw: bytes, roster: Roster) -> PageConfig:
    """The configuration in a file's bytes.

    Raises MalformedError and other EncodingErrors, InvalidStatementError for a signature that does not hold, and
    RefusedStatementError where the signer is no administrator now, or the clinic another.
    """
    payload, administrator, signature = _taken_apart(raw)
    config = decode(payload, PageConfig)
    check_suite(config.suite)
    NAME.check_text(config.origin)
    NOTE.check_text(config.hours)
    NAME.check_text(config.phone)
    if not primitives.verify(administrator, signature, Label.PAGE_CONFIG, payload):
        raise InvalidStatementError("the signature under the page's configuration")
    if config.clinic != roster.clinic or not roster.is_administrator(administrator):
        raise RefusedStatementError("the page's configuration is not signed by an administrator of this clinic")
    return config


def _taken_apart(raw: bytes) -> tuple[bytes, bytes, bytes]:
    CONFIG.check(len(raw))
    try:
        fields = msgspec.json.decode(raw, type=_File)
        decoded = tuple(base64.b64decode(text, validate=True) for text in (fields.payload, fields.signature))
        administrator = bytes.fromhex(fields.administrator)
    except (msgspec.DecodeError, UnicodeDecodeError, binascii.Error, ValueError) as error:
        raise MalformedError("the page's configuration") from error
    if administrator.hex() != fields.administrator:
        raise MalformedError("the page's configuration: hex")
    # Bits that no byte needs would give one file many spellings.
    if tuple(base64.b64encode(data).decode() for data in decoded) != (fields.payload, fields.signature):
        raise NotCanonicalError("the page's configuration: base64")
    return decoded[0], administrator, decoded[1]
