"""What identifies a patient, as somebody at a desk gives it."""

import re
from datetime import date

from agent_app.protocol import limits
from agent_app.protocol.errors import SpokenError
from agent_app.protocol.events import Identifier

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # of what ISO 8601 allows, the one form that two desks compare
_NUMBER = re.compile(rf"[0-9]{{1,{limits.IDENTIFIER.value}}}")


class BirthDateRefused(SpokenError):
    code = "birth-date.refused"
    sentence = "This is no birth date that can be used."
    action = "Give day, month and the year in four digits, such as 1984-03-27."


class PhoneRefused(SpokenError):
    code = "phone.refused"
    sentence = "This is no telephone number that can be used."
    action = "Give it in digits, such as 5550142987."


def birth_date(text: str) -> Identifier:
    """Raises BirthDateRefused."""
    if not _is_day(text):
        raise BirthDateRefused
    return Identifier("birth-date", text)


def phone(text: str) -> Identifier:
    """Raises PhoneRefused."""
    if not _NUMBER.fullmatch(text):
        raise PhoneRefused
    return Identifier("phone", text)


def _is_day(text: str) -> bool:
    try:
        return _DATE.fullmatch(text) is not None and date.fromisoformat(text) is not None
    except ValueError:
        return False
