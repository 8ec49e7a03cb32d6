"""What a desk refuses, the relay does not take in: a log that only the relay accepts would stop its clinic for good."""

from collections.abc import Callable

import msgspec
import pytest

from agent_app.protocol import primitives
from agent_app.protocol.encoding import encode
from agent_app.protocol.errors import InvalidKeyError, InvalidNoteError, LimitError, ProtocolError
from agent_app.protocol.labels import Label
from agent_app.protocol.prekeys import Prekey
from agent_app.transparency import checkpoint, statement
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.statement import AuditRecipient, Charter, Payload, Team
from relay_server import clinic_log, clock, notes, prekeys
from relay_server.problems import NoteInvalid, Problem
from relay_server.wire import DeviceId
from tests.transparency.clinic import Clinic, secret

NOT_A_KEY = b"\xff" * 1_184  # coefficients above the modulus


def refuses(action: Callable[[], object], *errors: type[Exception]) -> None:
    with pytest.raises(errors):
        action()


def with_signatures(payload: bytes, clinic: Clinic, count: int) -> bytes:
    """The administrator's, and strangers' that hold and count for nothing."""
    keys = [clinic.admins[0].key, *(secret(f"stranger {number}") for number in range(count - 1))]
    return statement.assemble(payload, [statement.sign(payload, key) for key in keys])


def test_more_than_sixteen_signatures_are_too_many_for_both() -> None:
    """Anybody who sees a statement before the relay does could add some of their own."""
    clinic = Clinic()
    log = clinic.log
    relays = clinic_log.ClinicLog.founded(log.statements[0])
    payload = statement.prepare(log.clinic, log.size, log.head.root, 1, Team(bytes(16), ()))
    sixteen, seventeen = (with_signatures(payload, clinic, count) for count in (16, 17))
    relays.extended(sixteen)
    log.append(sixteen)
    refuses(lambda: relays.extended(seventeen), Problem)
    refuses(lambda: statement.parse(seventeen), LimitError)


def test_nobody_founds_a_clinic_whose_audit_no_one_could_read() -> None:
    charter = statement.parse(Clinic().log.statements[0])
    action = charter.payload.action
    assert isinstance(action, Charter)
    recipient = AuditRecipient(action.audit_recipient.x25519, NOT_A_KEY)
    changed = msgspec.structs.replace(action, audit_recipient=recipient)
    payload: Payload = msgspec.structs.replace(charter.payload, action=changed)
    raw = with_signatures(encode(payload), Clinic(), 1)
    refuses(lambda: clinic_log.ClinicLog.founded(raw), Problem)
    refuses(lambda: ClinicLog(raw), ProtocolError)


def test_a_prekey_that_is_no_key_is_not_handed_out() -> None:
    owner = Clinic().device("Bea")
    now = clock.now()
    fields = (owner.device, "kem-last", 1, NOT_A_KEY, now + 86_400_000)
    signature = primitives.sign(owner.keys.signing, Label.PREKEY, *fields)
    prekey = Prekey("kem-last", 1, NOT_A_KEY, now + 86_400_000, signature)
    place = ("kem-last", DeviceId(owner.device), owner.certificate.core.signing)
    refuses(lambda: prekeys._prekey(encode(prekey), *place), Problem)  # type: ignore[arg-type]
    refuses(lambda: prekey.verify(owner.certificate, now), InvalidKeyError)


@pytest.mark.parametrize("name", ["", "a+b", "a\u2003b", "a\u00a0b"])
def test_a_key_name_that_one_refuses_the_other_refuses_too(name: str) -> None:
    clinic = Clinic()
    text = clinic.head_note().format().replace("sealdesk/relay", name)
    origin = checkpoint.clinic_origin(clinic.log.clinic)
    refuses(lambda: notes.parse(text.encode(), origin), NoteInvalid)
    refuses(lambda: checkpoint.opened(text, origin), InvalidNoteError)
