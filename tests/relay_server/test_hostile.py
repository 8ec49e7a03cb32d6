"""Whatever anybody sends: a problem document in the 400s, and never a fault of the relay's own."""

import os
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.relay_server.clinic import encode, envelope
from tests.relay_server.relays import PATIENCE, Owner, Practice, RelayProcess, raw_http

CLINIC = "{clinic}"
CALLS = [
    ("GET", "/v1/relay"),
    ("POST", "/v1/challenge"),
    ("POST", "/v1/token"),
    ("POST", "/v1/mailboxes"),
    ("POST", "/v1/invitations"),
    ("POST", "/v1/invitations/cancel"),
    ("PUT", "/v1/prekeys"),
    ("GET", "/v1/prekeys"),
    ("POST", "/v1/prekeys/take"),
    ("POST", "/v1/envelopes"),
    ("GET", "/v1/envelopes?wait=0&after="),
    ("POST", "/v1/receipts"),
    ("POST", "/v1/discard"),
    ("GET", "/v1/generation"),
    ("PUT", "/v1/generation"),
    ("GET", "/v1/count"),
    ("PUT", f"/v1/blobs/{'ab' * 32}"),
    ("GET", f"/v1/blobs/{'ab' * 32}"),
    ("DELETE", f"/v1/blobs/{'ab' * 32}"),
    ("POST", "/v1/clinics"),
    ("GET", f"/v1/clinics/{CLINIC}/log?from="),
    ("POST", f"/v1/clinics/{CLINIC}/log"),
    ("GET", f"/v1/clinics/{CLINIC}/cosignatures"),
    ("POST", f"/v1/clinics/{CLINIC}/cosignatures"),
    ("POST", f"/v1/clinics/{CLINIC}/witness"),
    ("GET", "/"),
    ("PATCH", "/v1/envelopes"),
    ("TRACE", "/v1/token"),
]
TALKS = [(method, path) for method, path in CALLS if method in ("POST", "PUT")]

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.binary(max_size=70)
    | st.text(max_size=20)
    | st.floats(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
bodies = st.binary(max_size=300) | values.map(lambda value: encode(value))
words = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)
bounded = settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def caller(relay: RelayProcess) -> Owner:
    return relay.practice().agent()


def check(response: httpx.Response) -> None:
    assert response.status_code < 500, response.text
    if response.status_code >= 400 and response.headers["content-type"] != "text/x.tlog.size; charset=utf-8":
        assert response.headers["content-type"] == "application/problem+json"
        document = response.json()
        assert document["type"].startswith("urn:sealdesk:problem:")
        assert document["status"] == response.status_code
        assert document["detail"].endswith(".")
        assert document["action"].endswith(".")


def send(caller: Owner, method: str, path: str, body: bytes, **headers: str) -> httpx.Response:
    target = path.replace(CLINIC, caller.clinic.fingerprint.hex())
    return caller.raw(method, target, body or None, **headers)


@bounded
@given(call=st.sampled_from(CALLS), body=bodies)
def test_random_bodies_to_every_call(caller: Owner, call: tuple[str, str], body: bytes) -> None:
    check(send(caller, *call, body))


@bounded
@given(
    call=st.sampled_from(CALLS),
    body=bodies,
    head=words,
    authorization=words,
    read=words,
    span=words,
    query=words,
)
def test_random_headers_and_queries(
    caller: Owner, call: tuple[str, str], body: bytes, head: str, authorization: str, read: str, span: str, query: str
) -> None:
    method, path = call
    headers = {"Sealdesk-Log-Head": head, "Authorization": f"Bearer {authorization}", "Sealdesk-Blob-Read": read}
    headers |= {"Sealdesk-Blob-Delete": read, "Range": f"bytes={span}", "Origin": span, "Accept-Encoding": read}
    if path.endswith("="):
        path += "".join(f"%{ord(c):02x}" for c in query)
    check(send(caller, method, path, body, **headers))
    del headers["Authorization"]
    check(send(caller, method, path, body, **headers))


@bounded
@given(data=st.data())
def test_valid_requests_with_one_byte_changed(caller: Owner, data: st.DataObject) -> None:
    device = caller.device
    valid: dict[str, Any] = {
        "/v1/envelopes": [envelope(caller.mailbox)],
        "/v1/receipts": [device.receipt(caller.mailbox, os.urandom(32))],
        "/v1/prekeys": device.prekeys(once=1, reset=True),
        "/v1/invitations": device.invitation(os.urandom(32)),
        "/v1/discard": [1, 2, 3],
        "/v1/prekeys/take": [caller.mailbox],
        f"/v1/clinics/{CLINIC}/log": [1, caller.clinic.statement(caller.clinic.admission(device))],
        "/v1/clinics": [caller.clinic.statements[0]],
    }
    path = data.draw(st.sampled_from(sorted(valid)))
    body = bytearray(encode(valid[path]))
    at = data.draw(st.integers(0, 2**20)) % len(body)
    body[at] ^= data.draw(st.integers(1, 255))
    method = "PUT" if path == "/v1/prekeys" else "POST"
    check(send(caller, method, path, bytes(body)))
    check(send(caller, method, path, bytes(body[:at])))


@pytest.mark.parametrize(("method", "path"), TALKS)
def test_nesting_size_and_spellings(caller: Owner, method: str, path: str) -> None:
    long_form = b"\xdd\x00\x00\x00\x01\xc6\x00\x00\x00\x01x"
    for body in (
        b"\x91" * 100_000,
        b"\xdd\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        long_form,
        b"\xd4\x01\x01",
        b"\x81\xa1a\x01",
    ):
        response = send(caller, method, path, body)
        check(response)
        assert response.status_code >= 400
    too_much = send(caller, method, path, bytes(17 * 1024 * 1024))
    check(too_much)
    assert too_much.status_code >= 400


def test_unknown_calls_and_methods(practice: Practice) -> None:
    for method, path, status in (("GET", "/v2/x", 404), ("DELETE", "/v1/token", 405), ("PUT", "/v1/envelopes", 405)):
        response = practice.http.request(method, path)
        check(response)
        assert response.status_code == status


def test_a_query_that_is_no_text(practice: Practice) -> None:
    target = f"GET {practice.path}/log?from=\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert b" 400 " in raw_http(practice.url, target.encode("latin-1")).split(b"\r\n")[0]


def test_trailers_are_nobodys_headers_and_end(caller: Owner) -> None:
    head = "GET /v1/count HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
    claimed = f"Authorization: Bearer {caller.token}\r\n"
    url = str(caller.http.base_url).rstrip("/")
    assert b" 401 " in raw_http(url, f"{head}{claimed}\r\n".encode())
    slow = head.replace("GET /v1/count", "POST /v1/challenge")
    for endless in (b"A: b\r\n" * 400_000, b"A: " + b"b" * 2_000_000):
        assert b" 200 " not in raw_http(url, slow.encode() + endless)


def test_bytes_that_are_not_http(relay: RelayProcess) -> None:
    for data in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\n\r\n",
        b"POST /v1/challenge HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST /v1/challenge HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/challenge HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v1/challenge HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /v1/relay HTTP/1.1\r\nHost: x\r\nA" + b"a" * 2_000_000,
        b"GET /v1/relay HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 200_000 + b"\r\n",
        b"GET /" + b"a" * 2_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        answer = raw_http(relay.url, data)
        assert b" 500 " not in answer
        assert b" 200 " not in answer
    assert httpx.get(relay.url + "/healthz", timeout=PATIENCE, trust_env=False).status_code == 200
