"""The state of a conversation is a function of the set of its events."""

import random as shuffler
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_app.protocol import events as e
from agent_app.protocol.content import Head, Message
from agent_app.protocol.conversation import Entry, Reset, admission, reduce
from agent_app.protocol.encoding import encode
from agent_app.protocol.keys import DeviceId
from tests.vectors.conversations import Timeline, as_object

AUTHORS = ["alice", "bob", "carol", "supervisor", "patient"]

EVENTS = st.sampled_from(
    [
        ("team", lambda t: e.Claim()),
        ("team", lambda t: e.Claim()),
        ("team", lambda t: e.Note("seen")),
        ("team", lambda t: e.Release()),
        ("team", lambda t: e.Assign(t.id("alice"))),
        ("team", lambda t: e.Transfer(t.id("bob"), "")),
        ("team", lambda t: e.HandOver(bytes(16), "")),
        ("team", lambda t: e.Close("done")),
        ("team", lambda t: e.Conclude("done", 2)),
        ("team", lambda t: e.Reopen()),
        ("team", lambda t: e.Tag("urgent", True)),
        ("team", lambda t: e.Tag("urgent", False)),
        ("team", lambda t: e.PatientLabel("Ada", ())),
        ("team", lambda t: e.Reason("Blood test")),
        ("team", lambda t: e.Checked(t.patient.device, "identifiers", True)),
        ("team", lambda t: e.Block(t.patient.device)),
        ("shared", lambda t: e.Text("hello")),
        ("shared", lambda t: e.Claim()),
    ]
)
SCRIPT = st.lists(
    st.tuples(st.sampled_from(AUTHORS), EVENTS, st.sets(st.integers(0, 20), max_size=4), st.booleans()), max_size=22
)


def write(script: list[Any]) -> Timeline:
    """Each writes after having seen some of what was written before; some of it nobody gets."""
    timeline = Timeline("property")
    written: dict[str, list[Message]] = {"team": [], "shared": []}
    for author, (stream, make), seen, hide in script:
        known = [written[stream][i] for i in sorted(seen) if i < len(written[stream])]
        others = [message for message in known if message.content.author != timeline.id(author)]
        event = make(timeline)
        written[stream].append(
            timeline.write(author, stream, event, *others, hide=hide and not isinstance(event, e.Claim))
        )
    return timeline


def entries(timeline: Timeline) -> list[Entry]:
    return [Entry.of(message, stream, timeline.roles[author]) for message, stream, author in timeline.messages]


def team_of(events: list[Entry]) -> list[Entry]:
    """What counts in the team stream, in order."""
    team = [one for one in events if one.stream == "team" and e.is_permitted(one.event, "team", one.author, one.role)]
    return sorted(team, key=lambda entry: entry.order)


@given(SCRIPT, st.randoms(use_true_random=False))
@settings(max_examples=120)
def test_any_order_of_arrival_gives_the_same_state(script: list[Any], random: shuffler.Random) -> None:
    timeline = write(script)
    events = entries(timeline)
    state = encode(reduce(timeline.patient.device, events))
    for _ in range(3):
        shuffled = events + random.choices(events, k=3) if events else []
        random.shuffle(shuffled)
        assert encode(reduce(timeline.patient.device, shuffled)) == state


@given(SCRIPT)
@settings(max_examples=120)
def test_exactly_one_claim_wins(script: list[Any]) -> None:
    """Where the last reset leaves the conversation waiting and somebody claims after it, one claimant holds it."""
    timeline = write(script)
    events = entries(timeline)
    team = team_of(events)
    resets = [entry for entry in team if isinstance(entry.event, Reset)]
    state = reduce(timeline.patient.device, events)
    last = resets[-1] if resets else None
    if last is None or isinstance(last.event, e.Release | e.Reopen | e.HandOver):
        seen = slow_sight(team)
        claims = [c for c in team if isinstance(c.event, e.Claim) and latest_reset(c, resets, seen) == last]
        assert state.status == ("held" if claims else "waiting")
        assert (state.holder is None) == (not claims)
        if claims:
            assert state.holder == slow_winner(claims, team, seen)


