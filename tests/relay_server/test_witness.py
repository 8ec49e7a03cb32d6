"""The relay as the witness of audit logs: docs/protocol.md, 15 and 16.18."""

import base64
import os
from pathlib import Path

import httpx

from tests.relay_server.clinic import Device, checkpoint_text, encode, note_line, root_of, verifies
from tests.relay_server.relays import Practice, answered, relay_process


def ask(practice: Practice, request: str) -> httpx.Response:
    return practice.http.post(f"{practice.path}/witness", content=request.encode())


def test_a_log_that_grows_is_cosigned(practice: Practice) -> None:
    device = practice.agent().device
    key = answered(practice.http.get("/v1/relay"))[1]
    old = 0
    for size in (1, 2, 5, 5, 64, 100):
        device.audit += [os.urandom(20) for _ in range(size - len(device.audit))]
        response = ask(practice, device.witness_request(old))
        assert response.status_code == 200, response.text
        name, encoded = response.text.strip().removeprefix("\u2014 ").split(" ")
        raw = base64.b64decode(encoded)
        seconds = int.from_bytes(raw[4:12], "big")
        text = checkpoint_text(f"sealdesk/audit/{device.id.hex()}", size, root_of(device.audit))
        assert name == "sealdesk/witness"
        assert verifies(key, raw[12:], f"cosignature/v1\ntime {seconds}\n{text}".encode())
        old = size


def test_the_witness_refuses_rollback_and_fork_and_says_what_it_has_seen(practice: Practice) -> None:
    device = practice.agent().device
    device.audit = [os.urandom(20) for _ in range(5)]
    honest = device.audit.copy()
    assert ask(practice, device.witness_request(0)).status_code == 200

    device.audit = honest[:3]
    shorter = ask(practice, device.witness_request(0))
    assert (shorter.status_code, shorter.text) == (409, "5\n")
    assert shorter.headers["content-type"].startswith("text/x.tlog.size")

    device.audit = [*honest[:4], b"rewritten"]
    same_size = ask(practice, device.witness_request(5))
    assert (same_size.status_code, same_size.text) == (409, "5\n")

    device.audit = [b"rewritten", *honest[1:], b"more"]
    fork = ask(practice, device.witness_request(5))
    assert fork.status_code == 422

    device.audit = [*honest, b"six"]
    assert ask(practice, device.witness_request(3)).status_code == 409
    without_proof = f"old 5\n\n{device.audit_checkpoint()}"
    assert ask(practice, without_proof).status_code == 422
    assert ask(practice, device.witness_request(5)).status_code == 200


def test_what_was_witnessed_survives_a_restart(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        practice = relay.practice()
        device = practice.agent().device
        device.audit = [b"one", b"two"]
        assert ask(practice, device.witness_request(0)).status_code == 200
        relay.kill()
        relay.start()
        device.audit = [b"one", b"other"]
        assert ask(practice, device.witness_request(0)).status_code == 409
        assert ask(practice, device.witness_request(2)).status_code == 409


def test_only_a_device_of_the_clinic_by_its_own_signature(practice: Practice) -> None:
    agent, gone = practice.agent(), practice.agent()
    practice.append(["revoke", gone.device.id, "left"])
    stranger = Device(practice.clinic.fingerprint)
    for device, status in ((stranger, 404), (gone.device, 403)):
        device.audit = [b"entry"]
        assert ask(practice, device.witness_request(0)).status_code == status
    device = agent.device
    device.audit = [b"entry"]
    text = checkpoint_text(f"sealdesk/audit/{device.id.hex()}", 1, root_of(device.audit))
    name = f"sealdesk/device/{device.id.hex()}"
    for note in (
        text + "\n" + note_line(name, gone.device.signing, text),
        text + "\n" + note_line("sealdesk/device/other", device.signing, text),
        text + "\n",
        text,
        text.replace("\n1\n", "\n01\n") + "\n" + note_line(name, device.signing, text),
        text + "extension\n\n" + note_line(name, device.signing, text + "extension\n"),
    ):
        assert ask(practice, f"old 0\n\n{note}").status_code == 422, note
    for request in ("", "old 0", "old -1\n\n", "old x\n\n" + device.audit_checkpoint(), device.audit_checkpoint()):
        assert ask(practice, request).status_code in (404, 422), request
    too_long = "old 0\n" + (base64.b64encode(bytes(32)).decode() + "\n") * 64 + "\n" + device.audit_checkpoint()
    assert ask(practice, too_long).status_code == 422
    ahead = f"old 2\n\n{device.audit_checkpoint()}"
    assert ask(practice, ahead).status_code == 422
    assert ask(practice, device.witness_request(0)).status_code == 200
    assert practice.http.post(f"{practice.path}/witness", content=encode([1])).status_code == 422
