"""Vectors of conversations: docs/protocol.md, section 10."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from agent_app.protocol import content as contents
from agent_app.protocol import events as e
from agent_app.protocol.content import Head, Message, Position
from agent_app.protocol.conversation import Entry, Standing, Stream, reduce
from agent_app.protocol.encoding import encode
from agent_app.protocol.keys import (
    DeviceId,
    LocalDevice,
    MessageHash,
    MessageId,
    Transcript,
)
from tests.vectors.material import CLINIC, NOW, Case, Fields, Randomness, device, ok
from tests.vectors.messages import LOG


class Timeline:
    """Devices that write in one conversation. What each has seen is said, not guessed."""

    def __init__(self, name: str) -> None:
        self.random = Randomness(f"conversation/{name}")
        self.patient = device("patient", "patient")
        self.roles: dict[str, e.Role] = {
            "patient": "patient",
            "alice": "agent",
            "bob": "agent",
            "carol": "agent",
            "supervisor": "supervisor",
            "auditor": "auditor",
        }
        self.positions: dict[tuple[str, Stream], Position] = {}
        self.messages: list[tuple[Message, Stream, str]] = []
        self.quarantined: set[MessageHash] = set()
        self.checkers: list[DeviceId] | None = None
        nonce = self.random(16)
        self.conversation = contents.conversation_id(self.patient.device, CLINIC, nonce)
        self.opened = e.Open(nonce, self.patient.certificate.encoded, 1, bytes(32))

    def local(self, name: str) -> LocalDevice:
        return device(name, "patient" if name == "patient" else "agent", cosigning=name == "supervisor")

    def id(self, name: str) -> DeviceId:
        return self.local(name).device

    def write(
        self, name: str, stream: Stream, event: e.Event, *seen: Message, hide: bool = False, **changed: Any
    ) -> Message:
        """`name` writes after having seen `seen`; with `hide`, nobody gets it."""
        position = self.positions.get((name, stream), Position())
        for message in seen:
            position = position.seen(message)
        local = self.local(name)
        which = contents.shared_stream if stream == "shared" else contents.team_stream
        stream_id = which(self.conversation)
        content = position.next_content(stream_id, MessageId(self.random(16)), local.device, (), NOW, LOG, event)
        message = contents.sign(local, msgspec.structs.replace(content, **changed))
        self.positions[name, stream] = position.sent(message)
        if not hide:
            self.messages.append((message, stream, name))
        return message

    def team(self, name: str, event: e.Event, *seen: Message, **changed: Any) -> Message:
        return self.write(name, "team", event, *seen, **changed)

    def shared(self, name: str, event: e.Event, *seen: Message, **changed: Any) -> Message:
        return self.write(name, "shared", event, *seen, **changed)

    def entry(self, message: Message, stream: Stream, author: str) -> Entry:
        standing: Standing = "quarantined" if message.hash in self.quarantined else "admitted"
        return Entry.of(message, stream, self.roles[author], standing)

    def case(self, name: str, comment: str) -> Case:
        entries = [self.entry(message, stream, author) for message, stream, author in self.messages]
        state = reduce(self.patient.device, entries, self.checkers)
        indices = list(range(len(entries)))
        shuffled = sorted(indices, key=lambda i: entries[i].hash)
        orders = [indices, indices[::-1], shuffled, [*shuffled, *indices]]
        return (
            "conversation",
            name,
            ok(
                comment,
                patient=self.patient.device,
                checkers=self.checkers,
                entries=[_entry(entry) for entry in entries],
                orders=orders,
                state=as_object(state),
            ),
        )


def _entry(entry: Entry) -> Fields:
    fields = as_object(entry)
    return {
        **fields,
        "heads": [[h.device, h.sequence, h.message_hash] for h in entry.heads],
        "event": encode(entry.event),
    }


def as_object(value: Any) -> Any:
    """A record with its fields' names."""
    if isinstance(value, msgspec.Struct):
        return {name: as_object(getattr(value, name)) for name in value.__struct_fields__}
    return [as_object(item) for item in value] if isinstance(value, tuple) else value


