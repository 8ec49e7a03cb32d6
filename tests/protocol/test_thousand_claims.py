"""Two claim one conversation at once, a thousand times: one winner, and the same everywhere.

The desks are the protocol itself: each writes with what it has seen, signs, and reduces what has come to it. Between
them lies a network that keeps the order of nobody's messages.
"""

import random
from collections.abc import Iterator

from agent_app.protocol import content as contents
from agent_app.protocol import conversation as reducer
from agent_app.protocol import events as e
from agent_app.protocol.content import Message, Position
from agent_app.protocol.conversation import Entry, reduce
from agent_app.protocol.encoding import encode
from agent_app.protocol.keys import MessageId
from tests.vectors.conversations import Timeline
from tests.vectors.messages import LOG

DESKS = ("alice", "bob", "carol")


class Desk:
    """What one device has of the team stream."""

    def __init__(self, timeline: Timeline, name: str) -> None:
        self.timeline, self.name = timeline, name
        self.position = Position()
        self.held: dict[bytes, Entry] = {}
        self.patient = timeline.patient.device

    def write(self, event: e.Event, number: int) -> Message:
        local, stream = self.timeline.local(self.name), contents.team_stream(self.timeline.conversation)
        message = MessageId(number.to_bytes(16, "big"))
        content = self.position.next_content(stream, message, local.device, (), number, LOG, event)
        written = contents.sign(local, content)
        self.position = self.position.sent(written)
        self._keep(written, self.name)
        return written

    def hear(self, message: Message, author: str) -> None:
        self.position = self.position.seen(message)
        self._keep(message, author)

    def _keep(self, message: Message, author: str) -> None:
        self.held[message.hash] = Entry.of(message, "team", self.timeline.roles[author])

    def state(self) -> reducer.Conversation:
        return reduce(self.patient, self.held.values())


class Network:
    """Delivers in an order of its own, everything to everybody, some of it twice."""

    def __init__(self, seed: int, desks: list[Desk]) -> None:
        self.chance = random.Random(seed)
        self.desks = desks
        self.on_the_way: list[tuple[Desk, Message, str]] = []

    def send(self, message: Message, author: Desk) -> None:
        for desk in self.desks:
            if desk is not author:
                self.on_the_way += [(desk, message, author.name)] * self.chance.choice((1, 1, 1, 2))

    def deliver(self, count: int | None = None) -> Iterator[Desk]:
        while self.on_the_way and count != 0:
            desk, message, author = self.on_the_way.pop(self.chance.randrange(len(self.on_the_way)))
            desk.hear(message, author)
            count = None if count is None else count - 1
            yield desk


def test_a_thousand_races_have_one_winner_each_and_all_agree() -> None:
    timeline = Timeline("a thousand claims")
    number, losers_told, late_changes = 0, 0, 0
    for race in range(1_000):
        desks = [Desk(timeline, name) for name in DESKS]
        network = Network(race, desks)
        for desk in network.chance.sample(desks, 2):
            number += 1
            network.send(desk.write(e.Claim(), number), desk)
        for desk in network.deliver(network.chance.randrange(4)):  # some write on what they have heard so far
            number += 1
            network.send(desk.write(e.Note("seen"), number), desk)
        before = {desk.name: desk.state().holder for desk in desks}
        for _ in network.deliver():
            pass
        states = [desk.state() for desk in desks]
        assert len({encode(state) for state in states}) == 1, f"race {race}: the desks disagree"
        winner = states[0].holder
        claimants = {timeline.id(desk.name) for desk in desks if _claimed(desk)}
        assert states[0].status == "held"
        assert len(claimants) == 2
        assert winner in claimants
        losers_told += sum(before[name] == timeline.id(name) != winner for name in DESKS)
        late_changes += sum(before[name] not in (None, winner) for name in DESKS)
    assert losers_told > 100, "too few races were races"
    assert late_changes > losers_told, "nobody ever saw a holder change on late arrival"


def _claimed(desk: Desk) -> bool:
    own = desk.timeline.id(desk.name)
    return any(isinstance(entry.event, e.Claim) and entry.author == own for entry in desk.held.values())
