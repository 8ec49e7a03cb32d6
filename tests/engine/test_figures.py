"""What the clinic's figures count, who sees them, and what a file of them holds."""

import csv
from datetime import date, datetime, timedelta

import pytest

from agent_app.engine import commands
from agent_app.engine.events import (
    AgentFigures,
    Counts,
    DayFigures,
    FiguresExported,
    FiguresLoaded,
    HourFigures,
    Spans,
)
from agent_app.engine.figures import BELIEVED, Contacts, as_csv, cell, spans
from agent_app.protocol.keys import ConversationId, DeviceId
from agent_app.store.arrivals import Arrival
from tests.engine.world import Desk, World, played

MINUTE = 60_000
NOON = 1_795_500_000_000
HERE = ConversationId(bytes(32))
PATIENT, ANA, BEN = (DeviceId(bytes([number]) * 32) for number in (1, 2, 3))


def arrival(minute: int, kind: str, author: DeviceId = PATIENT, *, late: int = 0) -> Arrival:
    moment = NOON + minute * MINUTE
    return Arrival(HERE, author, kind, moment, moment + late * MINUTE, author == PATIENT)


def followed(*arrivals: Arrival) -> Contacts:
    contacts = Contacts()
    for one in arrivals:
        contacts.follow(one)
    return contacts


def test_a_contact_waits_until_it_is_taken_and_until_it_is_answered() -> None:
    contacts = followed(
        arrival(0, "open"),
        arrival(1, "text"),
        arrival(4, "claim", ANA),
        arrival(9, "text", BEN),
        arrival(10, "text", ANA),
        arrival(20, "text"),
        arrival(90, "text", ANA),
    )
    (contact,) = contacts.begun
    assert (contact.wait, contact.reply, contact.by) == (4 * MINUTE, 9 * MINUTE, BEN)


def test_an_answer_without_a_claim_takes_it() -> None:
    (contact,) = followed(arrival(0, "text"), arrival(6, "text", ANA)).begun
    assert (contact.wait, contact.reply) == (6 * MINUTE, 6 * MINUTE)


def test_a_note_is_no_answer_and_takes_nothing() -> None:
    (contact,) = followed(arrival(0, "text"), arrival(2, "note", ANA)).begun
    assert (contact.wait, contact.reply) == (None, None)


def test_who_writes_again_after_the_close_is_a_contact_anew() -> None:
    contacts = followed(
        arrival(0, "open"), arrival(1, "claim", ANA), arrival(2, "close", ANA), arrival(60, "text"), arrival(61, "text")
    )
    assert [contact.begun for contact in contacts.begun] == [NOON, NOON + 60 * MINUTE]
    assert contacts.closed == [NOON + 2 * MINUTE]


def test_an_answer_to_the_clinic_is_no_contact() -> None:
    contacts = followed(
        arrival(0, "reopen", ANA), arrival(1, "text", ANA), arrival(9, "text"), arrival(10, "text", BEN)
    )
    assert contacts.begun == []


def test_a_colleague_heard_of_late_is_taken_at_their_word() -> None:
    (contact,) = followed(arrival(0, "open"), arrival(4, "claim", ANA, late=600)).begun
    assert contact.wait == 4 * MINUTE


def test_a_phone_with_a_wrong_clock_makes_no_wait_of_years() -> None:
    lying = Arrival(HERE, PATIENT, "open", 0, NOON, by_patient=True)
    future = lying._replace(time=NOON * 2)
    assert followed(lying).begun[0].begun == NOON - BELIEVED
    assert followed(future).begun[0].begun == NOON


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], Spans(0, 0, 0)),
        ([None, None], Spans(0, 0, 0)),
        ([7], Spans(1, 7, 7)),
        (range(10, 0, -1), Spans(10, 5, 9)),
        ([*range(1, 11), None], Spans(10, 5, 9)),
        (range(1, 12), Spans(11, 6, 10)),
    ],
)
def test_median_and_ninetieth_percentile(values: list[int | None], expected: Spans) -> None:
    assert spans(values) == expected


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_a_name_cannot_leave_its_cell() -> None:
    nobody = Spans(0, 0, 0)
    names = ('=HYPERLINK("https://evil.example","x")', 'Ana, "the"\r\n=2+2')
    figures = FiguresLoaded(
        date(2026, 11, 24),
        date(2026, 11, 24),
        NOON,
        Counts(1, 2, 3, 4),
        (DayFigures(date(2026, 11, 24), 5, 4, 3, 2),),
        Spans(2, 90_000, 120_000),
        nobody,
        (HourFigures(9, Spans(2, 90_000, 120_000)),),
        tuple(AgentFigures(name, Spans(1, 1000, 1000)) for name in names),
        may_see_agents=True,
    )
    lines = list(csv.reader(as_csv(figures).splitlines(keepends=True)))
    assert all(len(line) == 5 for line in lines)
    assert [line[1] for line in lines if line[0] == "first reply by agent"] == [f"'{names[0]}", names[1]]
    assert ["waiting time by hour", "09:00", "2", "90", "120"] in lines
    assert ["first reply", "2026-11-24 to 2026-11-24", "0", "", ""] in lines
    assert ["unverified by day", "2026-11-24", "2", "", ""] in lines


async def figures_of(desk: Desk, first: date, last: date) -> FiguresLoaded:
    before = len(desk.told(FiguresLoaded))
    desk.do(commands.LoadFigures(first, last))
    await desk.until(lambda d: len(d.told(FiguresLoaded)) > before, "figures")
    return desk.told(FiguresLoaded)[-1]


@played
async def test_a_desk_counts_what_it_holds_and_tells_agents_nothing_of_agents(world: World) -> None:
    boss = await world.desk("boss", "supervisor")
    ana = await world.desk("ana")
    visitor = await world.patient()
    conversation = await visitor.open()
    await visitor.say("Is anybody there?")
    for desk in (ana, boss):
        await desk.until(lambda d: "Is anybody there?" in d.texts(conversation), "the visitor")
    ana.do(commands.Claim(conversation))
    ana.do(commands.SendText(conversation, "Good morning"))
    await boss.until(lambda d: "Good morning" in d.texts(conversation), "the answer")
    today = datetime.fromtimestamp(world.clock() / 1000).date()  # noqa: DTZ006 - the workstation's day
    for desk in (ana, boss):
        told = await figures_of(desk, today - timedelta(days=1), today)
        assert told.now == Counts(waiting=0, claimed=1, closed=0, unverified=1)
        assert (told.waits.count, told.replies.count) == (1, 1)
        assert sum(day.new for day in told.days) == sum(day.claimed for day in told.days) == 1
        assert sum(hour.waits.count for hour in told.hours) == 1
        assert told.may_see_agents is (desk is boss)
        assert [(one.name, one.replies.count) for one in told.agents] == ([("Ana", 1)] if desk is boss else [])

    file = world.folder / "figures.csv"
    boss.do(commands.ExportFigures(today, today, file))
    await boss.until(lambda d: d.told(FiguresExported), "the file")
    assert boss.audited("export")[-1].arguments == ("figures", today.isoformat(), today.isoformat())
    written = file.read_bytes().decode("utf-8-sig")
    assert "first reply by agent,Ana,1," in written
    assert "Good morning" not in written

    boss.do(commands.ExportFigures(today, today - timedelta(days=1), file))
    await boss.until(lambda d: "There are no figures for this period." in d.notices(), "the refusal")
    assert len(boss.audited("export")) == 1
