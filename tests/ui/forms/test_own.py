"""What an agent keeps or takes out: a PIN, canned replies, evidence, figures, a review."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton

from agent_app.engine import commands, events
from agent_app.ui.dialogs import questions
from agent_app.ui.dialogs.own_settings import OwnSettingsDialog
from agent_app.ui.dialogs.replies import RepliesDialog
from agent_app.ui.views.dashboard import Dashboard
from agent_app.ui.views.review import ReviewView
from tests.ui.conftest import UNLOCKED
from tests.ui.driving import find
from tests.ui.forms.form import House, Row, at_desk, notice, notice_about


def figures(house: House) -> None:
    """Where it is written is chosen in the system's own dialog; what follows is this room's."""
    at_desk(house)
    room = house.desk.dashboard
    house.desk.show_figures()
    asked = house.engine.asked[-1]
    assert isinstance(asked, commands.LoadFigures)
    house.tell(events.CommandDone(asked))
    wanted = commands.ExportFigures(asked.first, asked.last, Path("/nowhere/figures.csv"))
    export = find(house.window, "figuresExport")
    assert isinstance(export, QAbstractButton)
    export.clicked.disconnect()
    export.clicked.connect(lambda: room._on_chosen(wanted))


def review(house: House) -> None:
    house.tell(replace(UNLOCKED, role="supervisor"))
    house.desk.show_review()
    asked = house.engine.asked[-1]
    assert isinstance(asked, commands.LoadReview)
    house.tell(events.ReviewLoaded(asked.first, asked.last, ("Front desk",), (), 0, "d1", ()))


_REPLY = {"replyTitle": "Thanks", "replyEnglish": "Thank you", "replySpanish": "Gracias"}
_PINS = {"ownSettingsPin": "1111", "ownSettingsPinAgain": "1111"}


ROWS = {
    "PIN": Row(
        OwnSettingsDialog,
        lambda house: (at_desk(house), house.desk._on_own_settings()),
        "ownSettingsPinSet",
        "ownSettingsError",
        "ownSettingsPin",
        _PINS,
        notice,
        cleared=tuple(_PINS),
    ),
    "two PINs": Row(
        OwnSettingsDialog,
        lambda house: (at_desk(house), house.desk._on_own_settings()),
        "ownSettingsPinSet",
        "ownSettingsError",
        "ownSettingsPin",
        {**_PINS, "ownSettingsPin": "2222"},
        said="The two PINs differ.",
        cleared=tuple(_PINS),
    ),
    "reply": Row(
        RepliesDialog,
        lambda house: (at_desk(house), house.desk._on_replies()),
        "replySave",
        "repliesError",
        "replyTitle",
        _REPLY,
        notice,
    ),
    "reply without words": Row(
        RepliesDialog,
        lambda house: (at_desk(house), house.desk._on_replies()),
        "replySave",
        "repliesError",
        "replyEnglish",
        {"replyTitle": "Thanks"},
        said="Write the reply",
    ),
    "export": Row(
        questions.ExportDialog,
        lambda house: (at_desk(house), house.desk.list.export_wanted.emit()),
        "exportConfirm",
        "exportError",
        "exportPath",
        {"exportPath": "/nowhere/a.bundle"},
        notice,
    ),
    "figures": Row(
        Dashboard, figures, "figuresExport", "figuresError", "figuresExport", refuse=notice_about("file.unusable")
    ),
    "figures, not loaded": Row(Dashboard, figures, "figuresRefresh", "figuresError", "figuresRefresh", refuse=notice),
    "review": Row(ReviewView, review, "reviewRefresh", "reviewError", "reviewRefresh", refuse=notice),
    "review, a bundle": Row(
        ReviewView, review, "reviewRefresh", "reviewError", "reviewAdd", refuse=notice_about("bundle.invalid")
    ),
    "review, changed": Row(
        ReviewView, review, "reviewSign", "reviewSignError", "reviewRefresh", refuse=notice_about("review.changed")
    ),
    "export nowhere": Row(
        questions.ExportDialog,
        lambda house: (at_desk(house), house.desk.list.export_wanted.emit()),
        "exportConfirm",
        "exportError",
        "exportPath",
        {"exportPath": ""},
        said="Say where the file is to be written.",
    ),
}

ROWS |= {
    "PIN, no keyring": ROWS["PIN"].about("ownSettingsPinSet", notice_about("vault.keyring-unavailable")),
    "reply, long in Spanish": ROWS["reply"].about("replySpanish", notice_about("reply.spanish")),
    "reply, one too many": ROWS["reply"].about("replySave", notice_about("reply.full")),
    "export, disk full": ROWS["export"].about("exportPath", notice_about("file.unusable")),
    "export, relay away": ROWS["export"].about("exportConfirm", notice_about("relay.unreachable")),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_refused_is_said_where_it_happened_and_costs_nothing(house: House, said: list[str], name: str) -> None:
    ROWS[name].refuse_twice(house, said)
