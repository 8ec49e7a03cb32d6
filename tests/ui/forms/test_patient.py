"""Whose conversation it is: inviting, naming, tagging, a guardian, a hold."""

import pytest

from agent_app.engine import events
from agent_app.ui.dialogs import invitations, invite, label_patient
from agent_app.ui.views.patient_pane import PatientPane
from tests.ui.driving import press
from tests.ui.forms.form import House, Row, at_desk, notice, notice_about
from tests.ui.samples import NOON, conversation_id


def open_invitations(house: House) -> None:
    at_desk(house)
    house.desk._on_invitations()
    row = events.InvitationRow(b"i" * 16, "Maria Lopez", "", NOON, "open", 5, True)
    house.tell(events.InvitationsLoaded((row,)))


def patient_shown(house: House, **details: object) -> None:
    at_desk(house, **details)
    press(house.qtbot, house.window, "patientPaneButton")


_WHO = {"inviteName": "Maria Lopez", "inviteBirthDate": "1984-03-27", "inviteReason": "Knee"}
_LABEL = {"labelName": "Maria Lopez", "labelBirthDate": "1984-03-27", "labelPhone": "555 014 2987"}


ROWS = {
    "invite": Row(
        invite.InviteDialog,
        lambda house: (at_desk(house), house.desk._on_invite()),
        "inviteCreate",
        "inviteError",
        "inviteCreate",
        _WHO,
        notice,
    ),
    "invite, no day": Row(
        invite.InviteDialog,
        lambda house: (at_desk(house), house.desk._on_invite()),
        "inviteCreate",
        "inviteError",
        "inviteBirthDate",
        {**_WHO, "inviteBirthDate": "soon"},
        said="Write the birth date",
    ),
    "invitations": Row(
        invitations.InvitationsDialog,
        open_invitations,
        "invitationsCancel",
        "invitationsError",
        "invitationsTable",
        {},
        notice,
    ),
    "who it is": Row(
        label_patient.LabelDialog,
        lambda house: (at_desk(house), house.desk._ask(label_patient.LabelDialog)),
        "labelSave",
        "labelError",
        "labelName",
        _LABEL,
        notice,
    ),
    "who it is, no number": Row(
        label_patient.LabelDialog,
        lambda house: (at_desk(house), house.desk._ask(label_patient.LabelDialog)),
        "labelSave",
        "labelError",
        "labelPhone",
        {**_LABEL, "labelPhone": "call me"},
        said="Write the phone number",
    ),
    "tag": Row(
        PatientPane, patient_shown, "Return:patientTag", "patientTagError", "patientTag", {"patientTag": "vip"}, notice
    ),
    "tag, too long": Row(
        PatientPane,
        patient_shown,
        "Return:patientTag",
        "patientTagError",
        "patientTag",
        {"patientTag": "é" * 33},
        said="This tag is too long.",
    ),
    "guardian": Row(
        PatientPane,
        patient_shown,
        "patientGuardianSave",
        "patientGuardianError",
        "patientGuardian",
        {"patientGuardian": "Rosa Lopez", "patientRelation": "mother"},
        notice,
    ),
    "hold": Row(
        PatientPane,
        patient_shown,
        "patientHold",
        "patientHoldError",
        "patientReason",
        {"patientReason": "complaint"},
        notice,
    ),
    "hold taken off": Row(
        PatientPane,
        lambda house: (
            patient_shown(house, hold="complaint"),
            house.tell(events.DetailsLoaded(conversation_id(), (), (), "9f", NOON, 0, True, True, (), ())),
        ),
        "patientHold",
        "patientHoldError",
        "patientHold",
        {},
        notice,
    ),
}

ROWS |= {
    "invite, no such day": ROWS["invite"].about("inviteBirthDate", notice_about("birth-date.refused")),
    "who it is, no such day": ROWS["who it is"].about("labelBirthDate", notice_about("birth-date.refused")),
    "who it is, refused number": ROWS["who it is"].about("labelPhone", notice_about("phone.refused")),
    "who it is, disk full": ROWS["who it is"].about("labelSave", notice_about("store.unavailable")),
    "guardian, too long": ROWS["guardian"].about(
        "patientRelation",
        notice_about("limit.exceeded"),
        typed={"patientGuardian": "Rosa Lopez", "patientRelation": "m" * 201},
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_refused_is_said_where_it_happened_and_costs_nothing(house: House, said: list[str], name: str) -> None:
    ROWS[name].refuse_twice(house, said)
