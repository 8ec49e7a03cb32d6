"""A bundle of evidence: docs/protocol.md section 15.1. Here is its form; `verifier` judges what it says."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from agent_app.protocol import primitives
from agent_app.protocol.encoding import B16, B32, Bytes32, Bytes64, Record, Uint, decode, encode
from agent_app.protocol.events import SignedContent
from agent_app.protocol.keys import (
    SUITE,
    ClinicId,
    DeliveryHash,
    DeviceId,
    EnvelopeId,
    LocalDevice,
    MailboxId,
    check_suite,
)
from agent_app.protocol.labels import Label
from agent_app.protocol.limits import Limit
from agent_app.protocol.receipt import Accepted, Receipt

BUNDLE = Limit("bundle", 512 * 1024 * 1024, "years of one clinic's messages, still read at once")

# ["SD1", "bundle", ... as a payload begins.
_MARK = encode(SUITE) + encode("bundle")


class EpochKey(Record, frozen=True):
    epoch: Uint
    key: Bytes32


class DeviceLog(Record, frozen=True):
    """A device's audit log up to a witnessed checkpoint, and the epoch keys that the exporter discloses."""

    device: Annotated[DeviceId, B32]
    leaves: tuple[bytes, ...]
    checkpoint: str
    epoch_keys: tuple[EpochKey, ...]


class Delivery(Record, frozen=True):
    """One envelope's way to one mailbox. It names its content by the exporter's word only: bodies are not kept."""

    sender: Annotated[MailboxId, B32]
    recipient: Annotated[MailboxId, B32]
    envelope: Annotated[EnvelopeId, B16]
    body_hash: Bytes32
    slot_hash: Bytes32
    accepted: Accepted | None
    delivered: Receipt | None

    @property
    def hash(self) -> DeliveryHash:
        fields = (self.sender, self.recipient, self.envelope, self.body_hash, self.slot_hash)
        return DeliveryHash(primitives.labelled_hash(Label.DELIVERY, *fields))


class Sent(Record, frozen=True):
    """A message as it was signed, and its deliveries, as far as the exporter knows them."""

    content: bytes
    signature: Bytes64
    deliveries: tuple[Delivery, ...]

    @property
    def signed(self) -> SignedContent:
        return SignedContent(self.content, self.signature)


class Payload(Record, frozen=True):
    suite: str
    kind: Literal["bundle"]
    clinic: Annotated[ClinicId, B32]
    exporter: Annotated[DeviceId, B32]
    time: Uint
    statements: tuple[bytes, ...]
    checkpoint: str
    logs: tuple[DeviceLog, ...]
    messages: tuple[Sent, ...]


class Bundle(Record, frozen=True):
    payload: bytes
    signature: Bytes64


def build(
    exporter: LocalDevice,
    time: int,
    statements: Sequence[bytes],
    checkpoint: str,
    logs: Iterable[DeviceLog],
    messages: Iterable[Sent],
) -> bytes:
    """The bundle's bytes under the exporter's signature. `checkpoint` is the relay's note for all `statements`."""
    clinic = exporter.certificate.clinic
    parts = (tuple(statements), checkpoint, tuple(logs), tuple(messages))
    payload = encode(Payload(SUITE, "bundle", clinic, exporter.device, time, *parts))
    return encode(Bundle(payload, primitives.sign(exporter.keys.signing, Label.BUNDLE, payload)))


def parse(raw: bytes) -> tuple[Bundle, Payload]:
    """Takes a bundle apart. Raises an EncodingError, LimitError or UnknownSuiteError."""
    BUNDLE.check(len(raw))
    bundle = decode(raw, Bundle)
    payload = decode(bundle.payload, Payload)
    check_suite(payload.suite)
    return bundle, payload


def is_recognisable(raw: bytes) -> bool:
    """Whether a file was meant to be a bundle. It has two marks, so that damage to one of them is still damage."""
    return raw[:1] == b"\x92" or _MARK in raw[:32]
