"""Only the operating systems' own keyrings are used; any other is refused by name."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
from keyring.backend import KeyringBackend
from keyring.backends import SecretService, Windows, fail, kwallet, libsecret, macOS, null
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringLocked
from keyrings.alt.file import EncryptedKeyring, PlaintextKeyring

from agent_app.store.errors import KeyringRefused, KeyringUnavailable
from agent_app.store.keyrings import KNOWN, answered, known_keyring, name

REFUSED = [null.Keyring, fail.Keyring, PlaintextKeyring, EncryptedKeyring]


@pytest.mark.parametrize("backend", REFUSED, ids=lambda backend: f"{backend.__module__}.{backend.__qualname__}")
def test_others_are_refused_by_name_with_what_to_do(backend: type[KeyringBackend]) -> None:
    with pytest.raises(KeyringRefused) as caught:
        known_keyring(backend.__new__(backend))  # one of them cannot be made without a library of its own
    sentence = str(caught.value)
    assert f"{backend.__module__}.{backend.__qualname__}" in sentence
    assert "GNOME Keyring" in sentence
    assert "keyringrc.cfg" in sentence


KNOWN_CLASSES = [SecretService.Keyring, libsecret.Keyring, kwallet.DBusKeyring, macOS.Keyring, Windows.WinVaultKeyring]


def test_the_systems_own_are_known_by_the_names_they_bear() -> None:
    assert {f"{backend.__module__}.{backend.__qualname__}" for backend in KNOWN_CLASSES} == set(KNOWN)


@pytest.mark.parametrize("backend", KNOWN_CLASSES, ids=lambda backend: backend.__module__)
def test_the_systems_own_are_taken_as_they_are(backend: type[KeyringBackend]) -> None:
    own = backend.__new__(backend)
    assert known_keyring(own) is own


def test_a_subclass_is_not_the_systems_own() -> None:
    class Keyring(SecretService.Keyring):
        pass

    with pytest.raises(KeyringRefused, match="test_keyrings"):
        known_keyring(Keyring())
    KeyringBackend._classes.discard(Keyring)  # the library would offer it to the tests that follow


def chain(monkeypatch: pytest.MonkeyPatch, *backends: type[KeyringBackend]) -> ChainerBackend:
    """The library's chainer, as it is where exactly these are installed."""
    installed = [backend.__new__(backend) for backend in backends]
    for one in {type(one) for one in installed}:
        monkeypatch.setattr(one, "priority", 1)
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: installed)
    return ChainerBackend()


def test_a_chainer_is_opened_and_its_plaintext_member_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    chainer = chain(monkeypatch, PlaintextKeyring, SecretService.Keyring)
    assert type(known_keyring(chainer)) is SecretService.Keyring


def test_a_chainer_with_nothing_else_is_refused_with_all_its_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyringRefused) as caught:
        known_keyring(chain(monkeypatch, PlaintextKeyring, null.Keyring))
    assert "keyrings.alt.file.PlaintextKeyring" in str(caught.value)
    assert "keyring.backends.null.Keyring" in str(caught.value)


def test_an_empty_chainer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyringRefused, match="empty"):
        known_keyring(chain(monkeypatch))


def test_the_librarys_own_chainer_holds_a_plaintext_keyring_here_and_the_real_one_is_chosen(
    secret_service: KeyringBackend,
) -> None:
    assert name(secret_service) == "keyring.backends.SecretService.Keyring"
    chainer = ChainerBackend()
    names = [name(backend) for backend in chainer.backends]
    assert "keyrings.alt.file.PlaintextKeyring" in names
    assert name(known_keyring(chainer)) == "keyring.backends.SecretService.Keyring"


CONFIGURED = """
from agent_app.store.errors import KeyringRefused
from agent_app.store.keyrings import known_keyring
try:
    known_keyring()
except KeyringRefused as error:
    print(error)
"""


def test_a_keyring_that_somebody_configured_away_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    answer = subprocess.run([sys.executable, "-c", CONFIGURED], capture_output=True, text=True, check=True).stdout
    assert "keyring.backends.null.Keyring" in answer


BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")


def secret_service_process() -> int:
    """The process that answers for the Secret Service on this run's own bus."""
    question = new_method_call(BUS, "GetConnectionUnixProcessID", "s", ("org.freedesktop.secrets",))
    with open_dbus_connection() as bus:
        process = int(bus.send_and_get_reply(question).body[0])
    assert f"HOME={os.environ['HOME']}".encode() in Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    return process


def test_a_secret_service_that_falls_over_in_mid_request_is_asked_again(secret_service: KeyringBackend) -> None:
    secret_service.set_password("sealdesk falls over", "a", "kept")
    process = secret_service_process()
    os.kill(process, signal.SIGSTOP)  # so that the request is surely under way when it dies
    with ThreadPoolExecutor() as waiting:
        answer = waiting.submit(answered, lambda: secret_service.get_password("sealdesk falls over", "a"))
        with pytest.raises(TimeoutError):
            answer.result(0.5)
        os.kill(process, signal.SIGKILL)
        assert answer.result(30) == "kept"
    assert secret_service_process() != process
    secret_service.delete_password("sealdesk falls over", "a")


def test_a_dismissed_prompt_is_not_shown_again() -> None:
    asked = []

    def dismissed() -> str:
        asked.append(1)
        raise KeyringLocked("Failed to unlock the collection!")

    with pytest.raises(KeyringUnavailable, match="Unlock it"):
        answered(dismissed)
    assert len(asked) == 1