def cases() -> Iterator[Case]:
    scripts: dict[str, tuple[str, Callable[[Timeline], None]]] = {
        "empty": ("Nothing has arrived.", lambda t: None),
        "opened": ("Waiting.", lambda t: void(t.shared("patient", t.opened))),
        "claimed": ("One claim that nobody has seen yet.", lambda t: void(t.team("alice", e.Claim()))),
        "claim-confirmed": ("Bob has seen it.", _claim_confirmed),
        "claims-rival": ("Neither had seen the other: the first in order.", _claims_rival),
        "claim-seen-first-wins": ("Carol saw the later in order before its rival came.", _claim_seen_first),
        "claims-both-confirmed": ("Each was seen alone by somebody: the first in order.", _claims_both_confirmed),
        "own-sight-confirms-nothing": ("The claimant's own next event is no witness.", _own_sight),
        "released": ("Released, and claimed by somebody else.", _released),
        "late-claim": ("A claim that had not seen the release belongs to the past.", _late_claim),
        "assigned": ("Assigned; a claim after it is void.", _assigned),
        "transferred": ("Transferred with a note.", _transferred),
        "taken-over": ("Each of two takes it over from Alice, having seen only hers: the last in order.", _taken_over),
        "closed": ("Closed with an outcome, although somebody claims.", _closed),
        "handed-over": ("To a team: waiting for it, whoever held it.", _handed_over),
        "handed-over-claimed": ("Somebody has claimed what was handed over.", _handed_over_claimed),
        "concluded": ("All that the patient has said was known: closed, and a claim is void.", _concluded),
        "concluded-and-spoken": ("The patient has said more than the closer knew: waiting again.", _spoken_since),
        "concluded-and-claimed": ("Waiting again, and claimed after it.", _spoken_and_claimed),
        "concluded-and-read": ("A read mark, or a void word, is nothing said.", _read_since),
        "assigned-by-agent": ("Only supervisors and administrators assign.", _assigned_by_agent),
        "guardian": ("The last in order wins; an empty name takes it back.", _guardian),
        "reason": ("The last in order wins; in the shared stream, or from the patient, it is none.", _reason),
        "hold": ("Anybody on staff puts it on; an agent does not take it off.", _hold),
        "hold-lifted": ("A supervisor takes it off.", _hold_lifted),
        "reopened": ("Reopened: waiting, until claimed.", _reopened),
        "ended": ("The patient has ended it, and an agent reopens in vain.", _ended),
        "levels": ("Two verdicts: the higher counts.", _levels),
        "checked": ("An agent's check is level 3.", _checked),
        "check-fails": ("An agent's check that does not match outranks a verdict.", _check_fails),
        "blocked": ("A block outranks verdicts with any clock, and counts until a check matches.", _blocked),
        "unblocked": ("A later check that matches.", _unblocked),
        "verdict-of-no-checker": ("Only the invitation's checkers judge; the others may do all else.", _no_checker),
        "verdict-of-another-patient": ("A verdict on another device.", _other_verdict),
        "labels-and-tags": ("The last in order wins.", _labels),
        "not-permitted": ("What a patient, an agent or an auditor may not do.", _not_permitted),
        "retracted": ("By its author; by a colleague in vain; by a supervisor.", _retracted),
        "retracted-before-arrival": (
            "A supervisor's word stands at once; an author's waits for the message.",
            _early_retract,
        ),
        "retracted-otherwise-named": ("Another message id, or another stream, retracts nothing.", _wrong_retract),
        "read": ("The furthest mark of each reader.", _read_marks),
        "gap": ("Two are missing in the middle, one at the start.", _gap),
        "void-in-its-place": (
            "What is not permitted is not missing: it fills its place, and can be one of two.",
            _void_place,
        ),
        "quarantined": (
            "It fills its place, makes a fork, and says nothing: no claim, no check, no retraction.",
            _quarantined,
        ),
        "fork": ("Two messages in one place.", _fork),
        "fork-by-previous": ("One that continues something else than we hold.", _fork_by_previous),
        "clock-lies": ("A link to an event whose clock is not lower is no sight.", _clock_lies),
        "clock-stands-still": ("A claim with its own author's release's clock has not seen it.", _clock_stands_still),
        "sequence-lies": ("A claim with a lower sequence than its author's release has not seen it.", _sequence_lies),
        "fork-sees-nothing": ("Two in one place have not seen each other.", _fork_sees_nothing),
        "head-lies": ("A head with another sequence names nothing.", _head_lies),
    }
    for name, (comment, script) in scripts.items():
        timeline = Timeline(name)
        script(timeline)
        yield timeline.case(name, comment)


