"""The patients' page from the relay, and pages that are hosted elsewhere."""

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import brotli
import httpx
import pytest

from relay_server.page import policy, relay_origin
from tests.relay_server.clinic import encode, now
from tests.relay_server.relays import PATIENCE, RelayProcess, raw_http, relay_process

HOME = "https://chat.example"


def config(origin: str) -> bytes:
    payload = encode(["SD1", "page", bytes(32), origin, "Mon-Fri", "+49 30 1", now()])
    document = {"payload": base64.b64encode(payload).decode(), "administrator": "00" * 32, "signature": "eA=="}
    return json.dumps(document).encode()


def pack(file: Path) -> None:
    """As the page's build lies there."""
    content = file.read_bytes()
    file.with_name(f"{file.name}.br").write_bytes(brotli.compress(content))
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(content, mtime=0))


@pytest.fixture(scope="module")
def page_relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    folder = tmp_path_factory.mktemp("page")
    build = folder / "dist"
    (build / "assets").mkdir(parents=True)
    (build / "index.html").write_text("<!doctype html><title>Chat</title>" + "x" * 2_000, "utf-8")
    (build / "shell.js").write_text("'use strict';" * 100, "utf-8")
    pack(build / "shell.js")
    (build / "widget.js").write_text("'use strict';", "utf-8")
    (build / ".hidden").write_text("secret", "utf-8")
    (folder / "outside.txt").write_text("secret", "utf-8")
    (build / "link.txt").symlink_to(folder / "outside.txt")
    with relay_process(folder / "run", "--page", str(build), "--page-origin", HOME) as relay:
        relay.build = build  # type: ignore[attr-defined]
        yield relay


@pytest.fixture
def http(page_relay: RelayProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=page_relay.url, timeout=PATIENCE, trust_env=False) as client:
        yield client


def test_the_page_comes_with_headers_that_leave_it_nothing_else(http: httpx.Client) -> None:
    for path, kind in (("/", "text/html; charset=utf-8"), ("/shell.js", "text/javascript; charset=utf-8")):
        response = http.get(path)
        assert response.status_code == 200
        assert response.headers["content-type"] == kind
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["cross-origin-opener-policy"] == "same-origin"
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
        assert response.headers["cache-control"] == "no-cache"
        assert "camera=()" in response.headers["permissions-policy"]
        directives = dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))
        assert directives["default-src"] == "'none'"
        assert directives["script-src"] == "'self' 'wasm-unsafe-eval'"
        assert directives["frame-ancestors"] == "'none'"
        assert directives["require-trusted-types-for"] == "'script'"
        assert directives["trusted-types"] == "sealdesk-worker"
        assert directives["worker-src"] == "'self'"
        assert "unsafe-inline" not in response.headers["content-security-policy"]
        assert http.head(path).headers["content-security-policy"] == response.headers["content-security-policy"]


def test_other_sites_load_the_widget_and_nothing_else(http: httpx.Client) -> None:
    policies = {
        path: http.get(path).headers["cross-origin-resource-policy"] for path in ("/", "/shell.js", "/widget.js")
    }
    assert policies == {"/": "same-origin", "/shell.js": "same-origin", "/widget.js": "cross-origin"}


def test_the_policy_names_the_relay_of_the_configuration(page_relay: RelayProcess, http: httpx.Client) -> None:
    assert "connect-src 'self';" in http.get("/").headers["content-security-policy"]
    place: Path = page_relay.build / "config.json"  # type: ignore[attr-defined]
    place.write_bytes(config("https://relay.example:8443"))
    assert "connect-src 'self' https://relay.example:8443;" in http.get("/").headers["content-security-policy"]
    assert http.get("/config.json").content == place.read_bytes()
    place.unlink()


