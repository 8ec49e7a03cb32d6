"""The clinic log at the relay: docs/protocol.md, 14, 16.14 to 16.17, and the head that every POST names."""

import asyncio
import base64
import os
import time
from typing import Any

import pytest

from relay_server.clinic_log import ClinicLog
from relay_server.clinics import Clinics, _page
from relay_server.limits import Limits
from relay_server.problems import StatementInvalid, StatementRefused
from relay_server.signing import RelayKey
from relay_server.wire import Fingerprint
from relay_server.witness import Witness
from tests.relay_server.bench import Bench
from tests.relay_server.clinic import (
    POLICY,
    Administrator,
    Clinic,
    Device,
    SigningKey,
    b64url,
    checkpoint_text,
    cosignature_line,
    encode,
    envelope,
    ml_kem_key,
    root_of,
    verifies,
)
from tests.relay_server.relays import Practice, Refused, RelayProcess, answered, statements_of


def post_statement(practice: Practice, statement: bytes, index: int | None = None) -> Any:
    index = len(practice.clinic.statements) if index is None else index
    return answered(practice.http.post(f"{practice.path}/log", content=encode([index, statement])))


def test_the_log_comes_back_byte_for_byte_under_a_signed_head(practice: Practice) -> None:
    for _ in range(3):
        practice.append(practice.clinic.admission(Device(practice.clinic.fingerprint)))
    statements = practice.clinic.statements

    size, page, note = answered(practice.http.get(f"{practice.path}/log?from=1"))

    assert (size, page) == (4, statements[1:])
    text, _, lines = note.partition("\n\n")
    assert text + "\n" == practice.clinic.checkpoint()
    name, encoded = lines.strip().removeprefix("\u2014 ").split(" ")
    key = answered(practice.http.get("/v1/relay"))[1]
    assert name == "sealdesk/relay"
    assert verifies(key, base64.b64decode(encoded)[4:], (text + "\n").encode())
    assert answered(practice.http.get(f"{practice.path}/log?from=9"))[1] == []


def test_a_charter_twice_is_one_clinic(relay: RelayProcess, practice: Practice) -> None:
    agent = practice.agent()
    again = relay.practice(practice.clinic)
    assert answered(again.http.get(f"{again.path}/log"))[0] == 2
    assert agent.get("/v1/count") == [0]


def charter_with(clinic: Clinic, **changes: Any) -> bytes:
    entries = [administrator.entry() for administrator in clinic.administrators]
    fields = {
        "name": "N",
        "zone": "UTC",
        "administrators": entries,
        "threshold": 1,
        "relay": [os.urandom(32), "http://x"],
        "recipient": [SigningKey().public[:31] + b"\x01", ml_kem_key()],
        "policy": POLICY,
    } | changes
    fields["recipient"] = changes.get("recipient", [b"\x09" + bytes(31), ml_kem_key()])
    return clinic.payload(["charter", *fields.values()], clinic=b"", index=0, root=root_of([]))


def test_a_charter_must_hold(relay: RelayProcess) -> None:
    clinic = Clinic(administrators=3, threshold=2)
    doubled = [clinic.administrators[0].entry(), clinic.administrators[0].entry()]
    one_person = [a.entry() for a in clinic.administrators]
    one_person[1][2] = one_person[0][2]
    cases = {
        "not everybody signs": clinic.signed(charter_with(clinic), clinic.administrators[:2]),
        "threshold above": clinic.signed(charter_with(clinic, threshold=4), clinic.administrators),
        "threshold zero": clinic.signed(charter_with(clinic, threshold=0), clinic.administrators),
        "nobody": clinic.signed(charter_with(clinic, administrators=[]), clinic.administrators),
        "one twice": clinic.signed(charter_with(clinic, administrators=doubled), clinic.administrators),
        "one person twice": clinic.signed(charter_with(clinic, administrators=one_person), clinic.administrators),
        "small-order recipient": clinic.signed(
            charter_with(clinic, recipient=[bytes(32), ml_kem_key()]), clinic.administrators
        ),
        "policy": clinic.signed(charter_with(clinic, policy=[120, 0, True, True, 72, 48]), clinic.administrators),
        "no name": clinic.signed(charter_with(clinic, name=""), clinic.administrators),
        "not a charter": clinic.statement(["policy", POLICY], clinic=b"", index=0, root=root_of([])),
        "index": clinic.signed(clinic.payload(["policy", POLICY]), clinic.administrators),
        "garbage": b"\x92\xc4\x00\x90",
    }
    practice = relay.practice()
    for name, charter in cases.items():
        response = practice.http.post("/v1/clinics", content=encode([charter]))
        assert response.status_code == 422, name
    good = clinic.signed(charter_with(clinic), clinic.administrators)
    assert practice.http.post("/v1/clinics", content=encode([good])).status_code == 204


