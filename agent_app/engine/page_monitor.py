"""Looks at the patients' page as it is served, and compares it with what an administrator signed (17.3).

It sees what is served to this desk at these moments. A host that recognises the desk can still show it one page and a
patient another: that is made difficult here, not impossible.
"""

import asyncio

from agent_app.engine import notices
from agent_app.engine.desk import Desk, Work
from agent_app.engine.events import Notice, NoticeRaised, PageAlarmChanged
from agent_app.engine.membership import Membership
from agent_app.engine.pace import Pace
from agent_app.protocol.encoding import Record, Uint, decode, encode
from agent_app.protocol.errors import InvalidNoteError, RefusedStatementError, RolledBackLogError
from agent_app.protocol.limits import DAY
from agent_app.relay.errors import RelayUnreachable
from agent_app.transparency import page_manifest
from agent_app.transparency.page_manifest import INDEX, Difference, PageManifest, Served
from agent_app.transparency.roster import Roster

_ALARM, _SEEN, _MISSED, _KNOWN = "page-alarm", "page-seen", "page-missed", "page-manifest"
_NAMED = 5  # differences that a person is told
_RECORDED = 32
_ALARMS = {
    "page.altered": notices.PAGE_ALTERED,
    "page.unsigned": notices.PAGE_UNSIGNED,
    "page.rolled-back": notices.PAGE_ROLLED_BACK,
}


class _Difference(Record, frozen=True):
    path: str
    what: str
    seen: bytes


class _Alarm(Record, frozen=True):
    """An alarm that stands. `statements` is the clinic log's size when it was raised, `manifest` its page's time."""

    code: str
    raised: Uint
    statements: Uint
    manifest: Uint
    found: tuple[_Difference, ...]

    @property
    def differences(self) -> tuple[Difference, ...]:
        return tuple(Difference(one.path, one.what, one.seen) for one in self.found)

    @property
    def notice(self) -> Notice:
        return notices.of_page(_ALARMS[self.code], self.differences[:_NAMED])


class _Known(Record, frozen=True):
    """The newest manifest that was believed: when it was made, and which files a visit asks for."""

    time: Uint
    paths: tuple[str, ...]


class PageMonitor:
    """Keeps one alarm, on the disk, until an administrator or a new signed manifest ends it."""

    def __init__(self, desk: Desk, membership: Membership, page: str, pace: Pace) -> None:
        self._desk = desk
        self._membership = membership
        self.address = page
        self._pace = pace
        self._told_unseen = False

    @property
    def seen(self) -> int:
        """When the page was looked at last; 0 for never."""
        return self._desk.store.settings.number(_SEEN)

    @property
    def missed(self) -> int:
        """Since when every visit has failed; 0 where the last one did not."""
        return self._desk.store.settings.number(_MISSED)

    async def run(self) -> None:
        """Until cancelled; at irregular moments, so that a host cannot tell a desk by its punctuality."""
        self._desk.emit(PageAlarmChanged(self.notice()))
        await asyncio.sleep(self._pace.page_first * self._fraction())
        while True:
            await self.check()
            await asyncio.sleep(self._pace.page * (0.5 + self._fraction()))

    async def check(self) -> None:
        """One visit, and what follows from it."""
        try:
            visit = await visited(self.address, self._known().paths)
        except (RelayUnreachable, ValueError):
            visit = None
        if visit is None:
            self._missed()
            return
        served, note = visit
        with self._desk.work() as work:
            self._desk.store.settings.set_number(_SEEN, work.now)
            self._desk.store.settings.set_number(_MISSED, 0)
            self._judge(served, note, work)
        self._told_unseen = False

    def reconsider(self, _: Roster) -> None:
        """The clinic log has grown: an administrator may have looked into the alarm."""
        alarm = self._alarm()
        if alarm is not None and self._membership.cleared(alarm.statements, alarm.raised):
            with self._desk.work() as work:
                self._end(alarm, "cleared", work)

    def _judge(self, served: dict[str, Served], note: Served, work: Work) -> None:
        known = self._known()
        try:
            raw = note.content if note.status == 200 else b""
            manifest = page_manifest.verify(raw, self._membership.roster, known.time)
        except RolledBackLogError:
            self._raise("page.rolled-back", known.time, (), work)
        except (InvalidNoteError, RefusedStatementError):
            self._raise("page.unsigned", known.time, (), work)
        else:
            self._desk.store.settings.set_raw(_KNOWN, encode(_Known(manifest.time, tuple(sorted(manifest.files)))))
            self._compare(manifest, served, work)

    def _compare(self, manifest: PageManifest, served: dict[str, Served], work: Work) -> None:
        differences = manifest.differences(served)
        alarm = self._alarm()
        if alarm is not None and not differences and manifest.time > alarm.manifest:
            if manifest.explains(alarm.differences):
                self._end(alarm, "explained", work)
        elif differences:
            self._raise("page.altered", manifest.time, differences, work)

    def _raise(self, code: str, manifest: int, differences: tuple[Difference, ...], work: Work) -> None:
        if self._alarm() is not None:
            return  # it stands already; what it says is what was found first
        found = tuple(_Difference(one.path, one.what, one.seen) for one in differences)
        alarm = _Alarm(code, work.now, self._membership.size, manifest, found)
        self._desk.store.settings.set_raw(_ALARM, encode(alarm))
        work.record("alarm", b"", code, *map(str, differences[:_RECORDED]))
        work.tell(PageAlarmChanged(alarm.notice))

    def _end(self, alarm: _Alarm, how: str, work: Work) -> None:
        self._desk.store.settings.set_raw(_ALARM, b"")
        work.record("alarm", b"", alarm.code, how)
        work.tell(PageAlarmChanged(None))
        work.tell(NoticeRaised(notices.PAGE_CLEARED))

    def _missed(self) -> None:
        """A page that is down harms nobody's secrets: a day of it is worth a word and no alarm."""
        now = self._desk.clock()
        if not self.missed:
            with self._desk.store.transaction():
                self._desk.store.settings.set_number(_MISSED, now)
        if now - (self.seen or self.missed) >= DAY and not self._told_unseen:
            self._told_unseen = True
            self._desk.emit(NoticeRaised(notices.PAGE_UNSEEN))

    def _alarm(self) -> _Alarm | None:
        raw = self._desk.store.settings.raw(_ALARM)
        return decode(raw, _Alarm) if raw else None

    def notice(self) -> Notice | None:
        alarm = self._alarm()
        return alarm.notice if alarm else None

    def _known(self) -> _Known:
        raw = self._desk.store.settings.raw(_KNOWN)
        return decode(raw, _Known) if raw else _Known(0, ())

    def _fraction(self) -> float:
        return int.from_bytes(self._desk.random(2)) / 2**16


async def visited(page: str, paths: tuple[str, ...] = ()) -> tuple[dict[str, Served], Served] | None:
    """What is served, and the signed manifest; None where there is no page. Raises RelayUnreachable or ValueError.

    The files come first and the manifest last, as no patient's browser asks for that.
    """
    from agent_app.relay.page import PageVisit  # it brings httpx, which a desk's start does not wait for

    async with PageVisit(page) as visit:
        served = {INDEX: await visit.index()}
        if served[INDEX].status in (404, 410):
            return None
        served |= await visit.files(paths)
        note = await visit.note()
        named = page_manifest.named(note.content)
        return served | await visit.files(path for path in named if path not in served), note
