"""Signals, from somebody who shares a session with the reader and writes what they like into it."""

from collections.abc import Iterator

from agent_app.protocol import primitives, signal
from agent_app.protocol.encoding import encode, frame, pad
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.keys import MailboxId, MessageId
from agent_app.protocol.labels import Label
from tests.fuzz.registry import require, target
from tests.vectors.material import NOW
from tests.vectors.signals import HINTS

KEY, SENDER, MESSAGE = bytes(32), MailboxId(bytes(32)), MessageId(bytes(16))


def _seeds() -> Iterator[bytes]:
    for _, hint in HINTS.values():
        yield pad(encode(signal.Signal("SD1", NOW, hint)), 256)


@target(ProtocolError, seeds=_seeds)
def signal_body(data: bytes) -> None:
    """Exactly one padding and encoding of a signal opens, and it can be judged."""
    body = primitives.seal(KEY, bytes(24), frame(Label.SIGNAL, SENDER, MESSAGE), data)
    read = signal.open_signal(body, KEY, SENDER, MESSAGE)
    require(pad(encode(read), 256) == data, "another encoding")
    require(read.ends(NOW) <= NOW + 180_000, "a hint that holds too long")