def test_statements_are_accepted_only_as_every_reader_would(practice: Practice) -> None:
    clinic = practice.clinic
    agent = practice.agent()
    gone = practice.agent()
    practice.append(["revoke", gone.device.id, "left"])
    fresh = Device(clinic.fingerprint)
    twin = Device(clinic.fingerprint, mailbox_key=agent.device.mailbox_key)
    stranger = Device(os.urandom(32))
    patient = Device(clinic.fingerprint, kind="patient")
    outsider = Administrator()
    cosigner = Device(clinic.fingerprint, cosigns=True, cosigning=clinic.administrators[0].cosigning)
    payload = clinic.payload(clinic.admission(fresh))
    forged = encode([payload, [[clinic.administrators[0].key.public, os.urandom(64)]]])
    half = encode(
        [
            payload,
            [
                [a.key.public, s]
                for a, s in (
                    (clinic.administrators[0], clinic.administrators[0].key.sign("statement", payload)),
                    (outsider, bytes(64)),
                )
            ],
        ]
    )
    cases = {
        "forged signature": forged,
        "one signature of two does not verify": half,
        "nobody signs": encode([payload, []]),
        "not an administrator": clinic.statement(clinic.admission(fresh), [outsider]),
        "another clinic": clinic.statement(clinic.admission(fresh), clinic=os.urandom(32)),
        "another past": clinic.statement(clinic.admission(fresh), root=os.urandom(32)),
        "another index": clinic.statement(clinic.admission(fresh), index=9),
        "admitted already": clinic.statement(clinic.admission(agent.device)),
        "revoked comes back": clinic.statement(clinic.admission(gone.device)),
        "mailbox of another": clinic.statement(clinic.admission(twin)),
        "certificate of another clinic": clinic.statement(clinic.admission(stranger)),
        "a patient": clinic.statement(clinic.admission(patient)),
        "an administrator's cosigning key": clinic.statement(clinic.admission(cosigner)),
        "unknown role": clinic.statement(clinic.admission(fresh, role="owner")),
        "revoked twice": clinic.statement(["revoke", gone.device.id, "left"]),
        "revokes nobody": clinic.statement(["revoke", fresh.id, "left"]),
        "no reason": clinic.statement(["revoke", agent.device.id, "bored"]),
        "role of the revoked": clinic.statement(["role", gone.device.id, "supervisor"]),
        "team with the revoked": clinic.statement(["team", os.urandom(16), [gone.device.id]]),
        "team with one twice": clinic.statement(["team", os.urandom(16), [agent.device.id] * 2]),
        "a second charter": clinic.statement(
            [
                "charter",
                "N",
                "UTC",
                [clinic.administrators[0].entry()],
                1,
                [os.urandom(32), "x"],
                [b"\x09" + bytes(31), ml_kem_key()],
                POLICY,
            ]
        ),
        "policy out of bounds": clinic.statement(["policy", [5, 0, True, True, 48, 72]]),
        "no administrators": clinic.statement(["administrators", [], 1]),
        "too large": clinic.statement(["team", os.urandom(16), [os.urandom(32)] * 300]),
    }
    log = ClinicLog.replayed(Fingerprint(clinic.fingerprint), clinic.statements)
    for name, statement in cases.items():
        with pytest.raises(Refused, match=r"statement-|malformed|limit-exceeded") as refused:
            post_statement(practice, statement)
        assert refused.value.status in (400, 413, 422), name
        with pytest.raises((StatementInvalid, StatementRefused)):  # the log by itself, without the relay's tables
            log.extended(statement)
    assert answered(practice.http.get(f"{practice.path}/log"))[0] == len(clinic.statements)
    practice.append(clinic.admission(fresh))
    practice.append(["team", os.urandom(16), [fresh.id, agent.device.id]])
    practice.append(["role", fresh.id, "supervisor"])


