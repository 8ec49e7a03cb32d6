"""Opening hours (docs/protocol.md, 14.6), against a clock asked minute by minute. The bounds are in histories.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.transparency.opening_hours import DAY, WallTime, spans_of, standing, wall_time
from agent_app.transparency.statement import Hours, Span

MONDAY = 20_815  # 2026-12-28


@st.composite
def days(draw: st.DrawFn) -> tuple[Span, ...]:
    bounds = sorted(draw(st.sets(st.sampled_from(range(0, DAY + 1, 240)), max_size=6)))
    return tuple(Span(*pair) for pair in zip(bounds[::2], bounds[1::2], strict=False))


hours = st.builds(
    Hours,
    st.just("UTC"),
    st.tuples(*[days()] * 7),
    st.sets(st.integers(MONDAY, MONDAY + 6)).map(lambda closed: tuple(sorted(closed))),
)


def is_open(told: Hours, day: int, minute: int) -> bool:
    return any(span.opens <= minute < span.closes for span in spans_of(told, day))


@given(hours, st.integers(MONDAY, MONDAY + 6), st.integers(0, DAY - 1))
def test_says_what_a_clock_says_that_is_asked_at_every_change(told: Hours, day: int, minute: int) -> None:
    found = standing(told, WallTime(day, minute))
    assert found.is_open == is_open(told, day, minute)
    ahead = [(d, m) for d in range(day, day + 16) for m in range(0, DAY, 240) if (d, m) > (day, minute)]
    change = next(((d, m) for d, m in ahead if is_open(told, d, m) != found.is_open), None)
    if change is None:
        assert found.until is None
        return
    assert found.until is not None
    # A day's end and the next day's beginning are one moment.
    assert found.until.day * DAY + found.until.minute == change[0] * DAY + change[1]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "/etc/passwd", "a\0b", "x" * 200])
def test_a_zone_that_nobody_knows_is_no_time(zone: str) -> None:
    assert wall_time(zone, 0) is None


def test_the_walls_clock_follows_summer_time() -> None:
    # 2026-03-29, 01:00 UTC: Berlin's clock goes from 02:00 to 03:00.
    before = wall_time("Europe/Berlin", 1_774_745_940_000)
    after = wall_time("Europe/Berlin", 1_774_746_000_000)
    assert before == WallTime(20_541, 119)
    assert after == WallTime(20_541, 180)
