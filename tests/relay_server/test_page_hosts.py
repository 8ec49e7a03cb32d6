"""The site files for Caddy and nginx: the relay's own headers, read in the files and seen from the servers."""

import datetime
import ipaddress
import os
import re
import shutil
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from relay_server.page import Page
from tests.journeys.processes import Program, wait_until
from tests.relay_server.clinic import envelope
from tests.relay_server.relays import PATIENCE, Practice, RelayProcess, kept_port, relay_process
from tests.relay_server.test_page import config, pack

FILES = Path(__file__).parents[2] / "packaging/web"
RELAY = "https://relay.example.org"
HSTS = "max-age=63072000; includeSubDomains"
# What a relay says of one file's content, which every server says in its own way.
OF_CONTENT = {"content-type", "etag", "vary", "content-encoding"}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    build = tmp_path_factory.mktemp("page-host") / "build"
    build.mkdir()
    (build / "index.html").write_text("<!doctype html><title>Chat</title>", "utf-8")
    (build / "shell.js").write_text("'use strict';" * 200, "utf-8")
    (build / "sodium.wasm").write_bytes(b"\0asm\1\0\0\0")
    (build / "widget.js").write_text("'use strict';", "utf-8")
    for name in ("index.html", "shell.js", "sodium.wasm", "widget.js"):
        pack(build / name)
    (build / ".hidden").write_text("secret", "utf-8")
    (build / "config.json").write_bytes(config(RELAY))
    return build


def own_headers(build: Path, path: str = "/") -> dict[str, str]:
    _, headers = Page(build).file(path)
    return {name.lower(): value for name, value in headers.items()} | {"strict-transport-security": HSTS}


def wanted(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in OF_CONTENT}


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("Caddyfile", r'^\t(?:\t|header @page )([A-Z][\w-]+) "(.*)"$'),
        ("nginx.conf", r'^    add_header ([\w-]+) "(.*)" always;$'),
    ],
)
def test_the_files_say_what_the_relay_says(build: Path, file: str, line: str) -> None:
    text = (FILES / file).read_text("utf-8").replace("$sealdesk_resource_policy", "same-origin")
    found = re.findall(line, text, re.MULTILINE)
    said = {name.lower(): value for name, value in found if value != HSTS} | {"strict-transport-security": HSTS}
    assert said == wanted(own_headers(build))