def test_what_the_threshold_guards(relay: RelayProcess) -> None:
    practice = relay.practice(Clinic(administrators=3, threshold=2))
    clinic = practice.clinic
    new = Administrator()
    change = ["administrators", [clinic.administrators[0].entry(), new.entry()], 2]
    for action in (change, ["policy", POLICY], ["relay", os.urandom(32), "https://new.example"]):
        alone = clinic.administrators[:1]
        for signers in (alone, alone * 2, [clinic.administrators[0], new]):
            with pytest.raises(Refused, match="statement-refused"):
                post_statement(practice, clinic.statement(action, signers))
    practice.append(change, signers=clinic.administrators[1:])
    clinic.administrators = [clinic.administrators[0], new]
    practice.append(["policy", POLICY], signers=clinic.administrators)


def test_two_statements_for_one_place(practice: Practice) -> None:
    clinic = practice.clinic
    one, other = (clinic.statement(clinic.admission(Device(clinic.fingerprint))) for _ in range(2))
    post_statement(practice, one, 1)
    post_statement(practice, one, 1)  # the answer was lost
    with pytest.raises(Refused, match="log-stale") as refused:
        post_statement(practice, other, 1)
    assert statements_of(refused.value.document) == [one]
    with pytest.raises(Refused, match="log-ahead"):
        post_statement(practice, other, 3)


def test_a_post_names_the_senders_head(practice: Practice) -> None:
    agent, colleague = practice.agent(), practice.agent()
    statements = practice.clinic.statements
    sent = encode([envelope(colleague.mailbox)])

    def post(head: str | None, path: str = "/v1/envelopes") -> Any:
        headers = {} if head is None else {"Sealdesk-Log-Head": head}
        authorization = {"Authorization": f"Bearer {agent.token}"}
        return answered(agent.http.post(path, content=sent, headers=headers | authorization))

    for path in ("/v1/envelopes", "/v1/receipts", "/v1/discard", "/v1/prekeys/take", "/v1/invitations"):
        with pytest.raises(Refused, match="log-stale") as refused:
            post(practice.clinic.head_at(1), path)
        assert statements_of(refused.value.document) == statements[1:]
        with pytest.raises(Refused, match="malformed"):
            post(None, path)
    for size in (0, 1, 2, 3):
        with pytest.raises(Refused, match="log-forked"):
            post(f"{size}.{b64url(os.urandom(32))}")
    with pytest.raises(Refused, match="log-ahead"):
        post(f"4.{b64url(os.urandom(32))}")
    for malformed in (
        "",
        "x",
        "3",
        "3.",
        f"-3.{b64url(bytes(32))}",
        f"3.{b64url(bytes(31))}",
        f"{'9' * 99}.{b64url(bytes(32))}",
    ):
        with pytest.raises(Refused, match="malformed"):
            post(malformed)
    assert colleague.waiting() == []
    post(practice.clinic.head)
    assert len(colleague.waiting()) == 1


def test_a_page_of_large_statements_is_shorter() -> None:
    assert _page([]) == []
    assert _page([bytes(2_000_000)] * 2) == [bytes(2_000_000)]
    assert len(_page([bytes(8_192)] * 1_024)) == 128
    assert len(_page([bytes(600)] * 1_024)) == 1_024


def test_of_a_thousand_who_ask_for_a_log_one_reads_it(bench: Bench) -> None:
    made = Clinic()
    loads = []

    async def scenario() -> None:
        async with bench:
            listener = type("Listener", (), {})()
            clinics = Clinics(bench.writer, bench.reading, Limits(), frozenset(), listener)
            await clinics.found(made.statements[0])
            clinics._clinics.clear()
            read = bench.reading.run

            async def counted(work: Any) -> Any:
                loads.append(work)
                return await read(work)

            bench.reading.run = counted  # type: ignore[method-assign]
            found = await asyncio.gather(*(clinics.get(Fingerprint(made.fingerprint)) for _ in range(1_000)))
            assert len(loads) == len(set(found)) == 1

    asyncio.run(scenario())


def test_a_stale_answer_is_bounded(relay: RelayProcess) -> None:
    practice = relay.practice()
    agent = practice.agent()
    team = os.urandom(16)
    for _ in range(258):
        practice.append(["team", team, [agent.device.id]])
    response = agent.http.post(
        "/v1/discard",
        content=encode([1]),
        headers={"Authorization": f"Bearer {agent.token}", "Sealdesk-Log-Head": practice.clinic.head_at(2)},
    )
    assert statements_of(response.json()) == practice.clinic.statements[2:258]


