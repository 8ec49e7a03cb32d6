"""The command itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from relay_server import main
from tests.relay_server.clinic import decode
from tests.relay_server.relays import PATIENCE, relay_process


def command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "relay_server.main", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_help_explains_itself() -> None:
    shown = command("--help")
    assert shown.returncode == 0
    for word in ("--data", "--host", "--port", "--origin", "--page", "--limits", "--clinic", "--storage", "8440"):
        assert word in shown.stdout


def test_wrong_options_are_sentences(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path), "--port", "0")
    for arguments, sentence in (
        (("--limits", "sends=many"), "NAME=NUMBER"),
        (("--limits", "nothing=1"), "sends_burst"),
        (("--clinic", "abc"), "64 hex digits"),
        (("--storage", "oracle:///x"), "sqlite:///"),
        (("--host", "203.0.113.1"), "cannot start"),
    ):
        shown = command(*data, *arguments)
        assert shown.returncode != 0
        assert sentence in shown.stderr
        assert "Traceback" not in shown.stderr


def test_a_taken_port_is_said(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        shown = command("--data", str(own_folder / "other"), "--port", relay.url.rpartition(":")[2])
        assert shown.returncode == 1
        assert "cannot start" in shown.stderr


def test_the_origin_is_what_devices_sign(own_folder: Path) -> None:
    with relay_process(
        own_folder, "--origin", "https://relay.example", "--storage", f"sqlite://{own_folder}/other.db"
    ) as relay:
        practice = relay.practice()
        assert decode(practice.http.get("/v1/relay").content)[0] == "https://relay.example"
        assert practice.agent().get("/v1/count") == [0]
        assert (own_folder / "other.db").exists()


def test_the_default_folder_is_the_users() -> None:
    assert main.default_data().name == "sealdesk-relay"


@pytest.mark.parametrize("again", [1, 2])
def test_it_stops_cleanly_whenever_it_is_told(own_folder: Path, again: int) -> None:
    with relay_process(own_folder) as relay:
        for _ in range(again):
            assert relay.stop() == 0
            assert not (relay.data / "relay.db-wal").exists()
            relay.start()
