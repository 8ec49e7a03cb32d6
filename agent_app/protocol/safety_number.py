"""The digits that a clinic reads to a patient, or compares on a screen: docs/protocol.md, section 11.5."""

import struct

from . import primitives
from .keys import ClinicId, DeviceId
from .labels import Label

GROUPS = 7


def safety_number(clinic: ClinicId, patient: DeviceId) -> tuple[str, ...]:
    """Seven groups of five digits, 116 bits of the clinic's fingerprint and the patient's certificate."""
    digest = primitives.labelled_hash(Label.SAFETY_NUMBER, clinic, patient)
    return tuple([f"{group % 100_000:05}" for group in struct.unpack_from(f">{GROUPS}I", digest)])
