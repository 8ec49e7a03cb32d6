"""Wake-ups: what a push service of our own on loopback is asked, and what it is never told."""

import base64
import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from relay_server import push
from relay_server.problems import MalformedRequest, NotPermitted
from relay_server.storage.sqlite import SqliteStorage
from tests.relay_server.clinic import envelope
from tests.relay_server.relays import PATIENCE, Owner, Practice, Refused, RelayProcess, relay_process

SECRET_PATH = "/wake/device-7f3a91"


class PushService:
    """An HTTP server that keeps what it was asked, and answers with `status`."""

    def __init__(self) -> None:
        self.asked: Queue[tuple[str, str, dict[str, str], bytes]] = Queue()
        self.status = 201
        service = self

        class Asked(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.send_response(service.status)
                self.send_header("Location", f"{service.origin}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                service.asked.put((self.command, self.path, headers, body))

            do_GET = do_POST  # noqa: N815 -- the library's name

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def next(self) -> tuple[str, str, dict[str, str], bytes]:
        return self.asked.get(timeout=PATIENCE)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    service = PushService()
    yield service
    service.close()


@pytest.fixture(scope="module")
def waking(service: PushService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    hosts = ("--push-host", service.origin, "--push-host", "fcm.googleapis.com")
    with relay_process(tmp_path_factory.mktemp("push"), *hosts) as relay:
        yield relay


@pytest.fixture
def practice(waking: RelayProcess, service: PushService) -> Practice:
    service.status = 201
    while True:
        try:
            service.asked.get_nowait()
        except Empty:
            return waking.practice()


def pair(practice: Practice, service: PushService) -> tuple[Owner, Owner, str]:
    """An agent, a patient who wants to be woken, and where."""
    agent = practice.agent()
    patient = practice.patient(agent)
    endpoint = f"{service.origin}{SECRET_PATH}/{os.urandom(8).hex()}"
    patient.put("/v1/push", [endpoint])
    return agent, patient, endpoint


def counted(relay: RelayProcess, owner: Owner, outcome: str) -> float:
    text = owner.http.get("/metrics").text
    assert SECRET_PATH not in text
    found = [line for line in text.splitlines() if line.startswith(f'sealdesk_pushes_total{{outcome="{outcome}"}}')]
    return float(found[0].split()[-1]) if found else 0.0


def until_counted(relay: RelayProcess, owner: Owner, outcome: str, least: float) -> None:
    end = time.monotonic() + PATIENCE
    while counted(relay, owner, outcome) < least:
        assert time.monotonic() < end, f"no push was counted as {outcome}"


def stored(relay: RelayProcess) -> list[str]:
    connection = sqlite3.connect(f"file:{relay.data / 'relay.db'}?mode=ro", uri=True)
    try:
        return [row[0] for row in connection.execute("SELECT endpoint FROM push")]
    finally:
        connection.close()


def unpacked(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def test_the_request_carries_nothing_but_the_relays_own_word(
    practice: Practice, service: PushService, waking: RelayProcess
) -> None:
    agent, patient, endpoint = pair(practice, service)
    (public,) = patient.get("/v1/push")
    agent.send(envelope(patient.mailbox))
    method, path, headers, body = service.next()
    assert (method, path, body) == ("POST", endpoint.removeprefix(service.origin), b"")
    assert headers["content-length"] == "0"
    assert set(headers) <= {
        *("host", "accept", "accept-encoding", "connection", "user-agent", "content-length"),
        *("authorization", "ttl", "urgency"),
    }
    scheme, token, key = headers["authorization"].split(" ")
    signed, _, signature = token.removeprefix("t=").removesuffix(",").rpartition(".")
    assert (scheme, unpacked(key.removeprefix("k="))) == ("vapid", public)
    raw = unpacked(signature)
    signature_der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    point.verify(signature_der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(unpacked(signed.split(".")[1]))
    assert set(claims) == {"aud", "exp", "sub"}
    assert (claims["aud"], claims["sub"]) == (service.origin, waking.url)
    assert 0 < claims["exp"] - time.time() <= 24 * 3_600
    assert SECRET_PATH not in waking.log


def test_one_wake_up_until_its_owner_has_come_and_none_while_they_read(
    practice: Practice, service: PushService
) -> None:
    agent, patient, _ = pair(practice, service)
    for _ in range(3):
        agent.send(envelope(patient.mailbox))
    service.next()
    with patient.stream() as incoming:
        next(incoming)
        agent.send(envelope(patient.mailbox))
        while next(incoming)[0] != "envelope":
            pass
    # The stream's end has to reach the relay: what is accepted until then wakes nobody.
    end = time.monotonic() + PATIENCE
    while service.asked.empty() and time.monotonic() < end:
        agent.send(envelope(patient.mailbox))
        time.sleep(0.1)
    service.next()
    assert service.asked.empty()


@pytest.mark.parametrize("status", [404, 410])
def test_what_the_push_service_no_longer_knows_is_forgotten(
    practice: Practice, service: PushService, waking: RelayProcess, status: int
) -> None:
    agent, patient, endpoint = pair(practice, service)
    before = counted(waking, agent, "gone")
    service.status = status
    agent.send(envelope(patient.mailbox))
    until_counted(waking, agent, "gone", before + 1)
    assert endpoint not in stored(waking)
    assert len(patient.waiting()) == 1


@pytest.mark.parametrize("status", [302, 307, 403, 429, 500])
def test_a_push_that_fails_disturbs_no_mailbox_and_follows_nobody(
    practice: Practice, service: PushService, waking: RelayProcess, status: int
) -> None:
    agent, patient, endpoint = pair(practice, service)
    before = counted(waking, agent, "failed")
    service.status = status
    agent.send(envelope(patient.mailbox))
    until_counted(waking, agent, "failed", before + 1)
    service.next()
    assert service.asked.empty()
    assert len(patient.waiting()) == 1
    assert endpoint in stored(waking)
    assert patient.raw("DELETE", "/v1/push").status_code == 204
    assert endpoint not in stored(waking)


def test_a_revoked_mailbox_leaves_no_endpoint(practice: Practice, service: PushService, waking: RelayProcess) -> None:
    agent = practice.agent()
    agent.put("/v1/push", [service.origin + "/wake/agent"])
    assert service.origin + "/wake/agent" in stored(waking)
    practice.append(["revoke", agent.device.id, "left"])
    assert service.origin + "/wake/agent" not in stored(waking)


def test_an_endpoint_off_the_list_is_refused_and_nothing_is_stored(practice: Practice, waking: RelayProcess) -> None:
    patient = practice.patient(practice.agent())
    before = stored(waking)
    for endpoint, status in (
        ("https://push.evil.example/x", 403),
        ("https://127.0.0.1/x", 403),
        ("http://127.0.0.1:1/x", 403),
        ("ftp://fcm.googleapis.com/x", 400),
        ("https://fcm.googleapis.com/" + "x" * 1_024, 413),
    ):
        with pytest.raises(Refused) as refused:
            patient.put("/v1/push", [endpoint])
        assert refused.value.status == status, endpoint
        assert endpoint not in str(refused.value.document)
    assert stored(waking) == before


def test_the_four_known_services_and_nobody_who_looks_like_them() -> None:
    allowed = push.Allowed(push.HOSTS)
    for good in (
        "https://fcm.googleapis.com/fcm/send/a:b",
        "https://web.push.apple.com/Q",
        "https://updates.push.services.mozilla.com:443/wpush/v2/g",
        "https://db5p.notify.windows.com/w/?token=a%2b",
        "https://FCM.googleapis.com/x",
    ):
        allowed.check(good)
        assert not allowed.vouched(good)
    for bad in (
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "https://push.apple.com/x",
        "https://evil-push.apple.com/x",
        "https://fcm.googleapis.com:8443/x",
        "http://fcm.googleapis.com/x",
        "https://[::1]/x",
        "https://10.0.0.1/x",
        "https://localhost/x",
    ):
        with pytest.raises(NotPermitted):
            allowed.check(bad)
    for none in (
        "",
        "x",
        "https://me@fcm.googleapis.com/x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://fcm.googleapis.com/ x",
        "https://fcm.googleapis.com/\r\nHost: evil",
        "https://fcm.googleapis.com:x/",
        "https://[/x",
        "https://fcm.googleapis.com/ä",
    ):
        with pytest.raises(MalformedRequest):
            allowed.check(none)


def test_a_database_of_the_first_schema_is_taken_further(tmp_path: Path) -> None:
    path = tmp_path / "relay.db"
    schema = Path(push.__file__).with_name("schema") / "0001.sql"
    old = sqlite3.connect(path)
    old.executescript(schema.read_text("utf-8"))
    old.executescript("INSERT INTO clinic (fingerprint) VALUES (x'aa'); PRAGMA user_version = 1;")
    old.close()
    connection = SqliteStorage(path).reader()
    try:
        assert connection.one("SELECT count(*) FROM push") == (0,)
        assert connection.one("SELECT fingerprint FROM clinic") == (b"\xaa",)
    finally:
        connection.close()
