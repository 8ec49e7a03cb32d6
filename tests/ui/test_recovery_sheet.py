"""A sheet of the recovery kit: one page for one keeper, whole and legible, and a file for nobody else."""

from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from agent_app.engine.events import news
from agent_app.store.passphrase import eff_long
from agent_app.ui.theme import Theme
from agent_app.ui.views.first_run import kit as screen
from agent_app.ui.views.first_run.kit import KitScreen

LONGEST = sorted(eff_long(), key=lambda word: (-len(word), word))
KIT = news.KitMade(
    "Riverside Family Clinic and Paediatric Urgent Care " * 2,
    "7c51 09be 4d2f a8e3 6b10 f4c9 21d7 8a5e",
    "sealdesk-clinic:" + "a7" * 90,
    (tuple(LONGEST[:25]), tuple(LONGEST[25:50])),
    ((1, 3), (2, 6)),
)
A4_AT_300_DPI = QRectF(0, 0, 170 / 25.4 * 300, 257 / 25.4 * 300)  # within its margins


@pytest.mark.parametrize("sheet", [1, 2])
def test_it_bears_its_own_words_each_in_a_place_of_its_own(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, sheet: int
) -> None:
    drawn: list[tuple[str, QRectF]] = []

    class Recording(QPainter):
        def drawText(self, box: QRectF, flags: int, text: str) -> None:  # type: ignore[override]
            drawn.append((text, QRectF(box)))
            super().drawText(box, flags, text)

    monkeypatch.setattr(screen, "QPainter", Recording)
    assert screen.sheet_pdf(KIT, sheet).count(b"/Type /Page\n") == 1
    said = [text for text, _ in drawn]
    assert said[-25:] == [f"{place} {word}" for place, word in enumerate(KIT.sheets[sheet - 1], 1)]
    assert not any(word in text.split() for text in said for word in KIT.sheets[2 - sheet])
    assert KIT.address in said
    assert all(A4_AT_300_DPI.contains(box.marginsRemoved(QMarginsF(1, 1, 1, 1))) for _, box in drawn)
    for (_, one), (_, other) in combinations(drawn, 2):
        assert not one.intersects(other)


def test_nobody_else_on_the_machine_may_read_it(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    made = KitScreen(theme)
    qtbot.addWidget(made)
    made.show_kit(KIT)
    made.save(1, tmp_path / "sheet.pdf")
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "sheet.pdf").stat().st_mode & 0o077 == 0
    made.save(2, tmp_path / "nowhere" / "sheet.pdf")
    assert "cannot be written there" in made._error.text()