def test_a_configuration_cannot_widen_the_policy() -> None:
    assert relay_origin(config("https://relay.example")) == "https://relay.example"
    assert relay_origin(config("http://127.0.0.1:8440")) == "http://127.0.0.1:8440"
    for hostile in (
        "https://relay.example; script-src *",
        "https://* 'unsafe-inline'",
        "*",
        "data:",
        "javascript:alert(1)",
        "https://a b",
        "https://[::1",
        "https://relay.example:99999",
        "",
    ):
        origin = relay_origin(config(hostile))
        assert origin is None or not set(origin) & set(" ;*'"), hostile
        assert policy(origin).count(";") == 12
    for garbage in (b"", b"{}", b"[]", b'{"payload": 1}', b'{"payload": "eA=="}', b'{"payload": "!"}', b"\xff"):
        assert relay_origin(garbage) is None


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/assets/../../outside.txt",
        "/.hidden",
        "/link.txt",
        "/assets",
        "/nothing",
        "//etc/passwd",
        "/%00",
        "/" + "a" * 5_000,
    ],
)
def test_nothing_outside_the_folder_and_nothing_hidden(page_relay: RelayProcess, path: str) -> None:
    answer = raw_http(page_relay.url, f"GET {path} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"application/problem+json" in answer
    assert b"secret" not in answer


def test_the_page_is_only_read(http: httpx.Client) -> None:
    assert http.post("/shell.js").status_code == 405


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;q=1.0, BR ;q=0.001", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip;q=0", None),
        ("brotli, x-gzip, zstd", None),
        ("identity", None),
        ("*", None),
        (",;q=1,;;", None),
        ("", None),
    ],
)
def test_the_page_comes_packed_as_the_browser_takes_it(
    page_relay: RelayProcess, http: httpx.Client, accepted: str, encoding: str | None
) -> None:
    response = http.get("/shell.js", headers={"Accept-Encoding": accepted})
    ending = {"br": ".br", "gzip": ".gz", None: ""}[encoding]
    file: Path = page_relay.build / f"shell.js{ending}"  # type: ignore[attr-defined]
    assert response.headers.get("content-encoding") == encoding
    assert int(response.headers["content-length"]) == file.stat().st_size
    assert response.headers["vary"].split(", ")[0] == "Accept-Encoding"
    assert response.content == (page_relay.build / "shell.js").read_bytes()  # type: ignore[attr-defined]


def test_a_packed_file_is_no_file_of_its_own(http: httpx.Client) -> None:
    assert [http.get(path).status_code for path in ("/shell.js.br", "/shell.js.gz")] == [404, 404]
    assert "content-encoding" not in http.get("/widget.js", headers={"Accept-Encoding": "br"}).headers


def test_the_page_is_revalidated_in_the_form_it_came_in(http: httpx.Client) -> None:
    tags = {http.get("/shell.js", headers={"Accept-Encoding": e}).headers["etag"] for e in ("identity", "gzip", "br")}
    assert len(tags) == 3
    packed = http.get("/shell.js", headers={"Accept-Encoding": "br"})
    known = {"Accept-Encoding": "br", "If-None-Match": packed.headers["etag"]}
    again = http.get("/shell.js", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert http.get("/shell.js", headers=known | {"Accept-Encoding": "identity"}).status_code == 200


def test_only_configured_origins_may_read_answers(http: httpx.Client) -> None:
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    ours = http.options("/v1/envelopes", headers={"Origin": HOME, **preflight})
    assert ours.status_code == 204
    assert ours.headers["access-control-allow-origin"] == HOME
    assert "sealdesk-log-head" in ours.headers["access-control-allow-headers"]
    assert "PUT" in ours.headers["access-control-allow-methods"]
    for response in (http.get("/v1/relay", headers={"Origin": HOME}), http.get("/v1/count", headers={"Origin": HOME})):
        assert response.headers["access-control-allow-origin"] == HOME
        assert "retry-after" in response.headers["access-control-expose-headers"]
    for origin in ("https://evil.example", "null", HOME + ".evil.example", HOME.upper(), "*"):
        for response in (
            http.options("/v1/envelopes", headers={"Origin": origin, **preflight}),
            http.get("/v1/relay", headers={"Origin": origin}),
        ):
            assert not any(name.startswith("access-control") for name in response.headers), origin
            assert response.headers["vary"] == "Origin"


def test_without_a_folder_there_is_no_page(relay: RelayProcess) -> None:
    response = httpx.get(relay.url + "/", timeout=PATIENCE, trust_env=False)
    assert response.status_code == 404
    assert not any(name.startswith("access-control") for name in response.headers)
