"""The protocol in Python: what one message to a whole clinic costs who sends it, and who reads it."""

import os
import statistics
import sys
import time
from collections.abc import Callable

from agent_app.protocol import content, envelope, events
from agent_app.protocol.content import LogHead, Message, Position
from agent_app.protocol.encoding import encode
from agent_app.protocol.envelope import Envelope, Recipient
from agent_app.protocol.keys import Certificate, ClinicId, DeviceKeys, LocalDevice, MessageId, StreamId
from agent_app.protocol.prekeys import Bundle, PrekeyPair, VerifiedBundle
from agent_app.protocol.session import PeerSessions

DEVICES = 50
ROUNDS = 5
MESSAGES = 300
CLINIC = ClinicId(bytes(32))
STREAM = StreamId(bytes(31) + b"\x01")
NOW = 1_800_000_000_000
WORDS = "Good morning, your results are here. Would Thursday at ten suit you? " * 3


class Device:
    """A device with prekeys, and the sessions that others began with it."""

    def __init__(self, kind: str) -> None:
        keys = DeviceKeys.generate(os.urandom)
        self.local = LocalDevice(keys, keys.certify(CLINIC, kind, NOW))  # type: ignore[arg-type]
        kinds = ("signed", "kem-once", "one-time")
        made = [PrekeyPair.make(self.local, k, n, NOW * 2, os.urandom) for n, k in enumerate(kinds)]  # type: ignore[arg-type]
        self.prekeys = {pair.prekey.id: pair for pair in made}
        signed, kem, once = (encode(pair.prekey) for pair in made)
        self.bundle = Bundle(self.local.certificate.encoded, signed, kem, once)
        self.sessions: PeerSessions | None = None

    def read(self, sender: Certificate, sealed: Envelope) -> Message:
        slot = next(s.slot for s in sealed.slots if s.mailbox == self.local.mailbox)
        known = self.sessions or PeerSessions(sender)
        opened = envelope.open_envelope(
            self.local, known, slot, sealed.body, self.prekeys.get, lambda _: False, os.urandom, NOW
        )
        self.sessions = opened.received.sessions
        return opened.message


class Sender:
    """A patient's device, which writes to every device of the clinic."""

    def __init__(self, to: list[Device]) -> None:
        keys = DeviceKeys.generate(os.urandom)
        self.local = LocalDevice(keys, keys.certify(CLINIC, "patient", NOW))
        self.to = to
        self.position = Position()
        self.sessions: list[PeerSessions] = []

    def verified(self) -> list[VerifiedBundle]:
        return [device.bundle.verify(device.local.certificate, NOW) for device in self.to]

    def begin(self) -> None:
        """Verifies every bundle and shakes hands."""
        self.sessions = [
            PeerSessions(bundle.certificate).initiate(self.local, bundle, os.urandom, NOW) for bundle in self.verified()
        ]

    def write(self) -> Envelope:
        """Signs one message and seals it to everybody."""
        recipients = [device.local.device for device in self.to]
        head = LogHead(1, bytes(32))
        unsigned = self.position.next_content(
            STREAM, MessageId(os.urandom(16)), self.local.device, recipients, NOW, head, events.Text(WORDS)
        )
        message = content.sign(self.local, unsigned)
        self.position = self.position.sent(message)
        composed = envelope.compose(self.local, message, [Recipient(s) for s in self.sessions], os.urandom)
        self.sessions = list(composed.sessions)
        return composed.envelope


def row(name: str, figure: str) -> None:
    sys.stdout.write(f"  {name:<52}{figure:>16}\n")
    sys.stdout.flush()


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def milliseconds(action: Callable[[], object]) -> str:
    return f"{statistics.median(seconds(action) for _ in range(ROUNDS)) * 1000:.1f} ms"


def run() -> None:
    sys.stdout.write(f"The protocol in Python, one thread, medians of {ROUNDS}\n")
    devices = [Device("agent") for _ in range(DEVICES)]
    sender = Sender(devices)
    row(f"PQXDH initiation to {DEVICES} devices, bundles verified", milliseconds(sender.begin))
    row(f"one message to {DEVICES} devices, first (init slots)", milliseconds(sender.write))
    sender.begin()
    sealed = sender.write()
    row("PQXDH answer and first message read, one device", milliseconds(lambda: fresh_read(devices[0], sender, sealed)))
    row("size of the first envelope", f"{len(encode(sealed)) / 1024:.1f} KiB")
    _a_conversation()


def fresh_read(device: Device, sender: Sender, sealed: Envelope) -> Message:
    device.sessions = None
    return device.read(sender.local.certificate, sealed)


def _a_conversation() -> None:
    """Two devices that know one another, as most messages are."""
    one = Device("agent")
    sender = Sender([one])
    sender.begin()
    envelopes: list[Envelope] = []
    writing = seconds(lambda: envelopes.extend(sender.write() for _ in range(MESSAGES)))
    reading = seconds(lambda: [one.read(sender.local.certificate, sealed) for sealed in envelopes])
    row("messages signed and encrypted, to one device", f"{MESSAGES / writing:,.0f} /s")
    row("messages decrypted and verified", f"{MESSAGES / reading:,.0f} /s")


if __name__ == "__main__":
    run()
