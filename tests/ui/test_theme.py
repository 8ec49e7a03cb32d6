"""What can be told apart: contrast of every pair of colours in every theme, and who chooses the theme."""

import re
import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from agent_app.ui import resources
from agent_app.ui.main_window import MainWindow
from agent_app.ui.preferences import Preferences
from agent_app.ui.theme import Look, TextSize, Theme, Type
from agent_app.ui.views.basics import button
from tests.ui.driving import find, press, text_of
from tests.ui.test_painting import contains

LOOKS = [look for look in Look if look]
TEXTS = [
    *(
        (text, ground)
        for text in ("text", "secondary", "accent")
        for ground in ("window", "surface", "raised", "selected")
    ),
    *(
        (text, ground)
        for text in ("text", "secondary", "danger")
        for ground in ("window", "surface", "raised", "hover")
    ),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-accent-soft", "accent-soft"),
    ("accent", "accent-soft"),
    ("on-mine", "mine"),
    ("mine-quiet", "mine"),
    ("mine-read", "mine"),
    ("on-theirs", "theirs"),
    ("secondary", "theirs"),
    ("on-colleague", "colleague"),
    ("secondary", "colleague"),
    ("on-note", "note"),
    ("note-quiet", "note"),
    ("note", "on-note"),
    ("on-danger", "danger"),
    ("danger", "danger-soft"),
    ("on-danger-soft", "danger-soft"),
    ("warning", "surface"),
    ("warning", "selected"),
    ("on-warning-soft", "warning-soft"),
    ("success", "surface"),
    ("success", "window"),
]
# What shows where a control is, or that it has the focus: WCAG 2.1, 1.4.11.
SHAPES = [(shape, ground) for shape in ("outline", "focus", "accent") for ground in ("window", "surface", "raised")]


def ratio(theme: Theme, one: str, other: str) -> float:
    lighter, darker = sorted((luminance(theme.colour(one)), luminance(theme.colour(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


class TestColours:
    @pytest.mark.parametrize("look", LOOKS)
    def test_every_text_can_be_read(self, theme: Theme, look: Look) -> None:
        """WCAG 2.1: 4.5 to 1 for level AA (1.4.3), 7 to 1 for level AAA (1.4.6)."""
        theme.choose(look)
        least = 7 if theme.contrast else 4.5
        poor = {pair: round(ratio(theme, *pair), 2) for pair in TEXTS if ratio(theme, *pair) < least}
        assert not poor

    @pytest.mark.parametrize("look", LOOKS)
    def test_controls_and_focus_can_be_seen(self, theme: Theme, look: Look) -> None:
        theme.choose(look)
        poor = {pair: round(ratio(theme, *pair), 2) for pair in SHAPES if ratio(theme, *pair) < 3}
        assert not poor

    def test_no_colour_of_text_is_left_out(self) -> None:
        texts = set(re.findall(r"[ {;]color: @([a-z-]+)", resources.read("styles", "desk.qss")))
        grounds = set(re.findall(r"background: @([a-z-]+)", resources.read("styles", "desk.qss")))
        assert texts <= {text for text, _ in TEXTS}
        assert grounds - {"border", "scroll"} <= {ground for _, ground in TEXTS}

    def test_all_themes_know_the_same_colours(self) -> None:
        known = [set(tomllib.loads(resources.read("styles", f"{look.value}.toml"))) for look in LOOKS]
        assert all(names == known[0] for names in known)

    @pytest.mark.parametrize("look", LOOKS)
    def test_the_stylesheet_is_whole_and_understood(self, theme: Theme, qapp: QApplication, look: Look) -> None:
        theme.choose(look)
        assert "@" not in qapp.styleSheet().split("*/", 1)[1]
        assert theme.colour("window").name() in qapp.styleSheet()
        assert theme.look is look

    @pytest.mark.parametrize("look", LOOKS)
    @pytest.mark.parametrize("kind", ["", "primary", "danger", "quiet"])
    def test_a_button_that_does_nothing_looks_so(self, theme: Theme, qtbot: QtBot, look: Look, kind: str) -> None:
        theme.choose(look)
        made = button("Revoke now", "revoke", kind)
        qtbot.addWidget(made)
        working = made.grab().toImage()
        made.setEnabled(False)
        assert made.grab().toImage() != working


class TestIcons:
    ICONS = sorted((resources.path("icons", "x").parent).glob("*.svg"))

    @pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
    def test_are_of_one_set(self, path: Path) -> None:
        drawing = path.read_text()
        assert 'viewBox="0 0 24 24"' in drawing
        assert 'stroke-width="1.8"' in drawing or 'stroke="none"' in drawing
        assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawing)) <= {"none", "currentColor"}

    @pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
    def test_show_something_in_the_colour_asked_for(self, theme: Theme, path: Path) -> None:
        assert contains(theme.icon(path.stem, "danger", 40, 1.0).toImage(), theme.colour("danger"))


class TestTheSystem:
    """The offscreen platform asks for nothing; what a platform may ask for is put in its place."""

    @pytest.mark.parametrize("dark", [True, False])
    @pytest.mark.parametrize("contrast", [True, False])
    def test_is_followed(self, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, dark: bool, contrast: bool) -> None:
        hints = qapp.styleHints()
        scheme = Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light
        wish = Qt.ContrastPreference.HighContrast if contrast else Qt.ContrastPreference.NoPreference
        monkeypatch.setattr(type(hints), "colorScheme", lambda _: scheme)
        monkeypatch.setattr(type(hints.accessibility()), "contrastPreference", lambda _: wish)
        theme = Theme(qapp)
        assert (theme.dark, theme.contrast) == (dark, contrast)
        chosen = Theme(qapp, Look.LIGHT)
        hints.accessibility().contrastPreferenceChanged.emit(wish)
        assert chosen.look is Look.LIGHT
        theme.deleteLater()
        chosen.deleteLater()

    def test_larger_text_grows_what_is_painted_and_what_is_styled(self, qapp: QApplication) -> None:
        theme = Theme(qapp, size=TextSize.LARGEST)
        assert theme.font(Type.BODY).pixelSize() == 21
        assert "* { font-size: 21px" in qapp.styleSheet()
        theme.deleteLater()
        Theme(qapp).deleteLater()


class TestSettings:
    def choose(self, window: MainWindow, name: str, place: int) -> None:
        box = find(window, name)
        assert isinstance(box, QComboBox)
        box.setCurrentIndex(place)
        box.activated.emit(place)

    def test_are_kept_and_colours_change_at_once(self, window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
        qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
        self.choose(window, "settingsLook", 4)
        assert window._theme.look is Look.CONTRAST_DARK
        self.choose(window, "settingsTextSize", 1)
        assert "starts again" in text_of(window, "settingsRestart")
        self.choose(window, "settingsLanguage", 2)
        press(qtbot, window, "settingsClose")
        kept = Preferences(tmp_path / "workstation.ini")
        assert (kept.look, kept.text_size, kept.language) == ("contrast-dark", "125", "es")