def void(_: object) -> None:
    return None


def _claim_confirmed(t: Timeline) -> None:
    t.team("bob", e.Note("I have seen it"), t.team("alice", e.Claim()))


def _claims_rival(t: Timeline) -> None:
    a, b = t.team("alice", e.Claim()), t.team("bob", e.Claim())
    t.team("carol", e.Note("Both of you?"), a, b)


def _first_and_second(t: Timeline) -> tuple[str, str]:
    first, second = sorted(("alice", "bob"), key=t.id)
    return first, second


def _claim_seen_first(t: Timeline) -> None:
    first, second = _first_and_second(t)
    late = t.team(second, e.Claim())
    t.team("carol", e.Note(f"{second} has it"), late)
    early = t.team(first, e.Claim())
    t.team("carol", e.Note("And now the other"), early)


def _claims_both_confirmed(t: Timeline) -> None:
    first, second = _first_and_second(t)
    t.team("carol", e.Note("Second"), t.team(second, e.Claim()))
    t.team("supervisor", e.Note("First"), t.team(first, e.Claim()))


def _own_sight(t: Timeline) -> None:
    first, second = _first_and_second(t)
    t.team(second, e.Claim())
    t.team(second, e.Note("It is mine"))
    t.team(first, e.Claim())


def _released(t: Timeline) -> None:
    claim = t.team("alice", e.Claim())
    release = t.team("alice", e.Release())
    t.team("bob", e.Claim(), claim, release)


def _late_claim(t: Timeline) -> None:
    claim = t.team("alice", e.Claim())
    t.team("alice", e.Release())
    t.team("bob", e.Claim(), claim)


def _assigned(t: Timeline) -> None:
    assign = t.team("supervisor", e.Assign(t.id("alice")))
    t.team("bob", e.Claim(), assign)


def _transferred(t: Timeline) -> None:
    t.team("alice", e.Claim())
    t.team("alice", e.Transfer(t.id("bob"), "She speaks Spanish"))


def _taken_over(t: Timeline) -> None:
    claim = t.team("alice", e.Claim())
    for name in ("bob", "carol"):
        t.team(name, e.Transfer(t.id(name), ""), claim)


def _closed(t: Timeline) -> None:
    t.team("alice", e.Claim())
    close = t.team("alice", e.Close("appointment made"))
    t.team("bob", e.Claim(), close)


TEAM = bytes(range(16))


def _handed_over(t: Timeline) -> None:
    claim = t.team("alice", e.Claim())
    t.team("bob", e.Note("I saw it"), claim)
    t.team("alice", e.HandOver(TEAM, "about her blood test"))


def _handed_over_claimed(t: Timeline) -> None:
    given = t.team("alice", e.HandOver(TEAM, ""))
    claim = t.team("bob", e.Claim(), given)
    t.team("carol", e.Note("You have it"), given, claim)


def _concluded(t: Timeline) -> None:
    t.shared("patient", t.opened)
    t.shared("patient", e.Text("Thank you"))
    conclusion = t.team("alice", e.Conclude("appointment made", 2))
    t.team("bob", e.Claim(), conclusion)


def _spoken_since(t: Timeline) -> None:
    t.shared("patient", t.opened)
    t.shared("patient", e.Text("Thank you"))
    t.team("alice", e.Claim())
    t.team("alice", e.Conclude("appointment made", 2))
    t.shared("patient", e.Text("One more thing"))


def _spoken_and_claimed(t: Timeline) -> None:
    _spoken_since(t)
    conclusion = next(m for m, _, _ in t.messages if isinstance(m.content.event, e.Conclude))
    t.team("bob", e.Claim(), conclusion)


def _read_since(t: Timeline) -> None:
    t.shared("patient", t.opened)
    conclusion = t.team("alice", e.Conclude("done", 1))
    t.shared("patient", e.Read((e.ReadMark(conclusion.content.author, 1),)))
    t.shared("patient", e.Note("in the wrong stream"))


def _assigned_by_agent(t: Timeline) -> None:
    claim = t.team("alice", e.Claim())
    t.team("bob", e.Assign(t.id("bob")), claim)