def certificate(folder: Path) -> tuple[Path, Path]:
    """For 127.0.0.1, by its own word; returns the certificate's path and the key's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    lasting = builder.not_valid_before(today).not_valid_after(today + datetime.timedelta(days=1))
    signed = lasting.add_extension(address, False)
    (folder / "crt").write_bytes(signed.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    no_password = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password)
    (folder / "key").write_bytes(pem)
    return folder / "crt", folder / "key"


class Host:
    """A web server with our file, with names and places of this machine. One port is the page's, one the relay's."""

    def __init__(self, folder: Path, relay: RelayProcess, build: Path) -> None:
        self.folder = folder
        self.keepers = kept_port(), kept_port()
        self.ports = [keeper.getsockname()[1] for keeper in self.keepers]
        self.crt, self.key = certificate(folder)
        self.page, self.relay = (f"https://127.0.0.1:{port}" for port in self.ports)
        self.context = ssl.create_default_context(cafile=str(self.crt))
        self.places = {
            "/srv/sealdesk/page": str(build),
            "127.0.0.1:8440": relay.url.removeprefix("http://"),
        }

    def site(self, file: str) -> str:
        text = (FILES / file).read_text("utf-8")
        for ours, here in self.places.items():
            text = text.replace(ours, here)
        return text

    def client(self, url: str) -> httpx.Client:
        return httpx.Client(base_url=url, verify=self.context, trust_env=False, timeout=PATIENCE)

    def close(self) -> None:
        for keeper in self.keepers:
            keeper.close()


def caddy(program: str, host: Host) -> list[str]:
    site = host.site("Caddyfile").replace("{\n", "{\n\tadmin off\n\tauto_https disable_redirects\n", 1)
    for name, url in (("chat", host.page), ("relay", host.relay)):
        site = site.replace(f"\n{name}.example.org {{", f"\n{url} {{\n\ttls {host.crt} {host.key}")
    (host.folder / "Caddyfile").write_text(site, "utf-8")
    return [program, "run", "--config", str(host.folder / "Caddyfile"), "--adapter", "caddyfile"]


def nginx(program: str, host: Host) -> list[str]:
    site = host.site("nginx.conf")
    # The redirection from port 80 is for root's machine; the two others come in order.
    site = re.sub(r"^server \{\n    listen 80;.*?^\}\n", "", site, flags=re.DOTALL | re.MULTILINE)
    site = re.sub(r"    listen \[::\][^\n]*\n", "", site)
    for port in host.ports:
        site = site.replace("listen 443 ", f"listen 127.0.0.1:{port} ", 1)
    site = re.sub(r"(ssl_certificate) \S+;", rf"\1 {host.crt};", site)
    site = re.sub(r"(ssl_certificate_key) \S+;", rf"\1 {host.key};", site)
    (host.folder / "site.conf").write_text(site, "utf-8")
    installed = Path(program).resolve().parents[2]
    types = installed / "etc/nginx/mime.types"
    brotli = installed / "usr/lib/nginx/modules/ngx_http_brotli_static_module.so"
    if not brotli.exists():
        _missing("nginx has no brotli here (apt-get install libnginx-mod-http-brotli-static)")
    temporary = "".join(
        f"{kind}_temp_path {host.folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = (
        f"load_module {brotli}; daemon off; master_process off; pid {host.folder}/pid; error_log stderr error; "
        f"events {{}} http {{ include {types}; {temporary} include {host.folder}/site.conf; }}"
    )
    (host.folder / "nginx.conf").write_text(main, "utf-8")
    return [program, "-c", str(host.folder / "nginx.conf"), "-p", str(host.folder)]


def _missing(sentence: str) -> NoReturn:
    if os.environ.get("SEALDESK_REQUIRE_HOSTS") == "1":
        pytest.fail(sentence)
    pytest.skip(f"NOT RUN: {sentence}")


@pytest.fixture(scope="module", params=[caddy, nginx], ids=["caddy", "nginx"])
def host(request: pytest.FixtureRequest, build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    command: Callable[[str, Host], list[str]] = request.param
    program = shutil.which(command.__name__, path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        _missing(f"{command.__name__} is not installed (apt-get install {command.__name__})")
    folder = tmp_path_factory.mktemp(command.__name__)
    with relay_process(folder / "relay") as relay:
        host = Host(folder, relay, build)
        served = Program(command(program, host), folder / "log", {"HOME": str(folder), "XDG_DATA_HOME": str(folder)})
        try:
            wait_until(lambda: answers(host, served), f"{command.__name__}: {(folder / 'log').read_text()}")
            yield host
        finally:
            host.close()
            served.kill()  # a polite end waits for whoever still listens to a stream


def answers(host: Host, served: Program) -> bool:
    assert served.process.poll() is None, served.log.read_text()
    try:
        with host.client(host.page) as client:
            return client.get("/").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
@pytest.mark.parametrize("path", ["/", "/shell.js", "/sodium.wasm", "/config.json", "/widget.js"])
def test_a_page_host_says_what_the_relay_says(host: Host, build: Path, path: str, encoding: str) -> None:
    with host.client(host.page) as client:
        response = client.get(path, headers={"Accept-Encoding": encoding})
    assert response.status_code == 200
    packed = encoding != "identity" and path != "/config.json"
    assert response.headers.get("content-encoding") == (encoding if packed else None)
    assert not packed or response.headers["vary"] == "Accept-Encoding"
    assert response.content == (build / (path.lstrip("/") or "index.html")).read_bytes()
    expected = wanted(own_headers(build, path))
    assert {name: response.headers.get_list(name) for name in expected} == {n: [v] for n, v in expected.items()}


def test_a_page_host_gives_nothing_else(host: Host) -> None:
    with host.client(host.page) as client:
        for path in ("/.hidden", "/absent.js", "/%2e%2e/relay.log"):
            response = client.get(path)
            assert response.status_code in (400, 403, 404), path
            if response.content:  # Caddy says no word, and nothing runs in that
                assert "default-src 'none'" in response.headers["content-security-policy"]
        wasm = client.head("/sodium.wasm", headers={"Accept-Encoding": "identity"})
        assert wasm.headers["content-type"] == "application/wasm"


def test_a_relay_behind_it_streams_and_keeps_its_own_counsel(host: Host) -> None:
    practice = Practice(host.relay)
    practice.http.close()
    practice.http = host.client(host.relay)
    try:
        practice.found()
        agent = practice.agent()
        patient = practice.patient(agent)
        with agent.stream() as frames:
            assert next(frames)[0] == "head"
            patient.send(envelope(agent.mailbox))
            assert next(frame for frame in frames if frame)[0] == "envelope"
        for path in ("/metrics", "/readyz"):
            assert practice.http.get(path).status_code == 404
        assert practice.http.get("/healthz").headers["strict-transport-security"] == HSTS
    finally:
        practice.close()
