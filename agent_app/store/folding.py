"""Words as they are searched for: case, accents and ligatures folded. What is indexed and what is asked for agree."""

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import combining, normalize

LONGEST = 64  # characters of a word; what is longer is no word that anybody types
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc")  # O’Connor is found as oconnor, and as he wrote himself


def fold(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_APOSTROPHES)
    plain = normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    return "".join(character for character in plain if not combining(character))


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    return fold(character)


def mark(text: str, beginnings: Sequence[str]) -> list[tuple[int, int]]:
    """Where in `text`, as it was written, words stand that begin so (folded): (start, end), in order."""
    folded = [_folded(character) for character in text]
    origin = [place for place, parts in enumerate(folded) for _ in parts]
    marks = []
    for word in _WORD.finditer("".join(folded)):
        found = max((len(one) for one in beginnings if word[0].startswith(one)), default=0)
        if found:
            end = origin[word.start() + found - 1] + 1
            while end < len(text) and combining(text[end]):
                end += 1
            marks.append((origin[word.start()], end))
    return marks


def words(text: str) -> list[str]:
    return [word[:LONGEST] for word in _WORD.findall(fold(text))]
