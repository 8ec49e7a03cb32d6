"""A device's and an administrator's secrets in memory, and how they are written inside a keyring item (section 17)."""

from abc import ABC, abstractmethod
from typing import ClassVar, Self

from agent_app.protocol.encoding import Bytes0Or32, Bytes16, Bytes32, Bytes64, Record, absent_or_32, decode, encode
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.keys import Certificate, DeviceKeys, LocalDevice, SignedCore
from agent_app.store.errors import VaultDamaged, VaultLocked


class _DeviceItem(Record, frozen=True):
    signing: Bytes32
    identity: Bytes32
    mailbox: Bytes32
    cosigning: Bytes0Or32
    database_key: Bytes32
    epoch_key: Bytes32
    core: bytes
    signature: Bytes64

    def __post_init__(self) -> None:
        absent_or_32(self.cosigning)


class _AdminItem(Record, frozen=True):
    admin: Bytes32
    cosigning: Bytes32
    person: Bytes16


class Secrets(ABC):
    """Everything secret that an unlocked program holds, in one place, so that locking is one call: `wipe()`.

    What `wipe()` does: it zeroes the bytearrays held here, and makes every later read raise VaultLocked. The `bytes`
    that each read hands out, the decoded keyring item and the libraries' copies are freed when nobody holds them (drop
    the objects built from them, close the store). Whether freed memory is overwritten is the process's matter: see
    `agent_app.launch`, and the threat model for where it is not.
    """

    purpose: ClassVar[str]

    def __init__(self, *fields: bytes) -> None:
        self._fields = [bytearray(field) for field in fields]
        self._wiped = False

    @abstractmethod
    def encode(self) -> bytes:
        """The `secrets` of a keyring item."""

    @classmethod
    @abstractmethod
    def decode(cls, encoded: bytes) -> Self:
        """Raises VaultDamaged for anything but what `encode` wrote."""

    def wipe(self) -> None:
        """Zeroes what is held. Safe to call twice."""
        for field in self._fields:
            field[:] = bytes(len(field))
        self._wiped = True

    @property
    def wiped(self) -> bool:
        return self._wiped

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"  # a trace must not hold secrets

    def _read(self, index: int) -> bytes:
        if self._wiped:
            raise VaultLocked
        return bytes(self._fields[index])


class DeviceSecrets(Secrets):
    """A device's keys and certificate, the key of its database, and the epoch key that wraps its message keys."""

    purpose = "device"

    def __init__(self, device: LocalDevice, database_key: bytes, epoch_key: bytes) -> None:
        keys = device.keys
        super().__init__(keys.signing, keys.identity, keys.mailbox, keys.cosigning, database_key, epoch_key)
        self.certificate = device.certificate

    @property
    def device(self) -> LocalDevice:
        """Built anew at each call; hold it no longer than the device is unlocked."""
        return LocalDevice(DeviceKeys(*(self._read(index) for index in range(4))), self.certificate)

    @property
    def database_key(self) -> bytes:
        return self._read(4)

    @property
    def epoch_key(self) -> bytes:
        return self._read(5)

    def with_epoch_key(self, epoch_key: bytes) -> "DeviceSecrets":
        """The same device with another epoch key; this one stays as it is."""
        return DeviceSecrets(self.device, self.database_key, epoch_key)

    def encode(self) -> bytes:
        signed = decode(self.certificate.encoded, SignedCore)
        keys = self.device.keys
        return encode(
            _DeviceItem(
                keys.signing,
                keys.identity,
                keys.mailbox,
                keys.cosigning,
                self.database_key,
                self.epoch_key,
                signed.core,
                signed.signature,
            )
        )

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        try:
            item = decode(encoded, _DeviceItem)
            keys = DeviceKeys(item.signing, item.identity, item.mailbox, item.cosigning)
            certificate = Certificate.parse(encode(SignedCore(item.core, item.signature)))
        except ProtocolError as error:
            raise VaultDamaged from error
        return cls(LocalDevice(keys, certificate), item.database_key, item.epoch_key)


class AdminSecrets(Secrets):
    """An administrator's signing and cosigning seeds, and the person they stand for in the charter."""

    purpose = "admin"

    def __init__(self, admin: bytes, cosigning: bytes, person: bytes) -> None:
        super().__init__(admin, cosigning)
        self.person = person

    @property
    def admin(self) -> bytes:
        return self._read(0)

    @property
    def cosigning(self) -> bytes:
        return self._read(1)

    def encode(self) -> bytes:
        return encode(_AdminItem(self.admin, self.cosigning, self.person))

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        try:
            item = decode(encoded, _AdminItem)
        except ProtocolError as error:
            raise VaultDamaged from error
        return cls(item.admin, item.cosigning, item.person)