def _guardian(t: Timeline) -> None:
    first = t.team("alice", e.Guardian("Anne", "mother"))
    second = t.team("bob", e.Guardian("", ""), first)
    t.team("alice", e.Guardian("Bernard", "father"), second)


def _reason(t: Timeline) -> None:
    first = t.team("alice", e.Reason("Blood test"))
    t.team("bob", e.Reason("Blood test, once more"), first)
    t.shared("alice", e.Reason("in the wrong stream"))
    t.team("patient", e.Reason("a patient's"))


def _hold(t: Timeline) -> None:
    on = t.team("alice", e.Hold(True, "a complaint"))
    t.team("alice", e.Hold(False, "I changed my mind"))
    t.team("bob", e.Hold(False, ""), on)


def _hold_lifted(t: Timeline) -> None:
    on = t.team("alice", e.Hold(True, "a complaint"))
    t.team("supervisor", e.Hold(False, "settled"), on)


def _reopened(t: Timeline) -> None:
    close = t.team("alice", e.Close("appointment made"))
    reopen = t.team("bob", e.Reopen(), close)
    t.team("carol", e.Claim(), close, reopen)


def _ended(t: Timeline) -> None:
    t.shared("patient", t.opened)
    t.shared("patient", e.Ended())
    t.team("alice", e.Reopen())
    t.team("alice", e.Claim())


def _verdict(t: Timeline, outcome: e.Outcome, level: int) -> e.Verdict:
    return e.Verdict(t.patient.device, Transcript(bytes(32)), outcome, level, 1)


def _levels(t: Timeline) -> None:
    t.shared("alice", _verdict(t, "wrong", 0))
    passed = t.shared("alice", _verdict(t, "passed", 2))
    t.shared("bob", _verdict(t, "passed", 1), passed)


def _checked(t: Timeline) -> None:
    t.shared("alice", _verdict(t, "passed", 1))
    t.team("bob", e.Checked(t.patient.device, "safety-number", True))


def _check_fails(t: Timeline) -> None:
    t.shared("alice", _verdict(t, "passed", 2))
    t.team("bob", e.Checked(t.patient.device, "identifiers", False))


def _blocked(t: Timeline) -> None:
    t.team("bob", e.Block(t.patient.device))
    for _ in range(3):
        t.shared("alice", e.Text("Hello?"))
    t.shared("alice", _verdict(t, "passed", 2))
    t.team("alice", e.Block(t.id("another patient")))


def _unblocked(t: Timeline) -> None:
    block = t.team("bob", e.Block(t.patient.device))
    t.team("alice", e.Checked(t.patient.device, "safety-number", True), block)


def _no_checker(t: Timeline) -> None:
    t.checkers = [t.id("alice")]
    t.shared("alice", _verdict(t, "passed", 1))
    t.shared("bob", _verdict(t, "passed", 2))
    t.team("bob", e.Claim())


def _other_verdict(t: Timeline) -> None:
    other = e.Verdict(device("another patient", "patient").device, Transcript(bytes(32)), "passed", 2, 1)
    t.shared("alice", other)


def _labels(t: Timeline) -> None:
    birthday = (e.Identifier("birth-date", "1980-02-29"),)
    first = t.team("alice", e.PatientLabel("Ada L.", ()))
    t.team("bob", e.PatientLabel("Ada Lovelace", birthday), first)
    on = t.team("alice", e.Tag("urgent", True))
    t.team("alice", e.Tag("lab", True))
    t.team("alice", e.Tag("é", True))
    t.team("bob", e.Tag("urgent", False), on)
    t.team("bob", e.Tag("call back", True))


def _not_permitted(t: Timeline) -> None:
    t.team("patient", e.Claim())
    t.shared("alice", e.Claim())
    t.team("auditor", e.Close("nothing to see"))
    t.team("alice", e.Text("in the wrong stream"))
    t.shared("alice", e.Ended())
    t.shared("alice", e.Name(t.id("bob"), "Bob", bytes(32)))
    t.roles["carol"] = "patient"
    t.shared("carol", e.Text("another patient's"))
    t.shared("patient", e.Text("first"))
    t.shared("patient", t.opened)


