"""The two lines that people carry between an administrator and a workstation."""

import base64
from dataclasses import dataclass
from typing import Annotated

import msgspec

ADDRESS_PREFIX = "sealdesk-clinic:"
REQUEST_PREFIX = "sealdesk-enrol:"
_LONGEST = 4_096


class AddressRefused(ValueError):
    """What was pasted is not what it should be. The message says what to do."""


class _Address(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    origin: Annotated[str, msgspec.Meta(max_length=512)]
    clinic: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]


@dataclass(frozen=True, slots=True)
class ClinicAddress:
    """Where the clinic's relay is, and the fingerprint (32 bytes) that its log must have."""

    origin: str
    clinic: bytes

    def text(self) -> str:
        return ADDRESS_PREFIX + to_text(msgspec.msgpack.encode(_Address(self.origin, self.clinic)))

    @classmethod
    def parse(cls, text: str) -> "ClinicAddress":
        try:
            address = msgspec.msgpack.decode(from_text(ADDRESS_PREFIX, text), type=_Address)
        except msgspec.DecodeError as error:
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
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise _refused(prefix) from error


def _refused(prefix: str) -> AddressRefused:
    return AddressRefused(f"This is not a whole line beginning with {prefix} Copy it again, all of it.")
