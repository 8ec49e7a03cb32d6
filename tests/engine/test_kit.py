"""A recovery sheet that was typed wrong: the refusal names the sheet it is about."""

import pytest

from agent_app.engine.administration.kit import Kit, join
from agent_app.engine.administration.notebook import Refused

_PAIR = Kit(bytes(range(32))).sheets(lambda length: bytes(length))
FIRST, SECOND = (" ".join(sheet.words) for sheet in _PAIR)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("abacus", "here is 1. Type all"),
        ("abacus abdomen", "here are 2. Type all"),
        ("", "here are 0. Type all"),
        (" ".join(["zzz", *FIRST.split()[1:]]), "word number 1 is on no sheet"),
        (" ".join([*FIRST.split()[:-2], *reversed(FIRST.split()[-2:])]), "A word of this sheet is wrong"),
    ],
)
def test_a_refusal_says_which_sheet_it_is_about(wrong: str, says: str) -> None:
    for typed, code in (((wrong, SECOND), "kit.sheet-1"), ((FIRST, wrong), "kit.sheet-2")):
        with pytest.raises(Refused, match=says) as refused:
            join(*typed)
        assert refused.value.code == code


def test_two_sheets_of_which_none_alone_is_wrong_name_none() -> None:
    with pytest.raises(Refused, match="not the two sheets of one kit") as refused:
        join(FIRST, FIRST)
    assert refused.value.code == ""
    assert join(FIRST, SECOND).seed == bytes(range(32))
