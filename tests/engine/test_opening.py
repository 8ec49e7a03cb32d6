"""Opening hours as an administrator writes them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.engine.administration.notebook import Refused
from agent_app.engine.administration.opening import DAYS, closed_days, dates, parse, text
from agent_app.protocol.errors import RefusedStatementError
from agent_app.transparency.statement import Span

ZONE = "America/Denver"


def test_lines_make_a_week() -> None:
    hours = parse(
        ["mon-thu 8:00-12:00 13:00-17:00", "  FRI   8:00-12:30", "sun"], [date(2026, 12, 25), date(1970, 1, 1)], ZONE
    )
    long, short = (Span(480, 720), Span(780, 1_020)), (Span(480, 750),)
    assert (hours.time_zone, hours.week) == (ZONE, (long, long, long, long, short, (), ()))
    assert hours.closed == (0, 20_812)
    assert closed_days(hours) == (date(1970, 1, 1), date(2026, 12, 25))
    assert text(hours) == "mon-thu 8:00-12:00 13:00-17:00; fri 8:00-12:30"
    assert text(parse([], [], ZONE)) == "closed"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["someday 8:00-12:00"], "are no hours"),
        (["mon 8-12"], "are no hours"),
        (["mon 8:00-12:00, 13:00-17:00"], "are no hours"),
        (["fri-mon 8:00-12:00"], "Write two lines"),
        (["mon 8:75-12:00"], "60 minutes"),
        (["mon-fri 8:00-12:00", "wed 13:00-17:00"], "each day once"),
        (["mon ٨:00-12:00"], "are no hours"),
    ],
)
def test_what_are_no_hours_is_refused_with_a_way_out(lines: list[str], says: str) -> None:
    with pytest.raises(Refused, match=says):
        parse(lines, [], ZONE)


def test_what_the_protocol_refuses_is_refused() -> None:
    with pytest.raises(RefusedStatementError):
        parse(["mon 13:00-17:00 8:00-12:00"], [], ZONE)
    with pytest.raises(Refused, match="is no time zone"):
        parse([], [], "Mars/Olympus")
    with pytest.raises(Refused, match="before 1970"):
        parse([], [date(1969, 12, 31)], ZONE)


@given(st.lists(st.sampled_from(["", " 8:00-12:00", " 0:00-24:00", " 9:30-10:00 11:00-12:15"]), min_size=7, max_size=7))
def test_what_is_said_can_be_read_again(spans: list[str]) -> None:
    hours = parse([day + span for day, span in zip(DAYS, spans, strict=True)], [], ZONE)
    said = text(hours)
    assert parse([] if said == "closed" else said.split("; "), [], ZONE) == hours


def test_one_word_that_is_no_day_is_one() -> None:
    with pytest.raises(Refused, match="“Xmas” is no day"):
        dates(["Xmas"])
    with pytest.raises(Refused, match="“2026-12-25 Xmas” are no days"):
        dates(["2026-12-25", "Xmas"])
