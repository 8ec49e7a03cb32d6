"""Whom a note names: an @ and the name by which the clinic knows a colleague. The note's text is all there is."""

import re
from unicodedata import normalize


def names(text: str, colleague: str) -> bool:
    """Whether `text` names them, in whatever case. "@Ana" names Ana, and neither Ana Ruiz nor Anabel."""
    wanted = _folded(colleague)
    return bool(wanted) and re.search(rf"(?<!\w)@{re.escape(wanted)}(?!\w)", _folded(text)) is not None


def _folded(text: str) -> str:
    return " ".join(normalize("NFC", text).casefold().split())
