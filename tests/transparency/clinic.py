"""A small clinic whose every byte follows from one seed: for tests, and for the shared vectors."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from agent_app.protocol import primitives
from agent_app.protocol.keys import DeviceKeys, LocalDevice
from agent_app.protocol.merkle import EMPTY_ROOT
from agent_app.transparency import checkpoint, enrolment, note, statement
from agent_app.transparency.audit import RecipientSecret
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.note import Note
from agent_app.transparency.statement import (
    Action,
    Administrator,
    Charter,
    Policy,
    Relay,
    Revocation,
    Role,
    RoleChange,
)
from tests.vectors import mlkem

START = 1_790_000_000_000  # a Monday in September 2026
MINUTE = 60_000
HOUR = 60 * MINUTE
POLICY = Policy(120, 0, True, True, 48, 72)


class Stream:
    """`random` of the protocol, for tests only: the same name gives the same bytes."""

    def __init__(self, name: str) -> None:
        self._name, self._count = name, 0
        self.drawn = b""

    def __call__(self, length: int) -> bytes:
        self._count += 1
        seed = f"sealdesk test {self._name} {self._count}".encode()
        self.drawn += hashlib.shake_256(seed).digest(length)
        return self.drawn[-length:]

    def encapsulate(self, public: bytes) -> tuple[bytes, bytes]:
        """As the library does it, with randomness from here."""
        return mlkem.encapsulate(public, self(32))


def secret(name: str, length: int = 32) -> bytes:
    return Stream(name)(length)


@dataclass(frozen=True, slots=True)
class Admin:
    key: bytes
    cosigning: bytes
    person: bytes

    @classmethod
    def named(cls, name: str) -> "Admin":
        return cls(secret(f"{name} key"), secret(f"{name} cosigning"), secret(f"{name} person", 16))

    @property
    def public(self) -> Administrator:
        keys = primitives.signing_public
        return Administrator(keys(self.key), keys(self.cosigning), self.person)


@dataclass
class Clinic:
    """The administrators' side: signs statements one after another into `log`."""

    admins: list[Admin] = field(default_factory=lambda: [Admin.named("ada")])
    threshold: int = 1
    policy: Policy = POLICY
    relay_seed: bytes = field(default_factory=lambda: secret("relay"))
    auditor: RecipientSecret = field(
        default_factory=lambda: RecipientSecret(secret("auditor x25519"), secret("auditor ml-kem", 64))
    )

    def __post_init__(self) -> None:
        self.log = ClinicLog(self.charter())

    @property
    def relay(self) -> Relay:
        return Relay(primitives.signing_public(self.relay_seed), "https://relay.example")

    def charter(self) -> bytes:
        action = Charter(
            "Clínica del Río",
            "America/Denver",
            tuple(admin.public for admin in self.admins),
            self.threshold,
            self.relay,
            self.auditor.public,
            self.policy,
        )
        payload = statement.prepare(b"", 0, EMPTY_ROOT, START, action)
        return statement.assemble(payload, [statement.sign(payload, admin.key) for admin in self.admins])

    def signed(self, action: Action, signers: Iterable[Admin] | None = None) -> bytes:
        """The next statement, not yet appended; by the first administrator unless said otherwise."""
        time = START + self.log.size * MINUTE
        payload = statement.prepare(self.log.clinic, self.log.size, self.log.head.root, time, action)
        by = self.admins[:1] if signers is None else signers
        return statement.assemble(payload, [statement.sign(payload, admin.key) for admin in by])

    def append(self, action: Action, signers: Iterable[Admin] | None = None) -> bytes:
        raw = self.signed(action, signers)
        self.log.append(raw)
        return raw

    def device(self, name: str, *, cosigning: bool = False) -> LocalDevice:
        """A device that asks to be admitted."""
        keys = DeviceKeys.generate(Stream(f"device {name}"), cosigning=cosigning)
        return LocalDevice(keys, keys.certify(self.log.clinic, "agent", START))

    def request(self, device: LocalDevice, name: str, person: bytes | None = None) -> enrolment.EnrolmentRequest:
        person = secret(f"{name} person", 16) if person is None else person
        return enrolment.EnrolmentRequest(device.certificate.encoded, person, name, secret(f"{name} salt"))

    def admit(self, name: str, role: Role = "agent", person: bytes | None = None) -> LocalDevice:
        device = self.device(name, cosigning=role in ("supervisor", "administrator"))
        self.append(enrolment.admission(self.request(device, name, person), role))
        return device

    def revoke(self, device: LocalDevice) -> bytes:
        return self.append(Revocation(device.device, "stolen"))

    def set_role(self, device: LocalDevice, role: Role) -> bytes:
        return self.append(RoleChange(device.device, role))

    def head_note(self) -> Note:
        """The head under the relay's signature."""
        text = self.log.checkpoint.text
        return Note(text, (note.sign(text, checkpoint.RELAY_NAME, self.relay_seed),))

    def cosigned(self, *cosigners: tuple[bytes, int]) -> Note:
        """The head's note with cosignatures by (seed, time in milliseconds)."""
        signed = self.head_note()
        for seed, time in cosigners:
            name = checkpoint.cosigner_name(primitives.signing_public(seed))
            signed = signed.signed_by(note.cosign(signed.text, name, seed, time))
        return signed
