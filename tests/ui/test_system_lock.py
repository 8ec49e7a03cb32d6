"""Signals of the operating system's on a real bus, sent by a real service of the name that is listened to."""

import os
import select
import threading
from collections.abc import Callable, Iterator

import pytest
from jeepney import DBusAddress, Message, MessageType, message_bus, new_method_call, new_method_return, new_signal
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from PySide6.QtDBus import QDBusConnection
from pytestqt.qtbot import QtBot

from agent_app.engine.events import Phase, PhaseChanged
from agent_app.ui.system_lock import SystemLock

Tell = Callable[..., None]
LOGIN = "org.freedesktop.login1"
UNLOCKED, LOCKED = PhaseChanged(Phase.UNLOCKED), PhaseChanged(Phase.LOCKED)


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


def listening(bus: QDBusConnection) -> SystemLock:
    """The bus has heard by now what it listens to: what one connection asks is answered in turn."""
    lock = SystemLock(bus, bus)
    assert bus.interface().isServiceRegistered("org.freedesktop.DBus").value()
    return lock


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
    lock = listening(bus)
    with qtbot.waitSignal(lock.lock_wanted):
        tell(*told)


def test_the_end_of_a_screen_saver_and_other_services_lock_nothing(
    bus: QDBusConnection, tell: Tell, qtbot: QtBot
) -> None:
    lock = listening(bus)
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


class Login:
    """A logind that is asked to wait before it sleeps: it waits while the file that it gave is open somewhere."""

    def __init__(self) -> None:
        self._connection = open_dbus_connection("SESSION", enable_fds=True)
        Proxy(message_bus, self._connection).RequestName(LOGIN)
        self._waits: list[int] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while (asked := self._connection.receive()).body != ("end",):
            if asked.header.message_type is MessageType.method_call:
                self._give(asked)

    def _give(self, asked: Message) -> None:
        assert asked.body[0] == "sleep"
        assert asked.body[3] == "delay"
        ours, theirs = os.pipe()
        self._waits.append(ours)
        self._connection.send(new_method_return(asked, "h", (theirs,)))
        os.close(theirs)

    @property
    def asked(self) -> int:
        return len(self._waits)

    @property
    def may_sleep(self) -> bool:
        return bool(select.select([self._waits[-1]], [], [], 0)[0])

    def sleep(self, begins: bool) -> None:
        emitter = DBusAddress("/org/freedesktop/login1", interface=f"{LOGIN}.Manager")
        self._connection.send(new_signal(emitter, "PrepareForSleep", "b", (begins,)))

    def end(self) -> None:
        other = open_dbus_connection("SESSION")
        other.send(new_method_call(DBusAddress("/", LOGIN, "org.example.End"), "End", "s", ("end",)))
        self._thread.join()
        for connection in (other, self._connection):
            connection.close()
        for wait in self._waits:
            os.close(wait)


@pytest.fixture
def login() -> Iterator[Login]:
    made = Login()
    yield made
    made.end()


def test_the_machine_sleeps_once_the_keys_are_gone_and_not_before(
    bus: QDBusConnection, login: Login, qtbot: QtBot
) -> None:
    lock = listening(bus)
    lock.receive(UNLOCKED)
    qtbot.waitUntil(lambda: lock.delays_sleep)
    with qtbot.waitSignal(lock.lock_wanted):
        login.sleep(begins=True)
    assert not login.may_sleep
    lock.receive(LOCKED)
    qtbot.waitUntil(lambda: login.may_sleep)  # the thread that gave the file has a copy of it for a moment
    login.sleep(begins=False)
    qtbot.waitUntil(lambda: login.asked == 2 and lock.delays_sleep)
    assert not login.may_sleep
    login.sleep(begins=True)  # it is locked already
    qtbot.waitUntil(lambda: login.may_sleep)


def test_an_ordinary_lock_lets_nobody_off(bus: QDBusConnection, login: Login, qtbot: QtBot) -> None:
    lock = listening(bus)
    qtbot.waitUntil(lambda: lock.delays_sleep)
    for event in (UNLOCKED, LOCKED, UNLOCKED):
        lock.receive(event)
    assert not login.may_sleep
    with qtbot.waitSignal(lock.lock_wanted):
        login.sleep(begins=True)
    lock.receive(LOCKED)
    qtbot.waitUntil(lambda: login.may_sleep)
