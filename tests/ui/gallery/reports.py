"""Figures and the audit review."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtWidgets import QWidget

from agent_app.engine import commands, events
from agent_app.engine.events import Happening, Sentence
from tests.ui.gallery.day import NOW, UNLOCKED
from tests.ui.gallery.dialogs import over_maria
from tests.ui.gallery.stage import Stage, scene
from tests.ui.samples import MINUTE, NOON

_FEW = events.Spans(3, 2 * MINUTE, 9 * MINUTE)


@scene
def figures(stage: Stage) -> QWidget:
    over_maria(stage)
    stage.desk.show_figures()
    asked = stage.asked[-1]
    assert isinstance(asked, commands.LoadFigures)
    days = tuple(
        events.DayFigures(
            asked.first + timedelta(days=day), 9 + 7 * day % 16, 8 + 7 * day % 16, 5 + 5 * day % 13, day % 4
        )
        for day in range(7)
    )
    hours = tuple(
        events.HourFigures(hour, events.Spans(5 + hour, (2 + hour % 5) * MINUTE, (11 + 3 * hour % 17) * MINUTE))
        if 7 < hour < 18
        else events.HourFigures(hour, events.Spans(0, 0, 0))
        for hour in range(24)
    )
    agents = tuple(events.AgentFigures(name, _FEW) for name in ("Ana Ruiz", "Ben Okafor", "Carla Méndez"))
    whole = events.Spans(112, 3 * MINUTE, 19 * MINUTE)
    counts = events.Counts(waiting=3, claimed=4, closed=1312, unverified=2)
    stage.tell(
        events.FiguresLoaded(
            asked.first, asked.last, NOW, counts, days, whole, whole, hours, agents, may_see_agents=True
        )
    )
    return stage.window


@scene
def review(stage: Stage) -> QWidget:
    over_maria(stage)
    stage.tell(replace(UNLOCKED, role="supervisor"))
    stage.desk.show_review()
    asked = stage.asked[-1]
    assert isinstance(asked, commands.LoadReview)
    rows = (
        events.AuditRow(
            NOW - MINUTE,
            "Ben Okafor",
            Sentence("A conversation was viewed."),
            "c07d12aa",
            Sentence("Viewed, but not claimed or answered there within a day."),
        ),
        events.AuditRow(
            NOW - 90 * MINUTE,
            "Ana Ruiz",
            Sentence("Something was exported."),
            "",
            Sentence("Something was taken out of the desk."),
        ),
    )
    before = Sentence("{first} to {last}: {count} exceptions.", first="2026-11-09", last="2026-11-15", count="3")
    stage.tell(
        events.ReviewLoaded(
            asked.first,
            asked.last,
            ("Ana Ruiz", "Ben Okafor"),
            rows,
            0,
            "",
            (Happening(NOON - 10_000 * MINUTE, before),),
        )
    )
    return stage.window
