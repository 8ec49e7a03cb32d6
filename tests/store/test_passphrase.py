"""Sixty bits, drawn or measured."""

import math
import os
from collections import Counter

import pytest

from agent_app.store import passphrase
from agent_app.store.errors import WeakPassphrase


def test_the_list_is_the_effs() -> None:
    words = passphrase.eff_long()
    assert len(words) == len(set(words)) == 7_776
    assert (words[0], words[-1]) == ("abacus", "zoom")


def test_a_drawn_one_has_more_than_sixty_bits_and_is_accepted() -> None:
    drawn = passphrase.generate(os.urandom)
    words = drawn.split(" ")
    assert len(words) * math.log2(7_776) >= passphrase.MINIMUM_BITS
    assert set(words) <= set(passphrase.eff_long())
    passphrase.require_strength(drawn)


def test_every_word_is_as_likely() -> None:
    """Two bytes modulo 7,776 would give the first 3,328 words nine chances and the others eight."""
    numbers = iter([*range(62_208, 65_536), *range(62_208)])
    drawn: Counter[str] = Counter()

    def counting(length: int) -> bytes:
        return next(numbers).to_bytes(length, "big")

    for _ in range(62_208 // 5):
        drawn.update(passphrase.generate(counting).split(" "))
    assert len(drawn) == 7_776
    assert set(drawn.values()) <= {7, 8}  # the last three numbers are left over


WEAK = [
    "",
    "1234",
    "summer2026!",
    "qwertyuiopasdfghjkl",
    "a" * 200,
    "Tr0ub4dour&3",
    "clinic clinic clinic clinic clinic",
]


@pytest.mark.parametrize("chosen", WEAK)
def test_what_is_guessed_soon_is_refused_with_what_to_do(chosen: str) -> None:
    with pytest.raises(WeakPassphrase, match="suggests") as caught:
        passphrase.require_strength(chosen)
    assert not chosen or chosen not in str(caught.value)


@pytest.mark.parametrize("chosen", ["kettle under the blue harbour sings", "Der Apfel rollt nie weit, sagt Tante Uta!"])
def test_an_own_sentence_is_measured_and_accepted(chosen: str) -> None:
    assert passphrase.bits(chosen) >= passphrase.MINIMUM_BITS
    passphrase.require_strength(chosen)


def test_ones_own_name_counts_for_less() -> None:
    chosen = "Wilhelmina Hohenstaufen"  # in no list of common words
    assert passphrase.bits(chosen, ["Wilhelmina", "Hohenstaufen"]) < passphrase.bits(chosen)


def test_length_is_bounded() -> None:
    with pytest.raises(WeakPassphrase, match="too long"):
        passphrase.require_strength(passphrase.generate(os.urandom) * 100)


def test_a_lone_surrogate_is_a_letter_like_any_other() -> None:
    assert passphrase.normalised("\ud800") != passphrase.normalised("\ud801")
