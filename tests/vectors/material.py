"""What the generators share: reproducible randomness, devices of one clinic, and bytes as hex."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agent_app.protocol.encoding import Field, encode
from agent_app.protocol.keys import ClinicId, DeviceKeys, DeviceKind, LocalDevice
from agent_app.protocol.labels import Label
from agent_app.protocol.prekeys import Bundle, PrekeyPair
from agent_app.protocol.primitives import labelled_hash
from tests.vectors import mlkem

Fields = dict[str, Any]
Case = tuple[str, str, Fields]  # topic, name, fields

NOW = 1_790_000_000_000  # milliseconds
DAY = 86_400_000
CLINIC = ClinicId(labelled_hash(Label.CLINIC, "the vectors' clinic"))


class Randomness:
    """`Random` that repeats: BLAKE2b-512 of the name and a counter, end to end. `drawn` is all that was taken."""

    def __init__(self, name: str) -> None:
        self._blocks = self._stream(name)
        self.drawn = b""

    @staticmethod
    def _stream(name: str) -> Iterator[int]:
        counter = 0
        while True:
            yield from hashlib.blake2b(f"sealdesk vectors/{name}/{counter}".encode()).digest()
            counter += 1

    def __call__(self, length: int) -> bytes:
        taken = bytes(next(self._blocks) for _ in range(length))
        self.drawn += taken
        return taken

    def encapsulate(self, public: bytes) -> tuple[bytes, bytes]:
        """As `primitives.kem_encapsulate`, with 32 bytes drawn from here."""
        return mlkem.encapsulate(public, self(32))

    def since(self, mark: int) -> str:
        """Hex of what was drawn after the first `mark` bytes."""
        return self.drawn[mark:].hex()


@dataclass(frozen=True)
class Prekeys:
    """A device's published pairs."""

    signed: PrekeyPair
    kem: PrekeyPair
    one_time: PrekeyPair

    def held(self) -> dict[int, PrekeyPair]:
        return {pair.prekey.id: pair for pair in (self.signed, self.kem, self.one_time)}


def device(name: str, kind: DeviceKind = "agent", *, cosigning: bool = False) -> LocalDevice:
    """The device of this name: the same one in every vector."""
    keys = DeviceKeys.generate(Randomness(f"device/{name}"), cosigning=cosigning)
    return LocalDevice(keys, keys.certify(CLINIC, kind, NOW - DAY))


def prekeys(owner: LocalDevice, first: int = 1, life: int | None = None) -> Prekeys:
    """`life` in milliseconds; where it is not given, as long as section 4 says."""
    random = Randomness(f"prekeys/{owner.device.hex()}/{first}")
    return Prekeys(
        PrekeyPair.make(owner, "signed", first, NOW + (life or 14 * DAY), random),
        PrekeyPair.make(owner, "kem-once", first + 1, NOW + (life or 30 * DAY), random),
        PrekeyPair.make(owner, "one-time", first + 2, NOW + (life or 30 * DAY), random),
    )


def bundle(owner: LocalDevice, own: Prekeys, *, one_time: bool = True) -> Bundle:
    once = encode(own.one_time.prekey) if one_time else None
    return Bundle(owner.certificate.encoded, encode(own.signed.prekey), encode(own.kem.prekey), once)


def device_fields(owner: LocalDevice) -> Fields:
    keys = owner.keys
    return {
        "signing_seed": keys.signing,
        "identity_secret": keys.identity,
        "mailbox_seed": keys.mailbox,
        "cosigning_seed": keys.cosigning,
        "certificate": owner.certificate.encoded,
        "device": owner.device,
    }


def pair_fields(pair: PrekeyPair) -> Fields:
    prekey = pair.prekey
    return {"id": prekey.id, "kind": prekey.kind, "prekey": encode(prekey), "secret": pair.secret}


def flip(data: bytes, index: int = -1, mask: int = 1) -> bytes:
    """`data` with one bit changed."""
    changed = bytearray(data)
    changed[index] ^= mask
    return bytes(changed)


def ok(comment: str, **fields: Any) -> Fields:
    return fault("ok", comment, **fields)


def fault(expect: str, comment: str, **fields: Any) -> Fields:
    """A case's fields, bytes written as hex."""
    return {"comment": comment, "expect": expect, **plain(fields)}


def plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def field_list(fields: tuple[Field, ...]) -> list[Fields]:
    def one(field: Field) -> Fields:
        if isinstance(field, bytes):
            return {"bytes": field}
        return {"text": field} if isinstance(field, str) else {"uint": field}

    return [one(field) for field in fields]
