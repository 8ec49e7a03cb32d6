"""Slots: what carries a message's key to one device: docs/protocol.md, sections 8.2 and 8.3."""

from typing import Annotated, Any

import msgspec

from . import limits
from .double_ratchet import EncryptedHeader, RatchetMessage
from .encoding import B16, B32, Bytes32, Bytes64, Record, Uint32, decode, encode, pad, unpad
from .errors import MalformedError
from .invitation import InvitationProof
from .keys import MessageId, SessionId, StreamId
from .pqxdh import Handshake, KemCiphertext
from .prekeys import Offer
from .primitives import SEAL_OVERHEAD

INIT_LENGTH, NEXT_LENGTH, OFFER_LENGTH = 512, 160, 2048

_Ciphertext = Annotated[bytes, msgspec.Meta(min_length=SEAL_OVERHEAD, max_length=SEAL_OVERHEAD + OFFER_LENGTH)]


class InitSlot(Record, frozen=True, tag="init"):
    """Begins a session, and repeats its beginning until the initiator has heard from the responder."""

    session: Annotated[SessionId, B16]
    certificate: bytes
    ephemeral: Bytes32
    signed_id: Uint32
    one_time_id: Uint32 | None
    kem_id: Uint32
    kem_ciphertext: KemCiphertext
    header: EncryptedHeader
    ciphertext: _Ciphertext

    @property
    def handshake(self) -> Handshake:
        return Handshake(self.ephemeral, self.signed_id, self.one_time_id, self.kem_id, self.kem_ciphertext)

    @property
    def message(self) -> RatchetMessage:
        return RatchetMessage(self.header, self.ciphertext)


class NextSlot(Record, frozen=True, tag="next"):
    session: Annotated[SessionId, B16]
    header: EncryptedHeader
    ciphertext: _Ciphertext

    @property
    def message(self) -> RatchetMessage:
        return RatchetMessage(self.header, self.ciphertext)


Slot = InitSlot | NextSlot


def read_slot(encoded: bytes) -> Slot:
    """Raises LimitError or an EncodingError."""
    limits.SLOT.check(len(encoded))
    slot: Any = decode(encoded, Slot)
    return slot  # type: ignore[no-any-return]


class Proof(Record, frozen=True):
    """In every init slot: the initiator's signature over the transcript, and an invited patient's proof."""

    handshake: Bytes64
    invitation: InvitationProof | None


NO_STREAM = StreamId(bytes(32))
"""What a signal's slot names instead of a stream (section 22): no hash comes out as zeros."""


class SlotPlaintext(Record, frozen=True):
    """The key of one body, and which body and message it is for."""

    message_key: Bytes32
    body_hash: Bytes32
    stream: Annotated[StreamId, B32]
    message: Annotated[MessageId, B16]
    proof: Proof | None
    offer: Offer | None

    def __post_init__(self) -> None:
        if self.is_signal and (self.proof is not None or self.offer is not None):
            raise ValueError("a signal neither begins a session nor renews one")

    def __repr__(self) -> str:
        return f"SlotPlaintext({self.message.hex()})"

    @property
    def is_signal(self) -> bool:
        """Whether what it carries is a hint about this moment, and no message."""
        return self.stream == NO_STREAM

    def to_bytes(self) -> bytes:
        """Encoded and padded to one of three lengths, so that a slot's size tells only its kind."""
        return pad(encode(self), self._length)

    @classmethod
    def from_bytes(cls, padded: bytes) -> "SlotPlaintext":
        plaintext = decode(unpad(padded), cls)
        if len(padded) != plaintext._length:
            raise MalformedError("length of a slot's plaintext")
        return plaintext

    @property
    def _length(self) -> int:
        if self.offer is not None:
            return OFFER_LENGTH
        return NEXT_LENGTH if self.proof is None else INIT_LENGTH