def _retracted(t: Timeline) -> None:
    own, other, third = (t.shared("alice", e.Text(text)) for text in ("own", "other", "third"))
    t.shared("alice", e.Retract(own.content.message, own.hash))
    t.shared("bob", e.Retract(other.content.message, other.hash), other)
    t.shared("supervisor", e.Retract(third.content.message, third.hash), third)


def _early_retract(t: Timeline) -> None:
    hidden = [t.write("alice", "shared", e.Text(text), hide=True) for text in ("one", "two")]
    t.shared("supervisor", e.Retract(hidden[0].content.message, hidden[0].hash), hidden[0])
    t.shared("alice", e.Retract(hidden[1].content.message, hidden[1].hash))


def _wrong_retract(t: Timeline) -> None:
    one, two = t.shared("alice", e.Text("one")), t.shared("alice", e.Text("two"))
    t.shared("supervisor", e.Retract(MessageId(bytes(16)), one.hash))
    t.team("supervisor", e.Retract(two.content.message, two.hash))


def _read_marks(t: Timeline) -> None:
    alice, bob = t.id("alice"), t.id("bob")
    t.shared("patient", e.Read((e.ReadMark(alice, 3), e.ReadMark(bob, 1))))
    t.shared("patient", e.Read((e.ReadMark(alice, 2),)))
    t.shared("bob", e.Read((e.ReadMark(t.patient.device, 5),)))


def _gap(t: Timeline) -> None:
    t.shared("alice", e.Text("1"))
    for text in ("2", "3"):
        t.shared("alice", e.Text(text), hide=True)
    t.shared("alice", e.Text("4"))
    t.team("bob", e.Note("1"), hide=True)
    t.team("bob", e.Note("2"))


def _void_place(t: Timeline) -> None:
    t.shared("alice", e.Text("1"))
    t.shared("alice", e.Claim())
    t.shared("alice", e.Text("3"))
    t.team("bob", e.Note("1"))
    before = t.positions["bob", "team"]
    t.team("bob", e.Ended())
    t.positions["bob", "team"] = before
    t.team("bob", e.Note("2, to somebody else"))


def _quarantined(t: Timeline) -> None:
    own = t.shared("alice", e.Text("1"))
    late = [t.shared("alice", e.Retract(own.content.message, own.hash)), t.team("alice", e.Claim())]
    late.append(t.team("alice", e.Checked(t.patient.device, "identifiers", True)))
    t.shared("alice", e.Text("3"))
    before = t.positions["bob", "shared"] = Position()
    t.shared("bob", e.Text("to you"))
    t.positions["bob", "shared"] = before
    late.append(t.shared("bob", e.Text("and to you")))
    t.quarantined = {message.hash for message in late}


def _fork(t: Timeline) -> None:
    t.team("alice", e.Note("before"))
    before = t.positions["alice", "team"]
    t.team("alice", e.Claim())
    t.positions["alice", "team"] = before
    t.team("alice", e.Close("to you I say this"))


def _fork_by_previous(t: Timeline) -> None:
    t.shared("alice", e.Text("1"))
    t.shared("alice", e.Text("2"), previous=bytes(32))


def _clock_lies(t: Timeline) -> None:
    first, second, third = sorted(("alice", "bob", "carol"), key=t.id)
    claim = t.team(second, e.Claim(), clock=5)
    t.team(third, e.Note("I saw it, says my head, and my clock says not"), claim, clock=5)
    t.team(first, e.Claim(), clock=4)


def _clock_stands_still(t: Timeline) -> None:
    t.team("alice", e.Release(), clock=3)
    t.team("alice", e.Claim(), clock=3)


def _sequence_lies(t: Timeline) -> None:
    t.team("alice", e.Release(), sequence=2, previous=bytes(32), clock=1)
    t.team("alice", e.Claim(), sequence=1, previous=b"", clock=2)


def _fork_sees_nothing(t: Timeline) -> None:
    t.team("alice", e.Release(), sequence=1, clock=1)
    t.team("alice", e.Claim(), sequence=1, previous=b"", clock=2)


def _head_lies(t: Timeline) -> None:
    first, second = _first_and_second(t)
    claim = t.team(second, e.Claim())
    lie = Head(claim.content.author, 2, claim.hash)
    t.team("carol", e.Note("Seen?"), clock=9, heads=(lie,))
    t.team(first, e.Claim())
