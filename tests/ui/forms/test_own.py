"""What an agent keeps or takes out: a PIN, canned replies, evidence."""

import pytest

from agent_app.ui.dialogs import questions
from agent_app.ui.dialogs.own_settings import OwnSettingsDialog
from agent_app.ui.dialogs.replies import RepliesDialog
from tests.ui.forms.form import House, Row, at_desk, notice, notice_about

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
