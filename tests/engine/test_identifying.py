"""Birth dates and telephone numbers as a desk gives them: what is refused says which of them, and how to give it."""

import pytest

from agent_app.engine.commands import CreateInvitation, LabelPatient
from agent_app.engine.events import Notice, NoticeRaised
from agent_app.engine.identifying import BirthDateRefused, PhoneRefused, birth_date, phone
from agent_app.protocol.events import Identifier
from tests.engine.test_conversing import invited
from tests.engine.world import Desk, World, played


def test_what_can_be_used_is_kept_as_it_is() -> None:
    assert birth_date("1984-03-27") == Identifier("birth-date", "1984-03-27")
    assert phone("5550142987") == Identifier("phone", "5550142987")


@pytest.mark.parametrize(
    "text", ["", "27/3/1984", "1984-02-30", "19840327", "1984-W13-2", "1984-3-27", "\uff11984-03-27"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BirthDateRefused):
        birth_date(text)


@pytest.mark.parametrize("text", ["", "555 014", "call", "\u0665\u0665\u0665", "5" * 33])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(PhoneRefused):
        phone(text)


async def refusal(desk: Desk, command: CreateInvitation | LabelPatient) -> Notice:
    desk.events.clear()
    desk.do(command)
    await desk.until(lambda d: d.told(NoticeRaised), "a refusal")
    assert desk.told(NoticeRaised)[-1].answers is command
    return desk.told(NoticeRaised)[-1].notice


@played
async def test_a_refusal_names_what_it_is_about_and_a_form_that_is_taken(world: World) -> None:
    ada = await world.desk("ada")
    _, conversation = await invited(world, ada)
    for command in (CreateInvitation("Maria", "soon"), LabelPatient(conversation, "Maria", "soon")):
        notice = await refusal(ada, command)
        assert notice.code == "birth-date.refused"
        shown = notice.action.split("such as ")[1].removesuffix(".")
        assert birth_date(shown)
    notice = await refusal(ada, LabelPatient(conversation, "Maria", "", "call me"))
    assert notice.code == "phone.refused"
    assert phone(notice.action.split("such as ")[1].removesuffix("."))
    assert (await refusal(ada, LabelPatient(conversation, "é" * 101))).code == "limit.exceeded"
