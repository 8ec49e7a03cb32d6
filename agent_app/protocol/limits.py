"""Every bound on what is sent or accepted, once, with its reason: docs/protocol.md, section 18."""

from typing import NamedTuple

from .errors import LimitError, MalformedError


class Limit(NamedTuple):
    """A named bound. Texts are measured in bytes of UTF-8."""

    name: str
    value: int
    reason: str

    def check(self, size: int) -> None:
        """Raises LimitError, naming this limit, when `size` is above it."""
        if size > self.value:
            raise LimitError(self.name, self.value, size)

    def check_text(self, text: str) -> None:
        """As `check`, of the text's UTF-8; MalformedError for a text that has none (a lone surrogate)."""
        try:
            size = len(text.encode())
        except UnicodeEncodeError as error:
            raise MalformedError(f"{self.name} with a lone surrogate") from error
        self.check(size)


DAY = 24 * 60 * 60 * 1000  # milliseconds

TEXT = Limit("text", 15 * 1024, "with all headers it fits the largest bucket")
BODY = Limit("body", 32_808, "the largest bucket and what Seal adds")
SLOT = Limit("slot", 4096, "an init slot with an offer")
RECIPIENTS = Limit("recipients", 50, "one team; above it the charter names the receiving team")
FILE = Limit("file", 25 * 1024 * 1024, "a phone's photograph, several times")
NAME = Limit("name", 200, "a person's or a file's name on one line")
NOTE = Limit("note", 4096, "a page of handwriting")
TAG = Limit("tag", 64, "a word or two")
CODE = Limit("code", 16, "what can be told by telephone")
OUTCOME = Limit("outcome", 64, "one choice of a short list")
REASON = Limit("reason", 200, "one sentence")
IDENTIFIERS = Limit("identifiers", 2, "one of each kind: a list of guesses is not one try")
IDENTIFIER = Limit("identifier", 32, "a date or a telephone number")
HISTORY = Limit("history", 50, "what one body can hold, and a bound on what is verified at once")
READ_MARKS = Limit("read marks", 64, "one for each author of a conversation")
SKIPPED_KEYS = Limit("skipped message keys", 1000, "a day of lost messages; more is an attack on memory")
OTHER_SESSIONS = Limit("sessions that only receive", 5, "enough for what is still under way")
SENDS_BEFORE_RENEWAL = 200
RENEWAL_AGE = 7 * DAY
CLOCK_AHEAD = DAY  # of the present time: whoever jumps there leaves room for all that follows
CLOCK_AHEAD_OF_PATIENT = DAY // 2  # so that desks which count on from a patient's jump stay within their own bound
SKIPPED_KEY_LIFE = 30 * DAY
SIGNAL_AGE = 60_000  # a hint that was under way for longer says nothing about now
HEARD_LATELY = 300_000  # whoever was silent for longer may be asleep, and finds a mailbox full of stale hints
INVITATION_LIFE = 3 * DAY
SIGNED_PREKEY_LIFE = 14 * DAY
ONE_TIME_PREKEY_LIFE = 30 * DAY
