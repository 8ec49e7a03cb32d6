"""A conversation's state as a pure function of the set of its events: docs/protocol.md, section 10.

Every device that holds the same events shows the same holder, level and tags, in whatever order they arrived.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Literal, NamedTuple, TypeVar

from .content import Head, Message
from .encoding import B16, B32, Bytes0Or32, Record, Uint
from .events import (
    Assign,
    Block,
    Checked,
    Claim,
    Close,
    Conclude,
    Ended,
    Event,
    File,
    Guardian,
    HandOver,
    Hold,
    Identifiers,
    Open,
    PatientLabel,
    Read,
    Reason,
    Release,
    Reopen,
    Retract,
    Role,
    StreamKind,
    Tag,
    Text,
    Transfer,
    Verdict,
    is_permitted,
)
from .keys import DeviceId, MessageHash, MessageId

E = TypeVar("E", PatientLabel, Reason, Guardian, Hold)
Stream = Literal["shared", "team"]
Status = Literal["waiting", "held", "closed", "ended"]
Admission = Literal["admitted", "quarantined", "refused"]
Standing = Literal["admitted", "quarantined", "void"]
Reset = Release | Assign | Transfer | HandOver | Close | Conclude | Reopen


def admission(*, active_at_head: bool, revocation_known: int | None, arrived: int) -> Admission:
    """Whether an event counts. `revocation_known` and `arrived` are positions on one local clock.

    A thief of a revoked device can name an old log head for ever; only what was here before the revocation was
    known is certainly older.
    """
    if not active_at_head:
        return "refused"
    return "quarantined" if revocation_known is not None and arrived >= revocation_known else "admitted"


def has_lost_right(event: Event, stream: StreamKind, author: DeviceId, then: Role, now: Role | None) -> bool:
    """Whether `author`, who had the role `then` under the head that the event names, may say it no more, with `now`.

    As with revocation: a demoted device can name an old head for ever, so what comes late is not believed.
    """
    if now is None or now == then:
        return False
    return not is_permitted(event, stream, author, now) or (isinstance(event, Retract) and now == "agent")


class Entry(Record, frozen=True):
    """An event, as far as the state depends on it. `role` is its author's under the log head that it names.

    Only admitted ones change the state. The others show that their place is taken, and whether it is taken twice: an
    author cannot hide a fork behind an event that does not count.
    """

    hash: Annotated[MessageHash, B32]
    message: Annotated[MessageId, B16]
    stream: Stream
    author: Annotated[DeviceId, B32]
    role: Role
    sequence: Uint
    previous: Bytes0Or32
    clock: Uint
    heads: tuple[Head, ...]
    event: Event
    standing: Standing = "admitted"

    @classmethod
    def of(cls, message: Message, stream: Stream, role: Role, standing: Standing = "admitted") -> "Entry":
        c = message.content
        return cls(
            message.hash, c.message, stream, c.author, role, c.sequence, c.previous, c.clock, c.heads, c.event, standing
        )  # fmt: skip

    @property
    def order(self) -> tuple[int, DeviceId, int, MessageHash]:
        return self.clock, self.author, self.sequence, self.hash


class Gap(Record, frozen=True):
    """Messages `first` to `last` of an author that are missing, though a later one is here."""

    stream: Stream
    author: DeviceId
    first: Uint
    last: Uint


class Fork(Record, frozen=True):
    """Two different messages of one author claim one place."""

    stream: Stream
    author: DeviceId
    sequence: Uint


class ReadUntil(Record, frozen=True):
    reader: DeviceId
    author: DeviceId
    sequence: Uint


class Conversation(Record, frozen=True):
    """The state. Lists are sorted, so that equal states have equal encodings.

    `not_permitted` names void events, which are kept as evidence, and not those in quarantine. `is_confirmed` says
    whether somebody else has seen the holder's claim before any rival's (an assigned conversation's holder always is).
    """

    status: Status
    holder: DeviceId | None
    is_confirmed: bool
    outcome: str
    level: Uint
    is_blocked: bool
    name: str
    identifiers: Identifiers
    tags: tuple[str, ...]
    read: tuple[ReadUntil, ...]
    retracted: tuple[MessageHash, ...]
    gaps: tuple[Gap, ...]
    forks: tuple[Fork, ...]
    not_permitted: tuple[MessageHash, ...]
    team: bytes  # whom it was handed over to last, unless it has gone on since
    guardian: str
    relation: str
    on_hold: bool
    hold_reason: str
    reason: str  # why the patient was invited


def reduce(patient: DeviceId, entries: Iterable[Entry], checkers: Collection[DeviceId] | None = None) -> Conversation:
    """The state of `patient`'s conversation. `checkers` are its invitation's, None where they are not known here."""
    held = sorted({entry.hash: entry for entry in entries}.values(), key=lambda entry: entry.order)
    valid = [entry for entry in held if _is_valid(entry, patient, checkers)]
    team = [entry for entry in valid if entry.stream == "team"]
    holding = _holding(team, _spoken(patient, valid))
    has_ended = any(isinstance(entry.event, Ended) for entry in valid)
    label = _last(team, PatientLabel) or PatientLabel("", ())
    guardian = _last(team, Guardian) or Guardian("", "")
    reason = _last(team, Reason) or Reason("")
    hold = _last(team, Hold) or Hold(on=False, reason="")
    level, is_blocked = _level(patient, valid)
    valid_hashes = {entry.hash for entry in valid}
    return Conversation(
        status="ended" if has_ended else holding.status,
        holder=holding.holder,
        is_confirmed=holding.is_confirmed,
        outcome=holding.outcome,
        level=level,
        is_blocked=is_blocked,
        name=label.name,
        identifiers=label.identifiers,
        tags=_tags(team),
        read=_read(valid),
        retracted=_retracted(held, valid),
        gaps=_gaps(held),
        forks=_forks(held),
        not_permitted=tuple(sorted(e.hash for e in held if e.hash not in valid_hashes and e.standing != "quarantined")),
        team=holding.team,
        guardian=guardian.name,
        relation=guardian.relation,
        on_hold=hold.on,
        hold_reason=hold.reason,
        reason=reason.reason,
    )


def _last(team: Sequence[Entry], kind: type[E]) -> E | None:
    return next((entry.event for entry in reversed(team) if isinstance(entry.event, kind)), None)


def _is_valid(entry: Entry, patient: DeviceId, checkers: Collection[DeviceId] | None) -> bool:
    event = entry.event
    if entry.standing != "admitted":
        return False
    if (entry.role == "patient") != (entry.author == patient):
        return False  # no other patient's device speaks here, and this one never as an agent
    if isinstance(event, Open) and entry.sequence != 1:
        return False
    if isinstance(event, Verdict) and checkers is not None and entry.author not in checkers:
        return False
    return is_permitted(event, entry.stream, entry.author, entry.role)


# Who holds the conversation


class _Holding(NamedTuple):
    status: Status
    holder: DeviceId | None
    is_confirmed: bool
    outcome: str = ""
    team: bytes = b""


def _spoken(patient: DeviceId, valid: Sequence[Entry]) -> int:
    """The sequence of the last thing that the patient said; 0 before the first."""
    return max((e.sequence for e in valid if e.author == patient and isinstance(e.event, Text | File)), default=0)


def _holding(team: Sequence[Entry], spoken: int) -> _Holding:
    """`team`: the valid events of the team stream, in order. `spoken`: how far the patient's words go."""
    reset = next((entry for entry in reversed(team) if isinstance(entry.event, Reset)), None)
    event = reset.event if reset else None
    if isinstance(event, Close) or (isinstance(event, Conclude) and spoken <= event.sequence):
        return _Holding("closed", None, False, event.outcome)
    if isinstance(event, Assign | Transfer):
        return _Holding("held", event.device, True)
    given = event.team if isinstance(event, HandOver) else b""
    sight = _sight(team)
    claims = [claim for claim in team if isinstance(claim.event, Claim) and _epoch(claim, team, sight) == reset]
    if not claims:
        return _Holding("waiting", None, False, team=given)
    confirmed = [claim for claim in claims if _is_confirmed(claim, claims, team, sight)]
    holder = (confirmed or claims)[0]
    return _Holding("held", holder.author, bool(confirmed), team=given)


def _epoch(claim: Entry, team: Sequence[Entry], sight: dict[MessageHash, frozenset[MessageHash]]) -> Entry | None:
    """The last reset that the claim sees."""
    seen = sight[claim.hash]
    return next((e for e in reversed(team) if isinstance(e.event, Reset) and e.hash in seen), None)


def _is_confirmed(
    claim: Entry, claims: Sequence[Entry], team: Sequence[Entry], sight: dict[MessageHash, frozenset[MessageHash]]
) -> bool:
    """Whether an event by another author sees this claim and no rival's."""
    rivals = {rival.hash for rival in claims if rival.author != claim.author}
    witnesses = (entry for entry in team if entry.author != claim.author)
    return any(claim.hash in sight[w.hash] and rivals.isdisjoint(sight[w.hash]) for w in witnesses)


class _Link(NamedTuple):
    """An author's event, and the claims and resets that whoever sees it sees."""

    entry: Entry
    seen: frozenset[MessageHash]
    is_chain: bool  # every earlier link of its author is below it, so `seen` covers them all


def _sight(team: Sequence[Entry]) -> dict[MessageHash, frozenset[MessageHash]]:
    """For each event of one stream, given in order: the claims and resets that it sees.

    A link to an event whose clock is not lower is ignored, so that order extends sight whatever authors write.
    """
    links: dict[DeviceId, list[_Link]] = defaultdict(list)
    by_hash: dict[MessageHash, _Link] = {}
    sight: dict[MessageHash, frozenset[MessageHash]] = {}
    for entry in team:
        own = links[entry.author]
        below = (*_own_below(entry, own), *_named_below(entry, by_hash))
        seen = frozenset[MessageHash]().union(*(link.seen for link in below))
        marks = {entry.hash} if isinstance(entry.event, Claim | Reset) else set()
        link = _Link(entry, seen | marks, not own or (own[-1].is_chain and _is_below(own[-1].entry, entry)))
        own.append(link)
        sight[entry.hash], by_hash[entry.hash] = seen, link
    return sight


def _is_below(earlier: Entry, entry: Entry) -> bool:
    return earlier.sequence < entry.sequence and earlier.clock < entry.clock


def _own_below(entry: Entry, links: Sequence[_Link]) -> Iterator[_Link]:
    for link in reversed(links):
        if _is_below(link.entry, entry):
            yield link
            if link.is_chain:
                return


def _named_below(entry: Entry, by_hash: Mapping[MessageHash, _Link]) -> Iterator[_Link]:
    for head in entry.heads:
        link = by_hash.get(head.message_hash)
        if link is None or (link.entry.author, link.entry.sequence) != (head.device, head.sequence):
            continue
        if link.entry.clock < entry.clock:
            yield link


# What the team knows of the patient


def _level(patient: DeviceId, valid: Sequence[Entry]) -> tuple[int, bool]:
    """(level, whether the last judgement is a block). An agent's judgement outranks every verdict."""
    judgements = (e.event for e in reversed(valid) if isinstance(e.event, Checked | Block))
    last = next((event for event in judgements if event.patient == patient), None)
    if last is not None:
        return (3 if isinstance(last, Checked) and last.matches else 0), isinstance(last, Block)
    verdicts = (e.event for e in valid if isinstance(e.event, Verdict) and e.event.patient == patient)
    return max((verdict.level for verdict in verdicts), default=0), False


def _tags(team: Sequence[Entry]) -> tuple[str, ...]:
    last = {entry.event.name: entry.event.present for entry in team if isinstance(entry.event, Tag)}
    return tuple(sorted((name for name, present in last.items() if present), key=str.encode))


def _read(valid: Sequence[Entry]) -> tuple[ReadUntil, ...]:
    until: dict[tuple[DeviceId, DeviceId], int] = {}
    for entry in valid:
        for mark in entry.event.marks if isinstance(entry.event, Read) else ():
            pair = (entry.author, mark.author)
            until[pair] = max(until.get(pair, 0), mark.sequence)
    return tuple(ReadUntil(*pair, sequence) for pair, sequence in sorted(until.items()))


def _retracted(held: Sequence[Entry], valid: Sequence[Entry]) -> tuple[MessageHash, ...]:
    """Hashes that show as deleted, also of messages that are not here yet: an import must not bring them back."""
    by_hash = {entry.hash: entry for entry in held}
    retracted = set()
    for entry in valid:
        event = entry.event
        if not isinstance(event, Retract):
            continue
        target = by_hash.get(event.message_hash)
        if entry.role in ("supervisor", "administrator"):
            may = target is None or _is_target(event, entry, target)
        else:
            may = target is not None and _is_target(event, entry, target) and target.author == entry.author
        if may:
            retracted.add(event.message_hash)
    return tuple(sorted(retracted))


def _is_target(event: Retract, entry: Entry, target: Entry) -> bool:
    return (target.stream, target.message) == (entry.stream, event.message)


# What is missing, and what contradicts itself


def _places(held: Sequence[Entry]) -> dict[tuple[Stream, DeviceId], dict[int, list[Entry]]]:
    """Of each author in each stream, the events by sequence."""
    places: dict[tuple[Stream, DeviceId], dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in held:
        places[entry.stream, entry.author][entry.sequence].append(entry)
    return places


def _gaps(held: Sequence[Entry]) -> tuple[Gap, ...]:
    gaps = []
    for (stream, author), by_sequence in sorted(_places(held).items()):
        expected = 1
        for sequence in sorted(by_sequence):
            if sequence > expected:
                gaps.append(Gap(stream, author, expected, sequence - 1))
            expected = sequence + 1
    return tuple(gaps)


def _forks(held: Sequence[Entry]) -> tuple[Fork, ...]:
    """Two events in one place, or an event whose `previous` is not what stands in the place before it."""
    forks = set()
    for (stream, author), by_sequence in _places(held).items():
        for sequence, entries in by_sequence.items():
            if len(entries) > 1:
                forks.add((stream, author, sequence))
            before = {entry.hash for entry in by_sequence.get(sequence - 1, ())}
            if before and any(entry.previous not in before for entry in entries):
                forks.add((stream, author, sequence - 1))
    return tuple(Fork(*fork) for fork in sorted(forks))
