"""Which keyrings are trusted: the operating systems' own, by name. All others are refused, with what to do."""

import sys
from collections.abc import Callable
from typing import TypeVar

import keyring
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from agent_app.store.errors import KeyringRefused, KeyringUnavailable

T = TypeVar("T")

KNOWN = {
    "keyring.backends.SecretService.Keyring": "Secret Service (GNOME Keyring, KWallet, KeePassXC)",
    "keyring.backends.libsecret.Keyring": "libsecret",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Locker",
}


def known_keyring(configured: KeyringBackend | None = None) -> KeyringBackend:
    """The keyring to use. Raises KeyringRefused, naming what was found, when it is none of the system's own.

    A chainer is opened rather than used: with a plaintext backend installed it would read from that one too, and
    write to it whenever the real one is away.
    """
    found = configured if configured is not None else answered(keyring.get_keyring)
    candidates = list(answered(lambda: found.backends)) if isinstance(found, ChainerBackend) else [found]
    for candidate in candidates:
        if name(candidate) in KNOWN:
            return candidate
    names = ", ".join(name(candidate) for candidate in candidates)
    raise KeyringRefused("" if names else "an empty chainer", names=names or "—")


def name(backend: KeyringBackend) -> str:
    """The class itself, not a subclass: what a subclass does with a secret, nobody has looked at."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def answered(call: Callable[[], T]) -> T:
    """The call's answer; whatever it raises becomes KeyringUnavailable. The call may be made twice."""
    try:
        return _asked_again(call)
    except Exception as error:  # backends raise their own libraries' errors: D-Bus, Win32, Security.framework
        raise KeyringUnavailable(str(error)) from error


def _asked_again(call: Callable[[], T]) -> T:
    """The call's answer, asked once more where the Secret Service fell over: the bus starts it anew.

    gnome-keyring aborts when a caller disconnects while its request is under way (its issue 195), and takes
    everybody else's requests with it. A person's No is not asked again, nor is a keychain that may show a dialog.
    """
    try:
        return call()
    except (KeyringLocked, PasswordDeleteError):
        raise
    except Exception:
        if sys.platform != "linux":
            raise
        return call()
