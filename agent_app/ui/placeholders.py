"""What stands in braces in a canned reply, such as {patient}: filled from what the desk knows, or by a person."""

import re
from collections.abc import Mapping

PATTERN = r"\{[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9 _-]{0,38}\}"  # in the dialect that Python and Qt have in common
NAMES = ("patient", "agent", "clinic", "today")
_PLACEHOLDER = re.compile(PATTERN)


def fill(text: str, known: Mapping[str, str]) -> str:
    """Once over the text: what is put in is not looked at again, whatever somebody is called."""
    return _PLACEHOLDER.sub(lambda found: known.get(found[0][1:-1].lower()) or found[0], text)


def first_unfilled(text: str) -> str:
    found = _PLACEHOLDER.search(text)
    return found[0] if found else ""
