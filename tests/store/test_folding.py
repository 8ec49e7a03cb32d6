"""Words as they are searched for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.store.folding import mark, words


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


@given(text=st.text())
def test_each_word_is_marked_where_it_stands(text: str) -> None:
    for word in words(text):
        marks = mark(text, [word])
        assert marks == sorted(marks)
        assert all(any(one.startswith(word) for one in words(text[start:end])) for start, end in marks)
        assert marks
        assert not mark(text, [f"{word}{'x' * len(text)}x"])


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("Ein señor, Señora!", "sen", ["señ", "Señ"]),
        ("sen\u0303or", "sen", ["sen\u0303"]),
        ("O’Connor and o'con", "oconn", ["O’Conn"]),
        ("e\ufb03cient", "ef", ["e\ufb03"]),
        ("Straße", "strass", ["Straß"]),
        ("a fever, feverish", "fever", ["fever", "fever"]),
        ("fever", "ever", []),
    ],
)
def test_marks_what_was_typed_as_it_was_written(text: str, asked: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in mark(text, words(asked))] == marked
