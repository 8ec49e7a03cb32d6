"""Cryptographic primitives with the protocol's own faces: docs/protocol.md, section 1.

Everything is done by libsodium (PyNaCl), OpenSSL (cryptography) or the standard library; here are only
lengths, labels and refusals. Secrets and keys are plain bytes. Randomness is always an argument.
"""

import hashlib
import hmac
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id

from .encoding import Field, frame
from .errors import InvalidKeyError, UndecryptableError
from .labels import Label

Random = Callable[[int], bytes]  # n -> n bytes that nobody else knows
Encapsulate = Callable[[bytes], tuple[bytes, bytes]]  # ML-KEM public key -> (ciphertext, shared secret)

KEY = 32
NONCE = 24
SEAL_OVERHEAD = 40
KEM_PUBLIC = 1184
KEM_CIPHERTEXT = 1088
KEM_SEED = 64

_P = 2**255 - 19
# The canonical u-coordinates whose product with every clamped scalar is zero: the points of order 1, 2, 4 and 8.
_SMALL_ORDER = frozenset(
    {
        0,
        1,
        _P - 1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
    }
)


def equal(a: bytes, b: bytes) -> bool:
    """Whether two secrets are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(a, b)


# Hash, MAC, KDF


def labelled_hash(label: Label, *fields: Field) -> bytes:
    """H of the specification: BLAKE2b-256 of the frame, 32 bytes."""
    return hashlib.blake2b(frame(label, *fields), digest_size=32).digest()


def labelled_hasher(label: Label, length: int) -> "hashlib.blake2b":
    """H(label, data) for `data` of `length` bytes that arrives in pieces: `update` with them, then `digest`."""
    return hashlib.blake2b(frame(label) + length.to_bytes(4, "big"), digest_size=32)


def mac(key: bytes, label: Label, *fields: Field) -> bytes:
    """HMAC-SHA-256 of the frame, 32 bytes."""
    return hmac_sha256(key, frame(label, *fields))


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def kdf(ikm: bytes, salt: bytes, label: Label, *fields: Field, length: int) -> bytes:
    """HKDF-SHA-512 whose info is the frame."""
    return hkdf_sha512(ikm, salt, frame(label, *fields), length)


def hkdf_sha512(ikm: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA512(), length, salt, info).derive(ikm)


# Ed25519


def stretch(words: bytes, salt: bytes) -> bytes:
    """Argon2id, 32 bytes, 3 passes over 64 MiB: for what people read to one another. The salt is 16 bytes."""
    return argon2id.kdf(32, words, salt, opslimit=3, memlimit=64 * 1024 * 1024)


def signing_public(seed: bytes) -> bytes:
    """The public key of a 32-byte seed."""
    return sodium.crypto_sign_seed_keypair(_sized(seed, KEY))[0]


def sign(seed: bytes, label: Label, *fields: Field) -> bytes:
    """The 64-byte signature over the frame."""
    return sign_bytes(seed, frame(label, *fields))


def verify(public: bytes, signature: bytes, label: Label, *fields: Field) -> bool:
    """Whether `signature` over the frame is by the owner of `public`."""
    return verify_bytes(public, signature, frame(label, *fields))


def sign_bytes(seed: bytes, message: bytes) -> bytes:
    """For formats with a framing of their own (signed notes); everything else goes through `sign`."""
    secret = sodium.crypto_sign_seed_keypair(_sized(seed, KEY))[1]
    return sodium.crypto_sign(message, secret)[:64]


def verify_bytes(public: bytes, signature: bytes, message: bytes) -> bool:
    if len(public) != KEY or len(signature) != 64:
        return False
    try:
        sodium.crypto_sign_open(signature + message, public)
    except CryptoError:
        return False
    return True


# X25519


def check_point(public: bytes) -> bytes:
    """Returns a usable X25519 public key as it came; raises InvalidKeyError for every other.

    libsodium accepts several spellings of one point, which would give one device several identities, and the
    points of small order, with which a peer could force a secret that is known beforehand.
    """
    value = int.from_bytes(_sized(public, KEY), "little")
    if value >= _P or value in _SMALL_ORDER:
        raise InvalidKeyError("X25519 public key")
    return public


def dh_public(secret: bytes) -> bytes:
    return sodium.crypto_scalarmult_base(_sized(secret, KEY))


def dh(secret: bytes, public: bytes) -> bytes:
    """The shared 32 bytes. Raises InvalidKeyError for a point that is refused."""
    return sodium.crypto_scalarmult(_sized(secret, KEY), check_point(public))


# ML-KEM-768


def kem_public(seed: bytes) -> bytes:
    """The 1,184-byte encapsulation key of a 64-byte seed `d || z`."""
    return MLKEM768PrivateKey.from_seed_bytes(_sized(seed, KEM_SEED)).public_key().public_bytes_raw()


def kem_check(public: bytes) -> bytes:
    """Returns a valid encapsulation key as it came (FIPS 203, 7.2); raises InvalidKeyError for every other."""
    _kem_key(public)
    return public


def kem_encapsulate(public: bytes) -> tuple[bytes, bytes]:
    """(ciphertext of 1,088 bytes, shared secret of 32). The library draws the randomness itself."""
    secret, ciphertext = _kem_key(public).encapsulate()
    return ciphertext, secret


def kem_decapsulate(seed: bytes, ciphertext: bytes) -> bytes:
    """The shared secret; for a ciphertext not made for this key, a pseudorandom one (FIPS 203's implicit rejection)."""
    return MLKEM768PrivateKey.from_seed_bytes(_sized(seed, KEM_SEED)).decapsulate(_sized(ciphertext, KEM_CIPHERTEXT))


def _kem_key(public: bytes) -> MLKEM768PublicKey:
    try:
        return MLKEM768PublicKey.from_public_bytes(_sized(public, KEM_PUBLIC))
    except ValueError as error:
        raise InvalidKeyError("ML-KEM-768 public key") from error


# Authenticated encryption


def seal(key: bytes, nonce: bytes, ad: bytes, plaintext: bytes) -> bytes:
    """`nonce || ciphertext || tag`, 40 bytes longer than the plaintext. The nonce is 24 random bytes, always."""
    return nonce + sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, ad, _sized(nonce, NONCE), key)


def unseal(key: bytes, ad: bytes, sealed: bytes) -> bytes:
    """`Open` of the specification. Raises UndecryptableError, whatever is wrong."""
    if len(sealed) < SEAL_OVERHEAD:
        raise UndecryptableError
    try:
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[NONCE:], ad, sealed[:NONCE], key)
    except CryptoError as error:
        raise UndecryptableError from error


def _sized(value: bytes, length: int) -> bytes:
    if len(value) != length:
        raise InvalidKeyError(f"{len(value)} bytes where {length} are needed")
    return value
