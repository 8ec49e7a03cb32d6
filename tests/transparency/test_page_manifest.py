"""The signed manifest of the patients' page, and what differs from it."""

from collections.abc import Callable

import pytest

from agent_app.protocol.errors import InvalidNoteError, ProtocolError, RefusedStatementError, RolledBackLogError
from agent_app.transparency import note, page_manifest
from agent_app.transparency.page_manifest import Difference, PageManifest, Served
from relay_server import page
from tests.transparency.clinic import Admin, Clinic

ORIGIN = "https://relay.example:8443"
FILES = {"index.html": b"<!doctype html>", "shell.js": b"'use strict'", "assets/a-1.css": b"p{}"}
TIME = 1_790_000_000_000


def signed(clinic: Clinic, files: dict[str, bytes] = FILES, time: int = TIME) -> bytes:
    return page_manifest.build(clinic.log.clinic, time, ORIGIN, files, clinic.admins[0].key)


def served(files: dict[str, bytes] = FILES) -> dict[str, Served]:
    return {path: Served(200, content, page_manifest.headers(ORIGIN)) for path, content in files.items()}


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


@pytest.fixture
def manifest(clinic: Clinic) -> PageManifest:
    return page_manifest.verify(signed(clinic), clinic.log.roster)


def test_what_is_served_as_signed_has_no_difference(manifest: PageManifest) -> None:
    assert manifest.differences(served()) == ()


@pytest.mark.parametrize("path", sorted(FILES))
def test_every_flipped_bit_of_a_file_is_a_difference(manifest: PageManifest, path: str) -> None:
    for at in range(8 * len(FILES[path])):
        altered = bytearray(FILES[path])
        altered[at // 8] ^= 1 << at % 8
        found = manifest.differences(served({**FILES, path: bytes(altered)}))
        assert [(one.path, one.what) for one in found] == [(path, "content")]


def test_a_wider_policy_a_missing_header_and_a_missing_file_are_differences(manifest: PageManifest) -> None:
    good = served()["shell.js"]
    for name, value in page_manifest.headers(ORIGIN).items():
        for headers in (
            {**good.headers, name: value + " *"},
            {other: text for other, text in good.headers.items() if other != name},
        ):
            found = manifest.differences({**served(), "shell.js": Served(200, good.content, headers)})
            assert [(one.path, one.what) for one in found] == [("shell.js", name)]
    for status in (204, 302, 404):
        found = manifest.differences({**served(), "shell.js": Served(status, good.content, good.headers)})
        assert [(one.path, one.what) for one in found] == [("shell.js", "missing")]
    assert [one.what for one in manifest.differences({})] == ["missing"] * 3


def test_the_relay_serves_a_page_with_the_headers_that_a_manifest_asks_for() -> None:
    relays = {name.lower(): value for name, value in page._FIXED.items()}
    assert page_manifest.headers(ORIGIN) == {**relays, "content-security-policy": page.policy(ORIGIN)}


def test_the_script_that_other_sites_embed_is_open_to_them_and_to_nothing_else(clinic: Clinic) -> None:
    files = {**FILES, "widget.js": b"'use strict'; button()"}
    manifest = page_manifest.verify(signed(clinic, files), clinic.log.roster)
    policy = "cross-origin-resource-policy"
    assert manifest.differences(served(files)) == (Difference("widget.js", policy, served(files)["widget.js"].digest),)
    opened = {**page_manifest.headers(ORIGIN), policy: "cross-origin"}
    embedded = Served(200, files["widget.js"], opened)
    assert manifest.differences({**served(files), "widget.js": embedded}) == ()
    everywhere = {path: Served(200, content, opened) for path, content in files.items()}
    assert {d.path for d in manifest.differences(everywhere)} == set(FILES)


def test_a_newer_manifest_explains_just_what_it_asks_for(clinic: Clinic) -> None:
    files = {**FILES, "shell.js": b"version 2"}
    del files["assets/a-1.css"]
    newer = page_manifest.verify(signed(clinic, files), clinic.log.roster)
    digest = served(files)["shell.js"].digest
    assert newer.explains([Difference("shell.js", "content", digest), Difference("assets/a-1.css", "missing", b"")])
    assert not newer.explains([Difference("shell.js", "content", bytes(32))])
    assert not newer.explains([Difference("shell.js", "missing", digest)])
    assert not newer.explains([Difference("shell.js", "content-security-policy", digest)])


def test_only_an_administrator_of_this_clinic_signs(clinic: Clinic) -> None:
    own, other = clinic.log, Clinic([Admin.named("eve")])
    for raw in (
        signed(other),
        page_manifest.build(own.clinic, TIME, ORIGIN, FILES, bytes(range(32))),
        page_manifest.build(other.log.clinic, TIME, ORIGIN, FILES, clinic.admins[0].key),
    ):
        with pytest.raises(RefusedStatementError):
            page_manifest.verify(raw, own.roster)


def test_an_older_one_than_was_seen_is_refused(clinic: Clinic) -> None:
    assert page_manifest.verify(signed(clinic), clinic.log.roster, TIME).time == TIME
    with pytest.raises(RolledBackLogError):
        page_manifest.verify(signed(clinic), clinic.log.roster, TIME + 1)


def _resigned(change: Callable[[str], str]) -> Callable[[Clinic], bytes]:
    def make(clinic: Clinic) -> bytes:
        text, seed = change(note.parse(signed(clinic)).text), clinic.admins[0].key
        name = note.parse(signed(clinic)).signatures[0].name
        return note.Note(text, (note.sign(text, name, seed),)).format().encode()

    return make


@pytest.mark.parametrize(
    "make",
    [
        lambda clinic: b"",
        lambda clinic: signed(clinic)[:-1],
        lambda clinic: note.parse(signed(clinic)).text.encode(),
        lambda clinic: signed(clinic).replace(b"shell.js", b"shall.js"),
        _resigned(lambda text: text.replace("sealdesk/page/", "sealdesk/clinic/")),
        _resigned(lambda text: text.replace("time 17", "time 017")),
        _resigned(lambda text: text.replace(f"time {TIME}", f"time {2**53}")),
        _resigned(lambda text: text.replace("shell.js", "../shell.js")),
        _resigned(lambda text: text.replace("shell.js", "https://elsewhere.example/shell.js")),
        _resigned(lambda text: text.replace("shell.js", ".hidden")),
        _resigned(lambda text: text.replace("index.html", "start.html")),
        _resigned(lambda text: text + text.splitlines()[-1] + "\n"),
        _resigned(lambda text: "\n".join([*text.splitlines()[:-2], *text.splitlines()[:-3:-1]]) + "\n"),
        _resigned(lambda text: text + "extension\n"),
        _resigned(lambda text: text + "\n"),
        _resigned(lambda text: text.replace("header ", "header  ")),
        _resigned(lambda text: "\n".join(text.splitlines()[:1]) + "\n"),
        _resigned(lambda text: text + "".join(f"file {'ab' * 32} z{n:03}\n" for n in range(64))),
    ],
)
def test_whatever_else_is_no_manifest(clinic: Clinic, make: Callable[[Clinic], bytes]) -> None:
    with pytest.raises(InvalidNoteError):
        page_manifest.verify(make(clinic), clinic.log.roster)
    assert page_manifest.named(make(clinic)) == () or b"shall" in make(clinic)


def test_a_flipped_bit_anywhere_in_the_note_is_never_the_same_manifest(clinic: Clinic) -> None:
    raw = signed(clinic)
    for at in range(len(raw)):
        altered = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        with pytest.raises(ProtocolError):
            page_manifest.verify(altered, clinic.log.roster)
