"""Histories of a clinic log, valid and with one fault each: the vectors are made of them, the tests run them.

A history is a list of statements. Where `expect` is a code, every statement but the last is sound.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import msgspec

from agent_app.protocol import primitives
from agent_app.protocol.encoding import encode
from agent_app.protocol.keys import ClinicId, DeviceKeys
from agent_app.protocol.labels import Label
from agent_app.protocol.merkle import EMPTY_ROOT
from agent_app.transparency import enrolment, statement
from agent_app.transparency.statement import (
    Action,
    Administrators,
    Admission,
    AuditRecipient,
    Hours,
    Payload,
    PolicyChange,
    RelayChange,
    Revocation,
    RoleChange,
    Signature,
    Span,
    Team,
)

from .clinic import POLICY, START, Admin, Clinic, Stream, secret


@dataclass(frozen=True)
class History:
    name: str
    comment: str
    statements: tuple[bytes, ...]
    expect: str = "ok"


ADA, BEN, CAM, EVE = (Admin.named(name) for name in ("ada", "ben", "cam", "eve"))
INVALID, REFUSED, FORKED = "statement.invalid", "statement.refused", "log.forked"
TEAM = secret("team", 16)


WEEKDAY, SATURDAY = (Span(480, 720), Span(780, 1_020)), (Span(540, 720),)
HOURS = Hours("America/Denver", (*(WEEKDAY,) * 5, SATURDAY, ()), (20_812, 20_813))


def small() -> Clinic:
    """One administrator, one agent, one supervisor."""
    clinic = Clinic()
    clinic.admit("Bea")
    clinic.admit("Sam", "supervisor")
    return clinic


def large() -> Clinic:
    """Two of three administrators decide."""
    return Clinic(admins=[ADA, BEN, CAM], threshold=2)


def resigned(raw: bytes, change: Callable[[Payload], Payload], *signers: Admin) -> bytes:
    """A statement with another payload, properly signed."""
    payload = encode(change(statement.parse(raw).payload))
    return statement.assemble(payload, [statement.sign(payload, admin.key) for admin in signers or (ADA,)])


def changed(raw: bytes, *signers: Admin, **fields: object) -> bytes:
    return resigned(raw, lambda payload: msgspec.structs.replace(payload, **fields), *signers)


def recharter(**fields: object) -> bytes:
    """A charter with other fields, signed by Ada, Ben and Cam."""
    charter = large().charter()
    action = statement.parse(charter).action
    return changed(charter, ADA, BEN, CAM, action=msgspec.structs.replace(action, **fields))


def sound() -> Iterator[History]:
    clinic = small()
    bea, sam = (member.id for member in clinic.log.roster.active)
    yield History("small", "A charter, an agent, a supervisor.", clinic.log.statements)
    clinic.append(Team(TEAM, (bea, sam)))
    clinic.append(RoleChange(bea, "auditor"))
    clinic.append(Revocation(sam, "left"))
    yield History(
        "left", "A team, a change of role, a revocation; the team keeps its active device.", clinic.log.statements
    )
    yield History(
        "quorum", "Two of three administrators change the administrators, the relay and the policy.", _quorum()
    )
    yield History("hours", "Opening hours, told and told anew; the last word counts.", _hours())
    yield History("strangers", "A signature by nobody we know counts for nothing and spoils nothing.", _strangers())


def _quorum() -> tuple[bytes, ...]:
    clinic = large()
    clinic.append(Administrators((ADA.public, EVE.public), 2), (ADA, BEN))
    clinic.append(RelayChange(primitives.signing_public(secret("second relay")), "https://second.example"), (EVE, ADA))
    clinic.append(PolicyChange(msgspec.structs.replace(POLICY, stop_hours=96)), (ADA, EVE))
    clinic.append(enrolment.admission(clinic.request(clinic.device("Bea"), "Bea"), "agent"), (EVE,))
    return clinic.log.statements


def _hours() -> tuple[bytes, ...]:
    clinic = small()
    clinic.append(Hours("Europe/Berlin", ((),) * 7, ()))
    clinic.append(HOURS)
    return clinic.log.statements


def _strangers() -> tuple[bytes, ...]:
    clinic = small()
    bea = clinic.log.roster.active[0].id
    clinic.append(Revocation(bea, "replaced"), (EVE, ADA))
    return clinic.log.statements


def faulty() -> Iterator[History]:
    yield from _malformed()
    yield from _misplaced()
    yield from _unauthorised()
    yield from _charters()
    yield from _policies()
    yield from _admissions()
    yield from _memberships()
    yield from _opening_hours()


def _then(clinic: Clinic, name: str, comment: str, raw: bytes, expect: str = REFUSED) -> History:
    return History(name, comment, (*clinic.log.statements, raw), expect)


def _malformed() -> Iterator[History]:
    clinic = small()
    bea = clinic.log.roster.active[0].id
    good = clinic.signed(RoleChange(bea, "supervisor"))
    parsed = statement.parse(good)
    yield _then(clinic, "trailing", "A byte follows the statement.", good + b"\x00", "encoding.malformed")
    long_form = b"\x92\xc5\x00" + good[2:3] + good[3:] if good[1] == 0xC4 else b"\xdc\x00\x02" + good[1:]
    yield _then(
        clinic,
        "not-canonical",
        "The array's or payload's length takes more bytes than it needs.",
        long_form,
        "encoding.not-canonical",
    )
    tag = parsed.payload_bytes.replace(b"\xa4role", b"\xa4rule")
    yield _then(
        clinic, "unknown-action", "An action that nobody has defined.", _signed_bytes(tag), "encoding.malformed"
    )
    yield _then(clinic, "suite", "A suite that is not SD1.", changed(good, suite="SD2"), "suite.unknown")
    many = statement.assemble(parsed.payload_bytes, parsed.signatures * 17)
    yield _then(clinic, "signatures", "Seventeen signatures.", many, "limit.exceeded")
    oversize = Team(TEAM, tuple(secret(f"device {i}") for i in range(260)))
    yield _then(clinic, "size", "A statement of more than 8 KiB.", clinic.signed(oversize), "limit.exceeded")
    relay = RelayChange(primitives.signing_public(secret("second relay")), "https://" + "x" * 200)
    yield _then(clinic, "text", "An origin of more than 200 bytes.", clinic.signed(relay), "limit.exceeded")
    flipped = Signature(parsed.signatures[0].key, bytes(64))
    broken = statement.assemble(parsed.payload_bytes, [flipped])
    yield _then(clinic, "signature", "A signature that does not verify.", broken, INVALID)
    both = statement.assemble(parsed.payload_bytes, [parsed.signatures[0], flipped])
    yield _then(clinic, "one-bad-signature", "One signature verifies, another does not.", both, INVALID)
    label = primitives.sign(ADA.key, Label.CONTENT, parsed.payload_bytes)
    other = statement.assemble(parsed.payload_bytes, [Signature(ADA.public.key, label)])
    yield _then(clinic, "label", "The administrator signed the same bytes for another purpose.", other, INVALID)


def _signed_bytes(payload: bytes) -> bytes:
    return statement.assemble(payload, [statement.sign(payload, ADA.key)])


def _misplaced() -> Iterator[History]:
    clinic = small()
    bea = clinic.log.roster.active[0].id
    good = clinic.signed(RoleChange(bea, "supervisor"))
    size = clinic.log.size
    yield _then(clinic, "clinic", "A statement of another clinic.", changed(good, clinic=secret("clinic")), INVALID)
    yield _then(clinic, "no-clinic", "A statement that names no clinic.", changed(good, clinic=b""), INVALID)
    yield _then(clinic, "index-low", "An index that is already taken.", changed(good, index=size - 1))
    yield _then(clinic, "index-high", "An index that leaves a hole.", changed(good, index=size + 1))
    yield _then(
        clinic, "root", "The administrators signed another past.", changed(good, root_before=secret("root")), FORKED
    )
    replayed = clinic.log.statements[-1]
    yield _then(clinic, "replay", "The last statement once more.", replayed)
    again = statement.parse(clinic.charter()).action
    yield _then(clinic, "second-charter", "A charter after the first statement.", clinic.signed(again))


def _unauthorised() -> Iterator[History]:
    clinic, alone = small(), large()
    bea = clinic.log.roster.active[0].id
    revoke = Revocation(bea, "stolen")
    yield _then(clinic, "unsigned", "No signature at all.", clinic.signed(revoke, ()))
    yield _then(clinic, "stranger", "Signed by nobody who is an administrator.", clinic.signed(revoke, (EVE,)))
    new = Administrators((EVE.public,), 1)
    yield _then(alone, "administrators-one", "One of three, where two must agree.", alone.signed(new, (ADA,)))
    yield _then(alone, "administrators-twice", "One administrator signed twice.", alone.signed(new, (ADA, ADA)))
    yield _then(
        alone, "administrators-new", "The newcomer's own signature does not count.", alone.signed(new, (ADA, EVE))
    )
    relay = RelayChange(primitives.signing_public(secret("second relay")), "https://second.example")
    yield _then(alone, "relay-one", "One of three changes the relay.", alone.signed(relay, (ADA,)))
    yield _then(alone, "policy-one", "One of three changes the policy.", alone.signed(PolicyChange(POLICY), (ADA,)))
    alone.append(Administrators((ADA.public, EVE.public), 2), (ADA, BEN))
    device = enrolment.admission(alone.request(alone.device("Bea"), "Bea"), "agent")
    yield _then(alone, "former", "Somebody who is no administrator any more.", alone.signed(device, (BEN,)))


def _charters() -> Iterator[History]:
    clinic, charter = small(), large().charter()

    def one(name: str, comment: str, raw: bytes, expect: str = REFUSED) -> History:
        return History(f"charter-{name}", comment, (raw,), expect)

    device = changed(clinic.log.statements[1], index=0, clinic=b"", root_before=EMPTY_ROOT)
    yield one("missing", "A log that begins with a device.", device)
    yield one(
        "clinic", "A charter that names a clinic.", changed(charter, ADA, BEN, CAM, clinic=secret("clinic")), INVALID
    )
    yield one("root", "A charter with a past.", changed(charter, ADA, BEN, CAM, root_before=secret("root")), INVALID)
    yield one("index", "A charter that is not the first.", changed(charter, ADA, BEN, CAM, index=1))
    yield one("signers", "An administrator whom it names did not sign.", changed(charter, ADA, BEN))
    yield one("threshold-zero", "Nobody need agree.", recharter(threshold=0))
    yield one("threshold-high", "More must agree than there are.", recharter(threshold=4))
    yield one("nobody", "No administrator.", recharter(administrators=(), threshold=1))
    key = replace(BEN, key=ADA.key).public
    yield one("key-twice", "Two administrators with one key.", recharter(administrators=(ADA.public, key, CAM.public)))
    cosigning = replace(BEN, cosigning=ADA.cosigning).public
    yield one(
        "cosigning-twice", "Two with one cosigning key.", recharter(administrators=(ADA.public, cosigning, CAM.public))
    )
    person = replace(BEN, person=ADA.person).public
    yield one("person-twice", "One person counted as two.", recharter(administrators=(ADA.public, person, CAM.public)))
    recipient = Clinic().auditor.public
    small_order = AuditRecipient(bytes(32), recipient.ml_kem)
    yield one("recipient", "An audit key with which everybody could read.", recharter(audit_recipient=small_order))
    not_kem = AuditRecipient(recipient.x25519, b"\xff" * 1184)
    yield one("recipient-kem", "Bytes that are no ML-KEM key.", recharter(audit_recipient=not_kem))


def _policies() -> Iterator[History]:
    faults = {
        "idle-short": ("A desk that locks before anyone can type.", {"idle_lock_seconds": 9}),
        "idle-long": ("A desk that stays open.", {"idle_lock_seconds": 901}),
        "retention": ("Retention for longer than records live.", {"retention_days": 36_501}),
        "warn-zero": ("Warning always.", {"warn_hours": 0}),
        "warn-late": ("A warning that comes with the stop.", {"warn_hours": 72}),
        "stop-late": ("Sending for weeks on a log for which nobody vouches.", {"stop_hours": 337}),
    }
    clinic = small()
    for name, (comment, fields) in faults.items():
        policy = msgspec.structs.replace(POLICY, **fields)
        yield _then(clinic, f"policy-{name}", comment, clinic.signed(PolicyChange(policy)))
        yield History(f"charter-policy-{name}", comment, (recharter(policy=policy),), REFUSED)


def _admissions() -> Iterator[History]:
    clinic = small()
    bea = clinic.log.roster.active[0]
    again = statement.parse(clinic.log.statements[1]).action
    assert isinstance(again, Admission)
    yield _then(clinic, "device-twice", "A device that is a member already.", clinic.signed(again))

    def admission(certificate: bytes) -> bytes:
        return clinic.signed(Admission(certificate, secret("person", 16), "agent", secret("commitment")))

    fresh = DeviceKeys.generate(Stream("fresh"), cosigning=True)
    bea_keys, sam_keys = (clinic.device(name, cosigning=name == "Sam").keys for name in ("Bea", "Sam"))
    mailbox = msgspec.structs.replace(fresh, mailbox=bea_keys.mailbox).certify(clinic.log.clinic, "agent", START)
    yield _then(clinic, "mailbox-twice", "Another device with a mailbox that is taken.", admission(mailbox.encoded))
    cosigning = msgspec.structs.replace(fresh, cosigning=sam_keys.cosigning).certify(clinic.log.clinic, "agent", START)
    yield _then(
        clinic,
        "device-cosigning",
        "Another device's cosigning key: one could vouch as two.",
        admission(cosigning.encoded),
    )
    admins = msgspec.structs.replace(fresh, cosigning=ADA.cosigning).certify(clinic.log.clinic, "agent", START)
    yield _then(clinic, "admin-cosigning", "An administrator's cosigning key.", admission(admins.encoded))
    taken = replace(EVE, cosigning=sam_keys.cosigning).public
    yield _then(
        clinic,
        "cosigning-admin",
        "A new administrator with a device's cosigning key.",
        clinic.signed(Administrators((ADA.public, taken), 1)),
    )
    patient = msgspec.structs.replace(fresh, cosigning=b"").certify(clinic.log.clinic, "patient", START)
    yield _then(clinic, "patient", "A patient's certificate.", admission(patient.encoded))
    foreign = fresh.certify(ClinicId(secret("clinic")), "agent", START)
    yield _then(clinic, "foreign", "A device of another clinic.", admission(foreign.encoded))
    encoded = bytearray(fresh.certify(clinic.log.clinic, "agent", START).encoded)
    encoded[-1] ^= 1
    yield _then(
        clinic,
        "certificate",
        "A certificate that its device did not sign.",
        admission(bytes(encoded)),
        "certificate.invalid",
    )
    clinic.append(Revocation(bea.id, "stolen"))
    yield _then(clinic, "device-again", "A revoked device, once more.", clinic.signed(again))


def _memberships() -> Iterator[History]:
    clinic = small()
    bea, sam = (member.id for member in clinic.log.roster.active)
    nobody = secret("nobody")

    def one(name: str, comment: str, action: Action) -> History:
        return _then(clinic, name, comment, clinic.signed(action))

    yield one("revoke-unknown", "A revocation of nobody.", Revocation(nobody, "left"))
    yield one("role-unknown", "A role for nobody.", RoleChange(nobody, "agent"))
    yield one("team-unknown", "A team with nobody in it.", Team(TEAM, (bea, nobody)))
    yield one("team-twice", "A team that counts a device twice.", Team(TEAM, (bea, bea)))
    clinic.append(Revocation(sam, "left"))
    yield one("revoke-twice", "A revocation of the revoked.", Revocation(sam, "stolen"))
    yield one("role-revoked", "A role for the revoked.", RoleChange(sam, "administrator"))
    yield one("team-revoked", "A team with a revoked device.", Team(TEAM, (bea, sam)))


def _opening_hours() -> Iterator[History]:
    clinic = small()

    def one(name: str, comment: str, expect: str = REFUSED, **fields: object) -> History:
        action = msgspec.structs.replace(HOURS, **fields)
        return _then(clinic, f"hours-{name}", comment, clinic.signed(action), expect)

    def day(*spans: Span) -> tuple[tuple[Span, ...], ...]:
        return (spans, *HOURS.week[1:])

    yield one("six-days", "A week of six days.", week=HOURS.week[:6])
    yield one("five-spans", "Five spans on one day.", week=day(*(Span(i * 60, i * 60 + 30) for i in range(5))))
    yield one("empty-span", "It closes when it opens.", week=day(Span(480, 480)))
    yield one("touching", "Two spans that are one.", week=day(Span(480, 720), Span(720, 1_020)))
    yield one("disorder", "The afternoon before the morning.", week=day(Span(780, 1_020), Span(480, 720)))
    yield one("midnight", "Open beyond the day's end.", week=day(Span(480, 1_441)))
    yield one("closed-twice", "A closed day twice.", closed=(20_812, 20_812))
    yield one("closed-many", "401 closed days.", closed=tuple(range(20_000, 20_401)))
    yield one("closed-late", "A day after the year 9999.", closed=(2_932_897,))
    yield one("zone", "A time zone of more than 200 bytes.", "limit.exceeded", time_zone="x" * 201)
    yield _then(clinic, "hours-stranger", "Told by a stranger.", clinic.signed(HOURS, (EVE,)))
