"""Composition root of the desk: the one place where its objects are built and joined."""

import os
import signal
import socket
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

# Before Qt: PySide6 reads the source of whatever is imported after it, which takes a tenth of a second and 15 MB.
from agent_app.engine.engine import Engine
from agent_app.engine.profile import Profile, default_data
from agent_app.engine.workstation import Workstation
from agent_app.store import passphrase

# isort: split
from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from agent_app.bridge.engine_thread import EngineThread
from agent_app.ui.language import Interpreter, in_words
from agent_app.ui.main_window import MainWindow
from agent_app.ui.notifier import Notifier, system_tray
from agent_app.ui.preferences import Preferences
from agent_app.ui.system_lock import SystemLock
from agent_app.ui.theme import Theme

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

DESKTOP_FILE = "sealdesk-desk"  # of the launcher on whose icon the desktop shows how much is unread
WORKSTATION = "workstation.ini"  # beside the profiles, whose names have no dot


@dataclass(frozen=True, slots=True)
class Desk:
    """A window and the engine behind it, joined and not yet started. All of it is used on Qt's thread."""

    window: MainWindow
    engine_thread: EngineThread

    def start(self) -> None:
        self.window.show()
        self.engine_thread.start()

    def stop(self) -> None:
        """Ends the engine and waits for it; whatever was accepted from the person is stored by then."""
        self.window.close()
        self.engine_thread.stop()


def build_desk(profile: Profile, keyring: "KeyringBackend | None" = None, page: str = "") -> Desk:
    """Builds the desk of one profile. A QApplication must exist.

    `keyring` is the operating system's unless given; `page` the patients' page, the relay's own unless given.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise TypeError("Create a QApplication before the desk is built.")
    application.setApplicationName("Sealdesk")
    application.setDesktopFileName(DESKTOP_FILE)
    engine_thread = EngineThread(lambda emit: Engine(profile, emit, keyring=keyring, page=page, say=in_words))
    preferences = Preferences(profile.data / WORKSTATION)
    theme = Theme(application, preferences.look, preferences.text_size)
    window = MainWindow(engine_thread.submit, theme, partial(passphrase.generate, os.urandom), preferences)
    engine_thread.event_raised.connect(window.receive)
    system_lock = SystemLock(QDBusConnection.systemBus(), QDBusConnection.sessionBus(), window)
    system_lock.lock_wanted.connect(window.lock)
    engine_thread.event_raised.connect(system_lock.receive)
    icon = _program_icon(theme)
    application.setWindowIcon(icon)
    notifier = Notifier(window, icon, system_tray())
    engine_thread.event_raised.connect(notifier.receive)
    notifier.lock_wanted.connect(window.lock)
    return Desk(window, engine_thread)


def _program_icon(theme: Theme) -> QIcon:
    """In each size that trays and taskbars ask for: they stretch any other."""
    made = QIcon()
    for size in (16, 22, 24, 32, 48, 64, 128, 256):
        made.addPixmap(theme.icon("shield", "accent", size, 1.0))
    return made


def desk(profile: str = "", data: Path | None = None, page: str = "") -> int:
    """Runs the desk until its window is closed; the answer is the process's status."""
    application = QApplication(sys.argv[:1])
    profiles = data or default_data()
    interpreter = Interpreter(application, Preferences(profiles / WORKSTATION).language)
    shown = profile or Workstation(profiles).latest() or "default"
    built = build_desk(Profile(profiles, shown), page=page)
    built.start()
    with _ended_by_signals(application):
        status = application.exec()
    built.stop()
    interpreter.dismiss()
    return status


@contextmanager
def _ended_by_signals(application: QApplication) -> Iterator[None]:
    """SIGTERM and SIGINT end the desk in order. Python runs handlers only when Qt's loop wakes: hence the socket."""
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    previous = signal.set_wakeup_fd(writing.fileno())
    for number in (signal.SIGINT, signal.SIGTERM):
        # Through the loop: Qt forgets a quit that comes before the loop has begun.
        signal.signal(number, lambda *_: QTimer.singleShot(0, application.quit))
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda *_: reading.recv(64))
    try:
        yield
    finally:
        notifier.setEnabled(False)
        signal.set_wakeup_fd(previous)
        reading.close()
        writing.close()


def _parsed(arguments: Sequence[str]) -> Namespace:
    about = "The desk: end-to-end encrypted chat with a clinic's patients."
    parser = ArgumentParser("sealdesk-desk", description=about, allow_abbrev=False)
    parser.add_argument("--profile", default="", help="whose desk to show first; that of the last one unless given")
    parser.add_argument("--data", type=Path, help="folder of all profiles; the system's own unless given")
    parser.add_argument("--page", default="", help="the patients' page, where the relay does not serve it")
    return parser.parse_args(arguments)


def main() -> None:
    """Entry point of `sealdesk-desk`."""
    sys.exit(desk(**vars(_parsed(sys.argv[1:]))))


if __name__ == "__main__":
    main()
