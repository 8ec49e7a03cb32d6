"""The Double Ratchet with header encryption: docs/protocol.md, section 6.

https://signal.org/docs/specifications/doubleratchet/ (revision 3, "with header encryption")

A state is a value. `encrypt` and `decrypt` return the next one; what fails returns nothing, so there is no
half-changed state that a forged message could leave behind.
"""

from typing import Annotated, NamedTuple

import msgspec

from . import limits, primitives
from .encoding import Bytes32, Record, Uint, Uint32, frame
from .errors import InvalidKeyError, UndecryptableError
from .keys import SessionId, Transcript
from .labels import Label
from .pqxdh import Agreement
from .primitives import Random, dh, dh_public, hmac_sha256, seal, unseal

HEADER = 40
ENCRYPTED_HEADER = HEADER + primitives.SEAL_OVERHEAD
EncryptedHeader = Annotated[bytes, msgspec.Meta(min_length=ENCRYPTED_HEADER, max_length=ENCRYPTED_HEADER)]


class Context(NamedTuple):
    """What every message of a session is bound to."""

    transcript: Transcript
    session: SessionId


class RatchetMessage(NamedTuple):
    header: bytes  # encrypted, 80 bytes
    ciphertext: bytes


class Header(NamedTuple):
    public: bytes
    previous: int  # messages in the sender's chain before this one (PN)
    number: int  # this message's number in its chain (N)


class SkippedKey(Record, frozen=True):
    """The key of a message that has not arrived yet; `time` is when it was skipped."""

    header_key: Bytes32
    number: Uint32
    message_key: Bytes32
    time: Uint


