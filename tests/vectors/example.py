"""Section 21 of docs/protocol.md: two devices, one handshake, one message, every value.

`render()` is the section's text; `python -m tests.vectors.generate` writes it into the document.
"""

import hashlib
import re
from pathlib import Path

from agent_app.protocol import primitives
from agent_app.protocol.content import LogHead, Position, sign
from agent_app.protocol.double_ratchet import DoubleRatchet, kdf_chain, kdf_root
from agent_app.protocol.encoding import encode, frame, pad
from agent_app.protocol.envelope import body_hash, bucket, seal_body
from agent_app.protocol.events import Text
from agent_app.protocol.keys import EnvelopeId, LocalDevice, MessageId, StreamId
from agent_app.protocol.labels import Label
from agent_app.protocol.pqxdh import initiate
from agent_app.protocol.prekeys import PrekeyPair
from agent_app.protocol.primitives import dh
from agent_app.protocol.receipt import delivery_hash
from agent_app.protocol.session import BodyKey, PeerSessions
from agent_app.protocol.slot import SlotPlaintext, read_slot
from tests.vectors.material import CLINIC, NOW, Randomness, bundle, device, prekeys

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "protocol.md"
HEADING = "## 21 A worked example"
WIDTH = 64  # hex digits a line
LONGEST = 320  # bytes that are printed whole


