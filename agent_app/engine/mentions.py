"""Whom a note names: an @ and the name by which the clinic knows a colleague. The note's text is all there is."""

import re
from collections.abc import Iterable
from unicodedata import combining, normalize


def names(text: str, colleague: str) -> bool:
    """Whether `text` names them, in whatever case. "@Ana" names Ana, and neither Ana Ruiz nor Anabel."""
    return bool(places(text, (colleague,)))


def places(text: str, colleagues: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Where `text` names one of them, from the @ to the name's end; of two that fit, the longer name."""
    wanted = sorted({" ".join(_folded(name)[0].split()) for name in colleagues} - {""}, key=len, reverse=True)
    if not wanted or "@" not in text:
        return ()
    said, at = _folded(text)
    found = re.finditer(rf"(?<!\w)@(?:{'|'.join(map(re.escape, wanted))})(?!\w)", said)
    whole = (match for match in found if not combining(said[match.end() : match.end() + 1] or " "))
    return tuple((at[match.start()], at[match.end() - 1] + 1) for match in whole)


def _folded(text: str) -> tuple[str, list[int]]:
    """What counts as the same when names are compared, and the place in `text` that each letter of it comes from."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        parts = " " if letter.isspace() else normalize("NFD", letter).casefold()
        if parts == " " and letters and letters[-1] == " ":
            continue
        letters.extend(parts)
        places.extend([place] * len(parts))
    return "".join(letters), places
