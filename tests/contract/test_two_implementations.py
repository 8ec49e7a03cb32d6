"""Two implementations of one protocol talk to each other: an agent's device in Python, a patient's in TypeScript.

Shared vectors show that both compute the same bytes from the same inputs. Here both draw their own randomness, over
schedules that nobody wrote down: what is lost, late, doubled or altered, and where either side restarts.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_app.protocol import attachment, content, events
from agent_app.protocol.content import LogHead, Message, Position
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.envelope import Opened, Recipient, compose, open_envelope
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.events import Event, Identifier, Invite, Verdict
from agent_app.protocol.invitation import Checker, Link, register
from agent_app.protocol.keys import (
    Certificate,
    ClinicId,
    ConversationId,
    DeviceKeys,
    EnvelopeId,
    LocalDevice,
    MessageId,
    Transcript,
)
from agent_app.protocol.prekeys import Bundle, PrekeyKind, PrekeyPair
from agent_app.protocol.receipt import Receipt, ReceiptChain, delivery_hash, reason_for
from agent_app.protocol.safety_number import safety_number
from agent_app.protocol.session import PeerSessions

PAGE = Path(__file__).resolve().parents[2] / "resources/patient_page"
CLINIC = ClinicId(bytes(range(32)))
NOW = 1_790_000_000_000
DAY = 86_400_000
HOUR = 3_600_000


class Page:
    """The patient's side, in a process of its own."""

    def __init__(self, node: str) -> None:
        self._process = subprocess.Popen(
            [node, str(PAGE / "tests/peer/start.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=PAGE,
        )

    def ask(self, do: str, **request: str | int | bytes) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        plain = {name: value.hex() if isinstance(value, bytes) else value for name, value in request.items()}
        self._process.stdin.write(json.dumps({"do": do, **plain}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the page's side ended; its error stands above"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        self._process.communicate(timeout=60)
        assert self._process.returncode == 0


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert node is not None, "Node is not here: run `make setup`"
    running = Page(node)
    yield running
    running.close()


@dataclass
class Sent:
    """A message on its way, and what must come out of it."""

    envelope: bytes
    body: bytes
    slot: bytes
    expected: Event
    delivery: bytes


@dataclass
class Conversation:
    """An agent's device, and the patient that it talks to."""

    page: Page
    now: int = NOW
    pairs: dict[int, PrekeyPair] = field(default_factory=dict)
    accepted: set[Transcript] = field(default_factory=set)
    position: Position = field(default_factory=Position)
    issued: ReceiptChain = field(default_factory=ReceiptChain)
    followed: ReceiptChain = field(default_factory=ReceiptChain)
    next_id: int = 1
    begun: int = 0
    sent: int = 0

    def __post_init__(self) -> None:
        patient = self.page.ask("create", clinic=CLINIC, now=self.now)
        self.patient = Certificate.parse(bytes.fromhex(patient["certificate"]))
        self.conversation = ConversationId(bytes.fromhex(patient["conversation"]))
        self.safety_number = tuple(patient["safety_number"])
        keys = DeviceKeys.generate(os.urandom)
        self.local = LocalDevice(keys, keys.certify(CLINIC, "agent", self.now))
        self.sessions = PeerSessions(self.patient)
        self.page.ask("meet", certificate=self.local.certificate.encoded)
        self.signed = self._make("signed", 14)
        self.published = self.page.ask("publish", now=self.now)

    def _make(self, kind: PrekeyKind, days: int) -> PrekeyPair:
        pair = PrekeyPair.make(self.local, kind, self.next_id, self.now + days * DAY, os.urandom)
        self.pairs[self.next_id] = pair
        self.next_id += 1
        return pair

    # Beginning

    def page_begins(self) -> None:
        kem, once = self._make("kem-once", 30), self._make("one-time", 30)
        bundle = Bundle(self.local.certificate.encoded, *(encode(pair.prekey) for pair in (self.signed, kem, once)))
        assert self.page.ask("begin", bundle=encode(bundle), now=self.now) == {}

    def desk_begins(self) -> None:
        parts = [
            self.published["signed"],
            self.published["kem_once"][self.begun],
            self.published["one_time"][self.begun],
        ]
        self.begun += 1
        bundle = Bundle(self.patient.encoded, *(bytes.fromhex(part) for part in parts))
        self.sessions = self.sessions.initiate(self.local, bundle.verify(self.patient, self.now), os.urandom, self.now)

    # Sending

    def page_sends(self, do: str = "text", **request: str | bytes) -> Sent:
        text = f"from the page, {self.sent} é \N{SMILING FACE WITH OPEN MOUTH}"
        self.sent += 1
        answer = self.page.ask(do, now=self.now, **(request or {"text": text}))
        assert "refused" not in answer, answer
        envelope, body, slot, delivery = (
            bytes.fromhex(answer[name]) for name in ("envelope", "body", "slot", "delivery")
        )
        return Sent(envelope, body, slot, events.Text(text), delivery)

    def desk_sends(self, event: Event | None = None) -> Sent:
        if self.sessions.needs_offer(self.local, self.now):
            self.sessions = self.sessions.with_offer(self._make("signed", 14), self._make("kem-once", 14))
        event = event or events.Text(f"from the desk, {self.sent} ñ \N{WAVING HAND SIGN}")
        self.sent += 1
        stream, message = content.shared_stream(self.conversation), MessageId(os.urandom(16))
        head = LogHead(1, bytes(32))
        to = (self.patient.device,)
        made = self.position.next_content(stream, message, self.local.device, to, self.now, head, event)
        signed = content.sign(self.local, made)
        composed = compose(self.local, signed, [Recipient(self.sessions)], os.urandom)
        (self.sessions,), self.position = composed.sessions, self.position.sent(signed)
        envelope, slot = composed.envelope, composed.envelope.slots[0]
        delivery = delivery_hash(self.local.mailbox, self.patient.mailbox, envelope.id, envelope.body, slot.slot)
        return Sent(envelope.id, envelope.body, slot.slot, event, delivery)

    # Receiving

    def desk_opens(self, slot: bytes, body: bytes) -> Opened:
        opened = open_envelope(
            self.local, self.sessions, slot, body, self.pairs.get, self.accepted.__contains__, os.urandom, self.now
        )
        received = opened.received
        self.sessions = received.sessions.renew(self.local, received, os.urandom, self.now)
        if received.accepted is not None:
            self.accepted.add(received.accepted.transcript)
            for used in received.accepted.used_up:
                del self.pairs[used]
        self.position = self.position.seen(opened.message)
        return opened

    def desk_receives(self, sent: Sent) -> Message:
        """What the page sent is what the desk reads, and the page believes the desk's receipt for it."""
        opened = self.desk_opens(sent.slot, sent.body)
        self.issued, receipt = self.issued.issue(
            self.local.keys.mailbox, self.patient.mailbox, self._delivery_to_desk(sent), self.now
        )
        answer = self.page.ask("receipt", receipt=encode(receipt))
        assert answer == {"status": "delivered", "delivery": sent.delivery.hex()}
        return opened.message

    def _delivery_to_desk(self, sent: Sent) -> Any:
        return delivery_hash(self.patient.mailbox, self.local.mailbox, EnvelopeId(sent.envelope), sent.body, sent.slot)

    def page_receives(self, sent: Sent) -> None:
        answer = self._page_asked(sent, sent.slot)
        assert "event" in answer, answer
        assert decode(bytes.fromhex(answer["event"]), Event) == sent.expected

    def page_refuses(self, sent: Sent, slot: bytes) -> None:
        assert "refused" in self._page_asked(sent, slot)

    def _page_asked(self, sent: Sent, slot: bytes) -> dict[str, Any]:
        """The page's answer, whose receipt the desk believes, be it of a delivery or of a rejection."""
        answer = self.page.ask("receive", envelope=sent.envelope, body=sent.body, slot=slot, now=self.now)
        receipt = decode(bytes.fromhex(answer["receipt"]), Receipt)
        self.followed, payload = self.followed.follow(receipt, self.patient.mailbox, self.local.mailbox)
        assert (payload.status == "delivered") == ("event" in answer)
        envelope = EnvelopeId(sent.envelope)
        assert payload.delivery == delivery_hash(self.local.mailbox, self.patient.mailbox, envelope, sent.body, slot)
        return answer

    def desk_refuses(self, sent: Sent, slot: bytes) -> None:
        before = self.sessions.to_bytes()
        with pytest.raises(ProtocolError) as refusal:
            self.desk_opens(slot, sent.body)
        assert reason_for(refusal.value)
        assert self.sessions.to_bytes() == before

    def restart(self) -> None:
        """Both sides have nothing left but what they wrote down."""
        self.sessions = PeerSessions.from_bytes(self.sessions.to_bytes(), self.patient)
        self.page.ask("restart")


def flipped(slot: bytes, place: int) -> bytes:
    changed = bytearray(slot)
    changed[-1 - place % len(slot)] ^= 1
    return bytes(changed)


class Schedule:
    """Plays steps on a conversation. Each side begins at most twice, so that no session is dropped with mail in it."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.to_page: list[Sent] = []
        self.to_desk: list[Sent] = []
        self.begins = {"page": 1, "desk": 1}
        conversation.page_begins()
        conversation.desk_begins()

    def run(self, step: str, pick: int) -> None:
        actions: dict[str, Callable[[int], None]] = {
            "page sends": lambda _: self.to_desk.append(self.conversation.page_sends()),
            "desk sends": lambda _: self.to_page.append(self.conversation.desk_sends()),
            "page receives": self._page_receives,
            "desk receives": self._desk_receives,
            "alter": self._alter,
            "begin": self._begin,
            "restart": lambda _: self.conversation.restart(),
        }
        actions[step](pick)

    def drain(self) -> None:
        """Whatever is under way arrives after all, the latest first."""
        while self.to_page:
            self._page_receives(len(self.to_page) - 1)
        while self.to_desk:
            self._desk_receives(len(self.to_desk) - 1)

    def _page_receives(self, pick: int) -> None:
        if self.to_page:
            sent = self.to_page.pop(pick % len(self.to_page))
            self.conversation.page_receives(sent)
            self.conversation.page_refuses(sent, sent.slot)

    def _desk_receives(self, pick: int) -> None:
        if self.to_desk:
            sent = self.to_desk.pop(pick % len(self.to_desk))
            assert self.conversation.desk_receives(sent).content.event == sent.expected
            self.conversation.desk_refuses(sent, sent.slot)

    def _alter(self, pick: int) -> None:
        for sent in self.to_page[:1]:
            self.conversation.page_refuses(sent, flipped(sent.slot, pick))
        for sent in self.to_desk[:1]:
            self.conversation.desk_refuses(sent, flipped(sent.slot, pick))

    def _begin(self, pick: int) -> None:
        side = ("page", "desk")[pick % 2]
        if self.begins[side] < 2:
            self.begins[side] += 1
            (self.conversation.page_begins if side == "page" else self.conversation.desk_begins)()


STEPS = (
    *("page sends", "desk sends", "page receives", "desk receives") * 3,
    *("alter", "restart", "begin"),
)
BOUNDED = settings(max_examples=40)


@BOUNDED
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3000)), max_size=50))
def test_what_one_says_the_other_reads_once_in_whatever_order(page: Page, steps: list[tuple[str, int]]) -> None:
    schedule = Schedule(Conversation(page))
    for step, pick in steps:
        schedule.run(step, pick)
    schedule.drain()
    for _ in range(2):
        schedule.conversation.page_receives(schedule.conversation.desk_sends())
        schedule.conversation.desk_receives(schedule.conversation.page_sends())


@pytest.mark.parametrize("attempt", range(4))
def test_sessions_renew_across_the_implementations(page: Page, attempt: int) -> None:
    """Which side offers depends on the ids, which each attempt draws anew."""
    talk = Conversation(page)
    talk.page_begins() if attempt % 2 else talk.desk_begins()
    if attempt % 2:
        talk.desk_receives(talk.page_sends())
    else:
        talk.page_receives(talk.desk_sends())
    used = set()
    for _ in range(30):
        talk.now += 20 * HOUR
        talk.page_receives(talk.desk_sends())
        talk.desk_receives(talk.page_sends())
        talk.restart()
        used.add(talk.sessions.sending)
    assert len(used) >= 3


def test_a_session_is_renewed_after_200_messages(page: Page) -> None:
    talk = Conversation(page)
    talk.page_begins()
    talk.desk_receives(talk.page_sends())
    first = talk.sessions.sending
    for _ in range(105):
        talk.page_receives(talk.desk_sends())
        talk.desk_receives(talk.page_sends())
    assert talk.sessions.sending != first


@pytest.mark.parametrize("size", [0, 1, 1000, 65_535, 65_536, 200_001])
def test_files_pass_both_ways(page: Page, size: int) -> None:
    talk = Conversation(page)
    talk.page_begins()
    plaintext = os.urandom(size)
    answer = talk.page.ask("file", plaintext=plaintext, now=talk.now)
    opened = talk.desk_opens(bytes.fromhex(answer["slot"]), bytes.fromhex(answer["body"]))
    file = opened.message.content.event
    assert isinstance(file, events.File)
    assert attachment.open_file(bytes.fromhex(answer["blob"]), file) == plaintext

    sealed = attachment.seal_file(plaintext, os.urandom)
    talk.page_receives(talk.desk_sends(sealed.event("photo.jpg", "image/jpeg")))
    assert bytes.fromhex(talk.page.ask("download", blob=sealed.blob)["plaintext"]) == plaintext
    if size:
        damaged = flipped(sealed.blob, size)
        assert talk.page.ask("download", blob=damaged) == {"refused": "attachment.damaged"}


def test_the_patient_check_passes_and_fails_as_the_answers_do(page: Page) -> None:
    talk = Conversation(page)
    link = Link(os.urandom(16), CLINIC)
    signed = register(talk.local, link, [talk.local.device], talk.now, talk.now + DAY)
    birthday = Identifier("birth-date", "1980-02-29")
    invite = Invite(signed.registration, signed.signature, link.secret, "481526", (birthday,), "Ada", "")
    checker = Checker.begin(invite, talk.local.certificate, talk.local.device)
    for code, expected in (("000000", ("wrong", 0, 4)), ("481526", ("passed", 2, 3))):
        talk.page_begins()
        sent = talk.page_sends("open", fragment=link.fragment(), code=code, birth_date=birthday.value)
        opened = talk.desk_opens(sent.slot, sent.body)
        proof = opened.received.plaintext.proof
        assert proof is not None
        assert proof.invitation is not None
        checker, verdict = checker.judge(proof.invitation, opened.received.transcript, talk.patient.device, talk.now)
        assert verdict is not None
        assert (verdict.outcome, verdict.level, verdict.tries_left) == expected
        talk.page_receives(talk.desk_sends(verdict))
        assert isinstance(verdict, Verdict)


def test_both_show_the_same_safety_number(page: Page) -> None:
    talk = Conversation(page)
    assert talk.safety_number == safety_number(CLINIC, talk.patient.device)
