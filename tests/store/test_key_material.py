"""What is held while unlocked, and that it is gone after `wipe()`."""

import pytest

from agent_app.protocol.encoding import encode
from agent_app.store.errors import VaultDamaged, VaultLocked
from agent_app.store.key_material import AdminSecrets, DeviceSecrets, Secrets
from tests.store.secrets_of import admin_secrets, device_secrets


@pytest.mark.parametrize("secrets", [device_secrets(), admin_secrets()], ids=["device", "admin"])
def test_wiping_zeroes_what_is_held_and_ends_every_read(secrets: Secrets) -> None:
    held = secrets._fields
    assert any(any(field) for field in held)
    secrets.wipe()
    secrets.wipe()
    assert secrets.wiped
    assert not any(any(field) for field in held)
    with pytest.raises(VaultLocked):
        secrets.encode()


def test_a_wiped_device_has_no_keys() -> None:
    secrets = device_secrets()
    secrets.wipe()
    for read in ("device", "database_key", "epoch_key"):
        with pytest.raises(VaultLocked):
            getattr(secrets, read)
    assert secrets.certificate.core.kind == "agent"  # public, and shown while locked


def test_a_trace_holds_no_secret() -> None:
    assert repr(device_secrets()) == "DeviceSecrets(...)"
    assert repr(admin_secrets()) == "AdminSecrets(...)"


def test_what_was_encoded_is_decoded() -> None:
    device, admin = device_secrets(), admin_secrets()
    again = DeviceSecrets.decode(device.encode())
    assert (again.device, again.database_key, again.epoch_key) == (device.device, device.database_key, device.epoch_key)
    assert AdminSecrets.decode(admin.encode()).encode() == admin.encode()


def test_a_device_without_a_cosigning_key_has_none() -> None:
    item = [bytes([n]) * 32 for n in range(6)]
    item[3] = b""
    with pytest.raises(VaultDamaged):  # its certificate is missing
        DeviceSecrets.decode(encode([*item, b"", bytes(64)]))


@pytest.mark.parametrize("encoded", [b"", b"\x90", encode([b"short"] * 8), encode([bytes(32)] * 3)])
def test_what_is_not_ours_is_refused(encoded: bytes) -> None:
    with pytest.raises(VaultDamaged):
        DeviceSecrets.decode(encoded)
    with pytest.raises(VaultDamaged):
        AdminSecrets.decode(encoded)


def test_a_certificate_that_does_not_hold_is_refused() -> None:
    encoded = bytearray(device_secrets().encode())
    encoded[-1] ^= 1
    with pytest.raises(VaultDamaged):
        DeviceSecrets.decode(bytes(encoded))
