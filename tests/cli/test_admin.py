"""sealdesk-admin from its arguments to the relay, with the system's real keyring and a real relay process."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_app.cli import admin
from agent_app.engine.clinic_address import REQUEST_PREFIX, ClinicAddress, to_text
from agent_app.protocol.encoding import encode
from agent_app.protocol.keys import ClinicId, DeviceKeys
from agent_app.store.key_material import AdminSecrets
from agent_app.store.passphrase import eff_long
from agent_app.store.vault import Vault
from agent_app.transparency import enrolment, fingerprint, page_config, page_manifest
from agent_app.transparency.audit import RecipientSecret
from agent_app.transparency.enrolment import EnrolmentRequest
from agent_app.transparency.log import ClinicLog
from tests.relay_server.relays import RelayProcess

PASSPHRASE = "anvil quartz harbour mitten ledger"
NAME = "Praxis [bold]Ada[/bold]"


class Terminal:
    """Runs commands as a person would, and remembers what was printed."""

    def __init__(self, folder: Path, relay: RelayProcess, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.relay = relay
        self.profile = f"admin-{os.urandom(4).hex()}"
        self._capsys = capsys
        self.passphrase = folder / "passphrase"
        self.passphrase.write_text(PASSPHRASE + "\n")

    def run(self, *arguments: str | Path, status: int = 0) -> str:
        place = [
            "--data",
            str(self.folder / "data"),
            "--profile",
            self.profile,
            "--passphrase-file",
            str(self.passphrase),
        ]
        given = list(map(str, arguments))
        assert admin.run(given if given[0] == "audit-key" else given + place) == status, self._capsys.readouterr()
        captured = self._capsys.readouterr()
        assert (captured.err == "") == (status == 0)
        return captured.out + captured.err

    def init(self, status: int = 0) -> str:
        sheets, zone = self.folder / "sheets", "Europe/Berlin"
        return self.run("init", NAME, "--relay", self.relay.url, "--sheets", sheets, "--time-zone", zone, status=status)

    @property
    def address(self) -> ClinicAddress:
        return ClinicAddress.parse((self.folder / "data" / self.profile / "clinic-address").read_text())


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[RelayProcess]:
    folder = tmp_path / "relay"
    folder.mkdir()
    process = RelayProcess(folder)
    yield process
    process.close()


@pytest.fixture
def terminal(tmp_path: Path, relay: RelayProcess, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path, relay, capsys)
    yield terminal
    Vault(AdminSecrets, terminal.profile, tmp_path).remove()


def request(clinic: bytes, name: str = "Ada Lovelace") -> tuple[str, str]:
    """A workstation's line, and the six words on its screen."""
    certificate = DeviceKeys.generate(os.urandom, cosigning=True).certify(ClinicId(clinic), "agent", 1)
    raw = encode(EnrolmentRequest(certificate.encoded, os.urandom(16), name, os.urandom(32)))
    return REQUEST_PREFIX + to_text(raw), " ".join(enrolment.words(raw, eff_long()))


def test_a_clinic_from_its_founding_to_a_revocation(terminal: Terminal) -> None:
    out = terminal.init()
    clinic = terminal.address.clinic
    assert NAME in out  # markup in a name is text
    assert fingerprint.to_text(clinic) in out
    assert terminal.address.text() in out
    assert terminal.run("address").endswith(terminal.address.text() + "\n")
    line, words = request(clinic)
    assert "is admitted as agent" in terminal.run("approve", line, "--words", words)
    supervisor, others = request(clinic, "Ben")
    out = terminal.run("approve", supervisor, "--words", others.upper(), "--role", "supervisor")
    device = out.partition("device ")[2].partition(".")[0]
    told = terminal.run("log", "entries")
    assert "Administrator 1: The clinic " in told
    shown = terminal.run("log", "show")
    assert shown.count("active") == 2
    assert device in shown
    assert "supervisor" in shown
    assert "Revoked (left)" in terminal.run("revoke", device, "--reason", "left")
    shown = terminal.run("log", "show")
    assert "revoked: left" in shown
    assert "fresh" in terminal.run("log", "verify")
    assert "4 statements" in terminal.run("renew")
    assert "5 statements" in terminal.run("all-clear")


