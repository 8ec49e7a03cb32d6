"""A clinic, its devices and its patients, made from docs/protocol.md alone: the relay's tests share no code with it.

Everything here is what an honest client would send; tests bend it.
"""

import base64
import os
import time
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from typing import Any

import msgspec
from nacl import bindings

encode = msgspec.msgpack.encode
decode = msgspec.msgpack.decode

HOUR = 3_600_000


def now() -> int:
    return time.time_ns() // 1_000_000


def frame(label: str, *fields: bytes | str | int) -> bytes:
    def lp(value: bytes | str | int) -> bytes:
        data = value.encode() if isinstance(value, str) else value
        data = data.to_bytes(8, "big") if isinstance(data, int) else data
        return len(data).to_bytes(4, "big") + data

    return lp("sealdesk/1/" + label) + b"".join(map(lp, fields))


def H(label: str, *fields: bytes | str | int) -> bytes:
    return blake2b(frame(label, *fields), digest_size=32).digest()


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def root_of(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, as it is written there: `leaves` are the entries."""
    if not leaves:
        return sha256().digest()
    return _root([sha256(b"\x00" + leaf).digest() for leaf in leaves])


def _root(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    at = _split(len(hashes))
    return sha256(b"\x01" + _root(hashes[:at]) + _root(hashes[at:])).digest()


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def hash_root(hashes: list[bytes]) -> bytes:
    """The root over leaf *hashes*, as acceptances have it (13.2)."""
    return _root(hashes)


def consistency(old: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.2."""

    def sub(m: int, hashes: list[bytes], whole: bool) -> list[bytes]:
        if m == len(hashes):
            return [] if whole else [_root(hashes)]
        at = _split(len(hashes))
        if m <= at:
            return [*sub(m, hashes[:at], whole), _root(hashes[at:])]
        return [*sub(m - at, hashes[at:], False), _root(hashes[:at])]

    return sub(old, [sha256(b"\x00" + leaf).digest() for leaf in leaves], True) if old else []


class SigningKey:
    def __init__(self, seed: bytes | None = None) -> None:
        self.seed = seed or os.urandom(32)
        self.public, self._secret = bindings.crypto_sign_seed_keypair(self.seed)

    def raw(self, message: bytes) -> bytes:
        return bindings.crypto_sign(message, self._secret)[:64]

    def sign(self, label: str, *fields: bytes | str | int) -> bytes:
        return self.raw(frame(label, *fields))


def verifies(key: bytes, signature: bytes, message: bytes) -> bool:
    return bindings.crypto_sign_open(signature + message, key) == message


# --- Notes


def note_line(name: str, key: SigningKey, text: str) -> str:
    return _line(name, key, 1, key.raw(text.encode()))


def cosignature_line(name: str, key: SigningKey, text: str, seconds: int) -> str:
    signature = key.raw(f"cosignature/v1\ntime {seconds}\n{text}".encode())
    return _line(name, key, 4, seconds.to_bytes(8, "big") + signature)


def _line(name: str, key: SigningKey, kind: int, signature: bytes) -> str:
    key_id = sha256(name.encode() + b"\n" + bytes([kind]) + key.public).digest()[:4]
    return f"\u2014 {name} {base64.b64encode(key_id + signature).decode()}\n"


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


# --- Devices


def ml_kem_key() -> bytes:
    """An encapsulation key that is valid and of no use: its polynomials are zero, and only its seed is drawn."""
    return bytes(1_152) + os.urandom(32)


@dataclass
class Device:
    """One device's secrets. `kind` is "agent" or "patient"."""

    clinic: bytes
    kind: str = "agent"
    cosigns: bool = False
    signing: SigningKey = field(default_factory=SigningKey)
    mailbox_key: SigningKey = field(default_factory=SigningKey)
    cosigning: SigningKey = field(default_factory=SigningKey)
    audit: list[bytes] = field(default_factory=list)
    _prekey_id: int = 0

    def __post_init__(self) -> None:
        identity = bindings.crypto_scalarmult_base(os.urandom(32))
        cosigning = self.cosigning.public if self.cosigns else b""
        keys = (self.signing.public, identity, self.mailbox_key.public, cosigning)
        self.core = encode(["SD1", self.clinic, self.kind, *keys, now()])
        self.certificate = encode([self.core, self.signing.sign("certificate", self.core)])
        self.id = H("device-id", self.core)
        self.mailbox = self.mailbox_key.public

    def prekey(self, kind: str, expires: int | None = None) -> bytes:
        self._prekey_id += 1
        x25519 = kind in ("signed", "one-time")
        public = bindings.crypto_scalarmult_base(os.urandom(32)) if x25519 else ml_kem_key()
        expires = expires or now() + 10 * 24 * HOUR
        signature = self.signing.sign("prekey", self.id, kind, self._prekey_id, public, expires)
        return encode([kind, self._prekey_id, public, expires, signature])

    def prekeys(self, once: int = 2, reset: bool = False) -> list[Any]:
        return [
            self.certificate,
            self.prekey("signed"),
            self.prekey("kem-last"),
            [self.prekey("one-time") for _ in range(once)],
            [self.prekey("kem-once") for _ in range(once)],
            reset,
        ]

    def receipt(self, sender: bytes, delivery: bytes, status: str = "delivered", reason: str = "") -> list[bytes]:
        payload = encode([status, reason, self.mailbox, sender, delivery, 1, b"", now()])
        return [payload, self.mailbox_key.sign("receipt", payload)]

    def invitation(self, token: bytes, **changes: Any) -> list[bytes]:
        created = changes.get("created", now())
        registration = encode(
            [
                "SD1",
                changes.get("clinic", self.clinic),
                changes.get("id", os.urandom(16)),
                H("invitation-token-hash", token),
                changes.get("issuer", self.id),
                changes.get("checkers", [self.id]),
                created,
                changes.get("expires", created + HOUR),
            ]
        )
        return [registration, self.signing.sign("invitation", registration)]

    def audit_checkpoint(self, size: int | None = None) -> str:
        leaves = self.audit if size is None else self.audit[:size]
        text = checkpoint_text(f"sealdesk/audit/{self.id.hex()}", len(leaves), root_of(leaves))
        return text + "\n" + note_line(f"sealdesk/device/{self.id.hex()}", self.signing, text)

    def witness_request(self, old: int) -> str:
        proof = "".join(base64.b64encode(node).decode() + "\n" for node in consistency(old, self.audit))
        return f"old {old}\n{proof}\n{self.audit_checkpoint()}"


@dataclass
class Administrator:
    key: SigningKey = field(default_factory=SigningKey)
    cosigning: SigningKey = field(default_factory=SigningKey)
    person: bytes = field(default_factory=lambda: os.urandom(16))

    def entry(self) -> list[bytes]:
        return [self.key.public, self.cosigning.public, self.person]


POLICY = [120, 0, True, True, 48, 72]


class Clinic:
    """Administrators and the log they sign. `statements` is the log as its honest readers hold it."""

    def __init__(self, administrators: int = 1, threshold: int = 1, name: str = "Praxis am Markt") -> None:
        self.administrators = [Administrator() for _ in range(administrators)]
        self.statements: list[bytes] = []
        recipient = [bindings.crypto_scalarmult_base(os.urandom(32)), ml_kem_key()]
        entries = [administrator.entry() for administrator in self.administrators]
        relay = [os.urandom(32), "http://127.0.0.1"]
        charter = ["charter", name, "Europe/Berlin", entries, threshold, relay, recipient, POLICY]
        payload = self.payload(charter, clinic=b"")
        self.fingerprint = H("clinic", payload)
        self.statements.append(self.signed(payload, self.administrators))

    @property
    def head(self) -> str:
        return self.head_at(len(self.statements))

    def head_at(self, size: int) -> str:
        return f"{size}.{b64url(root_of(self.statements[:size]))}"

    def payload(self, action: list[Any], **changes: Any) -> bytes:
        return encode(
            [
                "SD1",
                changes.get("clinic", getattr(self, "fingerprint", b"")),
                changes.get("index", len(self.statements)),
                changes.get("root", root_of(self.statements)),
                now(),
                action,
            ]
        )

    def signed(self, payload: bytes, signers: list[Administrator] | None = None) -> bytes:
        signers = self.administrators[:1] if signers is None else signers
        return encode([payload, [[a.key.public, a.key.sign("statement", payload)] for a in signers]])

    def statement(self, action: list[Any], signers: list[Administrator] | None = None, **changes: Any) -> bytes:
        return self.signed(self.payload(action, **changes), signers)

    def admission(self, device: Device, role: str = "agent") -> list[Any]:
        return ["device", device.certificate, os.urandom(16), role, os.urandom(32)]

    def checkpoint(self, size: int | None = None) -> str:
        size = len(self.statements) if size is None else size
        return checkpoint_text(f"sealdesk/clinic/{self.fingerprint.hex()}", size, root_of(self.statements[:size]))

    def cosigned(self, key: SigningKey, seconds: int | None = None, size: int | None = None) -> str:
        text = self.checkpoint(size)
        seconds = int(time.time()) if seconds is None else seconds
        return text + "\n" + cosignature_line(f"sealdesk/cosigner/{key.public.hex()}", key, text, seconds)


def envelope(*recipients: bytes, body: bytes | None = None, id: bytes | None = None) -> list[Any]:
    slots = [[mailbox, os.urandom(250)] for mailbox in recipients]
    return [id or os.urandom(16), os.urandom(296) if body is None else body, slots]


def delivery_hash(sender: bytes, recipient: bytes, sent: list[Any]) -> bytes:
    slot = next(slot for mailbox, slot in sent[2] if mailbox == recipient)
    return H("delivery", sender, recipient, sent[0], H("body", sent[1]), H("slot", slot))
