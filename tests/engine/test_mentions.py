"""A note that names a colleague calls that one, until it is read, and nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.engine import mentions
from agent_app.engine.commands import MarkRead, OpenConversation, SendNote, SendText
from tests.engine.test_conversing import invited, row
from tests.engine.world import World, played


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Ana Ruiz, can you look?", True),
        ("please @ana  RUIZ", True),
        ("(@Ana Ruiz)", True),
        ("@Ana can you look?", False),
        ("@Ana Ruizo", False),
        ("ana@Ana Ruiz", False),
        ("Ana Ruiz", False),
        ("", False),
    ],
)
def test_only_the_whole_name_behind_an_at_names_somebody(text: str, named: bool) -> None:
    assert mentions.names(text, "Ana Ruiz") is named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Ana Ruiz and @ana, look", ["@Ana Ruiz", "@ana"]),
        ("\U0001f600 (@ANA  RUIZ)", ["@ANA  RUIZ"]),
        ("@Anabel, ana@Ana", []),
        ("@Jose\u0301 Nu\u0301n\u0303ez!", ["@Jose\u0301 Nu\u0301n\u0303ez"]),
        ("@José Núñez @Jose\u0301", ["@José Núñez"]),
        ("line\n@Ana\nRuiz", ["@Ana\nRuiz"]),
    ],
)
def test_where_somebody_is_named(text: str, named: list[str]) -> None:
    found = mentions.places(text, ("Ana", "Ana Ruiz", "Jos\u00e9 N\u00fa\u00f1ez", "Jose", ""))
    assert [text[start:end] for start, end in found] == named


@given(st.text(max_size=40), st.text(st.characters(categories=("L", "Zs")), max_size=40))
def test_whatever_somebody_is_called_they_can_be_named(before: str, name: str) -> None:
    assert mentions.names(f"{before} @{name.strip()} ", name) is bool(name.split())


@played
async def test_who_is_named_is_called_until_they_have_read_it(world: World) -> None:
    ada, ben, carla = await world.desk("ada"), await world.desk("ben"), await world.desk("carla")
    patient, conversation = await invited(world, ada)
    ada.do(SendText(conversation, "Hello @Ben"))
    ada.do(SendNote(conversation, "@ben, the results are in"))
    for desk in (ben, carla):
        await desk.until(lambda d: row(d, conversation, "@ben, the results are in"), "the note")
    await ben.until(lambda d: d.rows()[conversation].mentioned, "to be named")
    assert not carla.rows()[conversation].mentioned
    assert not ada.rows()[conversation].mentioned
    named = row(carla, conversation, "@ben, the results are in")
    assert named.mentions == ((0, 4),)
    said = row(ada, conversation, "Hello @Ben")
    assert said.mentions == ()  # to a patient an @ is an @
    await ben.restart()
    await ben.until(lambda d: d.rows()[conversation].mentioned, "to be named still")
    ben.do(OpenConversation(conversation))
    ben.do(MarkRead(conversation))
    await ben.until(lambda d: not d.rows()[conversation].mentioned, "the end of it")
    assert "the results are in" not in " ".join(patient.texts())
