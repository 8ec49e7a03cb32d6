"""The weekly review: by whom it may be done, of which logs, and what is left of it."""

from datetime import date, datetime, timedelta

from agent_app.engine import commands
from agent_app.engine.events import BundleExported, ReviewLoaded, ReviewSigned
from tests.engine.world import Desk, World, played


async def loaded(desk: Desk, ask: commands.LoadReview) -> ReviewLoaded:
    before = len(desk.told(ReviewLoaded))
    desk.do(ask)
    await desk.until(lambda d: len(d.told(ReviewLoaded)) > before, "the audit logs")
    return desk.told(ReviewLoaded)[-1]


def week(world: World) -> tuple[date, date]:
    today = datetime.fromtimestamp(world.clock() / 1000).date()  # noqa: DTZ006 - the workstation's day
    return today - timedelta(days=6), today


@played
async def test_a_supervisor_reviews_and_signs_what_desks_recorded(world: World) -> None:
    boss = await world.desk("boss", "supervisor")
    ana = await world.desk("ana")
    visitor = await world.patient()
    conversation = await visitor.open()
    await visitor.say("my knee hurts")
    await ana.until(lambda d: "my knee hurts" in d.texts(conversation), "the visitor")
    ana.do(commands.OpenConversation(conversation))
    bundle = world.folder / "ana.bundle"
    ana.do(commands.ExportBundle(bundle))
    await ana.until(lambda d: d.told(BundleExported), "the bundle")
    first, last = week(world)

    own = await loaded(boss, commands.LoadReview(first, last))
    assert own.desks == ("Boss",)
    assert [row.exception for row in own.rows if row.exception] == []
    both = await loaded(boss, commands.LoadReview(first, last, (bundle,)))
    assert both.desks == ("Ana", "Boss")
    reasons = {(row.desk, row.text): row.exception for row in both.rows if row.exception}
    assert reasons == {
        ("Ana", "A conversation was viewed."): "Viewed, but not claimed or answered there within a day.",
        ("Ana", "Something was exported."): "Something was taken out of the desk.",
    }
    assert "my knee hurts" not in repr(both)

    boss.do(commands.SignReview(own.digest))  # what was loaded before the bundle came
    await boss.until(lambda d: "Nothing was signed." in d.notices(), "the refusal")
    boss.do(commands.SignReview(both.digest))
    await boss.until(lambda d: d.told(ReviewSigned), "the signature")
    signed = boss.told(ReviewSigned)[-1]
    assert (signed.exceptions, signed.witnessed) == (2, True)
    (entry,) = boss.audited("review")
    assert entry.arguments == (first.isoformat(), last.isoformat(), "2", both.digest)
    again = await loaded(boss, commands.LoadReview(first, last))
    assert [one.text for one in again.reviews] == [f"{first} to {last}: 2 exceptions."]

    raw = bytearray(bundle.read_bytes())
    raw[len(raw) // 2] ^= 1
    bundle.write_bytes(raw)
    boss.do(commands.LoadReview(first, last, (bundle,)))
    await boss.until(lambda d: "ana.bundle does not hold and was not taken in." in d.notices(), "the refusal")

    ana.do(commands.LoadReview(first, last))
    await ana.until(lambda d: "The audit logs are not shown at this desk." in d.notices(), "the refusal")
    assert not ana.told(ReviewLoaded)


@played
async def test_an_auditors_desk_reads_the_logs_and_gets_no_content(world: World) -> None:
    ana = await world.desk("ana")
    auditor = await world.desk("otto", "auditor")
    visitor = await world.patient()
    conversation = await visitor.open()
    await visitor.say("my knee hurts")
    await ana.until(lambda d: "my knee hurts" in d.texts(conversation), "the visitor")
    bundle = world.folder / "ana.bundle"
    ana.do(commands.ExportBundle(bundle))
    await ana.until(lambda d: d.told(BundleExported), "the bundle")
    seen = await loaded(auditor, commands.LoadReview(*week(world), (bundle,)))
    assert [row.text for row in seen.rows if row.exception] == ["Something was exported."]
    auditor.do(commands.SignReview(seen.digest))
    await auditor.until(lambda d: d.told(ReviewSigned), "the signature")
    assert auditor.rows() == {}
    assert not any("my knee hurts" in repr(event) for event in auditor.events)