def slow_sight(team: list[Entry]) -> dict[bytes, set[bytes]]:
    """Sight as section 10 defines it, without any shortcut."""
    by_hash = {entry.hash: entry for entry in team}
    seen: dict[bytes, set[bytes]] = {}
    for entry in team:
        own = [o for o in team if o.author == entry.author and o.sequence < entry.sequence]
        named = [by_hash[h.message_hash] for h in entry.heads if h.message_hash in by_hash]
        direct = [other for other in own + named if other.clock < entry.clock]
        seen[entry.hash] = {o.hash for o in direct}.union(*(seen[o.hash] for o in direct))
    return seen


def latest_reset(claim: Entry, resets: list[Entry], seen: dict[bytes, set[bytes]]) -> Entry | None:
    return max((r for r in resets if r.hash in seen[claim.hash]), key=lambda r: r.order, default=None)


def slow_winner(claims: list[Entry], team: list[Entry], seen: dict[bytes, set[bytes]]) -> DeviceId:
    def confirmed(claim: Entry) -> bool:
        rivals = {c.hash for c in claims if c.author != claim.author}
        return any(claim.hash in seen[w.hash] and not rivals & seen[w.hash] for w in team if w.author != claim.author)

    return next((c for c in claims if confirmed(c)), claims[0]).author


@given(SCRIPT, st.data())
@settings(max_examples=80)
def test_sight_holds_when_authors_lie_about_clock_and_sequence(script: list[Any], data: st.DataObject) -> None:
    """Whatever numbers are in the events, the state is the one that the definition gives, in any order."""
    timeline = write(script)
    changed = [
        msgspec.structs.replace(
            entry,
            clock=data.draw(st.integers(1, 6)),
            sequence=data.draw(st.integers(1, 4)),
        )
        for entry in entries(timeline)
    ]
    state = reduce(timeline.patient.device, changed)
    assert encode(reduce(timeline.patient.device, changed[::-1])) == encode(state)
    team = team_of(changed)
    resets = [entry for entry in team if isinstance(entry.event, Reset)]
    if state.status == "held" and not (resets and isinstance(resets[-1].event, e.Assign | e.Transfer)):
        seen = slow_sight(team)
        last = resets[-1] if resets else None
        claims = [c for c in team if isinstance(c.event, e.Claim) and latest_reset(c, resets, seen) == last]
        assert state.holder == slow_winner(claims, team, seen)


def test_a_long_conversation_is_reduced_in_a_moment() -> None:
    """Ten thousand events, a fork among them: the work grows with their number, not with its square."""
    timeline = Timeline("long")
    alice, bob = timeline.id("alice"), timeline.id("bob")
    made, before = [], b""
    for number in range(1, 10_001):
        hash_ = number.to_bytes(32, "big")
        author, sequence = (alice, bob)[number % 2], (number + 1) // 2
        heads = (Head((bob, alice)[number % 2], number // 2, before),) if number > 1 else ()  # type: ignore[arg-type]
        event: e.Event = e.Claim() if number % 1000 == 1 else e.Note("x")
        made.append(Entry(hash_, hash_[16:], "team", author, "agent", sequence, b"", number, heads, event))  # type: ignore[arg-type]
        before = hash_
    state = reduce(timeline.patient.device, made)
    assert state.holder == made[0].author
    assert state.is_confirmed


@pytest.mark.parametrize(
    ("active", "revoked", "arrived", "expected"),
    [
        (True, None, 5, "admitted"),
        (True, 6, 5, "admitted"),
        (True, 5, 5, "quarantined"),
        (True, 4, 5, "quarantined"),
        (False, None, 5, "refused"),
        (False, 6, 5, "refused"),
    ],
)
def test_admission(active: bool, revoked: int | None, arrived: int, expected: str) -> None:
    assert admission(active_at_head=active, revocation_known=revoked, arrived=arrived) == expected


def test_an_entry_survives_storage() -> None:
    timeline = Timeline("storage")
    timeline.team("alice", e.Claim())
    [entry] = entries(timeline)
    assert msgspec.msgpack.decode(encode(entry), type=Entry) == entry
    assert as_object(entry)["role"] == "agent"
