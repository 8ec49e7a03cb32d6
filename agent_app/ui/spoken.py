"""Which of two languages somebody writes, by words that are frequent in one and unknown in the other."""

import re
from collections.abc import Iterable

from agent_app.ui.language import Language

_ENGLISH = re.compile(
    r"\b(?:the|and|you|your|my|is|are|for|with|have|can|do|not|this|that|what|when|i|thanks|hello|hi)\b"
)
_SPANISH = re.compile(r"\b(?:el|los|las|y|usted|su|mi|es|para|con|tengo|puedo|esto|que|cuando|gracias|hola|una|por)\b")


def language_of(texts: Iterable[str]) -> Language | None:
    """None where it does not show."""
    said = "\n".join(texts).casefold()
    english, spanish = (len(known.findall(said)) for known in (_ENGLISH, _SPANISH))
    if english == spanish:
        return None
    return Language.ENGLISH if english > spanish else Language.SPANISH
