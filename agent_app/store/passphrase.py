"""Passphrases of at least 60 bits: drawn from the EFF's long list, or a person's own, measured by zxcvbn.

A drawn one has exactly as many bits as it says. zxcvbn's figure for an own one is an estimate, of an attacker who knows
common words, names, dates and keyboard patterns; it cannot know what that person has written elsewhere. The same
bound for both, because Argon2id adds the same to each guess.
"""

import math
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

from agent_app.store.errors import LongPassphrase, WeakPassphrase

MINIMUM_BITS = 60
LONGEST = 1024  # bytes; Argon2id reads all of it, so it is bounded
_WORDS = 5  # of 7,776: 64.6 bits
_MEASURED = 72  # characters that zxcvbn looks at; what follows only adds


@cache
def eff_long() -> tuple[str, ...]:
    """The EFF's 7,776 words, in the list's own order."""
    return tuple(files("xkcdpass").joinpath("static", "eff-long").read_text("ascii").split())


def generate(random: Callable[[int], bytes]) -> str:
    """Five words, drawn uniformly: 64.6 bits."""
    return " ".join(_draw(random) for _ in range(_WORDS))


def require_strength(passphrase: str, personal: Sequence[str] = ()) -> None:
    """Raises WeakPassphrase below 60 bits. `personal`: names an attacker would try first (agent, clinic)."""
    if len(normalised(passphrase)) > LONGEST:
        raise LongPassphrase
    if drawn(passphrase):
        return
    found = bits(passphrase, personal)
    if found < MINIMUM_BITS:
        raise WeakPassphrase(f"about {found:.0f} of {MINIMUM_BITS} bits")


def bits(passphrase: str, personal: Sequence[str] = ()) -> float:
    """log2 of zxcvbn's number of guesses."""
    # Its dictionaries are read when it is imported, and a desk starts every day without measuring anything.
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]

    return math.log2(zxcvbn(passphrase[:_MEASURED], user_inputs=list(personal))["guesses"]) if passphrase else 0.0


def drawn(passphrase: str) -> bool:
    """Whether it has the form of `generate`'s: five different words of the list."""
    words = passphrase.split(" ")
    return len(words) == _WORDS == len(set(words)) and set(words) <= set(eff_long())


def normalised(passphrase: str) -> bytes:
    """What Argon2id is given: the same letters are the same bytes on every keyboard (NFC, UTF-8)."""
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")


def _draw(random: Callable[[int], bytes]) -> str:
    words = eff_long()
    limit = 65_536 - 65_536 % len(words)  # above it, the first words of the list would be drawn more often
    while (number := int.from_bytes(random(2), "big")) >= limit:
        pass
    return words[number % len(words)]
