"""The EFF long word list, as the xkcdpass package ships it."""

from functools import cache
from importlib.resources import files


@cache
def eff_long() -> tuple[str, ...]:
    """7,776 words, in the list's own order."""
    return tuple(files("xkcdpass").joinpath("static", "eff-long").read_text("ascii").split())