class Page:
    """Lines of a text block: a name, and its value in hex."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def title(self, text: str) -> None:
        self.lines += ["", f"-- {text}"] if self.lines else [f"-- {text}"]

    def value(self, name: str, value: bytes | int) -> None:
        if isinstance(value, int):
            self.lines.append(f"{name:<22} {value}")
            return
        shown = value.hex()
        if len(value) > LONGEST:
            shown = f"{value[:16].hex()}..{value[-16:].hex()}"
            self.lines.append(f"{name:<22} {shown} ({len(value)} bytes, SHA-256")
            self.lines.append(f"{'':<22} {hashlib.sha256(value).hexdigest()})")
            return
        for start in range(0, max(1, len(shown)), WIDTH):
            self.lines.append(f"{name if start == 0 else '':<22} {shown[start : start + WIDTH]}")


def render() -> str:
    page = Page()
    a, b = device("alice"), device("bob")
    pairs = prekeys(b)
    _devices(page, a, b)
    for name, pair in (("signed_B", pairs.signed), ("kem_B", pairs.kem), ("one_time_B", pairs.one_time)):
        _prekey(page, name, pair)
    sessions, random = _handshake(page, a, b)
    _message(page, a, b, sessions, random)
    introduction = (
        "Alice and Bob are agents' devices of one clinic; Alice begins, and sends one text. Times are milliseconds. A",
        f"value of more than {LONGEST} bytes is shown by its ends and its SHA-256. `tests/vectors/example.py` makes",
        "this section, and a test compares it.",
    )
    return "\n".join((*introduction, "", "```", *page.lines, "```", ""))


def _devices(page: Page, a: LocalDevice, b: LocalDevice) -> None:
    page.title('section 3: keys and certificates (kind "agent", no cosigning key)')
    page.value("clinic", CLINIC)
    page.value("created", a.certificate.core.created)
    for who, local in (("A", a), ("B", b)):
        for name in ("signing", "identity", "mailbox"):
            page.value(f"{name} secret {who}", getattr(local.keys, name))
        page.value(f"certificate_{who}", local.certificate.encoded)
        page.value(f"device id {who}", local.device)


def _prekey(page: Page, name: str, pair: PrekeyPair) -> None:
    page.title(f'section 4: {name} (kind "{pair.prekey.kind}", id {pair.prekey.id}, expires {pair.prekey.expires})')
    page.value("secret", pair.secret)
    page.value("public", pair.prekey.public)
    page.value("signature", pair.prekey.signature)
    page.value(name, encode(pair.prekey))


def _handshake(page: Page, a: LocalDevice, b: LocalDevice) -> tuple[PeerSessions, Randomness]:
    random, pairs = Randomness("example"), prekeys(b)
    verified = bundle(b, pairs).verify(b.certificate, NOW)
    sessions = PeerSessions(b.certificate).initiate(a, verified, random, NOW, random.encapsulate)
    drawn, session = random.drawn, sessions.sending_session
    assert session is not None
    ephemeral, kem_random, ratchet_secret = drawn[:32], drawn[32:64], drawn[80:112]
    again = Randomness("example")
    agreement, handshake = initiate(a, verified, again, again.encapsulate)
    shared = primitives.kem_decapsulate(pairs.kem.secret, handshake.kem_ciphertext)
    products = [
        dh(a.keys.identity, pairs.signed.prekey.public),
        dh(ephemeral, b.certificate.core.identity),
        dh(ephemeral, pairs.signed.prekey.public),
        dh(ephemeral, pairs.one_time.prekey.public),
    ]
    page.title("section 5: PQXDH")
    page.value("EK secret", ephemeral)
    page.value("EK_public", handshake.ephemeral)
    page.value("encapsulation random", kem_random)
    page.value("CT", handshake.kem_ciphertext)
    page.value("SS", shared)
    for number, product in enumerate(products, 1):
        page.value(f"DH{number}", product)
    page.value("transcript", agreement.transcript)
    page.value("root_key", agreement.root_key)
    page.value("header_key_A", agreement.header_key)
    page.value("next_header_key_B", agreement.next_header_key)
    page.value("handshake signature", primitives.sign(a.keys.signing, Label.HANDSHAKE, agreement.transcript))
    page.title("section 6: A's first ratchet step")
    page.value("session id", session.id)
    page.value("ratchet secret", ratchet_secret)
    page.value("dh_public", primitives.dh_public(ratchet_secret))
    product = dh(ratchet_secret, pairs.signed.prekey.public)
    page.value("DH", product)
    root_key, chain_key, next_header_key = kdf_root(agreement.root_key, product)
    for name, value in (("root_key", root_key), ("chain_key", chain_key), ("next_header_key", next_header_key)):
        page.value(name, value)
    assert session.ratchet == DoubleRatchet.begin(agreement, pairs.signed.prekey.public, lambda _: ratchet_secret)
    return sessions, random


def _message(page: Page, a: LocalDevice, b: LocalDevice, sessions: PeerSessions, random: Randomness) -> None:
    stream, message_id = StreamId(random(32)), MessageId(random(16))
    log = LogHead(3, random(32))
    content = Position().next_content(stream, message_id, a.device, [b.device], NOW, log, Text("Good morning"))
    message = sign(a, content)
    page.title('section 9: the content (first in its stream, event ["text", "Good morning"], log size 3)')
    page.value("stream", stream)
    page.value("message id", message_id)
    page.value("time", NOW)
    page.value("log root", log.root)
    page.value("content", message.signed.content)
    page.value("signature", message.signed.signature)
    page.value("message hash", message.hash)

    mark = len(random.drawn)
    key = random(32)
    body = seal_body(message.signed, key, stream, a.mailbox, message_id, random)
    encoded = encode(message.signed)
    nonce = random.drawn[mark + 32 :]
    padded = pad(encoded, bucket(len(encoded)))
    assert body == primitives.seal(key, nonce, frame(Label.BODY, stream, a.mailbox, message_id), padded)
    page.title("section 8.4: the body")
    page.value("message key", key)
    page.value("nonce", nonce)
    page.value("padded", padded)
    page.value("body", body)
    page.value("body hash", body_hash(body))

    mark = len(random.drawn)
    before = sessions.sending_session
    _, slot = sessions.encrypt(a, BodyKey(key, body_hash(body), stream, message_id), random)
    assert before is not None
    _slot(page, before.ratchet, random.drawn[mark:], encode(slot), before.context)
    envelope = EnvelopeId(random(16))
    page.title("section 13.1: the delivery")
    page.value("envelope id", envelope)
    page.value("delivery hash", delivery_hash(a.mailbox, b.mailbox, envelope, body, encode(slot)))


def _slot(page: Page, ratchet: DoubleRatchet, nonces: bytes, encoded: bytes, context: tuple[bytes, bytes]) -> None:
    slot = read_slot(encoded)
    transcript, session = context
    header = primitives.unseal(ratchet.sending_header_key or b"", frame(Label.HEADER, session), slot.header)
    chain_key, message_key = kdf_chain(ratchet.sending_chain or b"")
    plaintext = primitives.unseal(message_key, frame(Label.RATCHET, transcript, session, slot.header), slot.ciphertext)
    assert slot.header[:24] + slot.ciphertext[:24] == nonces
    SlotPlaintext.from_bytes(plaintext)
    page.title("sections 6 and 8: the slot")
    page.value("header nonce", nonces[:24])
    page.value("HEADER", header)
    page.value("enc_header", slot.header)
    page.value("message_key", message_key)
    page.value("chain_key", chain_key)
    page.value("nonce", nonces[24:])
    page.value("plaintext", plaintext)
    page.value("ciphertext", slot.ciphertext)
    page.value("slot", encoded)


def written() -> str:
    """The section as the document has it, without its heading."""
    return _split(DOCUMENT.read_text(encoding="utf-8"))[1]


def write() -> None:
    before, _, after = _split(DOCUMENT.read_text(encoding="utf-8"))
    text = f"{before}{HEADING}\n\n{render()}" + (f"\n{after}" if after else "")
    DOCUMENT.write_text(text, encoding="utf-8")


def _split(document: str) -> tuple[str, str, str]:
    before, found, section = document.partition(HEADING + "\n")
    if not found:
        return before.rstrip("\n") + "\n\n", "", ""
    body, *rest = re.split(r"(?m)^(?=## )", section, maxsplit=1)
    return before, body.strip("\n") + "\n", "".join(rest)
