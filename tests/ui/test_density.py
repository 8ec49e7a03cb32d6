"""Screens whose density is no whole number: icons are drawn for it, and nothing is cut off that was whole."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from agent_app.engine.events import Delivery, FileRow, Sentence
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import paint_icon
from tests.conftest import REPOSITORY
from tests.ui.density import holds
from tests.ui.painted import Painted, blank
from tests.ui.samples import message

DENSITIES = (1.0, 1.25, 1.5, 2.0)


def screen(density: float) -> QImage:
    made = blank(QSize(60, 60) * density)
    made.setDevicePixelRatio(density)
    return made


@pytest.mark.parametrize("density", DENSITIES)
@pytest.mark.parametrize("place", [4.0, 5.0, 6.5])
def test_an_icon_is_what_its_drawing_is_wherever_it_stands(theme: Theme, density: float, place: float) -> None:
    shown = screen(density)
    painter = QPainter(shown)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)  # as the rows of the transcript are painted
    painter.translate(QPointF(1, 3))
    paint_icon(painter, theme, "note", "danger", QRectF(place, place, 16, 16))
    painter.end()
    assert holds(shown, theme.icon("note", "danger", 16, density), QColor("#123456"))


def test_one_that_was_stretched_is_found_out(theme: Theme) -> None:
    drawn, shown = theme.icon("note", "danger", 16, 1.5), screen(1.5)
    painter = QPainter(shown)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(QRectF(4, 4, 16, 16), QPixmap(theme.icon("note", "danger", 20, 2.0)), QRectF(0, 0, 40, 40))
    painter.end()
    assert not holds(shown, drawn, QColor("#123456"))


@pytest.mark.parametrize("density", DENSITIES)
def test_the_icons_of_a_transcript_are_not_stretched(theme: Theme, density: float) -> None:
    rows = (
        message(1, "for the team", kind="note", mine=True),
        message(2, "", kind="file", file=FileRow("letter.pdf", "application/pdf", 2048)),
        message(3, Sentence("Odd."), mine=True, delivery=Delivery.FAILED),
    )
    painted = Painted(theme, *rows)
    for place, icon, colour, size in ((0, "note", "note-quiet", 16), (1, "file", "secondary", 24)):
        image = painted.image(place, density)
        drawn = theme.icon(icon, colour, size, density)
        grounds = {image.pixel(x, y) for x in range(0, image.width(), 8) for y in range(0, image.height(), 8)}
        assert any(holds(image, drawn, QColor(ground)) for ground in grounds)


@pytest.fixture(scope="module")
def looked_at() -> dict[float, dict[str, Any]]:
    """The scenes of tests.ui.density at each density; Qt reads the factor once, so each is a process, all at once."""
    plain = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "tests.ui.density"]
    running = {
        factor: subprocess.Popen(
            command, env={**plain, "QT_SCALE_FACTOR": str(factor)}, stdout=subprocess.PIPE, cwd=REPOSITORY
        )
        for factor in (1.5, 2.0)
    }
    return {factor: json.loads(each.communicate(timeout=120)[0]) for factor, each in running.items()}


@pytest.mark.parametrize("factor", [1.5, 2.0])
def test_every_scene_is_whole_and_sharp(looked_at: dict[float, dict[str, Any]], factor: float) -> None:
    assert looked_at[factor]["density"] == factor
    for scene, found in looked_at[factor]["scenes"].items():
        assert not found["faults"], scene
        assert not found["blurred"], scene
        assert not found["elided"], scene  # nor at a density of 1
    assert all(looked_at[factor]["scenes"][scene]["icons"] > 5 for scene in ("unchecked", "conversation-open"))
    assert looked_at[factor]["scenes"]["conversation-open"]["lines"] > 20