class DoubleRatchet(Record, frozen=True):
    """One side's state. In the specification's letters: RK, DHs, DHr, CKs, CKr, HKs, HKr, NHKs, NHKr, Ns, Nr, PN."""

    root_key: Bytes32
    secret: Bytes32
    public: Bytes32
    peer_public: Bytes32 | None
    sending_chain: Bytes32 | None
    receiving_chain: Bytes32 | None
    sending_header_key: Bytes32 | None
    receiving_header_key: Bytes32 | None
    next_sending_header_key: Bytes32
    next_receiving_header_key: Bytes32
    sent: Uint32
    received: Uint32
    previous_sent: Uint32
    skipped: tuple[SkippedKey, ...]  # oldest first

    def __repr__(self) -> str:
        return f"DoubleRatchet(sent={self.sent}, received={self.received}, skipped={len(self.skipped)})"

    @classmethod
    def begin(cls, agreement: Agreement, peer_public: bytes, random: Random) -> "DoubleRatchet":
        """RatchetInitAliceHE: the initiator's first state. Draws its first ratchet secret (32)."""
        secret = random(32)
        root_key, chain, next_header_key = kdf_root(agreement.root_key, dh(secret, peer_public))
        return cls(
            root_key=root_key,
            secret=secret,
            public=dh_public(secret),
            peer_public=peer_public,
            sending_chain=chain,
            receiving_chain=None,
            sending_header_key=agreement.header_key,
            receiving_header_key=None,
            next_sending_header_key=next_header_key,
            next_receiving_header_key=agreement.next_header_key,
            sent=0,
            received=0,
            previous_sent=0,
            skipped=(),
        )

    @classmethod
    def answer(cls, agreement: Agreement, secret: bytes) -> "DoubleRatchet":
        """RatchetInitBobHE: the responder's first state, whose first pair is its signed prekey's."""
        return cls(
            root_key=agreement.root_key,
            secret=secret,
            public=dh_public(secret),
            peer_public=None,
            sending_chain=None,
            receiving_chain=None,
            sending_header_key=None,
            receiving_header_key=None,
            next_sending_header_key=agreement.next_header_key,
            next_receiving_header_key=agreement.header_key,
            sent=0,
            received=0,
            previous_sent=0,
            skipped=(),
        )

    def encrypt(self, context: Context, plaintext: bytes, random: Random) -> tuple["DoubleRatchet", RatchetMessage]:
        """Draws the header's nonce, then the message's (24 each). A responder can encrypt once it has decrypted."""
        if self.sending_chain is None or self.sending_header_key is None:
            raise ValueError("the responder speaks second")
        header = self.public + self.previous_sent.to_bytes(4, "big") + self.sent.to_bytes(4, "big")
        encrypted = seal(self.sending_header_key, random(24), frame(Label.HEADER, context.session), header)
        chain, message_key = kdf_chain(self.sending_chain)
        ciphertext = seal(message_key, random(24), _associated(context, encrypted), plaintext)
        state = msgspec.structs.replace(self, sending_chain=chain, sent=self.sent + 1)
        return state, RatchetMessage(encrypted, ciphertext)

    def decrypt(
        self, context: Context, message: RatchetMessage, random: Random, now: int
    ) -> tuple["DoubleRatchet", bytes]:
        """Draws the next ratchet secret (32) when the peer's ratchet key is new. Raises UndecryptableError."""
        state = self.forget(now)
        late = state._open_skipped(context, message)
        if late is not None:
            return late
        header, is_step = state._open_header(context, message.header)
        state._refuse_excess(header, is_step)
        if is_step:
            state = state._skip(header.previous, now)._step(header, random)
        state = state._skip(header.number, now)
        if state.receiving_chain is None:
            raise UndecryptableError
        chain, message_key = kdf_chain(state.receiving_chain)
        plaintext = unseal(message_key, _associated(context, message.header), message.ciphertext)
        return msgspec.structs.replace(state, receiving_chain=chain, received=state.received + 1), plaintext

    def forget(self, now: int) -> "DoubleRatchet":
        """Drops the skipped keys that are older than 30 days."""
        oldest = now - limits.SKIPPED_KEY_LIFE
        if not self.skipped or self.skipped[0].time >= oldest:
            return self
        return msgspec.structs.replace(self, skipped=tuple(key for key in self.skipped if key.time >= oldest))

    def _open_skipped(self, context: Context, message: RatchetMessage) -> tuple["DoubleRatchet", bytes] | None:
        for header_key in dict.fromkeys(key.header_key for key in self.skipped):
            header = _read_header(header_key, context, message.header)
            if header is None:
                continue
            for key in self.skipped:
                if key.header_key == header_key and key.number == header.number:
                    ad = _associated(context, message.header)
                    plaintext = unseal(key.message_key, ad, message.ciphertext)
                    rest = tuple(other for other in self.skipped if other is not key)
                    return msgspec.structs.replace(self, skipped=rest), plaintext
        return None

    def _open_header(self, context: Context, encrypted: bytes) -> tuple[Header, bool]:
        """The header, and whether it begins a new chain of the peer's."""
        if self.receiving_header_key is not None:
            header = _read_header(self.receiving_header_key, context, encrypted)
            if header is not None:
                return header, False
        header = _read_header(self.next_receiving_header_key, context, encrypted)
        if header is None:
            raise UndecryptableError
        return header, True

    def _refuse_excess(self, header: Header, is_step: bool) -> None:
        """Before a single key is derived: a peer must not make us work or remember without bound."""
        left = 0
        if is_step and self.receiving_chain is not None:
            left = max(0, header.previous - self.received)
        skipped = left + header.number - (0 if is_step else self.received)
        if skipped > limits.SKIPPED_KEYS.value:
            raise UndecryptableError("too many skipped messages")

    def _skip(self, until: int, now: int) -> "DoubleRatchet":
        """Keeps the keys of the receiving chain's messages up to number `until`, which have not arrived yet."""
        if self.receiving_chain is None or self.receiving_header_key is None or until <= self.received:
            return self
        chain, keys = self.receiving_chain, []
        for number in range(self.received, until):
            chain, message_key = kdf_chain(chain)
            keys.append(SkippedKey(self.receiving_header_key, number, message_key, now))
        kept = (*self.skipped, *keys)[-limits.SKIPPED_KEYS.value :]
        return msgspec.structs.replace(self, receiving_chain=chain, received=until, skipped=kept)

    def _step(self, header: Header, random: Random) -> "DoubleRatchet":
        """DHRatchetHE: a new receiving chain under the peer's new key, then a new sending chain under ours."""
        try:
            root_key, receiving, next_receiving = kdf_root(self.root_key, dh(self.secret, header.public))
            secret = random(32)
            root_key, sending, next_sending = kdf_root(root_key, dh(secret, header.public))
        except InvalidKeyError as error:
            raise UndecryptableError from error
        return msgspec.structs.replace(
            self,
            root_key=root_key,
            secret=secret,
            public=dh_public(secret),
            peer_public=header.public,
            sending_chain=sending,
            receiving_chain=receiving,
            sending_header_key=self.next_sending_header_key,
            receiving_header_key=self.next_receiving_header_key,
            next_sending_header_key=next_sending,
            next_receiving_header_key=next_receiving,
            sent=0,
            received=0,
            previous_sent=self.sent,
        )


def kdf_root(root_key: bytes, product: bytes) -> tuple[bytes, bytes, bytes]:
    """KDF_RK_HE: (root key, chain key, next header key)."""
    derived = primitives.kdf(product, root_key, Label.ROOT, length=96)
    return derived[:32], derived[32:64], derived[64:]


def kdf_chain(chain_key: bytes) -> tuple[bytes, bytes]:
    """KDF_CK: (next chain key, message key)."""
    return hmac_sha256(chain_key, b"\x02"), hmac_sha256(chain_key, b"\x01")


def _associated(context: Context, encrypted_header: bytes) -> bytes:
    return frame(Label.RATCHET, context.transcript, context.session, encrypted_header)


def _read_header(key: bytes, context: Context, encrypted: bytes) -> Header | None:
    """None when `key` is not the header's: trying is how a receiver finds the chain."""
    try:
        header = unseal(key, frame(Label.HEADER, context.session), encrypted)
    except UndecryptableError:
        return None
    return Header(header[:32], int.from_bytes(header[32:36], "big"), int.from_bytes(header[36:], "big"))
