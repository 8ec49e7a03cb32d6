"""`python -m tests.load peers`: the relay beside a bare log and what else this machine has, in under four minutes.

All run from the start; in each round each is measured for two seconds while the others idle, so that a noisy neighbour
meets all of them alike. What counts is the ratio within a round: its median, and its range.
"""

import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import uvloop

from tests.load.peers import server
from tests.load.peers.nats import Nats
from tests.load.peers.prosody import Prosody
from tests.load.peers.redis import Redis
from tests.load.peers.synapse import Synapse
from tests.load.relay_http import request
from tests.load.relay_rates import PAIRS, Listener, lateness, listening, pairwise, rate, row
from tests.load.relay_world import CONTENT, Sender, baseline, devices, reading, relay
from tests.relay_server.relays import Owner

ROUNDS = 5
SECONDS = 2.0
LOG, ONE, BATCH, TEN = (
    "bare log behind HTTP, append and flush",
    "relay, 1 in flight",
    "relay, batches of 16",
    "relay, 1 to 10",
)
REDIS, REDIS_16, NATS, SYNAPSE = Redis(), Redis(16), Nats(), Synapse()
PROSODY, PROSODY_ARCHIVE = Prosody(archive=False), Prosody(archive=True)
PEERS: tuple[server.Peer, ...] = (REDIS, REDIS_16, NATS, PROSODY, PROSODY_ARCHIVE, SYNAPSE)
TARGETS: tuple[tuple[str, str, float | None], ...] = (
    (ONE, LOG, 0.75),
    (ONE, REDIS.name, 0.45),
    (TEN, REDIS.name, 1.0),
    (BATCH, REDIS.name, 0.6),
    (BATCH, REDIS_16.name, None),
    (ONE, NATS.name, 6.0),
    (ONE, PROSODY.name, 4.0),
    (ONE, PROSODY_ARCHIVE.name, None),
    (ONE, SYNAPSE.name, 200.0),
)


class Plain:
    """What the bare log is sent: the same bytes, to a mailbox named in a header."""

    def __init__(self, number: int) -> None:
        self._data = request("POST", "/", {"mailbox": str(number)}, os.urandom(CONTENT + 296 + 60))

    def __call__(self) -> tuple[bytes, list[bytes]]:
        return self._data, []


class Round:
    """The relay and the bare log, each with the same pairs every time."""

    def __init__(self, url: str, log_url: str, owners: list[Owner]) -> None:
        self._url, self._log_url = url, log_url
        self._senders, self._readers = owners[:PAIRS], owners[PAIRS:]
        self._plain = [Plain(number) for number in range(PAIRS)]

    async def figures(self) -> dict[str, float]:
        bare = [Listener(request("GET", "/", {"mailbox": str(number)}, b"")) for number in range(PAIRS)]
        figures = {LOG: await rate(self._log_url, [*self._plain], bare, 1, SECONDS)}
        for name, batch in ((ONE, 1), (BATCH, 16)):
            pairs = pairwise(self._senders, self._readers, batch)
            figures[name] = await rate(self._url, pairs, listening(self._readers), batch, SECONDS)
        some = self._readers[:10]
        wide = [Sender(sender, [owner.mailbox for owner in some]).next for sender in self._senders[:10]]
        figures[TEN] = await rate(self._url, wide, listening(some), 10, SECONDS)
        return figures


def run() -> None:
    sys.stdout.write(f"Relay beside others (1 KiB, {PAIRS} senders, {PAIRS} readers, {ROUNDS} rounds)\n")
    with tempfile.TemporaryDirectory(prefix="sealdesk-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        process = stack.enter_context(relay(folder / "relay"))
        log_url = stack.enter_context(baseline(folder / "log"))
        owners = devices(process.practice(), 2 * PAIRS)
        peers = [
            (peer, port)
            for number, peer in enumerate(PEERS)
            if (port := stack.enter_context(server.running(peer, folder / str(number), PAIRS))) is not None
        ]
        ours = Round(process.url, log_url, owners)
        rounds = []
        for _ in range(ROUNDS):
            figures = uvloop.run(ours.figures())
            figures |= {peer.name: uvloop.run(server.rate(peer, port, PAIRS, SECONDS)) for peer, port in peers}
            rounds.append(figures)
        pairs = pairwise(owners[:PAIRS], owners[PAIRS:])
        late = uvloop.run(lateness(process.url, pairs, [reading(owner) for owner in owners[PAIRS:]], 300, 5.0))
    _print(rounds)
    row("relay, from call to frame at 300/s", *(f"{late[int(len(late) * part)]:.2f} ms" for part in (0.5, 0.99)))


def _print(rounds: list[dict[str, float]]) -> None:
    for name in (ONE, BATCH, TEN, LOG, *(peer.name for peer in PEERS)):
        figures = [figures[name] for figures in rounds if name in figures]
        row(name, f"{statistics.median(figures):,.0f} /s" if figures else "not installed, or too old")
    for ours, theirs, target in TARGETS:
        ratios = sorted(figures[ours] / figures[theirs] for figures in rounds if figures.get(theirs))
        if ratios:
            median = statistics.median(ratios)
            verdict = "no target" if target is None else f"{target:g}: {'met' if median >= target else 'NOT met'}"
            row(f"{ours} / {theirs}", f"{median:.2f}", f"{ratios[0]:.2f} to {ratios[-1]:.2f}", verdict)
