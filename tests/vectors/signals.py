"""Vectors of signals: docs/protocol.md, section 22."""

import itertools
from collections.abc import Iterator

from agent_app.protocol import primitives
from agent_app.protocol import signal as s
from agent_app.protocol.encoding import encode, frame, pad
from agent_app.protocol.envelope import body_hash
from agent_app.protocol.events import Role
from agent_app.protocol.keys import MailboxId, MessageId, StreamId
from agent_app.protocol.labels import Label
from agent_app.protocol.signal import Signal
from tests.vectors.material import NOW, Case, Randomness, device, fault, flip, ok, plain

STREAM = StreamId(primitives.labelled_hash(Label.STREAM, "the vectors' conversation"))
SENDER = device("alice").mailbox
ROLES: tuple[Role, ...] = ("patient", "agent", "supervisor", "administrator", "auditor")
HINTS: dict[str, tuple[str, s.Hint]] = {
    "typing": ("Somebody writes.", s.Typing(STREAM, True)),
    "typing-stopped": ("And has stopped.", s.Typing(STREAM, False)),
    "viewing": ("A conversation stands open.", s.Viewing(STREAM)),
    "viewing-nothing": ("None does.", s.Viewing(None)),
    "replying": ("A colleague writes to the patient.", s.Replying(STREAM, True)),
    "available": ("Here.", s.Presence("available")),
    "away": ("Not looking.", s.Presence("away")),
    "offline": ("From now on nobody reads here.", s.Presence("offline")),
    "queue": ("Two wait before, for about four minutes.", s.Queue(2, 4)),
    "queue-next": ("Nobody waits before, and how long it takes is not known.", s.Queue(0, None)),
    "queue-over": ("Waits no more.", s.Queue(None, None)),
    "queue-most": ("The highest numbers.", s.Queue(9_999, 1_440)),
}


def cases() -> Iterator[Case]:
    yield from _bodies()
    yield from _faults()
    yield from _permissions()
    yield from _ages()


def _bodies() -> Iterator[Case]:
    random = Randomness("signal")
    for name, (comment, hint) in HINTS.items():
        key, message, nonce = random(32), MessageId(random(16)), random(24)
        body = s.seal_signal(Signal("SD1", NOW, hint), key, SENDER, message, lambda _, n=nonce: n)  # type: ignore[misc]
        fields = {"key": key, "sender": SENDER, "message": message, "nonce": nonce, "time": NOW, "hint": encode(hint)}
        yield "signal", name, ok(comment, **fields, body=body, body_hash=body_hash(body), holds=s.HOLDS[type(hint)])


def _faults() -> Iterator[Case]:
    random = Randomness("signal/faults")
    key, message = random(32), MessageId(random(16))
    good = Signal("SD1", NOW, s.Typing(STREAM, True))
    body = s.seal_signal(good, key, SENDER, message, random)
    ad = frame(Label.SIGNAL, SENDER, message)
    common = {"key": key, "sender": SENDER, "message": message}

    def sealed(padded: bytes) -> bytes:
        return primitives.seal(key, random(24), ad, padded)

    def of(*fields: object) -> bytes:
        return sealed(pad(encode(list(fields)), 256))

    undecryptable, malformed = "message.undecryptable", "encoding.malformed"
    for name, code, comment, bad, changed in (
        ("flipped", undecryptable, "One bit is changed.", flip(body), {}),
        ("other-sender", undecryptable, "Sealed by another mailbox.", body, {"sender": MailboxId(bytes(32))}),
        ("other-message", undecryptable, "Sealed for another message id.", body, {"message": bytes(16)}),
        (
            "as-a-message",
            undecryptable,
            "Sealed under the label of messages.",
            primitives.seal(key, random(24), frame(Label.BODY, bytes(32), SENDER, message), pad(encode(good), 256)),
            {},
        ),
        ("longer", malformed, "Padded to 512 bytes.", sealed(pad(encode(good), 512)), {}),
        ("padding-missing", malformed, "No padding.", sealed(encode(good) + b"\x01" * (256 - len(encode(good)))), {}),
        ("suite", "suite.unknown", "Another suite.", of("SD2", NOW, s.Typing(STREAM, True)), {}),
        ("tag", malformed, "An unknown hint.", of("SD1", NOW, ["dancing", True]), {}),
        ("state", malformed, "An unknown state.", of("SD1", NOW, ["presence", "asleep"]), {}),
        ("stream-short", malformed, "A stream of 31 bytes.", of("SD1", NOW, ["typing", bytes(31), True]), {}),
        ("typing-nil", malformed, "Typing in no conversation.", of("SD1", NOW, ["typing", None, True]), {}),
        ("ahead", malformed, "10,000 wait before.", of("SD1", NOW, ["queue", 10_000, None]), {}),
        ("minutes-zero", malformed, "No minute is no time.", of("SD1", NOW, ["queue", 1, 0]), {}),
        ("minutes", malformed, "More than a day.", of("SD1", NOW, ["queue", 1, 1_441]), {}),
        ("minutes-alone", malformed, "A time without a place.", of("SD1", NOW, ["queue", None, 3]), {}),
        ("time-missing", malformed, "Two elements.", of("SD1", s.Typing(STREAM, True)), {}),
        ("trailing", malformed, "A byte behind.", sealed(pad(encode(good) + b"\x00\x01", 256)), {}),
    ):
        yield "signal", name, fault(code, comment, **{**common, **changed}, body=bad)


def _permissions() -> Iterator[Case]:
    hints = {name: HINTS[name][1] for name in ("typing", "viewing", "replying", "away", "queue")}
    rows = [
        {"hint": name, "author": author, "reader": reader, "permitted": s.is_permitted(hint, author, reader)}
        for (name, hint), author, reader in itertools.product(hints.items(), ROLES, ROLES)
    ]
    fields = {"hints": {name: encode(hint) for name, hint in hints.items()}, "rows": rows}
    yield "signal-permission", "all", ok("Who may tell what to whom.", **plain(fields))


def _ages() -> Iterator[Case]:
    signal = Signal("SD1", NOW, s.Typing(STREAM, True))
    rows = [
        {"now": NOW + late, "current": signal.is_current(NOW + late), "ends": signal.ends(NOW + late)}
        for late in (-60_001, -60_000, -1, 0, 1, 60_000, 60_001)
    ]
    comment = "Whether a signal given at `time` counts at `now`, and until when its hint is believed."
    yield "signal-age", "typing", ok(comment, time=NOW, hint=encode(signal.hint), rows=rows)
