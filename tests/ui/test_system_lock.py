"""Signals of the operating system's on a real bus, sent by a real service of the name that is listened to."""

import os
from collections.abc import Callable, Iterator

import pytest
from jeepney import DBusAddress, message_bus, new_signal
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from PySide6.QtDBus import QDBusConnection
from pytestqt.qtbot import QtBot

from agent_app.ui.system_lock import SystemLock

Tell = Callable[..., None]


@pytest.fixture
def bus(qtbot: QtBot) -> Iterator[QDBusConnection]:
    """A connection of the test's own to the session's bus: Qt keeps those that it hands out for ever."""
    name = "sealdesk-test"
    yield QDBusConnection.connectToBus(os.environ["DBUS_SESSION_BUS_ADDRESS"], name)
    QDBusConnection.disconnectFromBus(name)


@pytest.fixture
def tell() -> Iterator[Tell]:
    connections: list[DBusConnection] = []

    def send(service: str, interface: str, member: str, *arguments: bool) -> None:
        connection = open_dbus_connection("SESSION")
        connections.append(connection)
        Proxy(message_bus, connection).RequestName(service)
        emitter = DBusAddress("/somewhere", interface=interface)
        connection.send(new_signal(emitter, member, "b" * len(arguments) or None, arguments))

    yield send
    for connection in connections:
        connection.close()


LOGIN = "org.freedesktop.login1"


@pytest.mark.parametrize(
    "told",
    [
        (LOGIN, f"{LOGIN}.Manager", "PrepareForSleep", True),
        (LOGIN, f"{LOGIN}.Manager", "PrepareForSleep", False),
        (LOGIN, f"{LOGIN}.Session", "Lock"),
        ("org.gnome.ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", True),
        ("org.freedesktop.ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", True),
    ],
)
def test_a_lock_or_a_sleep_of_the_system_is_heard(
    bus: QDBusConnection, tell: Tell, qtbot: QtBot, told: tuple[str | bool, ...]
) -> None:
    lock = SystemLock(bus, bus)
    with qtbot.waitSignal(lock.lock_wanted):
        tell(*told)


def test_the_end_of_a_screen_saver_and_other_services_lock_nothing(
    bus: QDBusConnection, tell: Tell, qtbot: QtBot
) -> None:
    lock = SystemLock(bus, bus)
    heard: list[int] = []
    lock.lock_wanted.connect(lambda: heard.append(1))
    tell("org.gnome.ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", False)
    tell("org.example.Stranger", "org.gnome.ScreenSaver", "ActiveChanged", True)
    with qtbot.waitSignal(lock.lock_wanted):
        tell(LOGIN, f"{LOGIN}.Session", "Lock")
    assert len(heard) == 1


def test_without_a_bus_it_is_silent(qtbot: QtBot) -> None:
    nowhere = QDBusConnection.connectToBus("unix:path=/nonexistent", "sealdesk-nowhere")
    SystemLock(nowhere, nowhere)