def test_opening_hours_are_told_and_shown(terminal: Terminal) -> None:
    terminal.init()
    assert "No hours were told yet" in terminal.run("hours")
    told = terminal.run("hours", "mon-fri 8:00-12:00 13:00-17:00", "sat 9:00-12:00", "--closed", "2026-12-25")
    shown = terminal.run("hours")
    assert shown in told
    assert "mon-fri 8:00-12:00 13:00-17:00; sat 9:00-12:00 (" in shown
    assert "Closed on 2026-12-25" in shown
    assert "Europe/Berlin" in terminal.run("hours", "mon 8:00-12:00", "--time-zone", "Europe/Berlin")
    assert "are no hours" in terminal.run("hours", "mondays", status=1)
    assert "is no time zone" in terminal.run("hours", "mon", "--time-zone", "Mars/Olympus", status=1)


def test_whoever_admits_a_second_person_to_vouch_is_told_that_sending_waits_for_them(terminal: Terminal) -> None:
    terminal.init()

    def admitted(role: str) -> str:
        line, words = request(terminal.address.clinic)
        return terminal.run("approve", line, "--words", words, "--role", role)

    assert "two people" not in admitted("agent")
    assert "fresh" in terminal.run("log", "verify")
    assert "two people" in admitted("supervisor")
    assert "two people" not in admitted("supervisor")  # a third changes nothing


def test_a_request_whose_words_differ_is_refused(terminal: Terminal) -> None:
    terminal.init()
    line, _ = request(terminal.address.clinic)
    _, other_words = request(terminal.address.clinic)
    assert "exchanged" in terminal.run("approve", line, "--words", other_words, status=1)
    assert "whole line" in terminal.run("approve", line[:-40].replace(":", ";"), "--words", other_words, status=1)
    foreign, words = request(bytes(32))
    assert "clinic" in terminal.run("approve", foreign, "--words", words, status=1)
    assert "active" not in terminal.run("log", "show")