def test_a_mailbox_that_is_a_patients_is_no_devices(practice: Practice) -> None:
    visitor = practice.visitor()
    device = Device(practice.clinic.fingerprint, mailbox_key=visitor.device.mailbox_key)
    with pytest.raises(Refused, match="statement-refused"):
        post_statement(practice, practice.clinic.statement(practice.clinic.admission(device)))


# --- Cosignatures


def cosign(practice: Practice, note: str) -> Any:
    return answered(practice.http.post(f"{practice.path}/cosignatures", content=note.encode()))


def test_cosignatures_of_those_entitled_stand_under_the_head(practice: Practice) -> None:
    clinic = practice.clinic
    supervisor = practice.agent("supervisor", cosigns=True)
    admin = clinic.administrators[0].cosigning
    for key in (admin, supervisor.device.cosigning):
        cosign(practice, clinic.cosigned(key))

    note = answered(practice.http.get(f"{practice.path}/log"))[2]

    lines = note.partition("\n\n")[2].splitlines(keepends=True)
    assert [line.split(" ")[1].split("/")[1] for line in lines] == ["relay", "cosigner", "cosigner"]

    practice.append(clinic.admission(Device(clinic.fingerprint)))
    note = answered(practice.http.get(f"{practice.path}/log"))[2]
    assert "cosigner" not in note
    older, newer = int(time.time()) - 100, int(time.time())
    cosign(practice, clinic.cosigned(admin, newer))
    cosign(practice, clinic.cosigned(admin, older))
    head, earlier = answered(practice.http.get(f"{practice.path}/cosignatures"))
    assert head == clinic.cosigned(admin, newer)
    assert earlier.startswith(clinic.checkpoint(2))


def test_a_head_that_is_new_and_cosigned_while_somebody_asks_is_in_the_answer(bench: Bench) -> None:
    made = Clinic()
    quiet = type("Listener", (), {"log_grew": lambda *_: None, "device_admitted": lambda *_: None})()

    async def scenario() -> None:
        async with bench:
            clinics = Clinics(bench.writer, bench.reading, Limits(), frozenset(), quiet)
            witness, fingerprint = (
                Witness(bench.writer, bench.reading, RelayKey(bytes(32))),
                Fingerprint(made.fingerprint),
            )
            await clinics.found(made.statements[0])
            asked = await clinics.get(fingerprint)
            made.statements.append(made.statement(made.admission(Device(made.fingerprint))))
            await clinics.append(fingerprint, 1, made.statements[1])
            note = made.cosigned(made.administrators[0].cosigning, bench.now // 1000)
            await witness.add_cosignature(await clinics.get(fingerprint), note.encode())
            cosigned = await witness.cosignatures(asked)
            assert witness.cosigned_notes(await clinics.get(fingerprint), cosigned) == [note]

    asyncio.run(scenario())


def test_cosignatures_of_others_or_over_other_heads_are_refused(practice: Practice) -> None:
    clinic = practice.clinic
    agent = practice.agent("agent", cosigns=True)
    gone = practice.agent("supervisor", cosigns=True)
    practice.append(["revoke", gone.device.id, "left"])
    admin = clinic.administrators[0].cosigning
    good = clinic.cosigned(admin)
    origin, name = f"sealdesk/clinic/{clinic.fingerprint.hex()}", f"sealdesk/cosigner/{admin.public.hex()}"
    others = [checkpoint_text(origin, size, os.urandom(32)) for size in (0, 1, 4, 5)]
    for note in (
        *(text + "\n" + cosignature_line(name, admin, text, int(time.time())) for text in others),
        clinic.cosigned(agent.device.cosigning),
        clinic.cosigned(gone.device.cosigning),
        clinic.cosigned(SigningKey()),
        clinic.cosigned(admin, int(time.time()) + 700),
        good.replace("\n4\n", "\n3\n"),
        good.replace("\n4\n", "\n5\n"),
        good.replace("sealdesk/clinic", "sealdesk/audit"),
        good.partition("\n\n")[0],
        good[:-10] + "\n",
        good.replace(" ", "  "),
        "",
        "x" * 20_000,
    ):
        with pytest.raises(Refused, match="note-invalid"):
            cosign(practice, note)
    cosign(practice, good)


def test_an_unknown_clinic_is_not_found(practice: Practice) -> None:
    for path in ("log", "cosignatures"):
        assert practice.http.get(f"/v1/clinics/{os.urandom(32).hex()}/{path}").status_code == 404
    assert practice.http.get("/v1/clinics/xyz/log").status_code == 404
