"""Failed unlocks: they slow down the next try, and they are told to the audit log, although the log is locked.

The slowing is for who sits at the keyboard. Somebody who can take the keyring's item away guesses without us; against
that there is Argon2id and the passphrase's strength, and nothing else.
"""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from agent_app.protocol import primitives
from agent_app.protocol.encoding import Bytes32, Record, Uint, decode, encode
from agent_app.protocol.errors import InvalidKeyError, ProtocolError
from agent_app.protocol.labels import Label
from agent_app.store.disk import disk, write_whole
from agent_app.store.errors import UnlockDelayed

FREE_TRIES = 3
LONGEST_DELAY = 900  # seconds
LARGEST_FILE = 1 << 20  # bytes: some 6,000 failures, two months of trying without pause

_COUNT = "unlock-delay"
_LINES = "unlock-failed"


class _Count(Record, frozen=True):
    failures: Uint
    last: Uint  # ms


class _Attempt(Record, frozen=True):
    time: Uint
    previous: Bytes32


class UnlockDelay:
    """Counts failures in a file, so that a restart forgets none, and doubles the wait after each: 1 s to 15 min."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _COUNT

    def seconds(self, now: int) -> int:
        """How long to wait before the next try; 0 when it may be now."""
        count = self._read(now)
        if now < count.last:  # the clock was set back: wait once more, not until it has caught up
            self._write(count := _Count(count.failures, now))
        return max(0, _delay(count.failures) - (now - count.last) // 1000)

    def begin(self, now: int) -> None:
        """Counts the try as failed before it is made, so that ending the program cannot hide it.

        Raises UnlockDelayed when it is too early.
        """
        if wait := self.seconds(now):
            raise UnlockDelayed(wait)
        self._write(_Count(self._read(now).failures + 1, now))

    def passed(self) -> None:
        with disk():
            self._path.unlink(missing_ok=True)

    def _read(self, now: int) -> _Count:
        try:
            with disk(), self._path.open("rb") as file:
                return decode(file.read(64), _Count)
        except FileNotFoundError:
            return _Count(0, now)
        except ProtocolError:  # somebody wrote into it: the longest wait, once
            self._write(damaged := _Count(FREE_TRIES + 10, now))
            return damaged

    def _write(self, count: _Count) -> None:
        write_whole(self._path, encode(count))


def _delay(failures: int) -> int:
    return 0 if failures < FREE_TRIES else min(1 << min(failures - FREE_TRIES, 10), LONGEST_DELAY)


@dataclass(frozen=True, slots=True)
class FailedAttempts:
    """Times (ms) of the failures since the last unlock. `broken`: lines are missing, changed, or not by this device.
    `mark` stands for the last line read; store it in the transaction that records `times`."""

    times: tuple[int, ...]
    broken: bool
    mark: bytes


class FailedUnlocks:
    """The side file of section 15. It only grows: each line is sealed to the device and names the line before it.

    Cutting lines off the end between two unlocks leaves no trace here; only what has once been read back is missed.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _LINES

    def begin(self, identity_public: bytes) -> bytes:
        """Starts the file, at enrolment or after it was found broken. Answers the mark to store."""
        line = base64.b64encode(identity_public + token_bytes(32))
        write_whole(self._path, line + b"\n")
        return _mark(line)

    def record(self, now: int) -> bool:
        """Appends a failure. False when there is no file to append to: at the next unlock that shows as broken."""
        lines = self._lines()
        if (identity := _identity(lines)) is None:
            return False
        attempt = encode(_Attempt(now, _mark(lines[-1])))
        with disk(), self._path.open("r+b") as file:
            # A line that was cut short by a crash was never whole; the chain goes on from the one before.
            file.truncate(sum(len(line) + 1 for line in lines))
            file.seek(0, os.SEEK_END)
            file.write(base64.b64encode(sodium.crypto_box_seal(attempt, identity)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return True

    def read(self, identity_secret: bytes, mark: bytes) -> FailedAttempts:
        """What was appended since `mark`, the one that the last `begin` or `read` answered."""
        lines = self._lines()
        marks = [_mark(line) for line in lines]
        if mark not in marks or _identity(lines) != primitives.dh_public(identity_secret):
            return FailedAttempts((), broken=True, mark=marks[-1] if marks else b"")
        first = marks.index(mark) + 1
        attempts = [_open(line, identity_secret) for line in lines[first:]]
        whole = all(
            attempt is not None and attempt.previous == previous
            for attempt, previous in zip(attempts, marks[first - 1 :], strict=False)
        )
        return FailedAttempts(tuple(a.time for a in attempts if a is not None), broken=not whole, mark=marks[-1])

    def _lines(self) -> Sequence[bytes]:
        """The whole lines; none when the file is missing or larger than we ever write."""
        try:
            with disk(), self._path.open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
        except FileNotFoundError:
            return []
        return [] if len(content) > LARGEST_FILE else content.split(b"\n")[:-1]


def _mark(line: bytes) -> bytes:
    return primitives.labelled_hash(Label.UNLOCK_FAILED, line)


def _identity(lines: Sequence[bytes]) -> bytes | None:
    """Whom the file is sealed to, by its first line; None where nothing can be sealed to what stands there."""
    head = _bytes(lines[0]) if lines else None
    if head is None or len(head) != 64:
        return None
    try:
        return primitives.check_point(head[:32])
    except InvalidKeyError:
        return None


def _open(line: bytes, identity_secret: bytes) -> _Attempt | None:
    sealed = _bytes(line)
    if sealed is None:
        return None
    try:
        public = primitives.dh_public(identity_secret)
        return decode(sodium.crypto_box_seal_open(sealed, public, identity_secret), _Attempt)
    except (CryptoError, ProtocolError):
        return None


def _bytes(line: bytes) -> bytes | None:
    try:
        return base64.b64decode(line, validate=True)
    except ValueError:
        return None
