"""Secrets and passphrases for the vault's tests."""

import os

from agent_app.protocol.keys import ClinicId, DeviceKeys, LocalDevice
from agent_app.store.key_material import AdminSecrets, DeviceSecrets
from agent_app.store.vault import MIB, Cost

CHEAPEST = Cost(opslimit=3, memlimit=64 * MIB)
PASSPHRASE = "wobbly lantern orchid customs trapdoor"
ANOTHER = "plumber sonata gravel eastcoast mitten"


def device_secrets() -> DeviceSecrets:
    """The largest there are: a supervisor's, with a cosigning key."""
    keys = DeviceKeys.generate(os.urandom, cosigning=True)
    certificate = keys.certify(ClinicId(os.urandom(32)), "agent", 2**53 - 1)
    return DeviceSecrets(LocalDevice(keys, certificate), os.urandom(32), os.urandom(32))


def admin_secrets() -> AdminSecrets:
    return AdminSecrets(os.urandom(32), os.urandom(32), os.urandom(16))
