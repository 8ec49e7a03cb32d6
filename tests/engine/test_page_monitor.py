"""The desk looks at the patients' page that a real relay serves, and knows when it is not what was signed."""

import asyncio
import os
import time
from dataclasses import replace

import brotli
import pytest

from agent_app.cli import admin
from agent_app.engine import notices
from agent_app.engine.administration import page_files
from agent_app.engine.administration.clinic import DEFAULT_POLICY
from agent_app.engine.administration.notebook import Refused
from agent_app.engine.events import Notice, NoticeRaised, PageAlarmChanged, Severity
from agent_app.protocol.limits import DAY
from agent_app.transparency import page_config, page_manifest
from tests.engine.world import QUICK, Desk, World, played, played_alone

EAGER = replace(QUICK, page_first=0.0, page=0.05)


class Host:
    """The folder that the relay serves the page from, and whoever may write into it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.folder = world.folder / "page"
        self.folder.mkdir()
        (self.folder / "index.html").write_text("<!doctype html><script src=shell.js></script>")
        (self.folder / "shell.js").write_text("'use strict'; write('to the clinic');")
        (self.folder / "widget.js").write_text("'use strict'; button();")
        world.relay.stop()
        world.relay.options = (*world.relay.options, "--page", str(self.folder))
        world.relay.start()

    def sign(self) -> None:
        world, now = self._world, time.time_ns() // 1_000_000
        config = page_config.build(world.clinic, world.relay.url, "9 to 5", "555 0100", now, world.admin.admin)
        self.write("config.json", config)
        files = page_files.read(self.folder)
        note = page_manifest.build(world.clinic, now, world.relay.url, files, world.admin.admin)
        self.write(page_manifest.NOTE_NAME, note)

    def write(self, name: str, content: bytes) -> None:
        """At once, as an upload that is any good does it."""
        scratch = self._world.folder / f"upload-{os.urandom(4).hex()}"
        scratch.write_bytes(content)
        scratch.replace(self.folder / name)

    def alter(self, name: str) -> bytes:
        """Changes one byte; gives the file as it was."""
        good = (self.folder / name).read_bytes()
        self.write(name, good[:-1] + bytes([good[-1] ^ 1]))
        return good


def alarms(desk: Desk) -> list[Notice | None]:
    return [event.alarm for event in desk.told(PageAlarmChanged)]


async def until_alarm(desk: Desk, alarm: Notice) -> None:
    await desk.until(lambda d: alarms(d)[-1:] and _says(alarms(d)[-1], alarm), alarm.happened)


async def until_calm(desk: Desk) -> None:
    await desk.until(lambda d: alarms(d)[-1] is None, "the end of the alarm")


def _says(found: Notice | None, alarm: Notice) -> bool:
    return found is not None and (found.severity, found.happened) == (Severity.ALARM, alarm.happened)


@played_alone
async def test_one_altered_byte_is_an_alarm_until_a_new_manifest_asks_for_it(world: World) -> None:
    host = Host(world)
    host.sign()
    ada = await world.desk("ada", pace=EAGER)
    good = host.alter("shell.js")
    await until_alarm(ada, notices.PAGE_ALTERED)
    assert alarms(ada)[0] is None
    assert "shell.js is another file" in str(alarms(ada)[-1])
    # Whoever puts the right file back does not take the alarm away, nor does the end of the program.
    host.write("shell.js", good)
    await ada.restart()
    await ada.until(lambda d: alarms(d), "what is known of the page")
    assert _says(alarms(ada)[0], notices.PAGE_ALTERED)
    host.alter("shell.js")
    host.sign()
    await until_calm(ada)
    assert notices.PAGE_CLEARED.happened in ada.notices()
    assert audited(ada, "page.altered") == 2


@played_alone
async def test_what_no_administrator_signed_is_an_alarm_until_one_has_looked(world: World) -> None:
    host = Host(world)
    host.sign()
    ada = await world.desk("ada", pace=EAGER)
    signed = (host.folder / page_manifest.NOTE_NAME).read_bytes()
    files = page_files.read(host.folder)
    host.write(
        page_manifest.NOTE_NAME,
        page_manifest.build(world.clinic, time.time_ns() // 1_000_000, world.relay.url, files, os.urandom(32)),
    )
    await until_alarm(ada, notices.PAGE_UNSIGNED)
    host.write(page_manifest.NOTE_NAME, signed)
    await world.policy(DEFAULT_POLICY)
    await ada.restart()  # it fetches the log at once
    await until_calm(ada)
    (host.folder / page_manifest.NOTE_NAME).unlink()
    await until_alarm(ada, notices.PAGE_UNSIGNED)


@played_alone
async def test_an_older_page_with_its_own_good_signature_is_an_alarm(world: World) -> None:
    host = Host(world)
    host.sign()
    older = {path.name: path.read_bytes() for path in host.folder.iterdir()}
    host.write("shell.js", b"'use strict'; write('without the fault');")
    host.sign()
    ada = await world.desk("ada", pace=EAGER)
    host.alter("shell.js")
    await until_alarm(ada, notices.PAGE_ALTERED)
    host.sign()
    await until_calm(ada)  # so the newest manifest has been seen
    for name, content in older.items():
        host.write(name, content)
    # The upload may be seen halfway: then it is another alarm, and an alarm all the same.
    await ada.until(lambda d: alarms(d)[-1] is not None, "an alarm")


@played
async def test_a_page_that_is_down_is_a_word_after_a_day_and_no_alarm(world: World) -> None:
    ada = await world.desk("ada", pace=EAGER)
    await ada.stop()
    with ada.disk() as store, store.transaction():
        store.settings.set_number("page-seen", world.clock() - DAY)
    await ada.restart()
    await ada.until(lambda d: NoticeRaised(notices.PAGE_UNSEEN) in d.events, "a word about the page")
    assert alarms(ada) == [None]


@played
async def test_a_page_that_was_never_reached_is_not_told_as_seen(world: World) -> None:
    ada = await world.desk("ada")
    assert ada.engine._shift is not None
    monitor = ada.engine._shift._page_monitor
    assert (monitor.seen, monitor.missed) == (0, 0)
    await monitor.check()  # this relay serves no page
    first = monitor.missed
    assert 0 < first <= world.clock()
    world.clock.ahead += DAY // 2
    await monitor.check()
    assert (monitor.seen, monitor.missed) == (0, first)


@played_alone
async def test_anybody_compares_a_page_from_the_command_line(world: World) -> None:
    host = Host(world)
    host.sign()
    arguments = ["page", "--check", f"{world.relay.url}/", "--clinic", world.address.text()]
    place = ["--data", str(world.folder / "nobody"), "--profile", "nobody"]
    assert await asyncio.to_thread(admin.run, [*arguments, *place]) == 0
    host.alter("index.html")
    assert await asyncio.to_thread(admin.run, [*arguments, *place]) == 1
    (host.folder / page_manifest.NOTE_NAME).unlink()
    assert await asyncio.to_thread(admin.run, [*arguments, *place]) == 1


@played_alone
async def test_the_packed_file_that_browsers_get_is_looked_at_and_not_the_one_beside_it(world: World) -> None:
    host = Host(world)
    good = (host.folder / "shell.js").read_bytes()
    packed, bomb = brotli.compress(good), brotli.compress(bytes(64 * 1024 * 1024), quality=1)
    host.write("shell.js.br", packed)
    host.sign()

    async def found() -> list[str]:
        differences, _ = await page_files.compared(f"{world.relay.url}/", world.address, world.clock)
        return [str(one) for one in differences]

    assert await found() == []
    for wrong, said in (
        (brotli.compress(good[:-1] + b"!"), "shell.js is another file"),
        (packed[:-1], "shell.js cannot be unpacked: it is cut, or not packed as the host says"),
        (good, "shell.js cannot be unpacked: it is cut, or not packed as the host says"),
        (bomb, "shell.js does not end: it is longer than any file of the page"),
    ):
        host.write("shell.js.br", wrong)
        assert await found() == [said]
        with pytest.raises(Refused, match=r"shell\.js\.br is not shell\.js, packed"):
            page_files.read(host.folder)
    ada = await world.desk("ada", pace=EAGER)
    await until_alarm(ada, notices.PAGE_ALTERED)
    assert "shell.js does not end" in str(alarms(ada)[-1])


def audited(desk: Desk, code: str) -> int:
    """How many of the audit log's entries of alarms name `code`."""
    return sum(code in entry.arguments for entry in desk.audited("alarm"))