def test_enrolling_asks_and_takes_no_for_an_answer(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.init()
    line, words = request(terminal.address.clinic)
    answers: list[bool] = [False, True]
    monkeypatch.setattr(admin.Confirm, "ask", lambda *_, **__: answers.pop(0))
    monkeypatch.setattr(admin.Prompt, "ask", lambda *_, **__: "auditor")
    assert "Nothing was admitted" in terminal.run("enrol", line, status=1)
    out = terminal.run("enrol", line)
    assert all(word in out for word in words.split())
    assert "is admitted as auditor" in out


def test_the_two_sheets_make_the_audit_key_and_one_makes_nothing(terminal: Terminal) -> None:
    terminal.init()
    first, second = (terminal.folder / "sheets" / f"recovery-sheet-{number}.txt" for number in (1, 2))
    assert first.stat().st_mode & 0o077 == second.stat().st_mode & 0o077 == 0
    key = terminal.folder / "key"
    terminal.run("audit-key", first, second, "--output", key)
    secret = RecipientSecret.from_text(key.read_text())
    assert key.stat().st_mode & 0o077 == 0
    charter = (terminal.folder / "data" / terminal.profile / "charter").read_bytes()
    assert secret.public.x25519 in charter
    assert "not the two sheets" in terminal.run("audit-key", first, first, "--output", key, status=1)
    assert "no recovery sheet" in terminal.run("audit-key", first, key, "--output", key, status=1)
    text = second.read_text()
    second.write_text(text.rsplit(maxsplit=1)[0])
    assert "here are 24" in terminal.run("audit-key", first, second, "--output", key, status=1)
    words = text.split()
    second.write_text(" ".join([*words[:-1], "acorn" if words[-1] == "acid" else "acid"]))
    assert "is wrong" in terminal.run("audit-key", first, second, "--output", key, status=1)


def test_both_sheets_make_a_new_administrators_key_and_end_the_old_one(terminal: Terminal) -> None:
    terminal.init()
    first, second = (terminal.folder / "sheets" / f"recovery-sheet-{number}.txt" for number in (1, 2))
    line, words = request(terminal.address.clinic)
    address = terminal.address.text()
    lost, terminal.profile = terminal.profile, f"admin-{os.urandom(4).hex()}"
    assert "not the two sheets" in terminal.run("recover", first, first, "--address", address, status=1)
    assert "old one is revoked" in terminal.run("recover", second, first, "--address", address)
    assert "is admitted as agent" in terminal.run("approve", line, "--words", words)
    assert "fresh" in terminal.run("log", "verify")
    found, terminal.profile = terminal.profile, lost
    other, its_words = request(terminal.address.clinic)
    assert "administrators signed" in terminal.run("approve", other, "--words", its_words, status=1)
    Vault(AdminSecrets, lost, terminal.folder).remove()
    terminal.profile = found
    assert "old one is revoked" in terminal.run("recover", first, second)  # the same sheets, once more
    assert "3 statements" not in terminal.run("renew")


def test_founding_twice_or_over_sheets_is_refused(terminal: Terminal) -> None:
    terminal.init()
    assert "is finished now" in terminal.init()  # the charter is posted again, which changes nothing
    terminal.profile = "admin-" + os.urandom(4).hex()
    assert "empty folder" in terminal.init(status=1)


def test_a_relay_that_calls_itself_otherwise_is_refused(terminal: Terminal) -> None:
    other = terminal.relay.url.replace("127.0.0.1", "localhost")
    folder = terminal.folder / "others"
    assert "calls itself" in terminal.run("init", "X", "--relay", other, "--sheets", folder, status=1)
    assert "not encrypted" in terminal.run("init", "X", "--relay", "http://relay.example", "--sheets", folder, status=1)
    assert "time zone" in terminal.run(
        "init", "X", "--relay", terminal.relay.url, "--sheets", folder, "--time-zone", "Mars/Olympus", status=1
    )
    assert not folder.exists()


def test_a_wrong_passphrase_and_a_clinic_not_founded_are_said(terminal: Terminal) -> None:
    assert "init" in terminal.run("log", "show", status=1)
    terminal.init()
    terminal.passphrase.write_text("something else entirely here")
    assert "passphrase" in terminal.run("renew", status=1).lower()


def test_the_administrator_remembers_how_far_the_log_had_come(terminal: Terminal) -> None:
    """A relay that was set back by a statement shows the administrator less than before."""
    terminal.init()
    line, words = request(terminal.address.clinic)
    terminal.relay.stop()
    data, backup = terminal.relay.data, terminal.folder / "backup"
    shutil.copytree(data, backup)
    terminal.relay.start()
    terminal.run("approve", line, "--words", words)
    terminal.relay.stop()
    shutil.rmtree(data)
    shutil.copytree(backup, data)
    terminal.relay.start()
    out = terminal.run("log", "verify", status=1)
    assert "log.rolled-back" in out


def test_the_pages_configuration_is_signed_for_everybody_to_read(terminal: Terminal) -> None:
    terminal.init()
    build = terminal.folder / "dist"
    build.mkdir()
    assert "index.html" in terminal.run("page", "--relay-config", build, status=1)
    (build / "index.html").write_text("<!doctype html>")
    terminal.run("page", "--relay-config", build, "--hours", "Mo-Fr 9-12", "--phone", "+49 30 1")
    charter = (terminal.folder / "data" / terminal.profile / "charter").read_bytes()
    roster = ClinicLog(charter).roster
    for written in (build / "config.json", build / "charter.bin", build / "manifest.note"):
        assert written.stat().st_mode & 0o444 == 0o444
    config = page_config.verify((build / "config.json").read_bytes(), roster)
    assert (config.origin, config.hours, config.phone) == (terminal.relay.url, "Mo-Fr 9-12", "+49 30 1")
    manifest = page_manifest.verify((build / "manifest.note").read_bytes(), roster)
    assert set(manifest.files) == {"index.html", "config.json", "charter.bin"}
    assert (build / "charter.bin").read_bytes() == charter


@pytest.mark.parametrize("arguments", [["--help"], ["init", "--help"], ["log", "--help"], ["approve", "--help"]])
def test_help_explains(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert admin.run(arguments) == 0
    assert "Usage: sealdesk-admin" in capsys.readouterr().out


def test_an_unknown_command_is_a_sentence_and_status_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert admin.run(["frobnicate"]) == 1
    assert capsys.readouterr().err
