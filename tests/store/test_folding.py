"""Words as they are searched for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.store.folding import words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Núñez", ["nunez"]),
        ("O’Connor, o'connor", ["oconnor", "oconnor"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("ﬁebre 39.5°", ["fiebre", "39", "5"]),
        ("İstanbul Ångström", ["istanbul", "angstrom"]),
        ('" OR words:* NEAR(', ["or", "words", "near"]),
        ("a_b", ["a", "b"]),
        ("… —", []),
    ],
)
def test_case_accents_and_punctuation_fall_away(written: str, folded: list[str]) -> None:
    assert words(written) == folded


@given(st.text())
def test_what_is_folded_is_not_changed_by_folding_again(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)
