"""sealdesk-verify as an auditor uses it: a file, a fingerprint, an answer."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agent_app.cli import verdict, verify
from agent_app.protocol.events import Text
from agent_app.transparency import fingerprint
from tests.transparency import evidence
from tests.transparency.clinic import secret
from tests.transparency.evidence import Scene

SCENE, RAW = evidence.conversation()
FINGERPRINT = fingerprint.to_text(SCENE.clinic.log.clinic)


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return written(tmp_path, RAW)


@pytest.fixture
def audit_key(tmp_path: Path) -> Path:
    path = tmp_path / "audit.key"
    path.write_text(SCENE.clinic.auditor.to_text())
    return path


def written(folder: Path, raw: bytes) -> Path:
    path = folder / "bundle.sealdesk"
    path.write_bytes(raw)
    return path


def run(*arguments: object) -> int:
    return verify.run([str(argument) for argument in arguments])


def as_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    status = run(*arguments, "--json")
    return status, json.loads(capsys.readouterr().out)


def test_a_sound_bundle_passes_in_plain_words(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(bundle, "--fingerprint", FINGERPRINT) == 0

    words = capsys.readouterr().out
    assert words.startswith(" PASS ")
    assert "Clínica del Río" in words
    assert "9 in 1 conversation, 1 retracted" in words
    assert "of 16 deliveries: 16 accepted by the relay, 16 delivered, 0 rejected" in words
    assert "2 of 5 audit entries are counted and not read" in words
    assert "2026-09-21 14:13:20 UTC to 2026-09-21 14:22:20 UTC" in words
    assert "a modified program can leave one out" in words


def test_the_audit_key_reads_every_entry(bundle: Path, audit_key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, report = as_json(capsys, bundle, "--fingerprint", FINGERPRINT, "--audit-key", audit_key)

    assert (status, report["verdict"]) == (0, "PASS")
    assert report["counts"]["entries read"] == report["counts"]["audit entries"] == 5


@pytest.mark.parametrize("position", [0, 1, 40, len(RAW) // 2, len(RAW) - 1])
def test_one_flipped_byte_fails(tmp_path: Path, position: int, capsys: pytest.CaptureFixture[str]) -> None:
    damaged = bytearray(RAW)
    damaged[position] ^= 1

    assert run(written(tmp_path, bytes(damaged)), "--fingerprint", FINGERPRINT) == 1
    words = capsys.readouterr().out
    assert words.startswith(" FAIL ")
    assert "✗" in words


def test_another_clinic_fails_and_nothing_else_is_called_sound(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = fingerprint.to_text(secret("another clinic"))
    status, report = as_json(capsys, bundle, "--fingerprint", other)

    assert (status, report["verdict"]) == (1, "FAIL")
    assert {check["check"]: check["holds"] for check in report["checks"]} == {
        "form": True,
        "clinic": False,
        **dict.fromkeys(
            ["clinic log", "exporter", "audit logs", "audit entries", "messages", "sequence", "deliveries"]
        ),
    }


def test_a_missing_message_is_named_as_a_gap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (omitted,) = (forgery for forgery in evidence.forgeries() if forgery.name == "omitted")
    status, report = as_json(capsys, written(tmp_path, omitted.raw), "--fingerprint", FINGERPRINT)

    assert status == 1
    assert report["gaps"] == [f"message 3 of device {SCENE.bea.device.hex()[:8]}"]


def test_a_message_is_followed_to_receipts_check_and_views(
    bundle: Path, audit_key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = next(m for m in SCENE.messages if m.content.event == Text("Thursday at nine."))
    number = message.content.message.hex()
    arguments = (bundle, "--fingerprint", FINGERPRINT, "--audit-key", audit_key, "--follow", number[:8])

    status, report = as_json(capsys, *arguments)
    followed = report["followed"]
    assert (status, followed["message"], followed["kind"]) == (0, number, "text")
    assert {d["recipient"] for d in followed["deliveries"]} == {SCENE.sam.device.hex(), SCENE.patient.device.hex()}
    assert all(d["accepted"] and d["answered"] and d["rejected"] is None for d in followed["deliveries"])
    assert followed["checks"] == ["2026-09-21 14:15:20 UTC, before the message: Bea answered passed, level 2"]
    assert len(followed["views"]) == 3

    assert run(*arguments) == 0
    words = capsys.readouterr().out
    assert "Bea answered passed, level 2" in words
    assert words.count("delivered") >= 2


def test_no_output_holds_what_was_written(bundle: Path, audit_key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (bundle, "--fingerprint", FINGERPRINT, "--audit-key", audit_key, "--conversation", "")
    run(*arguments, "--person", "Bea", "--follow", SCENE.messages[3].content.message.hex())
    run(*arguments, "--json")

    shown = capsys.readouterr().out
    assert "Thursday" not in shown
    assert "Second visit" not in shown


def test_filters_name_persons_devices_and_conversations(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (bundle, "--fingerprint", FINGERPRINT)
    sam = SCENE.sam.device.hex()

    _, of_sam = as_json(capsys, *arguments, "--device", sam[:10])
    _, of_bea = as_json(capsys, *arguments, "--person", "bea")
    _, of_none = as_json(capsys, *arguments, "--conversation", "ff" * 32)
    _, of_all = as_json(capsys, *arguments, "--conversation", SCENE.conversation.hex()[:6])

    assert [m["kind"] for m in of_sam["messages"]] == [m["kind"] for m in of_all["messages"]]
    assert of_sam["entries"] == []
    assert {entry["device"] for entry in of_bea["entries"]} == {SCENE.bea.device.hex()}
    assert (of_none["messages"], of_none["entries"]) == ([], [])
    assert [entry["kind"] for entry in of_all["entries"]] == ["view", "view"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--fingerprint", FINGERPRINT, "--follow", "ff" * 16),
        ("--fingerprint", FINGERPRINT, "--follow", ""),
        ("--fingerprint", FINGERPRINT, "--person", "Nobody"),
        ("--fingerprint", FINGERPRINT, "--device", "ff" * 32),
        ("--fingerprint", "abcd"),
        ("--fingerprint", FINGERPRINT, "--audit-key", __file__),
        ("--fingerprint", FINGERPRINT, "--audit-key", "/nowhere"),
        ("--fingerprint", FINGERPRINT, "--colour", "red"),
    ],
)
def test_a_wrong_question_is_no_verdict(
    bundle: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(bundle, *arguments) == 2

    shown = capsys.readouterr()
    assert "PASS" not in shown.out + shown.err
    assert "FAIL" not in shown.out + shown.err
    assert shown.err


@pytest.mark.parametrize("raw", [b"", b"PDF-1.7 and so on", b"\x00" * 1000])
def test_a_file_that_is_no_bundle_gets_no_verdict(
    tmp_path: Path, raw: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(written(tmp_path, raw), "--fingerprint", FINGERPRINT) == 2
    assert "no bundle of evidence" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "missing", "--fingerprint", FINGERPRINT) == 2
    assert "missing" in capsys.readouterr().err


def test_a_name_cannot_write_over_the_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "Eve\x1b[2J\x1b[H [bold]PASS[/bold] \u202e"
    scene = Scene()
    eve = scene.clinic.admit(hostile)
    scene.everybody = (scene.bea, eve)
    scene.say(eve, scene.name(hostile, eve), team=True)
    path, clinic = written(tmp_path, scene.export([])), fingerprint.to_text(scene.clinic.log.clinic)

    assert run(path, "--fingerprint", clinic, "--device", eve.device.hex()) == 0
    shown = capsys.readouterr().out
    assert "Eve\ufffd[2J\ufffd[H [bold]PASS[/bold]" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_text_of_unknown_origin_is_shown_as_text() -> None:
    assert verdict.plain("[red]\x1b[2J\u202e").plain == "[red]\ufffd[2J\ufffd"


def test_the_verifier_loads_nothing_that_could_reach_out() -> None:
    program = (
        "import sys, agent_app.cli.verify\n"
        "sys.exit(', '.join({'httpx', 'keyring', 'apsw', 'PySide6', 'uvicorn'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_review_lists_what_needs_an_explanation(
    bundle: Path, audit_key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bea and Sam viewed a conversation that neither of them claimed; Sam's entries need the auditor's key."""
    assert run(bundle, "--fingerprint", FINGERPRINT, "--review") == 0
    words = capsys.readouterr().out
    assert words.count("unclaimed view") == 1
    assert "Needs an explanation" in words

    status, report = as_json(capsys, bundle, "--fingerprint", FINGERPRINT, "--review", "--audit-key", audit_key)
    assert status == 0
    assert [one["reason"] for one in report["exceptions"]] == ["unclaimed-view", "unclaimed-view"]
    one = report["exceptions"][0]
    assert {key: one[key] for key in ("kind", "index")} == {"kind": "view", "index": one["index"]}
    known = {(entry["device"], entry["index"]) for entry in report["entries"] if entry["kind"] == "view"}
    assert {(found["device"], found["index"]) for found in report["exceptions"]} <= known

    _, without = as_json(capsys, bundle, "--fingerprint", FINGERPRINT)
    assert "exceptions" not in without
