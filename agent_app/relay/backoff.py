"""How long to wait before another try.

Full jitter, as measured by AWS ("Exponential Backoff And Jitter"): clinics whose relay comes back
after an outage must not all return in the same second.
"""

from collections.abc import Callable


class Backoff:
    """`random` gives bytes. Waits are uniform from 0 to a ceiling, which doubles from `first` to `most` seconds."""

    def __init__(self, random: Callable[[int], bytes], first: float = 0.5, most: float = 60.0) -> None:
        self._random = random
        self._first = first
        self._most = most
        self.failures = 0

    def wait(self) -> float:
        """Seconds to wait after one more failure."""
        ceiling = min(self._most, self._first * 2.0**self.failures)
        self.failures = min(self.failures + 1, 32)
        return ceiling * int.from_bytes(self._random(4)) / 2**32

    def reset(self) -> None:
        """Something succeeded."""
        self.failures = 0
