"""The two lines that people carry between an administrator and a workstation."""

import base64
from dataclasses import dataclass
from typing import Annotated

import msgspec

from agent_app.protocol.encoding import Bytes32, Record, decode, encode
from agent_app.protocol.errors import EncodingError, SpokenError

ADDRESS_PREFIX = "sealdesk-clinic:"
REQUEST_PREFIX = "sealdesk-enrol:"
_LONGEST = 4_096


class AddressRefused(SpokenError, ValueError):
    """What was pasted is not what it should be."""

    code = "address.refused"
    sentence = "This is not a whole line that begins with {prefix}"
    action = "Copy it again, all of it."


class _Address(Record, frozen=True):
    origin: Annotated[str, msgspec.Meta(max_length=512)]
    clinic: Bytes32


@dataclass(frozen=True, slots=True)
class ClinicAddress:
    """Where the clinic's relay is, and the fingerprint (32 bytes) that its log must have."""

    origin: str
    clinic: bytes

    def text(self) -> str:
        return ADDRESS_PREFIX + to_text(encode(_Address(self.origin, self.clinic)))

    @classmethod
    def parse(cls, text: str) -> "ClinicAddress":
        try:
            address = decode(from_text(ADDRESS_PREFIX, text), _Address)
        except EncodingError as error:
            raise _refused(ADDRESS_PREFIX) from error
        return cls(address.origin, address.clinic)


def to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_text(prefix: str, text: str) -> bytes:
    """The bytes behind `prefix`. Raises AddressRefused."""
    text = "".join(text.split())
    if not text.startswith(prefix) or len(text) > _LONGEST:
        raise _refused(prefix)
    encoded = text.removeprefix(prefix)
    try:
        data = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise _refused(prefix) from error
    if to_text(data) != encoded:
        raise _refused(prefix)
    return data


def _refused(prefix: str) -> AddressRefused:
    return AddressRefused(prefix=prefix)
