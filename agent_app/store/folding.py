"""Words as they are searched for: case, accents and ligatures folded. What is indexed and what is asked for agree."""

import re
from unicodedata import combining, normalize

LONGEST = 64  # characters of a word; what is longer is no word that anybody types
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc")  # O’Connor is found as oconnor, and as he wrote himself


def fold(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_APOSTROPHES)
    plain = normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    return "".join(character for character in plain if not combining(character))


def words(text: str) -> list[str]:
    return [word[:LONGEST] for word in _WORD.findall(fold(text))]
