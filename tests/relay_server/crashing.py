"""Kill -9 in the midst of traffic, again and again, and what must hold after it. Tests and benchmarks share it."""

import random
import threading

import httpx

from tests.relay_server.clinic import envelope
from tests.relay_server.relays import Owner, RelayProcess


class Sending(threading.Thread):
    """Sends until the relay is gone; repeats what got no answer when it is back, as an outbox does."""

    def __init__(self, owner: Owner, recipient: bytes) -> None:
        super().__init__(daemon=True)
        self.accepted: list[bytes] = []
        self.owner = owner
        self._recipient = recipient
        self._unanswered: list[list[object]] = []

    def run(self) -> None:
        try:
            self.send_again()
            while True:
                self._unanswered = [envelope(self._recipient) for _ in range(8)]
                self.send_again()
        except httpx.TransportError:
            return

    def send_again(self) -> None:
        if self._unanswered:
            for identifier, _, refused in self.owner.send(*self._unanswered):
                assert refused == []
                self.accepted.append(identifier)
            self._unanswered = []

    def after_restart(self) -> "Sending":
        again = Sending(self.owner, self._recipient)
        again.accepted, again._unanswered = self.accepted, self._unanswered
        return again


def kill_again_and_again(relay: RelayProcess, trials: int) -> int:
    """How many envelopes were accepted over all trials. Raises AssertionError when one is lost, double or out of order.

    One recipient reads live; another one only after the last kill.
    """
    chance = random.Random(8440)
    practice = relay.practice()
    live, offline = practice.agent(), practice.agent()
    senders = [Sending(practice.agent(), mailbox) for mailbox in (live.mailbox, live.mailbox, offline.mailbox)]
    arrived: list[bytes] = []
    position = 0
    for _ in range(trials):
        for sender in senders:
            sender.start()
        position = _read_for_a_while(live, arrived, position, chance.randrange(20, 200))
        relay.kill()
        for sender in senders:
            sender.join()
        relay.start()
        for owner in (live, offline, *(sender.owner for sender in senders)):
            owner.prove()
        senders = [sender.after_restart() for sender in senders]
    for sender in senders:
        sender.send_again()
    drain(live, arrived, position)
    late: list[bytes] = []
    drain(offline, late, 0)
    for sender, received in zip(senders, (arrived, arrived, late), strict=True):
        own = set(sender.accepted)
        assert [identifier for identifier in received if identifier in own] == sender.accepted
    accepted = sum(len(sender.accepted) for sender in senders)
    assert len(set(arrived + late)) == len(arrived + late) == accepted
    return accepted


def _read_for_a_while(recipient: Owner, arrived: list[bytes], after: int, count: int) -> int:
    """Reads live, and remembers the last position as a reader that stores what it reads."""
    with recipient.stream(after) as incoming:
        while count:
            frame = next(incoming)
            if frame and frame[0] == "envelope":
                arrived.append(frame[3])
                after = frame[1]
                count -= 1
    return after


def drain(recipient: Owner, arrived: list[bytes], after: int) -> None:
    while page := recipient.waiting(after):
        arrived += [frame[3] for frame in page]
        after = page[-1][1]
